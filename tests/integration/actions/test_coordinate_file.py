"""`dalil coordinate --shares` on a CSV and on Parquet, without a workspace: one answer, and edges as a file."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command_line import asked, dalil
from oracles.findings.coordination import default_edges, planted

WINDOW, OBJECTS = 60, 2


@pytest.fixture(scope="module")
def shares(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Planted shares as shares.csv and shares.parquet."""
    folder = tmp_path_factory.mktemp("shares")
    rows = planted(5, shares=4_000).rows
    with (folder / "shares.csv").open("w", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream)
        out.writerow(rows[0]._fields)
        out.writerows(rows)
    pq.write_table(pa.Table.from_pylist([row._asdict() for row in rows]), folder / "shares.parquet")
    return folder


@pytest.mark.parametrize("name", ["shares.csv", "shares.parquet"])
def test_edges_are_those_of_the_slow_oracle(shares: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "edges.csv"
    arguments = ("--window", f"{WINDOW}s", "--min-objects", OBJECTS, "--out", out)
    summary = asked("coordinate", "--shares", shares / name, *arguments)
    with out.open(encoding="utf-8", newline="") as stream:
        found = {(row["account_a"], row["account_b"]): int(row["objects"]) for row in csv.DictReader(stream)}
    wanted = default_edges(planted(5, shares=4_000).rows, WINDOW, min_participation=2, min_objects=OBJECTS)
    assert found == {pair: counts[0] for pair, counts in wanted.items()}
    assert summary["edges"] == len(found) > 0


def test_times_that_are_no_numbers_are_the_users_to_mend(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("object_id,account_id,content_id,timestamp_share\no,a,c,yesterday\n")
    ran = dalil("coordinate", "--shares", tmp_path / "s.csv", expect=2)
    assert "timestamp_share" in ran.err
