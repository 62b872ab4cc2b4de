"""Who is public: the table, that the code reads it, and that two circles' word goes before the kind."""

from __future__ import annotations

from pathlib import Path

import importer_contracts
import msgspec
import pytest
import sources_files

from dalil.schema.chunks import PublicAccount
from dalil.schema.words import AccountType
from dalil.sources import registry
from dalil.sources.account_rules import ANY, RULES, Rule, Table, is_public_kind, rule_for
from dalil.sources.formats.crowdtangle_csv.importer import CrowdTangleCsv
from dalil.sources.formats.hand_capture import writing
from dalil.sources.formats.hand_capture.importer import HandCapture
from dalil.sources.formats.hand_capture.shapes import AccountKind
from dalil.sources.formats.telegram_desktop.importer import TelegramDesktop
from dalil.sources.formats.x_api_v2.importer import XApiV2
from dalil.sources.importer import ReadContext, Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import SourceFile
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


# No importer decides by itself.

FORMATS = sorted(importer.manifest.name for importer in registry.importers())
ALL_PRIVATE = Table(rule._replace(public=False) for rule in RULES)
ALL_PUBLIC = Table(rule._replace(public=True) for rule in RULES)


def samples(name: str, folder: Path, rules: Table) -> list[Record]:
    """The records of a format's samples where only the table says who is public."""
    suite = importer_contracts.contract_of(name)
    found: list[Record] = []
    for path in suite.write_samples(folder):
        context = ReadContext(Pseudonymiser(KEY, rules=rules))
        found += sources_files.records(suite.importer.read(SourceFile(path, path.parent), context))
    return found


def said(records: list[Record]) -> list[bytes]:
    return [msgspec.json.encode(msgspec.structs.replace(record, media=(), locators=())) for record in records]


@pytest.mark.parametrize("name", FORMATS)
def test_where_the_table_calls_nobody_public_nobody_is(name: str, tmp_path: Path) -> None:
    for record in samples(name, tmp_path, ALL_PRIVATE):
        assert not record.author_public
        assert record.author_ref is None or is_stand_in(record.author_ref)
        assert record.post is None or is_stand_in(record.post.uid)
        assert record.post is None or record.post.container_ref is None or is_stand_in(record.post.container_ref)
        for account in record.accounts:
            assert is_stand_in(account.uid)
            assert (account.handle, account.display_name, account.description) == (None, None, None)


@pytest.mark.parametrize("name", FORMATS)
def test_where_the_table_calls_everybody_public_somebody_is(name: str, tmp_path: Path) -> None:
    found = samples(name, tmp_path, ALL_PUBLIC)
    assert any(record.author_public for record in found)


@pytest.mark.parametrize("name", FORMATS)
def test_each_importer_asks_rows_of_the_table(name: str, tmp_path: Path) -> None:
    """Changing one row changes what it writes; which row that is the table of `DECIDES` says."""
    before = said(samples(name, tmp_path / "now", Table()))
    asked = []
    for number, rule in enumerate(RULES):
        changed = Table([*RULES[:number], rule._replace(public=not rule.public), *RULES[number + 1 :]])
        if said(samples(name, tmp_path / str(number), changed)) != before:
            asked.append((rule.platform, rule.kind))
    assert asked == [], (name, asked)
