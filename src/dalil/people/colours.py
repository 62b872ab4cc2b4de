"""The names a circle can have: colours, never places. Grey is left out: the sample's armed group has it."""

from __future__ import annotations

from typing import Final

COLOURS: Final = (
    "amber", "azure", "blue", "bronze", "brown", "coral", "cyan", "gold", "green", "indigo", "ivory", "jade",
    "lime", "magenta", "maroon", "olive", "orange", "pink", "purple", "red", "silver", "teal", "violet", "white",
    "yellow",
)  # fmt: skip
