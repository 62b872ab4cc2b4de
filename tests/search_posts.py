"""Made-up posts for the tests of search: texts with their real keys, true to the schemas and to the ids' rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
from archive_chunks import FORMAT, KEY, NOW, File, FixedKeys, sha256

from dalil.archive.workspace import Workspace
from dalil.archive.writing import Writer
from dalil.schema import tables
from dalil.schema.chunks import Chunk, ChunkHead
from dalil.schema.identity import canonical_bytes, observation_id
from dalil.signals.texts import norm

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Made:
    """One post as a test wants it."""

    text: str
    lang: str = "ar"
    at: datetime | None = AT
    platform: str = "x"
    number: int = 0
    uid: str = ""
    captured: datetime = datetime(2026, 5, 10, tzinfo=UTC)
    author: str = "x:100"
    public: bool = True
    container: str | None = None
    state: str = "live"
    media: tuple[tuple[str, str], ...] = ()
    """(sha256, mime) of each."""
    links: int = 0
    way: str = ""
    name: str = ""

    @property
    def record(self) -> bytes:
        return canonical_bytes({"text": self.text, "n": self.number, "uid": self.uid, "c": self.captured.isoformat()})

    @property
    def obs_id(self) -> str:
        return observation_id(KEY, FORMAT, self.record)


def tables_of(posts: Sequence[Made]) -> dict[str, pa.Table]:
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in tables.HANDED_OVER}
    for post in posts:
        uid = post.uid or f"{post.platform}:{post.obs_id[:12]}"
        common = {"obs_id": post.obs_id, "uid": uid}
        rows["observations"].append(
            {**common, "kind": "post", "source_format": FORMAT, "collected_at": post.captured, "included": False}
        )
        rows["posts"].append(
            {
                **common,
                "collected_at": post.captured,
                "platform": post.platform,
                "author_ref": post.author,
                "author_public": post.public,
                "container_ref": post.container,
                "created_at": post.at,
                "state": post.state,
                "text": post.text,
                "urls": [{"as_written": "https://a.example/"}] * post.links,
                "media": [{"sha256": sha, "mime": mime} for sha, mime in post.media],
            }
        )
        rows["text_signals"].append(
            {**common, "method": "text-keys", "method_version": "1001", "norm": norm(post.text), "lang": post.lang}
        )
        rows["raw"].append({"obs_id": post.obs_id, "sha256": sha256(post.record), "record": post.record})
        if post.way:
            rows["edges"].append({"obs_id": post.obs_id, "src_uid": uid, "dst_uid": "x:1", "type": post.way})
        if post.name:
            rows["accounts"].append(
                {"obs_id": post.obs_id, "uid": post.author, "collected_at": post.captured, "display_name": post.name}
            )
    return {name: pa.Table.from_pylist(part, schema=tables.HANDED_OVER[name]) for name, part in rows.items() if part}


def store(house: Workspace, *steps: Iterable[Made]) -> None:
    """Write posts into the archive, each argument as a chunk of its own."""
    for step in steps:
        posts = list(step)
        file = File(0, len(posts), len(posts))
        writer = Writer(house, keys=FixedKeys(), now=NOW)
        intake = writer.begin(file.begin, "blue")
        head = ChunkHead(number=0, read=len(posts), includes=0, quarantined=0, rejected={}, done_bytes=0, tables={})
        writer.chunk(intake, Chunk(head, tables_of(posts)))
        writer.end(intake, file.end)
