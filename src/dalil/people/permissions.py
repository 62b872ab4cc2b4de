"""Who may do what, written down once: act → roles, act → standing on probation; everything else is refused.

A revoked member may nothing. On probation one learns and collects, and signs nothing. `LOCAL`, the
command line, may import, read and measure, and never signs.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from dalil.errors import NotAllowed
from dalil.people.actor import MEMBER_ROLES, Actor, Role, Status


class Act(StrEnum):
    """Everything that can be asked for."""

    READ = "read"
    IMPORT = "import"
    CAPTURE = "capture"
    UNDO = "undo"
    """Take back what the own circle imported, as long as nothing refers to it."""
    MARK_PUBLIC = "mark_public"
    REMAP = "remap"
    HOLD = "hold"
    EXPUNGE = "expunge"
    EXPUNGE_ALONE = "expunge_alone"
    """For the reasons that leave no choice: a law, a court's order."""
    EXPIRE = "expire"
    SET_RETENTION = "set_retention"
    ROTATE_KEY = "rotate_key"
    SEARCH_NAMES = "search_names"
    MEASURE = "measure"
    CANCEL_JOB = "cancel_job"
    READ_AUDIT = "read_audit"
    PROPOSE = "propose"
    LOG_CLAIM = "log_claim"
    CODE_REPORT = "code_report"
    TAKE = "take"
    HAND_OVER = "hand_over"
    CHECK = "check"
    FIND_MEDIA = "find_media"
    VOTE = "vote"
    REOPEN = "reopen"
    DRAFT_ANSWER = "draft_answer"
    POST_ANSWER = "post_answer"
    SILENCE = "silence"
    FREEZE_PANEL = "freeze_panel"
    MARK_CAPTURES = "mark_captures"
    EXPORT_PACKET = "export_packet"
    IMPORT_PACKET = "import_packet"
    PUBLISH = "publish"
    FOUND_CIRCLE = "found_circle"
    TRUST_CIRCLE = "trust_circle"
    INVITE = "invite"
    CONFIRM = "confirm"
    REVOKE = "revoke"
    LIST_CIRCLE = "list_circle"
    KEEP_DOOR = "keep_door"
    """One's own door: passphrase, authenticator, recovery codes, sessions."""


_ALL: Final = frozenset(MEMBER_ROLES)
_CASEWORK: Final = frozenset({Role.CHECKER, Role.EDITOR, Role.RESEARCHER, Role.KEEPER})
_EDITING: Final = frozenset({Role.EDITOR, Role.KEEPER})
_KEEPING: Final = frozenset({Role.KEEPER})
_MEASURING: Final = frozenset({Role.RESEARCHER, Role.EDITOR, Role.KEEPER})

MEMBERS_MAY: Final[dict[Act, frozenset[Role]]] = {
    Act.READ: _ALL,
    Act.IMPORT: _ALL,
    Act.CAPTURE: _ALL,
    Act.UNDO: _ALL,
    Act.MARK_PUBLIC: _MEASURING,
    Act.REMAP: _MEASURING,
    Act.HOLD: _CASEWORK,
    Act.EXPUNGE: _EDITING,
    Act.EXPUNGE_ALONE: _KEEPING,
    Act.EXPIRE: _KEEPING,
    Act.SET_RETENTION: _KEEPING,
    Act.ROTATE_KEY: _KEEPING,
    Act.SEARCH_NAMES: _EDITING,
    Act.MEASURE: _ALL,
    Act.CANCEL_JOB: _ALL,
    Act.READ_AUDIT: _ALL,
    Act.PROPOSE: _ALL,
    Act.LOG_CLAIM: _ALL,
    Act.CODE_REPORT: _ALL,
    Act.TAKE: _CASEWORK,
    Act.HAND_OVER: _CASEWORK,
    Act.CHECK: _CASEWORK,
    Act.FIND_MEDIA: _CASEWORK,
    Act.VOTE: _CASEWORK,
    Act.REOPEN: _CASEWORK,
    Act.DRAFT_ANSWER: _CASEWORK,
    Act.POST_ANSWER: _EDITING,
    Act.SILENCE: _EDITING,
    Act.FREEZE_PANEL: _MEASURING,
    Act.MARK_CAPTURES: _ALL,
    Act.EXPORT_PACKET: _EDITING,
    Act.IMPORT_PACKET: _EDITING,
    Act.PUBLISH: _EDITING,
    Act.TRUST_CIRCLE: _KEEPING,
    Act.INVITE: _KEEPING,
    Act.CONFIRM: _ALL,
    Act.REVOKE: _ALL,
    Act.LIST_CIRCLE: _ALL,
    Act.KEEP_DOOR: _ALL,
}
"""What an active member of a role may. An act that is not here no member may."""

ON_PROBATION: Final = frozenset(
    {Act.READ, Act.IMPORT, Act.CAPTURE, Act.MEASURE, Act.LOG_CLAIM, Act.CODE_REPORT, Act.KEEP_DOOR}
)
"""What is left of that while on probation."""

LOCAL_MAY: Final = frozenset(
    {
        Act.READ,
        Act.IMPORT,
        Act.CAPTURE,
        Act.UNDO,
        Act.MARK_PUBLIC,
        Act.REMAP,
        Act.EXPUNGE_ALONE,
        Act.EXPIRE,
        Act.SET_RETENTION,
        Act.ROTATE_KEY,
        Act.SEARCH_NAMES,
        Act.MEASURE,
        Act.CANCEL_JOB,
        Act.READ_AUDIT,
        Act.FOUND_CIRCLE,
        Act.TRUST_CIRCLE,
    }
)

SIGNS: Final = frozenset(
    {
        Act.PROPOSE,
        Act.LOG_CLAIM,
        Act.CODE_REPORT,
        Act.TAKE,
        Act.HAND_OVER,
        Act.CHECK,
        Act.FIND_MEDIA,
        Act.VOTE,
        Act.REOPEN,
        Act.DRAFT_ANSWER,
        Act.POST_ANSWER,
        Act.SILENCE,
        Act.FREEZE_PANEL,
        Act.MARK_CAPTURES,
        Act.EXPORT_PACKET,
        Act.IMPORT_PACKET,
        Act.PUBLISH,
    }
)
"""Acts that put a circle's signature under something, which the command line never does."""


def may(actor: Actor, act: Act) -> bool:
    """Whether the tables allow it. Pure; knows nothing of the thing that is acted upon."""
    match actor.status:
        case Status.ACTIVE if actor.role is Role.LOCAL:
            return act in LOCAL_MAY
        case Status.ACTIVE:
            return actor.role in MEMBERS_MAY.get(act, frozenset())
        case Status.PROBATION if actor.role is not Role.LOCAL:
            return act in ON_PROBATION and actor.role in MEMBERS_MAY.get(act, frozenset())
        case _:
            return False


def require(actor: Actor, act: Act) -> None:
    """Refuse what the tables do not allow.

    Raises:
        NotAllowed: worded like "no such thing", so that it confirms nothing.
    """
    if not may(actor, act):
        raise NotAllowed("no-such-thing")
