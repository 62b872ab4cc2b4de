"""Writes docs/benchmarks.md: what was measured, when and where; a miss is a miss."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from benchmarks.shape import Machine, Report, Result

HEAD = ("What", "On", "Ours", "Bar", "", "Peer", "Theirs", "Ours is better by")
INTRODUCTION = """\
CPU time, user and system, of every process that took part; never wall-clock time. Peers run in the same
run, on the same input, in environments of their own. Machines differ and so do moments: trust ratios
before figures. `make bench` writes this page anew."""


def page(reports: Sequence[Report], *, machine: Machine, day: date) -> str:
    """The whole page, in Markdown."""
    bars = [result for report in reports for result in report.results if result.held is not None]
    missed = [result for result in bars if not result.held]
    where = f"{machine.processor}, {machine.cores} cores, {machine.memory_gib:g} GiB, Python {machine.python}"
    parts = [
        "# Benchmarks",
        f"{day:%-d %B %Y}, on {where}.\n\n{INTRODUCTION}",
        _bars(len(bars), missed),
        *(_report(report) for report in reports),
    ]
    return "\n\n".join(parts) + "\n"


def _bars(count: int, missed: Sequence[Result]) -> str:
    said = f"**Bars: {count - len(missed)} of {count} held.**"
    if not missed:
        return said
    lines = [f"- {item.what}: {figure(item.ours)} {item.unit}, bar {figure(item.bar)}" for item in missed]
    return "\n".join([f"{said} Missed:", *lines])


def _report(report: Report) -> str:
    title = f"## {report.name}\n\n{report.about}"
    if report.failure:
        return f"{title}\n\n**Not measured:** {_cell(report.failure)}"
    rows = [_row(result) for result in report.results]
    table = "\n".join(_line(row) for row in [HEAD, ("---",) * len(HEAD), *rows])
    notes = [f"- {result.what}: {result.note}" for result in report.results if result.note]
    cost = f"This benchmark itself took {report.cpu_seconds:,.0f} s of CPU."
    return "\n\n".join([title, table, *(["\n".join(notes)] if notes else []), cost])


def _row(result: Result) -> tuple[str, ...]:
    bar, verdict = "", ""
    if result.bar is not None:
        bar = f"{'≥' if result.more_is_better else '≤'} {figure(result.bar)}"
        verdict = "held" if result.held else "**missed**"
    return (
        result.what,
        result.n,
        f"{figure(result.ours)} {result.unit}",
        bar,
        verdict,
        result.peer,
        "" if result.theirs is None else figure(result.theirs),
        "" if result.ratio is None else f"{figure(result.ratio)}×",
    )


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def figure(value: float | None) -> str:
    """Three digits that count; whole numbers from 100 on."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
