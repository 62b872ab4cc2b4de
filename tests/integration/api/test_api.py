"""The HTTP interface: who gets in, what it answers, and that its description is the one that is checked in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from desk_house import House as Desk

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "openapi.json"


@pytest.fixture
def desk(database: Path, now: datetime) -> Desk:
    """An empty desk."""
    return Desk(clock=now)


@pytest.fixture
def served(desk: Desk, tmp_path: Path, now: datetime) -> Iterator[Any]:
    """A house over a fresh workspace; made the one that this process serves."""
    from dalil.actions.house import House, set_current
    from dalil.archive.keys import Cost
    from dalil.archive.reading import Archive
    from dalil.archive.workspace import create
    from dalil.settings import Settings

    folder = tmp_path / "workspace"
    workspace = create(
        folder, zone="Asia/Baghdad", passphrase="four plain words here", encrypted_ok=True, cost=Cost(1, 1024, 1)
    )
    archive = Archive(workspace)
    house = House(workspace, archive, None, Settings(workspace=str(folder)), clock=lambda: now)
    set_current(house)
    yield house
    archive.close()


@pytest.fixture
def stranger(served: Any) -> Any:
    from django.test import Client

    return Client(SERVER_NAME="localhost")


@pytest.fixture
def member(stranger: Any, desk: Desk) -> Any:
    """A browser with the session of a keeper of the blue circle."""
    from django.conf import settings

    from dalil.people.queries import session_nonce

    actor = desk.member("blue")
    session = stranger.session
    session["m"], session["n"] = actor.member_id, session_nonce(actor)
    session.save()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    desk.claim(actor)
    return stranger


def test_anyone_may_ask_whether_it_runs_and_learns_nothing_else(stranger: Any) -> None:
    answer = stranger.get("/api/v1/status")
    assert answer.status_code == 200
    assert sorted(answer.json()) == ["ok", "version"]


@pytest.mark.parametrize("path", ["/api/v1/claims", "/api/v1/weeks/2026-W20"])
def test_a_stranger_is_refused(stranger: Any, path: str) -> None:
    assert stranger.get(path).status_code == 401


def test_a_forged_cookie_is_refused(stranger: Any) -> None:
    stranger.cookies["sessionid"] = "x" * 40
    assert stranger.get("/api/v1/claims").status_code == 401


def test_a_member_reads_the_board(member: Any) -> None:
    answer = member.get("/api/v1/claims")
    assert answer.status_code == 200
    told = answer.json()
    assert [row["number"] for row in told["claims"]] == [1]
    assert answer.headers["Cache-Control"] == "no-store"
    assert member.get("/api/v1/claims?state=settled").json()["claims"] == []


def test_a_week_that_was_never_counted_is_null(member: Any) -> None:
    assert member.get("/api/v1/weeks/2026-W20").json() == {"week": None}


def test_an_error_is_told_with_code_and_remedy(member: Any) -> None:
    answer = member.get("/api/v1/weeks/soon")
    assert answer.status_code == 400
    assert sorted(answer.json()["error"]) == ["code", "message", "remedy"]


def test_no_page_of_scripts_from_elsewhere_is_served(member: Any) -> None:
    assert member.get("/api/v1/docs").status_code == 404


def test_the_description_is_the_one_that_is_checked_in(django_workspace: Path) -> None:
    from dalil.app.openapi import description

    assert GOLDEN.read_text(encoding="utf-8") == description(), "if it is meant: make openapi"
