"""The keys of a text: `norm` for finding it again, `skeleton` for saying that two are the same.

`norm`: see `norm`. `skeleton`: `norm` with digits that stand for letters folded in Latin words,
without spaces, every repeated letter once. Digits are never collapsed: 100 and 1000 dead are two
claims. Both are for comparing, never for showing, and never for telling the language.
No string makes them fail, lone surrogates included. Method card: docs/explanation/signals.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dalil.signals import erasing
from dalil.signals.folding import (
    IGNORABLE,
    LONG_TEXT,
    Folding,
    cut_long_runs,
    kurdish_folding,
    look_up,
    norm_folding,
    visible,
)

METHOD: Final = "text-keys"
VERSION: Final = "1"

SHORT_TEXT: Final = 25
"""Below about this many characters of `norm` only an equal skeleton says anything."""

_THRICE: Final = re.compile(r"(.)\1\1")
_LETTER_THRICE: Final = re.compile(r"([^0-9 ])\1\1+")
_BEFORE_ITSELF: Final = re.compile(r"(.)(?=\1)")
_LETTER_BEFORE_ITSELF: Final = re.compile(r"([^0-9])(?=\1)")
_LATIN_AND_DIGIT: Final = re.compile("[a-z\u00df-\u024f][0-9]|[0-9][a-z\u00df-\u024f]")
_LATIN_LETTER: Final = re.compile("[a-z\u00df-\u024f]")
_DIGIT: Final = re.compile("[0-9]")
_LEET: Final = str.maketrans("0134578", "oieastb")


class TextKeys(NamedTuple):
    """The keys of one text. `skeleton_hash` is an unsigned 64-bit number; a text of nothing but
    addresses, mentions and signs has an empty skeleton, which must never count as a duplicate."""

    norm: str
    skeleton: str
    skeleton_hash: int


def text_keys(text: str) -> TextKeys:
    """Both keys of a text and the hash of the second."""
    key = norm(text)
    bones = _skeleton_of(key)
    return TextKeys(key, bones, skeleton_hash(bones))


def keys_of(texts: Sequence[str]) -> list[TextKeys]:
    """`text_keys` of each text, in their order."""
    return [text_keys(text) for text in texts]


def norm(text: str) -> str:
    """The search key of a text.

    In order: invisible characters and tatweel out; NFKC; casefold; marks out; addresses and
    mentions out; Cyrillic look-alikes in Latin words to Latin; letter variants folded, digits to
    ASCII, all but letters and digits to a space; spaces to one; a letter three or more times to one.
    Repeated while what came out would still change under NFKC, so that norm(norm(x)) == norm(x).
    """
    return _settled(text, norm_folding())


def norm_ckb(text: str) -> str:
    """The same, but with the Kurdish letters kept apart (ڕ ڵ ێ ۆ ە) and written in one way each."""
    return _settled(text, kurdish_folding())


def skeleton(text: str) -> str:
    """The duplicate key of a text."""
    return _skeleton_of(norm(text))


def skeleton_hash(bones: str) -> int:
    """BLAKE2b of the skeleton's UTF-8 bytes, first 8 bytes, big-endian: 0 to 2**64 - 1."""
    return int.from_bytes(blake2b(bones.encode(), digest_size=8).digest(), "big")


def norm_with_offsets(text: str) -> tuple[str, NDArray[np.int64]]:
    """`norm`, and for each of its characters the code point of `text` that it came from.

    Returns:
        (norm, offsets): offsets int64 [len(norm)], not decreasing; norm[i:j] lies in
        text[offsets[i] : offsets[j - 1] + 1].
    """
    from dalil.signals.offsets import traced_norm  # the slow way: loaded where somebody wants to highlight

    return traced_norm(text)


def _settled(text: str, folding: Folding) -> str:
    key = _once(text, folding)
    while not unicodedata.is_normalized("NFKC", key):
        key = _once(key, folding)
    return key


def _once(text: str, folding: Folding) -> str:
    """One pass of `norm`. The three ways give the same; the first two are quick and fit most posts."""
    if text.isascii():
        lowered = text.lower()
        if erasing.may_hold_some(lowered):
            lowered = erasing.erase(lowered)
        return _squeezed(lowered.translate(folding.ascii))
    if unicodedata.is_normalized("NFKC", text):
        lowered = text.casefold()
        if not erasing.may_hold_some(lowered) and not erasing.has_cyrillic(lowered):
            folded = look_up(lowered, folding.table)
            if "\0" not in folded:  # no marks, nothing invisible: the order of deleting does not matter
                return _squeezed(folded)
    return _squeezed(look_up(_prepared(text, kurdish=folding.kurdish), folding.table).replace("\0", ""))


def _prepared(text: str, *, kurdish: bool) -> str:
    """Everything of `norm` that is done before single characters are looked up."""
    if kurdish:
        text = text.replace("ه\u200c", "ە")  # the older way to type ە; the joiner goes in the next line
    text = IGNORABLE.sub("", text)
    if len(text) > LONG_TEXT:
        text = cut_long_runs(text)
    text = look_up(unicodedata.normalize("NFKC", text).casefold(), visible()).replace("\0", "")
    if erasing.may_hold_some(text):
        text = erasing.erase(text)
    if erasing.has_cyrillic(text):
        text = erasing.fold_lookalikes(text)
    return text


def _squeezed(folded: str) -> str:
    key = " ".join(folded.split())
    if _THRICE.search(key):
        key = _LETTER_THRICE.sub(r"\1", key)
    return key


def _skeleton_of(key: str) -> str:
    if not _DIGIT.search(key):
        return _BEFORE_ITSELF.sub("", key.replace(" ", ""))
    if _LATIN_AND_DIGIT.search(key):
        key = unleet(key)
    return _LETTER_BEFORE_ITSELF.sub("", key.replace(" ", ""))


def unleet(key: str) -> str:
    """A search key with the digits that stand for letters as those letters; of the same length."""
    return " ".join(_unleet(word) for word in key.split(" "))


def _unleet(word: str) -> str:
    """Digits as letters, where one touches a Latin letter and there are two such, and no fewer than digits."""
    letters = len(_LATIN_LETTER.findall(word))
    if _LATIN_AND_DIGIT.search(word) and letters >= 2 and len(_DIGIT.findall(word)) <= letters:
        return word.translate(_LEET)
    return word
