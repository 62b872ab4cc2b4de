"""Memory given back between chunks: it may be asked for anywhere, and does give it back where the system can."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dalil.jobs.sandbox import memory


def resident() -> int:
    """Bytes of this process in memory."""
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * 4096


def test_it_may_be_asked_for_at_any_time() -> None:
    memory.give_back()
    memory.give_back()


@pytest.mark.skipif(memory._malloc_trim() is None, reason="another C library than glibc")
def test_holes_between_what_stays_are_given_back() -> None:
    """Small things in turn, every hundredth of which stays, as pages of SQLite do among a chunk's records."""
    memory.give_back()
    before = resident()
    kept = [bytes(1000) for _ in range(100_000)]
    held = resident() - before
    kept = kept[::100]
    memory.give_back()
    assert held > 90_000_000
    assert resident() - before < held / 2
    assert len(kept) == 1000


def test_elsewhere_it_is_arrows_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    memory._malloc_trim.cache_clear()
    assert memory._malloc_trim() is None
    memory.give_back()
    memory._malloc_trim.cache_clear()
