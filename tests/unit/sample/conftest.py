"""One sample week for all tests of the room, and a cheap one whose pictures are plain noise."""

from __future__ import annotations

import cv2
import msgspec
import numpy as np
import pytest

from dalil.sample import album, scenes
from dalil.sample.script import PanelFile, Script, read_script
from dalil.sample.truthfile import Truth, read_truth
from dalil.sample.week import Week, imagine
from dalil.sample.writing import SampleWeek, write

SEED = 7


@pytest.fixture(scope="session")
def sample_week(tmp_path_factory: pytest.TempPathFactory) -> SampleWeek:
    """A whole sample, written once."""
    return write(tmp_path_factory.mktemp("sahlara"), seed=SEED)


@pytest.fixture(scope="session")
def truth(sample_week: SampleWeek) -> Truth:
    return read_truth(sample_week.truth.read_bytes())


@pytest.fixture(scope="session")
def script(sample_week: SampleWeek) -> Script:
    return read_script(sample_week.script.read_bytes())


@pytest.fixture(scope="session")
def panel(sample_week: SampleWeek) -> PanelFile:
    return msgspec.json.decode(sample_week.panel.read_bytes(), type=PanelFile)


def _noise(rng: np.random.Generator) -> scenes.Scene:
    """A fake scene: large random patches, drawn in no time, and far from any other."""
    small = rng.integers(0, 256, (14, 18, 3), dtype=np.uint8)
    return scenes.Scene(np.asarray(cv2.resize(small, (180, 140), interpolation=cv2.INTER_CUBIC), np.uint8), "noise")


@pytest.fixture
def plain_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no scenes: for tests that are not about pictures."""
    monkeypatch.setattr(scenes, "scene", _noise)
    monkeypatch.setattr(album, "MIN_QUALITY", 0)
    monkeypatch.setattr(album, "APART", 60)


@pytest.fixture
def plain_week(plain_pictures: None) -> Week:
    return imagine(SEED, lambda done, total: None)
