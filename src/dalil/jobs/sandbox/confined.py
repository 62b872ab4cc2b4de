"""What runs first in the limited child: confines itself, says how far that went, then runs the module.

Started as a script by `jobs.sandbox` in an isolated interpreter; imports nothing but the standard
library and nothing of ours, so that no foreign byte is touched before the confinement is in force.
Each measure is taken where the system offers it; which ones are in force is the first line on
standard error. The audit hook is a second line: it stops Python code, not native code.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import re
import runpy
import struct
import sys

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

MEMORY_EXIT = 81
"""The module ran out of its memory; `sandbox` knows the number."""

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
SIGKILL = 9
LANDLOCK_CREATE = 444
LANDLOCK_ADD_RULE = 445
LANDLOCK_RESTRICT = 446
LANDLOCK_PATH_BENEATH = 1
LANDLOCK_EXECUTE = 1
# Since which version, and which rights: all that change a file or run one; then moving between
# folders, truncating, and controlling devices.
LANDLOCK_FILES = ((1, 0b1111111110011), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15))

DENIED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.startfile",
    "os.kill",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "os.chflags",
    "os.utime",
    "os.setxattr",
    "os.removexattr",
    "pty.spawn",
    "shutil.",
    "signal.pthread_kill",
    "sqlite3.connect",
    "winreg.",
    "webbrowser.",
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Denied(PermissionError):
    """Something that the child may not do."""


def _guard(event: str, args: tuple[object, ...]) -> None:
    if event == "open":
        path, _mode, flags = (*args, None, None, None)[:3]
        writes = isinstance(flags, int) and flags & WRITING
        if writes and not isinstance(path, int) and path != os.devnull:
            raise Denied(event)
    elif event.startswith(DENIED):
        raise Denied(event)


def _limit(name: str, value: int) -> bool:
    kind = getattr(resource, name, None)
    if kind is None:
        return False
    _soft, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))
    return True


def _landlock(libc: ctypes.CDLL, programs: list[str]) -> bool:
    """Forbid, for native code too, every write, removal, execution, TCP connection and signal outwards.

    Needs Linux 5.13 or newer with Landlock switched on; what a later version added is left out on an
    older one. Only reading is left, and running `programs`: the one program that takes the module's
    place, with its loader. Source: kernel.org, "Landlock: unprivileged access control".
    """
    version = libc.syscall(LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return False
    files = sum(right for since, right in LANDLOCK_FILES if version >= since)
    fields = [files]
    if version >= 4:  # TCP bind and connect
        fields.append(0b11)
    if version >= 6:  # abstract sockets and signals beyond the child itself
        fields.append(0b11)
    rules = struct.pack(f"={len(fields)}Q", *fields)
    ruleset = libc.syscall(LANDLOCK_CREATE, rules, len(rules), 0)
    if ruleset < 0:
        return False
    allowed = all(_may_run(libc, ruleset, path) for path in programs)
    refused = libc.syscall(LANDLOCK_RESTRICT, ruleset, 0) if allowed else -1
    os.close(ruleset)
    return bool(refused == 0)


def _may_run(libc: ctypes.CDLL, ruleset: int, path: str) -> bool:
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)  # type: ignore[attr-defined,unused-ignore]  # Linux alone
    rule = struct.pack("=Qi", LANDLOCK_EXECUTE, handle)
    added = libc.syscall(LANDLOCK_ADD_RULE, ruleset, LANDLOCK_PATH_BENEATH, rule, 0)
    os.close(handle)
    return bool(added == 0)


def _loader(program: str) -> list[str]:
    """The dynamic loader that a program names in its first bytes; the kernel runs it in the program's name."""
    with open(program, "rb") as stream:  # noqa: PTH123 - nothing but what the confinement needs is imported here
        found = re.search(rb"/[\w./+-]*/ld[\w.+-]*\.so[.\d]*(?=\0)", stream.read(8192))
    return [found[0].decode("ascii")] if found else []


def _confine(order: dict[str, int], program: str) -> list[str]:
    done: list[str] = []
    isolated = False
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)
        if os.getppid() != order["parent"]:
            os._exit(1)  # the parent died before the line above
        if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0:
            isolated = True
            done += ["user-namespace", "network-namespace"]
        if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
            done.append("no-new-privileges")
            if _landlock(libc, [program, *_loader(program)] if program else []):
                done.append("landlock")
    if resource is not None:
        limits = {
            "RLIMIT_AS": order["memory"],
            "RLIMIT_FSIZE": 0,
            "RLIMIT_CORE": 0,
            "RLIMIT_NOFILE": order["files"],
        }
        if isolated:
            # Outside a namespace of its own the number would count all processes of the user.
            limits["RLIMIT_NPROC"] = order["threads"]
        done += [name.removeprefix("RLIMIT_").lower() for name, value in limits.items() if _limit(name, value)]
        # The soft limit ends the child with a signal of its own name; the hard one, should it be caught.
        resource.setrlimit(resource.RLIMIT_CPU, (order["cpu"], order["cpu"] + 1))
        done.append("cpu")
    if not program:
        sys.addaudithook(_guard)
        done.append("audit-hook")
    return done


def main() -> None:
    """Read the order from the arguments, confine, run the module as `__main__` or let the program take over."""
    order = json.loads(sys.argv[1])
    gc.set_threshold(100_000, 20, 20)  # nearly all that is made while modules load stays; a look at it is for nothing
    program = order.get("program", "")
    sys.path[:0] = [path for path in order["path"] if path not in sys.path]
    sys.argv = [order["module"], *order["args"]]
    sys.dont_write_bytecode = True
    try:
        done = _confine(order, program)
        sys.stderr.write("confinement:" + ",".join(done) + "\n")
        sys.stderr.flush()
        if program:
            os.execve(program, [program, *order["args"]], dict(os.environ))  # noqa: S606 - one program, named by us
        runpy.run_module(order["module"], run_name="__main__", alter_sys=True)
        sys.stdout.flush()
    except MemoryError:
        os._exit(MEMORY_EXIT)


if __name__ == "__main__":
    main()
