"""What of a download's posts is read.

What is not named here is never read: titles, which name the owner, tags and friends, places, what a
camera and an address on the network leave on a medium, names of files beyond finding them.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

_LARGEST = 1 << 53
Whole = Annotated[int, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)]


class Datum(msgspec.Struct, gc=False):
    """The words of a post and its times stand in entries of their own."""

    post: str | None = None
    update_timestamp: Whole | None = None
    backdated_timestamp: Whole | None = None


class Link(msgspec.Struct, gc=False):
    """A link that was shared."""

    url: str | None = None


class Medium(msgspec.Struct, gc=False):
    """A picture or video; `uri` is where it lies in the download."""

    uri: str | None = None


class Poll(msgspec.Struct, gc=False):
    """A poll."""

    question: str | None = None


class Part(msgspec.Struct):
    """One thing that hangs on a post."""

    external_context: Link | None = None
    media: Medium | None = None
    poll: Poll | None = None
    place: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class Attachment(msgspec.Struct):
    """What hangs on a post."""

    data: list[Part] = []


class Entry(msgspec.Struct):
    """One post."""

    timestamp: Whole
    data: list[Datum] = []
    attachments: list[Attachment] = []

    def words(self) -> str:
        """What was written, else the question that was asked."""
        written = "\n".join(datum.post for datum in self.data if datum.post)
        return written or next((part.poll.question for part in self.parts() if part.poll and part.poll.question), "")

    def parts(self) -> list[Part]:
        """Everything that hangs on it."""
        return [part for attachment in self.attachments for part in attachment.data]
