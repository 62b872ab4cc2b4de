"""What every test may use: the sample week, built once; the real data beside us; the workspace that Django runs on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from demo_week import demo, demo_copy
from hypothesis import HealthCheck, settings
from longest_first import longest_first

__all__ = ["demo", "demo_copy"]

ROOT = Path(__file__).resolve().parents[1]

# Nothing is judged by the clock: a machine that others use is slow at times.
settings.register_profile("no-clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no-clock")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the repository; the test is skipped by name where it is absent."""
    folder = Path(os.environ.get("DALIL_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"needs real data in {folder.parent.name}/{folder.name}, which is not here")
    return folder


@pytest.fixture(scope="session")
def django_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the one workspace that Django is configured for in this process."""
    folder = tmp_path_factory.mktemp("desk")
    from dalil.app.configuration import configure
    from dalil.settings import Settings

    configure(Settings(workspace=str(folder)))
    from django.contrib.auth.hashers import Argon2PasswordHasher

    # The same function, without the cost that is meant for an attacker: a fifth of a second a hash.
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 64, 1
    return folder


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where two processes share the files, neither may be left alone with a long one at the end."""
    items[:] = longest_first(items, ROOT)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", default=None, help="Folder in which the browser tests put the README's pictures.")


@pytest.fixture(scope="session")
def pictures(request: pytest.FixtureRequest) -> Path | None:
    """Where pictures of pages are kept, or None where they are not wanted."""
    folder = request.config.getoption("--pictures")
    return Path(folder) if folder else None
