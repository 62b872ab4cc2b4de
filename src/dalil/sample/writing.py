"""Write one sample week into a folder: captures in the platforms' own formats, script, panel and truth."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from dalil.sample import format_crowdtangle, format_hand, format_telegram, format_x
from dalil.sample.casework import MEMBERS, ONLY_TAKEN
from dalil.sample.panel import panel_file
from dalil.sample.replay import script_of
from dalil.sample.schedule import Capture
from dalil.sample.script import CaptureNote, Members
from dalil.sample.telling import truth_of
from dalil.sample.truthfile import Truth
from dalil.sample.week import STEPS, Week, imagine
from dalil.schema.words import ClaimVerdict, MediaFindingKind

EXAMPLE: Final = "look/photo-said-to-be-today.jpg"
_ENCODER: Final = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class SampleCapture:
    """One thing to import: its path, what wrote it, and when it was captured (aware UTC)."""

    path: Path
    platform: str
    format: str
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class SampleWeek:
    """What was written. `example` is a recycled photo to look up, `counts` sizes by name."""

    folder: Path
    captures: tuple[SampleCapture, ...]
    example: Path
    counts: dict[str, int]

    @property
    def script(self) -> Path:
        """What the members do and when (`script.read_script`)."""
        return self.folder / "script.json"

    @property
    def truth(self) -> Path:
        """What is true (`truthfile.read_truth`)."""
        return self.folder / "truth.json"

    @property
    def panel(self) -> Path:
        """The panel, its captures and the public accounts (`script.PanelFile`)."""
        return self.folder / "panel.json"

    @property
    def members(self) -> Path:
        """Pseudonyms, circles and roles (`script.Members`)."""
        return self.folder / "members.json"


def write(folder: Path, *, seed: int, progress: Callable[[int, int], None] | None = None) -> SampleWeek:
    """Write the sample week of one seed; the same seed gives the same bytes.

    Args:
        folder: made if it is not there; files of an earlier sample in it are overwritten.
        progress: called with (steps done, steps in all).
    """
    captures_folder = folder / "captures"
    captures_folder.mkdir(parents=True, exist_ok=True)
    total = STEPS + 60

    def tell(done: int, _: int) -> None:
        if progress is not None:
            progress(done, total)

    week = imagine(seed, tell)
    written = []
    for number, capture in enumerate(week.captures):
        written.append(_capture(captures_folder, week, capture))
        tell(STEPS - 1 + number, total)
    truth = truth_of(week)
    _json(folder / "script.json", script_of(week))
    _json(folder / "panel.json", panel_file(seed, week.people))
    _json(folder / "members.json", Members(("blue", "green"), MEMBERS))
    _json(folder / "truth.json", truth)
    example = _example(folder, week, truth)
    tell(total, total)
    sizes = {name: value for name, value in msgspec.to_builtins(truth.counts).items() if isinstance(value, int)}
    return SampleWeek(folder, tuple(written), example, sizes)


def _capture(folder: Path, week: Week, capture: Capture) -> SampleCapture:
    target, drafts = folder / capture.path, week.seen[capture.number]
    (folder / capture.name).mkdir(exist_ok=True)
    match capture.series:
        case "x":
            gone = [
                d for d in week.stream.on("x")
                if d.deleted_at is not None and capture.since <= d.at < capture.at and d.deleted_at <= capture.at and d.kind == "post"
            ]  # fmt: skip
            target.write_bytes(format_x.pages(drafts, gone, capture))
        case "pages" | "groups":
            target.write_bytes(format_crowdtangle.table(drafts, capture))
        case "telegram":
            format_telegram.write_full(target, drafts, capture)
        case "archive":
            format_telegram.write_old(target, drafts[0].home, drafts)
        case _:
            format_hand.write(target, week.hand[capture.number])
    note = CaptureNote(path=capture.path, platform=capture.platform, format=capture.format, captured_at=capture.at)
    _json(folder / f"{capture.name}.capture.json", note)
    return SampleCapture(target, capture.platform, capture.format, capture.at)


def _example(folder: Path, week: Week, truth: Truth) -> Path:
    """A recycled picture as a friend might send it today: of the newest claim that was settled and answered, so
    that looking it up shows the finding, the verdict and the ready answer."""
    told = {file.sha256 for file in truth.files if file.expect_pdq}
    settled = [
        claim.claim
        for claim in sorted(truth.claims, key=lambda claim: (claim.t0, claim.claim))
        if claim.media_finding is MediaFindingKind.RECYCLED
        and claim.settled is ClaimVerdict.FALSE
        and any(cell.answered_at for cell in claim.cells)
        and claim.exhibit in told
    ]
    exhibit = week.exhibits[settled[-1] if settled else ONLY_TAKEN]
    held = week.album.file(exhibit.held.picture, "resized")
    path = folder / EXAMPLE
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(held.data)
    return path


def _json(path: Path, value: object) -> None:
    path.write_bytes(msgspec.json.format(_ENCODER.encode(value), indent=1) + b"\n")


def digest(folder: Path) -> str:
    """One hash over all files of a sample, by relative name: for tests that two runs are the same."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
