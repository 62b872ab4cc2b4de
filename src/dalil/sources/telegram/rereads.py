"""What all formats of Telegram share when a raw record is read again: the words, the chat, who became private."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec
from msgspec.structs import replace

from dalil.schema.identity import content_version
from dalil.schema.records import Account, MediaRef, Metric, Post, Reject, Span, Url
from dalil.schema.words import ZoneBasis
from dalil.sources import times
from dalil.sources.importer import Record
from dalil.sources.redaction import ASCII_HANDLE
from dalil.sources.rereading import Held, Reread, decoded, is_stand_in, not_read
from dalil.sources.telegram.chats import private_raw
from dalil.sources.telegram.ids import PLATFORM
from dalil.sources.unnaming import HASHTAG, Named, Unnaming, marked_mentions, unnamed

_COUNTED: Final = ("participants", "subscribers")
T = TypeVar("T")


class Chat(msgspec.Struct):
    """What of a chat's raw record is read again, whichever format wrote it."""

    id: str
    name: str = ""
    username: str | None = None
    about: str | None = None
    verified: bool | None = None
    date: str | int | float | None = None
    created: float | None = None
    participants: int | None = None
    subscribers: int | None = None


def message_in(raw: bytes, kind: type[T], held: Held, again: Reread) -> tuple[T, dict[str, Any]] | Record | Reject:
    """A raw record as a message, as the struct that is read again and as plain values; of a chat at once its record."""
    try:
        values = decoded(raw)
        if isinstance(values.get("chat"), dict) and "text" not in values:
            return chat_again(values["chat"], raw, held, again)
        return msgspec.convert(values, kind), values
    except ValueError:  # what msgspec raises is one
        return not_read(held)


def version_of(found: Record, media: Sequence[MediaRef]) -> str:
    """The version of a message whose media are told by the platform's keys, or of one that was passed on only."""
    keys = [ref.native_key for ref in media]
    if found.post is not None:
        return content_version(found.post.text, *keys, found.post.state.value)
    edge = found.edges[0] if found.edges else None
    origin = (edge.dst_uid or edge.dst_hint) if edge else None
    return content_version("forward", origin, found.signal_text, *keys)


def still(fresh: dict[str, object], values: Mapping[str, Any], text: str, poll: object, unnaming: Unnaming) -> None:
    """Write into a raw record what of its poll and of its names may still be told, where it had any."""
    if "poll" in values:
        fresh["poll"] = unnaming.cleaned(poll)
    if "named" in values:
        fresh["named"] = unnaming.still_named(text)
        if not fresh["named"]:
            del fresh["named"]


def unnaming(again: Reread, text: str = "", named: Sequence[Named] = ()) -> Unnaming:
    """Who has become private, in the way Telegram writes names; `text` is the message's own."""
    return Unnaming(again.privacy, PLATFORM, ASCII_HANDLE, named=named, mentions_told=bool(text))


def chat_again(values: object, raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """The record of a chat; what its raw does not hold stays as it is held."""
    try:
        kept = msgspec.convert(values, Chat)
    except msgspec.ValidationError:
        return not_read(held)
    if not held.accounts or not isinstance(values, dict):
        return not_read(held)
    was = held.record(raw)
    if is_stand_in(kept.id):
        return was
    account = _account(kept, values, held.accounts[0])
    found = replace(was, version=_version_of(account), accounts=(account,))
    return unnamed(found, unnaming(again), lambda new: _version_of(new.accounts[0]), lambda new: _raw(values, new))


def _account(kept: Chat, values: dict[str, Any], was: Account) -> Account:
    account = replace(was, display_name=kept.name or None) if "name" in values else was
    if "about" in values:
        account = replace(account, description=kept.about)
    if "verified" in values:
        account = replace(account, verified=kept.verified)
    if kept.username:
        account = replace(account, handle=kept.username)
    created = _created(kept)
    if created is not None:
        account = replace(account, created_at=created)
    for name in _COUNTED:
        if name in values:
            count = values[name]
            account = replace(account, counts=() if count is None else (Metric("followers", count),))
    return account


def _created(kept: Chat) -> Any:
    if isinstance(kept.date, str):
        read = times.from_iso(kept.date)
        return read[0] if read else None
    at = kept.date if kept.date is not None else kept.created
    return None if at is None else times.from_epoch(at)


def _version_of(account: Account) -> str:
    return content_version(account.handle, account.display_name, account.description, account.state.value)


def _raw(values: dict[str, Any], found: Record) -> dict[str, object]:
    account = found.accounts[0]
    if is_stand_in(account.uid):
        return {"chat": private_raw(account)}
    about = {"about": account.description} if "about" in values else {}
    return {"chat": {**values, **about}}


def worded(post: Post, text: str, spans: tuple[Span, ...], question: str = "") -> Post:
    """The post with its words read from raw. Links of previews, which stand in no text, stay as they are held."""
    marked = tuple(Url(text[span.start : span.end], span.target) for span in spans if span.type == "url")
    return replace(
        post,
        text=text or question,
        spans=spans,
        urls=marked + post.urls[len(marked) :],
        hashtags=tuple(HASHTAG.findall(text)),
        mentions=marked_mentions(text, spans),
    )


def sent(post: Post, written: str | float | None) -> Post:
    """The post with the time that raw holds; a local time without a zone stays as the file's reader took it."""
    if isinstance(written, str):
        read = times.from_iso(written)
        at, basis = read if read is not None and read[1] is not ZoneBasis.UNKNOWN else (None, ZoneBasis.UNKNOWN)
    else:
        at = None if written is None else times.from_epoch(written)
        basis = ZoneBasis.EPOCH
    if at is None:
        return post
    return replace(post, created_at=at, created_zone_basis=basis, claimed_at=at, server_indexed_at=at)
