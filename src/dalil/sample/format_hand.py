"""Hand captures: `captures.jsonl` with screenshots beside it, as the phone page and `dalil capture` write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import Any, Final

import msgspec

from dalil.sample.exhibits import HandItem
from dalil.sample.format_crowdtangle import address as facebook_address
from dalil.sample.stream import Draft

_ENCODER: Final = msgspec.json.Encoder()


def write(folder: Path, items: Sequence[HandItem]) -> None:
    """One folder of captures by hand, by the time at which they were seen."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [_ENCODER.encode(_record(folder, number, item)) for number, item in enumerate(items, start=1)]
    (folder / "captures.jsonl").write_bytes(b"\n".join(lines) + b"\n")


def _record(folder: Path, number: int, item: HandItem) -> dict[str, Any]:
    record: dict[str, Any] = {
        "platform": item.draft.platform,
        "address": address(item.draft),
        "text": item.draft.text_at(item.seen_at),
        "page_name": item.draft.home.name,
        "native_id": item.draft.native_id,
        "account_kind": item.draft.home.kind,
        "seen_at": item.seen_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if item.screenshot is not None:
        record["screenshot"] = f"screen-{number:02d}.jpg"
        (folder / record["screenshot"]).write_bytes(item.screenshot.data)
    return record


def address(draft: Draft) -> str:
    """The public address of a post."""
    match draft.platform:
        case "facebook":
            return facebook_address(draft.account, draft.native_id.partition("_")[2])
        case "x":
            return f"https://x.com/{draft.account.handle}/status/{draft.native_id}"
        case _:
            return f"https://t.me/{draft.home.handle.replace('.', '_')}/{draft.number}"
