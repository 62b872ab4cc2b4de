"""The signals that intake computes, behind one small door: tests hand in fakes, the child the real ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from dalil.signals import language, texts
from dalil.signals.joined import Strings
from dalil.signals.key_columns import key_columns
from dalil.signals.language_columns import identify_all
from dalil.signals.sniffing import sniff

TEXT_METHOD: Final = texts.METHOD
TEXT_VERSION: Final = str(1000 * int(texts.VERSION) + int(language.VERSION))
"""Of the row that holds the keys and the language: it grows when either does, so that the newest row wins."""
PICTURE_METHOD: Final = "pdq"
PICTURE_VERSION: Final = "1"
"""Those of `signals.pdq` and `signals.pictures`, which take a twentieth of a second to load and most imports never need."""


class TextSignals(NamedTuple):
    """Keys and languages of n texts, a column each, named as in `schema.tables.TEXT_SIGNALS`."""

    norm: Strings | Sequence[str]
    skeleton: Strings | Sequence[str]
    skeleton_hash: NDArray[np.uint64] | Sequence[int]
    lang: Sequence[str]
    lang_basis: Sequence[str]
    arabizi: Sequence[bool]


class PictureRow(NamedTuple):
    """Fingerprint of one picture: 32 bytes, quality 0 to 100, pixels across and down, its true media type."""

    pdq: bytes
    quality: int
    width: int
    height: int
    mime: str


class Signals(Protocol):
    """What one item is."""

    def of_texts(self, given: Sequence[str]) -> TextSignals:
        """Keys and language of each text, in order."""
        ...

    def of_picture(self, data: bytes, *, max_pixels: int) -> PictureRow:
        """The fingerprint of a picture.

        Raises:
            InputError: it is no picture that we decode, or a broken one.
            LimitReached: it has too many pixels.
        """
        ...

    def media_type(self, data: bytes) -> str:
        """The media type, from the first bytes."""
        ...


class RealSignals:
    """The signals of `dalil.signals`."""

    def of_texts(self, given: Sequence[str]) -> TextSignals:
        """See `Signals`."""
        languages = identify_all(given)
        return TextSignals(
            *key_columns(given),
            [found.code for found in languages],
            [found.basis for found in languages],
            [found.arabizi for found in languages],
        )

    def of_picture(self, data: bytes, *, max_pixels: int) -> PictureRow:
        """See `Signals`."""
        from dalil.signals import pictures

        found = pictures.picture_signal(data, max_pixels=max_pixels)
        return PictureRow(found.pdq, found.quality, found.width, found.height, found.mime)

    def media_type(self, data: bytes) -> str:
        """See `Signals`."""
        return sniff(data)
