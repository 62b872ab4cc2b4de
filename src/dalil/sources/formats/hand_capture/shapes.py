"""One capture as a line of JSON: our own format, which the phone page and the command line write."""

from __future__ import annotations

from typing import Final

import msgspec

from dalil.schema.words import AccountKind, Precision

__all__ = ["FILE_NAME", "FORMAT_VERSION", "MOST_SCREENSHOTS", "AccountKind", "Capture"]

FORMAT_VERSION: Final = 1
FILE_NAME: Final = "captures.jsonl"
MOST_SCREENSHOTS: Final = 20
"""Of one post."""


class Capture(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What was seen.

    Args:
        seen_at: ISO 8601 with an offset: when the person saw it.
        posted_at: when the post says it was made, as far as `posted_precision`; ISO 8601 with an offset.
        account_kind: person unless the person who captured it says otherwise, so that doubt protects.
        screenshot: SHA-256 of the picture's bytes, and the name of the file beside this one.
        screenshots: of the further pictures of the same post, in their order.
    """

    dalil_capture: int
    platform: str
    seen_at: str
    address: str | None = None
    text: str = ""
    page_name: str | None = None
    native_id: str | None = None
    account_kind: AccountKind = AccountKind.PERSON
    posted_at: str | None = None
    posted_precision: Precision = Precision.MINUTE
    screenshot: str | None = None
    screenshots: tuple[str, ...] = ()
