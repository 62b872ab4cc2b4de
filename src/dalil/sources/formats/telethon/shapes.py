"""What of Telegram's own objects is read; `_` names their type.

What is not named here is never read: `file_reference` and `access_hash`, which are references of
the collector's session, signatures, who reacted and who replied, buttons, contacts, exact places,
file names, what bots and users are called.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

_LARGEST = 1 << 53
Whole = Annotated[int, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)]
Id = Annotated[int, msgspec.Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
Side = Annotated[int, msgspec.Meta(ge=0, le=(1 << 31) - 1)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=_LARGEST)]
When = str | int | float


class Typed(msgspec.Struct, gc=False):
    """Any object, by its type alone."""

    kind: str = msgspec.field(default="", name="_")


class Peer(Typed, gc=False):
    """A user, a basic group, or a channel or supergroup."""

    user_id: Id | None = None
    chat_id: Id | None = None
    channel_id: Id | None = None


class Entity(Typed, gc=False):
    """A stretch of a text, in UTF-16 code units."""

    offset: Whole = 0
    length: Whole = 0
    url: str | None = None
    user_id: Id | Peer | None = None


class Forward(Typed, gc=False):
    """Where a message was forwarded from; before 2020 the ids stood apart."""

    from_id: Peer | Id | None = None
    from_name: str | None = None
    channel_id: Id | None = None
    channel_post: Whole | None = None


class Reply(Typed, gc=False):
    """What a message answers."""

    reply_to_msg_id: Whole | None = None
    reply_to_peer_id: Peer | None = None
    reply_to_top_id: Whole | None = None
    forum_topic: bool | None = None


class Replies(Typed, gc=False):
    """How often it was answered."""

    replies: Whole | None = None


class Sign(Typed, gc=False):
    """One reaction: an emoji, a custom one, or a paid one."""

    emoticon: str | None = None


class Reaction(Typed, gc=False):
    """How often one sign was given; before 2022 the sign was plain text."""

    reaction: Sign | str | None = None
    count: Whole | None = None


class Reactions(Typed):
    """All of a message."""

    results: list[Reaction] | None = None


class Size(Typed, gc=False):
    """One size of a photo."""

    w: Side | None = None
    h: Side | None = None


class Photo(Typed):
    """A photo; its bytes are not in a dump."""

    id: Id | None = None
    sizes: list[Size] | None = None


class Attribute(Typed, gc=False):
    """What a document says of itself; of names nothing."""

    w: Side | None = None
    h: Side | None = None
    duration: Seconds | None = None


class Document(Typed):
    """A video, a sound, a sticker, any file."""

    id: Id | None = None
    mime_type: str | None = None
    attributes: list[Attribute] | None = None


class Page(Typed, gc=False):
    """The preview of a linked page."""

    url: str | None = None


class Worded(Typed, gc=False):
    """A text with entities, which are styles here."""

    text: str = ""


class Answer(Typed, gc=False):
    """One answer of a poll."""

    text: str | Worded = ""


class Poll(Typed):
    """A poll."""

    question: str | Worded = ""
    answers: list[Answer] | None = None
    closed: bool | None = None


class Votes(Typed, gc=False):
    """The votes for one answer."""

    voters: Whole | None = None


class Results(Typed):
    """The votes of a poll, in the order of its answers."""

    results: list[Votes] | None = None


class Media(Typed):
    """What hangs on a message; `kind` says which field is filled."""

    photo: Photo | None = None
    document: Document | None = None
    webpage: Page | None = None
    poll: Poll | None = None
    results: Results | None = None


class Restriction(Typed, gc=False):
    """That Telegram hides a message on some platform, and the short reason."""

    platform: str = ""
    reason: str = ""


class Message(Typed, kw_only=True):
    """One message. `to_id` and `reply_to_msg_id` are those of dumps before 2020."""

    id: Whole
    peer_id: Peer | Id | None = None
    to_id: Peer | None = None
    date: When | None = None
    message: str | None = None
    post: bool | None = None
    from_id: Peer | Id | None = None
    fwd_from: Forward | None = None
    reply_to: Reply | None = None
    reply_to_msg_id: Whole | None = None
    media: Media | None = None
    entities: list[Entity] | None = None
    views: Whole | msgspec.UnsetType | None = msgspec.UNSET
    forwards: Whole | msgspec.UnsetType | None = msgspec.UNSET
    replies: Replies | None = None
    edit_date: When | None = None
    edit_hide: bool | None = None
    grouped_id: Id | str | None = None
    reactions: Reactions | None = None
    restriction_reason: list[Restriction] | None = None


class Name(Typed, gc=False):
    """One of several public names."""

    username: str = ""
    active: bool | None = None


class Channel(Typed, kw_only=True):
    """A channel or supergroup. One without a public name can be read by its members alone."""

    id: Id
    title: str | None = None
    username: str | None = None
    usernames: list[Name] | None = None
    date: When | None = None
    broadcast: bool | None = None
    megagroup: bool | None = None
    verified: bool | None = None
    participants_count: Whole | None = None

    @property
    def public_name(self) -> str | None:
        """Its public name, if it has one."""
        return self.username or next((name.username for name in self.usernames or () if name.active), None)


class Batch(msgspec.Struct):
    """One answer of Telegram: messages with the chats and users that they name."""

    messages: list[msgspec.Raw] = []
    chats: list[msgspec.Raw] = []
