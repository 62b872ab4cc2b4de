"""Pages over the fake rooms, and clients that are signed in on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import web_fakes


@pytest.fixture(autouse=True)
def english(django_workspace: Path) -> None:
    """Each test begins in English, whatever language the request before it was answered in."""
    from django.utils import translation

    translation.activate("en")


@pytest.fixture
def rooms(django_workspace: Path) -> Iterator[SimpleNamespace]:
    """The rooms that pages see in this test."""
    from dalil.web import rooms as seam

    made = web_fakes.rooms()
    seam.set_current(made)  # type: ignore[arg-type]  # test_rooms.py holds the fakes against the real ones
    yield made
    seam.set_current(None)


@pytest.fixture
def visitor(rooms: SimpleNamespace) -> Any:
    """A browser that nobody is signed in on."""
    from django.test import Client

    return Client(SERVER_NAME="localhost")


@pytest.fixture
def member(visitor: Any) -> Any:
    """A browser on which the keeper `oak-17` is signed in."""
    assert visitor.post("/login/code", {"code": web_fakes.CODE}).status_code == 302
    return visitor


@pytest.fixture
def sign_in_as(rooms: SimpleNamespace) -> Any:
    """A browser signed in as any of `web_fakes.ACTORS`."""
    from django.test import Client

    def sign_in(actor: Any) -> Any:
        client = Client(SERVER_NAME="localhost")
        rooms.people.one_time_login = lambda code: actor
        client.post("/login/code", {"code": "any"})
        return client

    return sign_in


@pytest.fixture
def speaking(django_workspace: Path) -> Any:
    """`with speaking("ar"):` puts a language in force."""
    from django.utils import translation

    return translation.override
