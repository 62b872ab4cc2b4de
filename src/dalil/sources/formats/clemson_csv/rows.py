"""One row as a status; law 1 at work: which of the ids in a row can be trusted."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import UNSET, UnsetType

from dalil.schema.records import ReadWarning
from dalil.schema.words import IdQuality, Precision, ZoneBasis
from dalil.sources.addresses import parse
from dalil.sources.csv_table import count, filled
from dalil.sources.ids import native
from dalil.sources.x_status.numbers import Created, time_of_id
from dalil.sources.x_status.records import Given
from dalil.sources.x_status.shapes import Entities, Link, Repost, Status, User
from dalil.sources.x_status.texts import repeats

COLUMNS: Final = (
    *("external_author_id", "author", "content", "region", "language", "publish_date", "harvested_date"),
    *("following", "followers", "updates", "post_type", "account_type", "retweet", "account_category"),
    *("new_june_2018", "alt_external_id", "tweet_id", "article_url", "tco1_step1", "tco2_step1", "tco3_step1"),
)
"""All 21. The collectors' own opinions of a person (account type, category, region) are known and not read."""
_DATE: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d\d)", re.ASCII)
_MINUTE: Final = timedelta(minutes=1)
_LANGUAGES: Final = {
    "English": "en",
    "Russian": "ru",
    "German": "de",
    "Arabic": "ar",
    "Kurdish": "ku",
    "Ukrainian": "uk",
    "French": "fr",
    "Spanish": "es",
    "Italian": "it",
    "Turkish": "tr",
    "Farsi (Persian)": "fa",
}


def given(row: dict[str, str], where: str, zone: ZoneInfo | None) -> Given | None:
    """The row as a status; None where no id of the post can be read."""
    warnings: list[ReadWarning] = []
    address = parse(row.get("article_url", "").strip())
    key, quality = _post(row, address.post, warnings)
    if not key:
        return None
    text = row.get("content", "").replace("\\|", "|")
    status = Status(
        id_str=key,
        full_text=text,
        created_at=filled(row, "publish_date"),
        lang=_LANGUAGES.get(row.get("language", "").strip(), UNSET),
        user=User(
            id_str=_account(row, warnings),
            screen_name=filled(row, "author"),
            followers_count=count(row, "followers"),
            friends_count=count(row, "following"),
            statuses_count=count(row, "updates"),
        ),
        entities=Entities(urls=_links(row, address.post)),
    )
    if row.get("retweet", "").strip() == "1" or row.get("post_type", "").strip() == "RETWEET":
        status.reposted = Repost(screen_name=repeats(text) or UNSET)
    created = time_of(row.get("publish_date", ""), native(key)[0], zone, warnings)
    return Given(status, where, created=created, quality=quality, warnings=warnings)


def _post(row: dict[str, str], linked: str | None, warnings: list[ReadWarning]) -> tuple[str, IdQuality | None]:
    """The post's id; where a spreadsheet rounded it, the one in the post's own address, and that is said."""
    key, quality = native(row.get("tweet_id", ""))
    if quality is IdQuality.EXACT and key:
        return key, None
    if linked and linked.isdigit() and native(linked)[1] is IdQuality.EXACT:
        warnings.append(ReadWarning("id-from-address", "tweet_id", "rounded" if key else "missing"))
        return linked, IdQuality.DERIVED
    return key, quality


def _account(row: dict[str, str], warnings: list[ReadWarning]) -> str | UnsetType:
    """The account's id: `alt_external_id` holds the true one where `external_author_id` is rounded."""
    first, quality = native(row.get("external_author_id", ""))
    other, other_quality = native(row.get("alt_external_id", ""))
    if other and other_quality is IdQuality.EXACT and first != other:
        if first:
            warnings.append(ReadWarning("id-rounded", "external_author_id"))
        return other
    if quality is IdQuality.ROUNDED or other_quality is IdQuality.ROUNDED:
        warnings.append(ReadWarning("id-rounded", "external_author_id"))
    return first or other or UNSET


def time_of(text: str, key: str, zone: ZoneInfo | None, warnings: list[ReadWarning]) -> Created:
    """`10/1/2017 19:58`, month first: in the zone that the operator named, or in UTC where the id says the same."""
    match = _DATE.fullmatch(text.strip())
    try:
        month, day, year, hour, minute = (int(part) for part in match.groups()) if match else (0,) * 5
        at = datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        if text.strip():
            warnings.append(ReadWarning("time-unreadable", "publish_date"))
        return Created()
    own = time_of_id(key)
    if own is not None and at <= own < at + _MINUTE:
        return Created(at, Precision.MINUTE, ZoneBasis.EPOCH)
    if zone is not None:
        return Created(at.replace(tzinfo=zone).astimezone(UTC), Precision.MINUTE, ZoneBasis.EXPLICIT)
    warnings.append(ReadWarning("zone-unknown", "publish_date"))
    return Created(at, Precision.MINUTE, ZoneBasis.UNKNOWN)


def created_again(status: Status, held: Created) -> Created:
    """When a post that is read again was made; the operator's zone is not in its record, nor an id that is hashed."""
    key = native(status.id_str)[0] if isinstance(status.id_str, str) else ""
    found = time_of(status.created_at or "", key, None, [])
    return held if found.basis is ZoneBasis.UNKNOWN else found


def _links(row: dict[str, str], own: str | None) -> list[Link]:
    """Where the post's links led; the post's own address is none of them."""
    cells = (row.get(name, "").strip() for name in ("tco1_step1", "tco2_step1", "tco3_step1"))
    return [Link(expanded_url=cell) for cell in cells if cell and not (own and parse(cell).post == own)]
