"""Hand captures: `captures.jsonl` with screenshots beside it, as the phone page and `dalil capture` write them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from dalil.sample.clock import TZ
from dalil.sample.exhibits import HandItem
from dalil.sample.format_crowdtangle import address as facebook_address
from dalil.sample.stream import Draft

_ENCODER: Final = msgspec.json.Encoder()


def write(folder: Path, items: Sequence[HandItem]) -> None:
    """One folder of captures by hand, by the time at which they were seen."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [_ENCODER.encode(_record(folder, item)) for item in items]
    (folder / "captures.jsonl").write_bytes(b"\n".join(lines) + b"\n")


def _record(folder: Path, item: HandItem) -> dict[str, Any]:
    """One line; the screenshot is named by its hash and written beside it."""
    draft = item.draft
    record: dict[str, Any] = {
        "dalil_capture": 1,
        "platform": draft.platform,
        "seen_at": item.seen_at.astimezone(TZ).isoformat(),
        "address": address(draft),
        "text": draft.text_at(item.seen_at),
        "page_name": draft.home.name,
        "native_id": draft.native_id,
        "account_kind": draft.home.kind,
        "posted_at": draft.at.astimezone(TZ).isoformat(),
        "posted_precision": "s",
    }
    if item.screenshot is not None:
        record["screenshot"] = item.screenshot.sha256
        (folder / item.screenshot.sha256).write_bytes(item.screenshot.data)
    return record


def address(draft: Draft) -> str:
    """The public address of a post."""
    match draft.platform:
        case "facebook":
            return facebook_address(draft.account, draft.native_id.partition("_")[2])
        case "x":
            return f"https://x.com/{draft.account.handle}/status/{draft.native_id}"
        case _:
            return f"https://t.me/{draft.home.handle}/{draft.number}"
