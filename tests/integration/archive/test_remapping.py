"""Remap: raw records read again by a newer importer; ids stay, readers see the newest, nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import keeping_house
import msgspec
import pytest
from keeping_house import Keeping

from dalil.errors import Conflict, InputError, NotAllowed
from dalil.schema.records import Reject
from dalil.sources import registry
from dalil.sources.formats.hand_capture.importer import HandCapture
from dalil.sources.formats.x_api_v2.importer import XApiV2

FORMATS = {"crowdtangle-csv", "hand-capture", "telegram-desktop", "x-api-v2"}


@pytest.fixture
def keeping(database: Path, tmp_path: Path) -> Iterator[Keeping]:
    with keeping_house.keeping(tmp_path) as made:
        keeping_house.four_formats(made)
        yield made


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child's work is done in this process, so that it knows this test's importers."""
    from dalil.actions import remapping

    monkeypatch.setattr(remapping, "run_child", keeping_house.Child)


class Newer(XApiV2):
    """Tomorrow's importer of X: it writes texts in capitals, drops mention edges, and rejects one post."""

    manifest = replace(XApiV2.manifest, version="2")

    def reread(self, raw: bytes, held: Any, again: Any) -> Any:
        found = super().reread(raw, held, again)
        if isinstance(found, Reject) or found.post is None:
            return found
        if "Report 3" in found.post.text:
            return Reject("-", "raw-shape-unknown")
        post = msgspec.structs.replace(found.post, text=found.post.text.upper())
        edges = tuple(edge for edge in found.edges if edge.type != "mention")
        return msgspec.structs.replace(found, post=post, signal_text=post.text, edges=edges)


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch, here: None) -> None:
    monkeypatch.setitem(registry.importers()._found, "x-api-v2", Newer())


def remap(keeping: Keeping, **given: Any) -> Any:
    from dalil.actions.remapping import remap
    from dalil.people.actor import LOCAL

    return remap(LOCAL, house=keeping.house, **given)


def snapshot(keeping: Keeping) -> dict[str, list[str]]:
    names = ("observations", "posts", "accounts", "edges", "text_signals", "media")
    return {name: sorted(map(str, keeping.rows(name))) for name in names}


def test_todays_importers_have_nothing_to_do(keeping: Keeping) -> None:
    before, head = snapshot(keeping), keeping.house.archive.manifest_head()
    report = remap(keeping)
    assert report.formats == ()
    assert report.up_to_date > 20
    assert (snapshot(keeping), keeping.house.archive.manifest_head()) == (before, head)


def test_every_format_read_again_in_the_real_child_gives_the_same_rows(keeping: Keeping) -> None:
    before, head = snapshot(keeping), keeping.house.archive.manifest_head()
    seen = []
    report = remap(keeping, again=True, progress=lambda done, total: seen.append((done, total)) or True)
    assert {row.format for row in report.formats} == FORMATS
    for row in report.formats:
        assert (row.read, row.changed, row.fields, row.rejected) == (row.same, 0, {}, {}), row
    assert seen[-1][0] == seen[-1][1] > 20
    assert (snapshot(keeping), keeping.house.archive.manifest_head()) == (before, head)


def test_a_newer_importer_changes_rows_and_no_id(keeping: Keeping, newer: None) -> None:
    before = snapshot(keeping)
    ids, raws = keeping.ids(), {obs_id: keeping.house.archive.raw(obs_id) for obs_id in keeping.ids()}
    planned = remap(keeping, dry_run=True)
    assert snapshot(keeping) == before
    report = remap(keeping)
    assert msgspec.structs.replace(planned, dry_run=False) == report
    (row,) = report.formats
    assert (row.format, row.version, row.changed, row.rejected) == ("x-api-v2", "2", 6, {"raw-shape-unknown": 1})
    assert row.fields == {"posts.text": 6}
    assert row.removed == {"edges": 6}
    assert keeping.ids() == ids
    assert {obs_id: keeping.house.archive.raw(obs_id) for obs_id in ids} == raws
    posts = [row for row in keeping.rows("posts") if row["platform"] == "x"]
    assert sorted(row["text"].isupper() or "Report 3" in row["text"] for row in posts) == [True] * 7


def test_what_was_not_changed_is_as_it_was(keeping: Keeping, newer: None) -> None:
    before = {name: {str(row) for row in keeping.rows(name)} for name in ("posts", "accounts", "media", "edges")}
    remap(keeping)
    for name, rows in before.items():
        kept = {str(row) for row in keeping.rows(name)}
        assert {row for row in rows if "'x'" not in row and "'x:" not in row} <= kept, name
    counts = {name: len(keeping.rows(name)) for name in ("observations", "posts", "text_signals")}
    assert counts["observations"] == len(keeping.ids())
    assert counts["posts"] == len({row["obs_id"] for row in keeping.rows("posts")})
    versions = {row["importer_version"] for row in keeping.rows("observations") if row["source_format"] == "x-api-v2"}
    assert versions == {"1", "2"}
    assert not keeping.damages()


def test_a_second_run_finds_nothing_to_do_and_a_third_importer_builds_on_it(
    keeping: Keeping, newer: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    remap(keeping)
    after, head = snapshot(keeping), keeping.house.archive.manifest_head()
    second = remap(keeping)
    assert second.formats == ()
    assert (snapshot(keeping), keeping.house.archive.manifest_head()) == (after, head)
    third = remap(keeping, source_format="x-api-v2", again=True)
    assert third.formats[0].changed == 0

    class Later(XApiV2):
        manifest = replace(XApiV2.manifest, version="3")

    monkeypatch.setitem(registry.importers()._found, "x-api-v2", Later())
    back = remap(keeping)
    assert back.formats[0].changed == 6
    assert back.formats[0].added == {"edges": 6}
    assert all("Report" in row["text"] for row in keeping.rows("posts") if row["platform"] == "x")
    assert not keeping.damages()


def test_it_stops_where_it_is_told_to_and_goes_on_from_there(
    keeping: Keeping, newer: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dalil.actions import remapping

    keeping.bring("x2", keeping_house.x_posts(keeping.folder / "more.jsonl", 20, 26))
    monkeypatch.setattr(remapping, "RECORDS_AT_ONCE", 1)
    first = remap(keeping, progress=lambda done, total: done == 0)
    assert first.cancelled
    assert 0 < first.formats[0].changed < 12
    second = remap(keeping)
    assert not second.cancelled
    assert first.formats[0].changed + second.formats[0].changed == 12
    assert second.up_to_date >= first.formats[0].read


def test_a_job_does_the_same(keeping: Keeping, newer: None) -> None:
    from dalil.actions.remapping import enqueue_remap
    from dalil.actions.steps import steps
    from dalil.jobs import queries, worker

    actor = keeping.member("blue", "researcher")
    job_id = enqueue_remap(actor, house=keeping.house)
    assert enqueue_remap(actor, house=keeping.house) == job_id, "one at a time"
    assert worker.run(steps(keeping.house), keeping.house.clock, once=True) == 1
    row = queries.job(job_id)
    assert row is not None
    assert (row.state.value, row.error_code, row.unit) == ("done", "", "records")
    assert row.done == row.total
    assert any(item["text"].startswith("REPORT") for item in keeping.rows("posts"))


def test_who_may_and_what_cannot(keeping: Keeping) -> None:
    from dalil.actions.remapping import LOCK, remap
    from dalil.archive.scratch import exclusive

    with pytest.raises(NotAllowed):
        remap(keeping.member("blue", "spotter"), house=keeping.house)
    with pytest.raises(InputError) as unknown:
        remap(keeping.member("blue", "keeper"), house=keeping.house, source_format="no-such-format")
    assert unknown.value.code == "value-wrong"
    with exclusive(keeping.house.workspace.tmp / LOCK), pytest.raises(Conflict):
        remap(keeping.member("blue", "keeper"), house=keeping.house)


def test_a_format_without_a_second_reading_is_told_and_left_alone(
    keeping: Keeping, here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Once(HandCapture):
        manifest = replace(HandCapture.manifest, rereads=False)

    monkeypatch.setitem(registry.importers()._found, "hand-capture", Once())
    report = remap(keeping, again=True)
    assert report.not_reread == {"hand-capture": 1}
    with pytest.raises(InputError) as refused:
        remap(keeping, source_format="hand-capture")
    assert refused.value.code == "format-not-reread"
