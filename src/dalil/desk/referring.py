"""What the desk refers to in the archive: it never expires silently, whatever the days of its class."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from typing import Final

import msgspec

from dalil.desk.models import Agreement, Claim, CodedReport, DeskEvent, FoundMedia, LinkedObservation, Suggestion
from dalil.desk.rules import State

_HASH: Final = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_EVIDENCE: Final = ("check_added", "check_evidence", "answer_drafted")
"""Kinds of events whose texts may name an observation or a media item by its hash."""


class Referred(msgspec.Struct, frozen=True):
    """Ids of observations: all that are referred to or held, and those of settled claims; hashes of media."""

    observations: frozenset[str]
    settled: frozenset[str]
    media: frozenset[str]
    held: frozenset[str]


def referred() -> Referred:
    """Everything that claims, checks, answers, suggestions and holds name, as of now."""
    settled_claims = set(Claim.objects.filter(state=State.SETTLED.value).values_list("claim_id", flat=True))
    observations: set[str] = set()
    settled: set[str] = set()
    for model in (CodedReport, LinkedObservation):
        for claim_id, obs_id in model.objects.values_list("claim_id", "observation_id").iterator():
            observations.add(obs_id)
            if claim_id in settled_claims:
                settled.add(obs_id)
    for ids in Suggestion.objects.exclude(state="dismissed").values_list("observation_ids", flat=True).iterator():
        observations.update(ids)
    media = set(FoundMedia.objects.values_list("sha256", flat=True))
    for subject, body in DeskEvent.objects.filter(kind__in=_EVIDENCE).values_list("subject", "body").iterator():
        named = {match.decode() for match in _HASH.findall(bytes(body))}
        observations |= named
        media |= named
        if subject in settled_claims:
            settled |= named
    held = frozenset(holds())
    return Referred(frozenset(observations) | held, frozenset(settled), frozenset(media), held)


class ClaimNaming(msgspec.Struct, frozen=True):
    """A claim that refers to some items; `items` says to how many of them."""

    claim_id: str
    number: int
    items: int


class Naming(msgspec.Struct, frozen=True):
    """What refers to some items: the claims, and how many items in all; `held` are those of a hold, agreed on or asked
    for; `elsewhere` those that the desk names outside of a claim."""

    claims: tuple[ClaimNaming, ...]
    items: int
    held: int
    elsewhere: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing refers to any of them."""
        return self.items == 0


def naming(names: Collection[str]) -> Naming:
    """What refers to some items, in anything that was ever said: reports, checks, findings, answers, packets, holds.

    A suggestion that nobody has accepted refers to nothing: a machine made it, and makes it again.

    Args:
        names: ids of observations and hashes of media.
    """
    wanted = frozenset(names)
    by_subject: dict[str, set[str]] = defaultdict(set)
    for model in (CodedReport, LinkedObservation):
        for claim_id, obs_id in model.objects.values_list("claim_id", "observation_id").iterator():
            by_subject[claim_id].add(obs_id)
    for claim_id, sha256 in FoundMedia.objects.values_list("claim_id", "sha256").iterator():
        by_subject[claim_id].add(sha256)
    for subject, body in DeskEvent.objects.values_list("subject", "body").iterator():
        by_subject[subject].update(match.decode() for match in _HASH.findall(bytes(body)))
    found = {subject: hit for subject, said in by_subject.items() if (hit := said & wanted)}
    numbers = dict(Claim.objects.filter(claim_id__in=list(found)).values_list("claim_id", "number"))
    asked = Agreement.objects.filter(kind="hold", state__in=["open", "agreed"]).values_list("subject", flat=True)
    held = wanted.intersection(asked)
    claims = [
        ClaimNaming(claim_id, numbers[claim_id], len(hit)) for claim_id, hit in found.items() if claim_id in numbers
    ]
    return Naming(
        claims=tuple(sorted(claims, key=lambda row: row.number)),
        items=len(held.union(*found.values())),
        held=len(held),
        elsewhere=len(set().union(*(hit for subject, hit in found.items() if subject not in numbers))),
    )


def holds() -> set[str]:
    """Observations that two circles hold."""
    rows = Agreement.objects.filter(kind="hold", state="agreed").values_list("subject", flat=True)
    return set(rows)


class AgreementRow(msgspec.Struct, frozen=True, kw_only=True):
    """One proposal about stored records; `detail` is still sealed."""

    agreement_id: str
    kind: str
    subject: str
    reason: str
    detail: bytes
    proposed_by: str
    agreed_by: str
    state: str


def agreements(*, state: str | None = None, kind: str | None = None) -> list[AgreementRow]:
    """Proposals and what came of them, newest first."""
    found = Agreement.objects.order_by("-day", "agreement_id")
    if state is not None:
        found = found.filter(state=state)
    if kind is not None:
        found = found.filter(kind=kind)
    return [
        AgreementRow(
            agreement_id=row.agreement_id,
            kind=row.kind,
            subject=row.subject,
            reason=row.reason,
            detail=bytes(row.detail),
            proposed_by=row.proposed_by,
            agreed_by=row.agreed_by,
            state=row.state,
        )
        for row in found
    ]
