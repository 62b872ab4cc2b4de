"""Tables that nobody reads by themselves: what their columns mean, looked at, saved, and used; and our own sheet."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from msgspec import structs

from dalil.errors import MESSAGES, DalilError, InputError, LimitReached
from dalil.errors import render as fill
from dalil.schema.table_looks import TableLook
from dalil.sources.formats.plain_table import template
from dalil.web.forms.claims import PLACES
from dalil.web.forms.tables import KINDS, MappingForm, TableForm
from dalil.web.languages import tongue
from dalil.web.sheet import PAPER
from dalil.web.visit import Visit

POSTS_ON_PAPER: Final = range(2)
LINES: Final = 6


def begin(request: Visit) -> HttpResponse:
    """What a table is, ours to fill in, and the form for a strange one."""
    form = TableForm().sent_to(request.path + "/upload")
    given = {"form": form, "saved": request.rooms.tables.saved(request.actor), "languages": template.HEADERS}
    return render(request, "web/table.html", given)


def upload(request: Visit) -> HttpResponse:
    """Take a table in to be looked at."""
    token = request.rooms.tables.begin(request.actor, TableForm.read(request)["table"])
    return redirect("table-map", token)


def of_job(request: Visit, job_id: str, number: int) -> HttpResponse:
    """A table among the files of an import, which nobody could read."""
    return redirect("table-map", request.rooms.tables.of_job(request.actor, job_id, number))


def map_columns(request: Visit, token: str) -> HttpResponse:
    """A choice for each column, and the posts as they would be."""
    if request.method == "POST":
        return _posted(request, token)
    look = request.rooms.tables.look(request.actor, token, None)
    row = request.rooms.tables.fitting(request.actor, look)
    if row is not None:
        look = request.rooms.tables.look(request.actor, token, row.mapping)
    return _page(request, token, look, MappingForm.of(look), used=row)


def _posted(request: Visit, token: str) -> HttpResponse:
    """Use a saved mapping, bring our own template in, look again, or save and import."""
    tables, act = request.rooms.tables, request.POST.get("act")
    if act == "use":
        row = tables.find(request.actor, request.POST.get("saved", ""))
        look = tables.look(request.actor, token, row.mapping)
        return _page(request, token, look, MappingForm.of(look), used=row)
    if act == "template":
        return redirect("intake-job", tables.bring_in(request.actor, token, None))
    header = tuple(request.POST.getlist("header"))
    form = MappingForm(request.POST, header=header)
    mapping = form.mapping()
    error: DalilError | None = None
    if act == "import" and form.is_valid():
        try:
            row = tables.save(request.actor, mapping)
            return redirect("intake-job", tables.bring_in(request.actor, token, row))
        except (InputError, LimitReached) as wrong:
            error = wrong
    look = tables.look(request.actor, token, mapping)
    if look.header != header:  # another separator, or no header line: the choices were for other columns
        look = tables.look(request.actor, token, structs.replace(mapping, columns={}))
        form = MappingForm.of(look)
    return _page(request, token, look, form, error=error)


def _page(
    request: Visit,
    token: str,
    look: TableLook,
    form: MappingForm,
    *,
    used: object = None,
    error: DalilError | None = None,
) -> HttpResponse:
    if error is None and look.problem:
        error = InputError(look.problem, **look.problem_facts)
    given: dict[str, Any] = {"token": token, "look": look, "form": form.sent_to(request.path), "used": used}
    given |= {"columns": list(form.columns(look)), "saved": request.rooms.tables.saved(request.actor)}
    given |= {"said": _said(error), "doubts": sorted({code for post in look.posts for code in post.warnings})}
    return render(
        request, "web/table_map.html", given, status=400 if error and request.POST.get("act") == "import" else 200
    )


def _said(error: DalilError | None) -> tuple[str, str] | None:
    """Message and remedy in the reader's language."""
    if error is None:
        return None
    message = MESSAGES[error.code]
    return fill(gettext(message.text), error.facts), fill(gettext(message.remedy), error.facts)


def forget(request: Visit, token: str) -> HttpResponse:
    """Remove a table that waits."""
    request.rooms.tables.forget(request.actor, token)
    return redirect("table")


def empty(request: Visit, language: str) -> HttpResponse:
    """The empty table for pages and groups saved by hand."""
    response = HttpResponse(request.rooms.tables.template(language), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="dalil-{language}.csv"'
    return response


def paper(request: Visit) -> HttpResponse:
    """The same fields on paper, for those without a device."""
    fields = template.HEADERS.get(tongue().code, template.HEADERS["en"])
    given: dict[str, Any] = {
        "fields": {field.value: text.partition(" (")[0] for field, text in fields.items()},
        "paper": PAPER,
    }
    given |= {"places": PLACES[:-1], "kinds": KINDS, "posts": POSTS_ON_PAPER, "lines": range(LINES)}
    return render(request, "web/paper.html", given)
