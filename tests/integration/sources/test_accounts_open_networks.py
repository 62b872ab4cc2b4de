"""An account of an open network turned out to be a person's: nothing that is held names it, and all still joins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keeping_house
import pytest
import sources_unnaming
from keeping_house import Keeping
from sources_unnaming import Case

from dalil.schema.chunks import PublicAccount

COUNTED = ("observations", "posts", "edges", "text_signals")


@pytest.fixture
def keeping(database: Path, tmp_path: Path) -> Iterator[Keeping]:
    with keeping_house.keeping(tmp_path) as made:
        yield made


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child's work is done in this process, which is quicker and the same."""
    from dalil.actions import remapping

    monkeypatch.setattr(remapping, "run_child", keeping_house.Child)


def agreed(keeping: Keeping, kind: str, account: PublicAccount, **names: str) -> str:
    """Two circles agree; returns the proposal's id."""
    from dalil.actions import accounts

    given = names or {"native_id": account.native_id, "handle": account.handle}
    blue, green = keeping.member("blue"), keeping.member("green")
    proposal = accounts.propose_account(blue, kind, platform=account.platform, house=keeping.house, **given)
    accounts.agree(green, proposal, house=keeping.house)
    return proposal


def brought(keeping: Keeping, case: Case) -> Path:
    for account in case.public:
        agreed(keeping, "public", account)
    path = case.write(keeping.folder)
    keeping.bring("one", path)
    assert len(keeping.ids()) > 3
    return path


def unnamed(keeping: Keeping, case: Case, **names: str) -> Any:
    from dalil.actions import accounts

    proposal = agreed(keeping, "private", case.account, **names)
    return accounts.unname(keeping.member("blue"), proposal, house=keeping.house)


def check(keeping: Keeping, case: Case) -> None:
    """Nothing names it but the workspace's own list, which says that it is private."""
    held = keeping.bytes_of_everything().lower()
    listed = (keeping.house.workspace.folder / "public.json").read_bytes().lower()
    assert listed in held
    held = held.replace(listed, b"")
    for secret in case.secrets:
        assert secret.lower() not in held, secret
    assert keeping.damages() == []


@pytest.mark.parametrize("case", sources_unnaming.CASES, ids=lambda case: case.name)
def test_nothing_that_is_held_names_it(case: Case, keeping: Keeping, here: None) -> None:
    path = brought(keeping, case)
    count = {name: len(keeping.rows(name)) for name in COUNTED}
    joined = _joined(keeping)
    assert any(secret.lower() in keeping.bytes_of_everything().lower() for secret in case.secrets)

    report = unnamed(keeping, case)

    assert report.left == {}
    assert report.rewritten > 0
    check(keeping, case)
    assert {name: len(keeping.rows(name)) for name in COUNTED} == count
    assert _joined(keeping) >= joined, "edges still join"
    assert not any(row["author_public"] and row["author_ref"].endswith("nahrvoice") for row in keeping.rows("posts"))
    ids = keeping.ids()
    again = keeping.bring("one", path)
    assert keeping.ids() == ids, "the same file again adds nothing"
    assert (again.kept, again.expunged) == (0, 0)
    check(keeping, case)


def _joined(keeping: Keeping) -> int:
    """How many edges lead to a post that is held."""
    uids = set(keeping.rows("posts", "uid"))
    return sum(uid in uids for uid in keeping.rows("edges", "dst_uid"))


def test_in_the_real_child(keeping: Keeping) -> None:
    case = next(case for case in sources_unnaming.CASES if case.name == "mastodon")
    brought(keeping, case)
    assert unnamed(keeping, case).left == {}
    check(keeping, case)


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("bluesky-api", {"handle": "NahrVoice.bsky.example"}),
        ("youtube-api by kind", {"handle": "@nahrvoice"}),
        ("youtube-api by kind", {"native_id": sources_unnaming.CHANNEL}),
        ("mastodon", {"native_id": "https://social.example/@nahrvoice"}),
        ("mastodon", {"native_id": "https://social.example/users/nahrvoice"}),
        ("reddit", {"handle": "nahrvoice"}),
    ],
)
def test_by_one_of_its_names_alone(name: str, names: dict[str, str], keeping: Keeping, here: None) -> None:
    """Who proposes need not know how else the account is named in what is held."""
    case = next(case for case in sources_unnaming.CASES if case.name == name)
    brought(keeping, case)
    assert unnamed(keeping, case, **names).left == {}
    check(keeping, case)


def test_what_cannot_be_read_again_leaves_the_others(keeping: Keeping, here: None, monkeypatch: Any) -> None:
    """One record that the importer would reject stays as it is, and is counted; the others are hashed."""
    from dalil.schema.records import Reject
    from dalil.sources.formats.reddit import rereads

    case = next(case for case in sources_unnaming.CASES if case.name == "reddit")
    brought(keeping, case)
    real = rereads.reread

    def stubborn(raw: bytes, held: Any, again: Any) -> Any:
        return Reject("-", "raw-shape-unknown") if b"says u/" in raw else real(raw, held, again)

    monkeypatch.setattr(rereads, "reread", stubborn)
    report = unnamed(keeping, case)
    assert sum(report.left.values()) == sum(b"says u/" in raw for raw in _raws(keeping)) > 0
    assert report.rewritten > 3


def _raws(keeping: Keeping) -> list[bytes]:
    from dalil.archive import raw

    workspace = keeping.house.workspace
    return [record for path in workspace.raw.rglob("*") if path.is_file() for _, record in raw.read_all(path) if record]


def test_remap_finds_nothing_to_do_and_with_again_nothing_that_changed(keeping: Keeping, here: None) -> None:
    from dalil.actions.remapping import remap
    from dalil.people.actor import LOCAL

    for number, case in enumerate(sources_unnaming.CASES):
        folder = keeping.folder / str(number)
        folder.mkdir()
        keeping.bring(case.name, case.write(folder))
    assert remap(LOCAL, house=keeping.house).formats == ()
    report = remap(LOCAL, house=keeping.house, again=True, dry_run=True)
    assert len(report.formats) == 8
    for found in report.formats:
        assert (found.changed, found.rejected) == (0, {}), found
        assert found.same == found.read > 3
    assert report.not_reread == {}
