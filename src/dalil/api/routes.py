"""The routes, their error answers and nothing else; every route needs a login, as the pages do."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.security import APIKeyCookie

from dalil import __version__
from dalil.actions.house import current_house
from dalil.actions.weeks import saved_week
from dalil.desk import queries
from dalil.errors import DalilError
from dalil.findings import measures
from dalil.people.actor import Actor


class Session(APIKeyCookie):
    """The console's own login; the door middleware has resolved it to an actor."""

    param_name = "sessionid"

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:  # noqa: ARG002 - ninja's signature
        """The actor that the door found, or None, which ninja answers with 401."""
        return getattr(request, "actor", None)


# No built-in documentation page: it would load scripts from elsewhere.
api = NinjaAPI(title="Dalil", version=__version__, docs_url=None, auth=Session())


def _json(value: object, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(value), status=status, content_type="application/json")


@api.exception_handler(DalilError)
def refuse(request: HttpRequest, error: Exception) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """A code, a sentence and a remedy, with the status of the error's class."""
    assert isinstance(error, DalilError)
    return _json({"error": {"code": error.code, "message": str(error), "remedy": error.remedy}}, error.http_status)


@api.get("/status", auth=None, summary="Whether Dalil runs, and its version")
def status(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja's signature
    """Nothing about the workspace: anyone who reaches the port may ask."""
    return {"ok": True, "version": __version__}


@api.get("/claims", summary="The board")
def claims(request: HttpRequest, state: str | None = None) -> HttpResponse:
    """The claims that the caller may see, oldest first."""
    house = current_house()
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the door middleware
    return _json({"as_of": house.now(), "claims": queries.board(actor, state=state, now=house.now())})


@api.get("/weeks/{week}", summary="The figures of one week")
def week(request: HttpRequest, week: str) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """The saved result, or null where the week was not computed."""
    house = current_house()
    measures.week_of(week, house.workspace.zone)
    return _json({"week": saved_week(house, week)})
