"""Several processes writing one circle's chain at once make one chain without a gap."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

WRITER = """
import sys
from datetime import UTC, datetime
sys.path[:0] = {path!r}
from dalil.app.configuration import configure
from dalil.settings import Settings
configure(Settings(workspace={folder!r}))
from django.db import transaction
from dalil.audit.recording import record
from dalil.people.actor import LOCAL
for number in range(25):
    with transaction.atomic():
        record(LOCAL, "test.written", sys.argv[1], {{"n": number}}, datetime(2026, 5, 17, tzinfo=UTC))
"""


def test_three_writers_make_one_chain(database: Path, django_workspace: Path) -> None:
    source = WRITER.format(path=sys.path, folder=str(django_workspace))
    writers: list[Any] = [subprocess.Popen([sys.executable, "-c", source, f"writer{n}"]) for n in range(3)]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    from dalil.audit import queries

    assert queries.verify() == []
    assert queries.count() == 75
    assert [row.position for row in queries.heads()] == [75]
