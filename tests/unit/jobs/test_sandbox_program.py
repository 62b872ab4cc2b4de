"""A program of the system in the limited child: it reads what it is given and answers, and can do nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dalil.errors import LimitReached, NotAvailable
from dalil.jobs.sandbox import Limits, run_program

PYTHON = Path(sys.executable)


def said(code: str, stdin: bytes = b"", limits: Limits | None = None) -> bytes:
    with run_program(PYTHON, stdin, limits=limits or Limits(), args=["-S", "-c", code]) as child:
        answer = child.stdout.read()
        child.finish()
    return answer


def test_it_reads_its_input_and_answers() -> None:
    assert said("import sys; print(sys.stdin.read().upper(), end='')", b"abc") == b"ABC"


def test_what_is_in_force_is_said() -> None:
    with run_program(PYTHON, b"", limits=Limits(), args=["-S", "-c", ""]) as child:
        child.finish()
        assert {"as", "fsize", "cpu"} <= set(child.confinement)


@pytest.mark.parametrize(
    "code",
    [
        "open({folder!r} + '/x', 'w')",
        "import os; os.remove({folder!r} + '/there')",
        "import os; os.mkdir({folder!r} + '/y')",
        "import socket; socket.create_connection(('127.0.0.1', 9), 2)",
        "import os; os.execv('/bin/true', ['true'])",
        "import os, signal; os.kill(os.getppid(), 0) or exit(3)",
    ],
)
def test_it_can_change_nothing_start_nothing_and_reach_nobody(code: str, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("x")
    with pytest.raises(LimitReached) as caught:
        said(code.format(folder=str(tmp_path)))
    assert caught.value.code == "child-died"
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_its_memory_and_time_are_limited() -> None:
    with pytest.raises(LimitReached) as caught:
        said("x = bytearray(1 << 31)", limits=Limits(memory_mib=256))
    assert caught.value.code == "child-memory"
    with pytest.raises(LimitReached) as caught:
        said("while True: pass", limits=Limits(cpu_seconds=1))
    assert caught.value.code == "child-time"


def test_it_gets_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DALIL_PASSPHRASE", "secret")
    assert b"secret" not in said("import os; print(dict(os.environ))")


def test_a_program_that_is_not_there_is_not_available(tmp_path: Path) -> None:
    with pytest.raises(NotAvailable) as caught, run_program(tmp_path / "none", b"", limits=Limits()):
        pass
    assert caught.value.code == "child-unavailable"
