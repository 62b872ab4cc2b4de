"""Rows follow from the events alone: in any order, again, and made anew; and no event is ever changed."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from desk_histories import CLAIM, histories
from desk_house import FACEBOOK, TELEGRAM
from django.db import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dalil.errors import Conflict
from dalil.schema.casework import PanelCapture, PanelSource, PanelVersion
from dalil.schema.words import CaptureState, ClaimVerdict, MakerClass, MediaFindingKind, ReportCode


def rows():
    """Every projected row but for what a workspace gives out itself (row numbers, claim numbers)."""
    from dalil.desk import models

    found = {}
    for model in (
        models.Claim,
        models.CodedReport,
        models.LinkedObservation,
        models.FoundMedia,
        models.Verdict,
        models.Answer,
        models.Panel,
        models.PanelDay,
    ):
        own = {"id", "number"}
        names = [field.attname for field in model._meta.fields if field.attname not in own]
        found[model.__name__] = sorted(map(repr, model.objects.values_list(*names)))
    return found


def forget_projection():
    from dalil.desk import models

    for model in (
        models.Claim,
        models.CodedReport,
        models.LinkedObservation,
        models.FoundMedia,
        models.Verdict,
        models.Answer,
        models.Panel,
        models.PanelDay,
    ):
        model.objects.all().delete()


@pytest.fixture
def world(house, blue, green, red):
    """A desk with something of everything; its events in the order in which they were made."""
    from dalil.actions import answers, claims, panels, verdicts
    from dalil.desk.models import DeskEvent
    from dalil.desk.projection import signed

    sources = tuple(PanelSource(source_uid=f"telegram:{s}", cell=TELEGRAM, maker_class=MakerClass.GROUP) for s in "abc")
    panels.freeze(blue, PanelVersion(version=1, quarter="2026-Q2", sources=sources), **house.kw)
    start = house.clock
    posts = [house.report(f"telegram:{s}", start, views=5) for s in "abc"] + [
        house.report("facebook:d", start, FACEBOOK)
    ]
    first = house.settled(blue, green, reports=posts, observation_ids=["ef" * 32])
    again = house.report("telegram:a", start, observation_id=posts[0].observation_id, code=ReportCode.CONFIRMS, views=9)
    claims.code_report(green, first, again, **house.kw)
    answer = answers.draft(blue, first, text="No.", language="ar", platform="telegram", **house.kw)
    answers.record_posted(blue, first, answer, url="https://example.org/1", posted_at=house.clock, **house.kw)
    verdicts.reopen(red, first, reason="a doubt", **house.kw)
    claims.record_media_finding(red, first, sha256="ab" * 32, finding=MediaFindingKind.ALTERED, **house.kw)
    for actor, vote in ((red, ClaimVerdict.TRUE), (green, ClaimVerdict.FALSE), (blue, ClaimVerdict.TRUE)):
        verdicts.vote(actor, first, vote=vote, reason="", **house.kw)
    second = house.claim(red)
    claims.take(red, second, **house.kw)
    review = house.clock + timedelta(hours=4)
    answers.stay_silent(red, second, reason="small", reach=3, review_at=review, **house.kw)
    for state in (CaptureState.PARTIAL, CaptureState.COMPLETE):
        panels.mark_captures(red, [PanelCapture("telegram:a", start.date(), state)], **house.kw)
    return [signed(row) for row in DeskEvent.objects.all()]


@pytest.mark.parametrize("seed", range(4))
def test_events_in_any_order_one_by_one_and_again_give_the_same_rows(world, seed):
    from dalil.desk import projection
    from dalil.desk.folding import entry_of

    expected = rows()
    forget_projection()
    shuffled = world + world[: len(world) // 2]
    random.Random(seed).shuffle(shuffled)
    for event in shuffled:
        if event.subject == projection.PANEL_SUBJECT:
            projection.panels.project([entry_of(event)])
            projection.measure_all()
        else:
            projection.project(event.subject, [entry_of(event)])
    assert rows() == expected


def test_what_is_held_is_not_stored_again(world):
    from dalil.desk import projection

    expected = rows()
    assert projection.apply(world) == []
    assert rows() == expected


def test_rows_are_made_anew_from_the_events(world):
    from dalil.desk import models, projection

    expected = rows()
    numbers = dict(models.Claim.objects.values_list("claim_id", "number"))
    models.Claim.objects.update(state="logged", verdict=None, views=None, number=models.models.F("number") + 100)
    models.Answer.objects.all().delete()
    models.CodedReport.objects.all().delete()
    projection.rebuild()
    assert rows() == expected
    assert {claim: number - 100 for claim, number in models.Claim.objects.values_list("claim_id", "number")} == numbers


def test_an_id_with_other_content_is_refused(world):
    import msgspec

    from dalil.desk import projection

    with pytest.raises(Conflict):
        projection.apply([msgspec.structs.replace(world[0], body=world[1].body)])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE desk_deskevent SET clock = clock + 1",
        "DELETE FROM desk_deskevent",
        "INSERT OR REPLACE INTO desk_deskevent SELECT event_id, subject, kind, circle, 1, made_at, body, signature FROM desk_deskevent",
    ],
)
def test_an_event_is_never_changed(world, statement):
    from django.db import connection

    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)


@given(histories(), st.randoms(use_true_random=False))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_hostile_histories_project_the_same_in_any_order(database, history, shuffler):
    """Claims with votes that do not fit, double votes and unknown rounds, stored one event at a time."""
    from django.db import transaction

    from dalil.desk import models, projection
    from dalil.desk.events import encode, kind_of

    def project(entries):
        with transaction.atomic():
            for entry in entries:
                models.DeskEvent.objects.create(
                    event_id=entry.event_id,
                    subject=CLAIM,
                    kind=kind_of(entry.body),
                    circle=entry.circle,
                    clock=entry.order[0],
                    made_at=entry.at,
                    body=encode(entry.body),
                    signature=b"",
                )
                projection.project(CLAIM, [entry])
            found = rows()
            transaction.set_rollback(True)
        return found

    shuffled = list(history)
    shuffler.shuffle(shuffled)
    assert project(shuffled) == project(history)


def test_the_migrations_go_back_and_forth_with_data(world, house, blue):
    from django.core.management import call_command

    from dalil.actions import claims
    from dalil.desk.models import DeskEvent

    call_command("migrate", "desk", "0001", verbosity=0)
    assert DeskEvent.objects.count() == len(world)
    call_command("migrate", "desk", verbosity=0)
    claims.take(blue, house.claim(blue), **house.kw)
    assert DeskEvent.objects.count() == len(world) + 2
