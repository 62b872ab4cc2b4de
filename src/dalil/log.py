"""Logs of event names and ids, never of content, handles, search terms, addresses or people.

`event` is the only way to log: its fields are checked by name and type, so that a text, a handle or
a path cannot slip in by accident.
"""

from __future__ import annotations

import logging
import re
from typing import Final

LOGGER: Final = logging.getLogger("dalil")
ALLOWED_FIELDS: Final = frozenset(
    {
        "id",
        "job_id",
        "claim_id",
        "segment",
        "step",
        "code",
        "count",
        "done",
        "total",
        "seconds",
        "state",
        "format",
        "version",
    }
)
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:+-]{0,80}")


def event(name: str, *, level: int = logging.INFO, **fields: str | int | float) -> None:
    """Log that something happened.

    Args:
        name: dotted event name, such as `import.chunk`.
        fields: ids, codes and numbers only; see `ALLOWED_FIELDS`.
    Raises:
        ValueError: a field is not in the list, or a value is not a plain id, code or number.
    """
    for key, value in fields.items():
        if key not in ALLOWED_FIELDS:
            raise ValueError(f"'{key}' is not a field that may be logged")
        if isinstance(value, str) and not _PLAIN.fullmatch(value):
            raise ValueError(f"the value of '{key}' is not a plain id or code")
    LOGGER.log(level, "%s %s", name, " ".join(f"{k}={v}" for k, v in sorted(fields.items())))


def silence(library: str) -> None:
    """Keep a library's own log, which may hold addresses, content and traces, from being written anywhere."""
    logger = logging.getLogger(library)
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
