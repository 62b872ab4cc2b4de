"""What the desk hands to the measures, to look-ups and to publishing; and that its cost does not grow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from desk_house import FACEBOOK, TELEGRAM

from dalil.errors import Conflict, InputError
from dalil.schema.casework import Cell, PanelCapture, PanelSource, PanelVersion
from dalil.schema.words import CaptureState, ClaimType, ClaimVerdict, MakerClass, MediaFindingKind, ReportCode


def panel(version=1, sources=("a", "b", "c", "d"), cell=TELEGRAM, **thresholds):
    return PanelVersion(
        version=version,
        quarter="2026-Q2",
        sources=tuple(
            PanelSource(source_uid=f"telegram:{s}", cell=cell, maker_class=MakerClass.GROUP) for s in sources
        ),
        thresholds={str(TELEGRAM): n for n in thresholds.values()},
    )


def test_a_claim_crosses_with_its_third_panel_source_and_stands_unanswered(house, blue, green):
    from dalil.actions import answers, claims, panels
    from dalil.desk import queries

    start = house.clock - timedelta(hours=5)
    posts = [house.report(f"telegram:{s}", start + timedelta(hours=n)) for n, s in enumerate(["a", "a", "b", "x"])]
    claim_id = house.claim(blue, reports=posts)
    panels.freeze(blue, panel(), **house.kw)
    assert queries.unanswered(blue, now=house.clock) == []
    claims.code_report(blue, claim_id, house.report("telegram:c", start + timedelta(hours=4)), **house.kw)
    row = queries.unanswered(blue, now=house.clock)[0]
    assert (row.crossed_at, row.t0, row.sightings) == (start + timedelta(hours=4), start, 5)
    assert row.waiting == house.clock - start
    keep = {"reason": "", "reach": None, "review_at": house.clock + timedelta(hours=2)}
    answers.stay_silent(blue, claim_id, **keep, **house.kw)
    assert queries.unanswered(blue, now=house.clock) == []
    assert len(queries.unanswered(blue, now=house.clock + timedelta(hours=3))) == 1


def test_a_claim_that_crosses_after_it_was_silenced_is_back_at_once(house, blue):
    from dalil.actions import answers, claims, panels
    from dalil.desk import queries

    panels.freeze(blue, panel(n=2), **house.kw)
    claim_id = house.claim(blue, reports=[house.report("telegram:a", house.clock)])
    keep = {"reason": "small", "reach": 9, "review_at": house.clock + timedelta(hours=9)}
    answers.stay_silent(blue, claim_id, **keep, **house.kw)
    claims.code_report(blue, claim_id, house.report("telegram:b", house.clock + timedelta(minutes=5)), **house.kw)
    assert queries.unanswered(blue, now=house.clock) == []
    assert len(queries.unanswered(blue, now=house.clock + timedelta(minutes=5))) == 1


def test_a_new_panel_changes_what_crossed(house, blue):
    from dalil.actions import panels
    from dalil.desk import queries

    house.claim(blue, reports=[house.report(f"telegram:{s}", house.clock) for s in "ab"])
    panels.freeze(blue, panel(), **house.kw)
    assert queries.board(blue, now=house.clock)[0].crossed_at is None
    panels.freeze(blue, panel(version=2, n=2), **house.kw)
    assert queries.board(blue, now=house.clock)[0].crossed_at is not None
    assert queries.panel() == panel(version=2, n=2)
    for version in (1, 2):
        with pytest.raises(Conflict):
            panels.freeze(blue, panel(version=version), **house.kw)
    for sources in ((), ("a", "a")):
        with pytest.raises(InputError):
            panels.freeze(blue, panel(version=3, sources=sources), **house.kw)


def test_captures_are_marked_and_marked_again(house, blue):
    from dalil.actions import panels
    from dalil.desk import queries

    day = date(2026, 5, 16)
    panels.mark_captures(blue, [PanelCapture("telegram:a", day, CaptureState.PARTIAL)], **house.kw)
    panels.mark_captures(blue, [], **house.kw)
    marks = [PanelCapture("telegram:a", day, CaptureState.COMPLETE), PanelCapture("telegram:b", day, CaptureState.NONE)]
    panels.mark_captures(blue, marks, **house.kw)
    assert queries.captures() == marks


def test_timelines_and_reports(house, blue, green):
    from dalil.actions import answers, claims
    from dalil.desk import queries

    t0 = house.clock - timedelta(hours=4)
    posts = [
        house.report("telegram:a", t0),
        house.report("facebook:b", t0 + timedelta(hours=1), FACEBOOK),
        house.report(
            "telegram:o",
            t0 + timedelta(hours=2),
            maker_class=MakerClass.INDEPENDENT,
            code=ReportCode.CONTESTS,
            own_evidence=True,
            qualified=True,
        ),
        house.report(
            "telegram:p",
            t0 + timedelta(hours=2),
            maker_class=MakerClass.INDEPENDENT,
            code=ReportCode.CONTESTS,
            own_evidence=False,
            qualified=True,
        ),
    ]
    open_claim = house.claim(blue, reports=posts)
    assert {row.qualified for row in queries.reports()} == {False}
    claim_id = house.settled(blue, green, reports=posts)
    answer = answers.draft(
        blue, claim_id, text="It is another bridge.", language="ar-IQ", platform="telegram", **house.kw
    )
    assert len(queries.reports()) == 8
    posted = house.clock
    answers.record_posted(blue, claim_id, answer, url="https://example.org/1", posted_at=posted, **house.kw)
    claims.add_sightings(blue, house.claim(blue), ["ab" * 32], **house.kw)

    lines = queries.timelines()
    assert [(line.claim_id, line.cell, line.t0) for line in lines] == [
        (open_claim, FACEBOOK, t0 + timedelta(hours=1)),
        (open_claim, TELEGRAM, t0),
        (claim_id, FACEBOOK, t0 + timedelta(hours=1)),
        (claim_id, TELEGRAM, t0),
    ]
    assert [(line.verdict, line.published_at) for line in lines[2:]] == [
        (ClaimVerdict.FALSE, None),
        (ClaimVerdict.FALSE, posted),
    ]
    ours = [row for row in queries.reports() if row.ours]
    assert [(row.cell, row.at, row.code, row.qualified) for row in ours] == [
        (TELEGRAM, posted, ReportCode.CORRECTS, True)
    ]
    outside = [row for row in queries.reports() if row.qualified and not row.ours]
    assert [(row.claim_id, row.source_uid) for row in outside] == [(claim_id, "telegram:o")]


def test_what_is_known_of_an_item_is_the_best_decided(house, blue, green):
    from dalil.actions import answers, claims
    from dalil.desk import queries

    picture, post = "ab" * 32, house.report("telegram:a", house.clock)
    claim_id = house.settled(blue, green, reports=[post])
    newer = house.claim(blue, reports=[post])
    claims.record_media_finding(blue, newer, sha256=picture, finding=MediaFindingKind.RECYCLED, **house.kw)
    known = queries.known_for([post.observation_id], [picture])
    assert known[post.observation_id].claim_id == claim_id
    assert (known[picture].claim_id, known[picture].media_finding) == (newer, MediaFindingKind.RECYCLED)
    assert known[post.observation_id].answer is None
    answers.draft(blue, claim_id, text="drafted", language="ar", platform="telegram", **house.kw)
    assert queries.known_for([post.observation_id], [])[post.observation_id].answer == "drafted"
    second = answers.draft(blue, claim_id, text="posted", language="ckb", platform="telegram", **house.kw)
    answers.record_posted(blue, claim_id, second, url="https://example.org/1", posted_at=house.clock, **house.kw)
    answers.draft(blue, claim_id, text="newest draft", language="ar", platform="x", **house.kw)
    found = queries.known_for([post.observation_id], [])[post.observation_id]
    assert (found.answer, found.answer_lang, found.verdict) == ("posted", "ckb", ClaimVerdict.FALSE)
    assert queries.known_for([], []) == {}


def test_tasks_are_those_that_the_reader_can_do(house, blue, green):
    from dalil.actions import answers, claims, verdicts
    from dalil.desk import queries
    from dalil.people.actor import Role

    def steps(actor):
        return {(task.claim_id, task.next_step) for task in queries.waiting_tasks(actor, now=house.clock)}

    new, mine, voted = house.claim(blue), house.claim(blue), house.claim(blue)
    threat = house.claim(blue, claim_type=ClaimType.THREAT)
    claims.take(blue, mine, **house.kw)
    house.checked(blue, voted)
    verdicts.vote(blue, voted, vote=ClaimVerdict.FALSE, reason="", **house.kw)
    done = house.settled(blue, green)
    shared = {(new, "take"), (threat, "warn"), (done, "answer")}
    assert steps(blue) == shared | {(mine, "check")}
    assert steps(green) == shared | {(voted, "second_vote")}
    assert steps(house.member("green", Role.SPOTTER)) == set()
    answer = answers.draft(blue, done, text="No.", language="ar", platform="telegram", **house.kw)
    checker = house.member("green", Role.CHECKER)
    assert (done, "answer") not in steps(checker)  # posting is an editor's
    assert (done, "answer") in steps(blue)
    answers.record_posted(blue, done, answer, url="https://example.org/1", posted_at=house.clock, **house.kw)
    assert (done, "answer") not in steps(blue)
    waits = [task.since for task in queries.waiting_tasks(blue, now=house.clock)]
    assert waits == sorted(waits)


@pytest.mark.parametrize(
    "name", ["board", "unanswered", "waiting_tasks", "timelines", "reports", "claim_page", "known_for"]
)
def test_no_query_grows_with_the_claims(house, blue, green, name):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from dalil.actions import claims, panels
    from dalil.desk import queries

    panels.freeze(blue, panel(n=1), **house.kw)

    def grow(times):
        for n in range(times):
            claim_id = house.claim(blue, reports=[house.report(f"telegram:{s}", house.clock) for s in "abcd"[: 1 + n]])
            claims.take(blue, claim_id, **house.kw)
            house.checked(blue, claim_id)
        return claim_id

    def queries_of(claim_id):
        calls = {
            "board": lambda: queries.board(blue, now=house.clock),
            "unanswered": lambda: queries.unanswered(blue, now=house.clock),
            "waiting_tasks": lambda: queries.waiting_tasks(blue, now=house.clock),
            "timelines": queries.timelines,
            "reports": queries.reports,
            "claim_page": lambda: queries.claim_page(blue, claim_id, now=house.clock),
            "known_for": lambda: queries.known_for([row.observation_id for row in queries.reports()], ["ab" * 32]),
        }
        with CaptureQueriesContext(connection) as found:
            assert calls[name]()
        return len(found)

    few = queries_of(grow(2))
    assert queries_of(grow(4)) == few
    assert few <= 10


def test_cells_keep_what_was_logged_and_what_was_seen(house, blue):
    from dalil.desk import queries

    cells = [Cell("x", "en", "sahlara"), TELEGRAM, TELEGRAM]
    house.claim(blue, cells=cells, reports=[house.report("facebook:b", house.clock, FACEBOOK)])
    assert queries.board(blue, now=house.clock)[0].cells == (FACEBOOK, TELEGRAM, Cell("x", "en", "sahlara"))
