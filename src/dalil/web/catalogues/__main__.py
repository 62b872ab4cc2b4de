"""`python -m dalil.web.catalogues`: bring the `.po` files up to date, compile them, say what is missing."""

from __future__ import annotations

import sys

from dalil.web.catalogues.compiling import COMPLETE, STARTED, compile_all, missing, update


def main() -> int:
    """Exit code 0 where the complete languages are complete, else 1."""
    lacking = 0
    for language in (*COMPLETE, *STARTED):
        update(language)
        absent = missing(language)
        sys.stdout.write(f"{language}: {len(absent)} missing\n")
        if language in COMPLETE:
            lacking += len(absent)
            sys.stdout.writelines(f"  {text}\n" for text in absent)
    compile_all()
    return 1 if lacking else 0


if __name__ == "__main__":
    raise SystemExit(main())
