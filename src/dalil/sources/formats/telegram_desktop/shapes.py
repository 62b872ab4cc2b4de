"""What of a Telegram Desktop export is read.

What is not named here is never read: senders' and owners' names, signatures, contacts, exact
places, who reacted, who joined, the bots, original file names.
"""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

Id = int | str


class Piece(msgspec.Struct):
    """A piece of a text with a meaning: a link, a mention, a style."""

    type: str = "plain"
    text: str = ""
    href: str | None | UnsetType = UNSET
    user_id: Id | None | UnsetType = UNSET


class Answer(msgspec.Struct):
    """One answer of a poll."""

    text: str | list[str | Piece] = ""
    voters: int | None | UnsetType = UNSET


class Poll(msgspec.Struct):
    """A poll."""

    question: str | list[str | Piece] = ""
    closed: bool | None | UnsetType = UNSET
    total_voters: int | None | UnsetType = UNSET
    answers: list[Answer] | UnsetType = UNSET


class Reaction(msgspec.Struct):
    """How often one sign was given; by whom is not read."""

    type: str = ""
    count: int | None | UnsetType = UNSET
    emoji: str | UnsetType = UNSET


class Message(msgspec.Struct):
    """One message of a chat."""

    id: int
    type: str
    date: str | None | UnsetType = UNSET
    date_unixtime: str | int | None | UnsetType = UNSET
    edited: str | None | UnsetType = UNSET
    edited_unixtime: str | int | None | UnsetType = UNSET
    from_id: Id | None | UnsetType = UNSET
    text: str | list[str | Piece] = ""
    reply_to_message_id: int | None | UnsetType = UNSET
    reply_to_peer_id: Id | None | UnsetType = UNSET
    forwarded_from: str | None | UnsetType = UNSET
    forwarded_from_id: Id | None | UnsetType = UNSET
    photo: str | None | UnsetType = UNSET
    file: str | None | UnsetType = UNSET
    media_type: str | None | UnsetType = UNSET
    mime_type: str | None | UnsetType = UNSET
    duration_seconds: int | float | None | UnsetType = UNSET
    width: int | None | UnsetType = UNSET
    height: int | None | UnsetType = UNSET
    poll: Poll | None | UnsetType = UNSET
    reactions: list[Reaction] | None | UnsetType = UNSET
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
