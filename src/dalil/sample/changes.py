"""What happens to posts after they were captured: edits and deletions, seen by the next capture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Final

from dalil.sample.clock import hours
from dalil.sample.dice import between, dice
from dalil.sample.schedule import Capture
from dalil.sample.speech import Speech
from dalil.sample.stream import Draft, Stream

EDITS_EACH: Final = {"x": 1, "facebook": 2, "telegram": 2}
DELETIONS_EACH: Final = {"x": 4, "facebook": 1, "telegram": 1}
"""At each boundary between two captures."""
X_EDIT_WINDOW: Final = timedelta(minutes=58)
"""X lets people edit for an hour."""


def plant(seed: int, stream: Stream, speech: Speech, captures: Sequence[Capture]) -> None:
    """Edit and delete some ordinary posts between two captures that both look at them."""
    referred = {draft.target for draft in stream.drafts if draft.target is not None}
    for earlier, later in pairwise(captures):
        if earlier.series == later.series and later.series in ("x", "pages", "telegram"):
            _between(seed, [d for d in stream.on(earlier.platform) if d not in referred], speech, earlier, later)


def _between(seed: int, posts: Sequence[Draft], speech: Speech, earlier: Capture, later: Capture) -> None:
    """Posts that others refer to stay: what X then gives for the reference is not documented."""
    rng = dice(seed, f"changes/{earlier.name}")
    platform = earlier.platform
    both = [
        d for d in posts
        if later.since <= d.at < earlier.at and _ordinary(d) and (platform != "facebook" or d.account.kind == "page")
    ]  # fmt: skip
    fresh = [d for d in both if platform != "x" or d.at > earlier.at - X_EDIT_WINDOW + hours(0.2)]
    for draft in rng.sample(fresh, k=min(len(fresh), EDITS_EACH[platform])):
        limit = min(later.at, draft.at + X_EDIT_WINDOW) if platform == "x" else later.at
        draft.edited_at = between(rng, earlier.at, limit)
        draft.edited_text = speech.ordinary(draft.account.register)
    rest = [d for d in both if d.edited_at is None]
    for draft in rng.sample(rest, k=min(len(rest), DELETIONS_EACH[platform])):
        draft.deleted_at = between(rng, earlier.at, later.at)


def _ordinary(draft: Draft) -> bool:
    """One that nothing else in the truth file rests on."""
    return (
        draft.kind == "post"
        and not (draft.claim or draft.pushed or draft.original or draft.picture or draft.container)
        and draft.edited_at is None
        and draft.deleted_at is None
        and len(draft.text) > 40
    )
