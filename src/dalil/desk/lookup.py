"""What the desk already decided about observations and media items: for *Seen before?*."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from dalil.desk.models import Answer, Claim, CodedReport, FoundMedia, LinkedObservation
from dalil.desk.rows import Known
from dalil.schema.words import ClaimVerdict, MediaFindingKind

_BATCH = 5000  # below SQLite's limit on values in one query


def known_for(observation_ids: Sequence[str], media: Sequence[str]) -> dict[str, Known]:
    """By observation id or sha256, the claim that it belongs to, best decided first.

    One item may stand in several claims: a settled one goes before an open one, then the newest. The
    answer given is the newest that rests on the verdict in force, posted before merely drafted.
    """
    links: list[tuple[str, str, str | None]] = []
    for batch in _batches(observation_ids):
        for model in (CodedReport, LinkedObservation):
            found = model.objects.filter(observation_id__in=batch).values_list("observation_id", "claim_id")
            links += [(key, claim_id, None) for key, claim_id in found.distinct()]
    for batch in _batches(media):
        links += FoundMedia.objects.filter(sha256__in=batch).order_by("at").values_list("sha256", "claim_id", "finding")
    if not links:
        return {}
    wanted = {claim_id for _, claim_id, _ in links}
    claims = {row.claim_id: row for batch in _batches(sorted(wanted)) for row in Claim.objects.filter(pk__in=batch)}
    answers = _answers(claim.claim_id for claim in claims.values() if claim.verdict)
    best: dict[str, tuple[tuple[bool, int], Known]] = {}
    for key, claim_id, finding in links:
        claim = claims.get(claim_id)
        if claim is None:
            continue
        rank = (claim.verdict is not None, claim.number)
        if key not in best or best[key][0] <= rank:
            best[key] = (rank, _known(claim, finding, answers.get(claim_id)))
    return {key: known for key, (_, known) in best.items()}


def _answers(claim_ids: Iterable[str]) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for batch in _batches(sorted(claim_ids)):
        rows = Answer.objects.filter(claim_id__in=batch, stale="")
        for answer in sorted(rows, key=lambda row: (row.posted_at is not None, row.at, row.answer_id)):
            found[answer.claim_id] = answer
    return found


def _known(claim: Claim, finding: str | None, answer: Answer | None) -> Known:
    return Known(
        claim_id=claim.claim_id,
        number=claim.number,
        sentence=claim.sentence,
        verdict=ClaimVerdict(claim.verdict) if claim.verdict else None,
        media_finding=MediaFindingKind(finding) if finding else None,
        answer=answer.text if answer else None,
        answer_lang=answer.language if answer else None,
    )


def _batches(values: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(values)
    while batch := list(islice(rest, _BATCH)):
        yield batch
