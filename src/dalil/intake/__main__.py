"""The child's entry: one order on standard input, or a list of them; each one's frames on standard output.

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
    """Read the order or orders, run them in turn; one that fails says so and the next begins."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    lean.keep_out()
    given = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=ChildOrder | list[ChildOrder])
    # Records live until their chunk is handed over and hold no cycles: fewer collections, same memory.
    gc.set_threshold(200_000, 50, 50)
    with out:
        for order in [given] if isinstance(given, ChildOrder) else given:
            run(order, out, RealSignals())


if __name__ == "__main__":
    main()
