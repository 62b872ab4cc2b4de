"""The answer to "seen before?": matches best first, and the earliest of those that decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np

from dalil.findings.hamming import BITS
from dalil.findings.seen.pictures import DECIDES, PLAIN, PictureHit, PictureIndex
from dalil.findings.seen.sightings import Earliest, Sightings
from dalil.findings.seen.texts import TextIndex
from dalil.schema.results import Match
from dalil.signals.pdq import VARIANTS
from dalil.signals.texts import SHORT_TEXT, norm

LIMIT: Final = 20


class Sighted(msgspec.Struct, frozen=True, kw_only=True):
    """What an archive holds of one query. No match does not mean that the item is new.

    `earliest` is over deciding copies only, listed or not; `copies` counts these items. `caveats`
    are codes: `plain-picture`, `shared-layout`, `short-text`.
    """

    matches: tuple[Match, ...]
    earliest: Earliest | None
    copies: int
    archive_items: int
    caveats: tuple[str, ...] = ()


def look_for_picture(
    index: PictureIndex, variants: Sequence[bytes], *, quality: int, sha256: str | None = None, limit: int = LIMIT
) -> Sighted:
    """Look a picture up.

    Args:
        variants: its eight 32-byte hashes, in the order of `pdq.VARIANTS`.
        quality: its PDQ quality, 0 to 100.
        sha256: of its bytes, if known: the same file decides whatever its quality.
        limit: most matches listed.
    """
    hits = index.search(variants, quality=quality, limit=None)
    same = index.find(sha256) if sha256 else None
    if same is not None:
        hits = [PictureHit(same, index.sha256s[same], 0, 0, int(index.quality[same]), decides=True)] + [
            hit for hit in hits if hit.item != same
        ]
    first = index.sightings.first_captured
    hits.sort(key=lambda hit: (hit.item != same, not hit.decides, hit.distance, first(hit.item), hit.item))
    matches: list[Match] = []
    for hit in hits:
        if len(matches) >= limit:
            break
        exact = hit.item == same
        matches += _matches(
            index.sightings,
            hit.item,
            limit - len(matches),
            media_sha256=hit.sha256,
            method="sha256" if exact else "pdq",
            score=1.0 if exact else max(0.0, 1 - 2 * hit.distance / BITS),
            decides=hit.decides,
            distance=hit.distance,
            variant="" if exact else VARIANTS[hit.variant],
        )
    deciding = np.array([hit.item for hit in hits if hit.decides], dtype=np.int64)
    close = any(hit.distance <= DECIDES and not hit.decides and hit.quality >= PLAIN for hit in hits)
    caveats = ("plain-picture",) if quality < PLAIN else ("shared-layout",) if close else ()
    return Sighted(
        matches=tuple(matches),
        earliest=index.sightings.earliest(deciding),
        copies=len(deciding),
        archive_items=len(index),
        caveats=caveats,
    )


def look_for_text(index: TextIndex, text: str, *, limit: int = LIMIT) -> Sighted:
    """Look a text up; it may be any Unicode. Equal skeletons decide, similar texts are proposed."""
    hits = index.search(text, limit=limit)
    matches: list[Match] = []
    for hit in hits:
        if len(matches) >= limit:
            break
        matches += _matches(
            index.sightings,
            hit.item,
            limit - len(matches),
            media_sha256=None,
            method="skeleton" if hit.exact else "minhash",
            score=hit.score,
            decides=hit.exact,
        )
    deciding = np.array([hit.item for hit in hits if hit.exact], dtype=np.int64)
    return Sighted(
        matches=tuple(matches),
        earliest=index.sightings.earliest(deciding),
        copies=len(deciding),
        archive_items=len(index),
        caveats=("short-text",) if len(norm(text)) < SHORT_TEXT else (),
    )


def _matches(
    sightings: Sightings,
    item: int,
    limit: int,
    *,
    media_sha256: str | None,
    method: str,
    score: float,
    decides: bool,
    distance: int | None = None,
    variant: str = "",
) -> list[Match]:
    return [
        Match(
            observation_id=seen.observation_id,
            media_sha256=media_sha256,
            method=method,
            score=score,
            decides=decides,
            captured_at=seen.captured_at,
            claimed_at=seen.claimed_at,
            source=seen.source,
            distance=distance,
            variant=variant,
        )
        for seen in sightings.of(item, limit)
    ]
