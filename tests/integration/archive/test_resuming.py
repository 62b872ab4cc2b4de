"""An import that was cut off is gone on with; one that ended is a new one; two at once take turns."""

from __future__ import annotations

import msgspec
import pytest
from archive_chunks import NOW, File, FixedKeys, chunk_of, post_id

from dalil.archive import doctor, writing
from dalil.archive.writing import Writer
from dalil.schema.chunks import End, Failed

FILE = File(0, 60, 20)


def writer(house) -> Writer:
    return Writer(house, keys=FixedKeys(), now=NOW)


def chunks(file: File = FILE):
    return list(file.chunks())


def test_a_cut_off_import_goes_on_under_the_same_id_with_the_counts_of_an_undisturbed_one(house, archive):
    first = writer(house)
    intake = first.begin(FILE.begin, "blue")
    first.chunk(intake, chunks()[0])
    first.chunk(intake, chunks()[1])
    assert archive.intakes()[0].state == "running"

    again = writer(house)
    assert again.begin(FILE.begin, "blue") == intake
    kept = [again.chunk(intake, chunk) for chunk in chunks()]
    assert kept == [(0, 20), (0, 20), (20, 0)], "each call tells what it did itself"
    row = again.end(intake, FILE.end)
    assert (row.state, row.read, row.kept, row.known) == ("complete", 60, 60, 0), "the row tells the whole import"
    assert len(archive.rejects(intake)) == 1
    assert len(archive.intakes()) == 1


def test_other_chunk_sizes_on_the_second_try_lose_and_double_nothing(house, archive):
    first = writer(house)
    intake = first.begin(FILE.begin, "blue")
    first.chunk(intake, chunks()[0])
    again = writer(house)
    assert again.begin(FILE.begin, "blue") == intake
    for number, start in enumerate(range(0, 60, 7)):
        again.chunk(intake, chunk_of(range(start, min(start + 7, 60)), number=number))
    row = again.end(intake, FILE.end)
    assert (row.kept, row.known) == (60, 0)
    assert archive.table("posts").count().execute() == 60


def test_an_ended_import_is_not_gone_on_with(house, archive):
    for number in range(3):
        made = writer(house)
        intake = made.begin(FILE.begin, "blue")
        for chunk in chunks():
            made.chunk(intake, chunk)
        row = made.end(intake, FILE.end)
        assert row.intake_id.endswith(f"-{number + 1}")
        assert (row.kept, row.known) == ((60, 0) if number == 0 else (0, 60))
        assert len(archive.rejects(intake)) == 1
    assert [entry.action for entry in archive.custody()].count("completed") == 1


@pytest.mark.parametrize("other", [{"source_format": "other-format"}, {"received_sha256": "ab" * 32}])
def test_another_file_or_format_is_another_import(house, other):
    made = writer(house)
    first = made.begin(FILE.begin, "blue")
    assert made.begin(msgspec.structs.replace(FILE.begin, **other), "blue") != first


def test_another_circle_is_another_import_and_custody_names_each_once(house, archive):
    made = writer(house)
    blue, green = made.begin(FILE.begin, "blue"), made.begin(FILE.begin, "green")
    assert blue != green
    made.chunk(blue, chunks()[0])
    made.chunk(green, chunks()[1])
    made.end(blue, FILE.end)
    made.end(green, FILE.end)
    entries = [(entry.action, entry.circle) for entry in archive.custody()]
    assert entries == [("received", "blue"), ("stored", "blue"), ("stored", "green"), ("completed", "blue")]


def test_a_newer_importer_goes_on_with_what_an_older_one_began(house, archive):
    intake = writer(house).begin(FILE.begin, "blue")
    newer = msgspec.structs.replace(FILE.begin, importer_version="2")
    assert writer(house).begin(newer, "blue") == intake
    assert archive.intakes()[0].importer_version == "2"


def test_a_stopped_import_says_so_and_is_not_completed_in_custody(house, archive):
    made = writer(house)
    intake = made.begin(FILE.begin, "blue")
    made.chunk(intake, chunks()[0])
    row = made.end(
        intake, End(read=20, includes=0, quarantined=0, rejected={"not-json": 900}, stopped="too-many-rejects")
    )
    assert (row.state, row.code) == ("stopped", "too-many-rejects")
    assert [entry.action for entry in archive.custody()] == ["received", "stored"]
    assert writer(house).begin(FILE.begin, "blue") != intake


def test_an_import_after_a_failed_one_completes_in_custody(house, archive):
    made = writer(house)
    made.fail(made.begin(FILE.begin, "blue"), Failed(code="format-unknown"))
    assert archive.custody() == []
    intake = made.begin(FILE.begin, "blue")
    for chunk in chunks():
        made.chunk(intake, chunk)
    made.end(intake, FILE.end)
    assert [entry.action for entry in archive.custody()][-1] == "completed"


def test_a_file_without_any_record_is_received_and_completed(house, archive):
    made = writer(house)
    row = made.end(
        made.begin(FILE.begin, "blue"), End(read=0, includes=0, quarantined=0, rejected={}, ignored={"chats": 3})
    )
    assert (row.kept, row.ignored) == (0, {"chats": 3})
    assert [entry.action for entry in archive.custody()] == ["received", "completed"]
    assert doctor.examine(house) == []


def test_a_chunk_of_rejects_alone_keeps_them(house, archive):
    made = writer(house)
    intake = made.begin(FILE.begin, "blue")
    assert made.chunk(intake, chunk_of([], number=4, read=7, rejects=3)) == (0, 0)
    assert [row.where for row in archive.rejects(intake)] == ["line 4-0", "line 4-1", "line 4-2"]
    assert archive.intakes()[0].read == 7
    made.chunk(intake, chunk_of([], number=4, read=7, rejects=3))
    assert len(archive.rejects(intake)) == 3
    assert archive.rejects("none-1") == []


def test_progress_is_seen_while_an_import_runs(house, archive):
    made = writer(house)
    intake = made.begin(FILE.begin, "blue")
    seen = []
    for chunk in chunks():
        made.chunk(intake, chunk)
        row = archive.intakes()[0]
        seen.append((row.state, row.read, row.kept))
    assert seen == [("running", 20, 20), ("running", 40, 40), ("running", 60, 60)]


def test_a_chunk_that_another_writer_stores_meanwhile_is_planned_again(house, archive, monkeypatch):
    """The other writer comes exactly between our look-up and our lock."""
    ours, theirs = writer(house), writer(house)
    intake = ours.begin(FILE.begin, "blue")
    other = theirs.begin(File(10, 30, 20).begin, "green")
    stage = writing._stage
    visits = []

    def interrupted(scratch, files):
        moves = stage(scratch, files)
        if not visits:
            visits.append(1)
            assert theirs.chunk(other, chunk_of(range(10, 30))) == (20, 0)
        return moves

    monkeypatch.setattr(writing, "_stage", interrupted)
    assert ours.chunk(intake, chunk_of(range(20))) == (10, 10)
    assert archive.table("posts").count().execute() == archive.table("posts").uid.nunique().execute() == 30
    assert archive.table("edges").count().execute() == 60
    assert archive.table("image_signals").count().execute() == 4
    assert doctor.examine(house) == [], "the files of the first plan were never renamed"


def test_the_very_same_chunk_stored_by_another_writer_meanwhile_is_all_known(house, archive, monkeypatch):
    ours, theirs = writer(house), writer(house)
    intake = ours.begin(FILE.begin, "blue")
    stage = writing._stage
    visits = []

    def interrupted(scratch, files):
        moves = stage(scratch, files)
        if not visits:
            visits.append(1)
            theirs.chunk(theirs.begin(FILE.begin, "blue"), chunks()[0])
        return moves

    monkeypatch.setattr(writing, "_stage", interrupted)
    assert ours.chunk(intake, chunks()[0]) == (0, 20)
    assert archive.raw(post_id(3))
    assert [entry.action for entry in archive.custody()] == ["received", "stored"]
    assert doctor.examine(house) == []


def test_an_orphan_with_the_name_of_a_segment_that_comes_is_replaced(house, archive):
    """A crash between rename and commit leaves a whole file, a failing disk perhaps not: it is written anew."""
    made = writer(house)
    intake = made.begin(FILE.begin, "blue")
    made.chunk(intake, chunks()[0])
    path = house.archive / house.manifest.segments("posts")[0].path
    name = path.relative_to(house.folder)
    other = type(house)(house.folder.parent / "other", house.id, house.zone, None, False)
    from dalil.archive import workspace
    from dalil.archive.keys import Cost

    other = workspace.create(other.folder, zone=house.zone, passphrase="p", demo=True, cost=Cost(1, 64, 1))
    (other.folder / name).parent.mkdir(parents=True)
    (other.folder / name).write_bytes(b"half of it")
    again = writer(other)
    again.chunk(again.begin(FILE.begin, "blue"), chunks()[0])
    assert (other.folder / name).read_bytes() == path.read_bytes()
    assert doctor.examine(other) == []
