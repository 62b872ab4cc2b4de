"""The child's entry: one order on standard input, frames on standard output.

Standard output is taken away from everything else first, so that a stray print of a library
cannot break into the stream.
"""

from __future__ import annotations

import gc
import os
import sys

import msgspec

from dalil.intake import lean
from dalil.intake.child import run
from dalil.intake.signals_port import RealSignals
from dalil.schema.chunks import ChildOrder


def main() -> None:
    """Read the order, run it."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    lean.keep_out()
    order = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=ChildOrder)
    # Records live until their chunk is handed over and hold no cycles: fewer collections, same memory.
    gc.set_threshold(200_000, 50, 50)
    with out:
        run(order, out, RealSignals())


if __name__ == "__main__":
    main()
