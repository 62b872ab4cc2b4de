"""The one table of settings: it feeds the command line, the reference page and the checks.

Nothing below `app` reads the environment: `app` collects the values and calls `parse`.
A value is looked up by the name's attribute on `Settings`; adding a row to `TABLE` without the
attribute, or the other way round, fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final

from dalil.errors import ConfigError

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: the name, its default (which gives the type), what it does, whether it is secret."""

    name: str
    default: Value
    help: str
    secret: bool = False

    @property
    def variable(self) -> str:
        """The environment variable that `app` reads for it."""
        return "DALIL_" + self.name.upper()


MIB: Final = 1024 * 1024

TABLE: Final[tuple[Setting, ...]] = (
    Setting("workspace", "workspace", "Folder of the workspace."),
    Setting("passphrase", "", "Workspace passphrase, for unattended starts; asked for when empty.", secret=True),
    Setting("host", "127.0.0.1", "Address the console listens on."),
    Setting("port", 8765, "Port the console listens on; 0 takes a free one."),
    Setting("database_url", "", "PostgreSQL address of the desk; empty for SQLite in the workspace.", secret=True),
    Setting("memory_mib", 2048, "Memory limit of the engine, in MiB."),
    Setting("threads", 2, "Threads of the engine."),
    Setting("child_memory_mib", 3072, "Memory limit of the child that parses foreign files, in MiB."),
    Setting("child_cpu_seconds", 3600, "CPU limit of one child, in seconds."),
    Setting("child_stall_seconds", 300, "A child that reports nothing for so long is ended, in seconds."),
    Setting("chunk_records", 10000, "Records written to the archive in one step."),
    Setting("line_bytes", 16 * MIB, "Longest line or record that is read, in bytes."),
    Setting("file_bytes", 64 * 1024 * MIB, "Largest file that is read, in bytes."),
    Setting("folder_files", 1_000_000, "Most files read from one folder."),
    Setting("archive_depth", 3, "Archives inside archives that are read, this many deep."),
    Setting("archive_ratio", 200, "So many bytes may come out of one packed byte; past 64 MiB, more is refused."),
    Setting("archive_nested_bytes", 256 * MIB, "Largest zip inside another archive that is read, in bytes."),
    Setting("media_bytes", 256 * MIB, "Largest media file that is kept, in bytes."),
    Setting("picture_pixels", 100_000_000, "Largest picture that is decoded, in pixels."),
    Setting("reject_share", 0.5, "An import stops when more than this share of at least 1,000 records is rejected."),
    Setting("lease_seconds", 60, "A job whose worker reports nothing for so long is taken up by another, in seconds."),
    Setting("session_minutes", 480, "A login ends after so long, in minutes."),
    Setting("upload_bytes", 512 * MIB, "Largest upload the console takes, in bytes."),
    Setting("watch_folder", "", "Folder whose files are imported once they stop growing; none when empty."),
    Setting("watch_seconds", 10, "How often the watched folder is looked at, in seconds."),
    Setting("watch_settle_seconds", 30, "A file in the watched folder is left alone until unchanged for so long."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The values in force, typed; one attribute for each row of `TABLE`."""

    workspace: str = "workspace"
    passphrase: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 8765
    database_url: str = field(default="", repr=False)
    memory_mib: int = 2048
    threads: int = 2
    child_memory_mib: int = 3072
    child_cpu_seconds: int = 3600
    child_stall_seconds: int = 300
    chunk_records: int = 10000
    line_bytes: int = 16 * MIB
    file_bytes: int = 64 * 1024 * MIB
    folder_files: int = 1_000_000
    archive_depth: int = 3
    archive_ratio: int = 200
    archive_nested_bytes: int = 256 * MIB
    media_bytes: int = 256 * MIB
    picture_pixels: int = 100_000_000
    reject_share: float = 0.5
    lease_seconds: int = 60
    session_minutes: int = 480
    upload_bytes: int = 512 * MIB
    watch_folder: str = ""
    watch_seconds: int = 10
    watch_settle_seconds: int = 30


def parse(values: Mapping[str, str]) -> Settings:
    """Make settings from text values, name → text; what is absent keeps its default.

    Raises:
        ConfigError: a name is not in the table, or a value does not have its type.
    """
    rows = {row.name: row for row in TABLE}
    parsed: dict[str, Value] = {}
    for name, text in values.items():
        if name not in rows:
            raise ConfigError("setting-unknown", name=name)
        parsed[name] = _convert(rows[name], text)
    return Settings(**parsed)  # type: ignore[arg-type]  # each value has its row's type, checked by _convert


def _convert(row: Setting, text: str) -> Value:
    kind = type(row.default)
    try:
        if kind is bool:
            return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}[text.lower()]
        value = kind(text)
    except (ValueError, KeyError):
        shown = "…" if row.secret else text
        raise ConfigError("setting-wrong", name=row.name, value=shown, kind=kind.__name__) from None
    if isinstance(value, (int, float)) and value < 0:
        raise ConfigError("setting-wrong", name=row.name, value=text, kind="zero or more")
    return value


def field_names() -> tuple[str, ...]:
    """Names of the attributes of `Settings`, for the test that holds them against `TABLE`."""
    return tuple(item.name for item in fields(Settings))
