"""Writes the generated pages of docs/reference from the tables in the code: `python -m dalil.app.reference`.

A test compares the pages with what this would write, so that no setting, command, error code or
column is ever undocumented.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import typer

from dalil.app.opening import clock, open_house, prepare, read_settings
from dalil.app.serving import serve, work
from dalil.cli.application import build
from dalil.cli.hooks import Hooks
from dalil.errors import MESSAGES
from dalil.schema.tables import STORED, TABLES_VERSION
from dalil.settings import TABLE
from dalil.sources.registry import importers

_MADE = "<!-- Written by `python -m dalil.app.reference`; change the code, not this page. -->\n\n"


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _table(head: list[str], rows: list[list[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def settings_page() -> str:
    """Every row of the settings table."""
    rows: list[list[object]] = [
        [f"`{row.name}`", f"`{row.variable}`", "secret" if row.secret else f"`{row.default!r}`", row.help]
        for row in TABLE
    ]
    intro = "A setting comes from its environment variable; an option of a command replaces it.\n\n"
    return _MADE + "# Settings\n\n" + intro + _table(["name", "variable", "default", "what it does"], rows)


def errors_page() -> str:
    """Every error code with its sentence and remedy."""
    intro = (
        "Exit codes: 0 ok, 1 something of ours, 2 something the user can change, 3 a missing part. "
        "Words in braces are filled in.\n\n"
    )
    rows: list[list[object]] = [[f"`{code}`", item.text, item.remedy] for code, item in sorted(MESSAGES.items())]
    return _MADE + "# Error codes\n\n" + intro + _table(["code", "what it says", "what to do"], rows)


def columns_page() -> str:
    """Every column of every table of the archive."""
    parts = [_MADE, f"# Columns of the archive\n\nTables version {TABLES_VERSION}. Times are UTC, microseconds.\n"]
    for name, schema in STORED.items():
        rows: list[list[object]] = [[f"`{field.name}`", f"`{_type(field.type)}`"] for field in schema]
        parts.append(f"\n## {name}\n\n" + _table(["column", "type"], rows))
    return "".join(parts)


def _type(kind: pa.DataType) -> str:
    return str(kind).replace("timestamp[us, tz=UTC]", "time")


def formats_page() -> str:
    """Every source format, and the real file that proves it."""
    rows: list[list[object]] = [
        [
            f"`{item.manifest.name}`",
            item.manifest.title,
            item.manifest.version,
            "yes" if item.manifest.rereads else "no",
            item.manifest.proof,
            item.manifest.notes,
        ]
        for item in importers()
    ]
    return (
        _MADE
        + "# Source formats\n\n"
        + _table(["name", "what", "version", "raw read again", "shown by", "notes"], rows)
    )


def commands_page() -> str:
    """Every command and option, as the command line itself declares them."""
    hooks = Hooks(settings=read_settings, open_house=open_house, prepare=prepare, serve=serve, work=work, clock=clock)
    root = typer.main.get_command(build(hooks))
    parts = [_MADE, "# Commands\n\n`dalil COMMAND --help` says the same in the terminal.\n"]
    for path, command in _walk(root, "dalil"):
        parts.append(f"\n## {path}\n\n{command.help or ''}\n")
        rows: list[list[object]] = [_parameter(item) for item in command.params if item.name != "help"]
        if rows:
            parts.append("\n" + _table(["argument or option", "default", "what it does"], rows))
    return "".join(parts)


def _walk(group: Any, path: str) -> list[tuple[str, Any]]:
    """Commands below a group, depth first. Typer brings its own copy of Click, so the types are its private ones."""
    found: list[tuple[str, Any]] = []
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            found += _walk(command, f"{path} {name}")
        else:
            found.append((f"{path} {name}", command))
    return found


def _parameter(item: Any) -> list[object]:
    names = ", ".join(f"`{name}`" for name in (*item.opts, *item.secondary_opts))
    default = "" if item.default in (None, False, "") or callable(item.default) else f"`{item.default}`"
    return [names, default, getattr(item, "help", "") or ""]


PAGES = {
    "settings.md": settings_page,
    "errors.md": errors_page,
    "columns.md": columns_page,
    "formats.md": formats_page,
    "commands.md": commands_page,
}


def write(folder: Path) -> None:
    """Write all pages into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference"))
