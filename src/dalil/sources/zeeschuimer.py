"""The envelope that Zeeschuimer writes around each captured item, one a line.

Of the envelope only the platform and the time are read. `source_url` and `user_agent` name the
collector's browser, device and time zone, and `source_platform_url` the page that a person had open
(law 6): no field of the struct is named after them, so they are never decoded.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from dalil.sources.reading import BOM

_OPENS: Final = re.compile(rb"\s*\[?\s*\{")
_PLATFORM: Final = re.compile(rb'"source_platform"\s*:\s*"([a-z0-9.-]{1,40})"')
_ENVELOPE: Final = re.compile(rb'"(?:timestamp_collected|nav_index|source_platform_url)"\s*:')


class Envelope(msgspec.Struct):
    """One captured item: which module took it, when (milliseconds since 1970), and what it is."""

    source_platform: str
    data: msgspec.Raw
    timestamp_collected: int | float | UnsetType | None = UNSET

    @property
    def collected_at(self) -> datetime | None:
        """When the browser met the item, by the clock of the collector's machine."""
        if not isinstance(self.timestamp_collected, int | float):
            return None
        try:
            return datetime.fromtimestamp(self.timestamp_collected / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            return None


ENVELOPE: Final = msgspec.json.Decoder(Envelope)


def platform_of(head: bytes) -> str | None:
    """The module named in the first bytes of a file of envelopes, such as `twitter.com`; None where it is none."""
    head = head.removeprefix(BOM)
    if not _OPENS.match(head) or not _ENVELOPE.search(head):
        return None
    found = _PLATFORM.search(head)
    return found[1].decode("ascii") if found else None
