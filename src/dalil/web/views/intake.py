"""Files in: upload, progress, what came from which file, and what could not be read."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from dalil.actions.import_progress import progress_of
from dalil.web.forms.filing import CaptureForm, UploadForm
from dalil.web.forms.options import ZONES
from dalil.web.progress import progress
from dalil.web.rows import OptionRow
from dalil.web.visit import Visit

NEWEST = 20


def intake(request: Visit) -> HttpResponse:
    """The form, the running imports, and what came in before; `again` fills the form in as an earlier import was read."""
    archive = request.rooms.archive
    formats = archive.formats()
    form = UploadForm(
        formats=[row.name for row in formats], options=archive.options(), initial=_as_before(request)
    ).sent_to(request.path + "/upload")
    given: dict[str, Any] = {"form": form, "formats": formats, "jobs": archive.jobs(request.actor)}
    intakes = archive.intakes()
    given |= {"intakes": intakes if "all" in request.GET else intakes[:NEWEST], "files": len(intakes)}
    given |= {"kept": sum(row.held for row in intakes), "undoable": archive.undoable(request.actor, given["intakes"])}
    given["zones"] = ZONES
    return render(request, "web/intake.html", given)


def _as_before(request: Visit) -> dict[str, Any]:
    again = request.GET.get("again", "")
    row = request.rooms.archive.intake(again) if again else None
    return {"format": row.source_format, **row.options} if row else {}


def upload(request: Visit) -> HttpResponse:
    """Take files in and hand them to the worker."""
    archive = request.rooms.archive
    values = UploadForm.read(request, formats=[row.name for row in archive.formats()], options=archive.options())
    job_id = archive.receive(
        request.actor, values["uploads"], source_format=values["format"] or None, options=values["options"]
    )
    return redirect("intake-job", job_id)


def job(request: Visit, job_id: str) -> HttpResponse:
    """One import's progress; the page loads itself again until it is over."""
    row = request.rooms.archive.job(request.actor, job_id)
    given = {"job": row, "told": progress_of(row.report), "progress": progress(row, request.GET.get("since", ""))}
    return render(request, "web/job.html", given)


def cancel(request: Visit, job_id: str) -> HttpResponse:
    request.rooms.archive.cancel(request.actor, job_id)
    return redirect("intake-job", job_id)


def one(request: Visit, intake_id: str) -> HttpResponse:
    """What came from one file: counts, and rejects by reason."""
    archive = request.rooms.archive
    row = archive.intake(intake_id)
    given: dict[str, Any] = {"intake": row, "rejects": archive.rejects(intake_id)[:100]}
    job = archive.undo_job(request.actor, intake_id)
    given |= {"undoable": archive.undoable(request.actor, [row]), "undo_job": job}
    given["being_undone"] = job is not None and not job.is_over
    given["undone"] = date.fromisoformat(row.undone) if row.undone else None
    given |= {"by": archive.colour(row.undone_by), "heeds": _heeds(archive.options(), row.source_format)}
    return render(request, "web/intake_one.html", given)


def _heeds(options: list[OptionRow], source_format: str) -> bool:
    """Whether a format could have been read with other options."""
    return any(source_format in option.formats for option in options)


def undo(request: Visit, intake_id: str) -> HttpResponse:
    """What undoing takes out and what stays; asked once, then done."""
    archive = request.rooms.archive
    if request.method == "POST":
        return redirect("intake-job", archive.undo(request.actor, intake_id))
    given = {"intake": archive.intake(intake_id), "plan": archive.undo_plan(request.actor, intake_id)}
    return render(request, "web/intake_undo.html", given)


def rejects(request: Visit, intake_id: str) -> HttpResponse:
    """All rejects of one file as CSV: where, code, hash of the bytes; never their content."""
    sheet = StringIO()
    writer = csv.writer(sheet)
    writer.writerow(["where", "code", "raw_hash"])
    writer.writerows((row.where, row.code, row.raw_hash) for row in request.rooms.archive.rejects(intake_id))
    response = HttpResponse("\ufeff" + sheet.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="rejects.csv"'
    return response


def capture(request: Visit) -> HttpResponse:
    """Write down by hand what was seen."""
    if request.method != "POST":
        form = CaptureForm(initial={"seen_at": request.rooms.house.now()}).sent_to(request.path)
        given = {"form": form, "reads": request.rooms.archive.reads_pictures()}
        return render(request, "web/capture.html", given)
    values = CaptureForm.read(request)
    item = request.rooms.archive.capture(request.actor, values)
    return redirect(reverse("captured", args=[item]) + f"?pictures={len(values['screenshots'])}")


def captured(request: Visit, item: str) -> HttpResponse:
    """What was kept by hand, and what a machine read in its screenshots."""
    archive = request.rooms.archive
    pictures = request.GET.get("pictures", "")
    given = {"item": item, "scans": archive.scans(request.actor, item), "reads": archive.reads_pictures()}
    given["pictures"] = int(pictures) if pictures.isascii() and pictures.isdigit() and len(pictures) < 4 else 0
    return render(request, "web/captured.html", given)
