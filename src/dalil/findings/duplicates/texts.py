"""Posts whose texts are the same but for editing.

Equal skeletons are one text. Different ones of 25 characters or more are joined when MinHash or a
rare run of three words proposes them and rapidfuzz confirms. Groups are stars: every member is close
to the group's first text, so that no chain of small edits leads from one claim to another.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz import fuzz

from dalil.findings.latest import newest_method
from dalil.schema.results import TextGroup
from dalil.signals import minhash
from dalil.signals.texts import SHORT_TEXT

VERSION: Final = "1"
SIMILAR: Final = 0.85
"""Share of characters that agree in order, from which two texts are one; rapidfuzz's ratio ÷ 100."""
REORDERED: Final = 0.95
"""The same with the words sorted, for texts whose parts changed places; stricter, as order says much."""
_BUCKET: Final = 64
"""Texts kept for one band or run of words: more share a template, and say nothing about each other."""
_TRIED: Final = 24
_RUN: Final = 3

Ints = npt.NDArray[np.int64]


def text_groups(text_signals: ir.Table, posts: ir.Table, *, similar: float = SIMILAR) -> list[TextGroup]:
    """Group the posts of an archive by their texts.

    Args:
        text_signals, posts: the archive's tables.
        similar: in (0, 1]; 1 joins equal skeletons alone.
    Returns:
        Groups of at least two different posts, the largest first. A group's key comes from the text
        captured first, so it stays while the group only grows.
    Raises:
        ValueError: `similar` is out of range.
    """
    if not 0 < similar <= 1:
        raise ValueError("similar is in (0, 1]")
    rows = _rows(text_signals, posts)
    if not len(rows):
        return []
    hashes = rows["skeleton_hash"].to_numpy()
    skeletons, first, member = np.unique(hashes, return_index=True, return_inverse=True)
    by_age = np.argsort(first, kind="stable")
    norms = rows["norm"].take(pa.array(first[by_age])).to_pylist()
    leader = np.empty(len(skeletons), dtype=np.int64)
    leader[by_age] = by_age[leaders(norms, similar=similar)]
    return _groups(rows, leader[member], [f"text:{value:016x}" for value in skeletons.tolist()])


def leaders(norms: Sequence[str], *, similar: float = SIMILAR) -> Ints:
    """For each text, the place of the text whose group it joins: its own, or an earlier one's.

    Args:
        norms: different texts' search keys, oldest first: an older text never changes its group.
    """
    long = [place for place, norm in enumerate(norms) if len(norm) >= SHORT_TEXT]
    found = np.arange(len(norms), dtype=np.int64)
    if similar >= 1 or len(long) < 2:
        return found
    bands = minhash.bands([norms[place] for place in long])
    known = _Known()
    for place, band in zip(long, bands.tolist(), strict=True):
        norm = norms[place]
        best, score = place, 0.0
        for other in known.candidates(norm, band):
            agreed = similarity(norm, norms[other], similar)
            if agreed > score:
                best, score = other, agreed
        found[place] = best
        if best == place:
            known.add(place, norm, band)
    return found


def similarity(first: str, second: str, similar: float = SIMILAR) -> float:
    """How far two texts agree, in [0, 1]; 0 where they are not one text."""
    ratio = fuzz.ratio(first, second, score_cutoff=100 * similar) / 100
    if ratio:
        return float(ratio)
    return float(fuzz.token_sort_ratio(first, second, score_cutoff=100 * max(similar, REORDERED)) / 100)


@dataclass(slots=True)
class _Known:
    """The groups' first texts, filed by MinHash band and by run of three words."""

    bands: defaultdict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    runs: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def candidates(self, norm: str, band: Sequence[int]) -> list[int]:
        votes: Counter[int] = Counter()
        for key in enumerate(band):
            votes.update(self.bands.get(key, ()))
        for run in _runs(norm):
            votes.update(self.runs.get(run, ()))
        return [place for place, _ in sorted(votes.items(), key=lambda v: (-v[1], v[0]))[:_TRIED]]

    def add(self, place: int, norm: str, band: Sequence[int]) -> None:
        for key in enumerate(band):
            if len(self.bands[key]) < _BUCKET:
                self.bands[key].append(place)
        for run in _runs(norm):
            if len(self.runs[run]) < _BUCKET:
                self.runs[run].append(place)


def _runs(norm: str) -> set[str]:
    words = norm.split(" ")
    return {" ".join(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)}


def _rows(text_signals: ir.Table, posts: ir.Table) -> pa.Table:
    """One row for each observation with a text that says something, oldest capture first."""
    signals = newest_method(text_signals, "obs_id").filter(lambda t: t.skeleton != "")
    wanted = posts.select("obs_id", "collected_at", "author_ref", "created_at", "text")
    rows = signals.select("obs_id", "uid", "norm", "skeleton_hash").inner_join(wanted, "obs_id")
    return rows.order_by(ibis.asc("collected_at"), ibis.asc("obs_id")).to_pyarrow().combine_chunks()


def _groups(rows: pa.Table, group: Ints, keys: Sequence[str]) -> list[TextGroup]:
    order = np.argsort(group, kind="stable")
    borders = np.flatnonzero(np.diff(group[order])) + 1
    found = []
    for places in np.split(order, borders):
        if len(places) < 2:
            continue
        members = rows.take(pa.array(places)).to_pydict()
        uids = tuple(dict.fromkeys(members["uid"]))
        if len(uids) < 2:  # one post captured again is no duplicate
            continue
        times = [time for time in members["created_at"] if time is not None]
        found.append(
            TextGroup(
                key=keys[int(group[places[0]])],
                observation_ids=tuple(members["obs_id"]),
                uids=uids,
                accounts=len({author for author in members["author_ref"] if author is not None}),
                first_at=min(times, default=None),
                last_at=max(times, default=None),
                sample=members["text"][0],
            )
        )
    return sorted(found, key=lambda g: (-len(g.uids), g.key))
