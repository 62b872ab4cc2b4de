"""What of a Telegram Desktop export is read.

What is not named here is never read: senders' and owners' names, signatures, contacts, exact
places, who reacted, who joined, the bots, original file names.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

_LARGEST = 1 << 53
Whole = Annotated[int, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)]
Side = Annotated[int, msgspec.Meta(ge=0, le=(1 << 31) - 1)]
Id = Whole | str


class Piece(msgspec.Struct):
    """A piece of a text with a meaning: a link, a mention, a style."""

    type: str = "plain"
    text: str = ""
    href: str | UnsetType | None = UNSET
    user_id: Id | UnsetType | None = UNSET


class Answer(msgspec.Struct):
    """One answer of a poll."""

    text: str | list[str | Piece] = ""
    voters: Whole | UnsetType | None = UNSET


class Poll(msgspec.Struct):
    """A poll."""

    question: str | list[str | Piece] = ""
    closed: bool | UnsetType | None = UNSET
    total_voters: Whole | UnsetType | None = UNSET
    answers: list[Answer] | UnsetType = UNSET


class Reaction(msgspec.Struct):
    """How often one sign was given; by whom is not read."""

    type: str = ""
    count: Whole | UnsetType | None = UNSET
    emoji: str | UnsetType = UNSET


class Message(msgspec.Struct):
    """One message of a chat."""

    id: Whole
    type: str
    date: str | UnsetType | None = UNSET
    date_unixtime: str | Whole | UnsetType | None = UNSET
    edited: str | UnsetType | None = UNSET
    edited_unixtime: str | Whole | UnsetType | None = UNSET
    from_id: Id | UnsetType | None = UNSET
    text: str | list[str | Piece] = ""
    reply_to_message_id: Whole | UnsetType | None = UNSET
    reply_to_peer_id: Id | UnsetType | None = UNSET
    forwarded_from: str | UnsetType | None = UNSET
    forwarded_from_id: Id | UnsetType | None = UNSET
    photo: str | UnsetType | None = UNSET
    file: str | UnsetType | None = UNSET
    media_type: str | UnsetType | None = UNSET
    mime_type: str | UnsetType | None = UNSET
    duration_seconds: Whole | Annotated[float, msgspec.Meta(ge=0, le=_LARGEST)] | UnsetType | None = UNSET
    width: Side | UnsetType | None = UNSET
    height: Side | UnsetType | None = UNSET
    poll: Poll | UnsetType | None = UNSET
    reactions: list[Reaction] | UnsetType | None = UNSET
    contact_information: msgspec.Raw | UnsetType = UNSET
    location_information: msgspec.Raw | UnsetType = UNSET

    @property
    def is_forward(self) -> bool:
        """Whether it came from elsewhere; the name may be null where the author hides it."""
        return self.forwarded_from is not UNSET or self.forwarded_from_id is not UNSET

    @property
    def is_medium(self) -> bool:
        """Whether it is a picture, video or file such as albums are made of."""
        return isinstance(self.photo, str) or (isinstance(self.file, str) and self.media_type in _ALBUM_TYPES)


_ALBUM_TYPES = (UNSET, None, "video_file", "audio_file")
