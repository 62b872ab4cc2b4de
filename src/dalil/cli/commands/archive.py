"""`dalil import` and `formats`: what goes into the archive."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from dalil.cli.commands.tables import named, print_template
from dalil.cli.handler import run_command
from dalil.cli.hooks import Hooks
from dalil.cli.options import Json, Workspace, overrides
from dalil.cli.output import Output, told
from dalil.errors import InputError, LimitReached

if TYPE_CHECKING:
    from dalil.actions.house import House
    from dalil.actions.import_reports import FileReport, PathReport


def register(cli: typer.Typer, hooks: Hooks) -> None:
    """Add the commands of this module."""

    @cli.command("import")
    def import_(
        paths: Annotated[
            list[Path], typer.Argument(help="Files, folders or archives (zip, tar, gzip, zstd), as they came.")
        ],
        workspace: Workspace = None,
        format_: Annotated[
            str | None, typer.Option("--format", help="Name of the format, where it cannot be told.")
        ] = None,
        captured_at: Annotated[
            str | None, typer.Option(help="When it was captured, with zone: 2026-05-17T14:20+03:00.")
        ] = None,
        mapping: Annotated[
            str, typer.Option(help="Read tables by this column mapping: NAME or NAME@VERSION, see dalil mapping.")
        ] = "",
        option: Annotated[
            list[str], typer.Option(help="NAME=VALUE for the format, such as zone=Asia/Baghdad; may be repeated.")
        ] = [],  # noqa: B006 - Typer copies it
        as_json: Json = False,
    ) -> None:
        """Import files, folders or archives; run it again after any interruption, nothing doubles."""
        output = Output(json=as_json)
        how = _How(format_, captured_at, mapping, tuple(option))
        raise typer.Exit(run_command(lambda: _import(hooks, output, workspace, paths, how), output))

    @cli.command()
    def formats(
        template: Annotated[
            bool, typer.Option("--template", help="Print the empty table for pages and groups saved by hand, as CSV.")
        ] = False,
        language: Annotated[str, typer.Option(help="Of the template: ar, ckb or en.")] = "en",
        zone: Annotated[str, typer.Option(help="IANA zone of the times in the template.")] = "Asia/Baghdad",
        as_json: Json = False,
    ) -> None:
        """The formats that are read, and which real file proves each; or the empty table to fill in by hand."""
        output = Output(json=as_json)
        work = (lambda: print_template(output, language, zone)) if template else (lambda: _formats(output))
        raise typer.Exit(run_command(work, output))


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


class _How(NamedTuple):
    """What the command line says of how to read the paths."""

    source_format: str | None
    captured_at: str | None
    mapping: str
    options: tuple[str, ...]


def _reading(house: House, how: _How) -> tuple[str | None, dict[str, str]]:
    """The format and its options.

    Raises:
        InputError: an option is not NAME=VALUE, or there is no such mapping.
    """
    options = {}
    for text in how.options:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise InputError("value-wrong", name="option", value=text[:60], kind="NAME=VALUE")
        options[name] = value
    if not how.mapping:
        return how.source_format, options
    from dalil.actions import tables

    return tables.FORMAT, options | tables.options_of(named(house, how.mapping))


def _import(hooks: Hooks, output: Output, workspace: Path | None, paths: list[Path], how: _How) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import importing
    from dalil.people.actor import LOCAL

    house = hooks.open_house(settings, unlock=True)
    at = moment(how.captured_at, "captured-at") if how.captured_at else None
    source_format, options = _reading(house, how)
    reports: list[PathReport] = []
    first: InputError | LimitReached | None = None
    for path in paths:
        try:
            with output.progress(path.name) as bar:
                report = importing.import_path(
                    LOCAL,
                    path,
                    house=house,
                    source_format=source_format,
                    collected_at=at,
                    options=options,
                    progress=lambda moving, bar=bar: bar(moving.done, moving.total),  # type: ignore[misc]
                )
        except (InputError, LimitReached) as error:
            if len(paths) == 1 or error.code == "disk-full":
                raise
            # One path that cannot be read does not stop the others; the first such error is the command's.
            output.refuse(error)
            first = first or error
            continue
        reports.append(report)
        _tell(output, path, report)
    result = {
        "files": [file for report in reports for file in report.files],
        "skipped": [row for report in reports for row in report.skipped],
    }
    if first is not None:
        output.result({**result, **told(first)})
        raise typer.Exit(first.exit_code)
    output.result(result)


def _tell(output: Output, path: Path, report: PathReport) -> None:
    for file in report.files:
        _tell_file(output, path, file)
    if not report.skipped:
        return
    output.say(f"{path.name}: passed over")
    for row in report.skipped:
        begins = f" (begins with {row.begins})" if row.begins else ""
        output.say(f"  {row.count:,} {row.code}{begins}: {row.path.removeprefix(str(path)).lstrip('/') or path.name}")


def _tell_file(output: Output, path: Path, report: FileReport) -> None:
    name = path.name + report.path.removeprefix(str(path))
    output.say(f"{name}: {report.format}, {report.read:,} read, {report.kept:,} kept, {report.known:,} known already")
    for code, count in sorted(report.rejected.items()):
        output.say(f"  {count:,} rejected: {code}")
    if report.expunged:
        output.say(f"  {report.expunged:,} were expunged before, and stay out")
    if report.quarantined:
        output.say(f"  {report.quarantined:,} not public, counted and not stored")
    if report.stopped:
        output.say(f"  stopped early: {report.stopped}. What was read before is kept.")
    if report.kept:
        output.say(f"  if it was the wrong file: dalil undo {report.intake}")


def _formats(output: Output) -> None:
    from dalil.sources import options
    from dalil.sources.registry import importers

    rows = [item.manifest for item in importers()]
    output.table(["name", "what", "shown by"], [[row.name, row.title, row.proof] for row in rows])
    disabled = importers().disabled
    for item in disabled:
        output.say(f"disabled: {item.name}: {item.reason}")
    output.result(
        {
            "formats": [
                {
                    "name": row.name,
                    "title": row.title,
                    "version": row.version,
                    "proof": row.proof,
                    "options": {name: option.helps[row.name] for name, option in options.declared(row.name).items()},
                }
                for row in rows
            ],
            "disabled": [{"name": item.name, "reason": item.reason} for item in disabled],
        }
    )
