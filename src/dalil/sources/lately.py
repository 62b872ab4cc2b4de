"""What was told of each account lately, so that the same is not told again with every post."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

REMEMBERED: Final = 20_000


class Lately:
    """Remembers of the last 20,000 accounts what was told, as a hash of it: 100 bytes an account or so."""

    def __init__(self) -> None:
        self._told: OrderedDict[str, int] = OrderedDict()

    def is_news(self, uid: str, told: Hashable) -> bool:
        """Whether something else than this was told of the account before, or nothing; it is remembered."""
        seen = hash(told)
        if self._told.get(uid) == seen:
            return False
        self._told[uid] = seen
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        return True
