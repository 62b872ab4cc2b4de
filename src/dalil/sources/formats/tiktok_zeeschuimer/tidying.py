"""Fields of a TikTok post held to their form before anything is made of them; what has not its form is dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from msgspec import UNSET

from dalil.schema.records import ReadWarning
from dalil.sources.closed_words import LANGUAGE
from dalil.sources.counts import whole
from dalil.sources.formats.tiktok_zeeschuimer.shapes import Item, Person

_ID: Final = re.compile(r"\s*[0-9]{1,32}\s*", re.ASCII)
_HANDLE: Final = re.compile(r"[\w.]{1,50}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)


def tidy(item: Item, warnings: list[ReadWarning]) -> None:
    """Hold every field that is stored as it came to its form, in place; texts are redacted, not tidied."""
    for holder, name, form in _forms(item):
        value = getattr(holder, name)
        if isinstance(value, str) and value and not form.fullmatch(value):
            setattr(holder, name, UNSET)
            warnings.append(ReadWarning("field-dropped", name))
    images = (item.image_post.images or ()) if item.image_post else ()
    sized: tuple[tuple[Any, ...], ...] = (
        (item.music, "duration"),
        (item.video, "duration", "width", "height"),
        *((image, "image_width", "image_height") for image in images),
    )
    for holder, *names in sized:
        for field in names if holder else ():
            number = getattr(holder, field)
            if isinstance(number, str) and whole(number) is None:
                setattr(holder, field, None)
                warnings.append(ReadWarning("number-unreadable", field))
    for stats in (item.stats, item.stats_v2, item.author_stats):
        for name, count in (stats or {}).items():
            if isinstance(count, str) and whole(count) is None:
                (stats or {})[name] = None


def _forms(item: Item) -> Iterator[tuple[Any, str, re.Pattern[str]]]:
    """Each field that has a form: where it stands, its name, the form."""
    if isinstance(item.author, Person):
        yield item.author, "id", _ID
        yield item.author, "unique_id", _HANDLE
    else:
        yield item, "author", _HANDLE
    yield item, "author_id", _ID
    yield item, "language", LANGUAGE
    yield item, "country", _COUNTRY
    for extra in item.text_extra or ():
        yield extra, "user_id", _ID
        yield extra, "user_unique_id", _HANDLE
    for holder in (item.music, item.video):
        if holder:
            yield holder, "id", _ID
    if item.duet_info:
        yield item.duet_info, "duet_from_id", _ID
