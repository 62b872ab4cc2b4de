"""When the sample's members capture what: weekly, and daily in the last week, overlapping a little."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dalil.sample.clock import NOW, START, TZ, WEEK_START, hours

FORMATS: Final = {
    "x": ("x", "x-api-v2", "tweets.jsonl"),
    "pages": ("facebook", "crowdtangle-csv", "pages.csv"),
    "groups": ("facebook", "crowdtangle-csv", "groups.csv"),
    "telegram": ("telegram", "telegram-desktop", ""),
    "archive": ("telegram", "telegram-desktop", ""),
    "hand": ("hand", "hand-capture", ""),
}
"""Series → platform, source format, file within the capture's folder; "" where the folder itself is read."""
OVERLAP: Final = {"x": 30, "pages": 26, "groups": 26, "telegram": 5, "archive": 0, "hand": 0}
"""Hours by which a capture looks back past the one before it."""
_MINUTE: Final = {"x": 0, "pages": 12, "groups": 18, "telegram": 25, "hand": 40}


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture of one series: what was public in [since, at)."""

    number: int
    series: str
    since: datetime
    at: datetime

    @property
    def platform(self) -> str:
        """The platform, or `hand`."""
        return FORMATS[self.series][0]

    @property
    def format(self) -> str:
        """Name of the source format."""
        return FORMATS[self.series][1]

    @property
    def name(self) -> str:
        """Name of its folder."""
        return f"{self.number:02d}-{self.series}-{self.at.astimezone(TZ):%Y-%m-%d}"

    @property
    def path(self) -> str:
        """What is given to `dalil import`, from the captures' folder."""
        file = FORMATS[self.series][2]
        return f"{self.name}/{file}" if file else self.name


def schedule() -> list[Capture]:
    """All captures by time: the old archive first, then Mondays at eight, daily from the last Tuesday on."""
    mondays = [START + timedelta(days=7 * week) + hours(8) for week in range(1, 8)]
    days = [WEEK_START + timedelta(days=day) + hours(8) for day in range(1, 7)]
    times = {
        "x": [*mondays, *days, NOW - hours(1)],
        "pages": [*mondays, *days, NOW - hours(1)],
        "groups": [*mondays, NOW - hours(1)],
        "telegram": [*mondays, *days, NOW - hours(1)],
        "hand": [*mondays, NOW - hours(1)],
    }
    found = [("archive", START - timedelta(days=3000), START + hours(7.5))]
    for series, moments in times.items():
        before = START
        for moment in moments:
            at = moment + timedelta(minutes=_MINUTE[series])
            found.append((series, max(START, before - hours(OVERLAP[series])), at))
            before = at
    found.sort(key=lambda item: (item[2], item[0]))
    return [Capture(number, series, since, at) for number, (series, since, at) in enumerate(found, start=1)]
