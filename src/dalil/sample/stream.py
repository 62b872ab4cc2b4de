"""The stream of posts before any platform's format: drafts, their native ids, and how counts grow."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from dalil.sample.album import PictureFile
from dalil.sample.cast import Account
from dalil.sample.dice import dice
from dalil.sample.script import PostRef

FROZEN_AFTER: Final = timedelta(hours=20)
"""Counts stand still from this age on, so that a later capture of the same post is the same record."""
_SNOWFLAKE_EPOCH_MS: Final = 1288834974657


@dataclass(slots=True, eq=False)
class Draft:
    """One post as it will be written out; compared by identity.

    `container` is set for a message in a supergroup (the account is then its sender). `target` is what
    it replies to, quotes, reposts or forwards. `original` names the text group that the text was made for;
    `near` says that it is a reworded copy. `pushed` is the key of a coordinated or viral object.
    """

    account: Account
    at: datetime
    text: str
    kind: str = "post"
    container: Account | None = None
    target: Draft | None = None
    link: str = ""
    picture: PictureFile | None = None
    photo: bool = False
    claim: str = ""
    original: str = ""
    near: bool = False
    pushed: str = ""
    pull: float = 1.0
    edited_at: datetime | None = None
    edited_text: str = ""
    deleted_at: datetime | None = None
    native_id: str = ""
    edited_id: str = ""
    number: int = 0

    @property
    def platform(self) -> str:
        """The platform's name."""
        return self.account.platform

    @property
    def home(self) -> Account:
        """The account under which it is found: the container, or the author."""
        return self.container or self.account

    @property
    def ref(self) -> PostRef:
        """How script and truth name it."""
        return PostRef(self.platform, self.native_id)

    def text_at(self, seen: datetime) -> str:
        """Its text as of a capture."""
        return self.edited_text if self.edited_at is not None and self.edited_at <= seen else self.text


@dataclass(slots=True)
class Stream:
    """All drafts of one sample."""

    drafts: list[Draft] = field(default_factory=list)

    def add(self, draft: Draft) -> Draft:
        """Keep one; gives it back."""
        self.drafts.append(draft)
        return draft

    def sort(self) -> None:
        """By time; the sort is stable, so that the order is the same for a seed."""
        self.drafts.sort(key=lambda draft: draft.at)

    def on(self, platform: str) -> list[Draft]:
        """Those of one platform, by time once sorted."""
        return [draft for draft in self.drafts if draft.platform == platform]


def count(draft: Draft, share: float, seen: datetime) -> int:
    """A count as of a capture: grows with age, then stands still.

    Args:
        share: of the post's pull, such as .2 for reposts.
    """
    age = min(seen - draft.at, FROZEN_AFTER) / timedelta(hours=1)
    return int(draft.pull * share * (1 - math.exp(-max(age, 0.0) / 5)))


def assign_ids(seed: int, stream: Stream) -> None:
    """Give every draft its native id: snowflakes on X, page_post on Facebook, channel/message on Telegram."""
    rng = dice(seed, "stream/ids")
    used: set[str] = set()
    messages: dict[str, int] = defaultdict(lambda: rng.randrange(200, 4000))
    for draft in stream.drafts:
        match draft.platform:
            case "x":
                draft.native_id = _snowflake(draft.at, rng.randrange(1 << 22), used)
                if draft.edited_at is not None:
                    draft.edited_id = _snowflake(draft.edited_at, rng.randrange(1 << 22), used)
            case "facebook":
                draft.native_id = (
                    f"{draft.account.native_id}_{90 * 10**13 + int(draft.at.timestamp()) * 1000 + rng.randrange(1000)}"
                )
            case _:
                messages[draft.home.native_id] += rng.choice((1, 1, 1, 2))
                draft.number = messages[draft.home.native_id]
                draft.native_id = f"{draft.home.native_id}/{draft.number}"


def _snowflake(at: datetime, low: int, used: set[str]) -> str:
    """An id that tells its time, as X's do."""
    milliseconds = int(at.timestamp() * 1000) - _SNOWFLAKE_EPOCH_MS
    while (text := str((milliseconds << 22) | low)) in used:
        low = (low + 1) % (1 << 22)
    used.add(text)
    return text


def pull_of(followers: int, luck: float) -> float:
    """How many people a post of such an account reaches in the end."""
    return 20 + followers * 0.3 * luck


def views_at(drafts: Iterable[Draft], seen: datetime) -> int:
    """Sum of views as of a time."""
    return sum(count(draft, 1.0, seen) for draft in drafts)
