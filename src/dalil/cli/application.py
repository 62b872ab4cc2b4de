"""Builds the Typer application from the hooks that `app` hands over."""

from __future__ import annotations

import sys
from typing import Any, Final

import typer

from dalil import __version__
from dalil.cli.commands import (
    archive,
    capture,
    desk,
    find,
    keeping,
    retaining,
    run,
    safekeeping,
    search,
    start,
    tables,
    undoing,
)
from dalil.cli.hooks import Hooks
from dalil.cli.output import Output

# What is raised for a command line that cannot be understood; Typer names only its children.
_NotUnderstood: Final[type[BaseException]] = typer.BadParameter.__mro__[1]


def build(hooks: Hooks) -> typer.Typer:
    """The whole command line.

    Every command takes `--workspace` and, where its result is read by programs, `--json`.
    """
    cli = typer.Typer(
        name="dalil",
        help="Dalil: see, recognise, preserve, check, answer, measure. Nothing leaves this machine.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @cli.callback(invoke_without_command=True)
    def root(version: bool = typer.Option(False, "--version", help="Print the version and stop.")) -> None:  # noqa: FBT001 - Typer's way to declare a flag
        if version:
            typer.echo(f"dalil {__version__}")
            raise typer.Exit

    for group in (start, archive, undoing, capture, tables, keeping, retaining, find, search, desk, safekeeping, run):
        group.register(cli, hooks)
    return cli


def run_line(cli: typer.Typer) -> int:
    """Run the command line that this process was given; its exit code.

    What cannot be understood is said like every other error, so that `--json` never prints less than an object.
    """
    try:
        return int(cli(standalone_mode=False) or 0)
    except _NotUnderstood as caught:
        error: Any = caught
        if "--json" not in sys.argv:
            error.show()
            return 2
        remedy = "'dalil --help' lists the commands; 'dalil COMMAND --help' the options of one."
        Output(json=True).error("usage", error.format_message(), remedy)
        return 2
