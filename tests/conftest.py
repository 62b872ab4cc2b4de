"""What every test may use: where the shared real data lies, if it is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the repository; the test is skipped by name where it is absent."""
    folder = Path(os.environ.get("DALIL_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"needs real data in {folder.parent.name}/{folder.name}, which is not here")
    return folder
