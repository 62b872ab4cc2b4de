"""A claim's way from logged to answered, and what stands in its way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk_house import FACEBOOK, TELEGRAM

from dalil.errors import Conflict, DalilError, InputError, LimitReached, NotAllowed, NotAvailable
from dalil.people.actor import LOCAL, Role, Status
from dalil.schema.words import (
    ClaimType,
    ClaimVerdict,
    Confidence,
    MediaFindingKind,
    ReportCode,
)

FALSE, TRUE, UNPROVEN = ClaimVerdict.FALSE, ClaimVerdict.TRUE, ClaimVerdict.UNPROVEN


def code(call, *args, **kwargs) -> str:
    with pytest.raises(DalilError) as caught:
        call(*args, **kwargs)
    return caught.value.code


def test_a_claim_is_logged_checked_voted_and_answered(house, blue, green):
    from dalil.actions import answers, claims, verdicts
    from dalil.desk import queries

    post = house.report("telegram:grey", house.clock - timedelta(hours=2), views=1200)
    claim_id = house.claim(blue, reports=[post])
    states = [queries.claim_page(blue, claim_id, now=house.clock).row]
    claims.take(blue, claim_id, **house.kw)
    states.append(queries.claim_page(blue, claim_id, now=house.clock).row)
    house.checked(blue, claim_id)
    states.append(queries.claim_page(blue, claim_id, now=house.clock).row)
    verdicts.vote(blue, claim_id, vote=FALSE, reason="as found", **house.kw)
    states.append(queries.claim_page(blue, claim_id, now=house.clock).row)
    verdicts.vote(green, claim_id, vote=FALSE, reason="the same", **house.kw)
    states.append(queries.claim_page(blue, claim_id, now=house.clock).row)
    answer = answers.draft(
        green, claim_id, text="It is another bridge.", language="ar", platform="telegram", **house.kw
    )
    posted_at = house.clock
    answers.record_posted(green, claim_id, answer, url="https://example.org/1", posted_at=posted_at, **house.kw)
    page = queries.claim_page(green, claim_id, now=house.clock)
    assert [row.state for row in states] == ["logged", "taken", "checking", "proposed", "settled"]
    assert [row.next_step for row in states] == ["take", "check", "first_vote", "second_vote", "answer"]
    assert (page.row.verdict, page.row.answered_at, page.row.next_step) == (FALSE, posted_at, "none")
    assert page.row.views == 1200
    assert page.row.waiting == posted_at - post.at
    assert [vote.vote for vote in page.votes] == [FALSE, FALSE]
    assert [vote.mine for vote in page.votes] == [False, True]
    assert page.sightings[0].first
    assert [row.event for row in page.history][:3] == ["claim_logged", "claim_taken", "check_added"]


def test_who_may_not_gets_the_answer_of_no_such_claim(house, blue):
    from dalil.actions import answers, claims, packets, panels, verdicts
    from dalil.desk import queries

    claim_id = house.claim(blue)
    spotter = house.member("blue", Role.SPOTTER)
    newcomer = house.member("blue", Role.CHECKER, Status.PROBATION)
    revoked = house.member("blue", Role.KEEPER, Status.REVOKED)
    for actor in (spotter, newcomer, revoked, LOCAL):
        assert code(verdicts.vote, actor, claim_id, vote=FALSE, reason="", **house.kw) == "no-such-thing"
        assert code(claims.take, actor, claim_id, **house.kw) == "no-such-thing"
        assert code(packets.export_packet, actor, [claim_id], **house.kw) == "no-such-thing"
        assert code(answers.end_silence, actor, claim_id, **house.kw) == "no-such-thing"
    assert code(house.claim, LOCAL) == "no-such-thing"
    assert code(queries.claim_page, revoked, claim_id, now=house.clock) == "no-such-thing"
    assert code(queries.claim_page, blue, "0" * 32, now=house.clock) == "no-such-thing"
    assert code(claims.take, blue, "0" * 32, **house.kw) == "no-such-thing"
    assert queries.claim_page(LOCAL, claim_id, now=house.clock).may == frozenset()
    assert panels is not None


def test_without_the_circle_s_key_nothing_is_signed(house, blue):
    from dalil.actions import claims

    claim_id = house.claim(blue)
    del house.ring[f"circle.{blue.circle_id}.sign"]
    with pytest.raises(NotAvailable):
        claims.take(blue, claim_id, **house.kw)


def test_holding_and_handing_over(house, blue, green):
    from dalil.actions import claims
    from dalil.desk import queries

    claim_id = house.claim(blue)
    mate = house.member("blue", Role.CHECKER)
    claims.take(blue, claim_id, **house.kw)
    assert code(claims.take, green, claim_id, **house.kw) == "claim-held"
    assert code(claims.hand_over, green, claim_id, **house.kw) == "claim-not-yours"
    assert code(claims.hand_over, blue, claim_id, to_member=green.member_id, **house.kw) == "no-such-thing"
    assert code(claims.hand_over, blue, claim_id, to_circle="nobody", **house.kw) == "no-such-thing"
    claims.hand_over(blue, claim_id, to_member=mate.member_id, **house.kw)
    own, other = (queries.claim_page(reader, claim_id, now=house.clock).row for reader in (blue, green))
    assert (own.holder, own.held_by) == (mate.pseudonym, "blue")
    assert (other.holder, other.held_by) == (None, "blue")
    claims.hand_over(mate, claim_id, to_circle=green.circle_id, **house.kw)
    row = queries.claim_page(green, claim_id, now=house.clock).row
    assert (row.holder, row.held_by) == (None, "green")
    claims.hand_over(green, claim_id, **house.kw)
    row = queries.claim_page(green, claim_id, now=house.clock).row
    assert (row.state, row.held_by) == ("logged", None)


def test_nothing_is_left_of_who_held_a_claim_once_it_is_settled(house, blue, green):
    from dalil.desk.models import Holding

    house.settled(blue, green)
    assert not Holding.objects.exists()


def test_checks_are_open_answered_and_stand_before_an_answer(house, blue, green):
    from dalil.actions import answers, claims, verdicts
    from dalil.desk import queries

    claim_id = house.claim(blue)
    first = house.checked(blue, claim_id, question="Who holds it?", finding="", confidence=Confidence.OPEN, evidence=[])
    assert code(verdicts.vote, blue, claim_id, vote=FALSE, reason="", **house.kw) == "vote-without-finding"
    house.checked(blue, claim_id)
    verdicts.vote(blue, claim_id, vote=FALSE, reason="", **house.kw)
    verdicts.vote(green, claim_id, vote=FALSE, reason="", **house.kw)
    draft = {"text": "It is another bridge.", "language": "ar", "platform": "telegram"}
    assert code(answers.draft, blue, claim_id, **draft, **house.kw) == "answer-check-open"
    assert code(house.checked, blue, claim_id, question="Who holds it?") == "claim-state"
    verdicts.reopen(blue, claim_id, reason="a check was open", **house.kw)
    evidence = ["cd" * 32, "https://example.org/map"]
    again = house.checked(blue, claim_id, question="Who holds it?", evidence=evidence)
    assert again == first
    check = next(c for c in queries.claim_page(green, claim_id, now=house.clock).checks if c.check_id == first)
    assert (check.confidence, check.evidence) == (Confidence.CERTAIN, tuple(evidence))
    verdicts.vote(blue, claim_id, vote=FALSE, reason="", **house.kw)
    verdicts.vote(green, claim_id, vote=FALSE, reason="", **house.kw)
    assert answers.draft(blue, claim_id, **draft, **house.kw)
    assert code(
        claims.add_check,
        blue,
        claim_id,
        check_id="0" * 32,
        question="?",
        method="",
        finding="",
        evidence=[],
        confidence=Confidence.OPEN,
        **house.kw,
    ) in {"no-such-thing", "claim-state"}


def test_a_media_finding_refutes_the_item_and_leaves_the_claim_open(house, blue):
    from dalil.actions import claims
    from dalil.desk import queries

    claim_id = house.claim(blue)
    claims.record_media_finding(
        blue, claim_id, sha256="ab" * 32, finding=MediaFindingKind.RECYCLED, earliest_captured=house.clock, **house.kw
    )
    page = queries.claim_page(blue, claim_id, now=house.clock)
    assert (page.row.state, page.row.verdict, page.row.next_step) == ("checking", None, "first_vote")
    assert page.media[0].finding is MediaFindingKind.RECYCLED
    known = queries.known_for([], ["ab" * 32])["ab" * 32]
    assert (known.media_finding, known.verdict, known.answer) == (MediaFindingKind.RECYCLED, None, None)


def test_answers_need_a_settled_verdict_and_fit_the_platform(house, blue, green):
    from dalil.actions import answers, verdicts
    from dalil.desk import queries

    draft = {"text": "It is another bridge.", "language": "ar", "platform": "x"}
    waiting = house.claim(blue)
    house.checked(blue, waiting)
    assert code(answers.draft, blue, waiting, **draft, **house.kw) == "claim-state"
    claim_id = house.settled(blue, green)
    with pytest.raises(LimitReached):
        answers.draft(blue, claim_id, text="y" * 281, language="en", platform="x", **house.kw)
    with pytest.raises(InputError):
        answers.draft(blue, claim_id, text="   ", language="en", platform="x", **house.kw)
    answer = answers.draft(blue, claim_id, **draft, **house.kw)
    row = queries.claim_page(blue, claim_id, now=house.clock).answers[0]
    assert (row.length, row.limit, row.posted_url) == (21, 280, None)
    post = {"url": "https://example.org/1", "posted_at": house.clock}
    late = {**post, "posted_at": house.clock + timedelta(hours=1)}
    assert code(answers.record_posted, blue, claim_id, answer, **late, **house.kw) == "posted-in-future"
    assert code(answers.record_posted, blue, claim_id, "0" * 32, **post, **house.kw) == "no-such-thing"
    bad = {**post, "url": "javascript:alert(1)"}
    assert code(answers.record_posted, blue, claim_id, answer, **bad, **house.kw) == "desk-value"
    answers.record_posted(blue, claim_id, answer, **post, **house.kw)
    assert code(answers.record_posted, blue, claim_id, answer, **post, **house.kw) == "answer-posted"
    second = answers.draft(blue, claim_id, **draft, **house.kw)
    verdicts.reopen(green, claim_id, reason="a doubt", **house.kw)
    assert code(answers.record_posted, blue, claim_id, second, **post, **house.kw) == "claim-state"


def test_a_correction_marks_the_answers_that_used_the_verdict(house, blue, green, red):
    from dalil.actions import answers, verdicts
    from dalil.desk import queries

    claim_id = house.settled(blue, green)
    answer = answers.draft(blue, claim_id, text="It is another bridge.", language="ar", platform="telegram", **house.kw)
    answers.record_posted(blue, claim_id, answer, url="https://example.org/1", posted_at=house.clock, **house.kw)
    verdicts.reopen(red, claim_id, reason="the bridge was seen", **house.kw)
    page = queries.claim_page(blue, claim_id, now=house.clock)
    assert (page.row.state, page.answers[0].stale, page.row.verdict) == ("reopened", "reopened", None)
    assert code(verdicts.vote, red, claim_id, vote=TRUE, reason="", **house.kw) == "claim-state"
    house.checked(red, claim_id, question="Is the bridge held?", finding="Yes.")
    verdicts.vote(red, claim_id, vote=TRUE, reason="", **house.kw)
    verdicts.vote(blue, claim_id, vote=TRUE, reason="", **house.kw)
    page = queries.claim_page(blue, claim_id, now=house.clock)
    assert (page.row.verdict, page.answers[0].stale) == (TRUE, "corrected")
    assert (page.row.answered_at, page.row.next_step) == (None, "answer")
    assert (
        code(
            answers.record_posted,
            blue,
            claim_id,
            answer,
            url="https://example.org/2",
            posted_at=house.clock,
            **house.kw,
        )
        == "answer-posted"
    )
    assert queries.settled_answers(zone="UTC") == []
    new = answers.draft(blue, claim_id, text="They hold the bridge.", language="ar", platform="telegram", **house.kw)
    answers.record_posted(blue, claim_id, new, url="https://example.org/3", posted_at=house.clock, **house.kw)
    assert [(a.verdict, a.corrects) for a in queries.settled_answers(zone="UTC")] == [(TRUE, True)]


def test_silence_is_kept_reviewed_and_refused_for_threats(house, blue, green):
    from dalil.actions import answers, claims
    from dalil.desk import queries

    quiet = house.claim(blue)
    review = house.clock + timedelta(hours=3)
    keep = {"reason": "seen by 40", "reach": 40, "review_at": review}
    answers.stay_silent(blue, quiet, **keep, **house.kw)
    row = queries.claim_page(blue, quiet, now=house.clock).row
    assert (row.silent_until, row.next_step) == (review, "none")
    assert queries.silences_due(blue, now=house.clock) == []
    assert [row.claim_id for row in queries.silences_due(blue, now=review)] == [quiet]
    assert queries.silences_due(blue, now=review)[0].next_step == "review_silence"
    answers.end_silence(green, quiet, **house.kw)
    assert queries.claim_page(blue, quiet, now=review).silences[0].ended
    assert code(answers.end_silence, green, quiet, **house.kw) == "claim-state"
    assert code(answers.stay_silent, blue, quiet, **{**keep, "review_at": house.clock}, **house.kw) == "silence-review"
    far = {**keep, "review_at": house.clock + timedelta(days=31)}
    assert code(answers.stay_silent, blue, quiet, **far, **house.kw) == "silence-review"

    threat = house.claim(blue, claim_type=ClaimType.THREAT)
    for step in range(2):
        assert code(answers.stay_silent, blue, threat, **keep, **house.kw) == "silence-threat"
        assert queries.claim_page(blue, threat, now=house.clock).row.next_step == ("take" if step else "warn")
        if not step:
            claims.warn(blue, threat, **house.kw)
    assert code(claims.warn, blue, threat, **house.kw) == "warn-done"
    assert code(claims.warn, blue, quiet, **house.kw) == "warn-no-threat"


def test_an_answered_claim_cannot_be_silenced(house, blue, green):
    from dalil.actions import answers

    claim_id = house.settled(blue, green)
    answer = answers.draft(blue, claim_id, text="No.", language="ar", platform="telegram", **house.kw)
    answers.record_posted(blue, claim_id, answer, url="https://example.org/1", posted_at=house.clock, **house.kw)
    keep = {"reason": "", "reach": None, "review_at": house.clock + timedelta(hours=9)}
    assert code(answers.stay_silent, blue, claim_id, **keep, **house.kw) == "silence-answered"


def test_linked_posts_wait_to_be_coded(house, blue):
    from dalil.actions import claims
    from dalil.desk import queries

    post = house.report("facebook:page", house.clock, FACEBOOK)
    claim_id = house.claim(blue, observation_ids=[post.observation_id, "ef" * 32])
    claims.add_sightings(blue, claim_id, ["ef" * 32, "12" * 32], **house.kw)
    claims.add_sightings(blue, claim_id, [], **house.kw)
    claims.code_report(blue, claim_id, post, **house.kw)
    page = queries.claim_page(blue, claim_id, now=house.clock)
    assert page.uncoded == ("ef" * 32, "12" * 32)
    assert page.row.cells == (FACEBOOK, TELEGRAM)
    assert queries.known_for(["12" * 32, post.observation_id, "00" * 32], []).keys() == {"12" * 32, post.observation_id}


def test_a_later_coding_replaces_an_earlier_one_and_private_sources_are_not_named(house, blue):
    from dalil.actions import claims
    from dalil.desk import queries

    claim_id = house.claim(blue)
    post = house.report("x:h:0123456789abcdef", house.clock, views=10)
    claims.code_report(blue, claim_id, post, **house.kw)
    later = house.report(
        post.source_uid, post.at, observation_id=post.observation_id, code=ReportCode.CONTESTS, views=90
    )
    claims.code_reports(blue, claim_id, [later], **house.kw)
    claims.code_reports(blue, claim_id, [], **house.kw)
    page = queries.claim_page(blue, claim_id, now=house.clock)
    assert [(row.source, row.code, row.views) for row in page.sightings] == [(None, ReportCode.CONTESTS, 90)]
    assert (page.row.sightings, page.row.views, page.row.t0) == (0, None, None)


def test_refusals_change_nothing(house, blue, green):
    from dalil.actions import claims, verdicts
    from dalil.audit.models import Entry
    from dalil.desk.models import DeskEvent

    claim_id = house.settled(blue, green)
    before = (DeskEvent.objects.count(), Entry.objects.count())
    for call in (
        lambda: verdicts.vote(blue, claim_id, vote=TRUE, reason="", **house.kw),
        lambda: claims.take(blue, claim_id, **house.kw),
        lambda: house.claim(blue, sentence="x" * 501),
        lambda: house.claim(blue, sentence=" "),
    ):
        with pytest.raises((Conflict, InputError, NotAllowed)):
            call()
    assert (DeskEvent.objects.count(), Entry.objects.count()) == before


def test_numbers_count_up(house, blue):
    from dalil.desk import queries

    ids = [house.claim(blue) for _ in range(3)]
    rows = queries.board(blue, now=house.clock)
    assert [(row.claim_id, row.number) for row in rows] == [
        (id_, n) for n, id_ in zip((3, 2, 1), ids[::-1], strict=True)
    ]
    assert [row.number for row in queries.board(blue, state="taken", now=house.clock)] == []
    with pytest.raises(InputError):
        queries.board(blue, state="lost", now=house.clock)
