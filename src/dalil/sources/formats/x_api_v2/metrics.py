"""The public counts of a post, under the names that all platforms share."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from dalil.schema.records import Metric
from dalil.schema.words import MetricBasis
from dalil.sources.formats.x_api_v2.shapes import Count

METRICS: Final = {
    "like_count": "likes",
    "reply_count": "replies",
    "retweet_count": "reposts",
    "quote_count": "quotes",
    "bookmark_count": "bookmarks",
    "impression_count": "views",
}


def metrics_of(counts: dict[str, Count], at: datetime | None) -> tuple[Metric, ...]:
    """The known counts: one that is absent is left out, null stays None, zero stays 0 (law 5)."""
    if float not in map(type, counts.values()):
        return tuple([Metric(METRICS[name], value, at) for name, value in counts.items() if name in METRICS])  # type: ignore[arg-type]  # no float
    found = []
    for name, value in counts.items():
        shared = METRICS.get(name)
        if shared is None:
            continue
        if isinstance(value, float):
            found.append(Metric(shared, int(value), at, MetricBasis.ROUNDED, repr(value)))
        else:
            found.append(Metric(shared, value, at))
    return tuple(found)
