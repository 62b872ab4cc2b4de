"""The engine on its own: threads, given tables, functions, and errors that are ours."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import ibis
import pyarrow as pa
import pytest
from ibis import _

from dalil.archive import engine
from dalil.errors import LimitReached, NotAllowed


@pytest.fixture
def shut(tmp_path):
    made = engine.connect(folders=[], files=[], scratch=tmp_path, memory_mib=256, threads=2)
    engine.make_table(made, "numbers", pa.table({"n": range(1000), "even": [n % 2 == 0 for n in range(1000)]}))
    yield made
    made.con.close()


def test_its_limits_are_those_that_were_asked_for(shut, tmp_path):
    found = dict(
        shut.raw_sql(
            "SELECT name, value FROM duckdb_settings() WHERE name IN ('threads', 'memory_limit', 'temp_directory',"
            " 'autoinstall_known_extensions', 'autoload_known_extensions', 'enable_external_access',"
            " 'lock_configuration', 'TimeZone', 'allow_community_extensions')"
        ).fetchall()
    )
    assert found == {
        "threads": "2",
        "memory_limit": "256.0 MiB",
        "temp_directory": str(tmp_path),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "enable_external_access": "false",
        "lock_configuration": "true",
        "TimeZone": "UTC",
    }


def test_every_thread_has_its_own_cursor_on_the_same_memory(shut):
    gate = threading.Barrier(4)

    def ask(number: int) -> tuple[int, int]:
        gate.wait()
        numbers = shut.table("numbers")
        counts = {int(numbers.filter(_.n >= number).count().execute()) for _ignored in range(10)}
        assert len(counts) == 1
        return number, counts.pop()

    with ThreadPoolExecutor(4) as pool:
        assert dict(pool.map(ask, [0, 10, 200, 999])) == {0: 1000, 10: 990, 200: 800, 999: 1}


def test_times_are_utc_whatever_the_thread(shut):
    def zone() -> str:
        return str(shut.raw_sql("SELECT current_setting('TimeZone')").fetchall()[0][0])

    with ThreadPoolExecutor(2) as pool:
        assert {zone(), *pool.map(lambda _ignored: zone(), range(4))} == {"UTC"}


def test_tables_from_outside_can_be_joined_in_any_thread(shut):
    wanted = ibis.memtable({"n": [3, 5, 4000]})
    joined = shut.table("numbers").join(wanted, "n")
    assert joined.count().execute() == 2
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: joined.order_by("n").n.to_pyarrow().to_pylist()).result() == [3, 5]
    assert sum(len(batch) for batch in joined.to_pyarrow_batches()) == 2


def test_tables_from_outside_go_when_nobody_refers_to_them(shut):
    import gc

    def held() -> int:
        query = "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'ibis%'"
        return int(shut.raw_sql(query).fetchall()[0][0])

    for number in range(5):
        wanted = ibis.memtable({"n": [number]})
        assert shut.table("numbers").join(wanted, "n").count().execute() == 1
        del wanted
        gc.collect()
    assert held() <= 2
    kept = ibis.memtable({"n": [1, 2]})
    batches = shut.table("numbers").join(kept, "n").to_pyarrow_batches(chunk_size=1)
    del kept
    gc.collect()
    assert shut.table("numbers").join(ibis.memtable({"n": [7]}), "n").count().execute() == 1
    assert sum(len(batch) for batch in batches) == 2


def test_two_streams_may_be_read_side_by_side(shut):
    numbers = shut.table("numbers").order_by("n")
    one, two = (iter(numbers.to_pyarrow_batches(chunk_size=300)) for _ignored in range(2))
    for left, right in zip(one, two, strict=True):
        assert left.equals(right)


def test_a_stream_that_is_left_half_read_blocks_nothing(shut):
    batches = iter(shut.table("numbers").to_pyarrow_batches(chunk_size=10))
    next(batches)
    del batches
    assert shut.table("numbers").count().execute() == 1000


def test_builtin_functions_can_be_declared(shut):
    @ibis.udf.scalar.builtin
    def bit_count(value: int) -> int: ...

    rows = shut.table("numbers").filter(_.n < 4).mutate(ones=bit_count(_.n)).order_by("n")
    assert rows.ones.to_pyarrow().to_pylist() == [0, 1, 1, 2]


def test_functions_of_python_are_refused(shut):
    @ibis.udf.scalar.python
    def doubled(value: int) -> int:
        return value * 2

    rows = shut.table("numbers").mutate(d=doubled(_.n))
    for ask in (rows.to_pyarrow, rows.execute, rows.to_pyarrow_batches):
        with pytest.raises(NotAllowed):
            ask()


def test_a_limit_to_rows_and_pandas_and_scalars_come_out(shut):
    numbers = shut.table("numbers")
    assert len(numbers.limit(5).execute()) == 5
    assert numbers.n.max().to_pyarrow().as_py() == 999
    assert numbers.group_by("even").count().order_by("even").to_pyarrow()[1].to_pylist() == [500, 500]


def test_views_and_tables_of_queries_live_in_memory(shut):
    shut.create_view("small", shut.table("numbers").filter(_.n < 3), overwrite=True)
    assert shut.table("small").count().execute() == 3
    made = shut.create_table("kept", shut.table("small"))
    assert made.count().execute() == 3
    shut.drop_table("kept")
    shut.drop_table("kept", force=True)


def test_a_name_with_quotes_is_a_name(shut):
    engine.make_view(shut, 'odd"; DROP TABLE numbers; --', "SELECT 1 AS a")
    assert shut.table('odd"; DROP TABLE numbers; --').a.to_pyarrow().to_pylist() == [1]
    assert shut.table("numbers").count().execute() == 1000
    engine.drop_view(shut, 'odd"; DROP TABLE numbers; --')
    assert engine.quote("it's") == "'it''s'"


@pytest.mark.parametrize(
    "query", ["  copy numbers to 'x'", "/* SELECT */ ATTACH 'x'", "SELECT 1;;SET threads=1", 5, None]
)
def test_what_only_looks_like_reading_is_refused(shut, query):
    with pytest.raises(NotAllowed) as raised:
        shut.con.execute(query)
    assert raised.value.code == "query-refused"
    with pytest.raises(NotAllowed):
        shut.con.sql(query)


def test_nothing_else_of_the_connection_can_be_reached(shut, tmp_path):
    for name in ("read_csv", "from_parquet", "install_extension", "load_extension", "register_filesystem", "cursor"):
        with pytest.raises(AttributeError):
            getattr(shut.con, name)
    answer = shut.con.sql("SELECT 1")
    for name in ("write_csv", "to_parquet", "to_csv", "write_parquet"):
        with pytest.raises(AttributeError):
            getattr(answer, name)
    for method in ("to_csv", "to_parquet"):
        with pytest.raises(NotAllowed):
            getattr(shut, method)(shut.table("numbers"), tmp_path / "out")
    assert list(tmp_path.glob("out*")) == []


def test_too_little_memory_is_a_limit_and_the_engine_goes_on(tmp_path):
    small = engine.connect(folders=[], files=[], scratch=None, memory_mib=24, threads=1)
    with pytest.raises(LimitReached) as raised:
        small.raw_sql("SELECT list(range ORDER BY range DESC) FROM range(30_000_000) GROUP BY range % 3").fetchall()
    assert raised.value.code == "engine-memory"
    assert small.raw_sql("SELECT 1").fetchall() == [(1,)]
    small.con.close()


def test_spilled_files_go_with_the_archive(house, archive):
    assert list(house.tmp.glob("s-*")) == []
    archive.table("posts")  # the engine opens with the first table that is asked for
    assert len(list(house.tmp.glob("s-*"))) == 1
    archive.close()
    assert list(house.tmp.glob("s-*")) == []
