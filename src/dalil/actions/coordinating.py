"""Runs coordination on a file of shares or on the workspace, and writes what may be shown of it."""

from __future__ import annotations

import csv
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from ibis.expr.types import Table

from dalil.actions.house import House
from dalil.actions.indexes import groups_of_media, groups_of_texts
from dalil.archive import table_files
from dalil.archive.reading import open_table_file
from dalil.errors import InputError
from dalil.findings import traces
from dalil.findings.coordination import COLUMNS, Mode, coordinate, from_text, public_view
from dalil.findings.traces import Trace
from dalil.schema.results import CoordinationResult

_UNITS = {"s": 1, "m": 60, "h": 3600}
EDGE_COLUMNS = ("account_a", "account_b", "objects", "shares", "mean_delay", "expected", "p_value", "q_value", "kept")


@dataclass(frozen=True, slots=True)
class Plan:
    """The parameters of one run, checked."""

    window: timedelta = timedelta(seconds=60)
    min_participation: int = 2
    min_objects: int = 3
    mode: str = Mode.DEFAULT.value

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Plan:
        """From texts and numbers as the command line gives them.

        Raises:
            InputError: a value is out of its range.
        """
        mode = str(values["mode"])
        if mode not in {item.value for item in Mode}:
            raise InputError("value-wrong", name="mode", value=mode, kind=", ".join(item.value for item in Mode))
        for name in ("min_participation", "min_objects"):
            if int(values[name]) < 1:
                raise InputError("value-wrong", name=name.replace("_", "-"), value=int(values[name]), kind="1 or more")
        return cls(
            window=duration(str(values["window"])),
            min_participation=int(values["min_participation"]),
            min_objects=int(values["min_objects"]),
            mode=mode,
        )


def duration(text: str) -> timedelta:
    """`90s`, `5m` or `1h` as a time span of at least one second and at most a week.

    Raises:
        InputError: it is none of these.
    """
    found = re.fullmatch(r"([0-9]{1,7})([smh]?)", text)
    seconds = int(found[1]) * _UNITS[found[2] or "s"] if found else 0
    if not 1 <= seconds <= 7 * 86400:
        raise InputError("value-wrong", name="window", value=text, kind="a time span such as 60s, 5m or 1h")
    return timedelta(seconds=seconds)


def on_file(path: Path, plan: Plan) -> CoordinationResult:
    """Run on a CSV or Parquet of shares, without a workspace; its accounts are whatever the file names.

    Raises:
        InputError: there is no such file, it is no table, a column is missing, or the times are no numbers.
    """
    if not path.is_file():
        raise InputError("path-missing", name=path.name)
    if not table_files.is_parquet(path):
        rows = table_files.read_csv(path, columns={*COLUMNS, "precision"})
        return _run(from_text(rows), plan, trace="file")
    with tempfile.TemporaryDirectory() as scratch:
        return _run(_with_times(open_table_file(path, scratch=Path(scratch))), plan, trace="file")


def _with_times(table: Table) -> Table:
    """Times that a CSV gives as text, as numbers; one that is no number becomes empty, and its row is counted.

    Raises:
        InputError: none of them is a number.
    """
    if "timestamp_share" not in table.columns or not table["timestamp_share"].type().is_string():
        return table
    found = table.mutate(timestamp_share=table["timestamp_share"].try_cast("float64"))
    given = table.aggregate(n=table["timestamp_share"].count()).to_pyarrow()["n"][0].as_py()
    if given and not found.aggregate(n=found["timestamp_share"].count()).to_pyarrow()["n"][0].as_py():
        raise InputError("shares-time-wrong", kind="text")
    return found


def on_workspace(house: House, trace: str, plan: Plan) -> CoordinationResult:
    """Run on one trace of the archive; edges that touch a private account are counted, not shown.

    Raises:
        InputError: there is no such trace.
    """
    if trace not in {item.value for item in Trace}:
        raise InputError("value-wrong", name="trace", value=trace, kind=", ".join(item.value for item in Trace))
    return public_view(run_trace(house, Trace(trace), plan))


def run_trace(house: House, trace: Trace, plan: Plan) -> CoordinationResult:
    """The whole result, private accounts' hashes included: for `public_view` and for counting, never for a face."""
    table = house.archive.table
    match trace:
        case Trace.URL:
            shares = traces.url_shares(table("posts"))
        case Trace.HASHTAG:
            shares = traces.hashtag_shares(table("posts"))
        case Trace.TEXT:
            shares = traces.text_shares(table("posts"), table("text_signals"), groups_of_texts(house))
        case Trace.PICTURE:
            shares = traces.picture_shares(table("posts"), table("media"), groups_of_media(house))
        case Trace.REPOST:
            shares = traces.repost_shares(table("edges"))
    return _run(shares, plan, trace=trace.value)


def _run(shares: Any, plan: Plan, *, trace: str) -> CoordinationResult:
    return coordinate(
        shares,
        window=plan.window,
        min_participation=plan.min_participation,
        min_objects=plan.min_objects,
        mode=plan.mode,
        trace=trace,
    )


def write_edges(result: CoordinationResult, path: Path) -> None:
    """Write the edges as CSV, kept ones first; atomically, so that a full disk leaves no half file."""
    temporary = path.with_name(path.name + ".part")
    with temporary.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(EDGE_COLUMNS)
        writer.writerows([[getattr(edge, column) for column in EDGE_COLUMNS] for edge in result.edges])
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


def summary(result: CoordinationResult) -> dict[str, object]:
    """The contract's object of `dalil coordinate --json`: counts, campaigns and caveats, without the edges."""
    return {
        "trace": result.trace,
        "mode": result.mode,
        "window_seconds": result.window_seconds,
        "shares": result.shares,
        "objects": result.objects,
        "accounts": result.accounts,
        "edges": len(result.edges),
        "edges_kept": sum(edge.kept for edge in result.edges),
        "expected_false_edges": result.expected_false_edges,
        "campaigns": [
            {
                "accounts": item.accounts,
                "private_accounts": item.private_accounts,
                "objects": list(item.objects),
                "edges": item.edges,
                "expected_false_edges": item.expected_false_edges,
            }
            for item in result.campaigns
        ],
        "caveats": list(result.caveats),
    }
