"""The signals that intake computes, behind one small door: tests hand in fakes, the child the real ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from dalil.signals import language, pdq, pictures, texts

TEXT_METHOD: Final = texts.METHOD
TEXT_VERSION: Final = str(1000 * int(texts.VERSION) + int(language.VERSION))
"""Of the row that holds the keys and the language: it grows when either does, so that the newest row wins."""
PICTURE_METHOD: Final = pdq.METHOD
PICTURE_VERSION: Final = pictures.VERSION


class TextSignal(NamedTuple):
    """Keys and language of one text."""

    norm: str
    skeleton: str
    skeleton_hash: int
    lang: str
    lang_basis: str
    arabizi: bool


class PictureRow(NamedTuple):
    """Fingerprint of one picture: 32 bytes, quality 0 to 100, pixels across and down, its true media type."""

    pdq: bytes
    quality: int
    width: int
    height: int
    mime: str


class Signals(Protocol):
    """What one item is."""

    def of_texts(self, given: Sequence[str]) -> list[TextSignal]:
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

    def of_texts(self, given: Sequence[str]) -> list[TextSignal]:
        """See `Signals`."""
        return [
            TextSignal(*keys, *language.identify(text)) for keys, text in zip(texts.keys_of(given), given, strict=True)
        ]

    def of_picture(self, data: bytes, *, max_pixels: int) -> PictureRow:
        """See `Signals`."""
        found = pictures.picture_signal(data, max_pixels=max_pixels)
        return PictureRow(found.pdq, found.quality, found.width, found.height, found.mime)

    def media_type(self, data: bytes) -> str:
        """See `Signals`."""
        return pictures.sniff(data)
