"""The budgets of the house, as functions from a source tree to its violations, so that each can be
shown to bite on a planted one."""

from __future__ import annotations

import ast
import functools
import statistics
from collections.abc import Iterator
from pathlib import Path

MEDIAN_LINES = 150
MODULE_LINES = 500
FUNCTION_LINES = 60
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "core"}
DATA_ROOMS = ("schema", "sources", "signals", "intake", "archive", "findings")
# The worker must outlive a step that fails, and a face must answer whatever happened.
BLIND_EXCEPT_ALLOWED = {"jobs/worker.py", "web/middleware.py", "cli/handler.py"}
CONNECTORS = {("sqlite3", "connect"), ("duckdb", "connect"), ("ibis", "connect"), ("duckdb", "sql")}
POSIX_ONLY = {"fcntl", "resource", "pwd", "grp", "termios", "pty"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}


def modules(root: Path) -> Iterator[Path]:
    """Our own modules below `root`, migrations left out (Django writes them)."""
    return (path for path in sorted(root.rglob("*.py")) if "migrations" not in path.parts)


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def too_long_modules(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}: {line_count(path)}" for path in modules(root) if line_count(path) > MODULE_LINES
    ]


def median_module(root: Path) -> float:
    """Median length of the modules that hold anything."""
    lengths = [count for path in modules(root) if (count := line_count(path)) > 0]
    return statistics.median(lengths)


def _trees(root: Path) -> Iterator[tuple[str, ast.Module]]:
    for path in modules(root):
        yield path.relative_to(root).as_posix(), _parsed(path)


@functools.cache
def _parsed(path: Path) -> ast.Module:
    """Each file is parsed once for all budgets; a planted one lies in a folder of its own."""
    return ast.parse(path.read_text(encoding="utf-8"))


def too_long_functions(root: Path) -> list[str]:
    return [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in _trees(root)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES
    ]


def banned_names(root: Path) -> list[str]:
    return [
        str(path.relative_to(root))
        for path in modules(root)
        if path.stem in BANNED_NAMES or path.parent.name in BANNED_NAMES
    ]


def blind_excepts(root: Path) -> list[str]:
    found = []
    for name, tree in _trees(root):
        for node in ast.walk(tree):
            if not isinstance(node, ast.ExceptHandler) or name in BLIND_EXCEPT_ALLOWED:
                continue
            caught = [node.type] if not isinstance(node.type, ast.Tuple) else node.type.elts
            if any(
                item is None or (isinstance(item, ast.Name) and item.id in {"Exception", "BaseException"})
                for item in caught
            ):
                found.append(f"{name}:{node.lineno}")
    return found


def calls(root: Path, wanted: set[tuple[str, str]]) -> list[str]:
    """Where `module.function(...)` of `wanted` is called."""
    return [
        f"{name}:{node.lineno} {node.func.value.id}.{node.func.attr}"
        for name, tree in _trees(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in wanted
    ]


def connections_outside_archive(root: Path) -> list[str]:
    return [place for place in calls(root, CONNECTORS) if not place.startswith("archive/")]


def clocks_in_the_data_side(root: Path) -> list[str]:
    return [place for place in calls(root, CLOCKS) if place.split("/")[0] in DATA_ROOMS]


def environment_outside_app(root: Path) -> list[str]:
    found = []
    for name, tree in _trees(root):
        if name.startswith(("app/", "jobs/sandbox/")) or name == "jobs/sandbox.py":
            continue
        found += [
            f"{name}:{node.lineno}"
            for node in ast.walk(tree)
            if (isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"})
        ]
    return found


def posix_only_outside_sandbox(root: Path) -> list[str]:
    found = []
    for name, tree in _trees(root):
        if name.startswith("jobs/sandbox"):
            continue
        for node in ast.walk(tree):
            imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                imported = [node.module or ""]
            found += [f"{name}:{node.lineno} {module}" for module in imported if module.split(".")[0] in POSIX_ONLY]
    return found


def network_imports(root: Path) -> list[str]:
    """Anything that could open a connection to elsewhere. The server's own listening socket is waitress's."""
    clients = {
        "httpx",
        "requests",
        "urllib3",
        "aiohttp",
        "http.client",
        "urllib.request",
        "smtplib",
        "ftplib",
        "socket",
    }
    found = []
    for name, tree in _trees(root):
        if name.startswith("jobs/sandbox"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found += [f"{name}:{node.lineno} {alias.name}" for alias in node.names if alias.name in clients]
            elif isinstance(node, ast.ImportFrom) and node.module in clients:
                found.append(f"{name}:{node.lineno} {node.module}")
    return found


def undocumented(root: Path) -> list[str]:
    """Modules without a docstring, and public functions and classes without one, outside migrations."""
    found = []
    for name, tree in _trees(root):
        if tree.body and ast.get_docstring(tree) is None:
            found.append(name)
    return found


def thin_tests(source: Path, tests: Path) -> list[str]:
    """Data rooms whose tests have fewer lines than their source. Lines in any tests/<kind>/<room> folder, or in
    a file named for the room, count."""
    found = []
    for room in DATA_ROOMS:
        written = sum(line_count(path) for path in modules(source / room))
        shown = sum(
            line_count(path) for path in tests.rglob("*.py") if room in path.parts or room in path.stem.split("_")
        )
        if shown < written:
            found.append(f"{room}: {shown} test lines for {written}")
    return found
