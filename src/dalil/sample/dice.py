"""Seeded chance: every part of the sample draws from a stream of its own, named by what it is for.

So one part can change without changing every other, and the same seed gives the same bytes.
"""

from __future__ import annotations

import hashlib
import random
from datetime import datetime, timedelta

import numpy as np


def _number(seed: int, label: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}/{label}".encode()).digest()[:8], "big")


def dice(seed: int, label: str) -> random.Random:
    """A stream of chance for one purpose. Not for secrets."""
    return random.Random(_number(seed, label))  # noqa: S311  # an invented world, not cryptography


def grains(seed: int, label: str) -> np.random.Generator:
    """The same for arrays. PCG64 is named, so that NumPy's default may change."""
    return np.random.Generator(np.random.PCG64(_number(seed, label)))


def between(rng: random.Random, start: datetime, end: datetime) -> datetime:
    """A whole second in [start, end).

    Raises:
        ValueError: the stretch is empty.
    """
    seconds = int((end - start).total_seconds())
    if seconds <= 0:
        raise ValueError("an empty stretch of time")
    return start + timedelta(seconds=rng.randrange(seconds))
