"""The last known state of a post: a deletion notice counts, whichever of the post's names it uses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import ibis
import pyarrow as pa
import pytest

from dalil.findings.states import last_states
from dalil.schema.tables import EDGES, POSTS

START = datetime(2026, 5, 11, tzinfo=UTC)


def post(uid: str, state: str, *, hours: int, seen: int | None = None) -> dict[str, Any]:
    return {
        "obs_id": f"{uid}{state}{hours}",
        "uid": uid,
        "state": state,
        "state_at": None if seen is None else START + timedelta(hours=seen),
        "collected_at": START + timedelta(hours=hours),
        "state_reason": f"at {hours}",
    }


def alias(public: str, second: str) -> dict[str, Any]:
    return {"obs_id": "o", "src_uid": public, "dst_uid": second, "type": "alias"}


def states(posts: list[dict[str, Any]], edges: list[dict[str, Any]]) -> dict[str, str]:
    tables = (
        ibis.memtable(pa.Table.from_pylist(posts, schema=POSTS)),
        ibis.memtable(pa.Table.from_pylist(edges, schema=EDGES)),
    )
    rows = last_states(*tables).to_pyarrow().to_pylist()
    assert len({row["uid"] for row in rows}) == len(rows)
    return {row["uid"]: row["state"] for row in rows}


def test_the_latest_observation_tells() -> None:
    assert states([post("x:1", "live", hours=0), post("x:1", "edited", hours=2), post("x:2", "live", hours=1)], []) == {
        "x:1": "edited",
        "x:2": "live",
    }


def test_a_notice_under_the_second_name_is_about_the_post() -> None:
    posts = [post("x:1", "live", hours=0), post("x:h:a", "deleted", hours=2), post("x:h:b", "deleted", hours=2)]
    assert states(posts, [alias("x:1", "x:h:a")]) == {"x:1": "deleted", "x:h:b": "deleted"}


@pytest.mark.parametrize("order", [(0, 2), (2, 0)])
def test_it_does_not_matter_which_came_first_into_the_archive(order: tuple[int, int]) -> None:
    posts = [post("x:1", "live", hours=order[0], seen=0), post("x:h:a", "deleted", hours=order[1], seen=2)]
    assert states(posts, [alias("x:1", "x:h:a")]) == {"x:1": "deleted"}


def test_a_post_seen_alive_after_a_notice_is_alive() -> None:
    posts = [post("x:1", "live", hours=5, seen=5), post("x:h:a", "unavailable", hours=2, seen=2)]
    assert states(posts, [alias("x:1", "x:h:a")]) == {"x:1": "live"}


def test_an_alias_said_often_is_one() -> None:
    posts = [post("x:1", "live", hours=0), post("x:h:a", "deleted", hours=2)]
    assert states(posts, [alias("x:1", "x:h:a")] * 5) == {"x:1": "deleted"}


def test_other_edges_give_nobody_another_name() -> None:
    edges = [alias("x:1", "x:h:a") | {"type": "reply"}]
    posts = [post("x:1", "live", hours=0), post("x:h:a", "deleted", hours=2)]
    assert states(posts, edges) == {"x:1": "live", "x:h:a": "deleted"}


def test_nothing_gives_nothing() -> None:
    assert states([], []) == {}
