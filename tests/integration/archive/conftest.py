"""A small workspace with two circles' recipients, and the secret keys to look inside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest

from dalil.archive import workspace
from dalil.archive.keys import Cost
from dalil.archive.reading import Archive
from dalil.archive.workspace import Workspace

PASSPHRASE = "seven dry wells near the bridge"
CHEAP = Cost(passes=1, memory_kib=64, lanes=1)


@pytest.fixture
def house(tmp_path: Path) -> Workspace:
    return workspace.create(
        tmp_path / "house", zone="Asia/Baghdad", passphrase=PASSPHRASE, encrypted_ok=True, cost=CHEAP
    )


@pytest.fixture
def circles(house: Workspace) -> dict[str, str]:
    """Circle → secret age identity, of two circles whose recipients the workspace knows."""
    secrets = {}
    for circle in ("blue", "green"):
        identity = pyrage.x25519.Identity.generate()
        house.set_recipient(circle, str(identity.to_public()))
        secrets[circle] = str(identity)
    return secrets


@pytest.fixture
def archive(house: Workspace) -> Iterator[Archive]:
    with Archive(house, memory_mib=512, threads=2) as opened:
        yield opened
