"""`dalil retention`, `expire` and `expunge`: how long what is stored is kept, and how it goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dalil.cli.handler import run_command
from dalil.cli.hooks import Hooks
from dalil.cli.options import Json, Workspace, overrides
from dalil.cli.output import Output
from dalil.errors import InputError

if TYPE_CHECKING:
    from dalil.actions.retaining import ClassRow


def register(cli: typer.Typer, hooks: Hooks) -> None:
    """Add the commands of this module."""

    @cli.command()
    def retention(
        workspace: Workspace = None,
        set_: Annotated[
            list[str] | None, typer.Option("--set", help="CLASS=DAYS, or CLASS=keep; may be given several times.")
        ] = None,
        as_json: Json = False,
    ) -> None:
        """How long each class of what is stored is kept; by default for ever."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _retention(hooks, output, workspace, set_ or []), output))

    @cli.command()
    def expire(
        workspace: Workspace = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what is due, and remove nothing.")] = False,
        as_json: Json = False,
    ) -> None:
        """Remove what its class's days are over for; never what a claim refers to or two circles hold."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _expire(hooks, output, workspace, dry_run=dry_run), output))

    @cli.command()
    def expunge(
        items: Annotated[list[str], typer.Argument(help="Ids of the items, 64 hex digits each.")],
        reason: Annotated[str, typer.Option(help="legal; all other reasons need two circles, in the console.")],
        workspace: Workspace = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and remove nothing.")] = False,
        as_json: Json = False,
    ) -> None:
        """Remove items for good; their hash and the reason stay, and they do not come back."""
        output = Output(json=as_json)
        raise typer.Exit(
            run_command(lambda: _expunge(hooks, output, workspace, items, reason, dry_run=dry_run), output)
        )


def _retention(hooks: Hooks, output: Output, workspace: Path | None, changes: list[str]) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import retaining
    from dalil.people.actor import LOCAL

    house = hooks.open_house(settings, unlock=False)
    if changes:
        rows = retaining.set_days(LOCAL, dict(map(_days, changes)), house=house)
    else:
        rows = retaining.classes(LOCAL, house=house)
    _tell_classes(output, rows)
    output.result({"classes": rows})


def _days(text: str) -> tuple[str, int | None]:
    """`posts=365` or `posts=keep`.

    Raises:
        InputError: it is neither.
    """
    name, _, value = text.partition("=")
    if value != "keep" and not (value.isascii() and value.isdigit()):
        raise InputError("value-wrong", name="set", value=text[:40], kind="CLASS=DAYS or CLASS=keep")
    return name, None if value == "keep" else int(value)


def _tell_classes(output: Output, rows: list[ClassRow]) -> None:
    cells = [
        [row.name, "for ever" if row.days is None else f"{row.days:,} days", row.title, row.effect] for row in rows
    ]
    output.table(["class", "kept", "what", "at its end"], cells)


def _expire(hooks: Hooks, output: Output, workspace: Path | None, *, dry_run: bool) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import retaining
    from dalil.people.actor import LOCAL

    house = hooks.open_house(settings, unlock=False)
    with output.progress("expire") as bar:
        report = retaining.expire(LOCAL, house=house, dry_run=dry_run, progress=bar)
    for name, count in (report.due if dry_run else report.gone).items():
        if count:
            output.say(f"{count:,} {name} {'are due' if dry_run else 'removed'}")
    if report.due["settled"] and not dry_run:
        output.say(f"{report.due['settled']:,} items of settled claims are due to be looked at; they stay.")
    if not any(report.due.values()):
        output.say("Nothing is due.")
    output.result(report)


def _expunge(
    hooks: Hooks, output: Output, workspace: Path | None, items: list[str], reason: str, *, dry_run: bool
) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import expunging
    from dalil.people.actor import LOCAL

    house = hooks.open_house(settings, unlock=False)
    report = expunging.expunge_alone(LOCAL, items, reason=reason, house=house, dry_run=dry_run)
    verb = "would go" if dry_run else "are gone"
    output.say(f"{report.observations:,} items {verb}; their hashes and the reason stay.")
    if report.referred:
        output.say(f"Claims refer to {report.referred:,} of them.")
    for obs_id in report.missing:
        output.say(f"not held: {obs_id[:16]}…")
    output.result(report)
