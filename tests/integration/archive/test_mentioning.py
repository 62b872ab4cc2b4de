"""A name is found wherever it stands, as a word; what was looked for stays nowhere."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keeping_house
import pytest
from keeping_house import Keeping

from dalil.errors import InputError, NotAllowed

SECRET = "Samira Halwani"


@pytest.fixture
def keeping(database: Path, tmp_path: Path) -> Iterator[Keeping]:
    with keeping_house.keeping(tmp_path) as made:
        keeping_house.hand_folder(made.folder / "hand", f"At the market {SECRET} said: it is open. #samira_halwani")
        made.bring("hand", made.folder / "hand")
        made.bring("x", keeping_house.x_posts(made.folder / "tweets.jsonl"))
        yield made


def search(keeping: Keeping, name: str, actor: Any = None) -> Any:
    from dalil.actions.mentioning import search
    from dalil.people.actor import LOCAL

    return search(actor or LOCAL, name, house=keeping.house)


def test_a_name_in_plain_words_is_found_by_field(keeping: Keeping) -> None:
    wanted = keeping.post(SECRET)["obs_id"]
    for name in (SECRET, "  samira HALWANI ", "halwani"):
        found = search(keeping, name)
        assert found.items == (wanted,), name
        assert found.fields["posts.text"] == 1
        assert "text_signals.norm" in found.fields
    assert search(keeping, "@samira_halwani").items == (wanted,)
    assert search(keeping, "samira halw").total == 0, "part of a word is another word"


def test_a_private_handle_is_nowhere_because_it_was_never_stored(keeping: Keeping) -> None:
    assert search(keeping, "hidden_one").total == 0
    assert search(keeping, "9007001").total == 0


def test_a_public_name_is_found_in_the_account(keeping: Keeping) -> None:
    assert "accounts.display_name" in search(keeping, "Dalya Today").fields


def test_what_is_looked_for_stays_nowhere(keeping: Keeping, caplog: pytest.LogCaptureFixture) -> None:
    from django.db import connection

    with caplog.at_level(logging.DEBUG):
        search(keeping, "Nobody Whoever")
    assert "whoever" not in caplog.text.lower()
    assert b"whoever" not in keeping.bytes_of_everything().lower()
    with connection.cursor() as cursor:
        cursor.execute("SELECT event, subject, facts FROM audit_entry")
        assert "whoever" not in str(cursor.fetchall()).lower()


@pytest.mark.parametrize("name", ["", "ab", "@ab", "x" * 200, "a\x00bcd", "%%%", "a'b\"c", "[a-z]+", "١٢٣"])
def test_odd_names(keeping: Keeping, name: str) -> None:
    from dalil.actions.mentioning import SHORTEST

    if SHORTEST <= len(name.lstrip("@")) <= 100 and "\x00" not in name:
        assert search(keeping, name).total == 0
        return
    with pytest.raises(InputError) as refused:
        search(keeping, name)
    assert refused.value.code == "value-wrong"
    assert "…" in str(refused.value), "what was looked for is in no message"


def test_who_may(keeping: Keeping) -> None:
    for role in ("spotter", "checker", "researcher"):
        with pytest.raises(NotAllowed):
            search(keeping, SECRET, keeping.member("blue", role))
    assert search(keeping, SECRET, keeping.member("blue", "editor")).total == 1
