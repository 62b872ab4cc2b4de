"""The desk: one act with signature, projection and audit, and reading a board of 200 claims with 3,000 reports.

The claims are worked by two circles' keepers through the real actions, on SQLite in a temporary folder.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.measuring import cpu_seconds
from benchmarks.shape import Result

CLAIMS, WORKED, REPORTS = 200, 20, 15
ACT_BAR, BOARD_BAR = 10, 60
START = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)


def prepared() -> Any:
    """A migrated desk in a temporary folder, with two circles."""
    from django.core.management import call_command

    from dalil.app.configuration import configure
    from dalil.settings import Settings

    configure(Settings(workspace=tempfile.mkdtemp(prefix="dalil-bench-")))
    call_command("migrate", verbosity=0)
    from desk_house import House

    return House(clock=START)


def work(house: Any, blue: Any, green: Any) -> int:
    """One claim's whole way; returns how many acts that were."""
    from dalil.actions import answers, claims
    from dalil.schema.words import MediaFindingKind

    first, rest = reports(house, 8), reports(house, REPORTS - 8)
    claim = house.settled(blue, green, reports=first)
    for report in rest:
        claims.code_report(blue, claim, report, **house.kw)
    answer = answers.draft(blue, claim, text="It is another bridge.", language="ar", platform="telegram", **house.kw)
    answers.record_posted(blue, claim, answer, url="https://example.org/1", posted_at=house.clock, **house.kw)
    second = house.claim(blue)
    claims.record_media_finding(
        blue, second, sha256=f"{house.made:064x}", finding=MediaFindingKind.RECYCLED, **house.kw
    )
    return 5 + len(rest) + 4


def reports(house: Any, count: int) -> list[Any]:
    """Posts by panel sources."""
    return [house.report(f"telegram:s{n}", house.clock - timedelta(minutes=n), views=n) for n in range(count)]


def results(*, full: bool) -> Iterator[Result]:
    """Work claims, then read."""
    del full
    house = prepared()
    blue, green = house.member("blue"), house.member("green")
    from desk_house import TELEGRAM

    from dalil.actions import panels
    from dalil.desk import queries
    from dalil.schema.casework import PanelSource, PanelVersion
    from dalil.schema.words import MakerClass

    sources = tuple(
        PanelSource(source_uid=f"telegram:s{n}", cell=TELEGRAM, maker_class=MakerClass.GROUP) for n in range(38)
    )
    panels.freeze(blue, PanelVersion(version=1, quarter="2026-Q2", sources=sources), **house.kw)
    before = time.process_time()
    acts = sum(work(house, blue, green) for _ in range(WORKED))
    spent = (time.process_time() - before) / acts * 1000
    yield Result(what="one act", n=f"mean of {acts}", ours=spent, unit="CPU-ms", bar=ACT_BAR)
    for _ in range(CLAIMS - 2 * WORKED):
        house.claim(blue, reports=reports(house, REPORTS + 2))
    claim = queries.board(blue, now=house.clock)[-1].claim_id
    calls: dict[str, Callable[[], object]] = {
        "board": lambda: queries.board(blue, now=house.clock),
        "unanswered": lambda: queries.unanswered(blue, now=house.clock),
        "waiting tasks": lambda: queries.waiting_tasks(blue, now=house.clock),
        "a claim's page": lambda: queries.claim_page(blue, claim, now=house.clock),
        "timelines": queries.timelines,
        "reports": queries.reports,
    }
    n = f"{CLAIMS} claims, {len(queries.reports()):,} reports"
    for what, call in calls.items():
        bar = BOARD_BAR if what == "board" else None
        yield Result(what=what, n=n, ours=cpu_seconds(call, rounds=5) * 1000, unit="CPU-ms", bar=bar)
