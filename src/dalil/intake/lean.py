"""Packages kept out of our processes: of the child, started for each file and picture, and of the command line."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

UNWANTED: Final = frozenset({"pandas"})
"""pyarrow loads pandas, half a second of CPU and 40 MB, only to ask whether a list is one of its series."""


class _Refusing(MetaPathFinder):
    def find_spec(
        self,
        fullname: str,
        path: object = None,  # noqa: ARG002 - the protocol's
        target: ModuleType | None = None,  # noqa: ARG002 - the protocol's
    ) -> ModuleSpec | None:
        """Say that an unwanted package is not installed; leave all others to the next finder."""
        if fullname in UNWANTED:
            raise ModuleNotFoundError(f"{fullname} is kept out of this process", name=fullname)
        return None


def keep_out() -> None:
    """From now on, in this process, unwanted packages count as not installed."""
    sys.meta_path.insert(0, _Refusing())
