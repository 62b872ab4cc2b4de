"""Edge by edge what two reference tools answer on 35,125 real shares.

The data and answers are described in their PROVENANCE.md: CooRTweet 2.1.3 (pairs are unordered, as R
orders names by locale) and the QUT coordination network toolkit 1.5.2 (directed).
"""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow.csv
import pytest
from oracles.findings import coordination as oracle
from oracles.findings.coordination import Row

from dalil.findings.coordination import coordinate, plan

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "coordination"


@pytest.fixture(scope="module")
def shares(folder: Path) -> ir.Table:
    return ibis.memtable(pyarrow.csv.read_csv(folder / "russian_coord_tweets.csv"))


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("in_memory", [0, 10**6])
@pytest.mark.parametrize(
    ("window", "participation", "name", "edges", "above"),
    [
        (60, 2, "coortweet_russian_tw60_mp2_edges.csv", 3721, 60),
        (10, 5, "coortweet_russian_tw10_mp5_edges.csv", 20, 1),
    ],
)
def test_coortweet(
    folder: Path,
    shares: ir.Table,
    window: int,
    participation: int,
    name: str,
    edges: int,
    above: int,
    in_memory: int,
) -> None:
    result = coordinate(
        shares,
        window=timedelta(seconds=window),
        min_participation=participation,
        mode="coortweet",
        in_memory=in_memory,
    )
    expected = {
        frozenset((row["from"], row["to"])): (
            int(row["weight"]),
            pytest.approx(float(row["avg_time_delta"])),
            row["weight_threshold"] == "1",
        )
        for row in read(folder / "expected" / name)
    }
    found = {frozenset((e.account_a, e.account_b)): (e.shares, e.mean_delay, e.kept) for e in result.edges}
    assert len(found) == len(result.edges) == edges
    assert found == expected
    assert sum(edge.kept for edge in result.edges) == above


@pytest.mark.parametrize("in_memory", [0, 10**6])
def test_qut(folder: Path, shares: ir.Table, in_memory: int) -> None:
    result = coordinate(shares, window=timedelta(seconds=60), mode="qut", in_memory=in_memory)
    rows = read(folder / "expected" / "cnt_coretweet_russian_coord_tweets_tw60_directed.csv")
    expected = {(row["user_1"], row["user_2"]): int(row["weight"]) for row in rows}
    assert {(e.account_a, e.account_b): e.shares for e in result.edges} == expected
    assert len(result.edges) == 12_412
    assert sum(edge.shares for edge in result.edges) == 12_523


@pytest.mark.parametrize("objects", [1, 2, 3])
def test_the_default_mode_equals_the_slow_oracle(folder: Path, shares: ir.Table, objects: int) -> None:
    rows = [
        Row(row["object_id"], row["account_id"], row["content_id"], int(row["timestamp_share"]))
        for row in read(folder / "russian_coord_tweets.csv")
    ]
    busy = oracle.active(rows, 2)
    by_object: dict[str, list[Row]] = {}
    for row in busy:
        by_object.setdefault(row.object_id, []).append(row)
    met = [pair for group in by_object.values() for pair in oracle.pairs(group, 60)]
    often = oracle.taking_part(busy, met)
    found: dict[tuple[str, str], set[str]] = {}
    for x, y in met:
        a, b = sorted((x.account_id, y.account_id))
        if often[a] >= 2 and often[b] >= 2:
            found.setdefault((a, b), set()).add(x.object_id)
    result = coordinate(shares, window=timedelta(seconds=60), min_objects=objects)
    assert {(e.account_a, e.account_b): e.objects for e in result.edges} == {
        key: len(value) for key, value in found.items() if len(value) >= objects
    }


def test_the_engine_and_memory_agree(shares: ir.Table) -> None:
    window = timedelta(seconds=60)
    assert coordinate(shares, window=window, in_memory=0) == coordinate(shares, window=window)


def test_the_plan(shares: ir.Table) -> None:
    found = plan(shares, window=timedelta(seconds=60))
    assert (found.shares, found.objects, found.accounts, found.pairs) == (35_125, 7_285, 9_509, 6_407)
