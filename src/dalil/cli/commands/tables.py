"""`dalil mapping …`: what the columns of strange tables mean, looked at, saved in versions, used by `dalil import`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import typer

from dalil.cli.handler import run_command
from dalil.cli.hooks import Hooks
from dalil.cli.options import Json, Workspace, overrides
from dalil.cli.output import Output
from dalil.errors import InputError
from dalil.schema.mappings import TableField, TableMapping, from_text, to_text
from dalil.schema.words import AccountKind

if TYPE_CHECKING:
    from dalil.actions.house import House
    from dalil.schema.mappings import SavedMapping
    from dalil.schema.table_looks import ShownPost, TableLook

Table = Annotated[Path, typer.Argument(help="The table, CSV or TSV.")]
Columns = Annotated[
    list[str], typer.Option("--column", help="HEADER=FIELD, again for each column; FIELD - drops it. See --fields.")
]
_FIELDS = ", ".join(TableField)


def register(cli: typer.Typer, hooks: Hooks) -> None:
    """Add the commands of this module."""
    mapping = typer.Typer(help="Say once what the columns of a table mean, and import any such table by it.")
    cli.add_typer(mapping, name="mapping", no_args_is_help=True)

    @mapping.command("list")
    def list_(
        workspace: Workspace = None,
        every: Annotated[bool, typer.Option("--all", help="Every version, not the newest alone.")] = False,
        as_json: Json = False,
    ) -> None:
        """The column mappings of this workspace."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _list(hooks, output, workspace, every=every), output))

    @mapping.command()
    def show(
        name: Annotated[str, typer.Argument(help="NAME, or NAME@VERSION.")],
        workspace: Workspace = None,
        as_json: Json = False,
    ) -> None:
        """One mapping as JSON that can be changed and saved again."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _show(hooks, output, workspace, name), output))

    @mapping.command()
    def preview(
        table: Table,
        name: Annotated[str, typer.Option("--mapping", help="NAME or NAME@VERSION; the proposal when left out.")] = "",
        file: Annotated[Path | None, typer.Option("--file", help="A mapping as JSON, such as 'show' prints.")] = None,
        workspace: Workspace = None,
        as_json: Json = False,
    ) -> None:
        """What a table's columns would mean and which posts it would give; nothing is kept."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _preview(hooks, output, workspace, table, name, file), output))

    @mapping.command(epilog=f"Fields: {_FIELDS}.")
    def save(
        name: Annotated[str, typer.Argument(help="What to call it; never a person's name.")],
        table: Annotated[Path | None, typer.Option("--table", help="A table whose proposal to begin with.")] = None,
        file: Annotated[Path | None, typer.Option("--file", help="A mapping as JSON; - reads standard input.")] = None,
        columns: Columns = [],  # noqa: B006 - Typer copies it
        platform: Annotated[str, typer.Option(help="Platform of all rows.")] = "",
        kind: Annotated[str, typer.Option(help="Kind of all accounts: page, group, channel, outlet, person.")] = "",
        zone: Annotated[str, typer.Option(help="IANA zone of times that carry none.")] = "",
        times: Annotated[str, typer.Option(help="auto, ymd, dmy, mdy, epoch or epoch_ms.")] = "",
        thousands: Annotated[str, typer.Option(help="Sign between thousands in counts.")] = "",
        workspace: Workspace = None,
        as_json: Json = False,
    ) -> None:
        """Save a mapping as a new version; what is saved is never changed."""
        output = Output(json=as_json)
        changes = {"platform": platform, "account_kind": kind, "zone": zone, "times": times, "thousands": thousands}
        raise typer.Exit(
            run_command(lambda: _save(hooks, output, workspace, name, table, file, columns, changes), output)
        )


def named(house: House, text: str) -> SavedMapping:
    """The mapping that NAME or NAME@VERSION names.

    Raises:
        InputError: `mapping-unknown`, or `value-wrong` for a version that is no number.
    """
    from dalil.actions import tables
    from dalil.people.actor import LOCAL

    name, at, version = text.partition("@")
    if at and not (version.isascii() and version.isdigit()):
        raise InputError("value-wrong", name="version", value=version[:20], kind="a whole number")
    return tables.saved_mapping(LOCAL, name, house=house, version=int(version) if at else None)


def print_template(output: Output, language: str, zone: str) -> None:
    """Print the empty table for pages and groups saved by hand.

    Raises:
        InputError: there is no such language or zone.
    """
    from dalil.sources.formats.plain_table import template
    from dalil.sources.times import zone_option

    if language not in template.HEADERS:
        raise InputError("value-wrong", name="language", value=language[:20], kind=" | ".join(template.HEADERS))
    zone_option(zone)
    if not output.json:
        sys.stdout.buffer.write(template.as_csv(language, zone))
        sys.stdout.buffer.flush()
    output.result({"language": language, "columns": template.header(language, zone)})


def _list(hooks: Hooks, output: Output, workspace: Path | None, *, every: bool) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import tables
    from dalil.people.actor import LOCAL

    house = hooks.open_house(settings, unlock=False)
    rows = tables.saved_mappings(LOCAL, house=house, every=every)
    if not rows:
        output.say("No mapping is saved yet: 'dalil mapping preview TABLE' begins one.")
    else:
        output.table(
            ["name", "version", "saved on", "columns"],
            [[row.mapping.name, str(row.version), row.day, str(len(row.mapping.columns))] for row in rows],
        )
    output.result({"mappings": rows})


def _show(hooks: Hooks, output: Output, workspace: Path | None, name: str) -> None:
    row = named(hooks.open_house(hooks.settings(overrides(workspace)), unlock=False), name)
    output.say(msgspec.json.format(to_text(row.mapping), indent=2))
    output.result({"version": row.version, "day": row.day, "mapping": row.mapping})


def _preview(hooks: Hooks, output: Output, workspace: Path | None, table: Path, name: str, file: Path | None) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import tables
    from dalil.people.actor import LOCAL

    house = hooks.open_house(settings, unlock=True)
    _must_be_there(table)
    mapping = from_text(_read(file)) if file else named(house, name).mapping if name else None
    found = tables.look(LOCAL, table, house=house, mapping=mapping)
    _tell_columns(output, found)
    _tell_posts(output, found, ZoneInfo(house.workspace.zone))
    output.result(found)


def _tell_columns(output: Output, found: TableLook) -> None:
    output.say(f"{len(found.header)} columns, {found.encoding}, separated by {found.delimiter!r}")
    sample = found.rows[0] if found.rows else ()
    rows = []
    for number, column in enumerate(found.header):
        field = found.mapping.columns.get(column)
        rows.append([column, field.value if field else "-", sample[number][:40] if number < len(sample) else ""])
    output.table(["column", "field", "first row"], rows)


def _tell_posts(output: Output, found: TableLook, zone: ZoneInfo) -> None:
    if found.problem:
        error = InputError(found.problem, **found.problem_facts)
        output.say(f"Not ready: {error} {error.remedy}")
        return
    output.heading("As they would be kept")
    output.table(["platform", "account", "posted at", "text"], [_told_post(post, zone) for post in found.posts])
    for code, count in found.rejected.items():
        output.say(f"  {count:,} of {found.looked_at:,} rejected: {code}")
    if found.set_aside:
        output.say(f"  {found.set_aside:,} of {found.looked_at:,} not public, counted and not stored")
    codes = sorted({code for post in found.posts for code in post.warnings})
    if codes:
        output.say(f"  read with a doubt: {', '.join(codes)}")


def _told_post(post: ShownPost, zone: ZoneInfo) -> list[str]:
    account = (post.author or "-") if post.public else "private, a keyed hash" if post.author else "-"
    at = post.posted_at.astimezone(zone).isoformat(" ", timespec="minutes") if post.posted_at else "-"
    return [post.platform, account, at, post.text[:60].replace("\n", " ")]


def _save(
    hooks: Hooks,
    output: Output,
    workspace: Path | None,
    name: str,
    table: Path | None,
    file: Path | None,
    columns: list[str],
    changes: dict[str, str],
) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import tables
    from dalil.people.actor import LOCAL

    house = hooks.open_house(settings, unlock=table is not None)
    if file is not None:
        begun = from_text(_read(file))
    elif table is not None:
        _must_be_there(table)
        begun = tables.look(LOCAL, table, house=house).mapping
    else:
        begun = TableMapping(name=name, columns={})
    row = tables.save_mapping(LOCAL, _changed(begun, name, columns, changes), house=house)
    output.say(f"Saved '{row.mapping.name}', version {row.version}. Use it: dalil import --mapping '{name}' FILE")
    output.result({"name": row.mapping.name, "version": row.version})


def _changed(begun: TableMapping, name: str, columns: list[str], changes: dict[str, str]) -> TableMapping:
    """The mapping with what the options say; every value is checked by its type."""
    given: dict[str, Any] = msgspec.to_builtins(begun)
    given["name"] = name
    given.update({key: value for key, value in changes.items() if value})
    kept = dict(given.get("columns", {}))
    for text in columns:
        header, sign, field = text.rpartition("=")
        if not sign or field not in ("-", *TableField):
            raise InputError(
                "value-wrong", name="column", value=text[:60], kind=f"HEADER=FIELD, FIELD one of {_FIELDS}"
            )
        kept.pop(header, None)
        if field != "-":
            kept[header] = field
    kind = given.get("account_kind")
    if kind is not None and kind not in tuple(AccountKind):
        raise InputError("value-wrong", name="kind", value=str(kind)[:60], kind=" | ".join(AccountKind))
    try:
        return msgspec.convert({**given, "columns": kept}, TableMapping)
    except msgspec.ValidationError as error:
        raise InputError("mapping-unreadable", why=str(error)[:200]) from None


def _must_be_there(table: Path) -> None:
    if not table.is_file():
        raise InputError("path-missing", name=table.name)


def _read(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise InputError("path-missing", name=file.name) from None
