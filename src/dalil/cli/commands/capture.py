"""`dalil capture` and `dalil scan`: what people keep by hand, and the text in its screenshots."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from dalil.cli.commands.archive import moment
from dalil.cli.handler import run_command
from dalil.cli.hooks import Hooks
from dalil.cli.options import Json, Workspace, overrides
from dalil.cli.output import Output
from dalil.errors import InputError


def register(cli: typer.Typer, hooks: Hooks) -> None:
    """Add the commands of this module."""

    @cli.command()
    def capture(
        address: Annotated[str, typer.Option(help="Address of the post.")] = "",
        text: Annotated[str, typer.Option(help="Its text.")] = "",
        page: Annotated[str, typer.Option(help="Name of the page, channel or group.")] = "",
        kind: Annotated[str, typer.Option(help="page, group, channel, outlet or person.")] = "person",
        platform: Annotated[str, typer.Option(help="facebook, x, telegram, …")] = "facebook",
        seen_at: Annotated[str, typer.Option(help="When you saw it, with zone; now when left out.")] = "",
        screenshot: Annotated[
            list[Path], typer.Option(help="A picture of the screen; again for each further one of the same post.")
        ] = [],  # noqa: B006 - Typer copies it
        workspace: Workspace = None,
        as_json: Json = False,
    ) -> None:
        """Keep one post by hand: screenshots, address, text, page and the time it was seen."""
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

    @cli.command()
    def scan(workspace: Workspace = None, as_json: Json = False) -> None:
        """Read the text in screenshots that was not read yet, where Tesseract is installed."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _scan(hooks, output, workspace), output))


def _scan(hooks: Hooks, output: Output, workspace: Path | None) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import scanning
    from dalil.people.actor import LOCAL
    from dalil.signals.scans import METHOD

    house = hooks.open_house(settings, unlock=False)
    who = scanning.reader()
    with output.progress("reading") as bar:
        found = scanning.scan(LOCAL, house=house, progress=bar)
    output.say(
        f"{found.read:,} read, {found.without_words:,} without words, {found.unreadable:,} not readable"
        f" (Tesseract {who.version}, {' and '.join(who.languages)})."
    )
    output.say("What was read is a lead for finding copies; it is never the text of a post.")
    output.result({**msgspec.structs.asdict(found), "method": METHOD, "method_version": who.method_version})


def _capture(
    hooks: Hooks, output: Output, workspace: Path | None, values: dict[str, str], screenshots: list[Path]
) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import capturing
    from dalil.actions.seeing import read_limited
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
    for path in screenshots:
        if not path.is_file():
            raise InputError("path-missing", name=path.name)
    pictures = [read_limited(path, house) for path in screenshots]
    kept = capturing.capture(LOCAL, form, pictures, house=house)
    output.say(f"Kept as {kept[:16]}….")
    if pictures:
        output.say("'dalil scan' reads the text in its screenshots, where Tesseract is installed.")
    output.result({"observation_id": kept})
