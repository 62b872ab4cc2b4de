"""`u/name`, the way in which Reddit writes names of accounts, wherever it stands in a text."""

from __future__ import annotations

import re
from typing import Final

from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import Edit

PLATFORM: Final = "reddit"
_NAME: Final = re.compile(r"(?<![\w/])/?u(?:ser)?/([A-Za-z0-9_-]{2,40})")


def names_in(text: str, privacy: Pseudonymiser) -> list[Edit]:
    """The edits that replace every private one."""
    if "u/" not in text and "user/" not in text:
        return []
    found = []
    for match in _NAME.finditer(text):
        if not privacy.is_public(PLATFORM, handle=match[1]):
            new = "u/" + privacy.stand_in(PLATFORM, "handle", match[1].casefold())
            found.append(Edit(match.start(), match.end(), new, "mention"))
    return found
