"""Law 2: the abbreviations of time zones that name one offset, and those that name several.

An abbreviation outside both tables is no zone at all.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

OFFSETS: Final[dict[str, float]] = {
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "WET": 0,
    "WEST": 1,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "TRT": 3,
    "EAT": 3,
    "CAT": 2,
    "SAST": 2,
    "WAT": 1,
    "IDT": 3,
    "IRST": 3.5,
    "IRDT": 4.5,
    "AZT": 4,
    "AFT": 4.5,
    "PKT": 5,
    "UZT": 5,
    "TMT": 5,
    "TJT": 5,
    "NPT": 5.75,
    "WIB": 7,
    "WITA": 8,
    "WIT": 9,
    "HKT": 8,
    "SGT": 8,
    "MYT": 8,
    "JST": 9,
    "KST": 9,
    "AWST": 8,
    "ACST": 9.5,
    "ACDT": 10.5,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
    "EST": -5,
    "EDT": -4,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "AKST": -9,
    "AKDT": -8,
    "HST": -10,
    "NST": -3.5,
    "NDT": -2.5,
    "BRT": -3,
    "BRST": -2,
    "ART": -3,
    "UYT": -3,
    "CLT": -4,
    "CLST": -3,
    "PET": -5,
    "COT": -5,
    "VET": -4,
    "BOT": -4,
}
"""Hours east of UTC, as research tools and their users write them. PST, PDT, CDT, MST are America's:
KST is Seoul's; the same letters elsewhere (Philippines, Cuba, Pyongyang to 2018) are history or rare."""
OF_A_ZONE: Final = {"MSK": "Europe/Moscow"}
"""Abbreviations whose offset has changed: UTC+4 in Moscow from 2011 to 2014."""
SEVERAL: Final = frozenset({"AST", "ADT", "AMT", "BST", "CST", "ECT", "GST", "IST", "SST", "WST"})
"""Each names several zones in use, such as Arabia and the Atlantic (AST), China and America (CST), India,
Ireland and Israel (IST): settled only by a zone that the operator names and that uses it at that time."""


def offset_of(abbreviation: str, at: datetime, zone: ZoneInfo | None = None) -> timedelta | None:
    """How far east of UTC `abbreviation` is; None where that cannot be told.

    Args:
        at: the local time, without a zone.
        zone: the operator's; asked only about an abbreviation of several zones.
    """
    hours = OFFSETS.get(abbreviation)
    if hours is not None:
        return timedelta(hours=hours)
    if abbreviation in OF_A_ZONE:
        zone = ZoneInfo(OF_A_ZONE[abbreviation])
    elif zone is None or abbreviation not in SEVERAL:
        return None
    for fold in (0, 1):
        there = at.replace(tzinfo=zone, fold=fold)
        if there.tzname() == abbreviation:
            return there.utcoffset()
    return None
