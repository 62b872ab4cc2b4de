"""PDQ's parts against slow oracles; the whole is held against the reference in tests/golden."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.signals import pdq
from dalil.signals.pdq import VARIANTS, dihedral, distance


def slow_box(values: list[float], window: int) -> list[float]:
    """The reference's four phases on one line, in single precision."""
    single = np.float32
    half = (window + 2) // 2
    total, count, left, right = single(0), 0, 0, 0
    out = []
    for _ in range(half - 1):
        total, count, right = single(total + single(values[right])), count + 1, right + 1
    for _ in range(window - half + 1):
        total, count, right = single(total + single(values[right])), count + 1, right + 1
        out.append(float(total / single(count)))
    for _ in range(len(values) - window):
        total, right = single(total + single(values[right])), right + 1
        total, left = single(total - single(values[left])), left + 1
        out.append(float(total / single(count)))
    for _ in range(half - 1):
        total, count, left = single(total - single(values[left])), count - 1, left + 1
        out.append(float(total / single(count)))
    return out


def picture(seed: int, rows: int = 90, columns: int = 70) -> pdq.Picture:
    """Smooth random blobs: something to see at every frequency that counts."""
    small = np.random.default_rng(seed).integers(0, 256, (9, 7), dtype=np.uint8)
    return np.kron(small, np.ones((rows // 9, columns // 7), dtype=np.uint8))


@given(st.integers(1, 12), st.lists(st.integers(0, 2550), min_size=12, max_size=60))
def test_the_running_mean_is_the_references_at_the_ends_too(window: int, tenths: list[int]) -> None:
    line = [tenth / 10 for tenth in tenths]
    values = np.array([line, line[::-1]], dtype=np.float32).T
    found = pdq._box_down(np.ascontiguousarray(values), window)
    assert found[:, 0].tolist() == slow_box(line, window)
    assert found[:, 1].tolist() == slow_box(line[::-1], window)


@given(st.integers(1, 9), st.lists(st.integers(0, 29), min_size=1, max_size=40).map(sorted))
def test_chosen_rows_are_those_rows(window: int, chosen: list[int]) -> None:
    values = np.random.default_rng(window).random((30, 3), dtype=np.float32)
    assert (pdq._box_down(values, window, chosen) == pdq._box_down(values, window)[chosen]).all()


@pytest.mark.parametrize(
    ("length", "window"), [(5, 1), (64, 1), (128, 1), (129, 2), (256, 2), (257, 3), (512, 4), (1000, 8)]
)
def test_two_windows_cover_one_of_64_steps(length: int, window: int) -> None:
    assert pdq._window(length) == window == math.ceil(length / 128)


@given(st.integers(0, 2**32))
@settings(max_examples=30)
def test_frequencies_are_the_cosine_transform(seed: int) -> None:
    small = np.random.default_rng(seed).random((64, 64), dtype=np.float32) * 255
    place, row = np.arange(64), np.arange(1, 17)
    basis = np.sqrt(2 / 64) * np.cos(np.pi / 128 * row[:, None] * (2 * place + 1))
    assert np.allclose(pdq.frequencies(small), basis @ small.astype(float) @ basis.T, atol=0.02)


@given(st.integers(0, 2**32))
@settings(max_examples=30)
def test_half_of_the_bits_are_set_and_the_first_frequency_is_last(seed: int) -> None:
    found = np.random.default_rng(seed).normal(size=(16, 16)).astype(np.float32)
    packed = np.unpackbits(pdq.bits(found))
    assert packed.sum() == 128
    assert (packed[::-1].reshape(16, 16) == (found > np.sort(found.ravel())[127])).all()


@pytest.mark.parametrize("seed", range(5))
def test_variants_are_near_the_hashes_of_the_turned_picture(seed: int) -> None:
    square = np.ascontiguousarray(picture(seed, 126, 126)[:126, :126])
    turned = {
        "as-is": square,
        "rotate-90": np.rot90(square),
        "rotate-180": np.rot90(square, 2),
        "rotate-270": np.rot90(square, 3),
        "flip-x": square[::-1],
        "flip-y": square[:, ::-1],
        "flip-plus": square.T,
        "flip-minus": np.rot90(square, 2).T,
    }
    variants = dict(zip(VARIANTS, dihedral(square)[0], strict=True))
    for name, other in turned.items():
        true = pdq.pdq(np.ascontiguousarray(other))[0].tobytes()
        near = {variant: distance(true, found.tobytes()) for variant, found in variants.items()}
        assert min(near, key=lambda variant: near[variant]) == name
        assert near[name] <= 16


def test_grey_is_the_same_as_three_equal_channels() -> None:
    grey = picture(1)
    assert (pdq.pdq(grey)[0] == pdq.pdq(np.stack([grey] * 3, axis=2))[0]).all()


def test_the_first_variant_is_the_hash_and_the_layout_of_memory_does_not_matter() -> None:
    for rows, columns in ((90, 70), (64, 64), (63, 63)):
        grey = np.resize(picture(2), (rows, columns))
        upside = np.asfortranarray(grey)[::1]
        assert (dihedral(grey)[0][0] == pdq.pdq(grey)[0]).all()
        assert (pdq.pdq(upside)[0] == pdq.pdq(grey)[0]).all()
        assert dihedral(grey)[1] == pdq.pdq(grey)[1]


@pytest.mark.parametrize("shape", [(4, 100), (100, 4), (1, 1), (4, 4, 3)])
def test_too_small_to_hash_is_all_zeros_and_quality_nought(shape: tuple[int, ...]) -> None:
    tiny = np.full(shape, 7, dtype=np.uint8)
    found, quality = pdq.pdq(tiny)
    assert found.tolist() == [0] * 32
    assert quality == 0
    assert [one.tolist() for one in dihedral(tiny)[0]] == [[0] * 32] * 8


def test_quality_tells_plain_from_busy() -> None:
    assert pdq.pdq(np.full((90, 90), 200, dtype=np.uint8))[1] == 0
    assert pdq.pdq(picture(3))[1] >= 80


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((9, 9)), np.zeros((9, 9, 4), np.uint8), np.zeros(9, np.uint8), np.zeros((9, 9, 3), np.int16)],
)
def test_another_shape_or_type_is_refused(wrong: np.ndarray) -> None:
    for method in (pdq.pdq, dihedral):
        with pytest.raises(ValueError, match="uint8"):
            method(wrong)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_distance_counts_the_bits_that_differ(first: bytes, second: bytes) -> None:
    bits = [np.unpackbits(np.frombuffer(one, dtype=np.uint8)) for one in (first, second)]
    slow = int((bits[0] != bits[1]).sum())
    assert distance(first, second) == distance(second, first) == slow
