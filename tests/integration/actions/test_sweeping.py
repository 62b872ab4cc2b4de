"""What somebody's file held does not outlive its job: uploads go, however the job ended; so does what a crash left."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest
from command_line import asked, dalil
from console_client import Console, address_of, served
from import_inputs import picture, x_file

from dalil.archive.workspace import PLAIN_VOLUME_WORDS

PASSPHRASE = "four quiet words here"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("sweeping") / "workspace"
    told = asked("init", "--workspace", folder, "--plain-volume", PLAIN_VOLUME_WORDS, passphrase=PASSPHRASE)
    return folder, told["invitation"]


def uploads(workspace: Path) -> list[Path]:
    return sorted([*(workspace / "tmp").glob("upload-*"), *(workspace / "tmp").glob("tmp*")])


def make_old(path: Path) -> None:
    os.utime(path, (0, 0))


def test_no_upload_stays(template: tuple[Path, str], tmp_path: Path) -> None:
    """Neither one that was read, nor one in no format that we read."""
    workspace, invitation = template
    diary = tmp_path / "diary.txt"
    diary.write_text("nobody should read this")
    with served("serve", "--workspace", workspace, until="Ctrl-C", passphrase=PASSPHRASE) as lines:
        console = Console(address_of(lines))
        console.join(invitation, "another four quiet words")
        for file in (diary, x_file(tmp_path / "tweets.jsonl", 0, 5)):
            console.send("/intake/upload", "uploads", file, from_page="/intake")
            assert console.status == 200
        while unfinished(workspace):
            console.get("/")
    assert uploads(workspace) == []


def unfinished(workspace: Path) -> int:
    with sqlite3.connect(f"file:{workspace / 'dalil.db'}?mode=ro", uri=True) as desk:
        count: int = desk.execute("SELECT count(*) FROM jobs_job WHERE state IN ('queued', 'running')").fetchone()[0]
        return count


def test_what_no_job_waits_for_is_swept(template: tuple[Path, str]) -> None:
    """Left by a cancelled job, a failed one, a server killed while a file came in; one just coming in stays."""
    workspace, _ = template
    old, fresh, half = (workspace / "tmp" / name for name in ("upload-00ff", "upload-11ee", "tmp1234.upload.jsonl"))
    for folder in (old, fresh):
        folder.mkdir()
        (folder / "000.jsonl").write_text("private")
    half.write_text("half of something private")
    for path in (old, half):
        make_old(path)
    dalil("worker", "--once", "--workspace", workspace, passphrase=PASSPHRASE)
    assert uploads(workspace) == [fresh]


def test_a_capture_that_was_cut_off_leaves_nothing_that_doctor_does_not_find(
    template: tuple[Path, str], tmp_path: Path
) -> None:
    """A folder of a process that is gone is told by `doctor`, and swept by the worker."""
    workspace, _ = template
    (tmp_path / "shot.jpg").write_bytes(picture(1))
    left = workspace / "tmp" / "s-00112233aabbccdd"
    (left / "1").mkdir(parents=True)
    (left / "1" / "captures.jsonl").write_text(json.dumps({"text": "private"}))
    (left / "lock").touch()
    told = asked("doctor", "--workspace", workspace)
    assert "tmp/s-00112233aabbccdd/1/captures.jsonl" in told["left_over"]
    dalil("worker", "--once", "--workspace", workspace, passphrase=PASSPHRASE)
    assert not left.exists()
