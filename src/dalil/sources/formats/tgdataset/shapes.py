"""What of TGDataset is read.

Not the author, who is a person that signs what the channel posts, nor the title of a medium, which is
the name of a file.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

_LARGEST = 1 << 53
Whole = Annotated[int, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)]
When = Annotated[float, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)] | None


class Entry(msgspec.Struct, gc=False):
    """One message: of `text_messages` with its words, of `generic_media` with its medium."""

    message: str | None = None
    date: When = None
    is_forwarded: bool | None = None
    forwarded_from_id: Whole | None = None
    forwarded_from_message_id: Whole | None = None
    forwarded_message_date: When = None
    media_id: str | None = None
    extension: str | None = None

    @property
    def is_forward(self) -> bool:
        """Whether it came from elsewhere; where from may be hidden."""
        return bool(self.is_forwarded) or self.forwarded_from_id is not None


class About(msgspec.Struct, gc=False):
    """What a channel says of itself."""

    username: str | None = None
    title: str | None = None
    description: str | None = None
    creation_date: When = None
    scam: bool | None = None
    verified: bool | None = None
    n_subscribers: Whole | None = None
