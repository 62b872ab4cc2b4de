"""`dalil doctor`, `backup`, `restore`, `compact` and `upgrade`: what keeps a workspace whole, fast and readable."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dalil.cli.handler import run_command
from dalil.cli.hooks import Hooks
from dalil.cli.options import Json, Workspace, overrides
from dalil.cli.output import Output

_Words = Annotated[
    str, typer.Option("--plain-volume", help="The typed words that allow a volume that is not encrypted.")
]


def register(cli: typer.Typer, hooks: Hooks) -> None:
    """Add the commands of this module."""

    @cli.command()
    def doctor(
        workspace: Workspace = None,
        repair: Annotated[
            bool, typer.Option("--repair", help="Remove what a crash left, and what is damaged and can be made again.")
        ] = False,
        backup: Annotated[
            Path | None, typer.Option("--from", help="A backup to bring damaged facts back from; implies --repair.")
        ] = None,
        as_json: Json = False,
    ) -> None:
        """Re-hash everything that is stored and say what is damaged."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _doctor(hooks, output, workspace, backup, repair=repair), output))

    @cli.command()
    def backup(
        target: Annotated[
            Path, typer.Argument(help="A folder, which the next backup brings up to date, or a new .tar.")
        ],
        workspace: Workspace = None,
        plain_volume: _Words = "",
        as_json: Json = False,
    ) -> None:
        """Back the workspace up and read the backup once more; work may go on meanwhile."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _backup(hooks, output, workspace, target, plain_volume), output))

    @cli.command()
    def restore(
        source: Annotated[Path, typer.Argument(help="The folder or .tar that 'dalil backup' made.")],
        workspace: Workspace = None,
        plain_volume: _Words = "",
        as_json: Json = False,
    ) -> None:
        """Make a workspace from a backup, in an empty folder, and examine it."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _restore(hooks, output, workspace, source, plain_volume), output))

    @cli.command()
    def compact(workspace: Workspace = None, as_json: Json = False) -> None:
        """Merge small files of tables into large ones; the worker does it by itself."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _compact(hooks, output, workspace), output))

    @cli.command()
    def upgrade(workspace: Workspace = None, as_json: Json = False) -> None:
        """Bring a workspace that an older version wrote to this one; what is changed is copied first."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _upgrade(hooks, output, workspace), output))


def _doctor(hooks: Hooks, output: Output, workspace: Path | None, backup: Path | None, *, repair: bool) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import examining

    house = hooks.open_house(settings, unlock=False)
    found = examining.examine(house, repair=repair or backup is not None, backup=backup)
    for line in found.mended:
        part, _, how = line.rpartition(": ")
        output.say(
            f"mended: {part}: " + ("brought back" if how == "backup" else "removed; it is made again when asked")
        )
    for line in found.damaged:
        output.say(f"damaged: {line}")
    if found.damaged and backup is None:
        output.say("A backup may hold what is damaged: 'dalil doctor --from BACKUP' brings it back.")
    for line in found.left_over:
        output.say(f"left over from a crash, harmless: {line}")
    if not found.damaged:
        output.say("Everything that is stored has the hash that was recorded for it.")
    output.result(found)
    if found.damaged:
        raise typer.Exit(1)


def _backup(hooks: Hooks, output: Output, workspace: Path | None, target: Path, plain_volume: str) -> None:
    settings = hooks.settings(overrides(workspace))
    house = hooks.open_house(settings, unlock=False)
    from dalil.actions import safekeeping

    words = plain_volume or ("" if house.workspace.demo else _words(output, target))
    with output.progress("Backing up") as bar:
        made = safekeeping.back_up(house, target, plain_volume_words=words, progress=bar)
    output.say(
        f"{made.files:,} files, {_mega(made.bytes)}, of which {_mega(made.copied)} had to be copied; all read again."
    )
    output.say(f"Write down elsewhere what names this backup: {made.digest}")
    output.say("It is opened by the workspace's passphrase of today; keep that apart from it.")
    if not made.desk:
        output.say("The desk lies on a database server: back that up too, with its own tools, before this one.")
    for path in made.missing:
        output.say(f"damaged in the workspace, and in no backup here: {path}")
    output.result(made)
    if made.missing:
        raise typer.Exit(1)


def _restore(hooks: Hooks, output: Output, workspace: Path | None, source: Path, plain_volume: str) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import safekeeping

    folder = Path(settings.workspace)
    words = plain_volume or _words(output, folder)
    with output.progress("Restoring") as bar:
        made = safekeeping.restore(source, folder, plain_volume_words=words, progress=bar)
    output.say(f"{made.files:,} files, {_mega(made.bytes)}, each with its hash; the chain of custody was walked.")
    output.say(f"It is the backup {made.digest}")
    if not made.desk:
        output.say("The desk is not in it: restore it with its database server's own tools.")
    output.say("If an older version made it, run 'dalil upgrade' first.")
    for line in made.damaged:
        output.say(f"damaged: {line}")
    output.result(made)
    if made.damaged:
        raise typer.Exit(1)


def _compact(hooks: Hooks, output: Output, workspace: Path | None) -> None:
    house = hooks.open_house(hooks.settings(overrides(workspace)), unlock=False)
    from dalil.actions import compacting

    with output.progress("Merging") as bar:
        done = compacting.compact(house, progress=bar)
    if done.before:
        output.say(f"{done.before:,} files became {done.after:,}; {done.rows:,} rows, the same as before.")
        output.say("The old files stay for a day, for whoever is reading them.")
    else:
        output.say("There is nothing to merge.")
    output.result(done)


def _upgrade(hooks: Hooks, output: Output, workspace: Path | None) -> None:
    done = hooks.prepare(hooks.settings(overrides(workspace)))
    if done.manifest or done.desk:
        output.say(f"Done. What was changed lies as it was in {done.copies}; remove it when all is well.")
    else:
        output.say("This workspace is of this version already.")
    output.result({"manifest": done.manifest, "desk": done.desk, "copies": done.copies})


def _words(output: Output, folder: Path) -> str:
    """The words that somebody types where the volume is not known to be encrypted; nothing where nobody can be asked."""
    from dalil.archive import volume
    from dalil.archive.workspace import PLAIN_VOLUME_WORDS

    if volume.is_encrypted(folder.absolute()) is True or not sys.stdin.isatty():
        return ""
    output.aside.print("That volume is not encrypted, or it cannot be told. Whoever takes it can read everything.")
    output.aside.print(f"To go on all the same, type: {PLAIN_VOLUME_WORDS}")
    return str(typer.prompt("", default="", show_default=False, err=True))


def _mega(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
