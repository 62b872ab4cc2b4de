"""The one kind of time in all records: aware, UTC; a time whose zone nobody knows is none."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

Moment = Annotated[datetime, Meta(tz=True)]
"""Decoding refuses a naive time. What the source left open is said beside it, by `words.ZoneBasis`."""
