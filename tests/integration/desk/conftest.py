"""An empty desk, and a keeper in each of three circles."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from desk_house import House

from dalil.people.actor import Actor


@pytest.fixture
def house(database: Path, now: datetime) -> House:
    """An empty desk."""
    return House(clock=now)


@pytest.fixture
def blue(house: House) -> Actor:
    return house.member("blue")


@pytest.fixture
def green(house: House) -> Actor:
    return house.member("green")


@pytest.fixture
def red(house: House) -> Actor:
    return house.member("red")
