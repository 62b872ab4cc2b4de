"""An expunged observation is gone from everywhere, stays gone, and custody tells of it; killed anywhere, old or new."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from archive_chunks import NOW, File, FixedKeys, picture, post_id, record, sha256, tables_of
from failing_disk import FailingDisk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dalil.archive import custody, doctor, expunging, raw, rewriting, workspace
from dalil.archive.keys import Cost
from dalil.archive.reading import Archive
from dalil.archive.rewriting import Note, Removal
from dalil.archive.scratch import Scratch
from dalil.archive.workspace import Workspace
from dalil.archive.writing import Writer
from dalil.errors import LimitReached, NotAvailable
from dalil.schema.results import Finding, Method

NOTE = Note("2026-05-18", "blue", "dalil expunge")
TABLES = ("observations", "posts", "edges", "text_signals", "media", "accounts")


def make(folder: Path) -> Workspace:
    return workspace.create(folder, zone="UTC", passphrase="p", demo=True, cost=Cost(1, 64, 1))


def bring(house: Workspace, file: File) -> Any:
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    intake = writer.begin(file.begin, "blue")
    for chunk in file.chunks():
        writer.chunk(intake, chunk)
    return writer.end(intake, file.end)


def expunge(house: Workspace, *numbers: int, reason: str = "harm", **given_: Any) -> expunging.Expunged:
    return expunging.expunge(house, [post_id(number) for number in numbers], reason=reason, note=NOTE, **given_)


def everything(house: Workspace) -> bytes:
    """All bytes in the workspace, raw records unpacked; Parquet as its values."""
    parts = [path.read_bytes() for path in house.folder.rglob("*") if path.is_file()]
    for path in house.raw.iterdir():
        parts += [item for _, item in raw.read_all(path)]
    with Archive(house, memory_mib=256, threads=1) as archive:
        parts += [str(archive.table(name).to_pyarrow().to_pylist()).encode() for name in TABLES]
    return b"\n".join(parts)


@pytest.fixture
def full(house: Workspace, circles: dict[str, str]) -> Workspace:
    bring(house, File(0, 60, 20))
    return house


def test_nothing_of_it_is_left_and_everything_else_is(full: Workspace, archive: Archive) -> None:
    before = {name: archive.table(name).count().execute() for name in TABLES}
    done = expunge(full, 3, 5, 7)
    assert (done.observations, done.missing) == (3, [])
    gone = {post_id(number) for number in (3, 5, 7)}
    for name in TABLES:
        ids = archive.table(name).obs_id.to_pyarrow().to_pylist()
        assert not gone & set(ids), name
        assert len(ids) == before[name] - {"edges": 6, "media": 1}.get(name, 3)
    for number in (3, 5, 7):
        assert record(number) not in everything(full)
        with pytest.raises(NotAvailable):
            archive.raw(post_id(number))
    assert archive.raw(post_id(4)) == record(4)
    assert archive.holds([post_id(3), post_id(4)]) == {post_id(4)}
    assert doctor.examine(full) == []


def test_hash_and_reason_stay_and_custody_tells_of_it(full: Workspace, archive: Archive) -> None:
    chain = archive.custody()
    expunge(full, 3, 5)
    now = archive.custody()
    assert now[: len(chain)] == chain, "nothing that was told is told otherwise"
    added = now[len(chain) :]
    assert [entry.action for entry in added] == ["rewritten", "expunged"]
    assert added[0].reason == "of #2"
    assert json.loads(added[1].reason) == {"reason": "harm", "observations": 2, "media": 0}
    assert custody.first_break(now) is None
    found = expunging.buried(full, [post_id(3), post_id(4)])
    assert found == {post_id(3): {"sha256": sha256(record(3)), "reason": "harm", "day": NOTE.day, "circle": "blue"}}


def test_pictures_go_with_the_last_who_shows_them(full: Workspace, archive: Archive) -> None:
    """Every fifth post has one of four pictures; 5, 25 and 45 show the same."""
    shown = sha256(picture(5))
    assert expunge(full, 5, 25).media == 0
    assert archive.media_path(shown).is_file()
    assert expunge(full, 45).media == 1
    assert not full.media_path(shown).exists()
    assert shown not in archive.table("image_signals").sha256.to_pyarrow().to_pylist()
    with pytest.raises(NotAvailable):
        archive.media_path(shown)
    assert doctor.examine(full) == []
    bring(full, File(100, 130, 10))  # 105 and 125 show it anew: it comes back with them, fingerprint included
    assert archive.media_path(shown).is_file()
    assert archive.table("image_signals").sha256.to_pyarrow().to_pylist().count(shown) == 1
    assert doctor.examine(full) == []


def test_media_that_something_else_refers_to_stay(full: Workspace, archive: Archive) -> None:
    shown = sha256(picture(5))
    assert expunge(full, 5, 25, 45, keep_media=[shown]).media == 0
    assert archive.media_path(shown).is_file()


def test_locators_go_with_the_last_who_names_them(house: Workspace, circles: dict[str, str]) -> None:
    """The stand-ins of these chunks are no real ones, so two posts get real ones here."""
    one, two = f"fake:h:{'a' * 32}", f"fake:h:{'b' * 32}"
    writer = Writer(house, keys=None, now=NOW)
    intake = writer.begin(File(0, 2, 2).begin, "blue")
    for number, names in ((0, [one, two]), (1, [two])):
        tables = tables_of([number])
        text = json.dumps({"by": names[0][5:], "to": names[-1][5:], "n": number}, separators=(",", ":")).encode()
        tables["raw"] = pa.table(
            {"obs_id": [post_id(number)], "sha256": [sha256(text)], "record": [text]}, schema=tables["raw"].schema
        )
        posts = tables["posts"].to_pylist()
        tables["posts"] = pa.Table.from_pylist([{**posts[0], "author_ref": names[0]}], schema=tables["posts"].schema)
        tables["locators"] = pa.table(
            {"pseudonym": names, "locator": ["https://x.example/1"] * len(names)}, schema=tables["locators"].schema
        )
        writer.chunk(intake, File(0, 2, 2).chunks().__next__().__class__(_head(number), tables))
    with Archive(house, memory_mib=256, threads=1) as archive:
        assert expunge(house, 0).locators == 1
        assert archive.sealed_locator(one) is None
        assert archive.sealed_locator(two) is not None
        assert expunge(house, 1).locators == 1
        assert archive.sealed_locator(two) is None


def _head(number: int) -> Any:
    from dalil.schema.chunks import ChunkHead

    return ChunkHead(number=number, read=1, includes=0, quarantined=0, rejected={}, done_bytes=0, tables={})


def test_it_does_not_come_back(full: Workspace, archive: Archive) -> None:
    expunge(full, 3, 5, 25, 45)
    before, blobs = archive.table("posts").count().execute(), {p.name for p in full.media.rglob("*") if p.is_file()}
    row = bring(full, File(0, 60, 15))
    assert (row.kept, row.known, row.expunged) == (0, 56, 4)
    assert archive.table("posts").count().execute() == before
    assert {p.name for p in full.media.rglob("*") if p.is_file()} == blobs
    assert archive.holds([post_id(3)]) == set()
    mixed = bring(full, File(40, 70, 30))
    assert (mixed.kept, mixed.known, mixed.expunged) == (10, 19, 1)
    assert doctor.examine(full) == []


def test_what_expired_may_be_brought_in_again(full: Workspace, archive: Archive) -> None:
    expunge(full, 3, reason="expired")
    row = bring(full, File(0, 60, 15))
    assert (row.kept, row.expunged) == (1, 0)
    expunge(full, 3)
    assert bring(full, File(0, 60, 12)).expunged == 1
    assert doctor.examine(full) == []
    assert expunging.buried(full, [post_id(3)])[post_id(3)]["reason"] == "harm"


def test_twice_is_once_and_what_is_not_there_is_told(full: Workspace, archive: Archive) -> None:
    expunge(full, 3)
    head = archive.manifest_head()
    again = expunge(full, 3, 999)
    assert again.observations == 0
    assert again.missing == sorted([post_id(3), post_id(999)])
    assert archive.manifest_head() == head
    with pytest.raises(KeyError):
        expunge(full, 4, reason="because")


def test_everything_can_go(full: Workspace, archive: Archive) -> None:
    expunge(full, *range(60))
    assert archive.table("posts").count().execute() == 0
    assert [path for path in full.raw.iterdir() if path.is_file()] == []
    assert [path for path in full.media.rglob("*") if path.is_file()] == []
    assert doctor.examine(full) == []
    assert bring(full, File(0, 60, 20)).expunged == 60
    assert doctor.examine(full) == []


def finding(name: str) -> Finding:
    return Finding(
        finding_id=name, kind="t", method=Method("t", "1"), as_of=NOW, zone="Asia/Baghdad", manifest_head="0" * 64
    )


def test_findings_and_indexes_that_hold_it_go(full: Workspace, archive: Archive) -> None:
    import numpy as np

    writer = Writer(full, keys=FixedKeys(), now=NOW)
    for name, number in (("about-3", 3), ("about-4", 4)):
        table = pa.table({"ids": pa.array([[post_id(number)]], pa.list_(pa.string()))})
        made = finding(name)
        writer.save_finding(made, {"rows": table})
    writer.save_index("texts", {"a": np.arange(3)})
    expunge(full, 3)
    assert [row.finding_id for row in archive.findings()] == ["about-4"]
    assert archive.index("texts") is None
    assert doctor.examine(full) == []


def test_raw_alone_goes_and_its_hash_stays(full: Workspace, archive: Archive) -> None:
    removal = Removal(raws=frozenset(bytes.fromhex(post_id(number)) for number in (3, 4)))
    with Scratch(full.tmp) as scratch:
        made = rewriting.plan(full, removal, scratch)
        with full.manifest.writing() as connection:
            connection.executemany(
                "INSERT INTO raw_gone VALUES (?, ?, 1)", [(one, sha256(b"")) for one in removal.raws]
            )
            assert rewriting.carry_out(full, made, NOTE, connection)
    rewriting.finish(full)
    with pytest.raises(NotAvailable) as raised:
        archive.raw(post_id(3))
    assert raised.value.code == "raw-gone"
    assert archive.raw(post_id(5)) == record(5)
    assert post_id(3) in archive.table("posts").obs_id.to_pyarrow().to_pylist()
    assert doctor.examine(full) == []
    assert bring(full, File(0, 60, 15)).kept == 0
    expunge(full, 3)
    assert doctor.examine(full) == []


def test_a_plan_made_for_an_archive_that_grew_is_made_again(full: Workspace, archive: Archive) -> None:
    with Scratch(full.tmp) as scratch:
        made = rewriting.plan(full, Removal(observations=frozenset({bytes.fromhex(post_id(3))})), scratch)
        bring(full, File(60, 80, 20))
        with full.manifest.writing() as connection:
            assert not rewriting.carry_out(full, made, NOTE, connection)
    assert archive.holds([post_id(3)]) == {post_id(3)}
    doctor.repair(full)
    assert doctor.examine(full) == []


def test_an_open_archive_sees_it_at_once(full: Workspace, archive: Archive) -> None:
    table = archive.table("posts")
    assert table.count().execute() == 60
    expunge(full, 3)
    assert archive.table("posts").count().execute() == 59
    expunge(full, *range(50, 60))
    assert archive.table("posts").count().execute() == 49


@given(gone=st.sets(st.integers(0, 39), max_size=40), size=st.integers(1, 40))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_set_of_any_chunks(tmp_path_factory: pytest.TempPathFactory, gone: set[int], size: int) -> None:
    house = make(tmp_path_factory.mktemp("any") / "house")
    bring(house, File(0, 40, size))
    expunge(house, *gone)
    with Archive(house, memory_mib=256, threads=1) as archive:
        held = {int(uid.removeprefix("fake:")) for uid in archive.table("posts").uid.to_pyarrow().to_pylist()}
        assert held == set(range(40)) - gone
        assert archive.table("edges").count().execute() == 2 * len(held)
        for number in held:
            assert archive.raw(post_id(number)) == record(number)
    assert doctor.examine(house) == []


def test_the_disk_fails_at_every_step(tmp_path: Path) -> None:
    """Old or new at every single one, told plainly; and the next try brings it to its end."""
    for allowed in range(0, 400, 12):
        house = make(tmp_path / f"house-{allowed}")
        bring(house, File(0, 24, 12))
        with FailingDisk(allowed).installed():
            try:
                expunge(house, 3, 5, 20)
                failed = False
            except LimitReached:
                failed = True
        with Archive(house, memory_mib=256, threads=1) as archive:
            assert archive.table("posts").count().execute() in (21, 24)
            assert len(archive.holds([post_id(n) for n in (3, 5, 20)])) in (0, 3)
            assert doctor.verify(house) == []
            if not failed:
                break
            expunge(house, 3, 5, 20)
            assert archive.table("posts").count().execute() == 21
        doctor.repair(house)
        assert doctor.examine(house) == []
    assert 12 < allowed < 396


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs fork")
def test_killed_before_any_operation_it_is_old_or_new(tmp_path: Path) -> None:
    driver = Path(__file__).with_name("expunge_driver.py")
    paths = [str(Path(__file__).parents[3] / "src"), str(Path(__file__).parents[2])]
    settings_ = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run(
        [sys.executable, str(driver), str(tmp_path), "60"], env=settings_, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    lives = json.loads(done.stdout)
    assert len(lives) > 3
    assert [life["lived"] for life in lives] == [False] * (len(lives) - 1) + [True]
    end = lives[-1]["after"]
    assert (end["held"], end["tombs"]) == (0, 5)
    for life in lives:
        between = life["between"]
        assert between["damage"] == life["after"]["damage"] == [], life["at"]
        whole = between["held"] == 5
        assert between["tombs"] == (0 if whole else 5), life["at"]
        for name in TABLES:
            assert between[name][1] == 0 or whole, (life["at"], name)
        assert life["after"] == end, life["at"]


def test_what_an_import_was_given_forgets_a_name(house: Workspace) -> None:
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    given = ({"page": "@Sahlara.Today", "zone": "Asia/Baghdad"}, {"page": "other"}, {})
    for number, options in enumerate(given):
        file = File(10 * number, 10 * number + 10, 10)
        intake = writer.begin(file.begin, "blue", options)
        for chunk in file.chunks():
            writer.chunk(intake, chunk)
        writer.end(intake, file.end)
    expunging.forget_options(house, {"sahlara.today"})
    assert [row.options for row in house.manifest.intakes()] == [{}, {"page": "other"}, {"zone": "Asia/Baghdad"}]
    written = b"".join(path.read_bytes() for path in house.archive.glob("manifest.db*"))
    assert b"ahlara.Today" not in written, "nor in the log"
