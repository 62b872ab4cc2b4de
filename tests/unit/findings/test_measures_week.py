"""The week's figures against slow oracles, and what must never move them."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.findings import measures as oracle
from oracles.findings.measures import AS_OF, CELLS, END, START, WEEK, ZONE, World

from dalil.findings.measures import LogCheck, MediaCount, week
from dalil.schema.casework import ClaimTimeline, PanelCapture, PanelSource, PanelVersion, Report
from dalil.schema.results import WeekResult
from dalil.schema.words import CaptureState, ClaimType, ClaimVerdict, MakerClass, ReportCode

SEEDS = st.integers(0, 10**6)
HOUR = timedelta(hours=1)


def compute(world: World, **more: object) -> WeekResult:
    given_ = {"week": WEEK, "zone": ZONE, "as_of": AS_OF, **more}
    return week(world.timelines, world.reports, world.panel, world.captures, **given_)  # type: ignore[arg-type]


@settings(max_examples=40)
@given(SEEDS)
def test_m1_is_the_oracles(seed: int) -> None:
    world = World(seed)
    result, wanted = compute(world), oracle.m1(world)
    for rate, units in ((result.m1, wanted["known"]), (result.m1_without_ours, wanted["without_ours"])):
        assert (rate.n, rate.numerator) == (len(units), sum(alone for _, _, alone in units))
        assert rate.value == (pytest.approx(rate.numerator / rate.n) if rate.n >= 10 else None)
        assert rate.unknown == len(wanted["unknown"])
        assert rate.left_out == len(wanted["left_out"])
    by_platform = {unit[1].split(":")[0] for unit in wanted["known"] + wanted["unknown"]}
    assert set(result.m1_by_platform) == by_platform
    assert sum(rate.n for rate in result.m1_by_platform.values()) == result.m1.n
    assert sum(rate.n for rate in result.m1_by_maker.values()) == result.m1.n
    assert "unknown" not in result.m1_by_maker


@settings(max_examples=30)
@given(SEEDS)
def test_waiting_times_are_the_oracles(seed: int) -> None:
    world = World(seed)
    result = compute(world)
    control = [
        claim
        for claim in world.timelines
        if claim.claim_type in ("victory", "withdrawal", "capture")
        and END - timedelta(days=28) <= claim.t0 < AS_OF
        and claim.logged_at <= AS_OF
    ]
    known = [claim for claim in control if claim.maker_class != "unknown"]
    second = _waits(known, world, oracle.independent)
    assert (result.m3b.n, result.m3b.events) == (len(known), sum(answered for _, answered in second))
    assert result.m3b.left_out == len(control) - len(known)
    false = [c for c in control if c.verdict == "false" and c.verdict_at is not None and c.verdict_at <= AS_OF]
    answered = _waits(false, world, oracle.answers)
    assert (result.m3.n, result.m3.events) == (len(false), sum(done for _, done in answered))
    settled = [c for c in control if c.verdict is not None and c.verdict_at is not None and c.verdict_at <= AS_OF]
    assert result.m3_not_settled == len(control) - len(settled)
    crossed = [oracle.crossing(claim, world.reports, world.panel, AS_OF) for claim in false]
    assert result.m3_crossed == sum(at is not None for at in crossed)
    for survival, waits in ((result.m3b, second), (result.m3, answered)):
        for mark in survival.marks:
            assert mark.share == pytest.approx(oracle.kaplan_meier(waits, mark.hours))


def _waits(claims: list[ClaimTimeline], world: World, times: object) -> list[tuple[float, bool]]:
    found = []
    for claim in claims:
        at = min(times(claim, world.reports, AS_OF), default=None)  # type: ignore[operator]
        found.append((max(((at or AS_OF) - claim.t0) / HOUR, 0.0), at is not None))
    return found


@settings(max_examples=40)
@given(SEEDS, SEEDS)
def test_an_extra_independent_report_never_raises_m1(seed: int, other: int) -> None:
    world, rng = World(seed), random.Random(other)
    before = compute(world)
    claim = rng.choice(world.timelines)
    world.reports.append(
        Report(
            claim_id=claim.claim_id,
            cell=claim.cell,
            observation_id="extra",
            source_uid="outlet:new",
            maker_class=rng.choice([MakerClass.INDEPENDENT, MakerClass.STATE, MakerClass.GROUP]),
            at=claim.t0 + rng.random() * 40 * HOUR,
            code=ReportCode.CONTESTS,
            own_evidence=True,
        )
    )
    after = compute(world)
    assert after.m1.n == before.m1.n
    assert after.m1.numerator <= before.m1.numerator
    assert after.m1_without_ours.numerator <= before.m1_without_ours.numerator
    assert after.m3b.events >= before.m3b.events


@settings(max_examples=40)
@given(SEEDS, SEEDS)
def test_more_accounts_never_inflate_m1(seed: int, other: int) -> None:
    """A thousand new accounts that carry a claim change nothing at all."""
    world, rng = World(seed), random.Random(other)
    before = compute(world)
    for n in range(1000):
        claim = rng.choice(world.timelines)
        world.reports.append(
            Report(
                claim_id=claim.claim_id,
                cell=claim.cell,
                observation_id=f"flood-{n}",
                source_uid=f"{claim.cell.platform}:flood-{n}",
                maker_class=claim.maker_class,
                at=claim.t0 + rng.random() * HOUR,
                code=ReportCode.CARRIES,
                own_evidence=True,
                views=10**6,
            )
        )
    assert compute(world) == before


@settings(max_examples=40)
@given(SEEDS, SEEDS)
def test_silence_never_improves_m3(seed: int, other: int) -> None:
    world, rng = World(seed), random.Random(other)
    before = compute(world)
    world.timelines = [
        msgspec.structs.replace(claim, silent_since=claim.t0 + HOUR) if rng.random() < 0.5 else claim
        for claim in world.timelines
    ]
    after = compute(world)
    assert (after.m1, after.m3, after.m3b, after.m3_not_settled) == (
        before.m1,
        before.m3,
        before.m3b,
        before.m3_not_settled,
    )


@settings(max_examples=40)
@given(SEEDS, SEEDS)
def test_settling_later_never_hides_a_claim(seed: int, other: int) -> None:
    """A claim whose verdict is put off leaves M3, and shows among those not settled."""
    world = World(seed)
    before = compute(world)
    rng = random.Random(other)
    put_off = {id(claim) for claim in world.timelines if rng.random() < 0.5}
    world.timelines = [
        msgspec.structs.replace(claim, verdict=None, verdict_at=None) if id(claim) in put_off else claim
        for claim in world.timelines
    ]
    after = compute(world)
    assert after.m3.n <= before.m3.n
    assert after.m3_not_settled - before.m3_not_settled >= before.m3.n - after.m3.n
    assert after.m3b == before.m3b


@settings(max_examples=20)
@given(SEEDS)
def test_the_order_of_what_is_handed_over_does_not_matter(seed: int) -> None:
    world = World(seed)
    before = compute(world)
    rng = random.Random(seed)
    for part in (world.timelines, world.reports, world.captures):
        rng.shuffle(part)
    assert compute(world) == before


@settings(max_examples=20)
@given(SEEDS)
def test_what_happens_after_as_of_is_not_known(seed: int) -> None:
    world = World(seed)
    early = START + 3 * timedelta(days=1)
    before = compute(world, as_of=early)
    world.reports = [report for report in world.reports if report.at <= early]
    world.timelines = [claim for claim in world.timelines if claim.logged_at <= early]
    assert compute(world, as_of=early) == before
    assert "week-not-over" in before.caveats


def small(**changes: object) -> World:
    """One claim by the group in one cell, carried by three panel sources at 0, 1 and 2 h on Tuesday noon."""
    world = World(0, claims=0)
    cell = CELLS[0]
    makers = [MakerClass.GROUP] * 3 + [MakerClass.INDEPENDENT] * 5
    world.panel = PanelVersion(
        version=1,
        quarter="2026-Q2",
        sources=tuple(
            PanelSource(source_uid=f"facebook:{n}", cell=cell, maker_class=maker) for n, maker in enumerate(makers)
        ),
    )
    t0 = START + 36 * HOUR
    claim = ClaimTimeline(
        claim_id="claim",
        cell=cell,
        claim_type=ClaimType.VICTORY,
        maker_class=MakerClass.GROUP,
        t0=t0,
        logged_at=t0 + HOUR,
        verdict=ClaimVerdict.FALSE,
        verdict_at=t0 + 3 * HOUR,
    )
    world.timelines = [msgspec.structs.replace(claim, **changes)]
    world.reports = [carry(claim, f"facebook:{n}", t0 + n * HOUR) for n in range(3)]
    world.captures = [
        PanelCapture(source.source_uid, START.date() + timedelta(days=n), CaptureState.COMPLETE)
        for source in world.panel.sources
        for n in range(1, 8)
    ]
    return world


def carry(claim: ClaimTimeline, source: str, at: object, **more: object) -> Report:
    values: dict[str, object] = {
        "claim_id": claim.claim_id,
        "cell": claim.cell,
        "observation_id": f"{source}@{at}",
        "source_uid": source,
        "maker_class": MakerClass.GROUP,
        "at": at,
        "code": ReportCode.CARRIES,
        **more,
    }
    return Report(**values)  # type: ignore[arg-type]


def independent(world: World, after_mark: timedelta, **more: object) -> Report:
    """An independent outlet contests with its own evidence, so long after the 24-hour mark."""
    claim = world.timelines[0]
    crossed = claim.t0 + 2 * HOUR
    values = {"maker_class": MakerClass.INDEPENDENT, "code": ReportCode.CONTESTS, "own_evidence": True, **more}
    return carry(claim, "outlet:1", crossed + 24 * HOUR + after_mark, **values)


def m1_numbers(world: World) -> tuple[int, int, int, int]:
    rate = compute(world).m1
    return rate.numerator, rate.n, rate.unknown, rate.left_out


def test_a_claim_nobody_else_reported_stands_alone() -> None:
    assert m1_numbers(small()) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("after_mark", "more", "alone"),
    [
        (timedelta(0), {}, 0),
        (timedelta(microseconds=1), {}, 1),
        (-HOUR, {"own_evidence": False}, 1),
        (-HOUR, {"code": ReportCode.CARRIES}, 1),
        (-HOUR, {"code": ReportCode.CONFIRMS}, 0),
        (-HOUR, {"code": ReportCode.CORRECTS}, 0),
        (-HOUR, {"maker_class": MakerClass.SUPPORTER}, 1),
        (-HOUR, {"maker_class": MakerClass.STATE}, 0),
        (-HOUR, {"maker_class": MakerClass.UNKNOWN}, 1),
        (-HOUR, {"cell": CELLS[1]}, 1),
        (-HOUR, {"claim_id": "another"}, 1),
    ],
)
def test_what_makes_a_report_independent(after_mark: timedelta, more: dict[str, object], alone: int) -> None:
    world = small()
    world.reports.append(independent(world, after_mark, **more))
    assert m1_numbers(world) == (alone, 1, 0, 0)


def test_our_own_answer_counts_and_is_shown_apart() -> None:
    world = small()
    world.reports.append(independent(world, -HOUR, ours=True))
    result = compute(world)
    assert (result.m1.numerator, result.m1_without_ours.numerator) == (0, 1)


def test_two_sources_do_not_cross_and_a_set_threshold_may_be_lower() -> None:
    world = small()
    world.reports = world.reports[:2]
    assert m1_numbers(world) == (0, 0, 0, 0)
    world.panel = msgspec.structs.replace(world.panel, thresholds={str(CELLS[0]): 2})
    assert m1_numbers(world) == (1, 1, 0, 0)


def test_one_source_three_times_is_one_source() -> None:
    world = small()
    world.reports = [msgspec.structs.replace(report, source_uid="facebook:0") for report in world.reports]
    assert m1_numbers(world) == (0, 0, 0, 0)


def test_a_source_of_another_cell_does_not_count() -> None:
    world = small()
    world.panel = msgspec.structs.replace(
        world.panel,
        sources=(
            PanelSource(source_uid="facebook:0", cell=CELLS[1], maker_class=MakerClass.GROUP),
            *world.panel.sources[1:],
        ),
    )
    assert m1_numbers(world) == (0, 0, 0, 0)


def test_an_unknown_maker_is_left_out_and_counted() -> None:
    result = compute(small(maker_class=MakerClass.UNKNOWN))
    assert (result.m1.n, result.m1.left_out) == (0, 1)
    assert (result.m3b.n, result.m3b.left_out) == (0, 1)
    assert result.m3.n == 1  # who made it does not matter to an answer


@pytest.mark.parametrize(("incomplete", "unknown"), [(0, 0), (1, 0), (2, 1)])
def test_below_four_fifths_captured_it_is_unknown(incomplete: int, unknown: int) -> None:
    """Five independent sources: four complete are enough, three are not; the group's own do not matter."""
    world = small()
    gone = {f"facebook:{3 + n}" for n in range(incomplete)} | {"facebook:0"}
    world.captures = [c for c in world.captures if not (c.source_uid in gone and c.day.isoformat() == "2026-05-13")]
    assert m1_numbers(world) == (1 - unknown, 1 - unknown, unknown, 0)


def test_partial_is_not_complete_and_the_better_of_two_counts() -> None:
    world = small()
    day = START.date() + timedelta(days=2)
    for n in range(3, 8):
        world.captures.append(PanelCapture(f"facebook:{n}", day, CaptureState.PARTIAL))
    assert m1_numbers(world) == (1, 1, 0, 0)
    world.captures = [c for c in world.captures if c.day != day or c.state == CaptureState.PARTIAL]
    assert m1_numbers(world) == (0, 0, 1, 0)


def test_without_an_independent_source_nothing_is_known() -> None:
    world = small()
    world.panel = msgspec.structs.replace(world.panel, sources=world.panel.sources[:3])
    assert m1_numbers(world) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("mark", "counted"),
    [
        (START, 1),
        (START - timedelta(microseconds=1), 0),
        (END - timedelta(microseconds=1), 1),
        (END, 0),
    ],
)
def test_the_mark_decides_the_week(mark: datetime, counted: int) -> None:
    world = small()
    world.reports = [carry(world.timelines[0], f"facebook:{n}", mark - (26 - n) * HOUR) for n in range(3)]
    world.captures += [
        PanelCapture(source.source_uid, START.date() + timedelta(days=n), CaptureState.COMPLETE)
        for source in world.panel.sources
        for n in range(-3, 14)
    ]
    assert compute(world, as_of=END + 30 * HOUR).m1.n == counted


def test_a_mark_that_has_not_come_is_not_counted() -> None:
    world = small()
    assert compute(world, as_of=START + 61 * HOUR).m1.n == 0
    assert compute(world, as_of=START + 62 * HOUR).m1.n == 1


def answer(world: World, hours: float, **more: object) -> Report:
    claim = world.timelines[0]
    values = {"code": ReportCode.CORRECTS, "qualified": True, "ours": True, "own_evidence": True, **more}
    return carry(claim, "ours:1", claim.t0 + hours * HOUR, **{"maker_class": MakerClass.INDEPENDENT, **values})


@pytest.mark.parametrize(
    ("more", "events"),
    [
        ({}, 1),
        ({"ours": False}, 1),
        ({"ours": False, "maker_class": MakerClass.STATE}, 0),
        ({"qualified": False}, 0),
        ({"code": ReportCode.CARRIES}, 0),
        ({"cell": CELLS[2]}, 0),
    ],
)
def test_what_makes_an_answer_qualified(more: dict[str, object], events: int) -> None:
    world = small()
    world.reports.append(answer(world, 5, **more))
    assert compute(world).m3.events == events


def test_an_answer_known_by_its_publication_alone_counts() -> None:
    world = small()
    t0 = world.timelines[0].t0
    world.timelines = [msgspec.structs.replace(world.timelines[0], published_at=t0 + 4 * HOUR)]
    assert compute(world).m3.events == 1
    world.timelines = [msgspec.structs.replace(world.timelines[0], published_at=AS_OF + HOUR)]
    assert compute(world).m3.events == 0


@pytest.mark.parametrize("kind", list(ClaimType))
def test_waiting_is_measured_for_claims_of_control_alone(kind: ClaimType) -> None:
    result = compute(small(claim_type=kind))
    counted = int(kind in (ClaimType.VICTORY, ClaimType.WITHDRAWAL, ClaimType.CAPTURE))
    assert (result.m3.n, result.m3b.n) == (counted, counted)
    assert result.m1.n == 1


@pytest.mark.parametrize(("verdict", "counted"), [(None, 0), (ClaimVerdict.TRUE, 0), (ClaimVerdict.UNPROVEN, 0)])
def test_m3_is_of_false_claims_and_m3b_of_all(verdict: ClaimVerdict | None, counted: int) -> None:
    result = compute(small(verdict=verdict))
    assert (result.m3.n, result.m3b.n, result.m3_not_settled) == (counted, 1, int(verdict is None))


@pytest.mark.parametrize(("t0", "counted"), [(END - timedelta(days=28), 1), (END - timedelta(days=28, seconds=1), 0)])
def test_28_days_end_with_the_week(t0: object, counted: int) -> None:
    assert compute(small(t0=t0)).m3b.n == counted


def many(n: int, **changes: object) -> World:
    """The small world's claim n times over, under names of their own."""
    world = small(**changes)
    claims = [msgspec.structs.replace(world.timelines[0], claim_id=f"claim-{k}") for k in range(n)]
    world.reports = [
        msgspec.structs.replace(report, claim_id=claim.claim_id) for claim in claims for report in world.reports
    ]
    world.timelines = claims
    return world


def test_the_split_is_by_medians_of_those_with_both_ends() -> None:
    world = many(12)
    world.timelines = [
        msgspec.structs.replace(claim, published_at=claim.t0 + 7 * HOUR) if n < 10 else claim
        for n, claim in enumerate(world.timelines)
    ]
    assert compute(world).m3_split_hours == {"t0_logged": 1.0, "logged_verdict": 2.0, "verdict_published": 4.0}
    world.timelines[0] = msgspec.structs.replace(world.timelines[0], published_at=None)
    assert compute(world).m3_split_hours["verdict_published"] is None


def test_crossed_and_decided_are_counted_by_claim() -> None:
    world = many(3)
    world.timelines[0] = msgspec.structs.replace(world.timelines[0], silent_since=START + 50 * HOUR)
    world.reports.append(msgspec.structs.replace(answer(world, 5), claim_id="claim-1"))
    result = compute(world)
    assert (result.claims, result.crossed, result.answered_or_decided) == (3, 3, 2)


def test_a_claim_answered_in_one_of_its_cells_is_not_yet_answered() -> None:
    world = small()
    twin = msgspec.structs.replace(world.timelines[0], cell=CELLS[1])
    world.timelines.append(twin)
    sources = [PanelSource(source_uid=f"t:{n}", cell=CELLS[1], maker_class=MakerClass.GROUP) for n in range(3)]
    world.panel = msgspec.structs.replace(world.panel, sources=(*world.panel.sources, *sources))
    world.reports += [carry(twin, f"t:{n}", twin.t0 + n * HOUR) for n in range(3)]
    world.reports.append(answer(world, 5))
    result = compute(world)
    assert (result.crossed, result.answered_or_decided) == (1, 0)
    world.reports.append(msgspec.structs.replace(answer(world, 6), cell=CELLS[1]))
    assert compute(world).answered_or_decided == 1


def test_m0_makes_everything_partial_until_its_lower_bound_passes() -> None:
    world = small()
    assert compute(world).partial
    assert compute(world, log_checks=[LogCheck(WEEK, 50, 43)]).partial
    assert compute(world, log_checks=[LogCheck("2026-W19", 500, 500)]).partial
    good = compute(world, log_checks=[LogCheck(WEEK, 60, 58), LogCheck(WEEK, 40, 39)])
    assert (good.m0.numerator, good.m0.n, good.partial) == (97, 100, False)
    assert "partial" not in good.caveats


def test_the_drawn_figure_of_the_page() -> None:
    """43 of 50: 86 %, at least 74 %."""
    m0 = compute(small(), log_checks=[LogCheck(WEEK, 50, 43)]).m0
    assert m0.value == pytest.approx(0.86)
    assert m0.interval.low == pytest.approx(0.738, abs=0.001)


def test_missing_sources_are_those_without_every_past_day() -> None:
    world = small()
    assert compute(world).missing_sources == 0
    world.captures = [c for c in world.captures if not (c.source_uid == "facebook:7" and c.day.day == 14)]
    result = compute(world)
    assert (result.panel_sources, result.missing_sources) == (8, 1)
    assert "missing-sources=1" in result.caveats
    assert compute(world, as_of=START + 60 * HOUR).missing_sources == 0  # the 14th has not come


def test_m11_shows_eight_weeks() -> None:
    media = [
        MediaCount("2026-W20", 60, 40),
        MediaCount("2026-W20", 58, 34),
        MediaCount("2026-W13", 9, 9),
        MediaCount("2026-W12", 100, 1),
    ]
    result = compute(small(), media=media)
    assert list(result.m11_by_week) == [f"2026-W{n}" for n in range(13, 21)]
    assert (result.m11.numerator, result.m11.n) == (74, 118)
    assert result.m11_by_week["2026-W13"].value is None
    assert result.m11_by_week["2026-W13"].n == 9


def test_an_empty_desk_gives_an_empty_week() -> None:
    result = week([], [], None, [], week=WEEK, zone=ZONE, as_of=AS_OF)
    assert (result.claims, result.crossed, result.m1.n, result.m3.n, result.m3b.n) == (0, 0, 0, 0, 0)
    assert {"partial", "no-panel", "week-not-over"} == set(result.caveats)
    assert msgspec.json.decode(msgspec.json.encode(result), type=WeekResult) == result


def test_a_naive_as_of_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="aware"):
        week([], [], None, [], week=WEEK, zone=ZONE, as_of=AS_OF.replace(tzinfo=None))
