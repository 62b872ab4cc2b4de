"""`dalil demo` beside its first run: run again, reset, cut off, pointed at something else, and served."""

from __future__ import annotations

import hashlib
import json
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from command_line import COMMAND, asked, dalil, environment
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
        return next(line.removeprefix("Open  ") for line in self.lines if line.startswith("Open  "))

    @property
    def logins(self) -> dict[str, tuple[str, str, str]]:
        """Pseudonym → (circle, code, the sentence of what waits)."""
        found = {}
        for line, following in zip(self.lines, self.lines[1:], strict=False):
            if match := LOGIN.match(line):
                found[match["pseudonym"]] = (match["circle"], match["code"], following.partition("waits: ")[2])
        return found


@pytest.fixture(scope="module")
def served(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`dalil demo` as `make demo` runs it, on a copy of the built week."""
    folder = copy_of(demo.folder, tmp_path_factory.mktemp("served") / "week")
    process = subprocess.Popen(
        [*COMMAND, "demo", "--workspace", str(folder)],
        env=environment(port=0),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if "End with Ctrl-C" in line:
            break
    try:
        yield Served(folder, lines)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def test_it_prints_a_login_for_each_member_with_what_waits(served: Served, demo: Demo) -> None:
    sentences = {claim.claim: claim.sentence.values() for claim in demo.truth.claims}
    members = demo.members.members
    assert {member.pseudonym: member.circle for member in members} == {
        pseudonym: circle for pseudonym, (circle, _code, _task) in served.logins.items()
    }
    assert len({member.circle for member in members}) == 2
    for member in members:
        assert served.logins[member.pseudonym][2] in sentences[member.waiting]


def test_each_login_opens_once_and_finds_its_task_first(served: Served) -> None:
    for pseudonym, (_circle, code, task) in served.logins.items():
        browser = build_opener(HTTPCookieProcessor(CookieJar()))
        page = enter(browser, served.address, code)
        assert pseudonym in page or "Enter" not in page
        assert task in page, pseudonym
        stranger = build_opener(HTTPCookieProcessor(CookieJar()))
        assert task not in enter(stranger, served.address, code)  # the code is spent


def enter(browser: OpenerDirector, address: str, code: str) -> str:
    """Open the door with a code; the page that one sees then."""
    door = browser.open(f"{address}/login").read().decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', door)
    assert found is not None
    form = urlencode({"csrfmiddlewaretoken": found[1], "code": code}).encode()
    try:
        answer = browser.open(f"{address}/login/code", form)
    except HTTPError as refused:
        answer = refused
    page: str = answer.read().decode()
    return page


def test_the_seen_command_that_it_prints_finds_the_recycled_photo(served: Served) -> None:
    line = next(line for line in served.lines if "dalil seen" in line)
    words = line.split()
    assert words[1] == "seen"
    found = asked(*words[1:])["matches"]
    assert found[0]["decides"] is True
    sure = [match for match in found if match["decides"]]
    assert min(match["captured_at"] for match in sure) < "2026-05-10"
    assert min(match["claimed_at"] for match in sure) < "2026-05-10"
