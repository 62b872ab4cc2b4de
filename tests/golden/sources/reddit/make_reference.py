"""What PRAW reads in the samples of this folder, without a network.

Run in an environment of its own: `pip install praw==8.0.3 && python make_reference.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import praw
from praw.models import Comment, Submission, Subreddit

HERE = Path(__file__).resolve().parent


def of_thing(thing: Any) -> dict[str, Any]:
    if isinstance(thing, Subreddit):
        return {"name": thing.fullname, "display_name": thing.display_name, "subscribers": thing.subscribers}
    shared = {
        "name": thing.fullname,
        "author": thing.author.name if thing.author else None,
        "subreddit": thing.subreddit.display_name,
        "created_utc": thing.created_utc,
        "edited": thing.edited,
        "score": thing.score,
    }
    if isinstance(thing, Submission):
        parent = vars(thing).get("crosspost_parent")
        return shared | {"title": thing.title, "selftext": thing.selftext, "num_comments": thing.num_comments, "crosspost_parent": parent}  # fmt: skip
    assert isinstance(thing, Comment)
    return shared | {"body": thing.body, "parent_id": thing.parent_id, "link_id": thing.link_id}


def main() -> None:
    reddit = praw.Reddit(client_id="none", client_secret="none", user_agent="none", check_for_updates=False)
    for name in ("search", "subreddits", "post", "crosspost"):
        raw = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
        listings = reddit._objector.objectify(data=raw)
        found = [
            of_thing(thing) for listing in (listings if isinstance(raw, list) else [listings]) for thing in listing
        ]
        text = json.dumps(found, ensure_ascii=False, indent=1)
        (HERE / f"{name}.praw.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
