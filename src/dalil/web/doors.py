"""Who may open which page: one table, address name → what it asks for.

A page that is not here opens for nobody. `OPEN` pages need no login; `SIGNED_IN` pages need one and
nothing more. What an act asks of roles and standing is written in `people.permissions`.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from dalil.people.permissions import Act


class Door(Enum):
    """Doors that ask for no act."""

    OPEN = "open"
    SIGNED_IN = "signed in"


DOORS: Final[dict[str, Door | Act]] = {
    "login": Door.OPEN,
    "login-code": Door.OPEN,
    "recover": Door.OPEN,
    "join": Door.OPEN,
    "lock": Door.OPEN,
    "language": Door.OPEN,
    "help": Door.OPEN,
    "how": Door.OPEN,
    "week": Act.READ,
    "week-of": Act.READ,
    "week-count": Act.MEASURE,
    "claims": Act.READ,
    "claim-new": Act.LOG_CLAIM,
    "claims-suggested": Act.READ,
    "suggestion-dismiss": Act.PROPOSE,
    "claim": Act.READ,
    "claim-take": Act.TAKE,
    "claim-hand-over": Act.HAND_OVER,
    "claim-check": Act.CHECK,
    "claim-finding": Act.FIND_MEDIA,
    "claim-report": Act.CODE_REPORT,
    "claim-vote": Act.VOTE,
    "claim-reopen": Act.REOPEN,
    "claim-answer": Act.DRAFT_ANSWER,
    "claim-posted": Act.POST_ANSWER,
    "claim-silence": Act.SILENCE,
    "claim-end-silence": Act.SILENCE,
    "claim-warned": Act.CHECK,
    "seen": Act.READ,
    "seen-example": Act.READ,
    "seen-result": Act.READ,
    "seen-given": Act.READ,
    "search": Act.READ,
    "search-result": Act.READ,
    "picture": Act.READ,
    "intake": Act.READ,
    "intake-upload": Act.IMPORT,
    "intake-job": Act.READ,
    "intake-cancel": Act.CANCEL_JOB,
    "intake-one": Act.READ,
    "intake-undo": Act.UNDO,
    "intake-rejects": Act.READ,
    "table": Act.IMPORT,
    "table-upload": Act.IMPORT,
    "table-map": Act.IMPORT,
    "table-of-job": Act.IMPORT,
    "table-forget": Act.IMPORT,
    "table-template": Act.READ,
    "paper": Act.READ,
    "capture": Act.CAPTURE,
    "captured": Act.READ,
    "kept": Act.READ,
    "kept-account": Act.MARK_PUBLIC,
    "kept-item": Act.HOLD,
    "kept-names": Act.SEARCH_NAMES,
    "kept-agree": Act.HOLD,
    "kept-withdraw": Act.HOLD,
    "more": Act.READ,
    "audit": Act.READ_AUDIT,
    "circle": Act.LIST_CIRCLE,
    "circle-invite": Act.INVITE,
    "circle-confirm": Act.CONFIRM,
    "circle-revoke": Act.REVOKE,
    "door": Act.KEEP_DOOR,
    "door-totp": Act.KEEP_DOOR,
    "door-token": Act.KEEP_DOOR,
    "door-token-end": Act.KEEP_DOOR,
    "door-everywhere": Act.KEEP_DOOR,
}


def door_of(name: str | None) -> Door | Act | None:
    """What the page of that address name asks for; None where it is not in the table."""
    return DOORS.get(name or "")
