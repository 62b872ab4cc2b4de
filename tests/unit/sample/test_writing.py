"""Writing: the same seed gives the same bytes, progress is told, and big files stay cheap."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from dalil.sample.scale import responses, scale
from dalil.sample.schedule import schedule
from dalil.sample.writing import digest, write


def test_the_same_seed_gives_the_same_bytes_and_tells_its_progress(tmp_path: Path, plain_pictures: None) -> None:
    told: list[tuple[int, int]] = []
    first = write(tmp_path / "a", seed=3, progress=lambda done, total: told.append((done, total)))
    once = digest(tmp_path / "a")
    assert write(tmp_path / "a", seed=3) == first
    assert digest(tmp_path / "a") == once
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]
    assert len({total for _, total in told}) == 1


def test_captures_of_one_series_overlap_and_leave_no_hole() -> None:
    captures = schedule()
    for series in ("x", "pages", "groups", "telegram", "hand"):
        found = [c for c in captures if c.series == series]
        for earlier, later in pairwise(found):
            assert later.since <= earlier.at < later.at
    assert len({c.name for c in captures}) == len(captures)


@pytest.mark.parametrize("n", [0, 1, 99, 100, 101, 1050])
def test_a_scaled_file_holds_that_many_posts(tmp_path: Path, n: int) -> None:
    path = tmp_path / "big.jsonl"
    assert scale(n, path) == path.stat().st_size
    pages = list(responses(path))
    tweets = [tweet for page in pages for tweet in page["data"]]
    assert len(tweets) == len({tweet["id"] for tweet in tweets}) == n
    kinds = Counter(r["type"] for tweet in tweets for r in tweet.get("referenced_tweets", []))
    if n > 200:
        assert set(kinds) == {"replied_to", "quoted", "retweeted"}
        assert json.dumps(pages[0]["data"][0]) != json.dumps(pages[1]["data"][0])


def test_a_scaled_file_is_the_same_for_a_seed_and_refuses_nonsense(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        scale(300, tmp_path / name, seed=seed)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() != (tmp_path / "c").read_bytes()
    with pytest.raises(ValueError, match="negative"):
        scale(-1, tmp_path / "d")
