"""`dalil serve` and `worker`: the processes that stay."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from dalil.cli.handler import run_command
from dalil.cli.hooks import Hooks
from dalil.cli.options import Json, Workspace, overrides
from dalil.cli.output import Output


def register(cli: typer.Typer, hooks: Hooks) -> None:
    """Add the commands of this module."""

    @cli.command()
    def serve(
        workspace: Workspace = None,
        port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
        as_json: Json = False,
    ) -> None:
        """Serve the console on this machine, with a worker beside it."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _serve(hooks, output, workspace, port), output))

    @cli.command()
    def worker(
        workspace: Workspace = None,
        once: Annotated[bool, typer.Option("--once", help="Stop when no job waits.")] = False,
        as_json: Json = False,
    ) -> None:
        """Run the jobs that wait: imports, recognition, weeks."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _worker(hooks, output, workspace, once=once), output))

    @cli.command()
    def watch(
        folder: Annotated[Path, typer.Argument(help="Folder to watch; its files stay where they are.")],
        workspace: Workspace = None,
        once: Annotated[bool, typer.Option("--once", help="Take what is there now, import it and stop.")] = False,
        as_json: Json = False,
    ) -> None:
        """Import whatever is put into a folder, once it has stopped growing."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _watch(hooks, output, workspace, folder, once=once), output))


def _serve(hooks: Hooks, output: Output, workspace: Path | None, port: int | None) -> None:
    values = overrides(workspace) | ({} if port is None else {"port": str(port)})
    house = hooks.open_house(hooks.settings(values), unlock=True)

    def announce(address: str) -> None:
        output.heading(f"Open  {address}")
        output.say("End with Ctrl-C.")
        output.result({"address": address})

    hooks.serve(house, announce)


def _watch(hooks: Hooks, output: Output, workspace: Path | None, folder: Path, *, once: bool) -> None:
    values = overrides(workspace) | {"watch_folder": str(folder.resolve())}
    house = hooks.open_house(hooks.settings(values), unlock=True)
    from dalil.actions import watching

    found = watching.look(house, watching.checked(house, folder))
    if not once:
        output.say("Watching; end with Ctrl-C. The files stay where they are.")
    done = hooks.work(house, once)
    output.say(f"{found.taken:,} taken, {found.known:,} known already, {found.waiting:,} still changing.")
    if found.refused:
        output.say(f"{found.refused:,} cannot be taken: their names hold line breaks or are too long.")
    output.result({**msgspec.structs.asdict(found), "jobs": done})


def _worker(hooks: Hooks, output: Output, workspace: Path | None, *, once: bool) -> None:
    house = hooks.open_house(hooks.settings(overrides(workspace)), unlock=True)
    done = hooks.work(house, once)
    output.say(f"{done:,} jobs done.")
    output.result({"jobs": done})
