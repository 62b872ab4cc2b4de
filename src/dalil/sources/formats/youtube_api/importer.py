"""The importer of answers of the YouTube Data API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from dalil.plugins import Manifest
from dalil.schema.records import Reject
from dalil.schema.words import AccountType
from dalil.sources import youtube, youtube_rereads
from dalil.sources.account_records import Accounts, Profile
from dalil.sources.decoding import decode, reject
from dalil.sources.formats.youtube_api import comments, videos
from dalil.sources.formats.youtube_api.shapes import Answer, Resource, ResourceId, Snippet
from dalil.sources.importer import Ignored, Item, Quarantined, ReadContext, Record
from dalil.sources.json_items import read_each
from dalil.sources.privacy import Who
from dalil.sources.reading import BOM, SourceFile
from dalil.sources.rereading import Held, Reread

_ANSWER: Final = msgspec.json.Decoder(Answer)
_RESOURCE: Final = msgspec.json.Decoder(Resource)
_OPENS: Final = re.compile(rb"\s*[\[{]")
_KIND: Final = re.compile(rb'"kind"\s*:\s*"youtube#[A-Za-z]+"')
_OTHERS: Final = re.compile(rb'"(?:source_platform_url|nav_index|extractor_key|__twarc)"\s*:')
_VIDEOS: Final = frozenset({"video", "searchResult", "playlistItem", "activity"})


class YouTubeApi:
    """Videos, comments and channels as the API's list methods answer them."""

    manifest = Manifest(
        name="youtube-api",
        version="2",
        title="YouTube Data API v3 (JSON, JSON Lines)",
        proof="seven answers recorded by others, in tests/golden/sources/youtube_api (sns-sdks/python-youtube, MIT)",
        notes="Who uploads is a public channel; who comments is a private person, unless in the public list.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of the API's own names of kinds."""
        head = head.removeprefix(BOM)
        if not _OPENS.match(head) or _OTHERS.search(head):
            return 0.0
        return 0.95 if _KIND.search(head) else 0.0

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return youtube_rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each answer's items in order, each with its channel where that is new."""
        return read_each(source, context, _Reader(context).value)


class _Reader:
    def __init__(self, context: ReadContext) -> None:
        self._privacy = context.privacy
        self._accounts = Accounts(context.privacy)

    def value(self, data: bytes, where: str) -> Iterator[Item]:
        answer = decode(_ANSWER, data)
        if isinstance(answer, str):
            yield reject(where, answer, data)
        elif answer.error is not msgspec.UNSET:
            yield Ignored("answer-is-error")
        elif answer.items is msgspec.UNSET or answer.items is None:
            yield from self._resource(data, where)
        else:
            for at, item in enumerate(answer.items):
                yield from self._resource(item, f"{where} items[{at}]")

    def _resource(self, data: bytes | msgspec.Raw, where: str) -> Iterator[Item]:
        resource = decode(_RESOURCE, data)
        if isinstance(resource, str):
            yield reject(where, resource, data)
            return
        kind = resource.kind.partition("#")[2]
        snippet = resource.snippet or Snippet()
        if kind == "searchResult" and isinstance(resource.id, ResourceId) and not resource.id.video_id:
            yield Ignored("kind-not-read")
        elif kind in _VIDEOS:
            yield from self._video(resource, snippet, data, where)
        elif kind == "comment":
            yield comments.item_of(resource, snippet, self._privacy) or reject(where, "id-unreadable", data)
        elif kind == "commentThread":
            yield from self._thread(resource, snippet, where, data)
        elif kind == "channel":
            yield from self._channel(resource, snippet, data, where)
        else:
            yield Ignored("kind-not-read")

    def _video(self, resource: Resource, snippet: Snippet, data: bytes | msgspec.Raw, where: str) -> Iterator[Item]:
        item = videos.item_of(resource, snippet, self._privacy) or reject(where, "id-unreadable", data)
        yield item
        if isinstance(item, Record) and item.author_ref:
            key = item.author_ref.partition(":")[2]
            title = snippet.channel_title if key == snippet.channel_id else snippet.video_owner_channel_title
            profile = Profile(
                who=Who(item.author_ref, key, item.author_public),
                platform=youtube.PLATFORM,
                display_name=title or None,
                type=AccountType.CHANNEL,
            )
            account = self._accounts.record_of(profile, youtube.scope_of(self._privacy))
            if account is not None:
                yield account

    def _channel(self, resource: Resource, snippet: Snippet, data: bytes | msgspec.Raw, where: str) -> Iterator[Item]:
        profile = comments.profile_of(resource, snippet, self._privacy)
        if profile is None:
            yield reject(where, "id-unreadable", data)
            return
        account = self._accounts.record_of(profile, youtube.scope_of(self._privacy), included=False)
        yield account or Ignored("given-already")

    def _thread(self, resource: Resource, snippet: Snippet, where: str, data: bytes | msgspec.Raw) -> Iterator[Item]:
        """The comment that opens a thread, then the replies that came with it."""
        if snippet.is_public is False:
            yield Quarantined("not-public")
            return
        if snippet.top_level_comment is msgspec.UNSET:
            yield reject(where, "shape-unknown", data)
            return
        video, channel = comments.id_of(snippet.video_id), comments.id_of(snippet.channel_id)
        parent_public = False
        parts: list[tuple[str, msgspec.Raw]] = [("snippet.topLevelComment", snippet.top_level_comment)]
        replies = resource.replies.comments or () if resource.replies else ()
        parts += [(f"replies.comments[{at}]", reply) for at, reply in enumerate(replies)]
        for number, (part, raw) in enumerate(parts):
            comment = decode(_RESOURCE, raw)
            if isinstance(comment, str):
                yield reject(f"{where} {part}", comment, raw)
                continue
            item = comments.item_of(
                comment,
                comment.snippet or Snippet(),
                self._privacy,
                video=video,
                channel=channel,
                parent_public=parent_public,
                included=number > 0,
            )
            if number == 0:
                parent_public = isinstance(item, Record) and item.author_public
            yield item or reject(f"{where} {part}", "id-unreadable", raw)
