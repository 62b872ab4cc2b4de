"""Imports, from their argument list to their exit code, each in a fork (`forking`), and what became of the workspace."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from forking import command, ending, outputs_to


def copy(template: Path, folder: Path) -> Path:
    """A workspace of its own."""
    shutil.copytree(template, folder)
    return folder


def importing(workspace: Path, path: str) -> list[str]:
    """The arguments of an import."""
    return ["import", path, "--workspace", str(workspace), "--json"]


def start(work: Callable[[], None], out: Path, arm: Callable[[], None] | None = None) -> int:
    """Begin `work` in a fork whose outputs go to `out`; its process id. `arm` is run in it before."""

    def armed() -> None:
        if arm is not None:
            arm()
        work()

    child = os.fork()
    if child == 0:
        outputs_to(out)
        ending(armed)
    return child


def commands(*lists: Sequence[str]) -> Callable[[], None]:
    """Runs `dalil` with each list of arguments in turn; ends with the first exit code that is not 0."""

    def work() -> None:
        code: object = 0
        for arguments in lists:
            try:
                command(arguments)
            except SystemExit as leaving:
                code = code or leaving.code
        raise SystemExit(code)

    return work


def waited(child: int) -> int:
    """The wait status of a fork that has ended."""
    return os.waitpid(child, 0)[1]


def ran(work: Callable[[], None], out: Path) -> str:
    """What `work` printed; it must have ended well."""
    status = waited(start(work, out))
    assert os.waitstatus_to_exitcode(status) == 0, out.read_text()
    return out.read_text()


def examined(workspace: Path) -> dict[str, Any]:
    """What must be the same whether or not the import was disturbed, and what may differ: `removed`."""
    out, doctor = workspace.with_suffix(".out"), ["doctor", "--workspace", str(workspace), "--json"]
    told = ran(commands([*doctor, "--repair"], doctor), out)
    before, after = (json.loads(line) for line in told.splitlines())
    manifest = sqlite3.connect(workspace / "archive" / "manifest.db")
    known = sorted(row[0].hex() for row in manifest.execute("SELECT obs_id FROM known"))
    media = sorted(row[0] for row in manifest.execute("SELECT sha256 FROM media"))
    head = manifest.execute("SELECT * FROM custody ORDER BY seq DESC LIMIT 1").fetchone()
    rejects = manifest.execute("SELECT count(*) FROM rejects").fetchone()[0]
    manifest.close()
    return {
        "damaged": [before["damaged"], after["damaged"]],
        "left_over": after["left_over"],
        "removed": before["removed"],
        "known": known,
        "media": media,
        "media files": sorted(path.stem for path in (workspace / "media").rglob("*") if path.is_file()),
        "rejects": rejects,
        "head": [value.hex() if isinstance(value, bytes) else value for value in head],
        "custody": after["custody"],
        "rows": json.loads(ran(lambda: _rows(workspace), out)),
        "tmp": sorted(path.name for path in (workspace / "tmp").iterdir() if not path.name.endswith(".lock")),
    }


def _rows(workspace: Path) -> None:
    """Of every table: its rows, and how many are left when equal ones count once."""
    from dalil.archive.reading import Archive
    from dalil.archive.workspace import open_workspace
    from dalil.schema.tables import STORED

    with Archive(open_workspace(workspace), memory_mib=256, threads=1) as archive:
        tables = {name: archive.table(name) for name in STORED}
        found = {name: [rows.count().execute(), rows.distinct().count().execute()] for name, rows in tables.items()}
    sys.stdout.write(json.dumps({name: [int(number) for number in pair] for name, pair in found.items()}))
