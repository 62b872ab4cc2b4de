"""Replays the sample: captures and members' acts in the order of their times, `now` being each one's own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from dalil.actions import answers, claims, importing, indexes, panels, recognising, verdicts, weeks
from dalil.actions.demo.resolving import Found
from dalil.actions.demo.seats import actors
from dalil.actions.desk import Desk
from dalil.actions.house import House
from dalil.actions.import_reports import PathReport
from dalil.people.actor import LOCAL, Actor
from dalil.sample import script as acts
from dalil.sample.writing import SampleCapture, SampleWeek
from dalil.schema.casework import PanelVersion, Report


@dataclass(slots=True)
class Replayed:
    """What the replay did: rejects over all imports, and the ids that claims and answers were given."""

    rejected: int = 0
    claim_ids: dict[str, str] = field(default_factory=dict)
    answer_ids: dict[str, str] = field(default_factory=dict)


def replay(house: House, week: SampleWeek, progress: Callable[[int, int], bool]) -> Replayed:
    """Import every capture and perform every act at its own time, then recognise and measure."""
    script = acts.read_script((week.folder / "script.json").read_bytes())
    captures = sorted(week.captures, key=lambda item: (item.captured_at, item.path.name))
    total = len(captures) + len(script.acts)
    player = _Player(house)
    inputs = [(capture.path, capture.captured_at) for capture in captures]
    # Captures first, each at its own time: a member who logs a claim has seen the post on the platform,
    # before any tool captured it, and its report must name the observation all the same.
    with importing.in_one_child(LOCAL, inputs, house=house) as take_next:
        for count, capture in enumerate(captures):
            player.take_in(capture, take_next)
            progress(count + 1, total)
    for count, act in enumerate(sorted(script.acts, key=lambda item: item.at)):
        player.perform(act)
        if count % 50 == 0:
            progress(len(captures) + count, total)
    progress(total, total)
    indexes.refresh(house)
    recognising.propose(house, LOCAL)
    recognising.find_coordination(house)
    weeks.compute_week(house, save=True)
    return player.replayed


class _Player:
    """Holds what the replay knows so far."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.replayed = Replayed()
        self.seats = actors()
        self._found: Found | None = None

    def take_in(self, capture: SampleCapture, take_next: Callable[[House], PathReport]) -> None:
        report = take_next(dataclasses.replace(self.house, moment=capture.captured_at))
        self.replayed.rejected += report.rejected
        self._found = None

    @property
    def found(self) -> Found:
        """The archive as of the last capture."""
        if self._found is None:
            self._found = Found.of(self.house)
        return self._found

    def perform(self, act: acts.AnyAct) -> None:
        actor = self.seats[act.member]
        now, desk = act.at, self.house.desk
        if isinstance(act, acts.FreezePanel | acts.MarkCaptures | acts.LogClaim | acts.CodeReport):
            self._see(act, actor, now, desk)
        elif isinstance(act, acts.DraftAnswer | acts.RecordPosted | acts.StaySilent):
            self._answer(act, actor, now, desk)
        else:
            self._check(act, actor, now, desk)

    def _see(self, act: acts.AnyAct, actor: Actor, now: datetime, desk: Desk) -> None:
        ids = self.replayed.claim_ids
        match act:
            case acts.FreezePanel():
                panel = PanelVersion(
                    version=act.version, quarter=act.quarter, sources=act.sources, thresholds=act.thresholds
                )
                panels.freeze(actor, panel, now=now, desk=desk)
            case acts.MarkCaptures():
                panels.mark_captures(actor, act.captures, now=now, desk=desk)
            case acts.LogClaim():
                ids[act.claim] = claims.log_claim(
                    actor,
                    sentence=act.sentence,
                    sentence_lang=act.sentence_lang,
                    claim_type=act.claim_type,
                    maker_class=act.maker_class,
                    cells=act.cells,
                    reports=[self._report("", item) for item in act.reports],
                    now=now,
                    desk=desk,
                )
            case acts.CodeReport():
                report = self._report(ids[act.claim], act.report)
                claims.code_report(actor, ids[act.claim], report, now=now, desk=desk)

    def _check(self, act: acts.AnyAct, actor: Actor, now: datetime, desk: Desk) -> None:
        ids = self.replayed.claim_ids
        match act:
            case acts.Take():
                claims.take(actor, ids[act.claim], now=now, desk=desk)
            case acts.AddCheck():
                claims.add_check(
                    actor,
                    ids[act.claim],
                    question=act.question,
                    method=act.method,
                    finding=act.finding,
                    evidence=act.evidence,
                    confidence=act.confidence,
                    now=now,
                    desk=desk,
                )
            case acts.RecordMediaFinding():
                claims.record_media_finding(
                    actor,
                    ids[act.claim],
                    sha256=act.sha256,
                    finding=act.finding,
                    earliest_captured=act.earliest_captured,
                    earliest_claimed=act.earliest_claimed,
                    note=act.note,
                    now=now,
                    desk=desk,
                )
            case acts.Warn():
                claims.warn(actor, ids[act.claim], now=now, desk=desk)
            case acts.Vote():
                verdicts.vote(actor, ids[act.claim], vote=act.vote, reason=act.reason, now=now, desk=desk)

    def _answer(self, act: acts.AnyAct, actor: Actor, now: datetime, desk: Desk) -> None:
        ids = self.replayed.claim_ids
        match act:
            case acts.DraftAnswer():
                self.replayed.answer_ids[act.answer] = answers.draft(
                    actor,
                    ids[act.claim],
                    text=act.text,
                    language=act.language,
                    platform=act.platform,
                    evidence=act.evidence,
                    now=now,
                    desk=desk,
                )
            case acts.RecordPosted():
                answers.record_posted(
                    actor,
                    ids[act.claim],
                    self.replayed.answer_ids[act.answer],
                    url=act.url,
                    posted_at=act.posted_at,
                    now=now,
                    desk=desk,
                )
            case acts.StaySilent():
                answers.stay_silent(
                    actor,
                    ids[act.claim],
                    reason=act.reason,
                    reach=act.reach,
                    review_at=act.review_at,
                    now=now,
                    desk=desk,
                )

    def _report(self, claim_id: str, coded: acts.CodedPost) -> Report:
        return Report(
            claim_id=claim_id,
            cell=coded.cell,
            observation_id=self.found.observation(coded.post),
            source_uid=self.found.source(coded.source),
            maker_class=coded.maker_class,
            at=coded.at,
            code=coded.code,
            own_evidence=coded.own_evidence,
            qualified=coded.qualified,
            ours=coded.ours,
            views=coded.views,
        )
