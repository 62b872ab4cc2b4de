"""`dalil` in forks of one process that has the heavy packages loaded: what whoever forks for it needs.

A cold start costs about a second of CPU, nearly all of it loading packages that no test changes. A fork is a process
like any other: it can be killed, it fills a disk, it waits for locks. Whoever forks has started no thread, read no
setting and opened nothing.
"""

from __future__ import annotations

import atexit
import importlib
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NoReturn

HEAVY: Final = (
    *("numpy", "pyarrow.compute", "pyarrow.parquet", "duckdb", "ibis", "ibis.backends.duckdb", "numba", "scipy.stats"),
    *("cryptography.hazmat.primitives.serialization", "typer", "rich.progress", "rapidfuzz", "rensa", "pyrage"),
    *("django.core.management", "django.db.models"),
    *(
        "dalil.app.main",
        "dalil.archive.writing",
        "dalil.archive.doctor",
        "dalil.archive.reading",
        "dalil.schema.frames",
    ),
    *("dalil.findings.seen", "dalil.findings.coordination", "dalil.findings.duplicates", "dalil.findings.measures"),
    *("dalil.jobs.sandbox", "dalil.desk.rows"),
)
"""What nearly every command loads."""


def preload(*more: str) -> None:
    """Load what each command would load."""
    for name in (*HEAVY, *more):
        importlib.import_module(name)


def command(arguments: Sequence[str]) -> None:
    """Be `dalil` with these arguments; ends as it does, with SystemExit."""
    from dalil.app.main import main

    sys.argv = ["dalil", *arguments]
    main()


def outputs_to(path: Path) -> None:
    """Let standard output and error of this process go to a file."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 1)
    os.dup2(handle, 2)


def ending(work: Callable[[], object]) -> NoReturn:
    """Do the work and end this fork with its exit code: never back into the tests whose copy it is."""
    code: object = 0
    try:
        work()
    except SystemExit as leaving:
        code = leaving.code
    except BaseException:  # noqa: BLE001 - this process ends here, and whoever waits for it is told why
        traceback.print_exc()
        code = 1
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))
