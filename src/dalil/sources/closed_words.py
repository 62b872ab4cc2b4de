"""Fields whose words are few and known, held to their form: a language, a type of media, a reason, a key, a time.

A file may hold anything anywhere. What is stored as it came would carry a name past the redaction of texts; so
what has not its form is dropped, and a warning says of which field, never what stood there. The forms are
those of the standards or of the platforms; what people write freely (texts, titles, labels, names of clients)
has none, and is redacted as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final, TypeVar

from dalil.schema.records import ReadWarning
from dalil.sources.redaction import Scope

T = TypeVar("T")

LANGUAGE: Final = re.compile(
    r"(?:[a-z]{2,3}|[A-Z]{2})(?:[-_](?:Arab|Armn|Cyrl|Deva|Hans|Hant|Hebr|Latn|Syrc))?(?:[-_](?:[A-Za-z]{2}|[0-9]{3}))?",
    re.ASCII,
)
"""BCP 47, without variants and extensions: those are free letters. `_` as X and Facebook write it."""
MEDIA_TYPE: Final = re.compile(
    r"(?:application|audio|font|image|message|model|multipart|text|video)"
    r"/(?:\*|(?!.{81})[A-Za-z0-9]+(?:[!#$&^_.+-][A-Za-z0-9]+)*)(?:; ?charset=[A-Za-z0-9-]{1,20})?",
    re.ASCII,
)
"""RFC 6838, with no other parameter than how its text is written; and `image/*`, where a platform tells no more."""
ID: Final = re.compile(r"[0-9A-Za-z_.:+/=-]{1,128}", re.ASCII)
"""An id or key as platforms make them: digits, hexadecimal, base64; no space, no letter of another script."""
WORD: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
"""One word of a platform's own vocabulary."""
TIME: Final = re.compile(r"[0-9TtZzW:.,+/ -]{1,40}", re.ASCII)
"""Digits with what may stand between them: a time that could not be read, perhaps one of another form."""
NUMBER: Final = re.compile(r"(?:[\d.,٫٬'’%+\s-]|[A-Za-z](?![A-Za-z])){0,40}")
"""A number however it is written: digits of any script, signs between them, one letter for thousands."""
CLOCK: Final = re.compile(r"[\dT:.,+Z/ -]{0,40}(?: [A-Z]{2,5})?")
"""A time with the abbreviation of a zone, as tables write it."""
UNREADABLE: Final = "?"
NOTE: Final = re.compile(
    r"\((?:File|Photo|Video|Media) (?:not included|exceeds maximum size|unavailable)"
    r"(?:\. Change data exporting settings to download\.|, please try again later\.?)?\)"
)
"""What Telegram Desktop writes in the place of a file that it left out."""


def of_form(value: object, form: re.Pattern[str], field: str, warnings: list[ReadWarning]) -> str | None:
    """The value where it has its form; None where there is none, or it was dropped and `warnings` says so."""
    return _if_fits(value, form.fullmatch, field, warnings)


def language(value: object, warnings: list[ReadWarning], field: str = "lang") -> str | None:
    """The tag of a language."""
    return of_form(value, LANGUAGE, field, warnings)


def media_type(value: object, warnings: list[ReadWarning], field: str = "mime") -> str | None:
    """The type of a medium; parameters that may be anything are cut off."""
    if not isinstance(value, str):
        return None
    whole = MEDIA_TYPE.fullmatch(value) is not None
    return value if whole else of_form(value.partition(";")[0].strip(), MEDIA_TYPE, field, warnings)


def one_of(value: object, words: Collection[str], field: str, warnings: list[ReadWarning]) -> str | None:
    """One of the platform's own words."""
    return _if_fits(value, words.__contains__, field, warnings)


def time_written(value: T) -> T | None:
    """A time as the file has it, to be kept in raw; None for text that is none, of which its reading has warned."""
    return None if isinstance(value, str) and not TIME.fullmatch(value) else value


def cell(written: str, form: re.Pattern[str]) -> str:
    """A cell of a table as it may be kept in raw; `?`, which can be read no better, where it has not its form."""
    return written if form.fullmatch(written.strip()) else UNREADABLE


def cell_of(name: str, written: str, forms: Mapping[str, re.Pattern[str]], scope: Scope) -> str:
    """The same by the form of its column, as what should be a count or a time and is none may be a name; else redacted."""
    return cell(written, forms[name]) if name in forms else scope.clean(written)


def _if_fits(value: object, fits: Callable[[str], object], field: str, warnings: list[ReadWarning]) -> str | None:
    if not isinstance(value, str) or not value:
        return None
    if fits(value):
        return value
    warning = ReadWarning("field-dropped", field)
    if warning not in warnings:
        warnings.append(warning)
    return None
