"""The pages over a real workspace: two circles take a claim from its log to a posted answer, by forms alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import page_reading
import pytest

PASSPHRASE = "six words that nobody will guess"
SENTENCE = "الرتل الرمادي يقول إنه يسيطر على جسر تل نهر."


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.at = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(database: Path, tmp_path: Path, clock: Clock) -> Iterator[Any]:
    """An unlocked live workspace with the circles blue and green, and nobody in them."""
    from dalil.actions.beginning import found_circle
    from dalil.actions.house import House, set_current
    from dalil.archive.keys import Cost
    from dalil.archive.reading import Archive
    from dalil.archive.workspace import create
    from dalil.people.sealing import SECRET, new_secret
    from dalil.settings import Settings

    workspace = create(tmp_path / "w", zone="Asia/Baghdad", passphrase="p", encrypted_ok=True, cost=Cost(1, 64, 1))
    keys = workspace.unlock("p")
    if not keys.has(SECRET):
        keys.put(SECRET, new_secret())
    with Archive(workspace, memory_mib=256, threads=1) as archive:
        made = House(workspace=workspace, archive=archive, keys=keys, settings=Settings(), clock=clock)
        set_current(made)
        for colour in ("blue", "green"):
            found_circle(made, colour)
        yield made


def joined(house: Any, colour: str, role: str) -> Any:
    """A browser of a new member: the command line invites, the page does the rest."""
    from django.test import Client

    from dalil.actions.people import invite
    from dalil.people import queries
    from dalil.people.actor import LOCAL, Role

    (circle,) = [row for row in queries.circles() if row.colour == colour]
    code = invite(LOCAL, Role(role), now=house.now(), keys=house.unlocked(), circle_id=circle.circle_id)
    client = Client(SERVER_NAME="localhost")
    page = client.post("/join", {"code": code, "passphrase": PASSPHRASE, "again": PASSPHRASE})
    assert page.status_code == 200, text(page)
    return client


def text(answer: Any) -> str:
    return " ".join(page_reading.read(answer.content.decode()).one("main").text.split())


def send(client: Any, address: str, **form: Any) -> str:
    answer = client.post(address, form)
    assert answer.status_code == 302, text(answer)
    return str(answer.headers["Location"])


def test_a_claim_from_its_log_to_its_answer(house: Any, clock: Clock) -> None:
    blue, green = joined(house, "blue", "keeper"), joined(house, "green", "keeper")
    address = send(
        blue,
        "/claims/new",
        sentence=SENTENCE,
        sentence_lang="ar",
        claim_type="victory",
        maker_class="group",
        platform1="facebook",
        language1="ar",
    )
    assert SENTENCE in text(blue.get("/claims"))
    send(blue, f"{address}/take")
    send(
        blue,
        f"{address}/check",
        question="Is it from today?",
        method="Looked it up",
        finding="No",
        evidence="https://a.example/older",
        confidence="certain",
    )
    send(blue, f"{address}/finding", sha256="ab" * 32, finding="recycled", note="A bridge")
    clock.at += timedelta(minutes=5)
    send(blue, f"{address}/vote", vote="false", reason="It is older.", sure="on")
    again = blue.post(f"{address}/vote", {"vote": "true", "reason": "x", "sure": "on"})
    assert again.status_code == 409
    seen_by_green = text(green.get(address))
    assert "voted; sealed until both are in" in seen_by_green
    assert "It is older." not in seen_by_green
    assert "Second vote" in text(green.get("/"))
    send(green, f"{address}/vote", vote="false", reason="Two outlets show it.", sure="on")
    settled = text(blue.get(address))
    assert "verdict: false" in settled
    assert "It is older." in settled
    assert "Two outlets show it." in settled
    send(blue, f"{address}/answer", text="الجسر في الصورة هو جسر قصر عدلان.", language="ar", platform="facebook")
    (answer_id,) = re.findall(r'name="answer_id" value="(\w+)"', blue.get(address).content.decode())
    send(
        blue,
        f"{address}/posted",
        answer_id=answer_id,
        url="https://a.example/answer",
        posted_at="2026-05-17T14:22",
        sure="on",
    )
    done = text(green.get(address))
    assert "https://a.example/answer" in done
    assert "answered" in done
    send(green, f"{address}/reopen", reason="A newer post", sure="on")
    assert "reopened" in text(green.get(address))


def test_a_threat_is_warned_and_a_rumour_is_passed_over_for_now(house: Any) -> None:
    blue = joined(house, "blue", "keeper")
    place = {"sentence_lang": "en", "maker_class": "unknown", "platform1": "x", "language1": "en"}
    threat = send(blue, "/claims/new", sentence="A page lists names.", claim_type="threat", **place)
    refused = blue.post(f"{threat}/silence", {"reason": "small", "review_at": "2026-05-17T18:00", "sure": "on"})
    assert refused.status_code == 409
    assert "A threat is never passed over in silence." in text(refused)
    send(blue, f"{threat}/warned")
    small = send(blue, "/claims/new", sentence="A page says it saw trucks.", claim_type="other", **place)
    send(blue, f"{small}/silence", reason="small", reach="300", review_at="2026-05-17T18:00", sure="on")
    page = text(blue.get(small))
    assert "look again 17 May 2026, 18:00" in page
    send(blue, f"{small}/end-silence")
    assert "silence, ended" in text(blue.get(small))


def test_an_empty_house_opens_every_page(house: Any) -> None:
    keeper = joined(house, "blue", "keeper")
    for address in (
        "/",
        "/claims",
        "/claims/suggested",
        "/seen",
        "/search",
        "/intake",
        "/capture",
        "/circle",
        "/door",
        "/more",
    ):
        assert keeper.get(address).status_code == 200, address
    audit = text(keeper.get("/audit"))
    assert "The chain is whole" in audit
    assert "Blue circle" in audit


def test_the_circle_by_its_pages(house: Any) -> None:
    keeper, other = joined(house, "blue", "keeper"), joined(house, "blue", "checker")
    page = keeper.post("/circle/invite", {"role": "spotter"})
    (code,) = re.findall(r'<bdi class="code" dir="ltr">([^<]+)</bdi>', page.content.decode())
    from django.test import Client

    newcomer = Client(SERVER_NAME="localhost")
    assert newcomer.post("/join", {"code": code, "passphrase": PASSPHRASE, "again": PASSPHRASE}).status_code == 200
    assert newcomer.get("/circle").status_code == 404
    vouch = set(re.findall(r'action="(/circle/\w+/confirm)"', keeper.get("/circle").content.decode()))
    assert len(vouch) == 1
    send(keeper, *vouch)
    send(other, *vouch)
    assert newcomer.get("/circle").status_code == 200
    assert newcomer.post("/circle/invite", {"role": "spotter"}).status_code == 404


def test_a_login_by_pseudonym_and_an_end_to_all_sessions(house: Any) -> None:
    from django.test import Client

    keeper = joined(house, "green", "keeper")
    (pseudonym,) = re.findall(r'<span><bdi dir="ltr">([\w-]+)</bdi>', keeper.get("/more").content.decode())
    again = Client(SERVER_NAME="localhost")
    wrong = again.post("/login", {"pseudonym": pseudonym, "passphrase": "not this one", "totp": ""})
    assert wrong.status_code in (400, 404)
    assert again.post("/login", {"pseudonym": pseudonym, "passphrase": PASSPHRASE, "totp": ""}).status_code == 302
    assert again.get("/").status_code == 200
    keeper.post("/door/everywhere")
    assert again.get("/").status_code == 302


@pytest.mark.slow
def test_what_is_captured_by_hand_is_seen_before(house: Any) -> None:
    from dalil.actions import indexes

    keeper = joined(house, "blue", "keeper")
    form = {
        "platform": "facebook",
        "address": "https://www.facebook.com/sahlara/posts/1",
        "text": SENTENCE,
        "page_name": "Sahlara Live",
        "account_kind": "page",
        "seen_at": "2026-05-17T14:00",
    }
    kept = keeper.post("/capture", form)
    assert kept.status_code == 302, text(kept)
    assert "It is in the archive" in text(keeper.get(kept.headers["Location"]))
    indexes.refresh(house)
    answer = keeper.post("/seen", {"text": SENTENCE + "!!"})
    found = text(keeper.get(answer.headers["Location"]))
    assert "This text is in our archive since 17 May 2026." in found
    assert "hand-capture" in text(keeper.get("/intake"))
    answer = keeper.post("/search", {"text": SENTENCE.split(maxsplit=1)[0], "source": "Sahlara"})
    found = text(keeper.get(answer.headers["Location"]))
    assert "1 of 1 posts holds all of it" in found
    assert "Sahlara Live" in found
    assert keeper.post("/search", {"text": " - "}).status_code == 400
    none = keeper.post("/seen", {"text": "Quite another sentence, about the weather in the hills."})
    assert "is not in our archive" in text(keeper.get(none.headers["Location"]))
