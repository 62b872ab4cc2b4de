"""One capture as a line of JSON: our own format, which the phone page and the command line write."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from dalil.schema.words import AccountType, Precision
from dalil.sources.account_rules import ANY, is_public_kind

FORMAT_VERSION: Final = 1
FILE_NAME: Final = "captures.jsonl"


class AccountKind(StrEnum):
    """What the person who captured it says the account is."""

    PAGE = "page"
    GROUP = "group"
    CHANNEL = "channel"
    OUTLET = "outlet"
    PERSON = "person"

    @property
    def is_public(self) -> bool:
        """As the table of rules says: a page, channel or outlet speaks in public; who speaks in a group is a person."""
        return is_public_kind(ANY, self.value)

    @property
    def account_type(self) -> AccountType:
        """The same in the words of the canonical record."""
        return AccountType.PAGE if self is AccountKind.OUTLET else AccountType(self.value)


class Capture(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What was seen.

    Args:
        seen_at: ISO 8601 with an offset: when the person saw it.
        posted_at: when the post says it was made, as far as `posted_precision`; ISO 8601 with an offset.
        account_kind: person unless the person who captured it says otherwise, so that doubt protects.
        screenshot: SHA-256 of the picture's bytes, and the name of the file beside this one.
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
