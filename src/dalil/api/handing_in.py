"""What Zeeschuimer and other tools speak to 4CAT, spoken by us: `POST /api/import-dataset/`, `GET /api/check-query/`.

The shapes are 4CAT's, so that a tool needs no change but the address. Nothing is parsed here: the body
is written where the worker reads it, and the worker's limited child finds out what it is.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import NinjaAPI

from dalil import __version__
from dalil.actions.house import House, current_house
from dalil.actions.import_progress import ImportProgress, RowState, progress_of
from dalil.actions.importing import JOB_KIND
from dalil.actions.receiving import receive
from dalil.api.credentials import has_credentials, who_asks
from dalil.errors import MESSAGES, DalilError
from dalil.jobs import queries
from dalil.jobs.queries import JobRow
from dalil.people.actor import Actor

PLATFORM_HEADER: Final = "X-Zeeschuimer-Platform"
_PLATFORM: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,38}[a-z0-9])?")
_PSEUDONYMISE: Final = frozenset({"", "none", "pseudonymise"})
_STATUS: Final = {"imports-many": 429}
"""Codes whose status is another one than their class's; the extension knows this one."""

# Beside the API of our own: another tool's addresses, at the places where that tool looks for them.
tools = NinjaAPI(title="Dalil, as other tools see it", version=__version__, docs_url=None, urls_namespace="tools")


@tools.exception_handler(DalilError)
def refuse(request: HttpRequest, error: Exception) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """4CAT's shape of a refusal."""
    assert isinstance(error, DalilError)
    status = _STATUS.get(error.code, error.http_status)
    answer = _json({"status": "error", "message": f"{error} {error.remedy}", "code": error.code}, status)
    if status == 429:
        answer.headers["Retry-After"] = "60"
    return answer


@tools.post("/import-dataset/", auth=None, include_in_schema=False)
def import_dataset(request: HttpRequest) -> HttpResponse:
    """Take a file in: the body is the file, as NDJSON."""
    house = current_house()
    actor = who_asks(request, house)
    if actor is None:
        return _unknown_sender(request)
    platform = request.headers.get(PLATFORM_HEADER, "").strip().lower()
    if not _PLATFORM.fullmatch(platform):
        return _error(404, "Unknown platform or source format")
    if request.GET.get("pseudonymise", "") not in _PSEUDONYMISE:
        return _error(400, "Private accounts are always pseudonymised here; nothing is anonymised beyond that.")
    job_id = receive(actor, request.read, house=house, expected=_announced(request), source=platform)
    return _json({"status": "queued", "key": job_id, "url": reverse("intake-job", args=[job_id])})


@tools.get("/check-query/", auth=None, include_in_schema=False)
def check_query(request: HttpRequest) -> HttpResponse:
    """How far a file is that was handed in."""
    house = current_house()
    actor = who_asks(request, house)
    if actor is None:
        return _unknown_sender(request)
    job = _job(actor, request.GET.get("key", ""), house)
    if job is None:
        return _json({"error": "Dataset does not exist."}, 404)
    progress = progress_of(job.report)
    said = _said(job, progress)
    return _json(
        {
            "datasource": progress.source,
            "status": said,
            "status_html": escape(said),
            "label": "",
            "rows": progress.read,
            "key": job.job_id,
            "done": _is_done(job),
            "path": False,
            "progress": 100 if _is_done(job) else _percent(job),
            "empty": progress.read == 0,
            "is_favourite": False,
            "url": request.build_absolute_uri(reverse("intake-job", args=[job.job_id])),
        }
    )


def _job(actor: Actor, key: str, house: House) -> JobRow | None:
    """An import of the asking member's own circle."""
    row = queries.job(key[:64])
    return row if row is not None and row.kind == JOB_KIND and row.circle == house.circle_of(actor) else None


def _is_done(job: JobRow) -> bool:
    """Whether the file is through; that its texts and pictures are compared afterwards need not be waited for."""
    return job.is_over or job.step != JOB_KIND


def _said(job: JobRow, progress: ImportProgress) -> str:
    """One sentence in English, as the extension's own are."""
    if job.state.value == "cancelled":
        return MESSAGES["import-cancelled"].text
    if job.error_code in MESSAGES:
        return MESSAGES[job.error_code].text
    refused = [row for row in progress.rows if row.state is RowState.REFUSED]
    if refused:
        return f"Not read ({refused[0].code})."
    counts = f"{progress.read:,} read, {progress.kept:,} kept, {progress.known:,} known already"
    if _is_done(job):
        return f"Done: {counts}."
    return "Waiting." if job.state.value == "queued" else f"Reading: {counts}."


def _percent(job: JobRow) -> int:
    return min(99, 100 * job.done // job.total) if job.total else 0


def _announced(request: HttpRequest) -> int | None:
    text = request.headers.get("Content-Length", "")
    return int(text) if text.isascii() and text.isdigit() else None


def _unknown_sender(request: HttpRequest) -> HttpResponse:
    """A browser that was given nothing is asked for name and password, of which either may be a token; 403 where
    what it gave is wrong, so that it does not ask again and again."""
    if has_credentials(request):
        return _error(403, "This token or login does not open anything here.")
    answer = _error(401, "Log in to the console in this browser, or give a token.")
    answer.headers["WWW-Authenticate"] = 'Basic realm="dalil", charset="UTF-8"'
    return answer


def _error(status: int, message: str) -> HttpResponse:
    return _json({"status": "error", "message": message}, status)


def _json(value: dict[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(value), status=status, content_type="application/json")
