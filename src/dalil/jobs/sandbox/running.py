"""Runs a module of ours in a limited child: bounded in memory, time and files, without a network.

For work on foreign bytes: parsing files, decoding media. The child gets its order on standard
input and answers on standard output; it may read files and write none. Needs no Django. Linux gives
every limit; elsewhere what is in force is in `SandboxRun.confinement`, and the stall limit and the
size of the answer hold everywhere.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]

import dalil
from dalil.errors import LimitReached, NotAvailable
from dalil.settings import MIB, Settings

CHUNK: Final = 1024 * 1024
"""Read at once, and the room of the pipe where the system gives so much: with less, the two sides and the threads
here wake each other for every 64 KiB, which costs as much as a third of what the parent does with the bytes."""
_SET_PIPE_SIZE: Final = getattr(fcntl, "F_SETPIPE_SZ", None)
MEMORY_EXIT: Final = 81
_BOOT: Final = Path(__file__).with_name("confined.py")
_OUT_OF_MEMORY: Final = (
    b"MemoryError",
    b"bad_alloc",
    b"Cannot allocate memory",
    b"out of memory",
    b"failed to map segment",
)
_TAIL: Final = 4096

Code = Literal["child-died", "child-memory", "child-output", "child-stalled", "child-time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one child may use.

    Args:
        memory_mib: address space, in MiB.
        cpu_seconds: CPU time, in seconds.
        stall_seconds: a child from which nothing comes for so long, while it is listened to, is ended.
        output_bytes: largest answer, in bytes.
        files: open files at once. threads: threads and processes at once.
    """

    memory_mib: int = 3072
    cpu_seconds: int = 3600
    stall_seconds: float = 300
    output_bytes: int = 64 * 1024 * MIB
    files: int = 128
    threads: int = 64

    @classmethod
    def from_settings(cls, settings: Settings) -> Limits:
        """The limits that the settings name."""
        return cls(
            memory_mib=settings.child_memory_mib,
            cpu_seconds=settings.child_cpu_seconds,
            stall_seconds=settings.child_stall_seconds,
        )


class SandboxRun:
    """A running child. `stdout` is a readable binary stream; reading raises when a limit ended the child."""

    def __init__(self, process: subprocess.Popen[bytes], stdin: bytes, limits: Limits) -> None:
        self._process = process
        self._limits = limits
        self._chunks: queue.Queue[bytes] = queue.Queue(maxsize=8)
        self._closed = threading.Event()
        self._exited = threading.Event()
        self._told = threading.Event()
        self._tail = bytearray()
        self._confinement: tuple[str, ...] = ()
        self._reason: Code | None = None
        self.stdout: BinaryIO = io.BufferedReader(_Answer(self), CHUNK)
        # A thread each, so that a large order, a large answer, complaints and the end never wait for each other.
        self._listener = threading.Thread(target=self._listen, daemon=True)
        others = ((self._feed, (stdin,)), (self._collect, ()), (self._watch, ()))
        self._threads = [
            self._listener,
            *(threading.Thread(target=target, args=args, daemon=True) for target, args in others),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def confinement(self) -> tuple[str, ...]:
        """What is in force in the child; empty when it died before it could say so."""
        self._told.wait(self._limits.stall_seconds)
        return self._confinement

    def finish(self) -> None:
        """Read what is left, wait for the child's end, and make sure that it ended well.

        Raises:
            LimitReached: a limit ended it, or it died; the code says which.
        """
        while self.stdout.read(CHUNK):
            pass

    def _next(self) -> bytes:
        """The next piece of the answer; empty at the end of a child that ended well."""
        try:
            piece = self._chunks.get(timeout=self._limits.stall_seconds)
        except queue.Empty:
            raise self._kill("child-stalled") from None
        if piece:
            return piece
        self._chunks.put(b"")  # the end stays the end, however often one reads
        if not self._exited.wait(self._limits.stall_seconds):
            raise self._kill("child-stalled")
        if self._process.returncode != 0:
            raise LimitReached(self._why(), seconds=self._limits.cpu_seconds, mib=self._limits.memory_mib)
        return b""

    def _why(self) -> Code:
        self._listener.join(self._limits.stall_seconds)
        code = self._process.returncode
        if self._reason is not None:
            return self._reason
        if code == MEMORY_EXIT or any(mark in self._tail for mark in _OUT_OF_MEMORY):
            return "child-memory"
        if hasattr(signal, "SIGXCPU") and code == -signal.SIGXCPU:
            return "child-time"
        return "child-died"

    def _kill(self, reason: Code) -> LimitReached:
        self._reason = self._reason or reason
        self._end()
        return LimitReached(self._reason, seconds=self._limits.stall_seconds, mib=self._limits.memory_mib)

    def _end(self) -> None:
        if not self._exited.is_set():
            self._kill_group()
        self._exited.wait()

    def _kill_group(self) -> None:
        if hasattr(os, "killpg"):
            # The child leads a group of its own, so that nothing it started outlives it.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()

    def _watch(self) -> None:
        """The only one who collects the child: until then its number, and its group's, stay taken."""
        if hasattr(os, "waitid"):
            os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
            self._kill_group()  # what it started holds the answer open, and would be waited for
        self._process.wait()
        self._exited.set()

    def close(self) -> None:
        """End the child if it still runs, and everything that waits for it."""
        self._closed.set()
        self._end()
        with contextlib.suppress(queue.Empty):
            while True:
                self._chunks.get_nowait()
        for thread in self._threads:
            thread.join()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _feed(self, stdin: bytes) -> None:
        assert self._process.stdin is not None
        # A child that ends early does not read everything; why it ended is found out elsewhere.
        with contextlib.suppress(OSError):
            self._process.stdin.write(stdin)
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def _collect(self) -> None:
        assert self._process.stdout is not None
        taken = 0
        while piece := os.read(self._process.stdout.fileno(), CHUNK):
            taken += len(piece)
            if taken > self._limits.output_bytes:
                self._kill("child-output")
                break
            if not self._hand_on(piece):
                return
        self._hand_on(b"")

    def _hand_on(self, piece: bytes) -> bool:
        while not self._closed.is_set():
            with contextlib.suppress(queue.Full):
                self._chunks.put(piece, timeout=0.2)
                return True
        return False

    def _listen(self) -> None:
        assert self._process.stderr is not None
        for number, line in enumerate(iter(lambda: self._process.stderr.readline(_TAIL), b"")):  # type: ignore[union-attr]
            if number == 0 and line.startswith(b"confinement:"):
                self._confinement = tuple(line.decode("ascii", "replace").strip().partition(":")[2].split(","))
                self._told.set()
                continue
            # Kept only to tell an end for want of memory from another; never shown or stored: it may quote content.
            self._tail = (self._tail + line)[-_TAIL:]
        self._told.set()


class _Answer(io.RawIOBase):
    """The child's standard output as a stream."""

    def __init__(self, run: SandboxRun) -> None:
        self._run = run
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self._rest or self._run._next()  # noqa: SLF001 - two halves of one thing
        taken = min(len(piece), len(buffer))
        buffer[:taken] = piece[:taken]
        self._rest = piece[taken:]
        return taken


@contextlib.contextmanager
def run(module: str, stdin: bytes, *, limits: Limits, args: Sequence[str] = ()) -> Iterator[SandboxRun]:
    """Run `python -m module` in a limited child; it is ended with the block at the latest.

    Args:
        module: dotted name of a module of ours; it reads standard input and writes standard output.
        stdin: the whole order; may hold keys, which reach the child by this pipe alone.
        args: plain arguments; visible to other users of the machine, so never a secret or content.
    Raises:
        LimitReached: from reading or `finish`: `child-memory`, `child-time`, `child-stalled`,
            `child-output`, or `child-died` for every other bad end.
        NotAvailable: no child could be started.
    """
    with _started({"module": module, "args": list(args)}, stdin, limits) as running:
        yield running


@contextlib.contextmanager
def run_program(program: Path, stdin: bytes, *, limits: Limits, args: Sequence[str] = ()) -> Iterator[SandboxRun]:
    """Run a program of the system in a limited child, as `run` does a module of ours.

    The limits and the confinement are put on before it begins, and stay: it may read files, write none,
    start nothing else and reach no network. It gets foreign bytes by standard input alone.

    Args:
        program: absolute path. args: plain arguments, never a secret or content.
    Raises:
        LimitReached, NotAvailable: as `run`; `NotAvailable` too where the program is not there.
    """
    if os.name != "posix" or not program.is_file():  # elsewhere a program cannot take a confined child's place
        raise NotAvailable("child-unavailable")
    order = {"module": "", "program": str(program.resolve()), "args": list(args)}
    with _started(order, stdin, limits) as running:
        yield running


@contextlib.contextmanager
def _started(what: Mapping[str, object], stdin: bytes, limits: Limits) -> Iterator[SandboxRun]:
    order = {
        **what,
        "path": _path(),
        "parent": os.getpid(),
        "memory": limits.memory_mib * MIB,
        "cpu": limits.cpu_seconds,
        "files": limits.files,
        "threads": limits.threads,
    }
    try:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own file
            [sys.executable, "-I", "-B", "-X", "utf8", str(_BOOT), json.dumps(order)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            start_new_session=os.name == "posix",
        )
    except OSError as error:
        raise NotAvailable("child-unavailable") from error
    _widen(process)
    running = SandboxRun(process, stdin, limits)
    try:
        yield running
    finally:
        running.close()


def _widen(process: subprocess.Popen[bytes]) -> None:
    if _SET_PIPE_SIZE is not None and process.stdout is not None:
        with contextlib.suppress(OSError):  # more than this user may have
            fcntl.fcntl(process.stdout.fileno(), _SET_PIPE_SIZE, CHUNK)


def _path() -> list[str]:
    """Where the child finds what the parent finds: absolute folders only, ours first, never the working folder."""
    ours = str(Path(dalil.__file__).resolve().parent.parent)
    here = str(Path.cwd())
    return [ours, *(entry for entry in sys.path if Path(entry).is_absolute() and entry not in (ours, here))]


def _environment() -> dict[str, str]:
    """Nothing of the user's, one thread for the number libraries, whose pools would eat the address space."""
    names = (
        "OMP_NUM_THREADS",
        "OMP_THREAD_LIMIT",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMBA_NUM_THREADS",
        "ARROW_IO_THREADS",
    )
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "WINDIR") if name in os.environ}
    return {**dict.fromkeys(names, "1"), **kept, "LC_ALL": "C.UTF-8"}
