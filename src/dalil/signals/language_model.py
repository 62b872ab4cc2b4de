"""The model that tells languages apart: naive Bayes over byte n-grams, py3langid's, cut down to ten languages.

An automaton walks the bytes of a text; at some states it has met a feature. The score of a language is the
sum over features of log(1 + how often) times the feature's weight there. The tables are py3langid's own
(`data/languages.bin`, made by benchmarks/make_language_tables.py): unpacking the package's whole model
takes half a second of CPU in each process, ours a fiftieth of that.
Source: Lui and Baldwin, "langid.py: An Off-the-shelf Language Identification Tool", ACL 2012.
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

Script = Literal["arabic", "latin"]

ARABIC: Final = ("ar", "arz", "ary", "sdh", "fa")
LATIN: Final = ("en", "ku", "tr", "az", "tk")
CODES: Final = ARABIC + LATIN
"""The model's own codes, in the order of its columns."""

FILE: Final = Path(__file__).with_name("data") / "languages.bin"
MAGIC: Final = b"DALILLANG1\n"
HEAD: Final = struct.Struct(">QQ")
PARTS: Final = {"moves": "<u4", "rows": "<u2", "features": "<i4", "scores": "<f2", "priors": "<f4"}
"""Each is its length compressed, its length, and zstd bytes: state × 256 + byte → state, by the state's row;
state → row; state → feature or -1; feature × language → weight; language → prior."""

_COLUMNS: Final[dict[Script, slice]] = {"arabic": slice(0, len(ARABIC)), "latin": slice(len(ARABIC), None)}
_NEAR: Final = 1e-2
"""Scores nearer than this are left to the exact sum, whose rounding depends on the order of adding."""
_LOG: Final = np.log1p(np.arange(1 << 12))
"""Longer than any sample has bytes."""
_LOADING: Final = Lock()


class Tables(NamedTuple):
    """See `PARTS`; `rows` times 256, weights and priors as doubles and by script."""

    moves: NDArray[np.uint32]
    rows: NDArray[np.uint32]
    features: NDArray[np.int32]
    weights: dict[Script, NDArray[np.float64]]
    priors: dict[Script, NDArray[np.float64]]


def tables() -> Tables:
    """The tables, loaded once."""
    with _LOADING:  # threads that come at once would each load 60 MB
        return _loaded()


def classify(sample: str, script: Script) -> str:
    """The most likely of a script's languages, by the model's code."""
    return str(_identifier(script).classify(sample)[0])


def classify_many(
    data: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64], script: Script
) -> NDArray[np.int64]:
    """For each of n samples the number of its most likely language in the script, or -1 where two are too near.

    Args:
        data: UTF-8 of texts in NFC; sample i is `data[starts[i] : starts[i] + lengths[i]]`.
    """
    model = tables()
    if len(lengths) == 0:
        return np.zeros(0, dtype=np.int64)
    turn = np.argsort(-lengths, kind="stable")
    met = _walk(model, data, starts[turn], lengths[turn])
    met.sort(axis=1)
    # In each row equal features now stand together, after those places where none was met.
    begins = np.ones(met.shape, dtype=bool)
    begins[:, 1:] = met[:, 1:] != met[:, :-1]
    firsts = np.flatnonzero(begins)
    times = np.diff(firsts, append=met.size)
    features = met.ravel()[firsts]
    there = features >= 0
    samples = firsts[there] // met.shape[1]
    parts = model.weights[script].take(features[there], axis=0)
    parts *= _LOG.take(times[there])[:, None]
    scores = np.full((len(turn), parts.shape[1]), model.priors[script])
    held = np.flatnonzero(np.diff(samples, prepend=-1))
    if len(held):
        scores[samples[held]] += np.add.reduceat(parts, held)
    best = scores.argmax(axis=1)
    top = np.sort(scores, axis=1)
    best[top[:, -1] - top[:, -2] < _NEAR] = -1
    nothing_met = np.ones(len(turn), dtype=bool)
    nothing_met[samples] = False
    best[nothing_met] = 0  # the first, as the model has it
    found = np.empty(len(turn), dtype=np.int64)
    found[turn] = best
    return found


def _walk(
    model: Tables, data: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.int32]:
    """[sample, byte] → the feature met there, or -1; the longest samples come first."""
    met = np.full((int(lengths[0]), len(lengths)), -1, dtype=np.int32)
    states = np.zeros(len(lengths), dtype=np.uint32)
    alive = np.searchsorted(-lengths, -np.arange(len(met)), side="left")
    for at, count in enumerate(alive.tolist()):
        moves = model.rows.take(states[:count]) + data.take(starts[:count] + at)
        states = model.moves.take(moves)
        model.features.take(states, out=met[at, :count], mode="clip")
    return np.ascontiguousarray(met.T)


@cache
def _loaded() -> Tables:
    found = {name: np.frombuffer(data, dtype=PARTS[name]) for name, data in _unpacked().items()}
    scores = found["scores"].reshape(-1, len(CODES)).astype(np.float64)
    weights = {script: np.ascontiguousarray(scores[:, columns]) for script, columns in _COLUMNS.items()}
    priors = {script: found["priors"][columns].astype(np.float64) for script, columns in _COLUMNS.items()}
    return Tables(found["moves"], found["rows"].astype(np.uint32) * np.uint32(256), found["features"], weights, priors)


def _unpacked() -> dict[str, bytes]:
    data = FILE.read_bytes()
    if not data.startswith(MAGIC):
        raise ValueError(f"{FILE.name} is no table of languages")
    at, codec = len(MAGIC), pa.Codec("zstd")
    found = {}
    for name in PARTS:
        packed, length = HEAD.unpack_from(data, at)
        at += HEAD.size
        found[name] = codec.decompress(data[at : at + packed], decompressed_size=length, asbytes=True)
        at += packed
    return found


@cache
def _identifier(script: Script) -> LanguageIdentifier:
    """py3langid's own way through the same tables, one text at a time."""
    from py3langid.langid import LanguageIdentifier  # loaded where somebody asks for one text

    model = tables()
    weights, priors = model.weights[script].astype(np.float32), model.priors[script].astype(np.float32)
    # Python walks a memoryview faster than an array of NumPy's, and it is no copy.
    moves, features = model.moves.data, model.features.data
    rows = (model.rows >> 8).tolist()
    return LanguageIdentifier(weights, priors, list(CODES[_COLUMNS[script]]), moves, features, tk_row=rows)
