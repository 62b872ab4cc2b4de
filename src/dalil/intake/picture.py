"""The child's second entry, `python -m dalil.intake.picture`: one picture in, its fingerprint out."""

from __future__ import annotations

import os
import sys

from dalil.intake.pictures import answer_to


def main() -> None:
    """Read the picture, answer."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with out:
        out.write(answer_to(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
