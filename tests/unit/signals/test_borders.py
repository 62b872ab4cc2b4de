"""Borders come off where they are surely borders, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from golden.pdq_pictures import PATTERNS, Picture, noise
from hypothesis import given
from hypothesis import strategies as st

from dalil.signals.borders import trim_border


def scene(rows: int = 120, columns: int = 160) -> Picture:
    y, x = np.mgrid[0:rows, 0:columns].astype(np.int64)
    return np.stack(PATTERNS["scene"](y, x, rows, columns), axis=2).astype(np.uint8)


def framed(picture: Picture, top: int, bottom: int, left: int, right: int, level: int = 0, grain: int = 0) -> Picture:
    out = np.pad(picture, ((top, bottom), (left, right), (0, 0)), constant_values=level).astype(np.int64)
    y, x = np.mgrid[0 : out.shape[0], 0 : out.shape[1]].astype(np.int64)
    out[np.pad(np.zeros(picture.shape[:2], bool), ((top, bottom), (left, right)), constant_values=True)] += (
        noise(y, x) % (grain + 1)
    )[np.pad(np.zeros(picture.shape[:2], bool), ((top, bottom), (left, right)), constant_values=True)][:, None]
    return out.clip(0, 255).astype(np.uint8)


@given(st.tuples(*[st.integers(0, 40)] * 4), st.sampled_from([0, 255]), st.sampled_from([0, 12]))
def test_a_plain_frame_comes_off_to_the_line(sides: tuple[int, int, int, int], level: int, grain: int) -> None:
    picture = scene()
    if level == 255:
        picture = picture // 2  # so that it differs from a white frame as the dark one differs from it
    assert np.array_equal(trim_border(framed(picture, *sides, level=level, grain=grain)), picture)


def test_bars_above_and_below_and_then_at_the_sides() -> None:
    picture = scene()
    assert np.array_equal(trim_border(framed(framed(picture, 0, 0, 30, 30), 40, 40, 0, 0, level=255)), picture)


def test_a_picture_without_a_border_is_the_same_picture() -> None:
    picture = scene()
    assert trim_border(picture).shape == picture.shape


def test_what_fades_is_no_border() -> None:
    y = np.mgrid[0:200, 0:200][0]
    fading = np.repeat(np.clip(y - 60, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
    assert trim_border(fading).shape == fading.shape


def test_an_outline_on_a_plain_wall_is_no_border() -> None:
    wall = np.full((200, 200, 3), 240, dtype=np.uint8)
    wall[80:, 90:110] = 20
    assert trim_border(wall).shape == wall.shape


def test_a_thin_strip_between_bars_is_left_alone() -> None:
    bars = framed(scene(30, 160), 100, 100, 0, 0)
    assert trim_border(bars).shape == bars.shape


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 50, 3), (50, 1, 3), (7, 7, 3)])
def test_plain_and_tiny_pictures_stay_whole(shape: tuple[int, int, int]) -> None:
    plain = np.full(shape, 9, dtype=np.uint8)
    assert trim_border(plain).shape == shape
