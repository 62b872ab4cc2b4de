"""Server, worker and command line at work on one workspace at once: nothing waits for ever, nothing doubles."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest
from command_line import COMMAND, asked, environment
from console_client import Console, address_of, served
from import_inputs import telegram_folder, x_file

from dalil.archive.workspace import PLAIN_VOLUME_WORDS

PASSPHRASE = "four quiet words here"
pytestmark = pytest.mark.slow
PAGES = ("/", "/claims", "/intake", "/seen", "/audit")


def start(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments), "--json"],
        env=environment(passphrase=PASSPHRASE, chunk_records=30),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def test_pages_uploads_a_worker_and_imports_of_files_that_overlap(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    words = ("--plain-volume", PLAIN_VOLUME_WORDS)
    invitation = asked("init", "--workspace", workspace, *words, passphrase=PASSPHRASE)["invitation"]
    place = ("--workspace", workspace)
    upload = x_file(tmp_path / "upload.jsonl", 0, 150)
    paths = [x_file(tmp_path / "typed.jsonl", 100, 250), telegram_folder(tmp_path / "channel", 1, 40)]
    with served("serve", *place, until="Ctrl-C", passphrase=PASSPHRASE, chunk_records=30) as lines:
        console = Console(address_of(lines))
        console.join(invitation, "another four quiet words")
        assert console.status == 200
        page = console.send("/intake/upload", "uploads", upload, from_page="/intake")
        assert console.status == 200, page
        job = console.url.rpartition("/")[2]
        running = [start("import", path, *place) for path in paths] + [start("worker", "--once", *place)]
        while any(process.poll() is None for process in running):
            for path in PAGES:
                console.get(path)
                assert console.status == 200, path
        told = [json.loads(process.communicate()[0]) for process in running]
        assert [process.returncode for process in running] == [0, 0, 0], told
        while state_of(workspace, job) in ("queued", "running"):
            time.sleep(0.1)
        assert state_of(workspace, job) == "done"
        assert "150" in console.get("/intake")
    with sqlite3.connect(workspace / "archive" / "manifest.db") as manifest:
        known = {row[0] for row in manifest.execute("SELECT obs_id FROM known")}
    again = asked("import", upload, *paths, *place, passphrase=PASSPHRASE)["files"]
    assert [report["kept"] for report in again] == [0, 0, 0]
    assert len(known) >= 250 + 39
    found = asked("doctor", *place)
    assert (found["damaged"], found["left_over"]) == ([], [])
    assert asked("audit", "verify", *place)["damaged"] == []
    assert not [path for path in (workspace / "tmp").iterdir() if path.name.startswith("upload-")]


def state_of(workspace: Path, job: str) -> str:
    """The job's state, as the desk has it."""
    with sqlite3.connect(f"file:{workspace / 'dalil.db'}?mode=ro", uri=True) as desk:
        row = desk.execute("SELECT state FROM jobs_job WHERE job_id = ?", (job,)).fetchone()
        return str(row[0]) if row else "missing"
