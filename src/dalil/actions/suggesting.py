"""Claims that groups of equal texts suggest: drafted by rule, accepted or dismissed by a person.

A suggestion is no event and nobody signs it: it is on no board and counts in no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from dalil.actions.desk import Desk, new_id
from dalil.audit.recording import record
from dalil.desk.models import LinkedObservation, Suggestion
from dalil.desk.wording import draft
from dalil.errors import Conflict, NotAllowed
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.schema.results import TextGroup

LEAST_ACCOUNTS = 2
"""A text of one account is not yet something that circulates."""


def propose_from_groups(
    actor: Actor,
    groups: Iterable[TextGroup],
    *,
    languages: Mapping[str, str] | None = None,
    now: datetime,
    desk: Desk,
) -> list[str]:
    """Suggest a claim for each group of at least two accounts that no claim has yet.

    Args:
        languages: group key → language; guessed from the letters where it is missing.
    Returns:
        Ids of the suggestions that are new. A group that has grown updates its own while undecided; one that
        was decided, or whose posts all belong to claims, suggests nothing.
    """
    require(actor, Act.MEASURE)
    del desk  # nothing is signed
    wanted = {group.key: group for group in groups if group.accounts >= LEAST_ACCOUNTS}
    with transaction.atomic():
        known = {row.group_key: row for row in Suggestion.objects.filter(group_key__in=list(wanted))}
        linked = set(LinkedObservation.objects.values_list("observation_id", flat=True).distinct())
        linked |= _coded()
        rows = []
        for key, group in wanted.items():
            row = known.get(key)
            if (row is not None and row.state != "suggested") or linked.issuperset(group.observation_ids):
                continue
            rows.append(_row(group, row, (languages or {}).get(key)))
        new = [row.suggestion_id for row in rows if row.group_key not in known]
        Suggestion.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["group_key"],
            update_fields=["sentence", "sentence_lang", "observation_ids", "posts", "accounts", "first_at", "last_at"],
        )
        if new:
            record(actor, "claim.suggested", "suggestions", {"count": len(new)}, now)
    return new


def _coded() -> set[str]:
    from dalil.desk.models import CodedReport

    return set(CodedReport.objects.values_list("observation_id", flat=True).distinct())


def _row(group: TextGroup, known: Suggestion | None, language: str | None) -> Suggestion:
    posts = len(set(group.uids)) or len(group.observation_ids)
    sentence, tongue = draft(group.sample, posts=posts, accounts=group.accounts, language=language)
    return Suggestion(
        suggestion_id=known.suggestion_id if known else new_id(),
        group_key=group.key,
        sentence=sentence,
        sentence_lang=tongue,
        observation_ids=list(group.observation_ids),
        posts=posts,
        accounts=group.accounts,
        first_at=group.first_at,
        last_at=group.last_at,
    )


def dismiss_suggestion(actor: Actor, suggestion_id: str, *, now: datetime, desk: Desk) -> None:
    """Say that a suggested claim is none.

    Raises:
        NotAllowed: there is no such suggestion.
        Conflict: it was accepted or dismissed already (`suggestion-decided`).
    """
    require(actor, Act.PROPOSE)
    del desk
    with transaction.atomic():
        _decide(suggestion_id, "dismissed")
        record(actor, "claim.dismissed", suggestion_id, {}, now)


def accepted(suggestion_id: str) -> list[str]:
    """Mark a suggestion as accepted, inside the caller's transaction; returns its observation ids."""
    return [str(id_) for id_ in _decide(suggestion_id, "accepted").observation_ids]


def _decide(suggestion_id: str, state: str) -> Suggestion:
    row = Suggestion.objects.select_for_update().filter(pk=suggestion_id).first()
    if row is None:
        raise NotAllowed("no-such-thing")
    if row.state != "suggested":
        raise Conflict("suggestion-decided")
    row.state = state
    row.save(update_fields=["state"])
    return row
