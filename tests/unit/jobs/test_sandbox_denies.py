"""What the limited child may not do: networks, processes, files; in Python and, on Linux, in native code."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from dalil.jobs import sandbox
from dalil.jobs.sandbox import Limits

Plant = Callable[[str], str]
LIMITS = Limits(memory_mib=512, cpu_seconds=10, stall_seconds=60)
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's limits")

DENIED = {
    "a socket": "import socket; socket.socket()",
    "a name looked up": "import socket; socket.getaddrinfo('localhost', 80)",
    "a subprocess": "import subprocess, sys; subprocess.run([sys.executable, '-c', ''])",
    "a shell": "import os; os.system('true')",
    "a fork": "import os; os.fork()",
    "another program": "import os, sys; os.execv(sys.executable, [sys.executable, '-c', 'print(1)'])",
    "a spawn": "import os, sys; os.posix_spawn(sys.executable, [sys.executable], {{}})",
    "a written file": "open({path!r}, 'w')",
    "a file for both": "open({path!r}, 'r+')",
    "an appended file": "open({path!r}, 'ab')",
    "a low-level open": "import os; os.open({path!r}, os.O_WRONLY | os.O_CREAT)",
    "a removal": "import os; os.remove({path!r})",
    "a rename": "import os; os.rename({path!r}, {path!r} + 'x')",
    "a folder": "import os; os.mkdir({path!r} + 'x')",
    "a link": "import os; os.symlink({path!r}, {path!r} + 'x')",
    "other rights": "import os; os.chmod({path!r}, 0o777)",
    "a database": "import sqlite3; sqlite3.connect({path!r})",
    "a signal to the parent": "import os; os.kill(os.getppid(), 0)",
}


@pytest.mark.parametrize("source", DENIED.values(), ids=DENIED.keys())
def test_python_code_is_refused(plant: Plant, tmp_path: Path, source: str) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"before")
    tried = textwrap.indent(source.format(path=str(target)), "    ")
    module = plant(f"try:\n{tried}\n    print('done')\nexcept PermissionError:\n    print('refused')\n")
    with sandbox.run(module, b"", limits=LIMITS) as child:
        assert child.stdout.read() == b"refused\n"
        child.finish()
    assert target.read_bytes() == b"before"
    assert not target.with_name("targetx").exists()


def test_reading_is_allowed(plant: Plant, tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"read me")
    module = plant(f"print(open({str(tmp_path / 'target')!r}).read())")
    with sandbox.run(module, b"", limits=LIMITS) as child:
        assert child.stdout.read() == b"read me\n"


@ON_LINUX
def test_a_native_call_writes_nothing_to_a_file(plant: Plant, tmp_path: Path) -> None:
    """Past the audit hook, the size limit of zero still holds."""
    target = tmp_path / "target"
    module = plant(
        f"""
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        fd = libc.open({str(target)!r}.encode(), 0o1101, 0o600)
        print(libc.write(fd, b"stolen", 6))
        """
    )
    with sandbox.run(module, b"", limits=LIMITS) as child:
        assert child.stdout.read() == b"-1\n"
        assert not target.exists() or target.read_bytes() == b""
        if "landlock" not in child.confinement:
            pytest.skip("this system has no Landlock: a file can be made, though nothing written to it")
        assert not target.exists()


@ON_LINUX
@pytest.mark.parametrize("call", ["truncate(path, 0)", "unlink(path)", "rename(path, path + b'x')"])
def test_a_native_call_changes_no_file(plant: Plant, tmp_path: Path, call: str) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"before")
    module = plant(f"import ctypes\npath = {str(target)!r}.encode()\nprint(ctypes.CDLL(None).{call})")
    with sandbox.run(module, b"", limits=LIMITS) as child:
        if "landlock" not in child.confinement:
            pytest.skip("this system has no Landlock")
        assert child.stdout.read() == b"-1\n"
    assert target.read_bytes() == b"before"


@ON_LINUX
def test_a_native_call_runs_no_program(plant: Plant) -> None:
    module = plant("import ctypes; print(ctypes.CDLL(None).execl(b'/bin/echo', b'echo', b'ran', None))")
    with sandbox.run(module, b"", limits=LIMITS) as child:
        if "landlock" not in child.confinement:
            pytest.skip("this system has no Landlock")
        assert child.stdout.read() == b"-1\n"


@ON_LINUX
def test_a_native_call_reaches_no_network(plant: Plant) -> None:
    """Past the audit hook, a namespace of its own has no way out, not even to this machine."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        module = plant(
            f"""
            import ctypes, struct
            libc = ctypes.CDLL(None, use_errno=True)
            fd = libc.socket(2, 1, 0)
            address = struct.pack("=H", 2) + struct.pack(">H4s8x", {server.getsockname()[1]}, bytes([127, 0, 0, 1]))
            print(libc.connect(fd, address, len(address)))
            """
        )
        with sandbox.run(module, b"", limits=LIMITS) as child:
            if "network-namespace" not in child.confinement:
                pytest.skip("this system lets nobody make a network namespace")
            assert child.stdout.read() == b"-1\n"


@ON_LINUX
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root is not bound by a number of processes")
def test_a_native_fork_bomb_is_bounded(plant: Plant) -> None:
    module = plant(FORK_BOMB)
    with sandbox.run(module, b"", limits=Limits(memory_mib=512, cpu_seconds=10, threads=8)) as child:
        if "nproc" not in child.confinement:
            pytest.skip("this system lets nobody make a user namespace")
        assert int(child.stdout.read()) < 8


FORK_BOMB = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
made = 0
for _ in range(32):
    pid = libc.fork()
    if pid == 0:
        libc.pause()
    if pid < 0:
        break
    made += 1
print(made, flush=True)
"""


@ON_LINUX
def test_what_a_child_forks_natively_ends_with_it(plant: Plant) -> None:
    module = plant(
        """
        import ctypes
        libc = ctypes.CDLL(None)
        pid = libc.fork()
        if pid == 0:
            libc.pause()
        print(pid, flush=True)
        libc.pause()
        """
    )
    with sandbox.run(module, b"", limits=LIMITS) as child:
        grandchild = int(child.stdout.readline())
        assert Path(f"/proc/{grandchild}").exists()
    # Killed with its group; nobody of ours is its parent, so it may wait to be collected for a moment.
    state = Path(f"/proc/{grandchild}/stat")
    assert not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] in "ZX"


@ON_LINUX
def test_the_child_dies_with_a_parent_that_is_killed(plant: Plant, tmp_path: Path) -> None:
    module = plant("import os, threading; print(os.getpid(), flush=True); threading.Event().wait()")
    parent = textwrap.dedent(
        f"""
        import sys
        sys.path[:0] = {sys.path!r}
        from dalil.jobs import sandbox
        with sandbox.run({module!r}, b"", limits=sandbox.Limits(memory_mib=512)) as child:
            print(child.stdout.readline().decode(), flush=True)
            child.finish()
        """
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        watch = os.pidfd_open(pid)
        process.kill()
        process.wait()
        import select

        assert select.select([watch], [], [], 60)[0], "the child outlived its parent"
        os.close(watch)


@ON_LINUX
def test_it_says_what_is_in_force(plant: Plant) -> None:
    with sandbox.run(plant("print(1)"), b"", limits=LIMITS) as child:
        in_force = set(child.confinement)
        child.finish()
    assert {"as", "cpu", "fsize", "core", "nofile", "no-new-privileges", "audit-hook"} <= in_force
