"""The engine: DuckDB in memory, shut in, behind Ibis.

Two walls. DuckDB's own: no extension is loaded or fetched, only the given folders can be opened, and
the configuration is locked, so that no query can undo it. Ours: a statement that is not a reading one, or
that makes something outside memory, is refused before DuckDB sees it, since DuckDB's allowed folders
allow writing too. The second wall stops mistakes and injected SQL, not Python code of our own process.

One engine serves all threads of a process: each thread gets a cursor of its own on the same memory.
"""

from __future__ import annotations

import re
import threading
import weakref
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import duckdb
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend
from ibis.expr.operations.udf import InputType

from dalil.errors import EvidenceDamaged, LimitReached, NotAllowed

_MAY: Final = frozenset({"SELECT", "CREATE", "INSERT", "DROP"})
"""Kinds of statement that pass. CREATE, INSERT and DROP reach nothing but memory, as nothing can be attached.
EXPLAIN and PREPARE are not among them: they carry other statements inside, and EXPLAIN ANALYZE runs them."""
_MADE: Final = re.compile(r"\s*CREATE\s+(OR\s+REPLACE\s+)?(TEMP\s+|TEMPORARY\s+)?(TABLE|VIEW)\b", re.IGNORECASE)


class Engine(Backend):  # type: ignore[misc]  # Ibis has no types
    """Ibis on DuckDB, mended where Ibis 12 does not fit DuckDB 2 or several threads.

    Batches stream from a connection of their own, so that one may ask further questions while reading
    them. "Temporary" tables, as `cache()` makes them, lie in the shared memory, so that every thread sees them.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._given: weakref.WeakSet[ops.InMemoryTable] = weakref.WeakSet()
        self._gone: deque[str] = deque()
        self._lock = threading.Lock()

    def _register_udfs(self, expr: ir.Expr) -> None:
        """Only functions of the engine itself: one of Python would belong to a single thread's connection."""
        for function in expr.op().find(ops.ScalarUDF):
            if function.__input_type__ is not InputType.BUILTIN:
                raise NotAllowed("query-refused", kind="Python function")

    def _register_in_memory_tables(self, expr: ir.Expr) -> None:
        """Copy tables given from outside into the shared memory; they go when nobody refers to them any more."""
        with self._lock:
            while self._gone:
                self.drop_table(self._gone.popleft(), force=True)
            for op in self._verify_in_memory_tables_are_unique(expr):
                if op not in self._given:
                    make_table(self, op.name, op.data.to_pyarrow(op.schema))
                    self._given.add(op)
                    # Only noted here: this runs wherever rubbish is collected, perhaps inside a query.
                    weakref.finalize(op, self._gone.append, op.name).atexit = False

    def create_table(self, name: str, /, obj: Any = None, *, temp: bool = False, **options: Any) -> ir.Table:
        del temp
        return super().create_table(name, obj, temp=False, **options)

    def drop_table(self, name: str, /, *, database: Any = None, force: bool = False) -> None:
        del database
        self.con.execute(f"DROP TABLE {'IF EXISTS' if force else ''} {_name(name)}")

    def to_pyarrow_batches(
        self, expr: ir.Expr, /, *, params: Any = None, limit: Any = None, chunk_size: int = 100_000, **_: Any
    ) -> pa.RecordBatchReader:
        self._run_pre_execute_hooks(expr)
        table = expr.as_table()
        sql = self.compile(table, limit=limit, params=params)

        def batches(source: ir.Table) -> Iterator[pa.RecordBatch]:
            yield from self.con.stream(sql, chunk_size)
            del source  # a table given from outside stays while its rows are read

        return pa.RecordBatchReader.from_batches(table.schema().to_pyarrow(), batches(table))


def connect(
    *, folders: Sequence[Path], files: Sequence[Path], scratch: Path | None, memory_mib: int, threads: int
) -> Engine:
    """Open an engine.

    Args:
        folders, files: all that can be read.
        scratch: where it may spill, a folder of this process alone, which queries can read too; None: nowhere.
        memory_mib: limit on its memory, in MiB.
    """
    inner = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": f"{memory_mib}MiB",
            "threads": threads,
            "temp_directory": str(scratch) if scratch else "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "allow_persistent_secrets": False,
        },
    )
    engine: Engine = Engine.from_connection(inner)
    for setting in ("TimeZone = 'UTC'", "python_enable_replacements = false"):
        inner.execute(f"SET GLOBAL {setting}")
    # In this order: the list cannot be changed once external access is off, nor anything once it is locked.
    inner.execute(f"SET allowed_directories = {_texts(f'{folder}/' for folder in map(Path.as_posix, folders))}")
    inner.execute(f"SET allowed_paths = {_texts(map(Path.as_posix, files))}")
    inner.execute("SET enable_external_access = false")
    inner.execute("SET lock_configuration = true")
    engine.con = _Guard(inner)
    return engine


def make_view(engine: Engine, name: str, query: str) -> None:
    """Name a query of ours, seen by all threads."""
    guard: _Guard = engine.con
    with _errors():
        guard.inner.cursor().execute(f"CREATE OR REPLACE VIEW {_name(name)} AS {query}")


def drop_view(engine: Engine, name: str) -> None:
    """Forget a named query."""
    guard: _Guard = engine.con
    guard.inner.cursor().execute(f"DROP VIEW IF EXISTS {_name(name)}")


def make_table(engine: Engine, name: str, rows: Any) -> None:
    """Copy an Arrow table into the engine's memory under a name, seen by all threads."""
    guard: _Guard = engine.con
    cursor = guard.inner.cursor()
    cursor.register("given", rows)
    cursor.execute(f"CREATE OR REPLACE TABLE {_name(name)} AS SELECT * FROM given")  # noqa: S608 - our own names
    cursor.unregister("given")


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def quote(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


class _Guard:
    """Stands where Ibis keeps its DuckDB connection: checks each statement, gives each thread its cursor."""

    def __init__(self, inner: duckdb.DuckDBPyConnection) -> None:
        self.inner = inner
        self._own = threading.local()

    def execute(self, query: Any, *args: Any, **options: Any) -> Any:
        cursor = self._checked(query)
        with _errors():
            return _Answer(cursor.execute(query, *args, **options), self)

    def sql(self, query: Any, **options: Any) -> Any:
        cursor = self._checked(query)
        with _errors():
            return _Answer(cursor.sql(query, **options), self)

    def stream(self, query: str, size: int) -> Iterator[pa.RecordBatch]:
        """Batches of a query's rows, from a connection of their own."""
        self._checked(query)
        cursor = self.inner.cursor()
        with _errors():
            yield from cursor.sql(query).to_arrow_reader(size)

    def close(self) -> None:
        self._own = threading.local()
        self.inner.close()

    def _checked(self, query: Any) -> duckdb.DuckDBPyConnection:
        """This thread's cursor, once every statement of the query is one that may run."""
        cursor = self._cursor()
        statements = cursor.extract_statements(query) if isinstance(query, str) else []
        for statement in statements:
            kind = str(statement.type).rsplit(".", 1)[-1]
            if kind not in _MAY or (kind == "CREATE" and not _MADE.match(statement.query)):
                raise NotAllowed("query-refused", kind=kind)
        if not statements:
            raise NotAllowed("query-refused", kind=type(query).__name__)
        return cursor

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        if not hasattr(self._own, "cursor"):
            self._own.cursor = self.inner.cursor()
        cursor: duckdb.DuckDBPyConnection = self._own.cursor
        return cursor


class _Answer:
    """A cursor or relation whose errors are ours, with the names that Ibis 12 expects and DuckDB 2 dropped."""

    def __init__(self, inner: Any, guard: _Guard) -> None:
        self._inner = inner
        self._guard = guard

    def execute(self, query: Any, *args: Any, **options: Any) -> Any:
        return self._guard.execute(query, *args, **options)

    def fetch_arrow_table(self) -> Any:
        return self._call(self._inner.to_arrow_table)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in _ANSWERS or not callable(found):
            raise AttributeError(name)
        return lambda *args, **options: self._call(found, *args, **options)

    @staticmethod
    def _call(method: Any, *args: Any, **options: Any) -> Any:
        with _errors():
            return method(*args, **options)


_ANSWERS: Final = frozenset({"fetchall", "fetchone", "fetchmany", "fetchdf", "df", "to_arrow_table", "to_arrow_reader"})


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except duckdb.PermissionException as error:
        raise NotAllowed("query-refused", kind="file") from error
    except duckdb.OutOfMemoryException as error:
        raise LimitReached("engine-memory") from error
    except duckdb.IOException as error:
        if "No space left" in str(error) or "File too large" in str(error):
            raise LimitReached("disk-full") from error
        raise EvidenceDamaged("archive-damaged", part="archive") from error


def _texts(values: Any) -> str:
    return "[" + ", ".join(quote(value) for value in values) + "]"


UNREADABLE: Final = duckdb.Error
"""What DuckDB raises when a file is not what it was opened as."""
