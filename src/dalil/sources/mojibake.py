"""Law 4: Facebook's downloads write each byte of UTF-8 as a character of its own; read back, string by string."""

from __future__ import annotations


def mended(text: str) -> str:
    """The text as it was meant; the text itself where it is not this kind of damage.

    Latin-1 of UTF-8 bytes and nothing else: a string with a character above U+00FF, or whose bytes
    are no UTF-8, was not damaged so. What is mended gives the original again when damaged again.
    """
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def damaged(text: str) -> str:
    """What such a download makes of a text: for writing samples, and for proving `mended`."""
    return text.encode("utf-8").decode("latin-1")
