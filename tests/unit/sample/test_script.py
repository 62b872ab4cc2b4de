"""The members' script keeps the desk's rules, so that a replay meets no refusal."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

import msgspec
import pytest

from dalil.sample import script as acts
from dalil.sample.clock import NOW, START, TZ
from dalil.sample.script import Members, PanelFile, Script
from dalil.sample.truthfile import Truth
from dalil.sample.writing import SampleWeek
from dalil.schema.words import CaptureState, ClaimType, Confidence, ReportCode

EDITING = {"editor", "keeper"}
CASEWORK = {"checker", "editor", "researcher", "keeper"}
MEASURING = {"researcher", "editor", "keeper"}


@pytest.fixture(scope="module")
def members(sample_week: SampleWeek) -> dict[str, acts.MemberRow]:
    read = msgspec.json.decode(sample_week.members.read_bytes(), type=Members)
    assert read.circles == ("blue", "green")
    return {row.pseudonym: row for row in read.members}


def by_claim(script: Script) -> dict[str, list[acts.AnyAct]]:
    found: dict[str, list[acts.AnyAct]] = defaultdict(list)
    for act in script.acts:
        if not isinstance(act, acts.FreezePanel | acts.MarkCaptures):
            found[act.claim].append(act)
    return found


def test_acts_are_sorted_and_lie_in_the_simulated_past(script: Script, members: dict[str, acts.MemberRow]) -> None:
    times = [act.at for act in script.acts]
    assert times == sorted(times)
    assert times[0] >= START
    assert times[-1] <= NOW
    assert {act.member for act in script.acts} == set(members)
    assert Counter(row.circle for row in members.values()) == {"blue": 2, "green": 1}


def test_each_claim_is_logged_once_and_before_anything_else(script: Script) -> None:
    for key, steps in by_claim(script).items():
        assert isinstance(steps[0], acts.LogClaim), key
        assert sum(isinstance(step, acts.LogClaim) for step in steps) == 1
        assert steps[0].reports, key
        assert all(report.at < steps[0].at for report in steps[0].reports)


def test_nobody_codes_a_post_before_it_was_posted(script: Script, truth: Truth) -> None:
    posted = {post.post: post for post in truth.posts}
    for act in script.acts:
        reports = (
            act.reports if isinstance(act, acts.LogClaim) else (act.report,) if isinstance(act, acts.CodeReport) else ()
        )
        for report in reports:
            assert posted[report.post].at == report.at <= act.at
            assert posted[report.post].claim == act.claim
            assert posted[report.post].code is report.code
            assert not report.ours


def test_verdicts_need_a_finding_and_two_members_of_different_circles(
    script: Script, members: dict[str, acts.MemberRow]
) -> None:
    settled = 0
    for steps in by_claim(script).values():
        votes = [step for step in steps if isinstance(step, acts.Vote)]
        if not votes:
            continue
        before = [step for step in steps if step.at < votes[0].at]
        assert any(isinstance(s, acts.AddCheck) and s.confidence is not Confidence.OPEN for s in before)
        assert any(isinstance(s, acts.Take) for s in before)
        assert all(members[vote.member].role in CASEWORK for vote in votes)
        assert len({members[vote.member].circle for vote in votes}) == len(votes) <= 2
        settled += len(votes) == 2
    assert settled == 57


def test_answers_come_after_settlement_from_an_editor_and_are_posted_once(
    script: Script, members: dict[str, acts.MemberRow]
) -> None:
    posted = 0
    for steps in by_claim(script).values():
        votes = [step.at for step in steps if isinstance(step, acts.Vote)]
        drafts = {step.answer: step for step in steps if isinstance(step, acts.DraftAnswer)}
        records = [step for step in steps if isinstance(step, acts.RecordPosted)]
        assert Counter(record.answer for record in records) == Counter(dict.fromkeys(drafts, 1))
        for record in records:
            draft = drafts[record.answer]
            assert max(votes) < draft.at < record.posted_at <= record.at
            assert len(votes) == 2
            assert members[record.member].role in EDITING
            assert record.url.startswith("https://")
            assert draft.evidence
            posted += 1
    assert posted > 40


def test_threats_are_warned_of_and_never_silenced(script: Script) -> None:
    threats = 0
    for steps in by_claim(script).values():
        first = steps[0]
        assert isinstance(first, acts.LogClaim)
        if first.claim_type is ClaimType.THREAT:
            threats += 1
            assert any(isinstance(step, acts.Warn) for step in steps)
            assert not any(isinstance(step, acts.StaySilent) for step in steps)
    assert threats >= 4


def test_silences_carry_a_review_and_none_is_overdue(script: Script, members: dict[str, acts.MemberRow]) -> None:
    silent = 0
    for steps in by_claim(script).values():
        kept = [step for step in steps if isinstance(step, acts.StaySilent)]
        if kept:
            silent += 1
            assert not any(isinstance(step, acts.RecordPosted) for step in steps)
            assert kept[-1].review_at > NOW
            assert all(step.review_at > step.at for step in kept)
            assert all(members[step.member].role in EDITING for step in kept)
    assert silent >= 10


def test_every_login_finds_its_task(script: Script, members: dict[str, acts.MemberRow], truth: Truth) -> None:
    cases = by_claim(script)
    settled = {claim.claim for claim in truth.claims if claim.settled}
    tasks = {row.waiting: row for row in members.values()}
    assert set(tasks) == {claim.claim for claim in truth.claims} - settled
    by_step = {row.next_step: row for row in members.values()}
    votes = [step for step in cases[by_step["second_vote"].waiting] if isinstance(step, acts.Vote)]
    assert [members[vote.member].circle for vote in votes] == ["green"]
    assert by_step["second_vote"].circle == "blue"
    assert not any(isinstance(step, acts.Take) for step in cases[by_step["take"].waiting])
    taken = [step for step in cases[by_step["check"].waiting] if isinstance(step, acts.Take)]
    assert [take.member for take in taken] == [by_step["check"].pseudonym]
    crossed = {claim.claim: any(cell.crossed_at for cell in claim.cells) for claim in truth.claims}
    assert all(crossed[key] for key in tasks)


def test_media_findings_rest_on_files_of_the_captures(script: Script, truth: Truth) -> None:
    known = {file.sha256 for file in truth.files}
    findings = [act for act in script.acts if isinstance(act, acts.RecordMediaFinding)]
    assert len(findings) >= 30
    for act in findings:
        assert act.sha256 in known
        if act.earliest_captured is not None:
            assert act.earliest_claimed is not None
            assert act.earliest_claimed < act.earliest_captured < act.at
    assert sum(act.earliest_captured is not None for act in findings) >= 12


def test_the_panel_is_frozen_first_and_every_day_is_marked_once(
    script: Script, panel: PanelFile, members: dict[str, acts.MemberRow]
) -> None:
    first = script.acts[0]
    assert isinstance(first, acts.FreezePanel)
    assert members[first.member].role in MEASURING
    assert first.sources == panel.sources
    marked = [
        (row.source_uid, row.day) for act in script.acts if isinstance(act, acts.MarkCaptures) for row in act.captures
    ]
    assert len(marked) == len(set(marked)) == len(panel.sources) * 56
    for act in script.acts:
        if isinstance(act, acts.MarkCaptures):
            assert all(row.day <= act.at.astimezone(TZ).date() for row in act.captures)
    states = Counter(row.state for row in panel.captures)
    assert set(states) == set(CaptureState)
    assert states[CaptureState.COMPLETE] > 0.9 * sum(states.values())


def test_crossing_rests_on_sightings_that_come_before_any_report(truth: Truth) -> None:
    """Whether "seen in three sources" counts only carrying posts or all coded ones makes no difference here."""
    homes = {(source.source_uid, source.cell) for source in truth.inputs.sources}
    for claim in truth.claims:
        for cell in claim.cells:
            posts = sorted(
                (r.at, r.code, f"{r.source.platform}:{r.source.native_id}")
                for key, r in truth.inputs.reports
                if key == claim.claim and r.cell == cell.cell and not r.ours
            )
            in_panel = [(at, code) for at, code, uid in posts if (uid, cell.cell) in homes]
            if cell.crossed_at is None:
                assert len(in_panel) < 3
            else:
                assert [code for _, code in in_panel[:3]] == [ReportCode.CARRIES] * 3
                assert in_panel[2][0] == cell.crossed_at


def test_the_script_can_be_read_back(sample_week: SampleWeek, script: Script) -> None:
    assert msgspec.json.decode(msgspec.json.encode(script), type=Script) == script
    with pytest.raises(msgspec.ValidationError):
        acts.read_script(b'{"acts": [{"act": "delete_everything", "at": "2026-05-17T00:00:00Z", "member": "oak-17"}]}')


def test_a_claim_that_nobody_took_in_time_is_late_on_purpose(truth: Truth) -> None:
    late = [
        (claim.claim, cell.cell)
        for claim in truth.claims
        for cell in claim.cells
        if cell.answered_at and cell.crossed_at and cell.answered_at > cell.crossed_at + timedelta(hours=24)
    ]
    in_time = [
        cell for claim in truth.claims for cell in claim.cells
        if cell.answered_at and cell.crossed_at and cell.answered_at < cell.crossed_at + timedelta(hours=24)
    ]  # fmt: skip
    assert len(late) >= 4
    assert len(in_time) >= 20
