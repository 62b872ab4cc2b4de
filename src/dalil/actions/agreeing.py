"""What two circles must agree on about stored records: holds, their release, expunging, and who is public.

A member proposes, a member of another circle of this workspace agrees, and only then it is so. Either circle
may withdraw it before. What names an account is sealed with a key of the key ring; the audit names nobody.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction

from dalil.actions import expunging
from dalil.actions.house import House
from dalil.audit.recording import record
from dalil.desk.models import Agreement
from dalil.desk.queries import agreements
from dalil.errors import Conflict, InputError, NotAllowed
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.people.sealing import seal, unseal

HOLD: Final = "hold"
RELEASE: Final = "release"
EXPUNGE: Final = "expunge"
ACTS: Final[dict[str, Act]] = {HOLD: Act.HOLD, RELEASE: Act.HOLD, EXPUNGE: Act.EXPUNGE}
"""Kind of proposal → who may propose it and agree to it."""
Effect = Callable[[Actor, Agreement, House], object]


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """One proposal as a member sees it. Circles are ids; `yours` says that one's own circle proposed it."""

    agreement_id: str
    kind: str
    subject: str
    reason: str
    state: str
    proposed_by: str
    agreed_by: str
    yours: bool
    detail: dict[str, str] = {}


def propose(actor: Actor, kind: str, obs_id: str, *, reason: str = "", house: House) -> str:
    """Propose to hold an observation, to release it, or to expunge it; returns the proposal's id.

    Raises:
        NotAllowed: this member may not, or the archive does not hold it.
        InputError: `value-wrong`.
    """
    if kind not in (HOLD, RELEASE, EXPUNGE):
        raise InputError("value-wrong", name="kind", value=kind[:20], kind=" | ".join(ACTS))
    require(actor, ACTS[kind])
    subject = expunging.require_id(obs_id)
    if not house.archive.holds([subject]):
        raise NotAllowed("no-such-thing")
    if kind == EXPUNGE and expunging.require_reason(reason) and reason == "expired":
        raise InputError("value-wrong", name="reason", value=reason, kind="a reason of a person")
    return put(actor, kind, subject, reason=reason if kind == EXPUNGE else "", detail=b"", house=house)


def put(actor: Actor, kind: str, subject: str, *, reason: str, detail: bytes, house: House) -> str:
    """Keep a proposal; a second one of the same kind and subject is the first."""
    with transaction.atomic():
        open_one = Agreement.objects.filter(kind=kind, subject=subject, state="open").first()
        if open_one is not None:
            return str(open_one.agreement_id)
        agreement_id = secrets.token_hex(16)
        Agreement.objects.create(
            agreement_id=agreement_id,
            kind=kind,
            subject=subject,
            reason=reason,
            detail=seal(house.unlocked(), agreement_id, detail) if detail else b"",
            proposed_by=actor.circle_id,
            day=house.now().astimezone(ZoneInfo(house.workspace.zone)).date(),
        )
        record(actor, "agreement.proposed", agreement_id, {"kind": kind, "reason": reason}, house.now())
    return agreement_id


def agree(actor: Actor, agreement_id: str, *, house: House, effects: dict[str, Effect] | None = None) -> object:
    """Agree to another circle's proposal, which makes it so.

    Raises:
        NotAllowed: no such proposal, or this member may not.
        Conflict: `agreement-same-circle`, `agreement-over`; `item-held`.
    """
    known = {**EFFECTS, **(effects or {})}
    with transaction.atomic():
        row = _locked(actor, agreement_id)
        if row.state != "open":
            raise Conflict("agreement-over")
        if row.proposed_by == actor.circle_id:
            raise Conflict("agreement-same-circle")
        row.state, row.agreed_by = "agreed", actor.circle_id
        row.save(update_fields=["state", "agreed_by"])
        record(actor, "agreement.agreed", agreement_id, {"kind": row.kind, "reason": row.reason}, house.now())
        return known[row.kind](actor, row, house)


def withdraw(actor: Actor, agreement_id: str, *, house: House) -> None:
    """Take back, or decline, a proposal; nothing of what it named stays.

    Raises:
        Conflict: `agreement-over`.
    """
    with transaction.atomic():
        row = _locked(actor, agreement_id)
        if row.state != "open":
            raise Conflict("agreement-over")
        row.state, row.detail = "withdrawn", b""
        row.save(update_fields=["state", "detail"])
        record(actor, "agreement.withdrawn", agreement_id, {"kind": row.kind}, house.now())


def proposals(actor: Actor, *, house: House, state: str | None = "open") -> list[Proposal]:
    """The proposals that wait, or all; what names an account is opened for members of circles at home."""
    require(actor, Act.HOLD)
    return [
        Proposal(
            agreement_id=row.agreement_id,
            kind=row.kind,
            subject=row.subject,
            reason=row.reason,
            state=row.state,
            proposed_by=row.proposed_by,
            agreed_by=row.agreed_by,
            yours=row.proposed_by == actor.circle_id,
            detail=detail_of(row.agreement_id, row.detail, house),
        )
        for row in agreements(state=state)
    ]


def detail_of(agreement_id: str, sealed: bytes, house: House) -> dict[str, str]:
    """What a proposal names; empty where it names nothing any more."""
    if not sealed:
        return {}
    return msgspec.json.decode(unseal(house.unlocked(), agreement_id, sealed), type=dict[str, str])


def _locked(actor: Actor, agreement_id: str) -> Agreement:
    row = Agreement.objects.select_for_update().filter(pk=agreement_id).first()
    if row is None or actor.is_local:
        raise NotAllowed("no-such-thing")
    require(actor, ACTS[row.kind])
    return row


def _release(actor: Actor, row: Agreement, house: House) -> None:
    del actor, house
    Agreement.objects.filter(kind=HOLD, subject=row.subject, state="agreed").update(state="released")


def _expunge(actor: Actor, row: Agreement, house: House) -> object:
    circles = (row.proposed_by, row.agreed_by)
    return expunging.carry_out(actor, [row.subject], reason=row.reason, house=house, circles=circles)


EFFECTS: Final[dict[str, Effect]] = {HOLD: lambda *_: None, RELEASE: _release, EXPUNGE: _expunge}
"""What an agreement does, by its kind."""
