"""Two circles say who is public: from then on, and, where a person turned out to be behind it, for what is held."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keeping_house
import pytest
from keeping_house import Keeping
from sources_files import write_lines, x_mention, x_response, x_tweet, x_user

from dalil.errors import Conflict, InputError, NotAllowed


@pytest.fixture
def keeping(database: Path, tmp_path: Path) -> Iterator[Keeping]:
    with keeping_house.keeping(tmp_path) as made:
        yield made


def posts_of(path: Path) -> Path:
    """Two posts of one account, an answer of another to the first, and a mention of it."""
    users = [x_user(55, "SahlaraToday"), x_user(9_007_001, "hidden_one")]
    mention = "I read it at @SahlaraToday"
    tweets = [
        x_tweet(700_001, 55, "The bridge at Tel Nahr stands."),
        x_tweet(700_002, 55, "The market is open."),
        x_tweet(
            700_003, 9_007_001, "Is it?", in_reply_to_user_id="55",
            referenced_tweets=[{"type": "replied_to", "id": "700001"}],
        ),
        x_tweet(700_004, 9_007_001, mention, entities={"mentions": [x_mention(mention, "SahlaraToday", 55)]}),
    ]  # fmt: skip
    return write_lines(path, [x_response(tweets, users)])


def agreed(keeping: Keeping, kind: str, **names: str) -> Any:
    from dalil.actions import accounts

    proposal = accounts.propose_account(keeping.member("blue"), kind, platform="x", house=keeping.house, **names)
    return accounts.agree(keeping.member("green"), proposal, house=keeping.house)


def run_jobs(keeping: Keeping) -> None:
    from dalil.actions.steps import steps
    from dalil.jobs import queries, worker

    worker.run(steps(keeping.house), keeping.house.clock, once=True)
    assert {row.state.value for row in queries.jobs()} <= {"done"}


def test_public_from_the_next_import_on(keeping: Keeping) -> None:
    from dalil.actions import accounts

    path = posts_of(keeping.folder / "a.jsonl")
    blue = keeping.member("blue", "researcher")
    proposal = accounts.propose_account(
        blue, "public", platform="x", native_id="55", handle="@SahlaraToday", house=keeping.house
    )
    keeping.bring("before", path)
    assert not any(row["author_public"] for row in keeping.rows("posts")), "a proposal changes nothing"
    with pytest.raises(Conflict):
        accounts.agree(keeping.member("blue"), proposal, house=keeping.house)
    accounts.agree(keeping.member("green", "editor"), proposal, house=keeping.house)
    (listed,) = accounts.listed(blue, house=keeping.house)
    assert (listed.platform, listed.native_id, listed.handle) == ("x", "55", "sahlaratoday")
    keeping.bring("after", path)
    assert {row["author_ref"] for row in keeping.rows("posts") if row["author_public"]} == {"x:55"}


def test_private_again_and_nothing_that_is_held_names_it(keeping: Keeping) -> None:
    from dalil.actions import seeing

    agreed(keeping, "public", native_id="55", handle="SahlaraToday")
    keeping.bring("x", posts_of(keeping.folder / "a.jsonl"))
    before = keeping.post("The bridge")
    assert before["author_ref"] == "x:55"
    _refer_to(keeping, before["obs_id"])
    edges = {row["type"]: row["dst_uid"] for row in keeping.rows("edges")}
    assert edges["reply"] == "x:700001"
    aliases = {row["dst_uid"] for row in keeping.rows("edges") if row["type"] == "alias"}
    count = {name: len(keeping.rows(name)) for name in ("observations", "posts", "edges", "text_signals")}
    count["edges"] -= len(aliases)  # by their hashes, which are the posts' own ids from now on

    agreed(keeping, "private", native_id="55", handle="SahlaraToday")
    run_jobs(keeping)

    assert {name: len(keeping.rows(name)) for name in count} == count
    after = keeping.post("The bridge")
    assert after["author_ref"].startswith("x:h:")
    assert after["author_public"] is False
    assert after["uri"] is None
    assert {row["uid"] for row in keeping.rows("posts")} >= aliases
    edges = {row["type"]: row["dst_uid"] for row in keeping.rows("edges")}
    assert edges["reply"] == after["uid"], "edges still join"
    assert edges["mention"] == after["author_ref"]
    held = keeping.bytes_of_everything()
    for secret in (b"700001", b"700002", b"The SahlaraToday", b"@SahlaraToday", b"Name of SahlaraToday"):
        assert secret not in held, secret
    assert keeping.damages() == []
    # What the desk refers to is found under its earlier id, and its claim under the new one.
    assert before["obs_id"] not in keeping.ids()
    assert keeping.house.archive.raw(before["obs_id"]) == keeping.house.archive.raw(after["obs_id"])
    found = seeing.look_text(keeping.member("blue"), "The bridge at Tel Nahr stands.", house=keeping.house)
    assert [match.known is not None for match in found.matches] == [True]


def _refer_to(keeping: Keeping, obs_id: str) -> None:
    from dalil.actions import claims
    from dalil.schema.casework import Cell
    from dalil.schema.words import ClaimType, MakerClass

    claims.log_claim(
        keeping.member("blue"),
        sentence="The bridge stands.",
        sentence_lang="en",
        claim_type=ClaimType.VICTORY,
        maker_class=MakerClass.UNKNOWN,
        cells=[Cell("x", "en", "sahlara")],
        observation_ids=[obs_id],
        now=keeping.house.now(),
        desk=keeping.house.desk,
    )


def test_importing_the_file_again_adds_nothing(keeping: Keeping) -> None:
    agreed(keeping, "public", native_id="55", handle="SahlaraToday")
    path = posts_of(keeping.folder / "a.jsonl")
    keeping.bring("x", path)
    agreed(keeping, "private", native_id="55", handle="SahlaraToday")
    run_jobs(keeping)
    ids = keeping.ids()
    report = keeping.bring("x", path)
    assert keeping.ids() == ids
    assert (report.kept, report.expunged) == (0, 0)


def test_the_audit_and_the_desk_name_nobody(keeping: Keeping) -> None:
    from django.db import connection

    from dalil.actions import accounts, agreeing
    from dalil.audit import queries as audit

    proposal = accounts.propose_account(
        keeping.member("blue"), "private", platform="x", native_id="9007001", handle="hidden_one", house=keeping.house
    )
    (seen,) = agreeing.proposals(keeping.member("green"), house=keeping.house)
    assert seen.detail == {"platform": "x", "native_id": "9007001", "handle": "hidden_one"}
    accounts.agree(keeping.member("green"), proposal, house=keeping.house)
    run_jobs(keeping)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{name}"')
            assert b"hidden_one" not in str(cursor.fetchall()).encode(), name
    assert audit.verify() == []
    (over,) = agreeing.proposals(keeping.member("green"), house=keeping.house, state="agreed")
    assert over.detail == {}, "what was named is forgotten when the work is done"


def test_who_may_and_what_names_nothing(keeping: Keeping) -> None:
    from dalil.actions import accounts
    from dalil.people.actor import LOCAL

    for actor in (LOCAL, keeping.member("blue", "spotter"), keeping.member("blue", "keeper", "probation")):
        with pytest.raises(NotAllowed):
            accounts.propose_account(actor, "public", platform="x", handle="a", house=keeping.house)
    keeper = keeping.member("blue")
    for names in ({}, {"handle": "  "}, {"handle": "a" * 500}):
        with pytest.raises(InputError):
            accounts.propose_account(keeper, "public", platform="x", house=keeping.house, **names)
    with pytest.raises(InputError):
        accounts.propose_account(keeper, "public", platform="no / where", handle="a", house=keeping.house)
    with pytest.raises(NotAllowed):
        accounts.unname(keeper, "0" * 32, house=keeping.house)
    assert len(accounts.rules(keeper)) > 8
