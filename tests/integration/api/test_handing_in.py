"""4CAT's doors, as Zeeschuimer knocks at them: who may hand in, what is answered, what stays."""

from __future__ import annotations

import base64
import logging
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from import_inputs import x_line
from real_house import Clock, member_of, real_house, work

from dalil.settings import MIB

BODY = "".join(x_line(number) + "\n" for number in range(1, 6)).encode()
PLATFORM = {"X-Zeeschuimer-Platform": "twitter.com"}


@pytest.fixture
def house(database: Path, tmp_path: Path) -> Iterator[Any]:
    with real_house(tmp_path / "w", Clock(), upload_bytes=MIB) as made:
        yield made


@pytest.fixture
def actor(house: Any) -> Any:
    return member_of(house, "blue")


@pytest.fixture
def token(house: Any, actor: Any) -> str:
    return new_token(house, actor)


def new_token(house: Any, actor: Any) -> str:
    from dalil.actions.people import make_token

    return str(make_token(actor, now=house.now(), keys=house.unlocked()).token)


def browser() -> Any:
    from django.test import Client

    return Client(SERVER_NAME="localhost", enforce_csrf_checks=True)


def signed_in(actor: Any) -> Any:
    from django.conf import settings

    from dalil.people.queries import session_nonce

    client = browser()
    session = client.session
    session["m"], session["n"] = actor.member_id, session_nonce(actor)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def post(client: Any, body: bytes = BODY, *, address: str = "/api/import-dataset/", **headers: str) -> Any:
    given = {**PLATFORM, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return client.post(address, body, content_type="application/x-ndjson", headers=given)


def uploads(house: Any) -> list[Path]:
    return sorted(path for path in house.workspace.tmp.glob("upload-*/*"))


def waiting() -> int:
    from dalil.jobs import queries

    return int(queries.unfinished())


def test_a_file_is_handed_in_read_and_asked_for(house: Any, actor: Any, token: str) -> None:
    client = browser()
    answer = post(client, Authorization=f"Bearer {token}")
    assert answer.status_code == 200
    told = answer.json()
    assert sorted(told) == ["key", "status", "url"]
    assert (told["status"], told["url"]) == ("queued", f"/intake/job/{told['key']}")
    [upload] = uploads(house)
    assert upload.read_bytes() == BODY
    assert stat.S_IMODE(upload.stat().st_mode) == 0o600
    assert stat.S_IMODE(upload.parent.stat().st_mode) == 0o700
    before = check(client, told["key"], token)
    assert (before["done"], before["rows"], before["status"]) == (False, 0, "Waiting.")
    work(house)
    after = check(client, told["key"], token)
    assert sorted(after) == [
        *("datasource", "done", "empty", "is_favourite", "key", "label", "path", "progress", "rows", "status"),
        *("status_html", "url"),
    ]
    assert (after["done"], after["rows"], after["progress"], after["empty"]) == (True, 5, 100, False)
    assert after["status"] == "Done: 5 read, 5 kept, 0 known already."
    assert after["datasource"] == "twitter.com"
    assert after["url"] == f"http://localhost/intake/job/{told['key']}"
    assert uploads(house) == []
    [intake] = house.archive.intakes()
    assert (intake.kept, intake.collected_by) == (5, actor.circle_id)


def check(client: Any, key: str, token: str) -> Any:
    answer = client.get(f"/api/check-query/?key={key}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.parametrize(
    "place",
    [
        lambda token: {"Authorization": f"Bearer {token}"},
        lambda token: {"Authorization": token},
        lambda token: {"Authentication": token},
        lambda token: {"Authorization": "Basic " + base64.b64encode(f"any:{token}".encode()).decode()},
        lambda token: {"Authorization": "Basic " + base64.b64encode(f"{token}:".encode()).decode()},
        lambda token: {"address": f"/api/import-dataset/?access-token={token}"},
        lambda token: {"address": f"/api/import-dataset/?access-token={token}&pseudonymise=pseudonymise"},
    ],
)
def test_a_token_may_stand_wherever_programs_put_one(token: str, place: Any) -> None:
    assert post(browser(), **place(token)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer aaaaa-bbbbb-ccccc-ddddd"},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic " + base64.b64encode(b"\xff\xfe").decode()},
        {"Authentication": "x" * 10_000},
        {"address": "/api/import-dataset/?access-token=wrong"},
    ],
)
def test_a_wrong_token_is_refused_and_nothing_is_kept(house: Any, headers: dict[str, str]) -> None:
    answer = post(browser(), **headers)
    assert answer.status_code in (401, 403)
    assert answer.json()["status"] == "error"
    assert (uploads(house), waiting()) == ([], 0)


def test_whoever_gives_nothing_is_asked_for_a_token_and_not_asked_again(token: str) -> None:
    """By the browser's own window, which knows only Basic."""
    asked = post(browser())
    assert (asked.status_code, asked.headers["WWW-Authenticate"]) == (401, 'Basic realm="dalil", charset="UTF-8"')
    wrong = post(browser(), Authorization="Basic " + base64.b64encode(b"x:wrong").decode())
    assert (wrong.status_code, "WWW-Authenticate" in wrong.headers) == (403, False)


def test_the_consoles_own_login_is_enough_in_the_same_browser(house: Any, actor: Any) -> None:
    """As the extension is made: it sends no token, and the browser sends the cookie for it."""
    client = signed_in(actor)
    assert post(client).status_code == 200
    assert post(client, Origin="moz-extension://0d3f-11aa").status_code == 200
    assert post(client, Origin="chrome-extension://abcdef").status_code == 200
    assert post(client, Origin="http://localhost").status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost.evil.example", "null", "file://", "http://localhost:1"]
)
def test_no_other_sites_page_hands_in_with_somebodys_login(house: Any, actor: Any, origin: str) -> None:
    answer = post(signed_in(actor), Origin=origin)
    assert answer.status_code == 403
    assert (uploads(house), waiting()) == ([], 0)


def test_nothing_is_allowed_across_origins(token: str) -> None:
    client = browser()
    asked = client.options("/api/import-dataset/", headers={"Origin": "https://evil.example"})
    given = post(client, Authorization=f"Bearer {token}", Origin="https://evil.example")
    for answer in (asked, given):
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    assert asked.status_code == 405


def test_a_wrong_token_is_refused_beside_a_right_login(actor: Any) -> None:
    assert post(signed_in(actor), Authorization="Bearer wrong").status_code == 403


def test_a_token_opens_nothing_else(token: str) -> None:
    client = browser()
    headers = {"Authorization": f"Bearer {token}"}
    for path in ("/api/v1/claims", "/intake", "/door"):
        assert client.get(path, headers=headers).status_code in (302, 401)
        assert client.get(f"{path}?access-token={token}").status_code in (302, 401)


def test_a_revoked_member_and_an_ended_token_hand_in_no_more(house: Any, actor: Any, token: str) -> None:
    from dalil.actions import people

    people.log_out_everywhere(actor, now=house.now())
    assert post(browser(), Authorization=f"Bearer {token}").status_code == 403
    fresh = new_token(house, actor)
    for peer in (member_of(house, "blue"), member_of(house, "blue")):
        people.revoke(peer, actor.member_id, now=house.now())
    assert post(browser(), Authorization=f"Bearer {fresh}").status_code == 403


@pytest.mark.parametrize("platform", ["", "a b", "../x", "<script>", "x" * 60, "tiktok.com\u202e", "-x"])
def test_what_is_no_platform_is_said_in_the_words_the_extension_knows(house: Any, token: str, platform: str) -> None:
    answer = post(browser(), Authorization=f"Bearer {token}", X_Zeeschuimer_Platform=platform)
    assert answer.status_code == 404
    assert "Unknown platform or source format" in answer.json()["message"]
    assert uploads(house) == []


@pytest.mark.parametrize(("mode", "status"), [("", 200), ("none", 200), ("pseudonymise", 200), ("anonymise", 400)])
def test_no_more_is_promised_than_is_done(token: str, mode: str, status: int) -> None:
    address = f"/api/import-dataset/?pseudonymise={mode}"
    assert post(browser(), Authorization=f"Bearer {token}", address=address).status_code == status


def test_too_large_and_empty(house: Any, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    assert post(browser(), bytes(MIB + 1), **headers).status_code == 413
    assert post(browser(), b"", **headers).status_code == 400
    assert (uploads(house), list(house.workspace.tmp.glob("upload-*")), waiting()) == ([], [], 0)


def test_a_body_that_is_cut_off_is_not_kept(house: Any, actor: Any) -> None:
    import io

    from dalil.actions.receiving import receive
    from dalil.errors import InputError

    with pytest.raises(InputError) as caught:
        receive(actor, io.BytesIO(BODY).read, house=house, expected=len(BODY) + 1)
    assert caught.value.code == "upload-cut"
    assert (list(house.workspace.tmp.glob("upload-*")), waiting()) == ([], 0)


def test_a_body_without_its_length_has_the_same_limit(house: Any, actor: Any) -> None:
    from dalil.actions.receiving import receive
    from dalil.errors import LimitReached

    with pytest.raises(LimitReached) as caught:
        receive(actor, lambda count: b"x" * count, house=house, expected=None)
    assert caught.value.code == "upload-too-large"
    assert list(house.workspace.tmp.glob("upload-*")) == []


def test_a_sender_that_breaks_off_leaves_nothing(house: Any, actor: Any) -> None:
    from dalil.actions.receiving import receive

    def breaks(count: int) -> bytes:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        receive(actor, breaks, house=house, expected=None)
    assert list(house.workspace.tmp.glob("upload-*")) == []


def test_too_many_waiting_is_said_as_the_extension_knows_it(house: Any, token: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("dalil.actions.receiving.MOST_WAITING", 2)
    answers = [post(browser(), Authorization=f"Bearer {token}") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "60"
    work(house)
    assert post(browser(), Authorization=f"Bearer {token}").status_code == 200


def test_only_ones_own_circles_imports_are_told(house: Any, token: str) -> None:
    key = post(browser(), Authorization=f"Bearer {token}").json()["key"]
    other = new_token(house, member_of(house, "green"))
    for given in (other, None):
        headers = {"Authorization": f"Bearer {given}"} if given else {}
        answer = browser().get(f"/api/check-query/?key={key}", headers=headers)
        assert answer.status_code == (404 if given else 401)
    for wrong in ("", "x" * 500, "0" * 32):
        answer = browser().get(f"/api/check-query/?key={wrong}", headers={"Authorization": f"Bearer {token}"})
        assert answer.json() == {"error": "Dataset does not exist."}


def test_a_file_in_no_format_is_done_and_said(house: Any, token: str) -> None:
    key = post(browser(), b"just words\n", Authorization=f"Bearer {token}").json()["key"]
    work(house)
    told = check(browser(), key, token)
    assert (told["done"], told["rows"], told["empty"], told["status"]) == (True, 0, True, "Not read (format-unknown).")


def test_a_cancelled_import_is_done_and_said(house: Any, token: str) -> None:
    from dalil.jobs import queue

    key = post(browser(), Authorization=f"Bearer {token}").json()["key"]
    queue.cancel(key, house.now())
    told = check(browser(), key, token)
    assert (told["done"], told["status"]) == (True, "This import was cancelled.")


def test_a_token_is_in_no_log_wherever_it_stands(house: Any, token: str, caplog: pytest.LogCaptureFixture) -> None:
    client = browser()
    with caplog.at_level(logging.DEBUG):
        key = post(client, address=f"/api/import-dataset/?access-token={token}").json()["key"]
        client.get(f"/api/check-query/?key={key}&access-token={token}")
        client.get(f"/api/check-query/?key=none&access-token={token}")
        client.get(f"/api/nothing/?access-token={token}")
        post(client, Authorization=f"Bearer {token}", X_Zeeschuimer_Platform="")
        work(house)
    written = caplog.text + "".join(
        str(record.__dict__) for record in caplog.records if record.name.startswith("dalil")
    )
    assert token not in written
    assert token.replace("-", "") not in written


def test_what_is_answered_is_kept_by_no_browser(token: str) -> None:
    assert post(browser(), Authorization=f"Bearer {token}").headers["Cache-Control"] == "no-store"


def test_the_header_is_the_one_that_the_extension_sends(django_workspace: Path) -> None:
    from dalil.api import handing_in

    assert handing_in.PLATFORM_HEADER == "X-Zeeschuimer-Platform"
