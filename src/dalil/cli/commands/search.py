"""`dalil search`: posts by their words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from dalil.cli.handler import run_command
from dalil.cli.hooks import Hooks
from dalil.cli.options import Json, Workspace, overrides
from dalil.cli.output import Output

if TYPE_CHECKING:
    from dalil.actions.searching import Results


def register(cli: typer.Typer, hooks: Hooks) -> None:
    """Add the command of this module."""

    @cli.command()
    def search(
        words: Annotated[
            list[str] | None, typer.Argument(help='Words; "in a row" in quotation marks; beginning*; -without.')
        ] = None,
        since: Annotated[str, typer.Option("--from", help="First day, such as 2026-05-01, or a time with zone.")] = "",
        until: Annotated[str, typer.Option("--to", help="Last day, or a time with zone.")] = "",
        platform: Annotated[list[str] | None, typer.Option(help="facebook, x, telegram, …; again for several.")] = None,
        source: Annotated[list[str] | None, typer.Option(help="A public page or channel: part of its name.")] = None,
        language: Annotated[list[str] | None, typer.Option(help="ar, ckb, en, …")] = None,
        kind: Annotated[list[str] | None, typer.Option(help="post, reply, picture, video, link, gone, …")] = None,
        newest: Annotated[bool, typer.Option("--newest", help="Newest first instead of best first.")] = False,
        limit: Annotated[int, typer.Option(help="How many to show, at most 200.")] = 20,
        workspace: Workspace = None,
        as_json: Json = False,
    ) -> None:
        """Search the texts of the archive. What you search for is not kept."""
        output = Output(json=as_json)
        chosen: dict[str, object] = {
            "since": since,
            "until": until,
            "platforms": tuple(platform or ()),
            "sources": tuple(source or ()),
            "languages": tuple(language or ()),
            "kinds": tuple(kind or ()),
            "newest": newest,
            "limit": limit,
        }
        raise typer.Exit(run_command(lambda: _search(hooks, output, workspace, words or [], chosen), output))


def _search(hooks: Hooks, output: Output, workspace: Path | None, words: list[str], chosen: dict[str, object]) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import searching
    from dalil.people.actor import LOCAL

    house = hooks.open_house(settings, unlock=False)
    zone = house.workspace.zone
    since, until = str(chosen.pop("since")), str(chosen.pop("until"))
    asked = searching.Asked(
        text=" ".join(words),
        since=searching.bound(since, "from", zone, last=False),
        until=searching.bound(until, "to", zone, last=True),
        **chosen,  # type: ignore[arg-type]  # the options, by their names
    )
    with output.progress("Reading what was stored since") as bar:
        results = searching.search(LOCAL, asked, house=house, progress=bar)
    output.result(
        {
            "posts": searching.contract_rows(results),
            "total": results.total,
            "at_least": results.at_least,
            "searched": results.documents,
            "waiting": results.waiting,
            "as_of": results.as_of,
        }
    )
    _tell_found(output, results, ZoneInfo(zone))


def _tell_found(output: Output, results: Results, zone: ZoneInfo) -> None:
    many = f"More than {results.total:,}" if results.at_least else f"{results.total:,}"
    when = f"{results.as_of.astimezone(zone):%d %B %Y %H:%M}"
    output.heading(f"{many} of {results.documents:,} posts hold all of it, as of {when}.")
    if results.ranked:
        output.say(f"The newest {results.ranked:,} of them were compared; narrow the time to see others.")
    notes = {"some": "some words only", "similar": "similar spelling", "all": ""}
    rows = [
        [
            f"{row.at.astimezone(zone):%Y-%m-%d %H:%M}" + ("" if row.dated else " (captured)"),
            row.source_name or row.source or f"{row.platform}: a private account",
            " ".join(row.text.split())[:160],
            notes[row.found_by],
        ]
        for row in results.rows
    ]
    output.table(["posted", "source", "text", ""], rows)
    if not rows:
        output.say("Nothing found. Fewer or other words may help; a word is also found by its stem, Sorani as written.")
    if results.waiting:
        output.say(f"{results.waiting:,} texts are not yet searched: another process is reading them in.")
