"""An account of any format that turned out to be a person's: afterwards no byte of the store names it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keeping_house
import pytest
from keeping_house import Keeping
from sources_named import CASES, CHANNEL, Case

from dalil.schema.chunks import PublicAccount

EVERY_ROW = ("observations", "posts", "edges", "text_signals", "accounts")


@pytest.fixture
def keeping(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keeping]:
    from dalil.actions import remapping

    monkeypatch.setattr(remapping, "run_child", keeping_house.Child)
    with keeping_house.keeping(tmp_path) as made:
        yield made


def know(keeping: Keeping, accounts: tuple[PublicAccount, ...]) -> None:
    """The workspace's list, as two circles agreed on it before."""
    from dalil.archive.writing import Writer

    house = keeping.house
    Writer(house.workspace, keys=house.unlocked(), now=house.now()).set_public(list(accounts))


def make_private(keeping: Keeping, account: PublicAccount) -> Any:
    """Two circles agree, and the job does its work."""
    from dalil.actions import accounts

    names = {"platform": account.platform, "native_id": account.native_id, "handle": account.handle}
    proposal = accounts.propose_account(keeping.member("blue"), "private", house=keeping.house, **names)
    accounts.agree(keeping.member("green"), proposal, house=keeping.house)
    return accounts.unname(keeping.member("blue"), proposal, house=keeping.house)


def bring(keeping: Keeping, case: Case, path: Path) -> Any:
    from dalil.actions.importing import import_path
    from dalil.people.actor import LOCAL

    return import_path(LOCAL, path, house=keeping.house, source_format=case.format, options=dict(case.options))


@pytest.mark.parametrize("name", CASES)
def test_no_byte_of_the_store_names_it(keeping: Keeping, name: str) -> None:
    case = CASES[name]
    know(keeping, case.public)
    folder = keeping.folder / "in"
    folder.mkdir()
    path = case.write(folder)
    bring(keeping, case, path.parent if case.format == "auto-archiver" else path)
    before = keeping.bytes_of_everything().lower()
    assert any(secret in before for secret in case.secrets)
    count = {table: len(keeping.rows(table)) for table in EVERY_ROW}

    report = make_private(keeping, case.account)

    assert report.rewritten > 0
    assert report.left == {}, "nothing that names it is left"
    assert {table: len(keeping.rows(table)) for table in EVERY_ROW} == count
    held = keeping.bytes_of_everything().lower()
    for secret in case.secrets:
        assert secret not in held, secret
    assert keeping.damages() == []
    assert not any(row["author_ref"] and case.account.handle in row["author_ref"] for row in keeping.rows("posts"))


@pytest.mark.parametrize("name", ["desktop channel", "tgdataset channel", "crowdtangle page", "download page"])
def test_the_file_imported_again_adds_nothing(keeping: Keeping, name: str) -> None:
    case = CASES[name]
    know(keeping, case.public)
    path = case.write(keeping.folder)
    bring(keeping, case, path)
    make_private(keeping, case.account)
    ids = keeping.ids()
    report = bring(keeping, case, path)
    assert keeping.ids() == ids
    assert report.kept == 0


def test_one_that_was_named_by_its_handle_alone_goes_with_its_id(keeping: Keeping) -> None:
    """The archive knows which id has the handle: the circles need not."""
    case = CASES["desktop channel"]
    know(keeping, case.public)
    path = case.write(keeping.folder)
    bring(keeping, case, path)
    report = make_private(keeping, PublicAccount("telegram", handle="Sahlara_News"))
    assert report.left == {}
    held = keeping.bytes_of_everything().lower()
    assert [secret for secret in case.secrets if secret in held] == []
    private = [one for one in keeping.house.workspace.public_accounts() if one.private]
    assert len(private) == 2
    assert all(name.startswith("p:") for one in private for name in (one.native_id, one.handle) if name)
    assert bring(keeping, case, path).kept == 0, "and the next import knows its id"


def test_a_record_that_cannot_be_read_is_left_and_its_neighbours_are_not(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dalil.schema.records import Reject
    from dalil.sources.formats.tgdataset import rereads

    case = CASES["tgdataset channel"]
    know(keeping, case.public)
    bring(keeping, case, case.write(keeping.folder))
    real = rereads.reread

    def broken(raw: bytes, held: Any, again: Any) -> Any:
        return (
            Reject("telegram", "raw-shape-unknown") if held.uid == "telegram:1494031694/3" else real(raw, held, again)
        )

    monkeypatch.setattr(rereads, "reread", broken)
    report = make_private(keeping, case.account)
    assert report.left == {"tgdataset": 1}
    assert report.rewritten > 3


def test_one_that_turns_out_to_be_public_after_all_is_named_again(keeping: Keeping) -> None:
    from dalil.actions import accounts

    case = CASES["desktop channel"]
    path = case.write(keeping.folder)
    make_private(keeping, CHANNEL)
    bring(keeping, case, path)
    assert not any(row["author_public"] for row in keeping.rows("posts"))
    proposal = accounts.propose_account(
        keeping.member("blue"), "public", platform="telegram", native_id=CHANNEL.native_id, handle=CHANNEL.handle,
        house=keeping.house,
    )  # fmt: skip
    accounts.agree(keeping.member("green"), proposal, house=keeping.house)
    assert [one.private for one in keeping.house.workspace.public_accounts()] == [False]
    bring(keeping, case, path)
    assert any(row["author_ref"] == f"telegram:{CHANNEL.native_id}" for row in keeping.rows("posts"))
