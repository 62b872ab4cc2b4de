"""One row as records: the page or group as an account, and its post."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Account, AltId, Metric, Post, ReadWarning, Url
from dalil.schema.words import (
    AccountType,
    Completeness,
    IdQuality,
    Kind,
    MetricBasis,
    Precision,
    PublicRole,
    State,
    Visibility,
    ZoneBasis,
)
from dalil.sources import addresses, closed_words, times
from dalil.sources.account_rules import PLACE
from dalil.sources.counts import kept_digits
from dalil.sources.formats.crowdtangle_csv.columns import SUMS
from dalil.sources.ids import native
from dalil.sources.importer import Record
from dalil.sources.locale_numbers import Locale
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import DOTTED_HANDLE, Scope

METRICS: Final = {
    "interactions": "interactions",
    "likes": "likes",
    "comments": "comments",
    "shares": "shares",
    "love": "reaction love",
    "wow": "reaction wow",
    "haha": "reaction haha",
    "sad": "reaction sad",
    "angry": "reaction angry",
    "care": "reaction care",
    "views": "views",
    "total_views": "total views",
    "all_views": "views of all crossposts",
    "likes_at_posting": "author likes",
    "followers_at_posting": "author followers",
}
AUDIENCE: Final = frozenset({"author likes", "author followers"})
"""How many follow the page: exact, and so left out of a private person's posts."""
_PRIVATE: Final = frozenset(
    {"name", "handle", "about", "page_created", "category", "country", "likes_at_posting", "followers_at_posting"}
)
"""What describes the page itself: left out where it is a private person's."""
_PAGE: Final = ("name", "handle", "account_id", "category", "country", "about", "page_created")
_LINK: Final = re.compile(r"https?://[^\s<>\"]+")
_APART: Final = frozenset({"url", "account_id"})
_FORMS: Final = {
    **dict.fromkeys(
        [*METRICS, "score", "interactions", "likes_at_posting", "followers_at_posting", "all_views"],
        closed_words.NUMBER,
    ),
    **dict.fromkeys(["created", "created_date", "created_time", "page_created", "video_length"], closed_words.CLOCK),
}
"""Columns of counts and times → what may stand in them."""
_HASHTAG: Final = re.compile(r"(?<!\w)#(\w+)")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose post a row is: a page, an Instagram account, or a group, which are public unless two circles found
    otherwise. `native_id` is its true id."""

    platform: str
    native_id: str
    who: Who
    quality: IdQuality
    is_group: bool
    known_as: frozenset[tuple[str, str]]
    post_key: str | None
    other_id: str | None

    @property
    def uid(self) -> str:
        return self.who.uid

    @property
    def speaks(self) -> bool:
        """Whether a post is the public owner's own: in a group a member posts, whom nobody names."""
        return self.who.public and not self.is_group

    def scope(self, privacy: Pseudonymiser) -> Scope:
        """How texts of its rows are redacted."""
        own = self.known_as if self.who.public else frozenset()
        return Scope(privacy, self.platform, own=own, handle=DOTTED_HANDLE)


def who_owns(privacy: Pseudonymiser, platform: str, key: str, handle: str, *, is_group: bool) -> Who:
    """The owner as it may be stored, by its id or by `@` and its handle."""
    kind = PLACE if is_group else "page" if platform == "facebook" else "listed_account"
    if key.startswith("@"):
        return privacy.by_handle(platform, key[1:], kind=kind)
    return privacy.account(platform, key, handle=handle or None, kind=kind)


def owner_of(
    row: Mapping[str, str], warnings: list[ReadWarning], privacy: Pseudonymiser, *, is_group: bool
) -> Owner | None:
    """The owner, by its id where there is one, else by the address, else by its handle; None where there is none."""
    url = row.get("url", "").strip()
    found = addresses.parse(url) if addresses.PERSONAL.match(url) else addresses.Address("facebook")
    platform = found.platform if found.platform in ("facebook", "instagram") else "facebook"
    handle = row.get("handle", "").strip().casefold()
    given, quality = native(row.get("account_id", ""))
    is_group = is_group or "/groups/" in url
    by_address = found.account.casefold() if found.account else None
    if is_group and found.post:
        by_address = found.post.partition("_")[0]
    if quality is IdQuality.ROUNDED:
        warnings.append(ReadWarning("id-rounded", "Facebook Id", given))
        if by_address and by_address.isdigit():
            given, quality = "", IdQuality.EXACT
    key = given or (by_address if by_address and by_address.isdigit() else None)
    if key is None and (handle or by_address):
        key = f"@{handle or by_address}"
    if key is None:
        return None
    known = frozenset((platform, name) for name in (given, by_address, handle) if name)
    other = by_address if by_address and by_address != key.lstrip("@") else None
    who = who_owns(privacy, platform, key, handle, is_group=is_group)
    return Owner(platform, key, who, quality, is_group, known, found.post, other)


def account_record(row: Mapping[str, str], owner: Owner, privacy: Pseudonymiser) -> Record:
    """The page or group, included with its posts; of a private person's nothing but that there is one."""
    if not owner.who.public:
        row = {}
    scope = owner.scope(privacy)
    kept = {
        name: closed_words.cell_of(name, row[name].strip(), _FORMS, scope)
        for name in _PAGE
        if row.get(name, "").strip()
    }
    created = times.from_abbreviated(row.get("page_created", ""))
    kind = AccountType.GROUP if owner.is_group else AccountType.PAGE
    account = Account(
        uid=owner.uid,
        platform=owner.platform,
        native_id=owner.who.native_id,
        id_quality=owner.quality if owner.who.public else IdQuality.HASHED,
        handle=kept.get("handle"),
        display_name=kept.get("name"),
        description=kept.get("about"),
        created_at=created[0] if created else None,
        type=kind,
        public_role=PublicRole.ORGANISATION if owner.who.public else PublicRole.UNKNOWN,
        alt_ids=(AltId("address", owner.other_id),) if owner.other_id and owner.who.public else (),
    )
    return Record(
        kind=Kind.ACCOUNT,
        uid=owner.uid,
        version=content_version(account.handle, account.display_name, account.description, account.state.value),
        raw=canonical_bytes({"account": kept, "uid": owner.uid}),
        author_ref=owner.uid,
        author_public=owner.who.public,
        accounts=(account,),
        included=True,
        locators=privacy.take_locators(),
    )


def post_record(
    row: Mapping[str, str],
    owner: Owner,
    privacy: Pseudonymiser,
    locale: Locale,
    zone: ZoneInfo | None,
    warnings: list[ReadWarning],
) -> Record:
    """The post of a row.

    A page's post is public. A group's is by a member whom the export does not name: its id is a
    keyed hash and it has no address.
    """
    if not owner.who.public:
        row = {name: cell for name, cell in row.items() if name not in _PRIVATE}
    scope = owner.scope(privacy)
    post = _post(row, owner, scope, _created(row, zone, warnings), _metrics(row, locale, warnings))
    return Record(
        kind=Kind.POST,
        uid=post.uid,
        version=content_version(post.text, *(url.as_written for url in post.urls), post.state.value),
        raw=canonical_bytes({"row": _raw(row, scope, owner, post)}),
        post=post,
        author_ref=post.author_ref,
        author_public=owner.speaks,
        signal_text=post.text,
        locators=privacy.take_locators(),
        warnings=tuple(warnings),
    )


def _post(
    row: Mapping[str, str],
    owner: Owner,
    scope: Scope,
    created: tuple[datetime, ZoneBasis, Precision] | None,
    metrics: tuple[Metric, ...],
) -> Post:
    url = row.get("url", "").strip()
    message = row.get("message", "")
    text = scope.clean(message)
    quality, key = owner.quality, owner.post_key
    if key is None:
        known = f"{owner.platform}:{owner.native_id}"
        key, quality = "d:" + content_version(known, row.get("created"), url, message), IdQuality.DERIVED
    shown = scope.privacy.post(owner.platform, key, public=owner.speaks)
    at = created[0] if created else None
    return Post(
        uid=f"{owner.platform}:{shown}",
        platform=owner.platform,
        native_id=shown,
        uri=url if owner.speaks and url else None,
        id_quality=quality if owner.speaks else IdQuality.HASHED,
        author_ref=None if owner.is_group else owner.uid,
        container_ref=owner.uid,
        created_at=at,
        created_precision=created[2] if created else Precision.SECOND,
        created_zone_basis=created[1] if created else ZoneBasis.UNKNOWN,
        claimed_at=at,
        state=State.LIVE,
        visibility=Visibility.PUBLIC,
        text=text,
        text_complete=Completeness.UNKNOWN,
        urls=_urls(row, text, scope),
        hashtags=tuple(_HASHTAG.findall(text)),
        mentions=tuple(dict.fromkeys(edit.new for edit in scope.edits(message) if edit.kind == "mention")),
        metrics=metrics,
    )


def _created(
    row: Mapping[str, str], zone: ZoneInfo | None, warnings: list[ReadWarning]
) -> tuple[datetime, ZoneBasis, Precision] | None:
    written = row.get("created", "").strip()
    created = times.from_abbreviated(written, zone)
    if created is None and written:
        warnings.append(ReadWarning("time-unreadable", "Post Created"))
    if created is not None and created[1] is ZoneBasis.UNKNOWN:
        warnings.append(ReadWarning("zone-unknown", "Post Created", written[:40]))
    return created


def _raw(row: Mapping[str, str], scope: Scope, owner: Owner, post: Post) -> dict[str, str]:
    """The row's known cells as written, redacted; of a group the post's address and derived ids are left out."""
    kept = {
        name: closed_words.cell_of(name, value, _FORMS, scope)
        for name, value in row.items()
        if value and name not in _APART
    }
    kept["post"], kept["owner"] = post.uid, owner.uid
    if post.uri:
        kept["url"] = post.uri
    return kept


def _urls(row: Mapping[str, str], text: str, scope: Scope) -> tuple[Url, ...]:
    found = [Url(match.rstrip(addresses.TRAILING)) for match in _LINK.findall(text)]
    link, final = row.get("link", "").strip(), row.get("final_link", "").strip()
    if link or final:
        written = scope.clean(link or final)
        found.append(Url(written, written, scope.clean(final) if final else None))
    return tuple(found)


def _metrics(row: Mapping[str, str], locale: Locale, warnings: list[ReadWarning]) -> tuple[Metric, ...]:
    """The counts of a row: a missing column is left out, an empty cell is None, zero is 0 (law 5)."""
    doubt = SUMS.adds_up(row, locale) is False
    if doubt:
        warnings.append(ReadWarning("total-differs", "Total Interactions", row["interactions"][:20]))
    found = []
    for name, shared in METRICS.items():
        if name not in row:
            continue
        text = row[name].strip()
        value, basis = locale.whole(text)
        if text and value is None:
            warnings.append(ReadWarning("number-unreadable", shared))
        if doubt:
            basis = MetricBasis.LOCALE_GUESS
        found.append(Metric(shared, value, None, basis if text else MetricBasis.EXACT, kept_digits(text, value)))
    return tuple(found)
