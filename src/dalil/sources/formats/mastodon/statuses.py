"""One status as records: itself or its repost, and what came inside it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from dalil.schema.records import Metric, ReadWarning
from dalil.schema.words import AccountType
from dalil.sources import closed_words, fediverse, times
from dalil.sources.account_records import Profile
from dalil.sources.decoding import count, side
from dalil.sources.fediverse import Medium, Note, Person, Target
from dalil.sources.formats.mastodon.shapes import Attachment, Poll, Status, Text, User
from dalil.sources.html_text import HtmlText, Mark, plain
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser

_METRICS: Final = {"replies_count": "replies", "reblogs_count": "reposts", "favourites_count": "likes", "quotes_count": "quotes"}  # fmt: skip
_COUNTS: Final = {"followers_count": "followers", "following_count": "following", "statuses_count": "posts"}
_MIMES: Final = {"image": "image/*", "gifv": "video/*", "video": "video/*", "audio": "audio/*"}
_LOCAL: Final = re.compile(r"(?P<before>https?://[^\s]+/statuses/)(?P<id>\d{1,24})")


def person_of(user: User) -> Person | None:
    """The account, by its address; its own server's name for it where the address does not tell."""
    address = user.url or user.uri or None
    return fediverse.person(address, user.acct or None) if address else None


def note_record(status: Status, privacy: Pseudonymiser, quoted: Target | None, *, included: bool) -> Record:
    """The status as a post."""
    shown = plain(status.content or "")
    warning = (status.spoiler_text or "").strip()
    text, marks = _with_warning(warning, shown)
    author = person_of(status.account) if status.account else None
    edited = _time(status.edited_at)
    warnings = [ReadWarning("text-cut", "content")] if shown.cut else []
    lang = closed_words.language(status.language, warnings, "language")
    note = Note(
        uri=status.uri,
        author=author,
        url=status.url or None,
        text=text,
        marks=marks,
        created=_time(status.created_at),
        edited=edited,
        lang=lang,
        answers=_answered(status),
        quotes=quoted,
        mentions={m.url: fediverse.person(m.url, m.acct or None) for m in status.mentions or () if m.url},
        media=tuple(_medium(item) for item in status.media_attachments or ()),
        metrics=_metrics(status),
        sensitive=status.sensitive is True,
        client=status.application.name or None if status.application else None,
        warnings=tuple(warnings),
    )
    raw: dict[str, object] = {"visibility": status.visibility}
    scope = fediverse.scope_of(privacy)
    if warning:
        raw["spoiler_text"] = scope.clean(warning)
    if status.poll:
        raw["poll"] = [[scope.clean(o.title or ""), o.votes_count or 0] for o in status.poll.options or ()]
    if status.card and status.card.url:
        raw["card"] = [scope.clean(status.card.url), scope.clean(status.card.title or "")]
    return fediverse.note_record(note, privacy, raw, version="1", included=included)


def repost_record(status: Status, original: Status, privacy: Pseudonymiser, *, included: bool) -> Record | None:
    """The status as a repost of another; None where it does not say by whom."""
    by = person_of(status.account) if status.account else None
    if by is None:
        return None
    author = person_of(original.account) if original.account else None
    of = Target(original.uri, author)
    at = _time(status.created_at)
    return fediverse.repost_record(status.uri, by, of, at, privacy, version="1", included=included)


def profile_of(user: User, privacy: Pseudonymiser) -> Profile | None:
    """The account behind a status."""
    person = person_of(user)
    if person is None:
        return None
    counts = [(shared, count(getattr(user, name))) for name, shared in _COUNTS.items() if getattr(user, name) is not None]  # fmt: skip
    kind = AccountType.BOT if user.bot else AccountType.GROUP if user.group else AccountType.UNKNOWN
    return Profile(
        who=fediverse.who(privacy, person),
        platform=fediverse.PLATFORM,
        handle=person.handle,
        display_name=user.display_name or None,
        description=plain(user.note).text if user.note else None,
        created_at=_time(user.created_at),
        counts=tuple((name, value) for name, value in counts if value is not None),
        type=kind,
    )


def _with_warning(warning: str, shown: HtmlText) -> tuple[str, tuple[Mark, ...]]:
    """A content warning is the author's words: it stands before the text."""
    if not warning:
        return shown.text, shown.marks
    before = f"{warning}\n\n" if shown.text else warning
    moved = (m._replace(start=m.start + len(before), end=m.end + len(before)) for m in shown.marks)
    return before + shown.text, tuple(moved)


def _answered(status: Status) -> Target | None:
    """What a status answers. The API names it by the asked server's own number only: its uri is told where the
    author answers themself, or answers somebody of that same server whom the status mentions."""
    if status.in_reply_to_id is None or not status.in_reply_to_id:
        return None
    number, by = str(status.in_reply_to_id), str(status.in_reply_to_account_id or "")
    own = _LOCAL.fullmatch(status.uri)
    if status.account and own and own["id"] == str(status.id) and by == str(status.account.id):
        return Target(own["before"] + number, person_of(status.account))
    for mention in status.mentions or ():
        if mention.url and str(mention.id) == by and mention.acct and "@" not in mention.acct:
            known = fediverse.person(mention.url)
            match = re.match(r"https?://[^/]+", mention.url)
            if match and own and "/ap/users/" in own["before"]:
                return Target(f"{match[0]}/ap/users/{by}/statuses/{number}", known)
            if match:
                return Target(f"{match[0]}/users/{mention.acct}/statuses/{number}", known)
    return Target("", hint=f"{_server(status)} {number}")


def _server(status: Status) -> str:
    """The server that was asked, where the status tells: that of an account without a server in its name."""
    user = status.account
    if user and user.acct and "@" not in user.acct and user.url:
        return user.url.split("/")[2] if user.url.count("/") >= 3 else "a server"
    return "a server"


def _medium(item: Attachment) -> Medium:
    meta = item.meta.original if item.meta else None
    duration = meta.duration if meta else None
    return Medium(
        key=str(item.id) if item.id else None,
        url=item.remote_url or item.url or item.preview_url or None,
        mime=_MIMES.get(item.type or ""),
        width=side(meta.width) if meta else None,
        height=side(meta.height) if meta else None,
        duration_s=float(duration) if isinstance(duration, int | float) and duration >= 0 else None,
        alt_text=item.description or None,
    )


def _metrics(status: Status) -> tuple[Metric, ...]:
    """Counts that are absent are left out; null stays None."""
    given = [(shared, getattr(status, name)) for name, shared in _METRICS.items()]
    found = [Metric(shared, count(value)) for shared, value in given if value is None or isinstance(value, int)]
    poll = status.poll or Poll()
    if isinstance(poll.votes_count, int):
        found.append(Metric("poll votes", count(poll.votes_count)))
    return tuple(found)


def _time(written: Text) -> datetime | None:
    read = times.from_iso(written) if written else None
    return read[0] if read else None
