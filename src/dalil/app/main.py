"""The console script: hands the command line its hooks and runs it."""

from __future__ import annotations

import os
import sys

from dalil.app.opening import clock, open_house, prepare, read_settings
from dalil.app.serving import serve, work
from dalil.cli.application import build, run_line
from dalil.cli.hooks import Hooks
from dalil.intake import lean


def main() -> None:
    """Run `dalil`; leaves with the exit codes of `cli.handler`."""
    os.umask(0o077)  # whatever this process writes is its owner's alone
    lean.keep_out()
    hooks = Hooks(settings=read_settings, open_house=open_house, prepare=prepare, serve=serve, work=work, clock=clock)
    sys.exit(run_line(build(hooks)))


if __name__ == "__main__":
    main()
