"""The door for signals: what ONE item is, as a row of plain values; our own come through it too."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, Literal, Protocol, runtime_checkable

from dalil.plugins import Manifest, Registry
from dalil.signals import language, minhash, pdq, pictures, texts

GROUP: Final = "dalil.signals"

Value = str | int | float | bool | bytes | None | tuple[str | int | float | bool | bytes, ...]
Row = Mapping[str, Value]
Takes = Literal["text", "picture"]


@runtime_checkable
class Signal(Protocol):
    """One kind of fingerprint.

    A pure function of the item: no clock, network, file or chance. The same `columns` for every item.
    """

    @property
    def manifest(self) -> Manifest:
        """Name, and the version that changes whenever a row may."""
        ...

    @property
    def takes(self) -> Takes:
        """`text`: any string. `picture`: the bytes of a file."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the values in a row, in their order."""
        ...

    def row(self, item: str | bytes) -> Row:
        """The signal of one item.

        Raises:
            InputError: the bytes cannot be decoded. A string must never raise.
            LimitReached: a picture larger than the parameter `picture_pixels` allows.
        """
        ...


def check(candidate: object) -> Signal:
    """The candidate, if it is a signal.

    Raises:
        ValueError: with what is missing.
    """
    manifest: object = getattr(candidate, "manifest", None)
    if not isinstance(candidate, Signal):
        problem = "a signal has 'manifest', 'takes', 'columns' and 'row'"
    elif not isinstance(manifest, Manifest):
        problem = "'manifest' must be a dalil.plugins.Manifest"
    elif candidate.takes not in ("text", "picture"):
        problem = "'takes' must be 'text' or 'picture'"
    elif not candidate.columns or len(set(candidate.columns)) != len(candidate.columns):
        problem = "'columns' must be names, each once"
    else:
        return candidate
    raise ValueError(problem)


@cache
def signals() -> Registry[Signal]:
    """All signals by name: ours, then what other packages offer; broken ones are in `.disabled`."""
    registry = Registry(GROUP, check)
    for one in (TextKeysSignal(), LanguageSignal(), MinHashSignal(), PdqSignal()):
        registry.add(one)
    registry.load_entry_points()
    return registry


class TextKeysSignal:
    """`texts.text_keys` as a row."""

    manifest = Manifest(texts.METHOD, texts.VERSION, "Text keys: norm and skeleton")
    takes: Takes = "text"
    columns = ("norm", "skeleton", "skeleton_hash")

    def row(self, item: str | bytes) -> Row:
        """See `Signal.row`."""
        return texts.text_keys(_text(item))._asdict()


class LanguageSignal:
    """`language.identify` as a row."""

    manifest = Manifest(language.METHOD, language.VERSION, "Language, by alphabet and model")
    takes: Takes = "text"
    columns = ("code", "basis", "arabizi")

    def row(self, item: str | bytes) -> Row:
        """See `Signal.row`."""
        return language.identify(_text(item))._asdict()


class MinHashSignal:
    """`minhash.bands` of one text as a row."""

    manifest = Manifest(minhash.METHOD, minhash.VERSION, "MinHash bands of the search key")
    takes: Takes = "text"
    columns = ("bands",)

    def row(self, item: str | bytes) -> Row:
        """See `Signal.row`."""
        return {"bands": tuple(minhash.bands([texts.norm(_text(item))])[0].tolist())}


class PdqSignal:
    """`pictures.picture_signal` as a row."""

    manifest = Manifest(pdq.METHOD, pictures.VERSION, "PDQ of the trimmed picture, with its eight variants")
    takes: Takes = "picture"
    columns = ("pdq", "variants", "quality", "width", "height", "mime")

    def __init__(self, picture_pixels: int = 100_000_000) -> None:
        self._picture_pixels = picture_pixels

    def row(self, item: str | bytes) -> Row:
        """See `Signal.row`."""
        if isinstance(item, str):
            raise TypeError("this signal takes a picture's bytes")
        found = pictures.picture_signal(item, max_pixels=self._picture_pixels)._asdict()
        return {column: found[column] for column in self.columns}


def _text(item: str | bytes) -> str:
    if not isinstance(item, str):
        raise TypeError("this signal takes a text")
    return item
