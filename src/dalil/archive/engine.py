"""The engine: DuckDB in memory, shut in, behind Ibis.

Two walls. DuckDB's own: no extension is loaded or fetched, only the given folders can be opened, and
the configuration is locked, so that no query can undo it. Ours: a statement that is not a reading one, or
that makes something outside memory, is refused before DuckDB sees it, since DuckDB's allowed folders
allow writing too. The second wall stops mistakes and injected SQL, not Python code of our own process.

One engine serves all threads of a process: each thread gets a cursor of its own on the same memory.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import duckdb
import ibis
from ibis.backends.duckdb import Backend

from dalil.errors import EvidenceDamaged, LimitReached, NotAllowed

_MAY: Final = frozenset({"SELECT", "EXPLAIN", "CREATE", "INSERT", "DROP", "PREPARE", "EXECUTE"})
"""Kinds of statement that pass. CREATE, INSERT and DROP reach nothing but memory: nothing can be attached."""


def connect(*, folders: Sequence[Path], files: Sequence[Path], scratch: Path, memory_mib: int, threads: int) -> Backend:
    """Open an engine.

    Args:
        folders, files: all that can be read.
        scratch: where it may spill; a folder of this process alone.
        memory_mib: limit on its memory, in MiB.
    """
    inner = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": f"{memory_mib}MiB",
            "threads": threads,
            "temp_directory": str(scratch),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "allow_persistent_secrets": False,
        },
    )
    engine = ibis.duckdb.from_connection(inner)
    for setting in ("TimeZone = 'UTC'", "python_enable_replacements = false"):
        inner.execute(f"SET GLOBAL {setting}")
    # In this order: the list cannot be changed once external access is off, nor anything once it is locked.
    inner.execute(f"SET allowed_directories = {_texts(f'{folder}/' for folder in map(Path.as_posix, folders))}")
    inner.execute(f"SET allowed_paths = {_texts(map(Path.as_posix, files))}")
    inner.execute("SET enable_external_access = false")
    inner.execute("SET lock_configuration = true")
    engine.con = _Guard(inner)
    return engine


def make_view(engine: Backend, name: str, query: str) -> None:
    """Name a query of ours, seen by all threads."""
    guard: _Guard = engine.con
    with _errors():
        guard.inner.cursor().execute(f'CREATE OR REPLACE VIEW "{name}" AS {query}')


def drop_view(engine: Backend, name: str) -> None:
    """Forget a named query."""
    guard: _Guard = engine.con
    guard.inner.cursor().execute(f'DROP VIEW IF EXISTS "{name}"')


def make_table(engine: Backend, name: str, rows: Any) -> None:
    """Copy an Arrow table into the engine's memory under a name, seen by all threads."""
    guard: _Guard = engine.con
    cursor = guard.inner.cursor()
    cursor.register("given", rows)
    cursor.execute(f'CREATE TABLE "{name}" AS SELECT * FROM given')  # noqa: S608 - our own names
    cursor.unregister("given")


def quote(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


class _Guard:
    """Stands where Ibis keeps its DuckDB connection: checks each statement, gives each thread its cursor."""

    def __init__(self, inner: duckdb.DuckDBPyConnection) -> None:
        self.inner = inner
        self._own = threading.local()

    def execute(self, query: Any, *args: Any, **options: Any) -> Any:
        _check(query)
        with _errors():
            return _Answer(self._cursor().execute(query, *args, **options))

    def sql(self, query: Any, **options: Any) -> Any:
        _check(query)
        with _errors():
            return _Answer(self._cursor().sql(query, **options))

    def close(self) -> None:
        self.inner.close()

    def __getattr__(self, name: str) -> Any:
        if name in _PASSED:
            return getattr(self._cursor(), name)
        raise AttributeError(name)

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        if not hasattr(self._own, "cursor"):
            self._own.cursor = self.inner.cursor()
        cursor: duckdb.DuckDBPyConnection = self._own.cursor
        return cursor


_PASSED: Final = frozenset({"register", "unregister", "create_function", "remove_function"})


class _Answer:
    """A cursor or relation whose errors are ours."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("fetch", "to_arrow", "arrow", "df", "torch", "pl", "execute", "description", "columns")):
            return _with_errors(getattr(self._inner, name), name)
        raise AttributeError(name)


def _with_errors(found: Any, name: str) -> Any:
    if not callable(found):
        return found

    def call(*args: Any, **options: Any) -> Any:
        if name == "execute" and args:
            _check(args[0])
        with _errors():
            return found(*args, **options)

    return call


def _check(query: Any) -> None:
    if not isinstance(query, str):
        raise NotAllowed("query-refused", kind=type(query).__name__)
    for statement in duckdb.extract_statements(query):
        kind = str(statement.type).rsplit(".", 1)[-1]
        if kind not in _MAY:
            raise NotAllowed("query-refused", kind=kind)


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
