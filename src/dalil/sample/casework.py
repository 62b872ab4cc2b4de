"""What the members do with each claim: log, take, check, vote, answer or stay silent, in the desk's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from dalil.sample.cast import CELL_NAMES, cell
from dalil.sample.clock import NOW, hours, whole_second
from dalil.sample.dice import dice
from dalil.sample.exhibits import Exhibit
from dalil.sample.format_hand import address
from dalil.sample.phrases import Question, phrases
from dalil.sample.plots import Plot
from dalil.sample.schedule import Capture
from dalil.sample.script import (
    AddCheck,
    AnyAct,
    CodedPost,
    CodeReport,
    DraftAnswer,
    LogClaim,
    MemberRow,
    RecordMediaFinding,
    RecordPosted,
    SourceRef,
    StaySilent,
    Take,
    Vote,
    Warn,
)
from dalil.sample.storyline import Case, Coded, maker_class_of
from dalil.sample.stream import Draft, count, views_at
from dalil.schema.words import ClaimType, ClaimVerdict, Confidence, MediaFindingKind, ReportCode

BLUE_CHECKER: Final = "oak-17"
BLUE_EDITOR: Final = "willow-04"
GREEN_KEEPER: Final = "fig-03"
MEMBERS: Final = (
    MemberRow(pseudonym=BLUE_CHECKER, circle="blue", role="checker", waiting="c58", next_step="second_vote"),
    MemberRow(pseudonym=BLUE_EDITOR, circle="blue", role="editor", waiting="c60", next_step="take"),
    MemberRow(pseudonym=GREEN_KEEPER, circle="green", role="keeper", waiting="c59", next_step="check"),
)
ONE_VOTE, ONLY_TAKEN, ONLY_LOGGED = "c58", "c59", "c60"
"""The claims that are left open, one for each login."""
NOTES: Final = {
    MediaFindingKind.RECYCLED: "The same light and the same small signs: a channel showed it before.",
    MediaFindingKind.ALTERED: "A part of the picture is there twice; an earlier posting shows it whole.",
    MediaFindingKind.IMPERSONATED: "The banner is not the outlet's: another red, another letter.",
    MediaFindingKind.UNCHANGED: "Nothing earlier is held, and nothing in it was changed that we can see.",
}
LONG_REVIEW: Final = NOW + timedelta(days=9)
REVIEW_AGAIN: Final = timedelta(days=28)
"""A decided silence is looked at again within a month, as the desk demands."""


@dataclass(slots=True)
class Worked:
    """What came of one claim: its acts, and the times that the measures rest on."""

    case: Case
    logged_at: datetime
    acts: list[AnyAct] = field(default_factory=list)
    coded: list[CodedPost] = field(default_factory=list)
    verdict: ClaimVerdict | None = None
    verdict_at: datetime | None = None
    silent_since: datetime | None = None
    answered_by: dict[str, str] = field(default_factory=dict)
    """Cell name → circle that posted our answer."""


class Desk:
    """Works the claims of one sample."""

    def __init__(self, seed: int, exhibits: Mapping[str, Exhibit], captures: Sequence[Capture]) -> None:
        self._seed = seed
        self._exhibits = exhibits
        self._captures = captures

    def work(self, case: Case) -> Worked:
        """Everything that the members do with one claim."""
        rng = dice(self._seed, f"casework/{case.plot.key}")
        worked = Worked(case, whole_second(case.plot.start + hours(rng.uniform(0.4, 1.3))))
        self._log(worked, rng)
        self._code(worked, rng)
        if case.plot.claim_type is ClaimType.THREAT:
            warned = whole_second(worked.logged_at + hours(0.25))
            worked.acts.append(Warn(at=warned, member=GREEN_KEEPER, claim=case.plot.key))
        if case.plot.key != ONLY_LOGGED:
            self._check(worked, rng)
        if not case.plot.open_end:
            self._answer(worked, rng)
            self._silence(worked, rng)
        return worked

    def _log(self, worked: Worked, rng: Random) -> None:
        plot = worked.case.plot
        language = CELL_NAMES[plot.cells[0].cell_name][1]
        known = [c for c in worked.case.coded if c.draft.at < worked.logged_at]
        reports = tuple(coded_post(c, worked.logged_at) for c in known)
        worked.coded.extend(reports)
        worked.acts.append(
            LogClaim(
                at=worked.logged_at,
                member=rng.choice((BLUE_CHECKER, BLUE_EDITOR, GREEN_KEEPER)) if not plot.open_end else BLUE_CHECKER,
                claim=plot.key,
                sentence=plot.sentence(language),
                sentence_lang=language,
                claim_type=plot.claim_type,
                maker_class=plot.maker,
                cells=tuple(cell(c.cell_name) for c in plot.cells),
                reports=reports,
            )
        )

    def _code(self, worked: Worked, rng: Random) -> None:
        """Later posts about it, coded when somebody meets them."""
        for coded in worked.case.coded:
            if coded.draft.at < worked.logged_at:
                continue
            at = min(whole_second(coded.draft.at + hours(rng.uniform(0.1, 1.2))), NOW - timedelta(minutes=4))
            report = coded_post(coded, at)
            worked.coded.append(report)
            member = rng.choice((BLUE_CHECKER, GREEN_KEEPER))
            worked.acts.append(CodeReport(at=at, member=member, claim=worked.case.plot.key, report=report))

    def _check(self, worked: Worked, rng: Random) -> None:
        """Take, check, look at the picture, vote: two members of different circles."""
        plot = worked.case.plot
        holder, other = (
            (BLUE_CHECKER, GREEN_KEEPER) if rng.random() < 0.5 and not plot.open_end else (GREEN_KEEPER, BLUE_CHECKER)
        )
        if not plot.open_end and other == BLUE_CHECKER and rng.random() < 0.4:
            other = BLUE_EDITOR
        until = _verdict_time(worked, rng)

        def at(share: float) -> datetime:
            return whole_second(worked.logged_at + (until - worked.logged_at) * share)

        worked.acts.append(Take(at=at(0.1), member=holder, claim=plot.key))
        if plot.key == ONLY_TAKEN:
            return
        for number, question in enumerate(_questions(plot, rng)):
            likely = number > 0 or plot.verdict is ClaimVerdict.UNPROVEN
            check = AddCheck(
                at=at(0.3 + 0.15 * number),
                member=holder,
                claim=plot.key,
                question=question.question,
                method=question.method,
                finding=question.findings[plot.verdict],
                evidence=(f"https://sahlara-evidence.example/{plot.key}/check-{number + 1}",),
                confidence=Confidence.LIKELY if likely else Confidence.CERTAIN,
            )
            worked.acts.append(check)
        if plot.key in self._exhibits:
            worked.acts.append(self._media(worked, holder, at(0.6)))
        reason = phrases().reasons[plot.verdict]
        worked.acts.append(Vote(at=at(0.75), member=holder, claim=plot.key, vote=plot.verdict, reason=reason))
        if plot.key != ONE_VOTE:
            worked.acts.append(Vote(at=until, member=other, claim=plot.key, vote=plot.verdict, reason=reason))
            worked.verdict, worked.verdict_at = plot.verdict, until

    def _media(self, worked: Worked, member: str, at: datetime) -> RecordMediaFinding:
        exhibit = self._exhibits[worked.case.plot.key]
        kind = worked.case.plot.media
        assert kind is not None
        earlier = exhibit.earlier
        seen = first_seen(self._captures, earlier) if earlier else None
        return RecordMediaFinding(
            at=at,
            member=member,
            claim=worked.case.plot.key,
            sha256=exhibit.held.sha256,
            finding=kind,
            earliest_captured=seen if seen is not None and seen < at else None,
            earliest_claimed=earlier.at if earlier else None,
            note=NOTES[kind],
        )

    def _answer(self, worked: Worked, rng: Random) -> None:
        """An answer for each cell in which one was posted, resting on the settled verdict."""
        for cell_name, posted in sorted(worked.case.answers.items(), key=lambda pair: pair[1].at):
            assert worked.verdict_at is not None
            platform, language = CELL_NAMES[cell_name]
            editor = rng.choice((BLUE_EDITOR, GREEN_KEEPER))
            key = f"{worked.case.plot.key}/{cell_name}"
            drafted = max(worked.verdict_at + timedelta(minutes=3), posted.at - timedelta(minutes=25))
            worked.acts.append(
                DraftAnswer(
                    at=drafted, member=editor, claim=worked.case.plot.key, answer=key, text=posted.text,
                    language=language, platform=platform, evidence=(posted.link,),
                )
            )  # fmt: skip
            recorded = whole_second(posted.at + timedelta(minutes=rng.uniform(2, 12)))
            worked.acts.append(
                RecordPosted(
                    at=recorded, member=editor, claim=worked.case.plot.key, answer=key, url=address(posted),
                    posted_at=posted.at, post=posted.ref,
                )
            )  # fmt: skip
            worked.answered_by[cell_name] = "blue" if editor == BLUE_EDITOR else "green"

    def _silence(self, worked: Worked, rng: Random) -> None:
        """Where nobody answers, the silence is decided, with a review; at the review it is decided again."""
        if worked.case.answers or worked.verdict_at is None:
            return
        at = whole_second(min(worked.verdict_at + hours(rng.uniform(0.2, 1)), NOW - hours(0.5)))
        key, member = worked.case.plot.key, rng.choice((BLUE_EDITOR, GREEN_KEEPER))
        review = at + hours(rng.uniform(18, 30))
        first, again = phrases().silences
        if review >= NOW - hours(1):
            review = LONG_REVIEW
        worked.silent_since = at
        reach = views_at([c.draft for c in worked.case.coded if c.draft.platform == "x"], at)
        worked.acts.append(
            StaySilent(at=at, member=member, claim=key, reason=first, reach=reach or None, review_at=review)
        )
        while review < NOW:
            following = min(review + REVIEW_AGAIN, LONG_REVIEW)
            worked.acts.append(
                StaySilent(at=review, member=member, claim=key, reason=again, reach=reach or None, review_at=following)
            )
            worked.silent_since = review
            review = following


def _questions(plot: Plot, rng: Random) -> list[Question]:
    """Two questions: one about the place, and one about the page, the picture or the place again."""
    of = {about: [q for q in phrases().questions if q.about == about] for about in ("place", "picture", "page")}
    rng.shuffle(of["place"])
    if plot.claim_type is ClaimType.IMPERSONATION:
        second = of["page"][0]
    else:
        second = rng.choice(of["picture"]) if plot.media is not None else of["place"][1]
    return [of["place"][0], second]


def _verdict_time(worked: Worked, rng: Random) -> datetime:
    """When the second vote is in: before the first answer, or when there was time."""
    answers = [draft.at for draft in worked.case.answers.values()]
    if answers:
        return whole_second(min(answers) - hours(rng.uniform(0.3, 0.7)))
    return whole_second(min(worked.logged_at + hours(rng.uniform(9, 22)), NOW - hours(2)))


def coded_post(coded: Coded, at: datetime) -> CodedPost:
    """A post as it is coded at a time; views only where the platform shows them."""
    account = coded.draft.account
    return CodedPost(
        post=coded.draft.ref,
        source=SourceRef(account.platform, account.native_id, account.kind != "person"),
        cell=cell(coded.cell_name),
        maker_class=maker_class_of(account),
        at=coded.draft.at,
        code=coded.code,
        own_evidence=coded.own_evidence,
        qualified=coded.qualified,
        views=count(coded.draft, 1.0, at) if account.platform == "x" else None,
    )


def answer_post(worked: Worked, cell_name: str) -> CodedPost:
    """Our own answer as the measures see it: qualified, independent, with evidence."""
    draft = worked.case.answers[cell_name]
    code = {ClaimVerdict.FALSE: ReportCode.CORRECTS, ClaimVerdict.TRUE: ReportCode.CONFIRMS}
    return CodedPost(
        post=draft.ref,
        source=SourceRef(draft.platform, draft.account.native_id, public=True),
        cell=cell(cell_name),
        maker_class=maker_class_of(draft.account),
        at=draft.at,
        code=code.get(worked.case.plot.verdict, ReportCode.CONTESTS),
        own_evidence=True,
        qualified=True,
        ours=True,
    )


def first_seen(captures: Sequence[Capture], draft: Draft) -> datetime | None:
    """When a Telegram post was captured first."""
    series = "archive" if draft.home.part == "memory" else "telegram"
    return min((c.at for c in captures if c.series == series and c.since <= draft.at < c.at), default=None)
