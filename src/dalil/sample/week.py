"""One sample week put together in memory: everything but the files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dalil.sample import changes, exhibits
from dalil.sample.album import Album
from dalil.sample.casework import Desk, Worked, answer_post
from dalil.sample.cast import Cast, cast, cell
from dalil.sample.chatter import Chatter
from dalil.sample.clock import NOW
from dalil.sample.coordination import Push, Pushers
from dalil.sample.exhibits import Exhibit, HandItem
from dalil.sample.expected import Inputs
from dalil.sample.panel import captures as panel_captures
from dalil.sample.panel import sources
from dalil.sample.plots import plots
from dalil.sample.schedule import Capture, schedule
from dalil.sample.script import CodedPost
from dalil.sample.speech import Speech
from dalil.sample.storyline import Storyteller
from dalil.sample.stream import Draft, Stream, assign_ids
from dalil.sample.twins import Family, families
from dalil.schema.casework import ClaimTimeline
from dalil.schema.words import ReportCode

Tell = Callable[[int, int], None]
STEPS = 6


@dataclass(frozen=True, slots=True)
class Week:
    """Everything that the files are written from."""

    seed: int
    people: Cast
    stream: Stream
    album: Album
    captures: list[Capture]
    seen: dict[int, list[Draft]]
    """Capture number → what it holds, by time."""
    hand: dict[int, list[HandItem]]
    exhibits: dict[str, Exhibit]
    worked: list[Worked]
    pushes: list[Push]
    families: list[Family]
    inputs: Inputs


def imagine(seed: int, tell: Tell) -> Week:
    """Make up one sample week.

    Args:
        tell: called with (steps done, steps in all); drawing the pictures is most of the time.
    """
    people, stream, speech, album = cast(seed), Stream(), Speech(seed), Album(seed)
    captures = schedule()
    stories = plots(seed)
    teller = Storyteller(seed, people, stream)
    cases = [teller.tell(plot) for plot in stories]
    tell(1, STEPS)
    pushes = Pushers(seed, people, stream, speech, album).all()
    tell(2, STEPS)
    chatter = Chatter(seed, people, stream, speech, album)
    chatter.all(stories)
    tell(3, STEPS)
    found, by_hand = exhibits.exhibits(seed, cases, chatter.first_shown, album)
    stream.drafts = [draft for draft in stream.drafts if draft.at < NOW]
    stream.sort()
    changes.plant(
        seed, stream, speech, [c for series in ("x", "pages", "telegram") for c in captures if c.series == series]
    )
    assign_ids(seed, stream)
    by_hand.extend(exhibits.everyday(seed, stream, album))
    tell(4, STEPS)
    desk = Desk(seed, found, captures)
    worked = [desk.work(case) for case in cases]
    tell(5, STEPS)
    hand = {c.number: _seen_by_hand(by_hand, c) for c in captures if c.series == "hand"}
    seen = {c.number: [d for d in stream.drafts if holds(c, d)] for c in captures}
    return Week(
        seed, people, stream, album, captures, seen, hand, found, worked, pushes, families(stream.drafts),
        _inputs(seed, people, worked),
    )  # fmt: skip


def holds(capture: Capture, draft: Draft) -> bool:
    """Whether a capture finds a post: public in its stretch, and not gone by then."""
    if not capture.since <= draft.at < capture.at:  # first, since it rules nearly all of them out
        return False
    home = draft.home
    match capture.series:
        case "x" | "telegram":
            fits = draft.platform == capture.platform and home.part != "memory"
        case "pages":
            fits = draft.platform == "facebook" and home.kind == "page"
        case "groups":
            fits = draft.platform == "facebook" and home.kind == "group"
        case "archive":
            fits = home.part == "memory"
        case _:
            return False
    gone = draft.deleted_at is not None and draft.deleted_at <= capture.at
    return fits and not gone


def _seen_by_hand(items: list[HandItem], capture: Capture) -> list[HandItem]:
    return sorted((i for i in items if capture.since <= i.seen_at < capture.at), key=lambda i: i.seen_at)


def _inputs(seed: int, people: Cast, worked: list[Worked]) -> Inputs:
    """What the measures rest on, as a desk that did its work would hand it over."""
    timelines: list[ClaimTimeline] = []
    reports: list[tuple[str, CodedPost]] = []
    for item in worked:
        plot = item.case.plot
        reports.extend((plot.key, post) for post in item.coded)
        for cell_plot in plot.cells:
            name = cell_plot.cell_name
            if name in item.case.answers:
                reports.append((plot.key, answer_post(item, name)))
            carried = [p.at for p in item.coded if p.cell == cell(name) and p.code is ReportCode.CARRIES]
            timelines.append(
                ClaimTimeline(
                    claim_id=plot.key,
                    cell=cell(name),
                    claim_type=plot.claim_type,
                    maker_class=plot.maker,
                    t0=min(carried),
                    logged_at=item.logged_at,
                    verdict=item.verdict,
                    verdict_at=item.verdict_at,
                    published_at=item.case.answers[name].at if name in item.case.answers else None,
                    silent_since=item.silent_since,
                )
            )
    return Inputs(
        timelines=tuple(timelines),
        reports=tuple(reports),
        sources=sources(people),
        captures=panel_captures(seed, people),
    )
