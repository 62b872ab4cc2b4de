"""`dalil claims`, `week` and `audit`: reading the desk. Signing happens in the console alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from dalil.cli.handler import run_command
from dalil.cli.hooks import Hooks
from dalil.cli.options import Json, Workspace, overrides
from dalil.cli.output import Output


def register(cli: typer.Typer, hooks: Hooks) -> None:
    """Add the commands of this module."""

    @cli.command()
    def claims(
        workspace: Workspace = None,
        state: Annotated[str | None, typer.Option(help="Only claims in this state.")] = None,
        as_json: Json = False,
    ) -> None:
        """The claims, newest first."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _claims(hooks, output, workspace, state), output))

    @cli.command()
    def week(
        workspace: Workspace = None,
        of: Annotated[
            str | None, typer.Option("--of", help="ISO week such as 2026-W20; the current one when left out.")
        ] = None,
        as_json: Json = False,
    ) -> None:
        """The Monday page's figures: what stood unanswered, how one-sided, how sure."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _week(hooks, output, workspace, of), output))

    audit = typer.Typer(help="The record of who-did-what, without who: circles and days.", no_args_is_help=True)
    cli.add_typer(audit, name="audit")

    @audit.command()
    def verify(workspace: Workspace = None, as_json: Json = False) -> None:
        """Check the chains of the audit and of custody."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _verify(hooks, output, workspace), output))


def _claims(hooks: Hooks, output: Output, workspace: Path | None, state: str | None) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.desk import queries
    from dalil.people.actor import LOCAL

    house = hooks.open_house(settings, unlock=False)
    rows = queries.board(LOCAL, state=state, now=house.now())
    output.table(
        ["no", "state", "waiting", "verdict", "claim"],
        [
            [
                str(row.number),
                row.state,
                f"{row.waiting.total_seconds() / 3600:.1f} h" if row.answered_at is None else "answered",
                row.verdict or "",
                row.sentence,
            ]
            for row in rows
        ],
    )
    if not rows:
        output.say("No claims yet. Import posts first, then log a claim in the console: dalil serve")
    output.result({"as_of": house.now(), "claims": rows})


def _week(hooks: Hooks, output: Output, workspace: Path | None, of: str | None) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import weeks

    house = hooks.open_house(settings, unlock=False)
    result = weeks.compute_week(house, of)
    output.result(result)
    output.heading(
        f"Week {result.week}, as of {result.as_of.astimezone(ZoneInfo(result.zone)):%d %B %Y %H:%M} ({result.zone})"
    )
    for line in weeks.sentences(result):
        output.say(line)


def _verify(hooks: Hooks, output: Output, workspace: Path | None) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import examining

    house = hooks.open_house(settings, unlock=False)
    found = examining.verify_chains(house)
    for line in found.damaged:
        output.say(f"damaged: {line}")
    if not found.damaged:
        output.say(f"{found.entries:,} entries of the audit and {found.custody:,} of custody: every chain holds.")
    output.result(found)
    if found.damaged:
        raise typer.Exit(1)
