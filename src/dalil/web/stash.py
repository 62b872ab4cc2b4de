"""Answers of *Seen before?* and of *Search* for a few minutes, in memory alone, so that a page can be loaded again.

What somebody looked up never touches the disk, is found by a random token only by the member who
asked, and is gone with the process.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from dalil.actions.searching import Asked, Results
    from dalil.actions.seeing import Seen

MOST: Final = 64
SECONDS: Final = 20 * 60
Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Looked:
    """One question and its answer: the text or the small grey picture that was given."""

    seen: Seen
    text: str = ""
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Searched:
    """One search and its answer; `typed` is the form as it was filled in."""

    asked: Asked
    results: Results
    typed: dict[str, str]


@dataclass(slots=True)
class Stash(Generic[Kept]):
    """At most `MOST` answers for `SECONDS` each; the oldest makes room."""

    clock: Callable[[], float] = monotonic
    _kept: OrderedDict[str, tuple[float, str, Kept]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def keep(self, member_id: str, answer: Kept) -> str:
        """Keep an answer for one member; returns its token, 32 hex digits."""
        token = secrets.token_hex(16)
        with self._lock:
            self._forget()
            self._kept[token] = (self.clock() + SECONDS, member_id, answer)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return token

    def find(self, member_id: str, token: str) -> Kept | None:
        """The answer, if it is this member's and still kept."""
        with self._lock:
            self._forget()
            found = self._kept.get(token)
        return found[2] if found is not None and found[1] == member_id else None

    def clear(self, member_id: str) -> None:
        """Forget all of a member's answers, at the lock."""
        with self._lock:
            for token in [token for token, kept in self._kept.items() if kept[1] == member_id]:
                del self._kept[token]

    def _forget(self) -> None:
        now = self.clock()
        for token in [token for token, kept in self._kept.items() if kept[0] <= now]:
            del self._kept[token]


STASH: Final[Stash[Looked]] = Stash()
SEARCHES: Final[Stash[Searched]] = Stash()
