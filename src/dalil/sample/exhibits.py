"""The pictures of claims, and what members capture by hand: screenshots of posts, with what they saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dalil.sample.album import Album, PictureFile
from dalil.sample.clock import NOW, START, hours, whole_second
from dalil.sample.dice import dice
from dalil.sample.edits import COPIES
from dalil.sample.storyline import Case
from dalil.sample.stream import Draft, Stream
from dalil.schema.words import MediaFindingKind

BRAND: Final = "SAHLARA LIVE"
ORDINARY_EACH_WEEK: Final = 3


@dataclass(frozen=True, slots=True)
class HandItem:
    """One capture by hand of a post."""

    draft: Draft
    seen_at: datetime
    screenshot: PictureFile | None


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A claim's picture: the file that members look at, in which post or hand capture it came, and the
    earlier post of the same picture, if there is one."""

    held: PictureFile
    draft: Draft
    by_hand: bool
    earlier: Draft | None


def exhibits(
    seed: int, cases: Sequence[Case], first_shown: Mapping[str, Draft], album: Album
) -> tuple[dict[str, Exhibit], list[HandItem]]:
    """Give every claim with a media finding its picture.

    Returns:
        ({claim key: exhibit}, hand captures of those that no Telegram channel carries).
    """
    found: dict[str, Exhibit] = {}
    by_hand: list[HandItem] = []
    for case in cases:
        if case.plot.media is None:
            continue
        earlier = first_shown.get(case.plot.key)
        key = earlier.picture.picture if earlier is not None and earlier.picture is not None else album.new()
        cells = [cell.cell_name for cell in case.plot.cells]
        if "ta" in cells:
            for number, coded in enumerate(case.sightings("ta")):
                coded.draft.picture, coded.draft.photo = _file(seed, case, key, number, album), True
            first = case.sightings("ta")[0].draft
        else:
            first = case.sightings(cells[0])[0].draft
            items = _screenshots(seed, case, key, album)
            by_hand.extend(items)
        held = first.picture if "ta" in cells else items[0].screenshot
        assert held is not None
        found[case.plot.key] = Exhibit(held, first, "ta" not in cells, earlier)
    return found, by_hand


def _file(seed: int, case: Case, key: str, number: int, album: Album) -> PictureFile:
    """The picture as one channel posts it."""
    rng = dice(seed, f"exhibits/{case.plot.key}/{number}")
    match case.plot.media:
        case MediaFindingKind.RECYCLED:
            return album.file(
                key, rng.choice(COPIES) if number else rng.choice(("recompressed", "resized", "brighter", "mirror"))
            )
        case MediaFindingKind.ALTERED:
            return album.file(key, "altered")
        case MediaFindingKind.IMPERSONATED:
            return album.file(key, "original", brand=BRAND)
        case _:
            return album.file(key, "recompressed" if number else "original")


def _screenshots(seed: int, case: Case, key: str, album: Album) -> list[HandItem]:
    """Screenshots of the first two posts that show it, taken within the hour."""
    rng = dice(seed, f"exhibits/{case.plot.key}/hand")
    posts = [coded.draft for coded in case.sightings(case.plot.cells[0].cell_name)][:2]
    held = _file(seed, case, key, 0, album)
    album.files.remove(held)
    return [
        HandItem(
            draft,
            whole_second(draft.at + hours(rng.uniform(0.2, 0.9))),
            album.shown_on_phone(held, f"{case.plot.key}/{n}"),
        )
        for n, draft in enumerate(posts)
    ]


def everyday(seed: int, stream: Stream, album: Album) -> list[HandItem]:
    """A few ordinary posts that somebody thought worth keeping, with a screenshot of their text."""
    rng = dice(seed, "exhibits/everyday")
    found = []
    for week in range(8):
        start = START + hours(week * 168)
        pool = [
            d for d in stream.drafts
            if start <= d.at < min(start + hours(150), NOW - hours(3)) and d.kind == "post" and not d.claim and not d.pushed
            and not d.container and d.picture is None and len(d.text) > 60 and d.platform in ("facebook", "x")
        ]  # fmt: skip
        for number, draft in enumerate(rng.sample(pool, k=ORDINARY_EACH_WEEK)):
            screen = album.shown_on_phone(None, f"everyday/{week}/{number}") if number else None
            found.append(HandItem(draft, whole_second(draft.at + hours(rng.uniform(0.3, 1.5))), screen))
    return found
