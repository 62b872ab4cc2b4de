"""The options that commands share, spelled once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Workspace = Annotated[
    Path | None, typer.Option("--workspace", "-w", help="Folder of the workspace (or DALIL_WORKSPACE).")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output and nothing else.")]


def overrides(workspace: Path | None) -> dict[str, str]:
    """The settings that a command's own options replace."""
    return {} if workspace is None else {"workspace": str(workspace)}
