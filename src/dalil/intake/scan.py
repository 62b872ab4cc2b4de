"""The child's fourth entry, `python -m dalil.intake.scan`: one picture in, its preparations for reading out."""

from __future__ import annotations

import os
import sys

from dalil.intake.scans import answer_to


def main() -> None:
    """Read the order, answer."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with out:
        out.write(answer_to(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
