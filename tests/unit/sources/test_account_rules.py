"""Who is public: the table, that the code reads it, and that two circles' word goes before the kind."""

from __future__ import annotations

from pathlib import Path

import importer_contracts
import msgspec
import pytest
import sources_archived
import sources_files

from dalil.schema.chunks import PublicAccount
from dalil.schema.identity import private_mark
from dalil.schema.words import AccountType
from dalil.sources import registry
from dalil.sources.account_rules import ACCOUNT, ANY, RULES, Rule, Table, is_public_kind, rule_for
from dalil.sources.formats.auto_archiver.importer import AutoArchiver
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


def test_the_list_marks_a_private_account_and_does_not_name_it() -> None:
    marks = PublicAccount("facebook", private_mark(KEY, "facebook", "7"), private_mark(KEY, "facebook", "dalya.today"), private=True)  # fmt: skip
    privacy = Pseudonymiser(KEY, [marks], identity_key=KEY)
    for _ in range(2):
        assert privacy.is_private("facebook", native_id="7")
        assert privacy.is_private("facebook", handle="@Dalya.Today")
        assert not privacy.is_private("facebook", native_id="8", handle="other")
        assert not privacy.is_private("x", native_id="7"), "another platform's account is another account"
    assert not privacy.account("facebook", "7", kind="page").public
    assert privacy.account("facebook", "8", kind="page").public
    assert not Pseudonymiser(KEY, [marks]).is_private("facebook", native_id="7"), "nobody without the key can tell"


# No importer decides by itself.

FORMATS = sorted(importer.manifest.name for importer in registry.importers())
DECIDES = {
    "activitypub-outbox": {"mastodon account"},
    "auto-archiver": {"x account"},
    "bluesky-api": {"bluesky account"},
    "bluesky-jetstream": {"bluesky account"},
    "clemson-csv": {"x account"},
    "crowdtangle-csv": {"* place", "facebook page"},
    "facebook-download": {"facebook own_page"},
    "feeds": {"web outlet"},
    "fourcat": {"facebook page", "tiktok account", "x account"},
    "gazouilloire-csv": {"x account"},
    "hand-capture": {"* channel", "* person"},
    "mastodon": {"mastodon account"},
    "meta-content-library-csv": {"* place", "facebook page", "facebook profile"},
    "plain-table": {"* person", "facebook page"},
    "reddit": {"reddit account", "reddit subreddit"},
    "telegram-desktop": {"* place", "telegram public_channel", "telegram public_supergroup"},
    "telethon": {"* place", "telegram public_channel", "telegram public_supergroup"},
    "tgdataset": {"telegram public_channel"},
    "tiktok-zeeschuimer": {"tiktok account"},
    "x-api-v1": {"x account"},
    "x-api-v2": {"x account"},
    "x-archive": {"x account"},
    "x-io-csv": {"x account"},
    "x-zeeschuimer": {"x account"},
    "youtube-api": {"youtube channel"},
    "yt-dlp": {"tiktok account", "youtube channel"},
}
"""Format → the rows that decide about its samples."""
OPTIONS = {"facebook-download": {"page": "sahlara.today"}}
ALL_PRIVATE = Table(rule._replace(public=False) for rule in RULES)
ALL_PUBLIC = Table(rule._replace(public=True) for rule in RULES)


def samples(name: str, folder: Path, rules: Table) -> list[Record]:
    """The records of a format's samples where only the table says who is public."""
    suite = importer_contracts.contract_of(name)
    found: list[Record] = []
    folder.mkdir(exist_ok=True)
    for path in suite.write_samples(folder):
        context = ReadContext(Pseudonymiser(KEY, rules=rules), options=OPTIONS.get(name, {}))
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


class Listening(Table):
    """The table, and which of its rows were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[Rule, None] = {}

    def rule_for(self, platform: str, kind: str) -> Rule:
        found = super().rule_for(platform, kind)
        self.asked[found] = None
        return found


def deciding(name: str, folder: Path) -> set[str]:
    """The rows that decide about the samples of a format: change one alone, and what is written changes."""
    listening = Listening()
    found = samples(name, folder / "now", listening)
    before, platforms = said(found), {record.uid.partition(":")[0] for record in found}
    of_accounts = [rule for rule in RULES if rule.kind == ACCOUNT and rule.platform in platforms]
    decide = set()
    for number, rule in enumerate(dict.fromkeys([*listening.asked, *of_accounts])):
        turned = Table([*(one for one in RULES if one != rule), rule._replace(public=not rule.public)])
        if said(samples(name, folder / str(number), turned)) != before:
            decide.add(f"{rule.platform} {rule.kind}")
    return decide


@pytest.mark.parametrize("name", FORMATS)
def test_each_importer_decides_by_rows_of_the_table(name: str, tmp_path: Path) -> None:
    assert deciding(name, tmp_path) == DECIDES[name]


def turned(platform: str, kind: str) -> Table:
    """The table with one row turned round."""
    assert rule_for(platform, kind).platform == platform
    rows = [rule for rule in RULES if (rule.platform, rule.kind) != (platform, kind)]
    return Table([*rows, Rule(platform, kind, not is_public_kind(platform, kind), "For a test.")])


@pytest.mark.parametrize("kind", ["site", "personal_site"])
def test_pages_of_no_platform_are_decided_by_their_rows_too(kind: str, tmp_path: Path) -> None:
    host = "news.example" if kind == "site" else "somebody.blogspot.com"
    path = sources_files.write_json(tmp_path / "a.json", sources_archived.item(f"https://{host}/2026/05/bridge"))
    for rules, public in (
        (Table(), is_public_kind("web", kind)),
        (turned("web", kind), not is_public_kind("web", kind)),
    ):
        context = ReadContext(Pseudonymiser(KEY, rules=rules))
        (record,) = sources_files.records(AutoArchiver().read(SourceFile(path, path.parent), context))
        assert record.author_public is public
        assert is_stand_in(record.uid) is not public


def test_an_instagram_account_of_crowdtangle_is_decided_by_its_row(tmp_path: Path) -> None:
    row = sources_files.ct_row(1, URL="https://www.instagram.com/p/abc/") | {
        "Facebook Id": "",
        "User Name": "dalya.today",
    }
    path = sources_files.write_ct(tmp_path / "i.csv", [row])
    for rules, public in ((Table(), True), (turned("instagram", "listed_account"), False)):
        context = ReadContext(Pseudonymiser(KEY, rules=rules))
        (record,) = sources_files.records(CrowdTangleCsv().read(SourceFile(path, path.parent), context), "post")
        assert record.author_public is public


def test_the_documentation_shows_the_table_as_it_is() -> None:
    page = (Path(__file__).parents[3] / "docs" / "explanation" / "keeping.md").read_text(encoding="utf-8")
    for rule in RULES:
        platform = "all others" if rule.platform == ANY else rule.platform
        assert f"| {platform} | {rule.kind} | {'public' if rule.public else 'private'} | {rule.reason} |" in page
