"""A new key: everything held is hashed anew, edges still join, the desk still finds its items, the old key is gone."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keeping_house
import pytest
from keeping_house import Keeping

from dalil.errors import Conflict, NotAllowed, NotAvailable

HASH = re.compile(rb"h:[0-9a-f]{32}")


@pytest.fixture
def keeping(database: Path, tmp_path: Path) -> Iterator[Keeping]:
    with keeping_house.keeping(tmp_path) as made:
        keeping_house.four_formats(made)
        yield made


def rotate(keeping: Keeping, **given: Any) -> Any:
    from dalil.actions.rotating import rotate
    from dalil.people.actor import LOCAL

    return rotate(LOCAL, house=keeping.house, **given)


def shape(keeping: Keeping) -> dict[str, list[str]]:
    """The rows with every stand-in numbered in the order of its first place: who is who, without the hashes."""
    found: dict[str, list[str]] = {}
    for name in ("posts", "edges", "accounts", "text_signals"):
        rows = sorted(keeping.rows(name), key=lambda row: re.sub(r"[0-9a-f]{32,}", "", str(row)))
        left_out = {"obs_id", "version"}
        found[name] = [str({key: value for key, value in row.items() if key not in left_out}) for row in rows]
    numbers: dict[str, str] = {}
    for name, rows in found.items():
        found[name] = [
            re.sub(r"h:[0-9a-f]{32}", lambda match: numbers.setdefault(match[0], f"#{len(numbers)}"), row)
            for row in rows
        ]
    return found


def hashes(keeping: Keeping) -> set[bytes]:
    return set(HASH.findall(keeping.bytes_of_everything()))


def test_every_hash_is_another_and_everything_still_joins(keeping: Keeping) -> None:
    before, old, counts = shape(keeping), hashes(keeping), len(keeping.ids())
    first_key = keeping.house.keys.pseudonym()
    report = rotate(keeping)
    assert (report.generation, report.observations) == (2, counts)
    assert shape(keeping) == before
    new = hashes(keeping)
    assert len(new) == len(old)
    assert not new & old
    assert {row["key_generation"] for row in keeping.rows("observations")} == {2}
    assert keeping.damages() == []
    assert keeping.house.keys.generation == 2
    with pytest.raises(NotAvailable):
        keeping.house.keys.pseudonym(1)
    assert "rotation.link" not in keeping.house.keys.names()
    assert keeping.house.keys.pseudonym() != first_key


def test_ids_are_those_of_the_new_records_and_what_the_desk_refers_to_is_found(keeping: Keeping) -> None:
    from dalil.actions import claims, seeing
    from dalil.schema.casework import Cell
    from dalil.schema.identity import observation_id
    from dalil.schema.words import ClaimType, MakerClass

    wanted, other = keeping.post("Report 3"), keeping.post("Report 4")
    claims.log_claim(
        keeping.member("blue"), sentence="The bridge stands.", sentence_lang="en", claim_type=ClaimType.VICTORY,
        maker_class=MakerClass.UNKNOWN, cells=[Cell("x", "en", "sahlara")], observation_ids=[wanted["obs_id"]],
        now=keeping.house.now(), desk=keeping.house.desk,
    )  # fmt: skip
    rotate(keeping)
    identity = keeping.house.keys.identity
    for row in keeping.rows("observations"):
        assert observation_id(identity, row["source_format"], keeping.house.archive.raw(row["obs_id"])) == row["obs_id"]
    after = keeping.post("Report 3")
    assert after["obs_id"] != wanted["obs_id"]
    assert keeping.house.archive.raw(wanted["obs_id"]) == keeping.house.archive.raw(after["obs_id"])
    with pytest.raises(NotAvailable):
        keeping.house.archive.raw(other["obs_id"])
    found = seeing.look_text(keeping.member("blue"), after["text"], house=keeping.house)
    assert found.matches[0].known is not None


def test_a_file_that_is_imported_again_adds_nothing(keeping: Keeping) -> None:
    rotate(keeping)
    ids = keeping.ids()
    for name in ("x", "ct", "tg", "hand"):
        assert keeping.bring(name, keeping.files[name]).kept == 0, name
    assert keeping.ids() == ids
    rotate(keeping)
    assert keeping.house.keys.generation == 3
    assert keeping.bring("x", keeping.files["x"]).kept == 0
    assert keeping.damages() == []


def test_apart_nobody_can_tell_who_is_among_what_is_held(keeping: Keeping) -> None:
    before = shape(keeping)
    held = {row["author_ref"] for row in keeping.rows("posts") if row["platform"] == "x"}
    rotate(keeping, apart=True)
    assert shape(keeping) == before
    assert len(keeping.house.keys.pseudonym()) == 32
    keeping.bring("x", keeping_house.x_posts(keeping.folder / "later.jsonl", 40, 44))
    later = {row["author_ref"] for row in keeping.rows("posts") if "Report 4" in row["text"] and row["platform"] == "x"}
    assert len(later) > len(held)
    assert keeping.damages() == []


def test_locators_are_found_under_the_new_name(keeping: Keeping) -> None:
    author = keeping.post("Report 3")["author_ref"]
    sealed = keeping.house.archive.sealed_locator(author)
    rotate(keeping)
    assert keeping.house.archive.sealed_locator(author) is None
    assert keeping.house.archive.sealed_locator(keeping.post("Report 3")["author_ref"]) == sealed


def test_told_to_stop_it_goes_on_with_the_key_that_it_had_begun_with(keeping: Keeping) -> None:
    before = shape(keeping)
    first = rotate(keeping, progress=lambda done, _total: done < 3)
    assert first.cancelled
    assert keeping.house.keys.generation == 1
    assert shape(keeping) == before
    link = keeping.house.keys.get("rotation.link")
    staged = len(list((keeping.house.workspace.tmp / "rekey").iterdir()))
    assert staged == 3
    keeping.bring("x2", keeping_house.x_posts(keeping.folder / "more.jsonl", 20, 23))
    assert keeping.house.keys.get("rotation.link") == link
    assert not rotate(keeping).cancelled
    assert keeping.damages() == []
    assert keeping.bring("x2", keeping.files["x2"]).kept == 0
    assert not (keeping.house.workspace.tmp / "rekey").exists()


def test_an_import_with_the_old_key_is_refused(keeping: Keeping) -> None:
    from dalil.archive.writing import Writer
    from dalil.schema.chunks import Begin, Chunk, ChunkHead

    tables: dict[str, Any] = {}
    order = __import__("sources_files").child(
        keeping_house.x_posts(keeping.folder / "late.jsonl", 50, 52),
        identity_key=keeping.house.keys.identity, key_generation=1,
    )  # fmt: skip
    for chunk in order.chunks:
        tables = chunk.tables
    rotate(keeping)
    writer = Writer(keeping.house.workspace, keys=keeping.house.keys, now=keeping.house.now())
    begin = Begin(source_format="x-api-v2", importer_version="1", received_sha256="0" * 64, received_bytes=1)
    intake = writer.begin(begin, "blue")
    head = ChunkHead(number=0, read=2, includes=0, quarantined=0, rejected={}, done_bytes=0, tables={})
    with pytest.raises(Conflict) as refused:
        writer.chunk(intake, Chunk(head, tables))
    assert refused.value.code == "key-rotated"


def test_a_job_and_who_may(keeping: Keeping) -> None:
    from dalil.actions.rotating import enqueue_rotate
    from dalil.actions.rotating import rotate as act
    from dalil.actions.steps import steps
    from dalil.jobs import queries, worker

    with pytest.raises(NotAllowed):
        act(keeping.member("blue", "editor"), house=keeping.house)
    job_id = enqueue_rotate(keeping.member("blue"), house=keeping.house)
    assert worker.run(steps(keeping.house), keeping.house.clock, once=True) == 1
    row = queries.job(job_id)
    assert row is not None
    assert (row.state.value, row.unit) == ("done", "segments")
    assert keeping.house.keys.generation == 2


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs fork")
def test_killed_anywhere_it_is_the_old_or_the_new_and_comes_to_its_end(keeping: Keeping, tmp_path: Path) -> None:
    """Killed (SIGKILL) before every so many-th write, rename, sync or SQL statement, on a copy each time."""
    from dalil.archive import doctor
    from dalil.archive.reading import Archive
    from dalil.archive.rekeying import Rekeying
    from dalil.archive.rewriting import Note
    from dalil.archive.workspace import open_workspace

    counts = {name: len(keeping.rows(name)) for name in ("observations", "posts", "edges")}
    template = keeping.house.workspace.folder
    link, identity = bytes(range(32)), keeping.house.keys.identity
    at = 0
    while True:
        at += 45
        copy = tmp_path / f"copy-{at}"
        shutil.copytree(template, copy)
        lived = _life(copy, link, identity, at)
        with Archive(open_workspace(copy), memory_mib=256, threads=1) as archive:
            assert not doctor.verify(archive.workspace), at
            generations = set(archive.table("observations").key_generation.to_pyarrow().to_pylist())
            assert generations in ({1}, {2}), at
            for name, count in counts.items():
                assert archive.table(name).count().execute() == count, at
            if generations == {1}:
                work = Rekeying(archive.workspace, link, identity, 2)
                assert work.stage()
                assert work.switch(Note("2026-05-18", "blue", "t"), ())
            Rekeying(archive.workspace, link, identity, 2).end()
            doctor.repair(archive.workspace)
            assert doctor.examine(archive.workspace) == [], at
            assert set(archive.table("observations").key_generation.to_pyarrow().to_pylist()) == {2}
        shutil.rmtree(copy)
        if lived:
            break
    assert at > 200


def _life(folder: Path, link: bytes, identity: bytes, operations: int) -> bool:
    child = os.fork()
    if child == 0:
        from mortal_operations import die_after

        from dalil.archive.rekeying import Rekeying
        from dalil.archive.rewriting import Note
        from dalil.archive.workspace import open_workspace

        die_after(operations)
        work = Rekeying(open_workspace(folder), link, identity, 2)
        work.stage()
        work.switch(Note("2026-05-18", "blue", "t"), ())
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    return os.waitstatus_to_exitcode(status) == 0


@pytest.mark.parametrize("apart", [False, True])
def test_what_was_expunged_stays_so_after_a_change_of_the_key(keeping: Keeping, apart: bool) -> None:
    from dalil.actions.expunging import carry_out
    from dalil.people.actor import LOCAL

    gone = keeping.post("Report 3")["obs_id"]
    carry_out(LOCAL, [gone], reason="asked", house=keeping.house, circles=("blue", "green"))
    assert keeping.bring("x", keeping.files["x"]).expunged == 1
    held = len(keeping.ids())
    for generation in (2, 3):
        rotate(keeping, apart=apart)
        assert keeping.house.keys.generation == generation
        again = keeping.bring("x", keeping.files["x"])
        assert (again.expunged, again.kept > 0) == (1, apart)
        assert not [row for row in keeping.rows("posts") if "Report 3" in row["text"]]
        assert apart or len(keeping.ids()) == held
    assert keeping.damages() == []


def test_what_merely_expired_may_come_back_after_a_change_of_the_key(keeping: Keeping) -> None:
    from dalil.actions.expunging import carry_out
    from dalil.people.actor import LOCAL

    carry_out(LOCAL, [keeping.post("Report 3")["obs_id"]], reason="expired", house=keeping.house, circles=("blue", ""))
    rotate(keeping)
    again = keeping.bring("x", keeping.files["x"])
    assert (again.expunged, again.kept) == (0, 1)
