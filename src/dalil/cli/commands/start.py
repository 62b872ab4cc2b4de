"""`dalil init` and `dalil demo`: how a workspace begins."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dalil.cli.handler import run_command
from dalil.cli.hooks import Hooks
from dalil.cli.options import Json, Workspace, overrides
from dalil.cli.output import Output

if TYPE_CHECKING:
    from dalil.actions.demo import DemoResult
    from dalil.actions.house import House


DEFAULT_SEED = 2026


def register(cli: typer.Typer, hooks: Hooks) -> None:
    """Add the commands of this module."""

    @cli.command()
    def init(
        workspace: Workspace = None,
        zone: Annotated[
            str, typer.Option(help="IANA zone in which weeks begin, such as Asia/Baghdad.")
        ] = "Asia/Baghdad",
        colour: Annotated[str, typer.Option(help="Colour that names your circle; never a place.")] = "blue",
        plain_volume: Annotated[
            str, typer.Option(help="The typed words that allow a volume that is not encrypted.")
        ] = "",
        as_json: Json = False,
    ) -> None:
        """Make a workspace for one circle, on an encrypted volume."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _init(hooks, output, workspace, zone, colour, plain_volume), output))

    @cli.command()
    def demo(
        workspace: Workspace = None,
        seed: Annotated[
            int | None, typer.Option(help="The sample world's seed; 2026 where there is no demo yet.")
        ] = None,
        reset: Annotated[bool, typer.Option("--reset", help="Forget this demo workspace and start over.")] = False,
        serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the console when it is ready.")] = True,
        as_json: Json = False,
    ) -> None:
        """The sample week of Sahlara: write it, import it, recognise, measure, serve."""
        output = Output(json=as_json)
        folder = workspace or Path("demo")
        raise typer.Exit(run_command(lambda: _demo(hooks, output, folder, seed, reset=reset, serve=serve), output))


def _init(hooks: Hooks, output: Output, workspace: Path | None, zone: str, colour: str, plain_volume: str) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import beginning

    passphrase = settings.passphrase or typer.prompt(
        "Workspace passphrase (four words or more)", hide_input=True, confirmation_prompt=True, err=True
    )
    words = plain_volume or ("" if beginning.volume_is_encrypted(Path(settings.workspace)) else _ask_for_words(output))
    beginning.create_workspace(settings, zone=zone, passphrase=passphrase, plain_volume_words=words)
    hooks.prepare(settings)
    house = hooks.open_house(settings, unlock=True)
    code = beginning.first_circle(house, colour=colour)
    output.say(f"A workspace for the {colour} circle is ready in {settings.workspace}.")
    output.say(f"Join it in the console with this code, once, within a day: {code}")
    output.say("Then: dalil serve")
    output.result({"workspace": settings.workspace, "circle": colour, "invitation": code})


def _ask_for_words(output: Output) -> str:
    """The words that somebody types, or nothing where nobody can be asked: then the volume is refused."""
    if not sys.stdin.isatty():
        return ""
    from dalil.archive.workspace import PLAIN_VOLUME_WORDS

    output.aside.print(
        "This volume is not encrypted, or it cannot be told. Whoever takes this machine can read everything."
    )
    output.aside.print(f"To go on all the same, type: {PLAIN_VOLUME_WORDS}")
    return str(typer.prompt("", default="", show_default=False, err=True))


def _demo(hooks: Hooks, output: Output, folder: Path, seed: int | None, *, reset: bool, serve: bool) -> None:
    settings = hooks.settings(overrides(folder))
    from dalil.actions import demo

    if reset or demo.is_unfinished(folder):
        demo.forget(folder)
    if demo.is_missing(folder):
        demo.create(settings)
    demo.refuse_others(folder)
    hooks.prepare(settings)
    house = hooks.open_house(settings, unlock=True)
    if demo.is_ready(house):
        shown = demo.seed_of(house)
        if seed not in {None, shown}:
            output.aside.print(f"This demo shows the world of seed {shown}. --reset starts over with seed {seed}.")
        result = demo.read_result(house)
    else:
        with output.progress("Preparing") as bar:
            result = demo.build(house, seed=seed or DEFAULT_SEED, progress=bar, say=output.aside.print)
    output.result(result)
    if serve and not output.json:
        hooks.serve(house, lambda address: _welcome(output, house, address))
    else:
        _summary(output, result)


def _summary(output: Output, result: DemoResult) -> None:
    output.say(f"{result.posts:,} posts, {result.media:,} pictures, {result.claims} claims; {result.rejected} rejects.")


def _welcome(output: Output, house: House, address: str) -> None:
    from dalil.actions import demo

    _summary(output, demo.read_result(house))
    output.heading(f"\nOpen  {address}")
    output.say("\nThree people of two circles, each with a code that lets them in once and one thing that waits:")
    for login in demo.logins(house):
        output.say(f"  {login.pseudonym:<12} {login.circle:<6} code {login.code}")
        output.say(f"  {'':<12} {'':<6} waits: {login.task}")
    example = demo.example(house)
    output.say("\nA photo that is said to be from today lies in")
    output.say(f"  {example}")
    output.say("Ask whether it was seen before, in the console under Seen before? or with")
    output.say(f"  .venv/bin/dalil seen {example} --workspace {house.workspace.folder}")
    output.say("\nEverything is invented and lies in the past: pages say “sample, as of …”. End with Ctrl-C.")
