"""A workspace from its first import to its backup, as its people run it: found, merged, upgraded, brought back."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from command_line import asked, dalil
from console_client import Console, address_of, served
from import_inputs import crowdtangle_file, x_file
from older_manifests import as_version_one

from dalil.archive.raw import read_all
from dalil.archive.workspace import PLAIN_VOLUME_WORDS

PASSPHRASE = "four quiet words here"
WORDS = ("--plain-volume", PLAIN_VOLUME_WORDS)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A workspace with six small imports of a month that is over, and the invitation to it."""
    folder = tmp_path_factory.mktemp("keeping") / "workspace"
    told = asked("init", "--workspace", folder, *WORDS, passphrase=PASSPHRASE)
    for number in range(6):
        path = x_file(folder.parent / f"tweets-{number}.jsonl", 10 * number, 10 * number + 10)
        options = ("--captured-at", "2026-05-17T14:20+03:00", "--workspace", folder)
        asked("import", path, *options, passphrase=PASSPHRASE)
    return folder, told["invitation"]


@pytest.fixture
def workspace(template: tuple[Path, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(template[0], tmp_path / "workspace"))


def found(workspace: Path, *words: str) -> dict[str, object]:
    told = asked("search", *words, "--limit", "200", "--workspace", workspace)
    return {"total": told["total"], "searched": told["searched"], "waiting": told["waiting"]}


def test_search_keeps_up_by_itself(workspace: Path, tmp_path: Path) -> None:
    assert found(workspace, "bridge") == {"total": 60, "searched": 60, "waiting": 0}
    path = crowdtangle_file(tmp_path / "pages.csv", 0, 30)
    asked("import", path, "--workspace", workspace, passphrase=PASSPHRASE)
    assert found(workspace, "bridge")["searched"] == 90
    shutil.rmtree(workspace / "indexes")
    (workspace / "indexes").mkdir()
    assert found(workspace, "bridge")["searched"] == 90
    (workspace / "indexes" / "search.db").write_bytes(b"x" * 5000)
    assert found(workspace, "bridge")["searched"] == 90


def test_what_was_searched_for_is_kept_nowhere(workspace: Path) -> None:
    asked("search", "zqpoison7f3a", "--source", "zqsource81b", "--workspace", workspace)
    for path in workspace.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"zqpoison7f3a" not in data, path
            assert b"zqsource81b" not in data, path


def test_merging_changes_no_answer_and_the_audit_still_holds(workspace: Path) -> None:
    before = found(workspace, "bridge")
    told = asked("compact", "--workspace", workspace)
    assert told["after"] < told["before"]
    assert asked("compact", "--workspace", workspace)["before"] == 0
    assert found(workspace, "bridge") == before
    examined = asked("doctor", "--workspace", workspace)
    assert (examined["damaged"], examined["left_over"]) == ([], [])
    assert asked("audit", "verify", "--workspace", workspace)["damaged"] == []


def test_the_worker_merges_by_itself(workspace: Path) -> None:
    files = len(list((workspace / "archive" / "posts").rglob("*.parquet")))
    assert asked("worker", "--once", "--workspace", workspace, passphrase=PASSPHRASE) == {"jobs": 1}
    assert len(list((workspace / "archive" / "posts").rglob("*.parquet"))) == files + 1  # the old ones stay for a day
    with closing(sqlite3.connect(workspace / "archive" / "manifest.db")) as manifest:
        assert manifest.execute("SELECT count(*) FROM segments WHERE table_name = 'posts'").fetchone() == (1,)
        manifest.execute("UPDATE merged_away SET since = 0")
        manifest.commit()
    assert asked("worker", "--once", "--workspace", workspace, passphrase=PASSPHRASE) == {"jobs": 0}
    assert len(list((workspace / "archive" / "posts").rglob("*.parquet"))) == 1


def test_a_backup_while_the_server_is_at_work_and_back(
    template: tuple[Path, str], workspace: Path, tmp_path: Path
) -> None:
    with served("serve", "--workspace", workspace, until="Ctrl-C", passphrase=PASSPHRASE) as lines:
        console = Console(address_of(lines))
        console.join(template[1], "another four quiet words")
        file = x_file(tmp_path / "more.jsonl", 500, 520)
        console.send("/intake/upload", "uploads", file, from_page="/intake")
        told = asked("backup", tmp_path / "copy.tar", *WORDS, "--workspace", workspace)
        assert told["missing"] == []
    again = tmp_path / "again"
    dalil("restore", tmp_path / "copy.tar", *WORDS, "--workspace", again)
    assert asked("doctor", "--workspace", again)["damaged"] == []
    assert asked("audit", "verify", "--workspace", again)["damaged"] == []
    assert found(again, "bridge")["total"] in (60, 80)
    with served("serve", "--workspace", again, until="Ctrl-C", passphrase=PASSPHRASE) as lines:
        console = Console(address_of(lines))
        console.get("/login")
        assert console.status == 200


def test_an_older_workspace_is_refused_in_words_and_upgraded_on_request(workspace: Path, tmp_path: Path) -> None:
    as_version_one(workspace / "archive" / "manifest.db")
    for command in (("search", "bridge"), ("doctor",), ("serve",), ("worker", "--once"), ("backup", tmp_path / "copy")):
        told = asked(*command, "--workspace", workspace, expect=2, passphrase=PASSPHRASE)
        assert told["error"]["code"] == "workspace-older", command
        assert "dalil upgrade" in told["error"]["remedy"]
    told = asked("upgrade", "--workspace", workspace)
    assert (told["manifest"], told["desk"]) == (True, False)
    (copy,) = Path(told["copies"]).iterdir()
    with closing(sqlite3.connect(copy)) as manifest:
        assert manifest.execute("PRAGMA user_version").fetchone() == (1,)
    assert found(workspace, "bridge")["total"] == 60
    assert asked("doctor", "--workspace", workspace)["left_over"] == []
    assert asked("upgrade", "--workspace", workspace)["manifest"] is False


def test_an_older_desk_too(workspace: Path) -> None:
    with closing(sqlite3.connect(workspace / "dalil.db")) as desk:
        applied = desk.execute("SELECT count(*) FROM django_migrations").fetchone()[0]
        desk.execute("DELETE FROM django_migrations WHERE app = 'audit' AND name LIKE '0002%'")
        desk.executescript(
            "".join(
                f"DROP TRIGGER {name};"
                for (name,) in desk.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%'"
                )
            )
        )
        desk.commit()
    assert asked("claims", "--workspace", workspace, expect=2)["error"]["code"] == "workspace-older"
    told = asked("upgrade", "--workspace", workspace)
    assert (told["manifest"], told["desk"]) == (False, True)
    with closing(sqlite3.connect(workspace / "dalil.db")) as desk:
        assert desk.execute("SELECT count(*) FROM django_migrations").fetchone()[0] == applied
    assert asked("claims", "--workspace", workspace)["claims"] == []


def test_a_desk_that_a_newer_version_wrote_is_refused(workspace: Path) -> None:
    with closing(sqlite3.connect(workspace / "dalil.db")) as desk:
        desk.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '0999_later', '2027-01-01')")
        desk.commit()
    for command in ("claims", "upgrade"):
        assert asked(command, "--workspace", workspace, expect=2)["error"]["code"] == "workspace-newer"


def test_doctor_brings_back_what_a_backup_holds(workspace: Path, tmp_path: Path) -> None:
    asked("backup", tmp_path / "copy", *WORDS, "--workspace", workspace)
    raw = min((workspace / "raw").iterdir())
    records = len(list(read_all(raw)))
    raw.unlink()
    told = asked("doctor", "--workspace", workspace, expect=1)
    assert told["damaged"] == [f"raw/{raw.name}: missing ({records} raw records)"]
    said = dalil("doctor", "--workspace", workspace, expect=1)
    assert "dalil doctor --from" in said.out
    told = asked("doctor", "--from", tmp_path / "copy", "--workspace", workspace)
    assert told["mended"] == [f"raw/{raw.name}: backup"]
    assert told["damaged"] == []


def test_a_backup_of_a_damaged_workspace_says_so_and_ends_with_1(workspace: Path, tmp_path: Path) -> None:
    raw = next((workspace / "raw").iterdir())
    raw.write_bytes(b"x" * raw.stat().st_size)
    told = asked("backup", tmp_path / "copy", *WORDS, "--workspace", workspace, expect=1)
    assert told["missing"] == [f"raw/{raw.name}"]
    told = asked("restore", tmp_path / "copy", *WORDS, "--workspace", tmp_path / "again", expect=1)
    assert told["damaged"] == [f"raw/{raw.name}: missing"]
