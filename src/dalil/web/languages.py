"""The languages of the console: their own names, directions, digits, marks and months.

Labels are سۆرانی and Kurmancî, never just كوردی: each names what it is. Months in Arabic are those
of Iraq and the Levant. `tongue()` is the one in force for this request.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language

LATIN: Final = "0123456789"
ARABIC_INDIC: Final = "٠١٢٣٤٥٦٧٨٩"


@dataclass(frozen=True, slots=True)
class Tongue:
    """How one language writes numbers, lists and months."""

    code: str
    name: str
    rtl: bool
    months: tuple[str, ...]
    digits: str = LATIN
    decimal: str = "."
    group: str = ","
    percent: str = "%"
    comma: str = ", "
    semicolon: str = "; "

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`, for the `dir` attribute."""
        return "rtl" if self.rtl else "ltr"


def _months(line: str) -> tuple[str, ...]:
    return tuple(month.strip() for month in line.split("|"))


TONGUES: Final[dict[str, Tongue]] = {
    "ar": Tongue(
        "ar",
        "العربية",
        True,
        _months(
            "كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول",
        ),
        ARABIC_INDIC,
        "٫",
        "٬",
        "٪",
        "، ",
        "؛ ",
    ),
    "ckb": Tongue(
        "ckb",
        "سۆرانی",
        True,
        _months(
            "کانوونی دووەم|شوبات|ئازار|نیسان|ئایار|حوزەیران|تەمموز|ئاب|ئەیلوول|تشرینی یەکەم|تشرینی دووەم|کانوونی یەکەم",
        ),
        ARABIC_INDIC,
        "٫",
        "٬",
        "٪",
        "، ",
        "؛ ",
    ),
    "en": Tongue(
        "en",
        "English",
        False,
        _months("January|February|March|April|May|June|July|August|September|October|November|December"),
    ),
    "ku": Tongue(
        "ku",
        "Kurmancî",
        False,
        _months("Çile|Sibat|Adar|Nîsan|Gulan|Hezîran|Tîrmeh|Tebax|Îlon|Cotmeh|Mijdar|Kanûn"),
        decimal=",",
        group=".",
    ),
}


def register() -> None:
    """Add to Django's language table what it lacks: Kurmanji in Latin letters."""
    LANG_INFO.setdefault("ku", {"bidi": False, "code": "ku", "name": "Kurmanji", "name_local": "Kurmancî"})


def tongue() -> Tongue:
    """The language in force; English where it is none of ours."""
    return TONGUES.get((get_language() or "en").split("-")[0], TONGUES["en"])
