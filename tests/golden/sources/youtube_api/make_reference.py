"""What python-youtube reads in the samples of this folder.

Run in an environment of its own: `pip install python-youtube==0.9.9 && python make_reference.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pyyoutube import models

HERE = Path(__file__).resolve().parent
ANSWERS = {
    "activities_by_channel_p1": models.ActivityListResponse,
    "channel_info_multi": models.ChannelListResponse,
    "comment_threads_by_video_paged_1": models.CommentThreadListResponse,
    "comments_by_parent_paged_1": models.CommentListResponse,
    "playlist_items_paged_1": models.PlaylistItemListResponse,
    "search_by_keywords_p1": models.SearchListResponse,
    "videos_info_multi": models.VideoListResponse,
}


def of_comment(comment: Any) -> dict[str, Any]:
    snippet = comment.snippet
    return {
        "id": comment.id,
        "author": snippet.authorChannelId.value,
        "text": snippet.textOriginal,
        "published": snippet.publishedAt,
        "likes": snippet.likeCount,
        "parent": snippet.parentId,
    }


def of_item(item: Any) -> dict[str, Any]:
    if isinstance(item, models.CommentThread):
        return of_comment(item.snippet.topLevelComment) | {"video": item.snippet.videoId}
    if isinstance(item, models.Comment):
        return of_comment(item)
    snippet = item.snippet
    key = item.id
    if isinstance(item, models.SearchResult):
        key = item.id.videoId
    elif isinstance(item, models.PlaylistItem):
        key = snippet.resourceId.videoId
    statistics = getattr(item, "statistics", None)
    return {
        "id": key,
        "channel": snippet.channelId if not isinstance(item, models.Channel) else None,
        "title": snippet.title,
        "description": snippet.description,
        "published": snippet.publishedAt,
        "views": statistics.viewCount if statistics else None,
    }


def main() -> None:
    for name, kind in ANSWERS.items():
        answer = kind.from_dict(json.loads((HERE / f"{name}.json").read_text(encoding="utf-8")))
        found = [of_item(item) for item in answer.items]
        text = json.dumps(found, ensure_ascii=False, indent=1)
        (HERE / f"{name}.python-youtube.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
