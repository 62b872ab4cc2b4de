"""The stylesheet: logical properties only, nothing from elsewhere, colours that can be read in light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parents[3] / "src" / "dalil" / "web" / "static" / "web" / "dalil.css").read_text("utf-8")
RULES = re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL)
PHYSICAL = re.compile(
    r"(?<![\w-])(?:"
    r"(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[\w-]*"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
    r"|left|right|top|bottom|width|height|(?:min|max)-(?:width|height)"
    r")\s*:(?!\s*[\d.]+rem\))"
)
SIDED = re.compile(r"(?:text-align|float|clear|caption-side)\s*:\s*(?:left|right)")
_SIDE = r"[^\s;{}]+"
FOUR = re.compile(
    rf"(?<![\w-])(?:margin|padding|inset|border-width|border-radius)\s*:\s*{_SIDE}\s+{_SIDE}\s+{_SIDE}\s+{_SIDE}"
)


def test_no_property_knows_left_or_right() -> None:
    assert PHYSICAL.findall(RULES.replace("(max-width:46rem)", "")) == []
    assert SIDED.findall(RULES) == []
    assert FOUR.findall(RULES) == []


@pytest.mark.parametrize(
    "rule",
    ["a{margin-left:1rem}", "a{text-align:right}", "a{width:3rem}", "a{padding:1px 2px 3px 4px}", "a{left:0}"],
)
def test_the_rule_bites(rule: str) -> None:
    assert PHYSICAL.findall(rule) or SIDED.findall(rule) or FOUR.findall(rule)


def test_nothing_is_fetched() -> None:
    assert "url(" not in RULES
    assert "@import" not in RULES
    assert "@font-face" not in RULES


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w+):(#[0-9a-f]{3,6})", block))


LIGHT = colours(RULES.split("@media")[0])
DARK = LIGHT | colours(RULES.split("prefers-color-scheme:dark")[1].split("}")[0])
PRINT = LIGHT | colours(RULES.split("@media print")[1].split("}")[0])


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_right() -> None:
    assert contrast("#fff", "#000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK, PRINT], ids=["light", "dark", "print"])
@pytest.mark.parametrize("ink", ["ink", "soft", "accent", "alarm", "good"])
@pytest.mark.parametrize("ground", ["paper", "wash"])
def test_text_can_be_read(theme: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(theme[ink], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_of_fields_and_the_focus_can_be_seen(theme: dict[str, str]) -> None:
    assert contrast(theme["edge"], theme["paper"]) >= 3
    assert contrast(theme["accent"], theme["paper"]) >= 3
    assert ":focus-visible{outline:3px" in RULES
    assert "outline:0" not in RULES
    assert "outline:none" not in RULES
