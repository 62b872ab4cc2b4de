"""One row of a plain table as a record: the post that somebody wrote down, its account, its screenshots."""

from __future__ import annotations

import re
from typing import Final

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.mappings import COUNTS, TableField, TableMapping
from dalil.schema.records import Account, Edge, MediaRef, Metric, Post, ReadWarning, Url
from dalil.schema.words import (
    AccountKind,
    Completeness,
    EdgeType,
    IdQuality,
    Kind,
    Precision,
    PublicRole,
    Visibility,
    ZoneBasis,
)
from dalil.sources import addresses
from dalil.sources.account_rules import PLACE
from dalil.sources.authorship import address_in
from dalil.sources.closed_words import LANGUAGE
from dalil.sources.counts import kept_digits
from dalil.sources.formats.plain_table.counts import count
from dalil.sources.formats.plain_table.facts import Facts, Reading, Row, facts_of, platform_of, visibility_of
from dalil.sources.importer import MediaBytes, Quarantined, ReadContext, Record
from dalil.sources.reading import Root
from dalil.sources.redaction import Scope
from dalil.sources.screenshots import screenshot
from dalil.sources.written_times import latin_digits

_LIST: Final = re.compile(r"[;|\n]+")
_TAGS: Final = re.compile(r"[\s,،;|]+")
_HASHTAG: Final = re.compile(r"(?<!\w)#(\w+)")
_LINK: Final = re.compile(r"https?://[^\s<>\"]+")
_MOST_SHOTS: Final = 20
_WORDS: Final = frozenset({TableField.TEXT, TableField.LINK, TableField.HASHTAGS})
_FIGURES: Final = frozenset({TableField.POSTED_AT, TableField.POSTED_TIME, TableField.SEEN_AT, *COUNTS})
_FIGURE: Final = re.compile(r"[\d\s:/.,'+\-TZ٬٫]{1,60}")
"""What a time or a count that could not be read may hold to be kept as written: nothing that could be a name."""


def record_of(row: Row, reading: Reading, root: Root | None, context: ReadContext) -> Record | Quarantined | str:
    """The record of a row, or that it is not public, or the code of what is wrong with it."""
    if not any(row.get(name, "").strip() for name in (TableField.TEXT, TableField.ADDRESS, TableField.SCREENSHOT)):
        return "row-without-content"
    warnings: list[ReadWarning] = []
    visibility = visibility_of(row, warnings)
    if visibility not in (Visibility.PUBLIC, Visibility.UNKNOWN):
        return Quarantined(visibility.value)
    platform = platform_of(row, reading.mapping)
    if platform is None:
        return "platform-unknown"
    facts = facts_of(row, reading, platform, visibility, warnings, context)
    refs, media = _screenshots(row, root, context.limits.media_bytes, warnings)
    post = _post(row, reading.mapping, facts, refs, context)
    return Record(
        kind=Kind.POST,
        uid=post.uid,
        version=content_version(post.text, *(ref.sha256 for ref in refs), post.state.value),
        raw=canonical_bytes({"row": _raw(row, facts, post, reading)}),
        source_version=reading.version,
        post=post,
        author_ref=post.author_ref,
        author_public=facts.by.public,
        accounts=_accounts(row, facts, context),
        edges=_reply(row, facts, post, context),
        media=media,
        signal_text=post.text,
        locators=context.privacy.take_locators(),
        warnings=tuple(warnings),
    )


def _screenshots(
    row: Row, root: Root | None, limit: int, warnings: list[ReadWarning]
) -> tuple[tuple[MediaRef, ...], tuple[MediaBytes, ...]]:
    names = [name.strip() for name in _LIST.split(row.get(TableField.SCREENSHOT, "")) if name.strip()]
    shots = [screenshot(root, name, limit=limit) for name in dict.fromkeys(names[:_MOST_SHOTS])]
    warnings += [ReadWarning(shot.problem, "screenshot") for shot in shots if shot.problem]
    if len(names) > _MOST_SHOTS:
        warnings.append(ReadWarning("too-many-screenshots", "screenshot", str(len(names))))
    media = {shot.media.sha256: shot.media for shot in shots if shot.media}
    return tuple(dict.fromkeys(shot.ref for shot in shots)), tuple(media.values())


def _post(row: Row, mapping: TableMapping, facts: Facts, refs: tuple[MediaRef, ...], context: ReadContext) -> Post:
    by, scope, posted = facts.by, facts.scope, facts.posted
    shown = by.shown(context.privacy)
    written = row.get(TableField.TEXT, "")
    text = scope.clean(written)
    language = row.get(TableField.LANGUAGE, "").strip()
    address = row.get(TableField.ADDRESS, "").strip()
    return Post(
        uid=f"{facts.platform}:{shown}",
        platform=facts.platform,
        native_id=shown,
        uri=address or None if by.public else None,
        id_quality=by.shown_quality,
        author_ref=by.who.uid if by.who else None,
        container_ref=_container(row, facts, context),
        created_at=posted.at if posted else None,
        created_precision=posted.precision if posted else Precision.SECOND,
        created_zone_basis=posted.basis if posted else ZoneBasis.UNKNOWN,
        claimed_at=posted.at if posted else None,
        state=facts.state,
        state_at=facts.seen.at if facts.seen else None,
        visibility=facts.visibility,
        text=text,
        text_complete=Completeness.UNKNOWN,
        lang=language if LANGUAGE.fullmatch(language) else None,
        urls=urls_of(row, text, scope),
        hashtags=hashtags_of(row, text, scope),
        mentions=tuple(dict.fromkeys(edit.new for edit in scope.edits(written) if edit.kind == "mention")),
        media=refs,
        metrics=metrics_of(row, mapping.thousands, facts.warnings),
    )


def hashtags_of(row: Row, text: str, scope: Scope) -> tuple[str, ...]:
    """The tags of the text, and those of their own column."""
    tags = [tag.lstrip("#") for tag in _TAGS.split(scope.clean(row.get(TableField.HASHTAGS, "")))]
    return tuple(dict.fromkeys([*_HASHTAG.findall(text), *(tag for tag in tags if tag)]))


def urls_of(row: Row, text: str, scope: Scope) -> tuple[Url, ...]:
    found = [match.rstrip(addresses.TRAILING) for match in _LINK.findall(text)]
    found += [scope.clean(link.strip()) for link in _LIST.split(row.get(TableField.LINK, "")) if link.strip()]
    return tuple(Url(link) for link in dict.fromkeys(found))


def metrics_of(row: Row, thousands: str, warnings: list[ReadWarning]) -> tuple[Metric, ...]:
    """Each count that has a column; an empty cell is None, which is not zero (law 5)."""
    found = []
    for name, shared in COUNTS.items():
        if name not in row:
            continue
        text = row[name].strip()
        if not text:
            found.append(Metric(shared, None))
            continue
        value, basis = count(text, thousands)
        if value is None:
            warnings.append(ReadWarning("number-unreadable", shared))
        found.append(Metric(shared, value, None, basis, kept_digits(text, value)))
    return tuple(found)


def _group(row: Row, facts: Facts) -> tuple[str, str]:
    """(scheme, what tells of the group), each empty where nothing does."""
    if facts.kind is not AccountKind.GROUP:
        return "", ""
    found = address_in(row.get(TableField.ADDRESS, "").strip(), facts.platform)
    if "/groups/" in row.get(TableField.ADDRESS, "") and found.post:
        return "account", found.post.partition("_")[0]
    name = row.get(TableField.ACCOUNT_NAME, "").strip()
    return ("name", name) if name else ("", "")


def _container(row: Row, facts: Facts, context: ReadContext) -> str | None:
    """The group of the post: under its own name where the post is said to be public, else a keyed hash."""
    scheme, value = _group(row, facts)
    if not value:
        return None
    privacy, platform = context.privacy, facts.platform
    named = facts.visibility is Visibility.PUBLIC and privacy.is_public_kind(platform, PLACE)
    if not named or privacy.is_private(platform, native_id=value, handle=value):
        return f"{platform}:{privacy.stand_in(platform, scheme, value)}"
    return f"{facts.platform}:{value if scheme == 'account' else 'name:' + value.casefold()}"


def _accounts(row: Row, facts: Facts, context: ReadContext) -> tuple[Account, ...]:
    found, name = [], row.get(TableField.ACCOUNT_NAME, "").strip() or None
    who = facts.by.who
    if who is not None:
        role = PublicRole.ORGANISATION if facts.kind is AccountKind.OUTLET else PublicRole.PUBLIC_ACTOR
        kind = AccountKind.PERSON if facts.kind is AccountKind.GROUP else facts.kind
        rounded = "account_id" in facts.by.rounded and who.public
        found.append(
            Account(
                uid=who.uid,
                platform=facts.platform,
                native_id=who.native_id,
                id_quality=IdQuality.ROUNDED if rounded else IdQuality.EXACT if who.public else IdQuality.HASHED,
                handle=row.get(TableField.ACCOUNT_HANDLE, "").strip().lstrip("@") or None if who.public else None,
                display_name=name if who.public and facts.kind is not AccountKind.GROUP else None,
                type=kind.account_type,
                public_role=role if who.public else PublicRole.PRIVATE_PERSON,
            )
        )
    container = _container(row, facts, context)
    if container is not None:
        public = not container.partition(":")[2].startswith("h:")
        found.append(
            Account(
                uid=container,
                platform=facts.platform,
                native_id=container.partition(":")[2],
                id_quality=IdQuality.EXACT if public else IdQuality.HASHED,
                display_name=name if public else None,
                type=AccountKind.GROUP.account_type,
                public_role=PublicRole.ORGANISATION if public else PublicRole.UNKNOWN,
            )
        )
    return tuple(found)


def _reply(row: Row, facts: Facts, post: Post, context: ReadContext) -> tuple[Edge, ...]:
    """The post that this one answers; private unless its address names an account that is known to be public."""
    cell = row.get(TableField.REPLY_TO, "").strip()
    if not cell:
        return ()
    target = address_in(cell, facts.platform)
    key = target.post or cell
    public = target.account is not None and context.privacy.is_public(
        facts.platform,
        native_id=target.account if target.by_id else None,
        handle=None if target.by_id else target.account,
    )
    dst = f"{facts.platform}:{context.privacy.post(facts.platform, key, public=public)}"
    return (
        Edge(src_uid=post.uid, dst_uid=dst, type=EdgeType.REPLY, at=post.created_at, at_basis=post.created_zone_basis),
    )


def _raw(row: Row, facts: Facts, post: Post, reading: Reading) -> dict[str, object]:
    """What may be kept of the row, and how it was read: an allow list. Accounts, posts and pictures by uid and hash."""
    mapping = reading.mapping
    return {
        "cells": {name.value: kept for name, cell in row.items() if (kept := _kept(name, cell, facts))},
        "platform": facts.platform,
        "account_kind": facts.kind,
        "post": post.uid,
        "author": post.author_ref,
        "container": post.container_ref,
        "address": post.uri,
        "name": row.get(TableField.ACCOUNT_NAME) if facts.by.public and not _hides_group(facts, post) else None,
        "visibility": post.visibility,
        "state": post.state,
        "lang": post.lang,
        "media": post.media,
        "reading": {"times": reading.order, "zone": mapping.zone, "thousands": mapping.thousands},
    }


def _hides_group(facts: Facts, post: Post) -> bool:
    container = post.container_ref or ""
    return facts.kind is AccountKind.GROUP and container.partition(":")[2].startswith("h:")


def _kept(name: TableField, cell: str, facts: Facts) -> str:
    """A cell as written where it may be kept: texts redacted, times and counts that hold nothing else."""
    if name in _WORDS:
        return facts.scope.clean(cell)
    if name not in _FIGURES or not cell.strip():
        return ""
    doubts = {warning.field for warning in facts.warnings if warning.code in ("time-unreadable", "number-unreadable")}
    is_read = not {name.value, COUNTS.get(name, ""), "posted_at" if name is TableField.POSTED_TIME else ""} & doubts
    return cell if (is_read and len(cell) <= 60) or _FIGURE.fullmatch(latin_digits(cell)) else ""
