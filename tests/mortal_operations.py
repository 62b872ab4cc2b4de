"""A process that kills itself right before its n-th write, rename, removal, sync or changing SQL statement."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from typing import Any

WATCHED = ("os.rename", "os.mkdir", "os.remove", "os.rmdir")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def die_after(operations: int) -> None:
    """SIGKILL this process right before its n-th operation."""
    left = operations

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(event: str, args: tuple[Any, ...]) -> None:
        if event in WATCHED or (event == "open" and isinstance(args[2], int) and args[2] & WRITES):
            count()

    connect, sync = sqlite3.connect, os.fsync

    def traced(*args: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*args, **options)
        connection.set_trace_callback(lambda sql: None if sql.startswith("SELECT") else count())
        return connection

    def counted_sync(handle: int) -> None:
        count()
        sync(handle)

    sqlite3.connect = traced
    os.fsync = counted_sync
    sys.addaudithook(audit)
