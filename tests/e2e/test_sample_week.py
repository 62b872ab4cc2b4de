"""`dalil demo` on two seeds, one of them fresh each time, held against what the sample knows to be true."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import COMMAND, asked, environment
from demo_week import SEED, WEEK, Demo, build

from dalil.archive.reading import Archive
from dalil.archive.workspace import open_workspace
from dalil.findings.seen import PictureIndex, look_for_picture
from dalil.sample.expected import Share, Waiting
from dalil.signals.pictures import picture_signal

pytestmark = pytest.mark.slow
MOST_LOOKED_UP = 60

# Measured on a dozen seeds, then set a little below the worst, so that a real loss fails and a fresh seed does not.
# Pictures: a scene of which only a crop or a screenshot is held beside the original is out of PDQ's reach, and counts.
LEAST_PRECISION = {"pictures": 0.97, "texts": 0.99, "coordination": 0.97}
LEAST_RECALL = {"pictures": 0.8, "texts": 0.98, "coordination": 0.97}


@pytest.fixture(scope="session")
def fresh_demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo of a seed that nobody chose."""
    seed = random.SystemRandom().randrange(1, 1_000_000)
    while seed == SEED:
        seed += 1
    folder = tmp_path_factory.mktemp("fresh") / "week"
    sys.stdout.write(f"dalil demo --seed {seed}\n")
    interrupt(folder, seed)
    return build(folder, seed)


def interrupt(folder: Path, seed: int) -> None:
    """Begin a demo and end it with SIGKILL while it writes its sample: the next one has to start over."""
    command = [*COMMAND, "demo", "--workspace", str(folder), "--seed", str(seed), "--no-serve"]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith(b"Writing")
        process.kill()
    assert not (folder / "demo.json").exists()


@pytest.fixture(scope="session", params=["fixed", "fresh"])
def week(request: pytest.FixtureRequest) -> Demo:
    """Each of the two demos in turn."""
    found: Demo = request.getfixturevalue("demo" if request.param == "fixed" else "fresh_demo")
    return found


def test_it_prints_one_object_with_what_was_read(week: Demo) -> None:
    told, truth = week.told, week.truth
    assert set(told) == {"workspace", "posts", "media", "rejected", "claims", "precision", "recall"}
    assert told["workspace"] == str(week.folder)
    assert truth.seed == week.seed
    assert 10_000 <= told["posts"] <= 14_000
    assert told["claims"] == truth.counts.claims
    assert told["media"] == truth.counts.media
    assert told["rejected"] == 0


def test_what_was_recognised_holds_against_the_truth(week: Demo) -> None:
    precision, recall = week.told["precision"], week.told["recall"]
    for kind in LEAST_PRECISION:
        sys.stdout.write(f"seed {week.seed} {kind}: precision {precision[kind]:.4f}, recall {recall[kind]:.4f}\n")
    assert set(precision) == set(recall) == set(LEAST_PRECISION)
    for kind, least in LEAST_PRECISION.items():
        assert precision[kind] >= least, f"seed {week.seed}: precision of {kind}"
        assert recall[kind] >= LEAST_RECALL[kind], f"seed {week.seed}: recall of {kind}"


def test_every_post_that_a_capture_holds_is_in_the_archive(week: Demo) -> None:
    """And no other, but for deletions: X names a deleted post by its id alone, which is kept hashed."""
    posts = [post for post in week.truth.posts if post.kind not in ("repost", "forward")]
    captured = {post.post for post in posts if post.captures}
    told_deleted = {post.post for post in posts if post.deleted_at and post.post.platform == "x" and not post.hashed}
    with archive_of(week) as archive:
        rows = archive.table("posts").select("uid", "state").to_pyarrow().to_pylist()
    states: dict[str, set[str]] = {}
    for row in rows:
        states.setdefault(row["uid"], set()).add(row["state"])
    only_deleted = {uid for uid, found in states.items() if found == {"deleted"}}
    assert len(states) == week.told["posts"]
    assert len(states) - len(only_deleted) == len(captured), f"seed {week.seed}"
    assert len(only_deleted) <= len(told_deleted)
    public = {f"{p.post.platform}:{p.post.native_id}" for p in posts if p.captures and not p.hashed}
    assert public <= states.keys()


def test_each_picture_that_pdq_can_recognise_is_recognised(week: Demo) -> None:
    """A scene held in two files that PDQ keeps within 31 bits of it: each finds the other, whatever else is held."""
    files = {file.sha256: file for file in week.truth.files if file.picture}
    able = {sha256 for sha256, file in files.items() if file.expect_pdq}
    twins = {sha: {o for o in able - {sha} if files[o].picture == files[sha].picture} for sha in sorted(able)}
    checked = missed = wrong = 0
    with archive_of(week) as archive:
        saved = archive.index("pictures")
        assert saved is not None
        index = PictureIndex.from_arrays(saved.arrays)
        assert index is not None
        for sha256 in [sha for sha in sorted(able) if twins[sha]][:MOST_LOOKED_UP]:
            signal = picture_signal(archive.media_path(sha256).read_bytes(), max_pixels=10**8)
            found = look_for_picture(index, signal.variants, quality=signal.quality, sha256=sha256, limit=100)
            sure = {match.media_sha256 for match in found.matches if match.decides}
            checked, missed = checked + 1, missed + (not sure & twins[sha256])
            wrong += sum(files[one].picture != files[sha256].picture for one in sure if one in files)
    sys.stdout.write(f"seed {week.seed}: {checked} pictures looked up, {missed} missed, {wrong} wrong\n")
    assert checked >= 20
    assert wrong == 0
    assert missed <= checked // 20


def archive_of(week: Demo) -> Archive:
    return Archive(open_workspace(week.folder), memory_mib=512, threads=1)


@pytest.fixture(scope="session")
def figures(week: Demo) -> dict[str, Any]:
    """`dalil week --json` of the demo's last week."""
    return asked("week", "--of", WEEK, "--workspace", week.folder)


def test_one_version_only_is_what_it_truly_was(week: Demo, figures: dict[str, Any]) -> None:
    true = week.truth.measures.m1
    _same_rate(figures["m1"], true.all)
    _same_rate(figures["m1_without_ours"], true.without_ours)
    assert (figures["m1"]["unknown"], figures["m1"]["left_out"]) == (true.unknown, true.left_out)
    for name, cut in (("m1_by_platform", true.by_platform), ("m1_by_maker", true.by_maker)):
        known = {key: rate for key, rate in figures[name].items() if rate["n"]}
        assert known.keys() == cut.keys()
        for key, share in cut.items():
            _same_rate(known[key], share)


def test_time_to_a_second_account_is_what_it_truly_was(week: Demo, figures: dict[str, Any]) -> None:
    _same_curve(figures["m3b"], week.truth.measures.m3b)


def test_time_unanswered_is_what_it_truly_was(week: Demo, figures: dict[str, Any]) -> None:
    true = week.truth.measures
    _same_curve(figures["m3"], true.m3)
    assert figures["m3_not_settled"] == true.m3_not_settled_cells
    assert figures["m3_crossed"] == true.m3_crossed


def test_all_three_headlines_have_enough_to_be_shown(figures: dict[str, Any]) -> None:
    assert min(figures["m1"]["n"], figures["m3b"]["n"], figures["m3"]["n"]) >= 10
    assert figures["m11"]["n"] >= 10
    assert figures["partial"] is True  # nobody drew panel posts afresh, and the page must say so
    assert figures["zone"] == "Asia/Baghdad"


def _same_rate(found: dict[str, Any], true: Share) -> None:
    assert (found["numerator"], found["n"]) == (true.numerator, true.n)
    if true.n < 10:
        assert found["value"] is None
        assert found["interval"] == {"low": None, "high": None}
        return
    share = true.numerator / true.n
    assert found["value"] == pytest.approx(share)
    assert 0 <= found["interval"]["low"] <= share <= found["interval"]["high"] <= 1


def _same_curve(found: dict[str, Any], true: Waiting) -> None:
    assert (found["n"], found["events"], found["left_out"]) == (true.n, true.events, true.left_out)
    assert found["median_hours"] == pytest.approx(true.median_hours, abs=1e-6)
    marks = {str(round(mark["hours"])): mark for mark in found["marks"]}
    assert marks.keys() == true.unanswered.keys()
    for hour, share in true.unanswered.items():
        assert marks[hour]["share"] == pytest.approx(share, abs=1e-9), hour
        assert marks[hour]["low"] <= share <= marks[hour]["high"]
    if true.median_hours is not None and found["median"]["low"] is not None:
        assert found["median"]["low"] <= true.median_hours <= (found["median"]["high"] or float("inf"))
