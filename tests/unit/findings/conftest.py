"""Property tests of this room are never judged by the clock: the first call starts the engine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("no-clock", deadline=None)
settings.load_profile("no-clock")
