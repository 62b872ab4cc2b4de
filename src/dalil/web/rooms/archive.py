"""The archive as pages see it: looking things up, bringing them in, and pictures small and grey."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from dalil.actions import capturing, importing, naming, scanning, searching, seeing, showing, undoing
from dalil.actions.house import House
from dalil.actions.scanning import ScanRow
from dalil.actions.searching import Asked, Results
from dalil.actions.undoing import UndoPlan
from dalil.archive.rows import IntakeRow, RejectRow
from dalil.errors import LimitReached, NotAllowed
from dalil.jobs import queries as jobs
from dalil.jobs import queue
from dalil.jobs.queries import JobRow
from dalil.people import queries as people
from dalil.people.actor import Actor
from dalil.sources import options
from dalil.sources.registry import importers
from dalil.web.rows import FormatRow, OptionRow
from dalil.web.stash import Looked

PICTURE_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ArchiveRoom:
    house: House

    def items(self) -> int:
        """How many observations the archive holds."""
        return sum(row.held for row in self.house.archive.intakes())

    def example(self) -> str | None:
        """Name of the sample's example picture, where this workspace has one."""
        found = showing.example(self.house)
        return found.name if found is not None else None

    def look_example(self, actor: Actor) -> Looked:
        """Look the sample's example up.

        Raises:
            NotAllowed: this workspace has none.
        """
        found = showing.example(self.house)
        if found is None:
            raise NotAllowed("no-such-thing")
        return self.look_picture(actor, found.read_bytes())

    def look_picture(self, actor: Actor, data: bytes) -> Looked:
        """Look a picture up; the answer keeps it small and grey only.

        Raises:
            LimitReached: it is larger than `PICTURE_BYTES`.
            InputError: it is no picture that can be read.
        """
        if len(data) > PICTURE_BYTES:
            raise LimitReached("upload-large", limit=PICTURE_BYTES // 1024 // 1024)
        found = seeing.look_picture(actor, data, house=self.house)
        return Looked(found, picture=showing.thumbnail_of(actor, data, house=self.house))

    def look_text(self, actor: Actor, text: str) -> Looked:
        return Looked(seeing.look_text(actor, text, house=self.house), text=text)

    def search(self, actor: Actor, asked: Asked) -> Results:
        """Search the texts; at most what a page can wait for is read in first."""
        return searching.search(actor, asked, house=self.house)

    def thumbnail(self, actor: Actor, sha256: str) -> bytes:
        """A picture of the archive as JPEG, small, still and grey."""
        return showing.thumbnail(actor, sha256, house=self.house)

    def names(self, uids: Collection[str]) -> dict[str, str]:
        """What public accounts call themselves, by uid."""
        return naming.public_names(self.house, uids)

    def formats(self) -> list[FormatRow]:
        return [FormatRow(one.manifest.name, one.manifest.title) for one in importers()]

    def options(self) -> list[OptionRow]:
        """The options that formats have, each once."""
        rows = options.declared().values()
        return [OptionRow(row.name, row.formats, " ".join(dict.fromkeys(row.helps.values()))) for row in rows]

    def receive(
        self,
        actor: Actor,
        files: Sequence[UploadedFile[Any]],
        *,
        source_format: str | None,
        options: Mapping[str, str],
    ) -> str:
        """Put uploads where the worker reads them, under names of our own, and enqueue; returns the job's id."""
        folder = self.house.workspace.tmp / f"upload-{secrets.token_hex(8)}"
        folder.mkdir(mode=0o700)
        paths = [self._store(folder / f"{number:03}{_ending(file.name)}", file) for number, file in enumerate(files)]
        return importing.enqueue_import(actor, paths, house=self.house, source_format=source_format, options=options)

    @staticmethod
    def _store(path: Path, file: UploadedFile[Any]) -> Path:
        with path.open("xb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        return path

    def job(self, actor: Actor, job_id: str) -> JobRow:
        """One import of the reader's circle.

        Raises:
            NotAllowed: there is none of that id in this circle.
        """
        row = jobs.job(job_id)
        if row is None or row.circle != actor.circle_id:
            raise NotAllowed("no-such-thing")
        return row

    def jobs(self, actor: Actor) -> list[JobRow]:
        """Imports and their undoing, newest first."""
        rows = jobs.jobs(circle=actor.circle_id, limit=100)
        return [row for row in rows if row.kind in (importing.JOB_KIND, undoing.JOB_KIND)][:10]

    def cancel(self, actor: Actor, job_id: str) -> None:
        queue.cancel(self.job(actor, job_id).job_id, self.house.clock())

    def intakes(self) -> list[IntakeRow]:
        """Newest first."""
        return self.house.archive.intakes()

    def intake(self, intake_id: str) -> IntakeRow:
        """One intake.

        Raises:
            NotAllowed: there is none of that id.
        """
        for row in self.intakes():
            if row.intake_id == intake_id:
                return row
        raise NotAllowed("no-such-thing")

    def rejects(self, intake_id: str) -> list[RejectRow]:
        return self.house.archive.rejects(self.intake(intake_id).intake_id)

    def undoable(self, actor: Actor, rows: Sequence[IntakeRow]) -> set[str]:
        """Those of the intakes that this member may undo, by their ids; something may still stand in the way."""
        return {row.intake_id for row in rows if undoing.may_undo(actor, row)}

    def undo_plan(self, actor: Actor, intake_id: str) -> UndoPlan:
        """What undoing would take out, what stays, and what stands in the way."""
        return undoing.plan(actor, intake_id, house=self.house)

    def undo(self, actor: Actor, intake_id: str) -> str:
        """Have it undone; returns the job's id."""
        return undoing.enqueue_undo(actor, intake_id, house=self.house)

    def undo_job(self, actor: Actor, intake_id: str) -> JobRow | None:
        """The newest job that undoes this intake, while it is remembered."""
        rows = jobs.jobs(circle=actor.circle_id, kind=undoing.JOB_KIND, limit=100)
        return next((row for row in rows if intake_id in (row.payload.get("intake"), row.report.get("intake"))), None)

    def colour(self, circle_id: str) -> str:
        """The colour of a circle, or nothing where it has left."""
        return next((row.colour for row in people.circles() if row.circle_id == circle_id), "")

    def capture(self, actor: Actor, values: Mapping[str, Any]) -> str:
        """Keep what a person wrote down; returns the item's id."""
        screenshots = [file.read() for file in values["screenshots"]]
        form = capturing.CaptureForm(
            platform=values["platform"],
            address=values["address"],
            text=values["text"],
            page_name=values["page_name"],
            account_kind=values["account_kind"],
            seen_at=values["seen_at"].astimezone(UTC),
        )
        item = capturing.capture(actor, form, screenshots, house=self.house)
        if screenshots:
            scanning.enqueue(actor, house=self.house)
        return item

    def reads_pictures(self) -> bool:
        """Whether this machine reads the text in screenshots."""
        return scanning.is_available()

    def scans(self, actor: Actor, item: str) -> list[ScanRow]:
        """What was read in the screenshots of one item."""
        return scanning.texts_of(actor, item, house=self.house)


def _ending(name: str | None) -> str:
    """The file's ending, which some formats are known by; nothing else of the name is kept."""
    ending = Path(name or "").suffix.lower()
    return ending if ending[1:].isalnum() and ending.isascii() and len(ending) < 8 else ""
