"""One row as a post, or as a share with its edge."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Edge, MediaRef, Metric, Post, ReadWarning, Url
from dalil.schema.words import Completeness, EdgeType, IdQuality, Kind, MetricBasis, State, Visibility, ZoneBasis
from dalil.sources import times
from dalil.sources.addresses import TRAILING
from dalil.sources.closed_words import CLOCK, LANGUAGE, NUMBER, cell_of
from dalil.sources.counts import kept_digits
from dalil.sources.formats.meta_content_library_csv.columns import METRICS, REFRESHED, SUMS
from dalil.sources.formats.meta_content_library_csv.owners import MCL, Party, own
from dalil.sources.ids import native
from dalil.sources.importer import Record
from dalil.sources.locale_numbers import Locale
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import DOTTED_HANDLE, Scope

_LINK: Final = re.compile(r"https?://[^\s<>\"]+")
_HASHTAG: Final = re.compile(r"(?<!\w)#(\w+)")
_OBJECT: Final = re.compile(r"\{[^{}]*\}")
_ID: Final = re.compile(r"""['"]id['"]\s*:\s*['"]?([\w:-]{1,64})""")
_DURATION: Final = re.compile(r"""['"]duration['"]\s*:\s*['"]?(\d{1,9}(?:\.\d{1,9})?)""")
_WHOLE_AS_FLOAT: Final = re.compile(r"^(\d{1,18})\.0$")
_KEPT: Final = frozenset({"creation_time", "modified_time", "lang", "content_type", *METRICS, REFRESHED})
_FORMS: Final = {
    **dict.fromkeys(METRICS, NUMBER),
    **dict.fromkeys(["creation_time", "modified_time", REFRESHED], CLOCK),
    "lang": LANGUAGE,
}
"""Columns of counts, times and the language → what may stand in them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read: its platform, its sign between thousands, the zone of times without one."""

    platform: str
    locale: Locale
    zone: ZoneInfo | None
    privacy: Pseudonymiser


def post_record(
    row: Mapping[str, str],
    owner: Party | None,
    surface: Party | None,
    reading: Reading,
    warnings: list[ReadWarning],
) -> Record | None:
    """The row; None where it has no id."""
    given, quality = native(row.get("id", ""))
    if not given:
        return None
    if quality is IdQuality.ROUNDED:
        warnings.append(ReadWarning("id-rounded", "id", given))
    author = None if owner is None or owner.is_place else owner
    public = author is not None and author.who.public
    privacy, platform = reading.privacy, reading.platform
    shown = privacy.post(platform, f"{MCL}:{given}", public=public)
    uid = f"{platform}:{shown}"
    scope = Scope(privacy, platform, own=own(owner, platform) | own(surface, platform), handle=DOTTED_HANDLE)
    created = _time(row, "creation_time", reading.zone, warnings)
    text = scope.clean(row.get("text", ""))
    shared = native(row.get("shared_post_id", ""))[0]
    kind = EdgeType.QUOTE if text.strip() else EdgeType.REPOST
    edges = _edges(uid, shared, kind, created, reading) if shared else ()
    metrics = metrics_of(row, reading, warnings)
    media = _media(row.get("multimedia", ""), reading, public=public)
    urls = urls_of(row, text, scope)
    place = surface or owner
    post: Post | None = None
    if not shared or kind is EdgeType.QUOTE:
        post = _post(row, shown, author, place, created, text, scope, reading, warnings)
        post = replace(
            post, id_quality=quality if public else IdQuality.HASHED, urls=urls, media=media, metrics=metrics
        )
    version = content_version(text, *(ref.native_key for ref in media), post.state.value if post else "repost")
    raw: dict[str, object] = {
        name: cell_of(name, value, _FORMS, scope)
        for name, value in row.items()
        if value and (name in _KEPT or name.startswith("link_attachment."))
    }
    raw |= {"id": shown, "text": text, "owner": author.who.native_id if author else None}
    raw |= {"surface": place.who.native_id if place else None, "media": media}
    raw |= {"edges": [(edge.type, edge.dst_uid) for edge in edges]}
    return Record(
        kind=Kind.REPOST if post is None else Kind.POST,
        uid=uid,
        version=version,
        raw=canonical_bytes(raw),
        post=post,
        author_ref=author.who.uid if author else None,
        author_public=public,
        edges=edges,
        signal_text=text if post else "",
        locators=privacy.take_locators(),
        warnings=tuple(warnings),
    )


def _post(
    row: Mapping[str, str],
    shown: str,
    author: Party | None,
    place: Party | None,
    created: tuple[datetime, ZoneBasis] | None,
    text: str,
    scope: Scope,
    reading: Reading,
    warnings: list[ReadWarning],
) -> Post:
    changed = _time(row, "modified_time", reading.zone, warnings) if row.get("modified_time", "").strip() else None
    edited = changed[0] if changed and created and changed[0] > created[0] else None
    lang = row.get("lang", "").strip()
    address = row.get("mcl_url", "").strip()
    return Post(
        uid=f"{reading.platform}:{shown}",
        platform=reading.platform,
        native_id=shown,
        uri=address if author and author.who.public and _LINK.fullmatch(address) else None,
        author_ref=author.who.uid if author else None,
        container_ref=place.who.uid if place else None,
        created_at=created[0] if created else None,
        created_zone_basis=created[1] if created else ZoneBasis.UNKNOWN,
        claimed_at=created[0] if created else None,
        server_indexed_at=created[0] if created and created[1] is not ZoneBasis.UNKNOWN else None,
        edited_at=edited,
        state=State.EDITED if edited else State.LIVE,
        state_at=edited,
        visibility=Visibility.PUBLIC,
        text=text,
        text_complete=Completeness.UNKNOWN,
        lang=lang if LANGUAGE.fullmatch(lang) else None,
        hashtags=tuple(_HASHTAG.findall(text)),
        mentions=tuple(dict.fromkeys(edit.new for edit in scope.edits(row.get("text", "")) if edit.kind == "mention")),
    )


def _time(
    row: Mapping[str, str], name: str, zone: ZoneInfo | None, warnings: list[ReadWarning]
) -> tuple[datetime, ZoneBasis] | None:
    written = row.get(name, "").strip()
    read = times.from_iso(written, zone) if written else None
    if read is None:
        warnings.append(ReadWarning("time-unreadable", name))
    elif read[1] is ZoneBasis.UNKNOWN:
        warnings.append(ReadWarning("zone-unknown", name, written[:40]))
    return read


def _edges(
    uid: str, shared: str, kind: EdgeType, created: tuple[datetime, ZoneBasis] | None, reading: Reading
) -> tuple[Edge, ...]:
    """The post that this one shares; whose it is the row does not say, so it stands under a keyed hash."""
    target = reading.privacy.post(reading.platform, f"{MCL}:{shared}", public=False)
    at, basis = created or (None, ZoneBasis.UNKNOWN)
    return (Edge(src_uid=uid, dst_uid=f"{reading.platform}:{target}", type=kind, at=at, at_basis=basis),)


def urls_of(row: Mapping[str, str], text: str, scope: Scope) -> tuple[Url, ...]:
    found = [Url(match.rstrip(TRAILING)) for match in _LINK.findall(text)]
    link = scope.clean(row.get("link_attachment.link", "").strip())
    if link:
        found.append(Url(link, link))
    return tuple(found)


def _media(written: str, reading: Reading, *, public: bool) -> tuple[MediaRef, ...]:
    """The references of `multimedia`, whether written as JSON or as Python writes a list."""
    found = []
    for item in _OBJECT.findall(written):
        number = _ID.search(item)
        if number is None:
            continue
        key = f"{MCL}:{number[1]}"
        duration = _DURATION.search(item)
        found.append(
            MediaRef(
                native_key=key if public else reading.privacy.stand_in(reading.platform, "media", key),
                duration_s=float(duration[1]) if duration else None,
            )
        )
    return tuple(found)


def metrics_of(row: Mapping[str, str], reading: Reading, warnings: list[ReadWarning]) -> tuple[Metric, ...]:
    """The counts of a row: a missing column is left out, an empty cell is None, zero is 0 (laws 3 and 5)."""
    plain = {name: _WHOLE_AS_FLOAT.sub(r"\1", row[name].strip()) for name in METRICS if name in row}
    doubt = SUMS.adds_up(plain, reading.locale) is False
    if doubt:
        warnings.append(ReadWarning("total-differs", SUMS.total, plain[SUMS.total][:20]))
    refreshed = times.from_iso(row.get(REFRESHED, "").strip()) if row.get(REFRESHED, "").strip() else None
    found = []
    for name, text in plain.items():
        value, basis = reading.locale.whole(text)
        if text and value is None:
            warnings.append(ReadWarning("number-unreadable", name))
        if doubt:
            basis = MetricBasis.LOCALE_GUESS
        at = refreshed[0] if refreshed and name == "statistics.views" else None
        written = kept_digits(row[name].strip(), value)
        found.append(Metric(METRICS[name], value, at, basis if text else MetricBasis.EXACT, written))
    return tuple(found)
