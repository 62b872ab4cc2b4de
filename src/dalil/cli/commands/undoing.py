"""`dalil undo`: taking a whole import back, or the list of imports to choose from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dalil.cli.handler import run_command
from dalil.cli.hooks import Hooks
from dalil.cli.options import Json, Workspace, overrides
from dalil.cli.output import Output

if TYPE_CHECKING:
    from dalil.actions.house import House
    from dalil.actions.undoing import UndoPlan, UndoReport
    from dalil.archive.rows import IntakeRow

NEWEST = 20


def register(cli: typer.Typer, hooks: Hooks) -> None:
    """Add the commands of this module."""

    @cli.command()
    def undo(
        intake: Annotated[
            str, typer.Argument(help="Id of the import, as 'dalil import' says it; without one the newest are listed.")
        ] = "",
        workspace: Workspace = None,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Say what would go and what would stay, and remove nothing.")
        ] = False,
        as_json: Json = False,
    ) -> None:
        """Take an import back as if the file had not come, as long as nothing refers to it; run it again after any
        interruption."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _undo(hooks, output, workspace, intake, dry_run=dry_run), output))


def _undo(hooks: Hooks, output: Output, workspace: Path | None, intake: str, *, dry_run: bool) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import undoing
    from dalil.people.actor import LOCAL

    house = hooks.open_house(settings, unlock=False)
    if not intake:
        _list(output, house)
        return
    if dry_run:
        found = undoing.plan(LOCAL, intake, house=house)
        _tell_plan(output, found)
        output.result(found)
        if found.obstacle:
            raise typer.Exit(2)
        return
    with output.progress("undo") as bar:
        report = undoing.undo(LOCAL, intake, house=house, progress=bar)
    _tell(output, report)
    output.result(report)


def _list(output: Output, house: House) -> None:
    rows = house.archive.intakes()[:NEWEST]
    cells = [[row.intake_id, f"{row.day}", row.source_format, f"{row.held:,}", _state(row)] for row in rows]
    output.table(["import", "day", "format", "items", "state"], cells)
    if not rows:
        output.say("Nothing was imported yet.")
    output.result({"intakes": [_plain(row) for row in rows]})


def _state(row: IntakeRow) -> str:
    return f"undone on {row.undone}" if row.state == "undone" else row.state


def _plain(row: IntakeRow) -> dict[str, str | int]:
    return {
        "intake": row.intake_id,
        "day": row.day.isoformat(),
        "format": row.source_format,
        "state": row.state,
        "kept": row.kept,
        "known": row.known,
        "held": row.held,
        "undone": row.undone,
    }


def _tell_plan(output: Output, found: UndoPlan) -> None:
    along = f", {found.along:,} that came along with them" if found.along else ""
    output.say(f"{found.observations:,} items would go{along}, and {found.media:,} media files.")
    if found.shared:
        output.say(f"{found.shared:,} items would stay: other imports brought them too.")
    if found.known:
        output.say(f"{found.known:,} were known before it, and stay.")
    if found.obstacle:
        output.say(f"It is not possible now: {found.message}")
        output.say(found.remedy)
        for claim in found.named.claims:
            output.say(f"  claim {claim.number}: {claim.items:,} items")


def _tell(output: Output, report: UndoReport) -> None:
    if report.before:
        output.say(f"It was undone before, on {report.undone}.")
        return
    if report.cancelled:
        output.say("It was stopped; run it again to go on.")
    along = f", {report.along:,} that came along with them" if report.along else ""
    output.say(f"{report.observations:,} items{along} and {report.media:,} media files are gone.")
    if report.shared:
        output.say(f"{report.shared:,} items stay: other imports brought them too.")
    output.say("Custody tells that it was undone. The same file may be brought in again.")
