"""`dalil import`, `formats` and `capture`: what goes into the archive."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dalil.cli.handler import run_command
from dalil.cli.hooks import Hooks
from dalil.cli.options import Json, Workspace, overrides
from dalil.cli.output import Output, told
from dalil.errors import InputError

if TYPE_CHECKING:
    from dalil.actions.importing import FileReport


def register(cli: typer.Typer, hooks: Hooks) -> None:
    """Add the commands of this module."""

    @cli.command("import")
    def import_(
        paths: Annotated[list[Path], typer.Argument(help="Files or folders, as the platform or tool gave them.")],
        workspace: Workspace = None,
        format_: Annotated[
            str | None, typer.Option("--format", help="Name of the format, where it cannot be told.")
        ] = None,
        captured_at: Annotated[
            str | None, typer.Option(help="When it was captured, with zone: 2026-05-17T14:20+03:00.")
        ] = None,
        as_json: Json = False,
    ) -> None:
        """Import files or folders; run it again after any interruption, nothing doubles."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _import(hooks, output, workspace, paths, format_, captured_at), output))

    @cli.command()
    def formats(as_json: Json = False) -> None:
        """The formats that are read, and which real file proves each."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _formats(output), output))

    @cli.command()
    def capture(
        address: Annotated[str, typer.Option(help="Address of the post.")] = "",
        text: Annotated[str, typer.Option(help="Its text.")] = "",
        page: Annotated[str, typer.Option(help="Name of the page, channel or group.")] = "",
        kind: Annotated[str, typer.Option(help="page, group, channel, outlet or person.")] = "person",
        platform: Annotated[str, typer.Option(help="facebook, x, telegram, …")] = "facebook",
        seen_at: Annotated[str, typer.Option(help="When you saw it, with zone; now when left out.")] = "",
        screenshot: Annotated[Path | None, typer.Option(help="A picture of the screen.")] = None,
        workspace: Workspace = None,
        as_json: Json = False,
    ) -> None:
        """Keep one post by hand: screenshot, address, text, page and the time it was seen."""
        output = Output(json=as_json)
        values = {
            "address": address,
            "text": text,
            "page": page,
            "kind": kind,
            "platform": platform,
            "seen_at": seen_at,
        }
        raise typer.Exit(run_command(lambda: _capture(hooks, output, workspace, values, screenshot), output))


def moment(text: str, name: str) -> datetime:
    """An ISO 8601 time with a zone.

    Raises:
        InputError: it is none, or has no zone.
    """
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        value = None
    if value is None or value.tzinfo is None:
        raise InputError(
            "value-wrong", name=name, value=text, kind="a time with its zone, such as 2026-05-17T14:20+03:00"
        )
    return value


def _import(
    hooks: Hooks,
    output: Output,
    workspace: Path | None,
    paths: list[Path],
    format_: str | None,
    captured_at: str | None,
) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import importing
    from dalil.people.actor import LOCAL

    house = hooks.open_house(settings, unlock=True)
    at = moment(captured_at, "captured-at") if captured_at else None
    reports, first = [], None
    for path in paths:
        try:
            with output.progress(path.name) as bar:
                report = importing.import_path(
                    LOCAL, path, house=house, source_format=format_, collected_at=at, progress=bar
                )
        except InputError as error:
            if len(paths) == 1:
                raise
            # One path that cannot be read does not stop the others; the first such error is the command's.
            output.refuse(error)
            first = first or error
            continue
        reports.append(report)
        _tell(output, path, report)
    if first is not None:
        output.result({"files": reports, **told(first)})
        raise typer.Exit(first.exit_code)
    output.result({"files": reports})


def _tell(output: Output, path: Path, report: FileReport) -> None:
    output.say(
        f"{path.name}: {report.format}, {report.read:,} read, {report.kept:,} kept, {report.known:,} known already"
    )
    for code, count in sorted(report.rejected.items()):
        output.say(f"  {count:,} rejected: {code}")
    if report.quarantined:
        output.say(f"  {report.quarantined:,} not public, counted and not stored")
    if report.stopped:
        output.say(f"  stopped early: {report.stopped}. What was read before is kept.")


def _formats(output: Output) -> None:
    from dalil.sources.registry import importers

    rows = [item.manifest for item in importers()]
    output.table(["name", "what", "shown by"], [[row.name, row.title, row.proof] for row in rows])
    disabled = importers().disabled
    for item in disabled:
        output.say(f"disabled: {item.name}: {item.reason}")
    output.result(
        {
            "formats": [
                {"name": row.name, "title": row.title, "version": row.version, "proof": row.proof} for row in rows
            ],
            "disabled": [{"name": item.name, "reason": item.reason} for item in disabled],
        }
    )


def _capture(
    hooks: Hooks, output: Output, workspace: Path | None, values: dict[str, str], screenshot: Path | None
) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import capturing
    from dalil.people.actor import LOCAL

    house = hooks.open_house(settings, unlock=True)
    seen_at = moment(values["seen_at"], "seen-at") if values["seen_at"] else house.now()
    form = capturing.CaptureForm(
        platform=values["platform"],
        address=values["address"],
        text=values["text"],
        page_name=values["page"],
        account_kind=values["kind"],
        seen_at=seen_at,
    )
    picture = screenshot.read_bytes() if screenshot else None
    kept = capturing.capture(LOCAL, form, picture, house=house)
    output.say(f"Kept as {kept[:16]}….")
    output.result({"observation_id": kept})
