"""Text in pictures: preparations, Tesseract's table of words, and which of several readings is kept."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dalil.errors import InputError, LimitReached
from dalil.signals.scans import LONGEST, NOTHING, PREPARATIONS, Scan, best, parsed, prepared, version_of

HEADER = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"


def row(line: int, word: int, confidence: float | str, text: str, level: int = 5) -> str:
    return f"{level}\t1\t1\t1\t{line}\t{word}\t0\t0\t9\t9\t{confidence}\t{text}\n"


def png(pixels: np.ndarray) -> bytes:
    sheet = io.BytesIO()
    Image.fromarray(pixels).save(sheet, "PNG")
    return sheet.getvalue()


def page_of(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data), formats=["PPM"]) as image:
        return np.asarray(image)


def test_words_become_lines_and_unsure_ones_are_left_out() -> None:
    table = (
        HEADER
        + row(1, 0, -1, "", level=4)
        + row(1, 1, 96.5, "جسر")
        + row(1, 2, 90, "تل")
        + row(2, 1, 12, "|~")
        + row(2, 2, 80, "Nahr")
    )
    found = parsed("otsu", table)
    assert found.text == "جسر تل\nNahr"
    assert found.words == 3
    assert found.confidence == pytest.approx((3 * 96.5 + 2 * 90 + 4 * 80) / 9, abs=0.01)


@pytest.mark.parametrize(
    "table",
    ["", "\n", HEADER, "no table at all", HEADER + "5\t1\n", HEADER + row(1, 1, "nan", "a"), HEADER + row(1, 1, "x", "a"),
     HEADER + row(1, 1, 900, "a"), HEADER + row(1, 1, 90, "  ")],
)  # fmt: skip
def test_what_holds_no_words_is_nothing(table: str) -> None:
    assert parsed("otsu", table) == Scan("otsu", "", 0, 0.0)


@given(st.text(max_size=200))
def test_no_output_raises(table: str) -> None:
    found = parsed("black", table)
    assert 0 <= found.confidence <= 100


def test_a_text_has_an_end() -> None:
    found = parsed("black", HEADER + "".join(row(n, 1, 90, "word") for n in range(LONGEST)))
    assert len(found.text) == LONGEST


def test_the_surest_of_the_rich_readings_is_kept() -> None:
    poor, rich, surer = Scan("white", "a", 1, 99.0), Scan("otsu", "a b c d", 10, 80.0), Scan("black", "a b", 6, 85.0)
    assert best([poor, rich, surer]) == surer
    assert best([poor, rich]) == rich
    assert best([poor]) == poor
    assert best([]) == best([NOTHING]) == NOTHING


scans = st.builds(Scan, st.sampled_from(PREPARATIONS), st.text(max_size=5), st.integers(0, 50), st.floats(0, 100))


@given(st.lists(scans, max_size=6))
def test_the_best_is_one_of_them_whatever_their_order(found: list[Scan]) -> None:
    kept = best(found)
    assert kept == NOTHING or kept in found
    again = best(reversed(found))
    assert (again.words, again.confidence) == (kept.words, kept.confidence)


def test_each_preparation_brings_out_its_letters() -> None:
    pixels = np.full((60, 200, 3), 120, np.uint8)
    pixels[10:20, 10:50] = 255
    pixels[30:40, 10:50] = 0
    pages = {name: page_of(data) for name, data in prepared(png(pixels), max_pixels=10**6)}
    assert tuple(pages) == PREPARATIONS
    assert all(page.shape == (120, 400) for page in pages.values())
    assert (pages["white"][30, 60], pages["white"][70, 60]) == (0, 255)
    assert (pages["black"][30, 60], pages["black"][70, 60]) == (255, 0)
    assert (pages["inverse"] == 255 - pages["otsu"]).all()


def test_a_large_picture_is_not_made_larger() -> None:
    pages = prepared(png(np.zeros((20, 1700, 3), np.uint8)), max_pixels=10**6)
    assert page_of(pages[0][1]).shape == (20, 1700)


def test_what_is_no_picture_or_too_large_is_refused() -> None:
    with pytest.raises(InputError):
        prepared(b"no picture", max_pixels=10**6)
    with pytest.raises(LimitReached):
        prepared(png(np.zeros((20, 20, 3), np.uint8)), max_pixels=100)


def test_a_version_names_ours_the_programs_and_the_languages() -> None:
    assert version_of("5.3.0", ("Arabic", "eng")) == "1 5.3.0 Arabic+eng"
