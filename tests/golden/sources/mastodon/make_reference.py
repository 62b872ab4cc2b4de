"""What Mastodon.py reads in the samples of this folder.

Run in an environment of its own: `pip install Mastodon.py==2.3.3 && python make_reference.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mastodon.return_types import Status
from mastodon.types_base import try_cast_recurse

HERE = Path(__file__).resolve().parent


def of_status(raw: dict[str, Any]) -> dict[str, Any]:
    status = try_cast_recurse(Status, raw)
    return {
        "uri": status.uri,
        "account": status.account.acct,
        "visibility": status.visibility,
        "created_at": status.created_at.isoformat(),
        "edited_at": status.edited_at.isoformat() if status.edited_at else None,
        "content": status.content,
        "language": status.language,
        "in_reply_to_id": str(status.in_reply_to_id) if status.in_reply_to_id else None,
        "reblog": status.reblog.uri if status.reblog else None,
        "mentions": [mention.acct for mention in status.mentions],
        "tags": [tag.name for tag in status.tags],
        "media": [str(item.id) for item in status.media_attachments],
        "counts": [status.replies_count, status.reblogs_count, status.favourites_count],
    }


def main() -> None:
    statuses = json.loads((HERE / "statuses.json").read_text(encoding="utf-8"))
    found = [of_status(status) for status in statuses]
    text = json.dumps(found, ensure_ascii=False, indent=1)
    (HERE / "statuses.mastodon-py.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
