"""Who is public: the table, that the code reads it, and that two circles' word goes before the kind."""

from __future__ import annotations

from pathlib import Path

import pytest
import sources_files

from dalil.schema.chunks import PublicAccount
from dalil.schema.words import AccountType
from dalil.sources.account_rules import ANY, RULES, is_public_kind, rule_for
from dalil.sources.formats.crowdtangle_csv.importer import CrowdTangleCsv
from dalil.sources.formats.hand_capture import writing
from dalil.sources.formats.hand_capture.importer import HandCapture
from dalil.sources.formats.hand_capture.shapes import AccountKind
from dalil.sources.formats.telegram_desktop.importer import TelegramDesktop
from dalil.sources.formats.x_api_v2.importer import XApiV2
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.rereading import is_stand_in

KEY = bytes(range(32))


def test_every_row_is_there_once_and_says_why() -> None:
    assert len({(rule.platform, rule.kind) for rule in RULES}) == len(RULES)
    assert all(rule.reason.endswith(".") and len(rule.reason) > 10 for rule in RULES)
    assert {kind.value for kind in AccountType} <= {rule.kind for rule in RULES if rule.platform == ANY}


def test_doubt_protects() -> None:
    assert not is_public_kind("x", "no-such-kind")
    assert not is_public_kind("no-such-platform", "account")
    assert rule_for("facebook", "page").platform == "facebook"
    assert rule_for("mastodon", "page").platform == ANY


@pytest.mark.parametrize("kind", list(AccountKind))
def test_hand_captures_do_what_the_table_says(kind: AccountKind, tmp_path: Path) -> None:
    folder = writing.make(
        tmp_path / "c", platform="facebook", seen_at=sources_files.COLLECTED, text="The market is open.",
        page_name="Dalya Today", account_kind=kind.value,
    )  # fmt: skip
    (record,) = sources_files.records(sources_files.items(HandCapture(), next(folder.glob("*.jsonl"))), "post")
    assert record.author_public is is_public_kind("facebook", kind.value)
    assert is_stand_in(record.author_ref) is not record.author_public


def test_the_other_importers_do_what_the_table_says(tmp_path: Path) -> None:
    page = sources_files.write_ct(tmp_path / "pages.csv", [sources_files.ct_row(1)])
    assert {r.author_public for r in sources_files.records(sources_files.items(CrowdTangleCsv(), page), "post")} == {
        is_public_kind("facebook", "page")
    }
    for kind in ("public_channel", "public_supergroup"):
        chat = sources_files.tg_chat([sources_files.tg_message(1, "a", from_id="user77")], type=kind)
        path = sources_files.write_json(tmp_path / f"{kind}.json", chat)
        (post,) = sources_files.records(sources_files.items(TelegramDesktop(), path), "post")
        if kind == "public_supergroup":
            assert post.author_public is is_public_kind("telegram", kind)
    rows = [sources_files.x_response([sources_files.x_tweet(1, 55, "a")], [sources_files.x_user(55, "someone")])]
    path = sources_files.write_lines(tmp_path / "x.jsonl", rows)
    (post,) = sources_files.records(sources_files.items(XApiV2(), path), "post")
    assert post.author_public is is_public_kind("x", "account")


def test_what_two_circles_call_private_is_private_whatever_its_kind_or_the_list() -> None:
    privacy = Pseudonymiser(
        KEY,
        [
            PublicAccount("facebook", native_id="7", handle="dalya.today"),
            PublicAccount("facebook", native_id="7", handle="@Dalya.Today", private=True),
        ],
    )
    assert not privacy.is_public("facebook", native_id="7")
    assert not privacy.is_public("facebook", handle="Dalya.Today")
    assert privacy.is_private("facebook", native_id="7")
    assert not privacy.account("facebook", "7", kind="page").public
    assert privacy.account("facebook", "8", kind="page").public
    assert privacy.mention("facebook", "dalya.today").startswith("@h:")
    assert not Pseudonymiser(KEY).is_private("facebook", native_id="7")
