"""The names of platforms, one spelling each, as they begin every uid."""

from __future__ import annotations

import re
from typing import Final

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
_OTHER_NAMES: Final = {"twitter": "x", "fb": "facebook", "meta": "facebook", "ig": "instagram", "tg": "telegram"}
KINDS: Final = "the name of a platform, such as facebook, x, telegram or other"


def platform_named(name: str) -> str | None:
    """Our spelling of a platform's name; None where it cannot be one. `Twitter` and `X` are `x`."""
    key = name.strip().lower().replace(" ", "-")
    key = _OTHER_NAMES.get(key, key)
    return key if _NAME.fullmatch(key) else None
