"""Builds the Typer application from the hooks that `app` hands over."""

from __future__ import annotations

import typer

from dalil import __version__
from dalil.cli.commands import archive, desk, find, run, start
from dalil.cli.hooks import Hooks


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

    for group in (start, archive, find, desk, run):
        group.register(cli, hooks)
    return cli
