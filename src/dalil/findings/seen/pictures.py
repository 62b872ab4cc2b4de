"""Have we seen this picture before? A flat scan of perceptual hashes, and what may be concluded.

Distance 31 or less decides, 32 to 64 proposes; the nearest unrelated photographs measured were 72
apart. A plain picture never decides, and neither does a layout that many different pictures share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ibis.expr.types as ir
import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dalil.findings.hamming import Ints, Words, distances, words_of, words_of_column
from dalil.findings.latest import newest_method
from dalil.findings.seen.packed import Arrays, Packed
from dalil.findings.seen.sightings import Sightings, sighting_columns

VERSION: Final = 1
DECIDES: Final = 31
PROPOSES: Final = 64
PLAIN: Final = 50
"""PDQ quality below which a hash says nothing."""
TEMPLATE_FILES: Final = 64
"""More files than this within `DECIDES` of one query share a layout, not a picture."""
TEMPLATE_DECIDES: Final = 10
"""Among them only so close a hash still decides."""


class PictureHit(msgspec.Struct, frozen=True):
    """One stored picture near the query: `item` in the index, bits apart, and by which variant."""

    item: int
    sha256: str
    distance: int
    variant: int
    quality: int
    decides: bool


@dataclass(frozen=True, slots=True)
class PictureIndex:
    """n different pictures with their hashes, sorted by sha256, and where each was seen."""

    words: Words
    quality: Ints
    sha256s: Packed
    sightings: Sightings

    def __len__(self) -> int:
        return len(self.words)

    @staticmethod
    def build(image_signals: pa.Table, sightings: pa.Table) -> PictureIndex:
        """Build from Arrow rows.

        Args:
            image_signals: sha256, pdq, quality; one row for each picture.
            sightings: sha256, obs_id, collected_at, claimed_at, source; a picture may have none.
        """
        rows = image_signals.select(["sha256", "pdq", "quality"]).drop_null().sort_by("sha256")
        names = rows["sha256"].combine_chunks()
        seen = sightings.filter(pc.is_in(sightings["sha256"], names))
        item = pc.index_in(seen["sha256"].combine_chunks(), names).to_numpy(zero_copy_only=False)
        return PictureIndex(
            words=words_of_column(rows["pdq"]),
            quality=np.asarray(rows["quality"].to_numpy(), dtype=np.int64),
            sha256s=Packed.of(names),
            sightings=Sightings.build(item.astype(np.int64), len(rows), seen),
        )

    def search(
        self,
        variants: Sequence[bytes],
        *,
        quality: int = 100,
        max_distance: int = PROPOSES,
        limit: int | None = 20,
    ) -> list[PictureHit]:
        """Stored pictures within a distance of any variant, nearest first.

        Args:
            variants: 32-byte hashes of the query, turned and mirrored.
            quality: of the query; below `PLAIN` nothing decides.
            max_distance: bits, ends included.
            limit: None for all.
        """
        if not len(self) or not variants:
            return []
        queries = words_of(variants)
        nearest = distances(self.words, queries)
        items = np.flatnonzero(nearest <= max_distance)
        items = items[np.lexsort((items, nearest[items]))]
        decides = self._border(nearest, quality)
        return [self._hit(int(item), queries, int(nearest[item]), decides) for item in items[:limit].tolist()]

    def find(self, sha256: str) -> int | None:
        """The item with exactly this file hash."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.sha256s[middle] < sha256:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self.sha256s[low] == sha256 else None

    def arrays(self) -> Arrays:
        """The index as plain arrays by name, to be kept."""
        plain: Arrays = {"version": np.array([VERSION]), "words": self.words, "quality": self.quality}
        return {**plain, **self.sha256s.arrays("sha256s"), **self.sightings.arrays()}

    @staticmethod
    def from_arrays(arrays: Mapping[str, npt.NDArray[Any]]) -> PictureIndex | None:
        """The reverse of `arrays`; None where they are of another version and must be built anew."""
        if int(arrays["version"][0]) != VERSION:
            return None
        return PictureIndex(
            arrays["words"],
            arrays["quality"],
            Packed.from_arrays("sha256s", arrays),
            Sightings.from_arrays(arrays),
        )

    def _border(self, nearest: npt.NDArray[np.uint16], quality: int) -> int:
        """The distance up to which a match decides; -1 for none."""
        if quality < PLAIN:
            return -1
        close = (nearest <= DECIDES) & (self.quality >= PLAIN)
        return TEMPLATE_DECIDES if int(close.sum()) > TEMPLATE_FILES else DECIDES

    def _hit(self, item: int, queries: Words, apart: int, decides: int) -> PictureHit:
        each = np.bitwise_count(queries ^ self.words[item]).sum(axis=1)
        good = int(self.quality[item])
        return PictureHit(
            item=item,
            sha256=self.sha256s[item],
            distance=apart,
            variant=int(np.argmin(each)),
            quality=good,
            decides=good >= PLAIN and apart <= decides,
        )


def picture_index(image_signals: ir.Table, media: ir.Table, posts: ir.Table) -> PictureIndex:
    """Build the index of an archive from its tables."""
    signals = newest_method(image_signals, "sha256").select("sha256", "pdq", "quality").to_pyarrow()
    seen = media.select("obs_id", "sha256").distinct().inner_join(sighting_columns(posts), "obs_id")
    return PictureIndex.build(signals, seen.to_pyarrow())
