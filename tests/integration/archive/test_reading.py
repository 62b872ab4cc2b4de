"""What comes out: typed tables at any state, from several threads and processes, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archive_chunks import NOW, File, FixedKeys, picture, post_id, sha256

from dalil.archive import doctor, picture_texts, reading, workspace
from dalil.archive.reading import Archive, open_table_file
from dalil.archive.workspace import Workspace
from dalil.archive.writing import Writer
from dalil.errors import EvidenceDamaged, InputError, LimitReached, NotAllowed, NotAvailable
from dalil.schema.tables import STORED

ROOT = Path(__file__).parents[3]


def import_file(house: Workspace, file: File) -> None:
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    intake = writer.begin(file.begin, "blue")
    for chunk in file.chunks():
        writer.chunk(intake, chunk)
    writer.end(intake, file.end)
    picture_texts.add(
        house, [(sha256(file.begin.received_sha256.encode()), "tesseract", "1", "plain", "words", 1, 90.0)], now=NOW
    )


@pytest.mark.parametrize("name", sorted(STORED))
def test_an_empty_table_has_the_columns_and_types_of_a_full_one(house, archive, name):
    empty = archive.table(name)
    assert empty.columns == tuple(STORED[name].names)
    assert empty.count().execute() == 0
    schema = empty.schema()
    import_file(house, File(0, 20, 10))
    full = archive.table(name)
    assert full.schema() == schema
    assert full.count().execute() > 0
    assert empty.count().execute() == 0, "a table stays what it was when it was asked for"


def test_there_are_no_other_tables(archive):
    for name in ("raw", "manifest", "../posts", ""):
        with pytest.raises(NotAvailable):
            archive.table(name)


def test_new_segments_are_seen_at_once_and_by_every_thread(house, archive):
    def count(_: int) -> int:
        return int(archive.table("posts").count().execute())

    with ThreadPoolExecutor(4) as pool:
        for step in range(1, 6):
            import_file(house, File((step - 1) * 10, step * 10, 5))
            assert set(pool.map(count, range(8))) == {step * 10}


def test_old_views_are_dropped_and_new_ones_made_again(house, monkeypatch):
    monkeypatch.setattr(reading, "_VIEWS_KEPT", 3)
    import_file(house, File(0, 10, 5))
    with Archive(house, memory_mib=256, threads=1) as archive:
        for _ in range(2):
            assert [archive.table(name).count().execute() > 0 for name in STORED] == [True] * len(STORED)


def test_one_may_ask_while_reading_batches(house, archive):
    import_file(house, File(0, 60, 30))
    given = ibis.memtable({"uid": [f"fake:{number}" for number in range(40)]})
    rows = archive.table("posts").join(given, "uid")
    got = []
    for batch in rows.to_pyarrow_batches(chunk_size=7):
        got += batch["uid"].to_pylist()
        assert archive.table("edges").count().execute() == 120
    assert sorted(got) == sorted(f"fake:{number}" for number in range(40))


def test_a_cached_table_is_seen_by_other_threads_and_goes_away(house, archive):
    import_file(house, File(0, 20, 10))
    kept = archive.table("posts").filter(lambda t: t.platform == "fake").cache()
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: kept.count().execute()).result() == 20
    kept.release()


HOSTILE = [
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM read_blob('{house}/keys/keyring.json')",
    "SELECT * FROM read_text('{house}/archive/../keys/keyring.json')",
    "SELECT * FROM read_text('{house}/workspace.json')",
    "SELECT * FROM read_blob('{house}/archive/manifest.db')",
    "SELECT * FROM glob('{house}/raw/*')",
    "SELECT * FROM read_text('http://127.0.0.1:9/')",
    "SELECT * FROM query('COPY (SELECT 1) TO ''{house}/archive/x.csv''')",
    "COPY (SELECT 1) TO '{house}/archive/x.csv'",
    "COPY (SELECT 1) TO '{house}/tmp/x.csv'",
    "COPY (SELECT 1) TO '/tmp/x.csv'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{house}/archive/x.csv'",
    "SELECT 1; COPY (SELECT 1) TO '{house}/archive/x.csv'",
    "PREPARE p AS COPY (SELECT 1) TO '{house}/archive/x.csv'",
    "EXPORT DATABASE '{house}/archive/x'",
    "ATTACH '{house}/archive/x.db'",
    "ATTACH '{house}/archive/manifest.db' (TYPE sqlite)",
    "ATTACH ':memory:' AS other",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET threads = 64",
    "RESET memory_limit",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "CREATE SECRET s (TYPE s3)",
    "CREATE MACRO m() AS 1",
    "CHECKPOINT",
    "",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_a_query_reads_nothing_else_writes_nothing_and_attaches_nothing(house, archive, query):
    import_file(house, File(0, 10, 5))
    backend = archive.table("posts").get_backend()
    before = {path: path.stat().st_mtime_ns for path in house.folder.rglob("*")}
    with pytest.raises((NotAllowed, duckdb.CatalogException, duckdb.ParserException)):
        backend.raw_sql(query.format(house=house.folder.as_posix())).fetchall()
    assert {path: path.stat().st_mtime_ns for path in house.folder.rglob("*")} == before
    assert not Path("/tmp/x.csv").exists()


@pytest.mark.parametrize(
    "query", ["SET enable_external_access = true", "SET allowed_directories = ['/']", "INSTALL httpfs"]
)
def test_duckdbs_own_wall_holds_without_ours(archive, query):
    inner = archive.table("posts").get_backend().con.inner
    with pytest.raises(duckdb.Error):
        inner.execute(query)
    with pytest.raises(duckdb.PermissionException):
        inner.execute("SELECT * FROM read_text('/etc/passwd')")


def test_a_question_that_needs_too_much_memory_is_refused(house):
    with Archive(house, memory_mib=32, threads=1) as archive:
        huge = archive.table("posts").get_backend()
        with pytest.raises(LimitReached) as raised:
            huge.sql(
                "SELECT list(range) AS big FROM (SELECT range FROM range(60_000_000)) GROUP BY range % 2",
                schema=ibis.schema({"big": "array<int64>"}),
            ).to_pyarrow()
        assert raised.value.code == "engine-memory"


def test_missing_and_changed_parts_are_said(house, archive):
    import_file(house, File(0, 20, 20))
    segment = house.archive / house.manifest.segments("posts")[0].path
    segment.rename(segment.with_suffix(".away"))
    with pytest.raises(EvidenceDamaged):
        archive.table("posts")
    segment.with_suffix(".away").rename(segment)
    assert archive.table("posts").count().execute() == 20

    raw = next(house.raw.iterdir())
    data = bytearray(raw.read_bytes())
    data[70] ^= 1
    raw.write_bytes(data)
    with pytest.raises(EvidenceDamaged):
        [archive.raw(post_id(number)) for number in range(20)]
    house.media_path(sha256(picture(5))).unlink()
    with pytest.raises(EvidenceDamaged):
        archive.media_path(sha256(picture(5)))
    found = {(damage.part.split("/")[0], damage.what) for damage in doctor.verify(house)}
    assert found == {("raw", "changed"), ("media", "missing")}


def test_a_missing_manifest_is_said_and_not_made_anew(house, archive):
    for path in house.archive.glob("manifest.db*"):
        path.unlink()
    with pytest.raises(EvidenceDamaged):
        archive.manifest_head()
    assert not house.manifest.path.exists()
    house.manifest.path.write_bytes(b"no database at all" * 500)
    with pytest.raises(EvidenceDamaged):
        archive.manifest_head()
    assert [damage.what for damage in doctor.verify(house)] == ["changed"]


def test_csv_and_parquet_are_read_without_a_workspace(tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    shares = tmp_path / "sha'res.csv"
    shares.write_text("object_id,account_id,content_id,timestamp_share\n00012,9007199254740993,c1,1400000000\n")
    table = open_table_file(shares)
    assert table.to_pyarrow().to_pylist() == [
        {"object_id": "00012", "account_id": "9007199254740993", "content_id": "c1", "timestamp_share": "1400000000"}
    ]
    pq.write_table(pa.table({"object_id": ["a"], "timestamp_share": [5]}), tmp_path / "shares.bin")
    assert open_table_file(tmp_path / "shares.bin", scratch=scratch).to_pyarrow().to_pylist() == [
        {"object_id": "a", "timestamp_share": 5}
    ]
    with pytest.raises(NotAllowed):
        table.get_backend().raw_sql(f"SELECT * FROM read_text('{tmp_path / 'shares.bin'}')").fetchall()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (None, "path-missing"),
        (b"PAR1 is not all there is to it", "table-unreadable"),
        (b"\xff\xfe\x00\x80" * 9, "table-unreadable"),
    ],
)
def test_a_file_that_is_no_table_is_said(tmp_path, data, code):
    path = tmp_path / "shares.csv"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(InputError) as raised:
        open_table_file(path)
    assert raised.value.code == code


WORKER = """
import sys
from archive_chunks import NOW, File, FixedKeys
from dalil.archive import workspace
from dalil.archive.writing import Writer
house = workspace.open_workspace(sys.argv[1])
first, last = int(sys.argv[2]), int(sys.argv[3])
for start in range(first, last, 60):
    file = File(start, start + 60, 15)
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    intake = writer.begin(file.begin, "blue")
    for chunk in file.chunks():
        writer.chunk(intake, chunk)
    writer.end(intake, file.end)
"""
READER = """
import sys
from dalil.archive import workspace
from dalil.archive.reading import Archive
house = workspace.open_workspace(sys.argv[1])
last = 0
with Archive(house, memory_mib=256, threads=1) as archive:
    while last < int(sys.argv[2]):
        posts = archive.table("posts")
        count, apart = posts.count().execute(), posts.uid.nunique().execute()
        assert count == apart and count >= last, (count, apart, last)
        last = count
"""


def test_writers_and_readers_in_several_processes_at_once(house, archive):
    """Two workers import overlapping posts while two readers look on: nothing doubles, nothing is half there."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])}

    def start(code: str, *arguments: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", code, str(house.folder), *map(str, arguments)]
        return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)

    readers = [start(READER, 420) for _ in range(2)]
    workers = [start(WORKER, 0, 300), start(WORKER, 120, 420)]
    for process in (*workers, *readers):
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
    assert archive.table("posts").count().execute() == 420
    assert archive.table("edges").distinct().count().execute() == archive.table("edges").count().execute() == 840
    assert archive.table("image_signals").count().execute() == 4
    assert sum(row.kept for row in archive.intakes()) == 420
    assert doctor.verify(house) == []
    assert workspace.open_workspace(house.folder) == house
