"""The child's fourth entry, `python -m dalil.intake.reread`: raw records in, fresh rows of them out."""

from __future__ import annotations

import os
import sys

import msgspec

from dalil.intake import lean
from dalil.intake.rereading import run
from dalil.intake.signals_port import RealSignals
from dalil.schema.chunks import RereadOrder


def main() -> None:
    """Read the order, answer."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    lean.keep_out()
    order = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=RereadOrder)
    with out:
        run(order, out, RealSignals())


if __name__ == "__main__":
    main()
