"""Two circles find that a public account is a person's: what is held of it, in each format of X and TikTok."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keeping_house
import pytest
from keeping_house import Keeping
from sources_reread import CLIP_HANDLE, HANDLE, ID, SAMPLES, SECRETS, STAY, Sample

NAMES = {"x": {"native_id": ID, "handle": HANDLE}, "tiktok": {"native_id": ID, "handle": CLIP_HANDLE}}
by_format = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)


@pytest.fixture
def keeping(database: Path, tmp_path: Path) -> Iterator[Keeping]:
    with keeping_house.keeping(tmp_path) as made:
        yield made


def agreed(keeping: Keeping, kind: str, platform: str, **names: str) -> str:
    from dalil.actions import accounts

    proposal = accounts.propose_account(keeping.member("blue"), kind, platform=platform, house=keeping.house, **names)
    accounts.agree(keeping.member("green"), proposal, house=keeping.house)
    return proposal


def brought(keeping: Keeping, sample: Sample) -> Path:
    """The sample imported, with the account public, and those that stay so."""
    agreed(keeping, "public", sample.platform, **NAMES[sample.platform])
    for account in STAY:
        agreed(keeping, "public", account.platform, native_id=account.native_id, handle=account.handle)
    folder = keeping.folder / sample.name
    folder.mkdir()
    path = sample.write(folder)
    keeping.bring(sample.name, path)
    return path


def unnamed(keeping: Keeping, platform: str, **names: str) -> Any:
    from dalil.actions import accounts

    proposal = agreed(keeping, "private", platform, **names)
    return accounts.unname(keeping.member("green"), proposal, house=keeping.house)


def named_rows(keeping: Keeping) -> list[str]:
    tables = ("observations", "posts", "accounts", "edges")
    return [str(row) for name in tables for row in keeping.rows(name) if ID in str(row) or HANDLE in str(row)]


def held_bytes(keeping: Keeping) -> bytes:
    """All that is held, but for the list that says who is private: without it nobody would know."""
    listed = (keeping.house.workspace.folder / "public.json").read_bytes()
    return keeping.bytes_of_everything().replace(listed, b"")


def remapped(keeping: Keeping, sample: Sample) -> None:
    """Read again by today's importer, in the real child: the same rows."""
    from dalil.actions.remapping import remap
    from dalil.people.actor import LOCAL

    (row,) = remap(LOCAL, house=keeping.house, again=True).formats
    assert (row.format, row.read, row.changed, row.rejected) == (sample.name, row.same, 0, {})


@by_format
def test_nothing_that_is_held_names_it(keeping: Keeping, sample: Sample) -> None:
    """And all that was held is there still, as an import of the same file would have it."""
    path = brought(keeping, sample)
    assert named_rows(keeping)
    remapped(keeping, sample)
    rows = {name: len(keeping.rows(name)) for name in ("observations", "posts", "accounts", "text_signals")}
    edges = sum(row["type"] != "alias" for row in keeping.rows("edges"))

    report = unnamed(keeping, sample.platform, **NAMES[sample.platform])

    assert report.left == {}
    assert report.rewritten > 0
    assert {name: len(keeping.rows(name)) for name in rows} == rows
    assert sum(row["type"] != "alias" for row in keeping.rows("edges")) == edges
    held = held_bytes(keeping)
    for secret in (*SECRETS, f"Name of {HANDLE}"):
        assert secret.encode() not in held, secret
        assert secret.upper().encode() not in held, secret
    assert keeping.damages() == []
    remapped(keeping, sample)
    ids = keeping.ids()
    keeping.bring("again", path)
    assert keeping.ids() == ids, "the file imported again adds nothing"


@pytest.mark.parametrize("names", [{"native_id": ID}, {"handle": HANDLE}, {"handle": HANDLE.upper()}])
@pytest.mark.parametrize("sample", [SAMPLES[0], SAMPLES[5]], ids=lambda sample: sample.name)
def test_one_of_its_names_is_enough_where_an_account_tells_the_other(
    keeping: Keeping, sample: Sample, names: dict[str, str]
) -> None:
    """A post's record holds the author's id alone: that a handle is theirs, the account's record tells."""
    brought(keeping, sample)
    report = unnamed(keeping, "x", **names)
    assert report.left == {}
    held = held_bytes(keeping)
    for secret in SECRETS:
        assert secret.encode() not in held, secret
