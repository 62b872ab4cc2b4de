"""`dalil seen` and `coordinate`: what the archive knows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from dalil.cli.handler import run_command
from dalil.cli.hooks import Hooks
from dalil.cli.options import Json, Workspace, overrides
from dalil.cli.output import Output
from dalil.errors import InputError


def register(cli: typer.Typer, hooks: Hooks) -> None:
    """Add the commands of this module."""

    @cli.command()
    def seen(
        file: Annotated[Path | None, typer.Argument(help="A picture.")] = None,
        text: Annotated[str | None, typer.Option("--text", help="A text instead of a picture.")] = None,
        workspace: Workspace = None,
        as_json: Json = False,
    ) -> None:
        """Have we seen this before? A match is a lead, never a verdict."""
        output = Output(json=as_json)
        raise typer.Exit(run_command(lambda: _seen(hooks, output, workspace, file, text), output))

    @cli.command()
    def coordinate(
        shares: Annotated[
            Path | None,
            typer.Option("--shares", help="CSV or Parquet of object_id, account_id, content_id, timestamp_share."),
        ] = None,
        trace: Annotated[
            str | None, typer.Option("--trace", help="On a workspace: url, text, picture, repost or hashtag.")
        ] = None,
        window: Annotated[str, typer.Option(help="Largest gap between two shares: 60s, 5m, 1h.")] = "60s",
        min_participation: Annotated[int, typer.Option(help="Fewest shares of an account that count.")] = 2,
        min_objects: Annotated[int, typer.Option(help="Fewest distinct objects of a pair.")] = 3,
        mode: Annotated[str, typer.Option(help="default, coortweet or qut.")] = "default",
        out: Annotated[Path | None, typer.Option(help="Write the edges as CSV.")] = None,
        workspace: Workspace = None,
        as_json: Json = False,
    ) -> None:
        """Who shares the same objects within a short time. Coordinated is neither inauthentic nor extremist."""
        output = Output(json=as_json)
        chosen = {"window": window, "min_participation": min_participation, "min_objects": min_objects, "mode": mode}
        raise typer.Exit(run_command(lambda: _coordinate(hooks, output, workspace, shares, trace, chosen, out), output))


def _seen(hooks: Hooks, output: Output, workspace: Path | None, file: Path | None, text: str | None) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import seeing
    from dalil.people.actor import LOCAL

    if (file is None) == (text is None):
        raise InputError("value-wrong", name="seen", value="", kind="one picture, or one text with --text")
    house = hooks.open_house(settings, unlock=False)
    if file is not None:
        if not file.is_file():
            raise InputError("path-missing", name=file.name)
        answer = seeing.look_picture(LOCAL, seeing.read_limited(file, house), house=house)
    else:
        answer = seeing.look_text(LOCAL, text or "", house=house)
    output.result({"matches": seeing.contract_rows(answer)})
    _tell(output, answer, ZoneInfo(house.workspace.zone))


def _tell(output: Output, answer: object, zone: ZoneInfo) -> None:
    from dalil.actions.seeing import Seen

    assert isinstance(answer, Seen)
    if not answer.matches:
        output.say(
            f"Not in our archive, as of {answer.as_of.astimezone(zone):%d %B %Y %H:%M}. That does not make it new."
        )
        return
    sure = [item for item in answer.matches if item.match.decides]
    if sure and answer.captured_first:
        output.heading(f"In our archive since {answer.captured_first.astimezone(zone):%d %B %Y}.")
        if answer.claimed_first:
            output.say(f"First posted, by its own date, on {answer.claimed_first.astimezone(zone):%d %B %Y}.")
    else:
        output.heading("Nothing certain; these look alike. A person must compare them.")
    rows = [
        [
            f"{item.match.captured_at.astimezone(zone):%Y-%m-%d}",
            f"{item.match.claimed_at.astimezone(zone):%Y-%m-%d}" if item.match.claimed_at else "",
            item.source_name or item.match.source,
            item.match.method,
            f"{item.match.score:.2f}",
            "" if item.match.decides else "look",
            item.known.verdict or "" if item.known else "",
        ]
        for item in answer.matches
    ]
    output.table(["captured", "claimed", "source", "method", "score", "", "verdict"], rows)
    known = next((item.known for item in answer.matches if item.known), None)
    if known is not None:
        found = f" · picture: {known.media_finding}" if known.media_finding else ""
        output.say(f"Claim {known.number}: {known.sentence} · verdict: {known.verdict or 'open'}{found}")
        output.say(f"Ready answer: {known.answer}" if known.answer else "No ready answer yet.")


def _coordinate(
    hooks: Hooks,
    output: Output,
    workspace: Path | None,
    shares: Path | None,
    trace: str | None,
    chosen: dict[str, object],
    out: Path | None,
) -> None:
    settings = hooks.settings(overrides(workspace))
    from dalil.actions import coordinating

    plan = coordinating.Plan.parse(chosen)
    if (shares is None) == (trace is None):
        raise InputError("value-wrong", name="coordinate", value="", kind="--shares FILE, or --trace on a workspace")
    if shares is not None:
        result = coordinating.on_file(shares, plan)
    else:
        house = hooks.open_house(settings, unlock=False)
        result = coordinating.on_workspace(house, trace or "", plan)
    if out is not None:
        coordinating.write_edges(result, out)
    summary = coordinating.summary(result)
    output.result(summary)
    output.say(
        f"{result.shares:,} shares of {result.objects:,} objects by {result.accounts:,} accounts, window {result.window_seconds} s."
    )
    kept = sum(edge.kept for edge in result.edges)
    output.say(
        f"{kept:,} edges kept of {len(result.edges):,}; by chance alone we would expect {result.expected_false_edges:.2f} false ones."
    )
    for campaign in result.campaigns:
        output.say(
            f"  {campaign.accounts} accounts push {len(campaign.objects)} objects ({campaign.private_accounts} private, counted only)"
        )
    output.say("Coordinated is neither inauthentic nor extremist.")
    for caveat in result.caveats:
        output.say(f"Note: {caveat}")
