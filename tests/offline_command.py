"""Runs `dalil` in a process that ends at once, with code 99, when anything reaches for a network.

offline_command.py ARGUMENT...
"""

from __future__ import annotations

import os
import runpy
import sys

REACHING = (
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendto",
    "socket.sendmsg",
    "socket.bind",
)
REACHED = 99


def refuse(event: str, args: tuple[object, ...]) -> None:
    if event in REACHING:
        sys.stderr.write(f"reached for the network: {event}\n")
        sys.stderr.flush()
        os._exit(REACHED)


def main() -> None:
    sys.addaudithook(refuse)
    runpy.run_module("dalil.app.main", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
