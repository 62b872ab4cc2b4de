"""The limited child: it answers, it is bounded, and nothing of it is left behind."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dalil.errors import LimitReached, NotAvailable
from dalil.jobs import sandbox
from dalil.jobs.sandbox import Limits
from dalil.settings import Settings

Plant = Callable[[str], str]
SMALL = Limits(memory_mib=512, cpu_seconds=5, stall_seconds=60)
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's limits")

ECHO = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"


def end_of(module: str, limits: Limits = SMALL, stdin: bytes = b"") -> str:
    """The code that a child ends with."""
    with sandbox.run(module, stdin, limits=limits) as child, pytest.raises(LimitReached) as ended:
        child.finish()
    return ended.value.code


def test_a_large_order_and_a_large_answer_do_not_wait_for_each_other(plant: Plant) -> None:
    order = os.urandom(1 << 20) * 24
    with sandbox.run(plant(ECHO), order, limits=SMALL) as child:
        assert child.stdout.read() == order
        child.finish()


def test_an_answer_before_the_order_is_read_does_not_wait_either(plant: Plant) -> None:
    module = plant(
        """
        import sys
        sys.stdout.buffer.write(b"a" * (8 << 20))
        sys.stdout.buffer.flush()
        print(len(sys.stdin.buffer.read()))
        """
    )
    with sandbox.run(module, b"b" * (8 << 20), limits=SMALL) as child:
        answer = child.stdout.read()
    assert answer == b"a" * (8 << 20) + b"8388608\n"


def test_a_child_that_does_not_read_its_order_is_fine(plant: Plant) -> None:
    with sandbox.run(plant("print('done')"), b"x" * (4 << 20), limits=SMALL) as child:
        assert child.stdout.read() == b"done\n"
        child.finish()


def test_arguments_reach_the_module_as_its_own(plant: Plant) -> None:
    module = plant("import sys; print(__name__, sys.argv[1:])")
    with sandbox.run(module, b"", limits=SMALL, args=["one", "two"]) as child:
        assert child.stdout.read() == b"__main__ ['one', 'two']\n"


def test_our_own_package_is_found_however_the_parent_found_it(plant: Plant) -> None:
    module = plant("import dalil; print(dalil.__file__)")
    import dalil

    with sandbox.run(module, b"", limits=SMALL) as child:
        assert child.stdout.read().decode().strip() == dalil.__file__


def test_nothing_is_imported_from_the_working_folder(
    plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "planted.py").write_text("print('from the working folder')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    monkeypatch.syspath_prepend(str(tmp_path))
    module = plant(
        """
        try:
            import planted
        except ImportError:
            print("not found")
        """
    )
    with sandbox.run(module, b"", limits=SMALL) as child:
        assert child.stdout.read() == b"not found\n"


def test_nothing_of_the_users_environment_reaches_the_child(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DALIL_PASSPHRASE", "secret")
    monkeypatch.setenv("PYTHONPATH", "/planted")
    module = plant("import os, sys; print(sorted(os.environ), '/planted' in sys.path, os.environ.get('PYTHONPATH'))")
    with sandbox.run(module, b"", limits=SMALL) as child:
        answer = child.stdout.read()
    assert b"DALIL" not in answer
    assert b"HOME" not in answer
    assert answer.endswith(b"False None\n")


def test_the_child_sees_no_file_of_the_parents(plant: Plant, tmp_path: Path) -> None:
    module = plant("import os; print(sorted(int(n) for n in os.listdir('/proc/self/fd'))[:4])")
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("needs /proc")
    with (tmp_path / "secret").open("wb"), sandbox.run(module, b"", limits=SMALL) as child:
        # 0, 1, 2 and the one that lists the folder.
        assert child.stdout.read() == b"[0, 1, 2, 3]\n"


@ON_LINUX
def test_a_child_that_eats_memory_is_stopped(plant: Plant) -> None:
    assert end_of(plant("x = [bytearray(1 << 26) for _ in range(1000)]")) == "child-memory"


@ON_LINUX
def test_memory_taken_by_native_code_is_bounded_too(plant: Plant) -> None:
    assert end_of(plant("import numpy; numpy.ones((1 << 40,))")) == "child-memory"


@ON_LINUX
def test_memory_that_runs_out_inside_a_handler_of_errors_is_still_told(plant: Plant) -> None:
    module = plant(
        """
        try:
            b"x" * (1 << 40)
        except MemoryError as error:
            raise RuntimeError("wrapped") from error
        """
    )
    assert end_of(module) == "child-memory"


@ON_LINUX
def test_a_child_that_loops_runs_out_of_time(plant: Plant) -> None:
    assert end_of(plant("while True: pass"), Limits(memory_mib=512, cpu_seconds=1)) == "child-time"


@ON_LINUX
def test_a_child_that_ignores_the_signal_of_time_is_ended_all_the_same(plant: Plant) -> None:
    module = plant("import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass")
    assert end_of(module, Limits(memory_mib=512, cpu_seconds=1)) in ("child-time", "child-died")


def test_a_child_that_says_nothing_has_stalled(plant: Plant) -> None:
    module = plant("import threading; threading.Event().wait()")
    assert end_of(module, Limits(memory_mib=512, stall_seconds=1)) == "child-stalled"


def test_a_child_that_closes_its_answer_and_stays_has_stalled(plant: Plant) -> None:
    module = plant("import os, threading; os.close(1); threading.Event().wait()")
    assert end_of(module, Limits(memory_mib=512, stall_seconds=1)) == "child-stalled"


def test_a_child_that_prints_forever_is_stopped(plant: Plant) -> None:
    module = plant("import sys\nwhile True: sys.stdout.buffer.write(b'x' * 65536)")
    assert end_of(module, Limits(memory_mib=512, output_bytes=1 << 20)) == "child-output"


def test_a_child_that_complains_forever_does_not_fill_the_parent(plant: Plant) -> None:
    module = plant("import sys\nfor _ in range(400): sys.stderr.write('x' * 65536)\nprint('done')")
    with sandbox.run(module, b"", limits=SMALL) as child:
        assert child.stdout.read() == b"done\n"
        child.finish()


@pytest.mark.parametrize("source", ["raise ValueError", "import sys; sys.exit(3)", "import os; os.abort()", "("])
def test_every_other_bad_end_is_told_after_what_came_before(plant: Plant, source: str) -> None:
    first = "import sys; sys.stdout.write('some'); sys.stdout.flush()\n" if source != "(" else ""
    with sandbox.run(plant(first + source), b"", limits=SMALL) as child:
        assert child.stdout.read(len(first[:4])) == (b"some" if first else b"")
        with pytest.raises(LimitReached) as ended:
            child.stdout.read()
        assert ended.value.code == "child-died"
        with pytest.raises(LimitReached):  # and stays so
            child.finish()


def test_a_module_that_does_not_exist_is_a_bad_end() -> None:
    assert end_of("dalil.no_such_module") == "child-died"


def test_leaving_the_block_ends_the_child(plant: Plant) -> None:
    module = plant("import os, sys, threading; print(os.getpid(), flush=True); threading.Event().wait()")
    with sandbox.run(module, b"", limits=SMALL) as child:
        pid = int(child.stdout.readline())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_leaving_the_block_early_from_a_child_that_prints_forever_does_not_hang(plant: Plant) -> None:
    module = plant("import sys\nwhile True: sys.stdout.buffer.write(b'x' * 65536)")
    with sandbox.run(module, b"x" * (8 << 20), limits=SMALL) as child:
        assert child.stdout.read(10) == b"x" * 10


def test_where_there_is_no_interpreter_it_is_not_available(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    with pytest.raises(NotAvailable) as refused, sandbox.run("dalil", b"", limits=SMALL):
        pass
    assert refused.value.code == "child-unavailable"


def test_the_limits_are_those_of_the_settings() -> None:
    settings = Settings(child_memory_mib=7, child_cpu_seconds=8, child_stall_seconds=9)
    limits = Limits.from_settings(settings)
    assert (limits.memory_mib, limits.cpu_seconds, limits.stall_seconds) == (7, 8, 9)
