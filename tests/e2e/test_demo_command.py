"""`dalil demo` beside its first run: run again, reset, cut off, pointed at something else, and served."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from command_line import COMMAND, asked, dalil, environment
from console_client import Console, address_of, served
from demo_week import SEED, Demo, copy_of

from dalil.archive.workspace import PLAIN_VOLUME_WORDS

pytestmark = pytest.mark.slow
LOGIN = re.compile(r"^  (?P<pseudonym>[a-z]+-\d\d)\s+(?P<circle>blue|green)\s+code (?P<code>\S+)$")


def contents(folder: Path) -> dict[str, str]:
    """Relative path → SHA-256 of every file, without what a database keeps beside itself while it is open."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-shm", "-wal", ".lock"))
    }


@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_a_second_demo_reopens_the_same_workspace(demo: Demo, demo_copy: Path, seed: int) -> None:
    """Whatever seed it names: what somebody did in the first one is not thrown away without --reset."""
    dalil("claims", "--workspace", demo_copy)  # folds what the copied log still holds into the database
    before = contents(demo_copy)
    again = dalil("demo", "--workspace", demo_copy, "--seed", seed, "--no-serve", "--json")
    assert again.object == demo.told
    assert "Writing" not in again.err
    assert contents(demo_copy) == before
    assert (f"the world of seed {SEED}." in again.err) == (seed != SEED)


@pytest.fixture(scope="module")
def real_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that is no demo."""
    folder = tmp_path_factory.mktemp("real") / "workspace"
    dalil("init", "--workspace", folder, "--plain-volume", PLAIN_VOLUME_WORDS, passphrase="four quiet words here")
    return folder


@pytest.mark.parametrize("flags", [(), ("--reset",)])
@pytest.mark.parametrize("passphrase", ["", "four quiet words here"])
def test_a_workspace_that_is_no_demo_is_left_alone(
    real_workspace: Path, flags: tuple[str, ...], passphrase: str
) -> None:
    before = contents(real_workspace)
    told = asked("demo", "--workspace", real_workspace, "--no-serve", *flags, expect=2, passphrase=passphrase)
    assert told["error"]["code"] == "workspace-not-demo"
    assert contents(real_workspace) == before


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    for flags in ((), ("--reset",)):
        told = asked("demo", "--workspace", tmp_path, "--no-serve", *flags, expect=2)
        assert told["error"]["code"] == "folder-not-empty"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("flags", [("--reset",), ()], ids=["reset", "cut-off"])
def test_it_starts_over_when_told_to_or_when_it_was_cut_off(demo_copy: Path, flags: tuple[str, ...]) -> None:
    if not flags:
        (demo_copy / "demo.json").unlink()  # what is written last
    old = json.loads((demo_copy / "workspace.json").read_text())["id"]
    command = [*COMMAND, "demo", "--workspace", str(demo_copy), "--no-serve", *flags]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith(b"Writing")
        process.kill()
    assert json.loads((demo_copy / "workspace.json").read_text())["id"] != old
    assert list((demo_copy / "raw").iterdir()) == []


@dataclass(frozen=True)
class Served:
    """A demo that is served: what it printed, and where."""

    folder: Path
    lines: list[str]

    @property
    def address(self) -> str:
        return address_of(self.lines)

    @property
    def logins(self) -> dict[str, tuple[str, str, str]]:
        """Pseudonym → (circle, code, the sentence of what waits)."""
        found = {}
        for line, following in zip(self.lines, self.lines[1:], strict=False):
            if match := LOGIN.match(line):
                found[match["pseudonym"]] = (match["circle"], match["code"], following.partition("waits: ")[2])
        return found


@pytest.fixture(scope="module")
def started(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`dalil demo` as `make demo` runs it, on a copy of the built week."""
    folder = copy_of(demo.folder, tmp_path_factory.mktemp("served") / "week")
    with served("demo", "--workspace", folder, until="End with Ctrl-C") as lines:
        yield Served(folder, lines)


def test_it_prints_a_login_for_each_member_with_what_waits(started: Served, demo: Demo) -> None:
    sentences = {claim.claim: claim.sentence.values() for claim in demo.truth.claims}
    members = demo.members.members
    assert {member.pseudonym: member.circle for member in members} == {
        pseudonym: circle for pseudonym, (circle, _code, _task) in started.logins.items()
    }
    assert len({member.circle for member in members}) == 2
    steps = {row["sentence"]: row["next_step"] for row in asked("claims", "--workspace", started.folder)["claims"]}
    for member in members:
        task = started.logins[member.pseudonym][2]
        assert task in sentences[member.waiting]
        assert steps[task] == member.next_step


def test_each_login_opens_once_and_finds_its_task_first(started: Served) -> None:
    for pseudonym, (_circle, code, task) in started.logins.items():
        assert task in Console(started.address).enter(code), pseudonym
        stranger = Console(started.address)
        assert task not in stranger.enter(code)  # the code is spent
        assert stranger.status == 400


def test_the_seen_command_that_it_prints_finds_the_recycled_photo(started: Served) -> None:
    line = next(line for line in started.lines if "dalil seen" in line)
    words = line.split()
    assert words[1] == "seen"
    found = asked(*words[1:])["matches"]
    assert found[0]["decides"] is True
    sure = [match for match in found if match["decides"]]
    assert min(match["captured_at"] for match in sure) < "2026-05-10"
    assert min(match["claimed_at"] for match in sure) < "2026-05-10"
