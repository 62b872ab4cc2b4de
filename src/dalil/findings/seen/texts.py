"""Have we seen this text before? An equal skeleton decides; MinHash proposes and rapidfuzz ranks.

Everything lies in arrays: an index of a million texts holds no object for any of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz

from dalil.findings.latest import newest_method
from dalil.findings.seen.packed import Arrays, Packed
from dalil.findings.seen.sightings import Sightings, sighting_columns
from dalil.signals import minhash
from dalil.signals.texts import SHORT_TEXT, text_keys
from dalil.signals.texts import VERSION as TEXT_KEYS_VERSION

VERSION: Final = 1
PROPOSES: Final = 0.65
"""Agreement from which another text is worth a look."""
_CANDIDATES: Final = 200
_BUCKET: Final = 1000
"""Texts looked at in one band: more share a template."""
_AT_ONCE: Final = 20_000


class TextHit(msgspec.Struct, frozen=True):
    """One stored text near the query; `exact` where the skeletons are equal."""

    item: int
    score: float
    exact: bool


@dataclass(frozen=True, slots=True)
class TextIndex:
    """n different texts by ascending skeleton hash, their norms, and where each was seen.

    `bands` and `rows` are of shape (16, long texts): each band's values sorted, and whose they are.
    """

    skeletons: npt.NDArray[np.uint64]
    norms: Packed
    bands: npt.NDArray[np.uint64]
    rows: npt.NDArray[np.int32]
    sightings: Sightings

    def __len__(self) -> int:
        return len(self.skeletons)

    @staticmethod
    def build(rows: pa.Table) -> TextIndex:
        """Build from Arrow rows.

        Args:
            rows: norm, skeleton_hash, obs_id, collected_at, claimed_at, source, one for each
                observation, oldest capture first. Empty skeletons must not be among them.
        """
        hashes = np.asarray(rows["skeleton_hash"].to_numpy(), dtype=np.uint64)
        skeletons, first, item = np.unique(hashes, return_index=True, return_inverse=True)
        norms = rows["norm"].take(pa.array(first))
        bands, order = _filed(norms)
        return TextIndex(
            skeletons=skeletons,
            norms=Packed.of(norms),
            bands=bands,
            rows=order,
            sightings=Sightings.build(item.astype(np.int64), len(skeletons), rows),
        )

    def search(self, text: str, *, at_least: float = PROPOSES, limit: int = 20) -> list[TextHit]:
        """Stored texts that are this one, or like it; best first.

        Args:
            text: as it was given; any Unicode.
            at_least: smallest agreement, in [0, 1].
        """
        keys = text_keys(text)
        if not keys.skeleton or not len(self):
            return []
        place = int(np.searchsorted(self.skeletons, np.uint64(keys.skeleton_hash)))
        equal = place if place < len(self) and int(self.skeletons[place]) == keys.skeleton_hash else None
        hits = [TextHit(equal, 1.0, exact=True)] if equal is not None else []
        if len(keys.norm) >= SHORT_TEXT:
            others = (item for item in self._candidates(keys.norm) if item != equal)
            scored = ((item, agreement(keys.norm, self.norms[item], at_least)) for item in others)
            hits.extend(TextHit(item, score, exact=False) for item, score in scored if score)
        return sorted(hits, key=lambda hit: (not hit.exact, -hit.score, hit.item))[:limit]

    def _candidates(self, norm: str) -> list[int]:
        """Texts that share a band, those that share most first."""
        found = []
        for band, value in enumerate(minhash.bands([norm])[0]):
            start = int(np.searchsorted(self.bands[band], value, side="left"))
            stop = int(np.searchsorted(self.bands[band], value, side="right"))
            found.append(self.rows[band, start : min(stop, start + _BUCKET)])
        items, votes = np.unique(np.concatenate(found), return_counts=True)
        best: list[int] = items[np.lexsort((items, -votes))][:_CANDIDATES].tolist()
        return best

    def arrays(self) -> Arrays:
        """The index as plain arrays by name, to be kept."""
        plain: Arrays = {
            "version": _version(),
            "skeletons": self.skeletons,
            "bands": self.bands,
            "rows": self.rows,
        }
        return {**plain, **self.norms.arrays("norms"), **self.sightings.arrays()}

    @staticmethod
    def from_arrays(arrays: Mapping[str, npt.NDArray[Any]]) -> TextIndex | None:
        """The reverse of `arrays`; None where they are of another version and must be built anew."""
        if arrays["version"].tobytes() != _version().tobytes():
            return None
        return TextIndex(
            arrays["skeletons"],
            Packed.from_arrays("norms", arrays),
            arrays["bands"],
            arrays["rows"],
            Sightings.from_arrays(arrays),
        )


def agreement(first: str, second: str, at_least: float) -> float:
    """The better of rapidfuzz's ratio in order and with words sorted, in [0, 1]; 0 below `at_least`."""
    cutoff = 100 * at_least
    in_order = fuzz.ratio(first, second, score_cutoff=cutoff)
    return float(max(in_order, fuzz.token_sort_ratio(first, second, score_cutoff=max(cutoff, in_order))) / 100)


def text_index(text_signals: ir.Table, posts: ir.Table) -> TextIndex:
    """Build the index of an archive from its tables."""
    signals = newest_method(text_signals, "obs_id").filter(lambda t: t.skeleton != "")
    rows = signals.select("obs_id", "norm", "skeleton_hash").inner_join(sighting_columns(posts), "obs_id")
    return TextIndex.build(rows.order_by(ibis.asc("collected_at"), ibis.asc("obs_id")).to_pyarrow())


def _version() -> npt.NDArray[np.uint8]:
    """Of the layout and of the bands: those of two versions must never be compared."""
    return np.frombuffer(f"{VERSION} {minhash.VERSION} {TEXT_KEYS_VERSION}".encode(), dtype=np.uint8)


def _filed(norms: pa.ChunkedArray) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32]]:
    """Each band's values sorted, and whose they are; texts become Python's only so many at once."""
    lengths: Any = pc.utf8_length(norms)
    long = np.flatnonzero(lengths.to_numpy() >= SHORT_TEXT).astype(np.int32)
    values = np.zeros((minhash.BANDS, len(long)), dtype=np.uint64)
    rows = np.zeros((minhash.BANDS, len(long)), dtype=np.int32)
    for start in range(0, len(long), _AT_ONCE):
        some = norms.take(pa.array(long[start : start + _AT_ONCE])).to_pylist()
        values[:, start : start + len(some)] = minhash.bands(some).T
    for band in range(minhash.BANDS):
        order = np.argsort(values[band], kind="stable")
        values[band], rows[band] = values[band][order], long[order]
    return values, rows
