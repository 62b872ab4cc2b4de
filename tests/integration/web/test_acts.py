"""Every act is a plain form: what is read from it, what is refused, and that nothing typed is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import page_reading
import pytest
import web_fakes
from django.core.files.uploadedfile import SimpleUploadedFile

from dalil.schema.words import ClaimType, ClaimVerdict, Confidence, MediaFindingKind

CLAIM = f"/claims/{web_fakes.CLAIM}"
FORMS: dict[str, dict[str, Any]] = {
    "check": {"question": "Q?", "method": "looked", "finding": "No", "evidence": "a\n\n b ", "confidence": "certain"},
    "finding": {"sha256": "ab" * 32, "finding": "recycled", "earliest_captured": "2025-03-12T12:41", "note": ""},
    "report": {
        "observation_id": "cd" * 32,
        "code": "contests",
        "own_evidence": "on",
        "platform": "facebook",
        "language": "ar",
        "maker_class": "independent",
        "at": "2026-05-17T10:00",
        "views": "120",
    },
    "vote": {"vote": "false", "reason": "older", "sure": "on"},
    "reopen": {"reason": "new post", "sure": "on"},
    "answer": {"text": "الجسر قديم", "language": "ar", "platform": "facebook"},
    "posted": {"answer_id": "5" * 32, "url": "https://a.example/1", "posted_at": "2026-05-17T14:00", "sure": "on"},
    "silence": {"reason": "small", "reach": "", "review_at": "2026-05-17T18:00", "sure": "on"},
}
NAMES = {
    "check": "add_check",
    "finding": "record_finding",
    "report": "code_report",
    "answer": "draft_answer",
    "posted": "record_posted",
    "silence": "stay_silent",
}


@pytest.mark.parametrize("act", FORMS)
def test_an_act_reaches_the_desk_and_comes_back(member: Any, rooms: Any, act: str) -> None:
    answer = member.post(f"{CLAIM}/{act}", FORMS[act])
    assert answer.status_code == 302, answer.content.decode()
    assert answer.headers["Location"].startswith(CLAIM)
    ((name, given),) = rooms.record.acts
    assert name == NAMES.get(act, act)
    assert given[0] == web_fakes.CLAIM


def test_values_are_words_of_ours_and_times_are_of_the_zone(member: Any, rooms: Any) -> None:
    for act in ("check", "finding", "vote", "silence"):
        member.post(f"{CLAIM}/{act}", FORMS[act])
    check, finding, vote, silence = (given[1] for _name, given in rooms.record.acts)
    assert check["evidence"] == ("a", "b")
    assert check["confidence"] is Confidence.CERTAIN
    assert finding["finding"] is MediaFindingKind.RECYCLED
    assert finding["earliest_captured"].astimezone(UTC) == datetime(2025, 3, 12, 9, 41, tzinfo=UTC)
    assert vote["vote"] is ClaimVerdict.FALSE
    assert silence["review_at"].astimezone(UTC) == datetime(2026, 5, 17, 15, 0, tzinfo=UTC)
    assert silence["reach"] is None


@pytest.mark.parametrize("act", ["take", "hand-over", "warned", "end-silence"])
def test_acts_of_one_button(member: Any, rooms: Any, act: str) -> None:
    assert member.post(f"{CLAIM}/{act}").status_code == 302
    assert len(rooms.record.acts) == 1
    assert member.get(f"{CLAIM}/{act}").status_code == 405


@pytest.mark.parametrize("act", [name for name, form in FORMS.items() if "sure" in form])
def test_what_cannot_be_taken_back_asks_once(member: Any, rooms: Any, act: str) -> None:
    form = {key: value for key, value in FORMS[act].items() if key != "sure"}
    assert member.post(f"{CLAIM}/{act}", form).status_code == 400
    assert not rooms.record.acts


def test_a_refused_form_comes_back_as_it_was_filled_in(member: Any) -> None:
    form = {"vote": "false", "reason": "a long reason that must not be lost"}
    answer = member.post(f"{CLAIM}/vote", form, headers={"accept-language": "ar"})
    assert answer.status_code == 400
    page = page_reading.read(answer.content.decode())
    assert page.one("textarea").text.strip() == form["reason"]
    assert next(e for e in page.all("input") if "checked" in e.attributes).attributes["value"] == "false"
    assert {"action": f"{CLAIM}/vote"}.items() <= page.all("form")[-1].attributes.items()
    assert any("wrong" in e.attributes.get("class", "") for e in page.elements)


def test_an_error_of_ours_is_said_in_the_readers_language(member: Any) -> None:
    answer = member.post(f"/claims/{web_fakes.SETTLED}/vote", FORMS["vote"], headers={"accept-language": "ckb"})
    assert answer.status_code == 409
    said = answer.content.decode()
    assert "&#x27;vote&#x27; ناتوانێت &#x27;again&#x27; بێت" in said
    assert f'href="/claims/{web_fakes.SETTLED}"' in said


def test_an_error_that_nobody_foresaw_tells_nothing(member: Any, rooms: Any) -> None:
    def fail(actor: Any) -> Any:
        raise RuntimeError("a secret sentence")

    rooms.desk.board = fail
    member.raise_request_exception = False
    answer = member.get("/claims")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()
    assert "Nothing of this step was kept" in answer.content.decode()


def test_every_error_class_has_its_status(django_workspace: Any) -> None:
    from django.test import RequestFactory

    from dalil import errors
    from dalil.web import failures

    for kind in errors.DalilError.__subclasses__():
        request = RequestFactory(SERVER_NAME="localhost").get("/")
        answer = failures.answer(request, kind("disk-full"))
        assert answer.status_code == kind.http_status
        assert "The disk is full" in answer.content.decode()


def test_a_claim_is_logged_with_its_cells(member: Any, rooms: Any) -> None:
    form = {
        "sentence": "صفحة تقول إن …",
        "sentence_lang": "ar",
        "claim_type": "victory",
        "maker_class": "group",
        "platform1": "facebook",
        "language1": "ar",
        "platform2": "telegram",
        "language2": "ckb",
        "platform3": "facebook",
        "language3": "ar",
        "observation": web_fakes.ITEM,
    }
    assert member.post("/claims/new", form).headers["Location"] == CLAIM
    ((_name, (values,)),) = rooms.record.acts
    assert values["cells"] == [("facebook", "ar"), ("telegram", "ckb")]
    assert values["claim_type"] is ClaimType.VICTORY
    half = member.post("/claims/new", form | {"language2": ""})
    assert half.status_code == 400
    assert "A place needs both." in half.content.decode()


def test_a_new_claim_begins_with_an_item_or_a_suggestion(member: Any) -> None:
    assert f'value="{web_fakes.ITEM}"' in member.get(f"/claims/new?item={web_fakes.ITEM}").content.decode()
    assert "<script>" not in member.get("/claims/new?item=<script>").content.decode()
    page = member.get(f"/claims/new?suggestion={'9' * 32}").content.decode()
    assert f'name="suggestion" value="{"9" * 32}"' in page
    assert "9" * 32 not in member.get(f"/claims/new?suggestion={'8' * 32}").content.decode()


def test_a_suggestion_is_dismissed(member: Any, rooms: Any) -> None:
    assert member.post(f"/claims/suggested/{'9' * 32}/dismiss").headers["Location"] == "/claims/suggested"
    assert rooms.record.acts == [("dismiss", ("9" * 32,))]


def test_search_words_go_by_post_and_stay_out_of_addresses(member: Any) -> None:
    page = page_reading.read(member.post("/claims?state=settled", {"words": "پارێزگار"}).content.decode())
    assert "1 of 5 claims" in page.one("main").text
    assert all("پارێزگار" not in e.attributes.get("href", "") + e.attributes.get("action", "") for e in page.elements)
    (box,) = [e for e in page.all("input") if e.attributes.get("type") == "search"]
    assert box.attributes["value"] == "پارێزگار"
    assert "0 of 5 claims" in member.post("/claims", {"words": "nowhere"}).content.decode()


def test_a_threat_is_never_offered_silence(member: Any) -> None:
    page = page_reading.read(member.get(f"/claims/{web_fakes.THREAT}").content.decode())
    actions = {e.attributes["action"] for e in page.all("form")}
    assert f"/claims/{web_fakes.THREAT}/silence" not in actions
    assert f"/claims/{web_fakes.THREAT}/warned" in actions
    assert "never left in silence" in page.one("main").text


def test_only_open_acts_are_offered(member: Any) -> None:
    page = page_reading.read(member.get(f"/claims/{web_fakes.SETTLED}").content.decode())
    actions = {e.attributes["action"].rsplit("/", 1)[-1] for e in page.all("form")}
    assert {"report", "reopen", "answer", "posted"} <= actions
    assert not {"take", "vote", "silence", "check", "finding"} & actions


def test_a_sealed_vote_is_not_told(member: Any) -> None:
    main = page_reading.read(member.get(CLAIM).content.decode()).one("main").text
    assert "voted; sealed until both are in" in main


def test_the_circle(member: Any, rooms: Any) -> None:
    assert "gate-moss-salt-41" in member.post("/circle/invite", {"role": "checker"}).content.decode()
    member.post("/circle/m3/confirm")
    member.post("/circle/m3/revoke")
    assert rooms.record.acts == [("invite", ("checker",)), ("confirm", ("m3",)), ("revoke", ("m3",))]
    assert member.post("/circle/invite", {"role": "emperor"}).status_code == 400


def test_ones_own_door(member: Any, rooms: Any) -> None:
    assert "JBSWY3DPEHPK3PXP" in member.post("/door/totp").content.decode()
    assert member.post("/door/totp", {"code": "123456"}).headers["Location"] == "/door"
    assert member.post("/door/everywhere").headers["Clear-Site-Data"]
    assert [name for name, _ in rooms.record.acts] == ["enable_totp", "log_out_everywhere"]


def test_tokens_of_ones_own_are_made_once_shown_and_ended(member: Any, rooms: Any) -> None:
    assert "k7m" in member.get("/door").content.decode()
    page = member.post("/door/token").content.decode()
    assert "aaaaa-bbbbb-ccccc-ddddd" in page
    assert "q2w" in page
    assert "aaaaa" not in member.get("/door").content.decode()
    assert member.post("/door/token/k7m/end").headers["Location"] == "/door"
    assert rooms.record.acts == [("make_token", ()), ("revoke_token", ("k7m",))]
    assert member.get("/door/token").status_code == 405


def test_a_damaged_chain_is_said_first(member: Any, rooms: Any) -> None:
    rooms.ledger.damages = ("audit: 3",)
    assert "The chain is damaged in 1 place." in member.get("/audit").content.decode()


def upload(name: str = "posts.jsonl", data: bytes = b"{}") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_files_come_in(member: Any, rooms: Any) -> None:
    answer = member.post("/intake/upload", {"uploads": [upload(), upload("b.csv", b"12345")], "format": "x-api-v2"})
    assert answer.headers["Location"] == f"/intake/job/{web_fakes.JOB_RUNNING}"
    assert rooms.record.acts == [("receive", ([2, 5], "x-api-v2", {}))]
    assert member.post("/intake/upload", {"format": ""}).status_code == 400


def test_progress_loads_itself_until_it_is_over(member: Any, rooms: Any) -> None:
    page = member.get(f"/intake/job/{web_fakes.JOB_RUNNING}").content.decode()
    assert f'http-equiv="refresh" content="3; url=/intake/job/{web_fakes.JOB_RUNNING}?since=12400000-' in page
    assert "40%: 12.4 MB of 31.0 MB" in page
    assert "4,120 records a second" in page
    assert "File 2 of 3" in page
    done = member.get(f"/intake/job/{web_fakes.JOB_DONE}").content.decode()
    assert "http-equiv" not in done
    failed = member.get(f"/intake/job/{web_fakes.JOB_FAILED}").content.decode()
    assert "The disk is full" in failed
    assert member.get(f"/intake/job/{'7' * 32}").status_code == 404
    member.post(f"/intake/job/{web_fakes.JOB_RUNNING}/cancel")
    assert rooms.record.acts == [("cancel", (web_fakes.JOB_RUNNING,))]


def test_each_file_of_an_import_has_its_row(member: Any) -> None:
    """What was recognised, what is new and known, and why the rest was not read; no file's name."""
    page = page_reading.read(member.get(f"/intake/job/{web_fakes.JOB_DONE}").content.decode())
    read, pages, other, broken = (row.text for row in page.all("tr")[1:])
    assert all(word in read for word in ("x-api-v2", "12,300", "12,034", "211", "22"))
    assert "crowdtangle-csv" in pages
    assert "passed over 3 files" in other
    assert "'this file' is locked with a password." in broken
    assert "12,780 read · 12,514 new · 211 known already" in page.one("main").text


def test_rejects_download(member: Any) -> None:
    answer = member.get(f"/intake/{web_fakes.INTAKE}/rejects.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "where,code,raw_hash"
    assert len(lines) == 23
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_capture_by_hand(member: Any, rooms: Any) -> None:
    form = {
        "platform": "facebook",
        "address": "https://a.example/1",
        "text": "نص",
        "page_name": "",
        "account_kind": "page",
        "seen_at": "2026-05-17T14:00",
    }
    kept = member.post("/capture", form)
    assert kept.headers["Location"] == f"/capture/kept/{web_fakes.ITEM}?pictures=0"
    ((_name, (values,)),) = rooms.record.acts
    assert values["screenshots"] == []
    assert values["seen_at"].astimezone(UTC) == datetime(2026, 5, 17, 11, 0, tzinfo=UTC)
    assert member.post("/capture", form | {"text": ""}).status_code == 400
    assert 'value="2026-05-17T14:20"' in member.get("/capture").content.decode()


def test_the_newest_files_come_first_and_all_on_demand(member: Any, rooms: Any) -> None:
    rows = rooms.archive.intakes() * 45
    rooms.archive.intakes = lambda: rows
    page = page_reading.read(member.get("/intake").content.decode())
    assert "45 files, 541,530 items kept" in page.one("main").text
    opened = [link for link in page.all("a") if link.attributes["href"] == f"/intake/{web_fakes.INTAKE}"]
    assert len(opened) == 20
    everything = page_reading.read(member.get("/intake?all=1").content.decode())
    assert len([e for e in everything.all("a") if e.attributes["href"] == f"/intake/{web_fakes.INTAKE}"]) == 45
