"""Texts in screenshots, read by Tesseract where it is installed; where it is not, that is said and nothing else.

Two limited children for each picture: one decodes it and makes it ready, and Tesseract itself, confined
by the system like the other, reads each preparation. What was read is a signal of the picture.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from dalil.actions.house import House
from dalil.archive import picture_texts
from dalil.errors import InputError, LimitReached, NotAvailable
from dalil.intake.scans import read_answer
from dalil.jobs import queue
from dalil.jobs.sandbox import Limits, run, run_program
from dalil.log import event
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.schema.chunks import Failed, PictureOrder
from dalil.signals.scans import METHOD, NOTHING, Scan, best, parsed, version_of

JOB_KIND: Final = "scan"
FORMATS: Final = ("hand-capture", "plain-table")
"""Formats whose pictures are screenshots."""
WANTED: Final = ("Arabic", "script/Arabic", "ara", "eng")
"""Languages that are read with, as far as they are installed. None of them reads Sorani's own letters well."""
_LIMITS: Final = Limits(memory_mib=1536, cpu_seconds=120, stall_seconds=180, output_bytes=16 << 20)
_VERSION: Final = re.compile(rb"tesseract v?(\d+(?:\.\d+)*)")
_AT_ONCE: Final = 20


class Reader(msgspec.Struct, frozen=True):
    """The program and what it reads with."""

    program: str
    version: str
    languages: tuple[str, ...]

    @property
    def method_version(self) -> str:
        return version_of(self.version, self.languages)


class ScanReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the pictures: read, without words, not readable; `left` wait for the next run."""

    read: int = 0
    without_words: int = 0
    unreadable: int = 0
    left: int = 0


class ScanRow(msgspec.Struct, frozen=True, kw_only=True):
    """The text read in one picture."""

    sha256: str
    text: str
    words: int
    confidence: float
    method: str
    method_version: str


@cache
def reader() -> Reader:
    """The Tesseract of this machine.

    Raises:
        NotAvailable: `ocr-missing`; it is not installed, or has none of our languages.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise NotAvailable("ocr-missing")
    version = _VERSION.search(_said(program, "--version"))
    listed = _said(program, "--list-langs").decode("utf-8", "replace").split()
    languages = [name for name in WANTED if name in listed]
    if any("rabic" in name for name in languages):
        languages = [name for name in languages if name != "ara"]
    if version is None or not languages:
        raise NotAvailable("ocr-missing")
    return Reader(program, version[1].decode(), tuple(languages))


def is_available() -> bool:
    """Whether pictures can be read on this machine."""
    try:
        reader()
    except NotAvailable:
        return False
    return True


def _said(program: str, question: str) -> bytes:
    with run_program(Path(program), b"", limits=_LIMITS, args=[question]) as child:
        answer = child.stdout.read()
        child.finish()
    return answer


def read_picture(data: bytes, *, house: House) -> Scan:
    """The text in one picture, the surest of its preparations.

    Raises:
        InputError: it is no picture that we decode.
        LimitReached: it is too large, or reading it went past a limit.
        NotAvailable: `ocr-missing`.
    """
    who = reader()
    order = msgspec.msgpack.encode(PictureOrder(data=data, max_pixels=house.settings.picture_pixels))
    with run("dalil.intake.scan", order, limits=Limits.from_settings(house.settings)) as child:
        answer = child.stdout.read()
        child.finish()
    pages = read_answer(answer)
    if isinstance(pages, Failed):
        raise InputError("picture-broken", mime="image")
    arguments = ["stdin", "stdout", "-l", "+".join(who.languages), "--psm", "3", "tsv"]
    scans = []
    for name, page in pages:
        with run_program(Path(who.program), page, limits=_LIMITS, args=arguments) as child:
            scans.append(parsed(name, child.stdout.read().decode("utf-8", "replace")))
            child.finish()
    return best(scans)


def scan(actor: Actor, *, house: House, progress: Callable[[int, int], bool] | None = None) -> ScanReport:
    """Read every screenshot that was not read yet; begun again after a crash it goes on where it stopped.

    Raises:
        NotAvailable: `ocr-missing`.
        NotAllowed: this actor may not capture.
    """
    require(actor, Act.CAPTURE)
    who = reader()
    waiting = unread(house)
    counts = {"read": 0, "without_words": 0, "unreadable": 0}
    rows: list[picture_texts.Row] = []
    for number, sha256 in enumerate(waiting):
        if progress and not progress(number, len(waiting)):
            break
        try:
            found = read_picture(house.workspace.media_path(sha256).read_bytes(), house=house)
        except (InputError, LimitReached, OSError):
            counts["unreadable"] += 1
            found = NOTHING
        else:
            counts["read" if found.words else "without_words"] += 1
        rows.append((sha256, METHOD, who.method_version, *found))
        if len(rows) >= _AT_ONCE:
            picture_texts.add(house.workspace, rows, now=house.now())
            rows.clear()
    if rows:
        picture_texts.add(house.workspace, rows, now=house.now())
    done = sum(counts.values())
    event("scan.done", count=done)
    return ScanReport(**counts, left=len(waiting) - done)


def unread(house: House) -> list[str]:
    """SHA-256 of the screenshots that this machine's Tesseract has not read, in order."""
    who = reader()
    media, observations = house.archive.table("media"), house.archive.table("observations")
    shots = observations.filter(observations.source_format.isin(list(FORMATS))).select("obs_id")
    pictures = media.filter(media.mime.startswith("image/")).semi_join(shots, "obs_id").select("sha256").distinct()
    texts = house.archive.table(picture_texts.TABLE)
    mine = texts.filter((texts.method == METHOD) & (texts.method_version == who.method_version)).select("sha256")
    found: list[str] = pictures.anti_join(mine, "sha256").to_pyarrow()["sha256"].to_pylist()
    return sorted(found)


def enqueue(actor: Actor, *, house: House) -> str | None:
    """Let the worker read what is unread; None where this machine cannot read pictures."""
    require(actor, Act.CAPTURE)
    if not is_available():
        return None
    return queue.enqueue(JOB_KIND, {}, house.clock(), steps=[JOB_KIND], circle=house.circle_of(actor))


def texts_of(actor: Actor, observation_id: str, *, house: House) -> list[ScanRow]:
    """What was read in the pictures of one observation: of each picture the newest reading that found words."""
    require(actor, Act.READ)
    media, texts = house.archive.table("media"), house.archive.table(picture_texts.TABLE)
    shots = media.filter(media.obs_id == observation_id).select("sha256")
    rows = texts.semi_join(shots, "sha256").to_pyarrow().to_pylist()
    newest = {row["sha256"]: row for row in sorted(rows, key=lambda row: row["method_version"]) if row["words"]}
    return [ScanRow(**{name: row[name] for name in ScanRow.__struct_fields__}) for _, row in sorted(newest.items())]
