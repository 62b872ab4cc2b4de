"""Rooms that pages are tested over: frozen rows of an invented week, and a note of every act.

`test_rooms.py` holds these classes against the real ones, signature by signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import msgspec
from PIL import Image

from dalil.archive.rows import IntakeRow, RejectRow
from dalil.desk import rows as desk_rows
from dalil.errors import Conflict, InputError, NotAllowed
from dalil.people.actor import Actor, Role, Status
from dalil.people.permissions import Act, may
from dalil.schema.casework import Cell
from dalil.schema.mappings import SavedMapping, TableField, TableMapping, checked
from dalil.schema.results import Interval, Match, Rate, Survival, SurvivalPoint, WeekResult
from dalil.schema.table_looks import ShownPost, TableLook
from dalil.schema.words import ClaimType, ClaimVerdict, Confidence, MakerClass, MediaFindingKind, ReportCode
from dalil.web.rows import AccountRule, ChainHead, KeptClass, LedgerEntry, LedgerState, NamesFound, OptionRow, Wish
from dalil.web.stash import Looked

if TYPE_CHECKING:
    # Models cannot be loaded before Django is configured: the functions below load what they need.
    from dalil.actions.scanning import ScanRow
    from dalil.jobs.queries import JobRow
    from dalil.people.queries import CircleRow, MemberRow, TokenRow

NOW = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)
ZONE = "Asia/Baghdad"
CLAIM = "a" * 32
THREAT = "b" * 32
SETTLED = "c" * 32
FRESH = "d" * 32
PICTURE = "8f3c" * 16
ITEM = "e7" * 32
JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_UNDO = "1" * 32, "2" * 32, "3" * 32, "5" * 32
INTAKE, UNDONE, REFERRED = "4" * 32, "40" * 16, "41" * 16
"""Imports: one that may be undone, one that was, one that claims refer to."""
WISH = "6" * 32
CODE = "right-code"
INVITATION = "good-invitation"
PASSPHRASE = "four quiet words here"

KEEPER = Actor("m1", "circle-blue", Role.KEEPER, "oak-17", Status.ACTIVE)
SPOTTER = Actor("m2", "circle-blue", Role.SPOTTER, "willow-04", Status.ACTIVE)
NEWCOMER = Actor("m3", "circle-blue", Role.CHECKER, "reed-21", Status.PROBATION)
ACTORS = {actor.member_id: actor for actor in (KEEPER, SPOTTER, NEWCOMER)}


def hours(value: float) -> timedelta:
    return timedelta(hours=value)


def cell(platform: str, language: str = "ar") -> Cell:
    return Cell(platform, language, "sahlara")


def row(number: int, claim_id: str, sentence: str, lang: str = "ar", **changes: Any) -> desk_rows.ClaimRow:
    """A claim like the others, but for `changes`."""
    plain = desk_rows.ClaimRow(
        claim_id=claim_id,
        number=number,
        sentence=sentence,
        sentence_lang=lang,
        claim_type=ClaimType.VICTORY,
        maker_class=MakerClass.GROUP,
        state="checking",
        cells=(cell("facebook"), cell("telegram")),
        sightings=23,
        views=41_000,
        t0=NOW - hours(9.1),
        logged_at=NOW - hours(8),
        crossed_at=NOW - hours(7),
        answered_at=None,
        waiting=hours(9.1),
        holder="willow-04",
        held_by="blue",
        verdict=None,
        silent_until=None,
        next_step="second_vote",
    )
    return msgspec.structs.replace(plain, **changes)


ROWS = [
    row(
        212,
        CLAIM,
        "الرتل الرمادي يقول إنه يسيطر على جسر تل نهر.",
        state="proposed",
        cells=(cell("facebook"), cell("telegram"), cell("x", "en")),
    ),
    row(
        215,
        THREAT,
        "صفحة تنشر قائمة بأسماء تقول إنهم متعاونون.",
        claim_type=ClaimType.THREAT,
        maker_class=MakerClass.SUPPORTER,
        state="logged",
        waiting=hours(6.66),
        t0=NOW - hours(6.66),
        views=18_500,
        holder=None,
        held_by=None,
        next_step="warn",
        cells=(cell("facebook"),),
    ),
    row(
        217,
        FRESH,
        "A photo is said to show the market at Dalya burning this morning.",
        "en",
        claim_type=ClaimType.CASUALTY,
        maker_class=MakerClass.UNKNOWN,
        state="logged",
        waiting=hours(1.17),
        t0=NOW - hours(1.17),
        views=6_200,
        holder=None,
        held_by="green",
        next_step="take",
        cells=(cell("telegram"), cell("x", "en")),
    ),
    row(
        188,
        SETTLED,
        "لاپەڕەیەک دەڵێت پارێزگار قەسر عەدلانی بە هێلیکۆپتەر جێهێشتووە.",
        "ckb",
        claim_type=ClaimType.WITHDRAWAL,
        maker_class=MakerClass.ALLY,
        state="settled",
        verdict=ClaimVerdict.FALSE,
        answered_at=NOW - hours(30),
        waiting=hours(4.5),
        next_step="none",
        cells=(cell("facebook", "ckb"),),
    ),
]
SILENT = row(
    201,
    "f" * 32,
    "صفحة تقول إن الرتل شوهد قرب الصومعة.",
    silent_until=NOW + hours(3.67),
    views=300,
    crossed_at=None,
    next_step="review_silence",
    state="taken",
)


def sightings() -> tuple[desk_rows.SightingRow, ...]:
    made = []
    for number, (platform, language, after, views, code) in enumerate(
        [
            ("telegram", "ar", 0.0, 3000, "carries"),
            ("facebook", "ar", 0.4, 2500, "carries"),
            ("facebook", "ar", 0.9, 8000, "carries"),
            ("telegram", "ar", 0.7, None, "carries"),
            ("facebook", "ar", 1.6, 20000, "carries"),
            ("telegram", "ar", 2.1, 1200, "carries"),
            ("facebook", "ar", 2.6, 7000, "carries"),
            ("facebook", "ar", 3.7, 1500, "contests"),
            ("x", "en", 4.8, 700, "carries"),
            ("x", "en", 5.6, 500, "confirms"),
        ]
    ):
        made.append(
            desk_rows.SightingRow(
                observation_id=f"{number:064x}",
                cell=cell(platform, language),
                at=NOW - hours(9.1 - after),
                source=None if number % 4 == 3 else "facebook:دالية اليوم",
                maker_class=MakerClass.INDEPENDENT if code == "contests" else MakerClass.GROUP,
                code=ReportCode(code),
                own_evidence=code == "contests",
                views=views,
                first=number == 0,
            )
        )
    return tuple(made)


CHECKS = (
    desk_rows.CheckRow(
        check_id="1" * 32,
        question="Is the picture from today?",
        method="Looked it up",
        finding="No. In our archive since 12 March 2025.",
        evidence=(ITEM,),
        confidence=Confidence.CERTAIN,
        circle="blue",
        at=NOW - hours(5),
    ),
    desk_rows.CheckRow(
        check_id="2" * 32,
        question="هل هذا تل نهر؟",
        method="مقارنة الأقواس",
        finding="لا، جسر سكة قصر عدلان: ثلاثة أقواس.",
        evidence=(),
        confidence=Confidence.LIKELY,
        circle="green",
        at=NOW - hours(4),
    ),
    desk_rows.CheckRow(
        check_id="3" * 32,
        question="Who holds the bridge?",
        method="",
        finding="",
        evidence=(),
        confidence=Confidence.OPEN,
        circle="blue",
        at=NOW - hours(3),
    ),
)
ANSWER = desk_rows.AnswerRow(
    answer_id="5" * 32,
    text="الجسر في الصورة هو جسر قصر عدلان، والصورة منشورة منذ تشرين الثاني ٢٠٢٣.",
    language="ar",
    platform="facebook",
    length=118,
    limit=200,
    posted_url=None,
    posted_at=None,
    circle="blue",
    at=NOW - hours(2),
)


def claim_page(claim: desk_rows.ClaimRow) -> desk_rows.ClaimPage:
    """A page with something in every part; the settled one has posted answers, the fresh one nothing."""
    if claim.claim_id == FRESH:
        return desk_rows.ClaimPage(
            row=claim,
            sightings=(),
            media=(),
            checks=(),
            votes=(),
            answers=(),
            silences=(),
            history=(),
            may=frozenset({"take", "code", "check", "find", "silence"}),
        )
    settled = claim.state == "settled"
    votes = [
        desk_rows.VoteRow(
            circle="green",
            mine=False,
            sealed=not settled,
            vote=ClaimVerdict.FALSE if settled else None,
            reason="The photo is older, and two outlets show the bridge empty." if settled else None,
            at=NOW - hours(2),
        )
    ]
    if settled:
        votes.append(
            desk_rows.VoteRow(
                circle="blue", mine=True, sealed=False, vote=ClaimVerdict.FALSE, reason="الصورة قديمة.", at=NOW
            )
        )
    posted = msgspec.structs.replace(
        ANSWER, answer_id="6" * 32, posted_url="https://social.example/posts/9", posted_at=NOW - hours(30)
    )
    return desk_rows.ClaimPage(
        row=claim,
        sightings=sightings(),
        media=(
            desk_rows.MediaFindingRow(
                sha256=PICTURE,
                finding=MediaFindingKind.RECYCLED,
                earliest_captured=datetime(2025, 3, 12, 9, 41, tzinfo=UTC),
                earliest_claimed=datetime(2023, 11, 4, 15, 0, tzinfo=UTC),
                note="A stone bridge with three arches, no people.",
                circle="blue",
                at=NOW - hours(5),
            ),
        ),
        checks=CHECKS,
        votes=tuple(votes),
        answers=(posted, ANSWER) if settled else (),
        silences=(
            desk_rows.SilenceRow(
                reason="Small, no new post for nine hours",
                reach=300,
                review_at=NOW - hours(1),
                circle="blue",
                at=NOW - hours(20),
                ended=True,
            ),
        )
        if settled
        else (),
        history=tuple(
            desk_rows.HistoryRow(at=NOW - hours(9 - n), event=event, circle="blue", detail="")
            for n, event in enumerate(["claim_logged", "claim_taken", "check_added", "vote_sealed"])
        ),
        may=frozenset({"code", "reopen", "answer", "post"} if settled else desk_acts(claim)),
    )


def desk_acts(claim: desk_rows.ClaimRow) -> set[str]:
    acts = {"code", "check", "find", "vote", "hand_over"}
    return acts | ({"warn", "take"} if claim.claim_type is ClaimType.THREAT else {"silence"})


def rate(k: int, n: int, low: float | None = None, high: float | None = None, **rest: Any) -> Rate:
    return Rate(numerator=k, n=n, value=k / n if n >= 10 else None, interval=Interval(low, high), **rest)


def curve(n: int, events: int, median: float | None) -> Survival:
    steps = [(0, 1.0), (1, 0.95), (2, 0.86), (3.5, 0.76), (5, 0.66), (6, 0.57), (7.3, 0.48), (10, 0.38)]
    steps += [(14, 0.3), (20, 0.24), (27, 0.24), (34, 0.19)]
    points = tuple(SurvivalPoint(h, s, max(s - 0.16, 0.0), min(s + 0.14, 1.0)) for h, s in steps)
    marks = tuple(
        SurvivalPoint(h, s, s - 0.15, min(s + 0.14, 1.0))
        for h, s in ((1, 0.95), (6, 0.57), (14, 0.3), (24, 0.24), (48, 0.19))
    )
    return Survival(n=n, events=events, median_hours=median, median=Interval(4.0, 11.0), curve=points, marks=marks)


def week_result(week: str = "2026-W20") -> WeekResult:
    few = rate(3, 7)
    return WeekResult(
        week=week,
        starts_at=datetime(2026, 5, 10, 21, tzinfo=UTC),
        ends_at=datetime(2026, 5, 17, 21, tzinfo=UTC),
        as_of=NOW - hours(1),
        zone=ZONE,
        panel_sources=38,
        missing_sources=2,
        claims=31,
        crossed=26,
        answered_or_decided=19,
        m0=rate(43, 50, 0.74, 0.94),
        m1=rate(13, 41, 0.19, 0.46, unknown=4, left_out=2),
        m1_by_platform={"facebook": rate(8, 18, 0.24, 0.66), "telegram": rate(5, 14, 0.16, 0.61), "x": few},
        m1_by_maker={"group": rate(9, 22, 0.23, 0.61), "state": rate(2, 11, 0.05, 0.48), "unknown": few},
        m1_without_ours=rate(20, 41, 0.34, 0.64, unknown=4),
        m3b=curve(21, 17, 7.33),
        m3=curve(18, 12, 10.5),
        m3_not_settled=7,
        m3_crossed=14,
        m3_split_hours={"t0_logged": 1.2, "logged_verdict": 5.5, "verdict_published": None},
        m11=rate(74, 118, 0.54, 0.71),
        m11_by_week={
            f"2026-W{n}": rate(k, 100 if n != 15 else 7, k / 100 - 0.08, k / 100 + 0.08)
            for n, k in zip(range(13, 21), [38, 35, 3, 47, 44, 52, 50, 63], strict=True)
        },
        partial=True,
        caveats=("partial", "week-not-over"),
    )


class Recorder:
    """Notes every act: (name, arguments)."""

    def __init__(self) -> None:
        self.acts: list[tuple[str, tuple[Any, ...]]] = []

    def note(self, name: str, *given: Any) -> None:
        self.acts.append((name, given))


class FakeDesk:
    def __init__(self, house: Any, record: Recorder) -> None:
        self.house = house
        self.record = record
        self.empty = False

    def board(self, actor: Actor) -> list[desk_rows.ClaimRow]:
        return [] if self.empty else [*ROWS, SILENT]

    def claim_page(self, actor: Actor, claim_id: str) -> desk_rows.ClaimPage:
        for claim in ROWS:
            if claim.claim_id == claim_id:
                return claim_page(claim)
        raise NotAllowed("no-such-thing")

    def unanswered(self, actor: Actor) -> list[desk_rows.ClaimRow]:
        return [] if self.empty else ROWS[:3]

    def silences_due(self, actor: Actor) -> list[desk_rows.ClaimRow]:
        return [] if self.empty else [SILENT]

    def waiting_tasks(self, actor: Actor) -> list[desk_rows.TaskRow]:
        if self.empty:
            return []
        first = ROWS[0]
        return [
            desk_rows.TaskRow(
                claim_id=first.claim_id,
                number=first.number,
                sentence=first.sentence,
                sentence_lang=first.sentence_lang,
                next_step="second_vote",
                since=NOW - hours(2),
            )
        ]

    def suggestions(self, actor: Actor) -> list[desk_rows.SuggestionRow]:
        if self.empty:
            return []
        return [
            desk_rows.SuggestionRow(
                suggestion_id="9" * 32,
                sentence="عاجل: الرتل الرمادي يقول إنه استولى على برج الإذاعة.",
                sentence_lang="ar",
                posts=14,
                accounts=9,
                first_at=NOW - hours(11),
                last_at=NOW - hours(1),
                observation_ids=(ITEM,),
            )
        ]

    def dismiss(self, actor: Actor, suggestion_id: str) -> None:
        self.record.note("dismiss", suggestion_id)

    def log_claim(self, actor: Actor, values: Any) -> str:
        self.record.note("log_claim", values)
        return CLAIM

    def take(self, actor: Actor, claim_id: str) -> None:
        self._known(claim_id, "take")

    def hand_over(self, actor: Actor, claim_id: str) -> None:
        self._known(claim_id, "hand_over")

    def record_warned(self, actor: Actor, claim_id: str) -> None:
        self._known(claim_id, "record_warned")

    def add_check(self, actor: Actor, claim_id: str, values: Any) -> None:
        self._known(claim_id, "add_check", values)

    def record_finding(self, actor: Actor, claim_id: str, values: Any) -> None:
        self._known(claim_id, "record_finding", values)

    def code_report(self, actor: Actor, claim_id: str, values: Any) -> None:
        self._known(claim_id, "code_report", values)

    def vote(self, actor: Actor, claim_id: str, values: Any) -> None:
        if claim_id == SETTLED:
            raise Conflict("value-wrong", name="vote", value="again", kind="open")
        self._known(claim_id, "vote", values)

    def reopen(self, actor: Actor, claim_id: str, values: Any) -> None:
        self._known(claim_id, "reopen", values)

    def draft_answer(self, actor: Actor, claim_id: str, values: Any) -> None:
        self._known(claim_id, "draft_answer", values)

    def record_posted(self, actor: Actor, claim_id: str, values: Any) -> None:
        self._known(claim_id, "record_posted", values)

    def stay_silent(self, actor: Actor, claim_id: str, values: Any) -> None:
        self._known(claim_id, "stay_silent", values)

    def end_silence(self, actor: Actor, claim_id: str) -> None:
        self._known(claim_id, "end_silence")

    def _known(self, claim_id: str, name: str, *values: Any) -> None:
        if claim_id not in {claim.claim_id for claim in ROWS}:
            raise NotAllowed("no-such-thing")
        self.record.note(name, claim_id, *values)


def match(**changes: Any) -> Match:
    plain = Match(
        observation_id=ITEM,
        media_sha256=PICTURE,
        method="pdq",
        score=0.91,
        decides=True,
        captured_at=datetime(2025, 3, 12, 9, 41, tzinfo=UTC),
        claimed_at=datetime(2023, 11, 4, 15, 0, tzinfo=UTC),
        source="telegram:Dalya Today",
        distance=22,
        variant="flip-x",
    )
    return msgspec.structs.replace(plain, **changes)


KNOWN = desk_rows.Known(
    claim_id=SETTLED,
    number=188,
    sentence=ROWS[3].sentence,
    verdict=ClaimVerdict.FALSE,
    media_finding=MediaFindingKind.RECYCLED,
    answer=ANSWER.text,
    answer_lang="ar",
)


def seen(kind: str, which: str) -> Any:
    """An answer of *Seen before?*: `held`, `alike` or `none`."""
    text = None if kind == "picture" else "الرتل الرمادي يقول إنه يسيطر على جسر تل نهر!!"
    sha256 = PICTURE if kind == "picture" else None
    method = "pdq" if kind == "picture" else "skeleton"
    distance = 22 if kind == "picture" else None

    def one(platform: str, known: Any, **changes: Any) -> SimpleNamespace:
        found = match(**({"media_sha256": sha256, "method": method, "distance": distance} | changes))
        return SimpleNamespace(
            match=found,
            known=known,
            text=text,
            platform=platform,
            method_note=method,
            source_name="دالية اليوم" if found.source == "telegram:Dalya Today" else None,
        )

    matches: tuple[SimpleNamespace, ...] = ()
    if which == "held":
        matches = (
            one("telegram", KNOWN),
            one(
                "facebook",
                None,
                captured_at=NOW - hours(2000),
                claimed_at=None,
                source="facebook:سهلارا لايف",
                variant="as-is",
            ),
            one("x", None, captured_at=NOW - hours(3), source="x", decides=False, distance=None, score=0.7),
        )
    if which == "alike":
        matches = (one("x", None, decides=False),)
    held = which == "held"
    return SimpleNamespace(
        query_kind=kind,
        matches=matches,
        captured_first=matches[0].match.captured_at if held else None,
        claimed_first=matches[0].match.claimed_at if held else None,
        as_of=NOW,
        archive_items=12_034,
        caveats=() if held else ("plain-picture",),
    )


def small_picture() -> bytes:
    stream = BytesIO()
    picture = Image.new("L", (240, 160), 90)
    picture.paste(160, (40, 60, 200, 120))
    picture.save(stream, "JPEG")
    return stream.getvalue()


def job(job_id: str, state: str, **changes: Any) -> JobRow:
    from dalil.jobs.models import State
    from dalil.jobs.queries import JobRow

    plain = JobRow(
        job_id=job_id,
        kind="import",
        circle="circle-blue",
        payload={},
        report={},
        state=State(state),
        step="import",
        step_number=0,
        step_count=2,
        attempts=1,
        done=12_400_000,
        total=31_000_000,
        unit="bytes",
        cancel_asked=False,
        error_code="",
        queued_at=NOW - hours(0.1),
        ended_at=None,
    )
    return msgspec.structs.replace(plain, **changes)


def told(state: str) -> dict[str, Any]:
    """What the import of three paths tells: a folder with two formats, one that nobody reads, one that is refused."""
    from dalil.actions.import_progress import ImportProgress, ImportRow, RowState

    posts = ImportRow(
        number=1,
        state=RowState.DONE,
        format="x-api-v2",
        intake=INTAKE,
        read=12_300,
        kept=12_034,
        known=211,
        rejected=22,
    )
    pages = ImportRow(number=1, state=RowState(state), format="crowdtangle-csv", intake="5" * 32, read=480, kept=480)
    other = ImportRow(number=1, state=RowState.SKIPPED, code="format-unknown", files=3)
    broken = ImportRow(number=2, state=RowState.REFUSED, code="archive-encrypted")
    found = ImportProgress(
        rows=(posts, pages, other, broken), number=2, paths=3, read=12_780, records_per_second=4_120.0
    )
    return msgspec.to_builtins(found)


def results(asked: Any) -> Any:
    """Thirty posts; none where "nothing" is searched for, very many where "frequent" is."""
    from dalil.actions.searching import Results, Row

    plain = Row(
        observation_id=ITEM,
        uid="telegram:9:1",
        text="الرتل الرمادي يقول إنه يسيطر على جسر تل نهر",
        platform="telegram",
        language="ar",
        at=NOW - hours(30),
        dated=True,
        captured_at=NOW - hours(20),
        source="telegram:9",
        source_name="راديو نهر",
        address="https://t.me/channel/1",
        media=(PICTURE,),
        kinds=("picture", "post"),
        found_by="all",
        captures=2,
    )
    private = msgspec.structs.replace(
        plain,
        uid="x:h:77",
        text="The bridge at Tel Nahr <b>stands</b>.",
        platform="x",
        language="en",
        dated=False,
        source=None,
        source_name=None,
        address=None,
        media=(),
        found_by="some",
        captures=1,
    )
    many = "frequent" in asked.text
    rows = () if "nothing" in asked.text else (plain, private) * 15
    return Results(
        rows=rows,
        total=10_000 if many else len(rows),
        at_least=many,
        ranked=200 if many else None,
        documents=12_034,
        waiting=40_000 if many else 0,
        as_of=NOW,
    )


TABLE = "0" * 32
MAPPING = TableMapping(
    name="",
    columns={
        "اسم الصفحة": TableField.ACCOUNT_NAME,
        "الرابط": TableField.ADDRESS,
        "نص المنشور": TableField.TEXT,
        "Likes": TableField.LIKES,
    },
    platform="facebook",
    zone=ZONE,
)
SAVED = SavedMapping(version=1, day="2026-05-10", mapping=msgspec.structs.replace(MAPPING, name="صفحات دالية"))


def table_look(mapping: TableMapping) -> TableLook:
    """A look at a table of pages with what a long one may hold: private and public posts, doubts, rejects."""
    header = ("اسم الصفحة", "الرابط", "نص المنشور", "Likes", "ملاحظات") if mapping.delimiter != "," else ("all in one",)
    rows = (
        ("دالية اليوم", "https://www.facebook.com/dalyatoday/posts/77", "السوق مفتوح هذا الصباح.", "1,234", ""),
        (
            "Sahlara Post",
            "https://www.facebook.com/sahlarapost/posts/78",
            "The bridge stands. " * 12,
            "12",
            "seen twice",
        ),
    )
    look = TableLook(
        header=header,
        rows=rows,
        encoding="utf-8",
        delimiter=";",
        mapping=mapping,
        is_template=mapping.name == "template",
    )
    try:
        checked(msgspec.structs.replace(mapping, name="x"))
    except InputError as error:
        return msgspec.structs.replace(look, problem=error.code, problem_facts=dict(error.facts))
    post = ShownPost(
        platform="facebook",
        author="دالية اليوم",
        public=True,
        id_quality="exact",
        posted_at=NOW,
        posted_precision="min",
        zone_basis="explicit",
        seen_at=None,
        text="السوق مفتوح هذا الصباح.",
        address=rows[0][1],
        counts={"likes": 1234, "comments": None},
        pictures=2,
        warnings=("zone-unknown",),
    )
    private = msgspec.structs.replace(
        post, author="facebook:h:" + "0" * 32, public=False, posted_at=None, counts={}, pictures=0
    )
    return msgspec.structs.replace(
        look, posts=(post, private), looked_at=5, rejected={"columns-differ": 2}, set_aside=1
    )


class FakeArchive:
    def __init__(self, house: Any, record: Recorder) -> None:
        self.house = house
        self.record = record
        self.empty = False
        self.obstacle = ""
        self.many = False

    def items(self) -> int:
        return 0 if self.empty else 12_034

    def example(self) -> str | None:
        return None if self.empty else "sample/market-today.jpg"

    def look_example(self, actor: Actor) -> Looked:
        return Looked(seen("picture", "held"), picture=small_picture())

    def look_picture(self, actor: Actor, data: bytes) -> Looked:
        if not data.startswith((b"\x89PNG", b"GIF")):
            raise InputError("format-unknown", name="picture", head="..")
        which = {b"GIF": "none"}.get(data[:3], "held" if len(data) > 100 else "alike")
        return Looked(seen("picture", which), picture=small_picture())

    def look_text(self, actor: Actor, text: str) -> Looked:
        return Looked(seen("text", "none" if "nothing" in text else "held"), text=text)

    def search(self, actor: Actor, asked: Any) -> Any:
        self.record.note("search", asked)
        return results(asked)

    def thumbnail(self, actor: Actor, sha256: str) -> bytes:
        if sha256 != PICTURE:
            raise NotAllowed("no-such-thing")
        return small_picture()

    def names(self, uids: Any) -> dict[str, str]:
        return {}

    def formats(self) -> list[Any]:
        names = [("x-api-v2", "X API v2, JSON or JSON lines"), ("telegram-desktop", "Telegram Desktop export")]
        return [SimpleNamespace(name=name, about=about) for name, about in names]

    def options(self) -> list[Any]:
        rows = [("page", ("facebook-download",)), ("public", ("telethon",)), ("zone", ("telegram-desktop",))]
        named = [OptionRow(name, formats, "") for name, formats in rows]
        return [*named, OptionRow("depth", ("x-api-v2",), "How deep a plug-in looks.")]

    def receive(self, actor: Actor, files: Any, *, source_format: str | None, options: Any) -> str:
        self.record.note("receive", [(file.size) for file in files], source_format, options)
        return JOB_RUNNING

    def job(self, actor: Actor, job_id: str) -> JobRow:
        for found in self.jobs(actor):
            if found.job_id == job_id:
                return found
        raise NotAllowed("no-such-thing")

    def jobs(self, actor: Actor) -> list[JobRow]:
        if self.empty:
            return []
        return [
            job(JOB_RUNNING, "running", report=told("running")),
            job(JOB_DONE, "done", ended_at=NOW, report=told("done")),
            job(JOB_FAILED, "failed", error_code="disk-full", ended_at=NOW),
            job(JOB_UNDO, "running", kind="undo", unit="items", report={"intake": REFERRED}),
        ]

    def cancel(self, actor: Actor, job_id: str) -> None:
        self.record.note("cancel", job_id)

    def intakes(self) -> list[IntakeRow]:
        others = [self._intake(UNDONE, "undone"), self._intake(REFERRED)] if self.many else []
        return [] if self.empty else [self._intake(), *others]

    def _intake(self, intake_id: str = INTAKE, state: str = "stopped") -> IntakeRow:
        row = self._plain_intake(intake_id)
        if state != "undone":
            return row
        return msgspec.structs.replace(row, state="undone", undone="2026-05-18", undone_by="circle-blue", gone=11_900)

    def _plain_intake(self, intake_id: str) -> IntakeRow:
        return IntakeRow(
            intake_id=intake_id,
            received_sha256="ab" * 32,
            received_bytes=31_000_000,
            source_format="x-api-v2",
            importer_version="1",
            collected_by="circle-blue",
            day=date(2026, 5, 17),
            state="stopped",
            code=None,
            read=12_240,
            includes=3,
            kept=12_034,
            known=180,
            quarantined=4,
            rejected={"json-broken": 20, "no-author": 2},
            ignored={},
            locators_not_kept=0,
            options={"zone": "Asia/Baghdad", "public": "yes"},
            taken_over=40 if intake_id == REFERRED else 0,
        )

    def intake(self, intake_id: str) -> IntakeRow:
        if intake_id not in (INTAKE, UNDONE, REFERRED):
            raise NotAllowed("no-such-thing")
        return self._intake(intake_id, "undone" if intake_id == UNDONE else "stopped")

    def undoable(self, actor: Actor, rows: Any) -> set[str]:
        return {row.intake_id for row in rows if may(actor, Act.UNDO) and row.state != "undone"}

    def undo_plan(self, actor: Actor, intake_id: str) -> Any:
        from dalil.actions.undoing import UndoPlan
        from dalil.desk.referring import ClaimNaming, Naming

        row = self.intake(intake_id)
        if not may(actor, Act.UNDO):
            raise NotAllowed("no-such-thing")
        if row.state == "undone":
            raise Conflict("intake-undone")
        named = Naming((ClaimNaming(CLAIM, 41, 3), ClaimNaming(THREAT, 42, 1)), 4, 1, 0)
        return UndoPlan(
            intake=intake_id,
            observations=11_994,
            along=3,
            media=310,
            rejects=22,
            shared=40,
            known=row.known,
            named=named if intake_id == REFERRED else Naming((), 0, 0, 0),
            obstacle="undo-referred" if intake_id == REFERRED else self.obstacle,
        )

    def undo(self, actor: Actor, intake_id: str) -> str:
        plan = self.undo_plan(actor, intake_id)
        if plan.obstacle:
            raise Conflict(plan.obstacle, items=4, claims=2, held=1)
        self.record.note("undo", intake_id)
        return JOB_UNDO

    def undo_job(self, actor: Actor, intake_id: str) -> JobRow | None:
        return self.job(actor, JOB_UNDO) if intake_id == REFERRED else None

    def colour(self, circle_id: str) -> str:
        return "blue" if circle_id == "circle-blue" else ""

    def rejects(self, intake_id: str) -> list[RejectRow]:
        self.intake(intake_id)
        return [RejectRow(f"posts.jsonl:{n}", "json-broken", "cd" * 32) for n in range(1, 23)]

    def capture(self, actor: Actor, values: Any) -> str:
        self.record.note("capture", values)
        return ITEM

    def reads_pictures(self) -> bool:
        return not self.empty

    def scans(self, actor: Actor, item: str) -> list[ScanRow]:
        if item != ITEM or self.empty:
            return []
        from dalil.actions.scanning import ScanRow

        text = "الجسر في تل نهر ما زال قائما"
        return [
            ScanRow(
                sha256=PICTURE, text=text, words=7, confidence=91.4, method="tesseract", method_version="1 5.3.0 ara"
            )
        ]


class FakeTables:
    """One table that waits under `TABLE`; its look follows the mapping that it is looked through."""

    def __init__(self, house: Any, record: Recorder) -> None:
        self.house = house
        self.record = record
        self.empty = False

    def begin(self, actor: Actor, file: Any) -> str:
        if not file.read(1):
            raise InputError("format-unknown", name="table", head="nothing")
        self.record.note("table")
        return TABLE

    def look(self, actor: Actor, token: str, mapping: TableMapping | None) -> TableLook:
        if token != TABLE:
            raise NotAllowed("no-such-thing")
        return table_look(mapping or MAPPING)

    def fitting(self, actor: Actor, look: TableLook) -> SavedMapping | None:
        return None if self.empty else SAVED

    def saved(self, actor: Actor) -> list[SavedMapping]:
        return [] if self.empty else [SAVED]

    def find(self, actor: Actor, name: str) -> SavedMapping:
        if name != SAVED.mapping.name:
            raise InputError("mapping-unknown", name=name)
        return SAVED

    def save(self, actor: Actor, mapping: TableMapping) -> SavedMapping:
        checked(mapping)
        self.record.note("mapping", mapping)
        return SavedMapping(version=2, day="2026-05-17", mapping=mapping)

    def bring_in(self, actor: Actor, token: str, row: SavedMapping | None) -> str:
        self.record.note("bring in", token, row.version if row else None)
        return JOB_RUNNING

    def forget(self, actor: Actor, token: str) -> None:
        self.record.note("forget", token)

    def of_job(self, actor: Actor, job_id: str, number: int) -> str:
        if (job_id, number) != (JOB_RUNNING, 1):
            raise NotAllowed("no-such-thing")
        return TABLE

    def template(self, language: str) -> bytes:
        return language.encode()


class FakePeople:
    def __init__(self, house: Any, record: Recorder) -> None:
        self.house = house
        self.record = record

    def actor_for(self, member_id: str, session_nonce: str) -> Actor | None:
        return ACTORS.get(member_id) if session_nonce == "nonce" else None

    def session_nonce(self, actor: Actor) -> str:
        return "nonce"

    def colour_of(self, circle_id: str) -> str:
        return "blue"

    def log_in(self, values: Any) -> Actor:
        if values["passphrase"] != PASSPHRASE:
            raise InputError("passphrase-wrong")
        return KEEPER

    def one_time_login(self, code: str) -> Actor:
        if code != CODE:
            raise InputError("code-wrong")
        return KEEPER

    def recover(self, values: Any) -> Actor:
        self.record.note("recover", values["pseudonym"])
        return KEEPER

    def join(self, values: Any) -> tuple[Actor, tuple[str, ...]]:
        if values["code"] != INVITATION:
            raise InputError("code-wrong")
        return NEWCOMER, ("gate-moss-41", "salt-reed-07")

    def members(self, actor: Actor) -> list[MemberRow]:
        from dalil.people.queries import MemberRow

        return [
            MemberRow(
                member_id=one.member_id,
                pseudonym=one.pseudonym,
                role=one.role,
                status=one.status,
                confirmations=1 if one is NEWCOMER else 0,
                revocations=0,
                i_confirmed=False,
                i_revoked=False,
            )
            for one in ACTORS.values()
        ]

    def circles(self) -> list[CircleRow]:
        from dalil.people.queries import CircleRow

        return [
            CircleRow(circle_id="circle-blue", colour="blue", sign_public="", seal_recipient="", home=True),
            CircleRow(circle_id="circle-green", colour="green", sign_public="", seal_recipient="", home=False),
        ]

    def may_invite(self, actor: Actor) -> bool:
        return may(actor, Act.INVITE)

    def invite(self, actor: Actor, role: str) -> str:
        self.record.note("invite", role)
        return "gate-moss-salt-41"

    def confirm(self, actor: Actor, member_id: str) -> None:
        self.record.note("confirm", member_id)

    def revoke(self, actor: Actor, member_id: str) -> None:
        self.record.note("revoke", member_id)

    def tokens(self, actor: Actor) -> list[TokenRow]:
        from dalil.people.queries import TokenRow

        return [TokenRow(label="k7m", ends=date(2026, 6, 15))] if actor is KEEPER else []

    def make_token(self, actor: Actor) -> tuple[str, str]:
        self.record.note("make_token")
        return "q2w", "aaaaa-bbbbb-ccccc-ddddd"

    def revoke_token(self, actor: Actor, label: str) -> None:
        self.record.note("revoke_token", label)

    def has_totp(self, actor: Actor) -> bool:
        return False

    def begin_totp(self, actor: Actor) -> str:
        return "JBSWY3DPEHPK3PXP"

    def enable_totp(self, actor: Actor, code: str) -> None:
        self.record.note("enable_totp", code)

    def log_out_everywhere(self, actor: Actor) -> None:
        self.record.note("log_out_everywhere", actor.member_id)


class FakeWeeks:
    def __init__(self, house: Any, record: Recorder) -> None:
        self.house = house
        self.record = record
        self.empty = False

    def saved(self, week: str) -> WeekResult | None:
        return None if self.empty or week != "2026-W20" else week_result(week)

    def request(self, actor: Actor, week: str) -> str:
        self.record.note("request", week)
        return JOB_RUNNING


class FakeLedger:
    def __init__(self, house: Any, record: Recorder) -> None:
        self.house = house
        self.record = record
        self.damages: tuple[str, ...] = ()

    def state(self, actor: Actor) -> LedgerState:
        return LedgerState(
            damages=self.damages,
            heads=(ChainHead("blue", 481, "ab" * 32), ChainHead("", 12, "cd" * 32)),
            entries=(LedgerEntry(date(2026, 5, 17), 14, "claim.checked"),),
        )


class FakeKeeping:
    def __init__(self, house: Any, record: Recorder) -> None:
        self.house = house
        self.record = record
        self.empty = False

    def rules(self, actor: Actor) -> list[AccountRule]:
        return [AccountRule("*", "page", True), AccountRule("x", "account", False)]

    def listed(self, actor: Actor) -> int:
        return 0 if self.empty else 12

    def classes(self, actor: Actor) -> list[KeptClass]:
        return [KeptClass("settled", None), KeptClass("posts", 400)]

    def wishes(self, actor: Actor) -> list[Wish]:
        if self.empty:
            return []
        return [
            Wish(WISH, "expunge", "harm", ITEM, "", "", False),
            Wish("8" * 32, "public", "", "", "telegram", "dalya_today", True),
        ]

    def propose_account(self, actor: Actor, values: Mapping[str, Any]) -> str:
        self.record.note("propose_account", values["kind"], values["platform"], values["handle"])
        return WISH

    def propose_item(self, actor: Actor, values: Mapping[str, Any]) -> str:
        self.record.note("propose_item", values["kind"], values["item"], values["reason"])
        return WISH

    def agree(self, actor: Actor, agreement_id: str) -> None:
        self.record.note("agree", agreement_id)

    def withdraw(self, actor: Actor, agreement_id: str) -> None:
        self.record.note("withdraw", agreement_id)

    def names(self, actor: Actor, name: str) -> NamesFound:
        self.record.note("names")
        if self.empty:
            return NamesFound(0, (), {})
        return NamesFound(1, (ITEM,), {"posts.text": 2})


def house(*, demo: bool = True) -> SimpleNamespace:
    """As much of a house as pages look at."""
    return SimpleNamespace(
        now=lambda: NOW,
        clock=lambda: NOW,
        region="sahlara",
        workspace=SimpleNamespace(zone=ZONE, demo=demo),
    )


def rooms(*, demo: bool = True) -> SimpleNamespace:
    """All rooms, and `record` of what was done in them."""
    place, record = house(demo=demo), Recorder()
    return SimpleNamespace(
        house=place,
        record=record,
        desk=FakeDesk(place, record),
        archive=FakeArchive(place, record),
        people=FakePeople(place, record),
        weeks=FakeWeeks(place, record),
        ledger=FakeLedger(place, record),
        keeping=FakeKeeping(place, record),
        tables=FakeTables(place, record),
    )
