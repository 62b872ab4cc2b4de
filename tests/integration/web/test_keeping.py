"""*What is kept*: the tables and their reasons, what waits for another circle, forms, and looking for a name."""

from __future__ import annotations

from typing import Any

import page_reading
import pytest
import web_fakes

ACCOUNT = {"kind": "private", "platform": "telegram", "handle": "dalya_today", "native_id": ""}
ITEM = {"kind": "expunge", "item": web_fakes.ITEM, "reason": "harm"}


def text(answer: Any) -> str:
    return " ".join(page_reading.read(answer.content.decode()).one("main").text.split())


def test_every_rule_class_and_reason_has_its_words_in_the_page(django_workspace: Any) -> None:
    from dalil.archive.expunging import REASONS
    from dalil.archive.retention import CLASSES
    from dalil.sources.account_rules import RULES
    from dalil.web import words

    assert set(words.RULES) == {f"{rule.platform}:{rule.kind}" for rule in RULES}
    for rule in RULES:
        shown = words.word("rule", f"{rule.platform}:{rule.kind}").replace("’", "'")
        assert shown == rule.reason
        assert rule.kind in words.RULE_KINDS
    assert set(words.KEPT) == set(CLASSES)
    assert set(words.REASONS) == set(REASONS) - {"expired"}


def test_the_page_tells_rules_days_and_what_waits(member: Any) -> None:
    said = text(member.get("/kept"))
    assert "12 accounts are public" in said
    assert "400 days" in said
    assert "expunge an item" in said
    assert "Your circle proposed it; another must agree." in said
    assert member.get("/more").content.decode().count('href="/kept"') == 1


def test_proposing_and_deciding(member: Any, rooms: Any) -> None:
    assert member.post("/kept/account", ACCOUNT).headers["Location"] == "/kept"
    assert member.post("/kept/item", ITEM).headers["Location"] == "/kept"
    assert member.post(f"/kept/{web_fakes.WISH}/agree").headers["Location"] == "/kept"
    assert member.post(f"/kept/{web_fakes.WISH}/withdraw").headers["Location"] == "/kept"
    made = str(rooms.record.__dict__)
    for word in ("propose_account", "propose_item", "agree", "withdraw"):
        assert word in made


@pytest.mark.parametrize(
    ("address", "values"),
    [
        ("/kept/account", {**ACCOUNT, "handle": ""}),
        ("/kept/account", {**ACCOUNT, "kind": "expunge"}),
        ("/kept/item", {**ITEM, "item": ""}),
        ("/kept/item", {**ITEM, "reason": "expired"}),
        ("/kept/names", {"name": "ab"}),
    ],
)
def test_what_is_wrong_in_a_form_is_said_in_it(member: Any, address: str, values: dict[str, str]) -> None:
    answer = member.post(address, values)
    assert answer.status_code == 400
    assert 'class="wrong"' in answer.content.decode()


def test_a_name_is_looked_for_by_post_and_stands_in_no_address(member: Any, rooms: Any) -> None:
    answer = member.post("/kept/names", {"name": "Samira Halwani"})
    said = text(answer)
    assert "1 item names it." in said
    assert "posts.text" in said
    assert answer.headers["Cache-Control"].count("no-store") == 1
    assert "Halwani" not in answer.content.decode()
    assert member.get("/kept/names").status_code == 405
    rooms.keeping.empty = True
    assert "No field that may name somebody holds it." in text(member.post("/kept/names", {"name": "nobody"}))


def test_whoever_may_not_sees_no_form(sign_in_as: Any) -> None:
    spotter = sign_in_as(web_fakes.SPOTTER)
    page = spotter.get("/kept").content.decode()
    for place in ("account", "item", "names"):
        assert f'action="/kept/{place}"' not in page
        assert spotter.post(f"/kept/{place}", {}).status_code == 404
