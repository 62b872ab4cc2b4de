"""The invented province Sahlara: its towns, places, outlets and words, read from `words/`.

Nothing here is real: no town, outlet, page, group or person.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

REGION: Final = "sahlara"
LANGUAGES: Final = ("ar", "ckb", "en")
REGISTERS: Final = ("ar", "acm", "ckb", "en")
"""How people write: standard Arabic, Iraqi dialect, Sorani, English."""


class Name(msgspec.Struct, frozen=True):
    """One thing's name in the province's languages; `acm` where the dialect has its own word."""

    ar: str
    ckb: str
    en: str
    acm: str = ""

    def inn(self, register: str) -> str:
        """The name as a text in that register writes it."""
        match register:
            case "acm":
                return self.acm or self.ar
            case "ckb":
                return self.ckb
            case "en":
                return self.en
            case _:
                return self.ar


class Predicate(msgspec.Struct, frozen=True):
    """What a claim asserts of a place; `{side}` and `{place}` are filled in.

    `said_…` is how it stands after "X says", where that differs: "it holds" for "the Grey Column holds".
    """

    type: str
    ar: str
    ckb: str
    en: str
    said_ar: str = ""
    said_ckb: str = ""
    said_en: str = ""


class Maker(msgspec.Struct, frozen=True):
    """How a claim's neutral sentence names who makes it, by maker class."""

    side: str
    ar: str
    ckb: str
    en: str


class Organisation(msgspec.Struct, frozen=True, rename={"maker_class": "class"}):
    """An outlet that is present on several platforms."""

    key: str
    maker_class: str
    handle: str
    ar: str
    ckb: str
    en: str


class Ours(msgspec.Struct, frozen=True):
    """The coalition's own pages."""

    handle: str
    ar: str
    ckb: str
    en: str


class World(msgspec.Struct, frozen=True):
    """All of it."""

    region: str
    province: Name
    towns: tuple[Name, ...]
    goods: tuple[Name, ...]
    days: tuple[Name, ...]
    places: dict[str, Name]
    sides: dict[str, Name]
    makers: dict[str, Maker]
    predicates: dict[str, Predicate]
    organisations: tuple[Organisation, ...]
    extra_pages: tuple[Name, ...]
    ours: Ours


def read_words(name: str) -> str:
    """One file of `words/`, as text."""
    return (files("dalil.sample") / "words" / name).read_text(encoding="utf-8")


@cache
def world() -> World:
    """The province, decoded strictly."""
    return msgspec.json.decode(read_words("world.json").encode(), type=World)


def named(thing: Name | Predicate | Maker | Organisation | Ours, language: str) -> str:
    """The field of that language (ar, ckb or en)."""
    match language:
        case "ckb":
            return thing.ckb
        case "en":
            return thing.en
        case _:
            return thing.ar
