"""Who gets in: each address has its entry in the table, and the table is what is asked."""

from __future__ import annotations

from typing import Any

import pytest
import web_fakes

ARGUMENTS = {
    "name": "2026-W20",
    "measure": "m1",
    "claim_id": web_fakes.CLAIM,
    "suggestion_id": "9" * 32,
    "token": "0" * 32,
    "sha256": web_fakes.PICTURE,
    "job_id": web_fakes.JOB_RUNNING,
    "number": 1,
    "language": "ar",
    "item": web_fakes.ITEM,
    "intake_id": web_fakes.INTAKE,
    "member_id": "m3",
    "label": "k7m",
    "agreement_id": web_fakes.WISH,
}


def addresses() -> dict[str, str]:
    from django.urls import reverse

    from dalil.web.urls import urlpatterns

    made = {}
    for pattern in urlpatterns:
        wanted = pattern.pattern.converters
        made[pattern.name] = reverse(pattern.name, kwargs={key: ARGUMENTS[key] for key in wanted})
    return made


def test_every_address_has_a_door_and_every_door_an_address(django_workspace: Any) -> None:
    from dalil.web.doors import DOORS

    assert set(addresses()) == set(DOORS)


def test_without_a_login_only_open_doors_open(visitor: Any) -> None:
    from dalil.web.doors import DOORS, Door

    for name, address in addresses().items():
        for method in ("get", "post"):
            answer = getattr(visitor, method)(address)
            if answer.status_code == 405:
                continue
            if DOORS[name] is Door.OPEN:
                assert not answer.headers.get("Location", "").startswith("/login"), name
            else:
                assert answer.status_code == 302, name
                assert answer.headers["Location"].startswith("/login"), name


@pytest.mark.parametrize("actor", [web_fakes.SPOTTER, web_fakes.NEWCOMER, web_fakes.KEEPER])
def test_who_may_not_is_told_that_there_is_nothing(sign_in_as: Any, actor: Any) -> None:
    from dalil.people.permissions import Act, may
    from dalil.web.doors import DOORS

    client = sign_in_as(actor)
    nothing = client.get("/no/such/page")
    assert nothing.status_code == 404
    refused = 0
    for name, address in addresses().items():
        asked = DOORS[name]
        if not isinstance(asked, Act) or name == "door-everywhere":  # that one ends the session
            continue
        for method in ("get", "post"):
            answer = getattr(client, method)(address)
            if answer.status_code == 405:
                continue
            if may(actor, asked):
                assert answer.status_code != 404 or name == "seen-given", (name, method)
            else:
                refused += 1
                assert answer.status_code == 404, (name, method)
                assert _main(answer) == _main(nothing) or method == "post", name
                assert "There is nothing here under that name" in _main(answer)
    assert refused or actor is web_fakes.KEEPER


def _main(answer: Any) -> str:
    """The page without its masthead, which shows where one is."""
    return str(answer.content.decode().partition("<main")[2])


def test_a_page_that_is_in_no_table_stays_shut(member: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from dalil.web import doors

    monkeypatch.delitem(doors.DOORS, "more")
    assert member.get("/more").status_code == 404


def test_the_session_holds_a_random_id_and_nothing_of_a_person(member: Any) -> None:
    assert dict(member.session.items()) == {"m": "m1", "n": "nonce"}
    cookie = member.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert web_fakes.KEEPER.pseudonym not in cookie.value


def test_a_session_ends_when_its_nonce_changes(member: Any, rooms: Any) -> None:
    assert member.get("/").status_code == 200
    rooms.people.actor_for = lambda member_id, nonce: None
    assert member.get("/").headers["Location"] == "/login"


def test_login_goes_on_to_where_one_was_going_and_nowhere_else(visitor: Any) -> None:
    assert visitor.get("/claims?state=settled").headers["Location"] == "/login?next=%2Fclaims%3Fstate%3Dsettled"
    assert (
        'name="next" value="/claims?state=settled"'
        in visitor.get("/login?next=%2Fclaims%3Fstate%3Dsettled").content.decode()
    )
    good = visitor.post("/login/code", {"code": web_fakes.CODE, "next": "/claims?state=settled"})
    assert good.headers["Location"] == "/claims?state=settled"
    for elsewhere in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
        answer = visitor.post("/login/code", {"code": web_fakes.CODE, "next": elsewhere})
        assert answer.headers["Location"] == "/"


def test_login_by_passphrase_and_its_refusal(visitor: Any) -> None:
    form = {"pseudonym": "oak-17", "passphrase": "wrong", "totp": ""}
    answer = visitor.post("/login", form)
    assert answer.status_code == 400
    assert "does not open the keys" in answer.content.decode()
    answer = visitor.post("/login", form | {"passphrase": web_fakes.PASSPHRASE})
    assert answer.status_code == 302
    assert visitor.get("/").status_code == 200


def test_joining_shows_pseudonym_and_codes_once(visitor: Any) -> None:
    words = {"passphrase": web_fakes.PASSPHRASE, "again": web_fakes.PASSPHRASE}
    assert visitor.post("/join", words | {"code": "bad"}).status_code == 400
    differ = visitor.post("/join", words | {"code": web_fakes.INVITATION, "again": "something else"})
    assert differ.status_code == 400
    assert web_fakes.PASSPHRASE not in differ.content.decode()
    page = visitor.post("/join", words | {"code": web_fakes.INVITATION}).content.decode()
    assert "reed-21" in page
    assert "gate-moss-41" in page
    assert visitor.get("/").status_code == 200


def test_recovery(visitor: Any, rooms: Any) -> None:
    form = {"pseudonym": "oak-17", "code": "gate", "passphrase": web_fakes.PASSPHRASE}
    assert visitor.post("/login/recover", form).status_code == 302
    assert rooms.record.acts == [("recover", ("oak-17",))]


def test_the_lock_ends_the_session_and_clears_the_browser(member: Any) -> None:
    answer = member.post("/lock")
    assert answer.status_code == 200
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert member.get("/").status_code == 302
    assert "oak-17" not in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_words(rooms: Any) -> None:
    from django.test import Client

    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    answer = client.post("/login/code", {"code": web_fakes.CODE}, headers={"accept-language": "ar"})
    assert answer.status_code == 403
    assert "هذا النموذج أقدم من أن يُقبل" in answer.content.decode()
