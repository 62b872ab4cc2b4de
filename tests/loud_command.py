"""Runs a module of ours with every logger at its loudest, all of it on standard error.

loud_command.py MODULE ARGUMENT...
"""

from __future__ import annotations

import logging
import runpy
import sys
import warnings


def main() -> None:
    logging.basicConfig(level=1, stream=sys.stderr, format="%(name)s %(levelname)s %(message)s", force=True)
    for name in ("dalil", "django", "django.request", "django.server", "django.db.backends", "waitress", "asyncio"):
        logging.getLogger(name).setLevel(1)
    logging.captureWarnings(True)
    warnings.simplefilter("always")
    module, sys.argv = sys.argv[1], sys.argv[1:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
