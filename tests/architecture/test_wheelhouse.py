"""`make wheelhouse` gathers all that an installation without a network needs: proved by one, in a fresh clone.

Costs about 45 seconds of CPU where pip's cache is warm, as it is after `make setup`; downloads 300 MB where
it is cold. Skipped by name where the package index cannot be reached.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OFFLINE = "http://127.0.0.1:9"
"""Nobody listens there: what asks for the network all the same fails at once."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("make") is None or shutil.which("git") is None, reason="needs make and git"),
]


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Path]:
    """A fresh clone, removed afterwards with the gigabyte that is installed into it."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, so it cannot be cloned")
    folder = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    yield folder
    shutil.rmtree(folder)


def make(folder: Path, *arguments: str, offline: bool) -> subprocess.CompletedProcess[str]:
    python = getattr(sys, "_base_executable", sys.executable)
    command = ["make", *arguments, f"PYTHON={python}"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "DALIL_"))}
    if offline:
        command = [*without_network(), *command]
        kept = {name: value for name, value in environment.items() if not name.startswith("PIP_")}
        proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), OFFLINE)
        environment = {**kept, **proxies, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def without_network() -> list[str]:
    """A prefix that takes the network away, where the system has one that we may use."""
    prefix = ["unshare", "--user", "--map-root-user", "--net"]
    if shutil.which(prefix[0]) is None:
        return []
    tried = subprocess.run([*prefix, "true"], capture_output=True, check=False)
    return prefix if tried.returncode == 0 else []


def test_what_make_wheelhouse_gathers_installs_without_a_network(clone: Path) -> None:
    gathered = make(clone, "wheelhouse", offline=False)
    if gathered.returncode:
        assert "hash" not in gathered.stderr.lower(), gathered.stderr
        pytest.skip("the package index cannot be reached")
    house = clone / "wheelhouse"
    assert not [path.name for path in house.iterdir() if path.suffix != ".whl"]  # nothing to be compiled
    installed = make(clone, "setup", f"WHEELHOUSE={house}", offline=True)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    command = [*without_network(), str(clone / ".venv" / "bin" / "dalil"), "formats", "--json"]
    done = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["formats"]) >= 4


def test_without_a_wheelhouse_the_network_is_missed(clone: Path) -> None:
    """The proof that the other test really is without a network."""
    installed = make(clone, "setup", offline=True)
    assert installed.returncode != 0
