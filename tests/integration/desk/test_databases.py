"""The same work on SQLite and on PostgreSQL, and by two processes' worth of connections at once."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from desk_house import TELEGRAM, House

from dalil.errors import Conflict
from dalil.schema.casework import PanelCapture, PanelSource, PanelVersion
from dalil.schema.words import CaptureState, ClaimVerdict, MakerClass, MediaFindingKind


def test_a_claim_s_whole_way_on_each_database(each_database: str, now: datetime) -> None:
    from dalil.actions import answers, claims, packets, panels, verdicts
    from dalil.desk import projection, queries

    house = House(clock=now)
    blue, green = house.member("blue"), house.member("green")
    source = PanelSource(source_uid="telegram:a", cell=TELEGRAM, maker_class=MakerClass.GROUP)
    panels.freeze(
        blue, PanelVersion(version=1, quarter="q", sources=(source,), thresholds={str(TELEGRAM): 1}), **house.kw
    )
    panels.mark_captures(blue, [PanelCapture("telegram:a", now.date(), CaptureState.COMPLETE)], **house.kw)
    claim_id = house.settled(
        blue, green, reports=[house.report("telegram:a", now, views=7)], observation_ids=["0f" * 32]
    )
    answer = answers.draft(blue, claim_id, text="No.", language="ar", platform="telegram", **house.kw)
    answers.record_posted(blue, claim_id, answer, url="https://example.org/1", posted_at=house.clock, **house.kw)
    verdicts.reopen(green, claim_id, reason="a doubt", **house.kw)
    claims.record_media_finding(green, claim_id, sha256="ab" * 32, finding=MediaFindingKind.ALTERED, **house.kw)
    review = house.clock + timedelta(hours=3)
    answers.stay_silent(blue, house.claim(blue), reason="small", reach=3, review_at=review, **house.kw)
    data = packets.export_packet(blue, [claim_id], **house.kw)
    with pytest.raises(Conflict):
        packets.import_packet(blue, data, **house.kw)
    before = queries.board(blue, now=review)
    assert [(row.state, row.views, row.next_step) for row in before] == [
        ("logged", None, "review_silence"),
        ("checking", 7, "first_vote"),
    ]
    projection.rebuild()
    assert queries.board(blue, now=review) == before
    assert len(queries.reports()) == 1
    assert queries.captures()[0].state is CaptureState.COMPLETE


def test_two_circles_that_vote_at_once_settle_once(house, blue, green):
    from django.db import connections

    from dalil.actions import verdicts
    from dalil.desk import queries
    from dalil.desk.models import DeskEvent

    claim_id = house.claim(blue)
    house.checked(blue, claim_id)
    keywords, start, failures = house.kw, threading.Barrier(4), []

    def vote(actor):
        start.wait()
        try:
            verdicts.vote(actor, claim_id, vote=ClaimVerdict.FALSE, reason="", **keywords)
        except Conflict as error:
            failures.append(error.code)
        finally:
            connections.close_all()

    actors = [blue, house.member("blue"), green, house.member("green")]
    threads = [threading.Thread(target=vote, args=[actor]) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failures) == 2
    assert queries.claim_page(blue, claim_id, now=house.clock).row.verdict is ClaimVerdict.FALSE
    kinds = list(DeskEvent.objects.filter(subject=claim_id).values_list("kind", flat=True))
    assert (kinds.count("vote_sealed"), kinds.count("vote_revealed")) == (2, 2)
