"""Only settled answers leave, nobody's identity with them, and the folder holds the old site or the new."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest

from dalil.errors import ConfigError, Conflict, NotAllowed
from dalil.people.actor import LOCAL, Role
from dalil.publish import site as publishing
from dalil.publish.site import Site
from dalil.schema.words import ClaimVerdict

SITE = Site(name="The Two Rivers Desk", address="https://example.org", language="en")


def published(house, actor, folder):
    from dalil.actions.publishing import export_site

    return export_site(actor, folder, site=SITE, zone="Asia/Baghdad", **house.kw)


def post(house, actor, claim_id, text):
    from dalil.actions import answers

    answer = answers.draft(actor, claim_id, text=text, language="ar", platform="telegram", **house.kw)
    url = "https://t.example/channel_of_the_group/99?comment=1"
    answers.record_posted(actor, claim_id, answer, url=url, posted_at=house.clock, **house.kw)
    return answer


@pytest.fixture
def world(house, blue, green, red):
    """Claims in every state, one answer of which may leave."""
    from dalil.actions import answers, claims, verdicts

    post_of_group = house.report("telegram:channel_of_the_group", house.clock)
    kept = house.settled(blue, green, reports=[post_of_group], observation_ids=["0f" * 32])
    answer = post(house, blue, kept, "settled and posted")
    drafted = house.settled(blue, green, sentence="A claim with a draft.")
    answers.draft(blue, drafted, text="only drafted", language="ar", platform="telegram", **house.kw)
    reopened = house.settled(blue, green, sentence="A claim reopened.")
    post(house, blue, reopened, "reopened since")
    verdicts.reopen(red, reopened, reason="a secret doubt", **house.kw)
    wrong = house.settled(blue, green, sentence="A claim that was wrong.")
    post(house, blue, wrong, "wrong since")
    verdicts.reopen(red, wrong, reason="seen", **house.kw)
    house.checked(red, wrong)
    verdicts.vote(red, wrong, vote=ClaimVerdict.TRUE, reason="", **house.kw)
    verdicts.vote(blue, wrong, vote=ClaimVerdict.TRUE, reason="", **house.kw)
    open_ = house.claim(blue, sentence="A claim still open.")
    claims.take(blue, open_, **house.kw)
    return {"kept": kept, "answer": answer, "post": post_of_group}


def test_nothing_but_a_settled_posted_answer_leaves(house, blue, world, tmp_path):
    done = published(house, blue, tmp_path / "site")
    assert len(done.pages) == 1
    everything = b"".join(path.read_bytes() for path in (tmp_path / "site").iterdir())
    assert done.size == len(everything)
    assert b"settled and posted" in everything
    for text in ("only drafted", "reopened since", "wrong since", "still open", "was wrong", "a secret doubt"):
        assert text.encode() not in everything


def test_no_person_circle_post_or_source_is_in_any_byte(house, blue, green, red, world, tmp_path):
    from dalil.desk.models import DeskEvent
    from dalil.people.queries import circles

    published(house, blue, tmp_path / "site")
    everything = "".join(path.read_text() + path.name for path in (tmp_path / "site").iterdir())
    hidden = [world["post"].observation_id, world["post"].source_uid, "channel_of_the_group", "0f" * 32]
    hidden += [world["kept"], world["answer"], "as found", "the same", "seen before"]
    hidden += [actor.pseudonym for actor in (blue, green, red)] + [actor.member_id for actor in (blue, green, red)]
    hidden += [text for row in circles() for text in (row.circle_id, row.sign_public, row.seal_recipient)]
    hidden += DeskEvent.objects.values_list("circle", flat=True).distinct()
    hidden += [f"{house.clock:%H:%M}", f"{world['post'].at:%H:%M}"]
    assert [text for text in hidden if text in everything] == []
    assert [row.colour for row in circles() if re.search(rf"\b{row.colour}\b", everything)] == []


def test_who_may_publish(house, blue, tmp_path):
    for actor in (LOCAL, house.member("blue", Role.CHECKER)):
        with pytest.raises(NotAllowed):
            published(house, actor, tmp_path / "site")
    assert not (tmp_path / "site").exists()
    published(house, house.member("blue", Role.EDITOR), tmp_path / "site")


def test_an_export_replaces_the_one_before_and_nothing_else(house, blue, green, world, tmp_path):
    folder = tmp_path / "deep" / "site"
    first = published(house, blue, folder)
    (folder / "left-behind.html").write_text("of an earlier export")
    post(house, blue, world["kept"], "a second answer")
    second = published(house, blue, folder)
    assert len(second.pages) == 2
    assert set(first.pages) < set(second.pages)
    assert not (folder / "left-behind.html").exists()
    assert [path.name for path in folder.parent.iterdir()] == ["site"]


def test_a_folder_with_other_files_is_left_alone(house, blue, tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    published(house, blue, folder)  # an empty folder is taken
    other = tmp_path / "other"
    other.mkdir()
    (other / "diary.txt").write_text("mine")
    for place in (other, other / "diary.txt"):
        with pytest.raises(Conflict):
            published(house, blue, place)
    assert (other / "diary.txt").read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"home", "other"}


@pytest.mark.parametrize("fails_at", ["write", "swap"])
def test_a_full_disk_leaves_the_old_site(house, blue, world, tmp_path, monkeypatch, fails_at):
    folder = tmp_path / "site"
    published(house, blue, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    real, calls = Path.rename, []

    def full(*args):
        raise OSError(errno.ENOSPC, "no space")

    def second_rename_fails(self, target):
        calls.append(target)
        return full() if len(calls) == 2 else real(self, target)

    if fails_at == "write":
        monkeypatch.setattr(publishing, "_write", full)
    else:
        monkeypatch.setattr(Path, "rename", second_rename_fails)
    with pytest.raises(ConfigError):
        published(house, blue, folder)
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
