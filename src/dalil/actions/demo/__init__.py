"""The demo: writes the sample week, replays it on its simulated clock, and says how well it was read."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from dalil.actions import beginning
from dalil.actions.demo.replaying import replay
from dalil.actions.demo.scoring import Score, score
from dalil.actions.demo.seats import Login, logins, seat
from dalil.actions.house import House
from dalil.archive.workspace import DEMO_PASSPHRASE, FILE, open_workspace
from dalil.errors import ConfigError, Conflict
from dalil.sample.clock import NOW, ZONE
from dalil.sample.writing import write
from dalil.settings import Settings

__all__ = [
    "DemoResult",
    "Login",
    "build",
    "create",
    "example",
    "forget",
    "is_missing",
    "is_ready",
    "is_unfinished",
    "logins",
    "passphrase",
    "read_result",
    "refuse_others",
    "seed_of",
]

RESULT = "demo.json"
SAMPLE = "sample"


class DemoResult(msgspec.Struct, frozen=True, kw_only=True):
    """The object of `dalil demo --json`."""

    workspace: str
    posts: int
    media: int
    rejected: int
    claims: int
    precision: dict[str, float]
    recall: dict[str, float]


class _Truth(msgspec.Struct, frozen=True):
    seed: int


def passphrase() -> str:
    """The demo's passphrase, known to everybody."""
    return DEMO_PASSPHRASE


def is_missing(folder: Path) -> bool:
    """Whether there is no workspace in the folder yet."""
    return not (folder / FILE).exists()


def is_unfinished(folder: Path) -> bool:
    """Whether a demo was begun in the folder and cut off before its end: such a one starts over."""
    return not is_missing(folder) and open_workspace(folder).demo and not (folder / RESULT).exists()


def forget(folder: Path) -> None:
    """Remove a demo's workspace.

    Raises:
        Conflict: the folder holds a workspace that is not marked as a demo; it is left alone.
    """
    if is_missing(folder):
        return
    refuse_others(folder)
    shutil.rmtree(folder)


def refuse_others(folder: Path) -> None:
    """Before keys are asked for or tables made: what is no demo is left alone.

    Raises:
        Conflict: the folder holds a workspace that is not marked as a demo.
    """
    if not open_workspace(folder).demo:
        raise Conflict("workspace-not-demo")


def create(settings: Settings) -> None:
    """Make the demo's empty workspace, marked as such."""
    beginning.create_workspace(settings, zone=ZONE, passphrase=DEMO_PASSPHRASE, as_of=NOW, demo=True)


def is_ready(house: House) -> bool:
    """Whether the demo was built to the end.

    Raises:
        Conflict: this is no demo, so that nothing invented is ever mixed with what is real.
    """
    if not house.workspace.demo:
        raise Conflict("workspace-not-demo")
    return (house.workspace.folder / RESULT).exists()


def read_result(house: House) -> DemoResult:
    """What `build` found.

    Raises:
        ConfigError: it was not built to the end.
    """
    try:
        data = (house.workspace.folder / RESULT).read_bytes()
    except FileNotFoundError:
        raise ConfigError("demo-unfinished") from None
    return msgspec.json.decode(data, type=DemoResult)


def seed_of(house: House) -> int:
    """The seed of the world that a demo shows."""
    truth = (house.workspace.folder / SAMPLE / "truth.json").read_bytes()
    return msgspec.json.decode(truth, type=_Truth).seed


def example(house: House) -> Path:
    """The photo that is said to be from today."""
    return house.workspace.folder / SAMPLE / "look" / "photo-said-to-be-today.jpg"


def build(house: House, *, seed: int, progress: Callable[[int, int], bool], say: Callable[[str], None]) -> DemoResult:
    """Write, import, recognise, work and measure the sample week; an interrupted build starts over.

    Args:
        seed: of the sample world.
        progress: called with (done, total) of the step in hand.
        say: called with a sentence at each step.
    """
    house = dataclasses.replace(
        house, moment=house.workspace.as_of
    )  # the figures are as of then, however long it takes
    say("Writing eight weeks of Sahlara …")
    week = write(
        house.workspace.folder / SAMPLE, seed=seed, progress=lambda done, total: _ignore(progress(done, total))
    )
    seat(house, week.folder)
    say("Importing, recognising and working through the weeks, as they would have come …")
    report = replay(house, week, progress)
    say("Holding what was found against the sample's truth …")
    found: Score = score(house, week.folder)
    result = DemoResult(
        workspace=str(house.workspace.folder),
        posts=found.posts,
        media=found.media,
        rejected=report.rejected,
        claims=found.claims,
        precision=found.precision,
        recall=found.recall,
    )
    temporary = house.workspace.tmp / RESULT
    temporary.write_bytes(msgspec.json.encode(result))
    temporary.replace(house.workspace.folder / RESULT)
    return result


def _ignore(_: object) -> None:
    return None
