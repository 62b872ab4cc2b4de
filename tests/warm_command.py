"""`dalil` in forks of one process that has the heavy packages loaded: the same command for a tenth of the start.

`forking` has what this shares with others. Each command is a process of its own: its arguments,
environment, folder and outputs are its own, and it ends with its own exit code.
What starts cold all the same: every child of `jobs.sandbox`, servers, workers, the building of the sample week, the
tutorial, and whatever is killed from outside.
"""

from __future__ import annotations

import array
import atexit
import contextlib
import functools
import gc
import importlib
import json
import os
import select
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NoReturn

from forking import command, ending, preload

MORE: Final = (
    *("cv2", "PIL.Image", "polib", "feedparser", "argon2", "igraph", "leidenalg", "py3langid"),
    *("django.db.backends.sqlite3.base", "django.forms", "django.urls", "django.http", "django.contrib.auth.hashers"),
    *("django.core.management.commands.migrate", "django.core.serializers.json", "django.template.backends.django"),
    *("django.utils.translation.trans_real", "django.test.utils"),
    *("dalil.app.configuration", "dalil.archive.mappings", "dalil.signals.texts", "dalil.sources.registry"),
)
"""What some commands load beside what all do."""


@functools.cache
def _server() -> tuple[str, subprocess.Popen[bytes]]:
    """The socket and the process; it ends with the one that asked for it, whose end of the pipe then closes."""
    folder = tempfile.mkdtemp(prefix="warm-")
    address = str(Path(folder) / "s")
    process = subprocess.Popen(
        [sys.executable, __file__, address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1] / "src")},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    atexit.register(_end, process, Path(folder))
    return address, process


def _end(process: subprocess.Popen[bytes], folder: Path) -> None:
    assert process.stdin is not None
    process.stdin.close()
    process.wait()
    (folder / "s").unlink(missing_ok=True)
    folder.rmdir()


def run(arguments: Sequence[str], env: Mapping[str, str], cwd: Path | None) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one command."""
    address, _process = _server()
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        Path(os.devnull).open("rb") as nothing,
        socket.socket(socket.AF_UNIX) as asking,
    ):
        asking.connect(address)
        asked = json.dumps([list(arguments), dict(env), str(cwd or Path.cwd())]).encode()
        handles = array.array("i", [nothing.fileno(), out.fileno(), err.fileno()])
        asking.sendmsg([struct.pack("!I", len(asked))], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, handles)])
        asking.sendall(asked)
        (code,) = struct.unpack("!i", _exactly(asking, 4))
        out.seek(0)
        err.seek(0)
        return code, out.read().decode("utf-8"), err.read().decode("utf-8")


def _exactly(stream: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        piece = stream.recv(size - len(found))
        if not piece:
            raise EOFError("the other side ended")
        found += piece
    return found


def serve(address: str) -> None:
    """Fork for each that asks, until standard input closes."""
    importlib.import_module("dalil.intake.lean").keep_out()
    preload(*MORE)
    gc.collect()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen(16)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            ready, _, _ = select.select([listening, 0], [], [], 5)
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            if 0 in ready:
                os._exit(0)  # nothing to put in order, and some packages would complain
            if listening in ready:
                asking, _ = listening.accept()
                if os.fork() == 0:
                    listening.close()
                    _answer(asking)
                asking.close()


def _answer(asking: socket.socket) -> None:
    """Run the command in a fork of this fork, say how it ended, end."""
    head, ancillary, _, _ = asking.recvmsg(4, socket.CMSG_SPACE(3 * 4))
    handles = array.array("i", ancillary[0][2])
    arguments, env, cwd = json.loads(_exactly(asking, struct.unpack("!I", head)[0]))
    child = os.fork()
    if child == 0:
        asking.close()
        _become(arguments, env, cwd, handles)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    asking.sendall(struct.pack("!i", code))
    os._exit(0)


def _become(arguments: list[str], env: dict[str, str], cwd: str, handles: Sequence[int]) -> NoReturn:
    """Be the command; never comes back."""
    for number, handle in enumerate(handles):
        os.dup2(handle, number)
        os.close(handle)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    ending(lambda: command(arguments))


if __name__ == "__main__":
    serve(sys.argv[1])
