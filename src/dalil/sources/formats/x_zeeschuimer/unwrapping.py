"""Posts of the web client taken out of their wrappers, as status objects of API v1.1."""

from __future__ import annotations

from typing import Final, NamedTuple

from msgspec import UNSET

from dalil.schema.words import State
from dalil.sources.formats.x_zeeschuimer.shapes import AccountResult, Legacy, TweetResult, TweetResults
from dalil.sources.x_status.around import NOBODY, Around, Author, text_id
from dalil.sources.x_status.shapes import Extended, Status, User

_WRAPPED: Final = 8
_DELETED: Final = ("deleted", "no longer exists")
_PRIVATE: Final = ("limits who can view", "protected")


class Missing(NamedTuple):
    """A post that another refers to and that the client was not given: its id, its author, its state and why."""

    key: str
    author: Author
    state: State
    reason: str


def unwrapped(result: TweetResult | None) -> TweetResult | None:
    """The post inside `TweetWithVisibilityResults`, however deep."""
    for _ in range(_WRAPPED):
        if result is None or not result.tweet:
            return result
        result = result.tweet
    return None


def status_of(result: TweetResult, missing: list[Missing]) -> Status | None:
    """The status with what it quotes and repeats; None where there is none. What is not there goes to `missing`."""
    found = unwrapped(result)
    top = _one(found)
    waiting = [(found, top)] if found is not None and top is not None else []
    for one, status in waiting:
        again = _inner(status.retweeted_status_result)
        quoted = _inner(one.quoted_status_result)
        status.retweeted_status_result = UNSET
        if again is not None and (inner := _one(again)) is not None:
            status.retweeted_status = inner
            waiting.append((again, inner))
        if quoted is not None and (inner := _one(quoted)) is not None:
            status.quoted_status = inner
            waiting.append((quoted, inner))
        elif one.quoted_status_result and (key := text_id(status.quoted_status_id_str)):
            state, reason = _why(quoted)
            missing.append(Missing(key, _quoted_author(status), state, reason))
    return top


def _inner(results: TweetResults | object) -> TweetResult | None:
    return unwrapped(results.result or None) if isinstance(results, TweetResults) else None


def _one(result: TweetResult | None) -> Legacy | None:
    """The status of one result, with what stands beside it put under its names in API v1.1."""
    status = result.legacy or None if result is not None else None
    if result is None or status is None:
        return None
    status.id_str = status.id_str or result.rest_id
    status.reposted = UNSET  # what only we write
    core = result.core or None
    wrapped = (core.user_results or core.user_result or None) if core else None
    account = wrapped.result or None if wrapped else None
    status.user = _user(account) if account else (result.user or UNSET)
    status.source = result.source or status.source
    for views in (result.ext_views, result.views):
        if views and views.count is not UNSET:
            status.view_count = views.count
    note = result.note_tweet or None
    wrap = note.note_tweet_results or None if note else None
    if wrap and wrap.result and wrap.result.text:
        status.extended_tweet = Extended(wrap.result.text, wrap.result.entity_set, status.extended_entities)
    control = result.edit_control or None
    if control:
        inner = control.edit_control_initial or None
        status.edit_tweet_ids = inner.edit_tweet_ids if inner else control.edit_tweet_ids
    return status


def _user(account: AccountResult) -> User:
    """The account's fields, wherever they stand."""
    user = account.legacy or User()
    user.id_str = user.id_str or account.rest_id
    if account.core:
        for field in ("screen_name", "name", "created_at"):
            setattr(user, field, getattr(user, field) or getattr(account.core, field))
    if account.privacy:
        user.protected = account.privacy.protected
    user.status = UNSET
    return user


def _quoted_author(status: Status) -> Author:
    """Who wrote a quoted post that is not there, as its address in the quoting one tells."""
    around = Around()
    around.add(status)
    key = text_id(status.quoted_status_id_str) or ""
    links = (status.entities.urls or ()) if status.entities else ()
    return around.quoted(status, key, links) if key else NOBODY


def _why(result: TweetResult | None) -> tuple[State, str]:
    """The state that the client's word for a missing post means, and that word's kind."""
    if result is None:
        return State.UNAVAILABLE, "empty-result"
    tombstone = result.tombstone or None
    words = (tombstone.text.text or "").lower() if tombstone and tombstone.text else ""
    if any(part in words for part in _DELETED):
        return State.DELETED, "tombstone"
    if any(part in words for part in _PRIVATE) or result.reason == "Protected":
        return State.PRIVATE, "tombstone"
    return State.UNAVAILABLE, "tombstone" if tombstone else "tweet-unavailable"
