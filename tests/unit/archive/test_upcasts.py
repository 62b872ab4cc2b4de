"""Segments of an older schema are read as if they had been written today."""

from __future__ import annotations

import ibis
import pytest

from dalil.archive.upcasts import conform, upcast

NEWEST = ibis.memtable({"uid": ["x"], "state": ["live"], "reach": [1]}).head(0)
STEPS = {
    ("posts", 0): lambda t: t.rename(uid="id"),
    ("posts", 2): lambda t: t.mutate(reach=ibis.null().cast("int64")),
}


def test_steps_are_applied_one_after_the_other_from_the_version_on():
    oldest = ibis.memtable({"id": ["x:1"], "state": ["live"]})
    raised = conform(upcast(oldest, "posts", 0, newest=3, steps=STEPS), NEWEST)
    assert raised.to_pyarrow().to_pylist() == [{"uid": "x:1", "state": "live", "reach": None}]
    younger = ibis.memtable({"uid": ["x:2"], "state": ["live"]})
    assert upcast(younger, "posts", 1, newest=3, steps=STEPS).columns == ("uid", "state", "reach")
    assert upcast(younger, "accounts", 0, newest=3, steps=STEPS).columns == ("uid", "state")


def test_columns_come_in_todays_order_and_types_and_others_go():
    rows = ibis.memtable({"reach": [1], "gone": [0], "state": ["live"], "uid": ["x:1"]})
    assert conform(rows, NEWEST).schema() == NEWEST.schema()


def test_a_forgotten_step_and_a_newer_version_are_mistakes_of_ours():
    with pytest.raises(ValueError, match="reach"):
        conform(ibis.memtable({"uid": ["x:1"], "state": ["live"]}), NEWEST)
    with pytest.raises(ValueError, match="newer"):
        upcast(NEWEST, "posts", 4, newest=3, steps=STEPS)
