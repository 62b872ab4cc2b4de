"""Have we seen this before? For a picture and for a text, with the earliest sighting.

`picture_index` and `text_index` build from the archive's tables, `look_for_picture` and
`look_for_text` answer; both indexes become plain arrays and back.
"""

from dalil.findings.seen.looking import Sighted, look_for_picture, look_for_text
from dalil.findings.seen.pictures import PictureHit, PictureIndex, picture_index
from dalil.findings.seen.sightings import Earliest, Sighting, Sightings
from dalil.findings.seen.texts import TextHit, TextIndex, text_index

__all__ = [
    "Earliest",
    "PictureHit",
    "PictureIndex",
    "Sighted",
    "Sighting",
    "Sightings",
    "TextHit",
    "TextIndex",
    "look_for_picture",
    "look_for_text",
    "picture_index",
    "text_index",
]
