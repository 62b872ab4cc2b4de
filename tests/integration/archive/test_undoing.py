"""An import that is undone leaves the archive as if it had never come, and may come again; what others brought stays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from archive_chunks import NOW, File, FixedKeys, chunk_of, picture, post_id, record, sha256, tables_of
from failing_disk import FailingDisk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dalil.archive import compacting, custody, doctor, merging, raw, rewriting, undoing, workspace
from dalil.archive.keys import Cost
from dalil.archive.reading import Archive
from dalil.archive.rewriting import Note
from dalil.archive.workspace import Workspace
from dalil.archive.writing import Writer
from dalil.errors import Conflict, LimitReached, NotAvailable
from dalil.schema.chunks import Begin, Chunk, ChunkHead, End, Failed
from dalil.schema.tables import HANDED_OVER, STORED

NOTE = Note("2026-05-18", "blue", "dalil undo")


def make(folder: Path) -> Workspace:
    return workspace.create(folder, zone="UTC", passphrase="p", demo=True, cost=Cost(1, 64, 1))


def bring(house: Workspace, file: File, *, circle: str = "blue") -> Any:
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    intake = writer.begin(file.begin, circle)
    for chunk in file.chunks():
        writer.chunk(intake, chunk)
    return writer.end(intake, file.end)


def undo(house: Workspace, intake: str, *, at_once: int = undoing.AT_ONCE) -> int:
    """Undo it step by step; how many steps it took."""
    taken = 0
    while True:
        with undoing.prepared(house, intake, at_once=at_once) as step:
            if step is None:
                return taken
            assert step.take(NOTE)
            taken += 1
        rewriting.finish(house)


def everything(house: Workspace) -> bytes:
    """All bytes in the workspace but the manifest's own pages, raw records unpacked; Parquet as its values."""
    rewriting.finish(house)
    parts = [path.read_bytes() for path in house.folder.rglob("*") if path.is_file()]
    for path in house.raw.iterdir():
        parts += [item for _, item in raw.read_all(path)]
    with Archive(house, memory_mib=256, threads=1) as archive:
        parts += [str(archive.table(name).to_pyarrow().to_pylist()).encode() for name in STORED]
    return b"\n".join(parts)


def facts(house: Workspace) -> dict[str, Any]:
    """What is held, but for where it lies and when it came."""
    found: dict[str, Any] = {}
    with Archive(house, memory_mib=256, threads=1) as archive:
        for name in STORED:
            rows = archive.table(name).to_pyarrow().to_pylist()
            for row in rows:
                for column in ("raw_segment", "raw_pointer"):
                    row.pop(column, None)
            found[name] = sorted(map(str, rows))
        ids = archive.table("observations").obs_id.to_pyarrow().to_pylist()
        found["raw"] = sorted(archive.raw(one) for one in ids)
    rewriting.finish(house)
    found["media"] = sorted(path.name for path in house.media.rglob("*") if path.is_file())
    with house.manifest.reading() as connection:
        for table in ("media", "image_signals"):
            found[f"{table} known"] = connection.execute(f"SELECT sha256 FROM {table} ORDER BY 1").fetchall()
        found["rejects"] = connection.execute("SELECT place, code, raw_hash FROM rejects ORDER BY 1, 2, 3").fetchall()
        found["received"] = connection.execute("SELECT sha256 FROM received ORDER BY 1").fetchall()
    return found


@pytest.fixture
def full(house: Workspace, circles: dict[str, str]) -> Workspace:
    bring(house, File(0, 60, 20))
    return house


def test_it_is_as_if_it_had_not_come(full: Workspace, archive: Archive) -> None:
    before = facts(full)
    row = bring(full, File(100, 160, 20))
    undo(full, row.intake_id)
    assert facts(full) == before
    for number in (100, 101, 159):
        assert record(number) not in everything(full)
        with pytest.raises(NotAvailable):
            archive.raw(post_id(number))
    assert doctor.examine(full) == []


def test_custody_and_the_import_tell_of_it_and_no_tombstone_is_left(full: Workspace, archive: Archive) -> None:
    row = bring(full, File(100, 160, 20))
    chain = archive.custody()
    undo(full, row.intake_id)
    now = archive.custody()
    assert now[: len(chain)] == chain, "nothing that was told is told otherwise"
    added = now[len(chain) :]
    assert [entry.action for entry in added] == ["rewritten"] * 3 + ["undone"]
    assert json.loads(added[-1].reason) == {"intake": row.intake_id, "observations": 60, "media": 0, "shared": 0}
    assert (added[-1].circle, added[-1].day, len(added[-1].object)) == ("blue", NOTE.day, 64)
    assert custody.first_break(now) is None
    after = archive.intake(row.intake_id)
    assert after is not None
    assert (after.state, after.undone, after.undone_by, after.held, after.kept) == ("undone", NOTE.day, "blue", 0, 60)
    assert after.is_undone
    assert archive.rejects(row.intake_id) == []
    with full.manifest.reading() as connection:
        assert connection.execute("SELECT count(*) FROM expunged").fetchone() == (0,)


def test_the_same_file_comes_again_whole(full: Workspace, archive: Archive) -> None:
    first = bring(full, File(100, 160, 20))
    with_it = facts(full)
    undo(full, first.intake_id)
    again = bring(full, File(100, 160, 20))
    assert again.intake_id != first.intake_id
    assert (again.kept, again.known, again.expunged, again.state) == (60, 0, 0, "complete")
    assert facts(full) == with_it
    told = [entry.action for entry in archive.custody() if entry.object == again.received_sha256]
    assert told == ["received", "completed"] * 2
    assert doctor.examine(full) == []
    undo(full, again.intake_id)
    assert bring(full, File(100, 160, 20)).kept == 60


def test_what_it_found_known_stays(full: Workspace) -> None:
    before = facts(full)
    row = bring(full, File(40, 80, 10))
    assert (row.kept, row.known) == (20, 20)
    undo(full, row.intake_id)
    assert facts(full) == before
    assert doctor.examine(full) == []


def test_what_another_import_met_again_stays_and_counts_to_that_one(full: Workspace, archive: Archive) -> None:
    first = archive.intakes()[0]
    later = bring(full, File(40, 80, 10))
    third = bring(full, File(50, 60, 10))
    assert (third.kept, third.known) == (0, 10)
    found = undoing.look(full, first.intake_id)
    assert (len(found.brought.alone), len(found.brought.shared)) == (40, 20)
    undo(full, first.intake_id)
    with Archive(full, memory_mib=256, threads=1) as fresh:
        assert set(fresh.table("posts").obs_id.to_pyarrow().to_pylist()) == {post_id(n) for n in range(40, 80)}
    rows = {row.intake_id: row for row in archive.intakes()}
    assert rows[later.intake_id].taken_over == 20
    assert rows[later.intake_id].held == 40
    assert rows[third.intake_id].held == 0
    assert doctor.examine(full) == []
    undo(full, later.intake_id)
    rows = {row.intake_id: row for row in archive.intakes()}
    assert rows[third.intake_id].held == 10
    assert sum(row.held for row in rows.values()) == archive.table("posts").count().execute() == 10
    undo(full, third.intake_id)
    assert archive.table("posts").count().execute() == 0
    assert [path for path in full.media.rglob("*") if path.is_file()] == []
    assert doctor.examine(full) == []


def test_the_order_of_undoing_does_not_matter(full: Workspace, archive: Archive) -> None:
    first = archive.intakes()[0]
    before = facts(full)
    later = bring(full, File(0, 60, 15))
    undo(full, later.intake_id)
    assert facts(full) == before
    again = bring(full, File(0, 60, 12))
    undo(full, first.intake_id)
    assert archive.table("posts").count().execute() == 60
    undo(full, again.intake_id)
    assert archive.table("posts").count().execute() == 0


def test_an_undone_import_brings_nothing(full: Workspace, archive: Archive) -> None:
    """What only undone imports met again goes with the last that is not."""
    first = archive.intakes()[0]
    undo(full, bring(full, File(0, 60, 15)).intake_id)
    undo(full, first.intake_id)
    assert archive.table("posts").count().execute() == 0


def test_pictures_stay_with_whoever_else_brought_them(full: Workspace, archive: Archive) -> None:
    """Every fifth post has one of four pictures, so that the later file brings none that is new."""
    shown = sha256(picture(5))
    first = archive.intakes()[0]
    later = bring(full, File(100, 130, 10))
    undo(full, later.intake_id)
    assert archive.media_path(shown).is_file()
    again = bring(full, File(100, 130, 12))
    undo(full, first.intake_id)
    assert archive.media_path(shown).is_file()
    assert archive.table("image_signals").sha256.to_pyarrow().to_pylist().count(shown) == 1
    undo(full, again.intake_id)
    with pytest.raises(NotAvailable):
        archive.media_path(shown)
    assert archive.table("image_signals").count().execute() == 0
    assert doctor.examine(full) == []


def without_bytes(numbers: Sequence[int]) -> Chunk:
    """Posts as a file tells of them that came without its pictures."""
    made = {name: rows for name, rows in tables_of(numbers).items() if name not in ("media", "image_signals", "blobs")}
    head = ChunkHead(number=0, read=len(numbers), includes=0, quarantined=0, rejected={}, done_bytes=0, tables={})
    return Chunk(head, made)


def by_hand(house: Workspace, name: str, chunk: Chunk, *, end: bool = True) -> str:
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    begin = Begin(
        source_format="fake-format", importer_version="1", received_sha256=sha256(name.encode()), received_bytes=1
    )
    intake = writer.begin(begin, "blue")
    writer.chunk(intake, chunk)
    if end:
        writer.end(intake, End(read=1, includes=0, quarantined=0, rejected={}, ignored={}, stopped=None))
    return intake


def test_bytes_that_came_for_posts_that_were_known_go_again(house: Workspace, circles: dict[str, str]) -> None:
    by_hand(house, "without", without_bytes([5, 10]))
    before = facts(house)
    assert before["media"] == []
    intake = by_hand(house, "with", chunk_of([5, 10]))
    with Archive(house, memory_mib=256, threads=1) as archive:
        assert archive.table("media").count().execute() == 2
        undo(house, intake)
        assert archive.table("media").count().execute() == 0
    assert facts(house) == {**before, "received": before["received"]}
    assert doctor.examine(house) == []


def test_bytes_that_came_by_no_import_stay(house: Workspace, archive: Archive, circles: dict[str, str]) -> None:
    data = picture(5)
    Writer(house, keys=FixedKeys(), now=NOW).media_blob(data, circle="blue", tool="hand 1")
    undo(house, by_hand(house, "with", chunk_of([5])))
    assert archive.media_path(sha256(data)).read_bytes() == data
    assert doctor.examine(house) == []


def test_merged_files_are_written_anew(full: Workspace, archive: Archive) -> None:
    before = facts(full)
    for first in range(100, 300, 20):
        row = bring(full, File(first, first + 20, 5))
        if first == 100:
            chosen = row
    groups = merging.plan(archive.all_segments(), month="2026-09", fences={})
    assert groups
    for group in groups:
        assert compacting.compact(archive, group, now=NOW)
    others = [row.intake_id for row in archive.intakes() if row.day == chosen.day and row.kept == 20]
    undo(full, chosen.intake_id)
    assert archive.table("posts").count().execute() == 60 + 9 * 20
    assert doctor.verify(full) == []
    for intake in set(others) - {chosen.intake_id}:
        undo(full, intake)
    assert facts(full) == before


def test_a_large_one_goes_in_steps_and_may_stop_between_them(full: Workspace, archive: Archive) -> None:
    before = facts(full)
    row = bring(full, File(100, 160, 10))
    with undoing.prepared(full, row.intake_id, at_once=25) as step:
        assert step is not None
        assert not step.last
        assert step.take(NOTE)
    rewriting.finish(full)
    between = archive.intake(row.intake_id)
    assert between is not None
    assert (between.state, between.gone, between.held) == ("undoing", 25, 35)
    assert sum(one.held for one in archive.intakes()) == archive.table("posts").count().execute()
    assert doctor.examine(full) == []
    assert undo(full, row.intake_id, at_once=25) == 2
    assert facts(full) == before
    after = archive.intake(row.intake_id)
    assert after is not None
    assert (after.state, after.gone) == ("undone", 60)


@pytest.mark.parametrize("ending", ["nothing", "failed", "stopped"])
def test_one_that_did_not_come_to_its_end(full: Workspace, ending: str) -> None:
    before = facts(full)
    file = File(100, 160, 20)
    writer = Writer(full, keys=FixedKeys(), now=NOW)
    intake = writer.begin(file.begin, "blue")
    chunks = file.chunks()
    writer.chunk(intake, next(chunks))
    if ending == "failed":
        writer.fail(intake, Failed(code="import-cancelled"))
    elif ending == "stopped":
        writer.end(intake, End(read=20, includes=0, quarantined=0, rejected={}, ignored={}, stopped="rejects-many"))
    undo(full, intake)
    assert facts(full) == before
    if ending == "nothing":  # whoever was still reading it can write no more for it
        for write in (
            lambda: writer.chunk(intake, next(chunks)),
            lambda: writer.chunk(intake, chunk_of(range(5))),
            lambda: writer.end(intake, file.end),
            lambda: writer.fail(intake, Failed(code="child-died")),
        ):
            with pytest.raises(Conflict) as raised:
                write()
            assert raised.value.code == "intake-undone"
        assert facts(full) == before
    assert bring(full, file).kept == 60


def test_one_that_brought_nothing(full: Workspace, archive: Archive) -> None:
    before = facts(full)
    row = bring(full, File(0, 60, 30))
    assert undo(full, row.intake_id) == 1
    assert undo(full, row.intake_id) == 0
    assert facts(full) == before
    with pytest.raises(NotAvailable), undoing.prepared(full, "no-such"):
        pass


def test_what_is_stored_while_it_is_planned_is_not_lost(full: Workspace, archive: Archive) -> None:
    """Another import meets the same posts between the plan and the step: the plan no longer fits."""
    row = bring(full, File(100, 160, 20))
    with undoing.prepared(full, row.intake_id) as step:
        assert step is not None
        bring(full, File(100, 120, 20))
        assert not step.take(NOTE)
    undo(full, row.intake_id)
    assert archive.holds([post_id(n) for n in range(100, 160)]) == {post_id(n) for n in range(100, 120)}


def test_a_post_that_goes_while_another_import_has_it_in_hand_is_stored_by_that_one(
    full: Workspace, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = bring(full, File(100, 120, 20))
    writer = Writer(full, keys=FixedKeys(), now=NOW)
    other = writer.begin(File(100, 121, 21).begin, "green")
    plain = Writer._note

    def undone_meanwhile(self: Writer, *given: Any) -> Any:
        if self is writer:
            monkeypatch.setattr(Writer, "_note", plain)
            undo(full, row.intake_id)
        return plain(self, *given)

    monkeypatch.setattr(Writer, "_note", undone_meanwhile)
    kept = writer.chunk(other, chunk_of(range(100, 120), read=20))
    assert kept.kept == 20
    assert archive.holds([post_id(100)]) == {post_id(100)}
    assert doctor.examine(full) == []


def test_one_read_again_after_a_crash_notes_nothing_twice(full: Workspace) -> None:
    file = File(40, 80, 10)

    def noted() -> list[Any]:
        with full.manifest.reading() as connection:
            return connection.execute("SELECT intake, first, kind, mark FROM met_again ORDER BY 1, 2, 3, 4").fetchall()

    writer = Writer(full, keys=FixedKeys(), now=NOW)
    intake = writer.begin(file.begin, "blue")
    chunks = list(file.chunks())
    for chunk in chunks[:3]:
        writer.chunk(intake, chunk)
    before = noted()
    assert len(before) == 2 * 2, "two chunks with known posts, each with known pictures"
    again = Writer(full, keys=FixedKeys(), now=NOW)
    assert again.begin(file.begin, "blue") == intake
    for chunk in chunks:
        again.chunk(intake, chunk)
    assert noted() == before
    again.end(intake, file.end)


def test_an_earlier_version_did_not_note_it(full: Workspace, archive: Archive) -> None:
    first = archive.intakes()[0]
    later = bring(full, File(0, 60, 15))
    with full.manifest.writing() as connection:
        connection.execute("UPDATE intakes SET tells = 0")
        connection.execute("DELETE FROM met_again")
    assert undoing.look(full, first.intake_id).untold == (later.intake_id,)
    assert undoing.look(full, later.intake_id).untold == (), "of nothing that it brought"
    bring(full, File(0, 60, 15))
    assert undoing.look(full, first.intake_id).untold == ()
    assert undoing.look(full, first.intake_id).traceable
    with full.manifest.writing() as connection:
        connection.execute("UPDATE raw_segments SET intake = NULL")
    assert not undoing.look(full, first.intake_id).traceable


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    spans=st.lists(st.tuples(st.integers(0, 30), st.integers(1, 25)), min_size=2, max_size=4),
    chances=st.randoms(use_true_random=False),
)
def test_in_any_order_what_is_left_is_what_the_others_brought(
    tmp_path_factory: pytest.TempPathFactory, spans: list[tuple[int, int]], chances: Any
) -> None:
    house = make(tmp_path_factory.mktemp("house") / "w")
    brought: dict[str, set[str]] = {}
    for place, (first, length) in enumerate(spans):
        file = File(first, first + length, 7 + place)  # the size makes equal spans different files
        brought[bring(house, file).intake_id] = {post_id(n) for n in range(first, first + length)}
    with Archive(house, memory_mib=256, threads=1) as archive:
        while brought:
            chosen = chances.choice(sorted(brought))
            del brought[chosen]
            undo(house, chosen, at_once=chances.choice([9, 1000]))
            left = set().union(*brought.values())
            assert set(archive.table("observations").obs_id.to_pyarrow().to_pylist()) == left
            rows = archive.intakes()
            assert sum(row.held for row in rows) == len(left)
            pictures = {sha256(picture(n % 20)) for n in range(60) if n % 5 == 0 and post_id(n) in left}
            assert archive.holds_media({sha256(picture(n)) for n in range(20)}) == pictures
    assert doctor.examine(house) == []


def test_on_a_full_disk_nothing_is_undone(full: Workspace) -> None:
    row = bring(full, File(40, 80, 10))
    before = facts(full)
    for allowed in (0, 1, 3):
        with FailingDisk(allowed).installed(), pytest.raises(LimitReached):
            undo(full, row.intake_id)
        assert facts(full) == before
        assert doctor.verify(full) == []
    undo(full, row.intake_id)
    assert doctor.verify(full) == []


def test_it_is_the_whole_of_the_tables() -> None:
    """A table that is added must be thought of here: of an observation, of a picture, or neither."""
    assert set(STORED) == {
        *("observations", "posts", "accounts", "edges", "text_signals", "media", "image_signals", "picture_texts")
    }
    assert set(HANDED_OVER) - set(STORED) == {"raw", "locators", "blobs", "rejects"}
    assert pa.types.is_boolean(STORED["observations"].field("included").type)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs fork")
def test_killed_before_any_operation_it_is_old_or_new_and_goes_on(tmp_path: Path) -> None:
    driver = Path(__file__).with_name("undo_driver.py")
    paths = [str(Path(__file__).parents[3] / "src"), str(Path(__file__).parents[2])]
    settings_ = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run(
        [sys.executable, str(driver), str(tmp_path), "120"], env=settings_, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    lives = json.loads(done.stdout)
    assert len(lives) > 4
    assert [life["lived"] for life in lives] == [False] * (len(lives) - 1) + [True]
    calm = lives[-1]["after"]
    assert calm["state"] == "undone"
    assert {life["between"]["posts"] for life in lives} <= {290, 230, 210}, "nothing, a step, or all"
    for life in lives:
        assert life["between"]["damage"] == life["after"]["damage"] == [], life["at"]
        assert life["between"]["held"] == life["between"]["posts"], life["at"]
        assert life["after"] == calm, life["at"]
