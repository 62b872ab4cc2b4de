"""`dalil remap`, `rotate` and `mentions`: reading anew, hashing anew and looking for names in what is stored."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dalil.cli.handler import run_command
from dalil.cli.hooks import Hooks
from dalil.cli.options import Json, Workspace, overrides
from dalil.cli.output import Output

if TYPE_CHECKING:
    from dalil.actions.remapping import RemapReport


def register(cli: typer.Typer, hooks: Hooks) -> None:
    """Add the commands of this module."""

    @cli.command()
    def remap(
        workspace: Workspace = None,
        format_: Annotated[str | None, typer.Option("--format", help="Only this format.")] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
        again: Annotated[bool, typer.Option("--again", help="Also what today's importers have read already.")] = False,
        as_json: Json = False,
    ) -> None:
        """Read the raw records again with today's importers; run it again after any interruption."""
        output = Output(json=as_json)
        raise typer.Exit(
            run_command(lambda: _remap(hooks, output, workspace, format_, dry_run=dry_run, again=again), output)
        )

    @cli.command()
    def rotate(
        workspace: Workspace = None,
        apart: Annotated[
            bool,
            typer.Option("--apart", help="Destroy the old key wholly: who is imported later gets another stand-in."),
        ] = False,
        as_json: Json = False,
    ) -> None:
        """Hash private persons anew with a new key, everywhere; run it again after any interruption."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _rotate(hooks, output, workspace, apart=apart), output))

    @cli.command()
    def mentions(
        name: Annotated[str, typer.Argument(help="A handle or name; - reads it from standard input.")],
        workspace: Workspace = None,
        as_json: Json = False,
    ) -> None:
        """Where a name stands in what is stored: items and fields, never their text."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _mentions(hooks, output, workspace, name), output))


def _remap(
    hooks: Hooks, output: Output, workspace: Path | None, format_: str | None, *, dry_run: bool, again: bool
) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import remapping
    from dalil.people.actor import LOCAL

    house = hooks.open_house(settings, unlock=True)
    with output.progress("remap") as bar:
        report = remapping.remap(LOCAL, house=house, source_format=format_, dry_run=dry_run, again=again, progress=bar)
    _tell_remap(output, report)
    output.result(report)


def _tell_remap(output: Output, report: RemapReport) -> None:
    verb = "would change" if report.dry_run else "changed"
    for row in report.formats:
        output.say(
            f"{row.format} {row.version}: {row.read:,} read again, {row.same:,} the same, {row.changed:,} {verb}"
        )
        for name, count in row.fields.items():
            output.say(f"  {count:,} rows differ in {name}")
        for word, counts in (("more", row.added), ("fewer", row.removed)):
            for name, count in counts.items():
                output.say(f"  {count:,} {word} rows in {name}")
        for code, count in row.rejected.items():
            output.say(f"  {count:,} would be rejected today: {code}. They stay as they are.")
    for name, count in report.not_reread.items():
        output.say(f"{name}: {count:,} records stay as they are; their importer cannot read raw again.")
    if report.up_to_date:
        output.say(f"{report.up_to_date:,} records were read by today's importers already.")
    if not report.formats and not report.up_to_date:
        output.say("There is nothing to read again.")


def _rotate(hooks: Hooks, output: Output, workspace: Path | None, *, apart: bool) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import rotating
    from dalil.people.actor import LOCAL

    house = hooks.open_house(settings, unlock=True)
    with output.progress("rotate") as bar:
        report = rotating.rotate(LOCAL, house=house, apart=apart, progress=bar)
    output.say(f"{report.observations:,} records are hashed with generation {report.generation} of the key.")
    output.result(report)


def _mentions(hooks: Hooks, output: Output, workspace: Path | None, name: str) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import mentioning
    from dalil.people.actor import LOCAL

    house = hooks.open_house(settings, unlock=False)
    wanted = sys.stdin.readline() if name == "-" else name
    found = mentioning.search(LOCAL, wanted, house=house)
    output.say(f"{found.total:,} items, in {found.searched:,} fields that may name somebody.")
    output.table(["field", "places"], [[field, f"{count:,}"] for field, count in found.fields.items()])
    for obs_id in found.items:
        output.say(obs_id)
    output.result(found)
