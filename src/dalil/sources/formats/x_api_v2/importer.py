"""The importer of X API v2 files: JSON Lines line by line, any other JSON value by value."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final

import msgspec

from dalil.plugins import Manifest
from dalil.schema.records import Reject
from dalil.sources.formats.x_api_v2 import batches, posts, problems, rereads
from dalil.sources.formats.x_api_v2.accounts import Accounts
from dalil.sources.formats.x_api_v2.batches import Batch
from dalil.sources.formats.x_api_v2.references import author_of
from dalil.sources.formats.x_api_v2.salvage import salvage
from dalil.sources.formats.x_api_v2.shapes import Response, Tweet
from dalil.sources.importer import Item, ReadContext, Record
from dalil.sources.json_items import read_each
from dalil.sources.reading import BOM, SourceFile
from dalil.sources.rereading import Held, Reread

_RESPONSE: Final = msgspec.json.Decoder(Response)
_TWEET: Final = msgspec.json.Decoder(Tweet)
_OPENS: Final = re.compile(rb"\s*[\[{]")
_SURE: Final = re.compile(rb'"(?:edit_history_tweet_ids|referenced_tweets|conversation_id|context_annotations)"\s*:')
_LIKELY: Final = re.compile(rb'"(?:author_id|public_metrics)"\s*:')
_BARE: Final = re.compile(rb'\s*\[?\s*\{\s*"data"\s*:\s*\[?\s*\{\s*"(?:id|text)"\s*:\s*"')
_PROBLEM: Final = re.compile(rb'"https://api\.(?:twitter|x)\.com/2/problems/')
_ENVELOPE: Final = re.compile(rb'"(?:data|includes|__twarc)"\s*:')
_TEXT: Final = re.compile(rb'"text"\s*:')
_OTHERS: Final = re.compile(rb'"(?:id_str|full_text|source_platform_url|nav_index|messages|chats)"\s*:')


class XApiV2:
    """Posts of X as its API v2 gives them, or as twarc flattens them."""

    manifest = Manifest(
        name="x-api-v2",
        version="1",
        title="X API v2 (JSON, JSON Lines)",
        proof="six responses recorded by others, in tests/golden/sources/x_api_v2 (medialab/twitwi, MIT)",
        notes="Raw responses and tweets flattened by twarc. Accounts not in the public list become keyed hashes.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure where fields that only this API has stand in the first bytes."""
        head = head.removeprefix(BOM)
        if not _OPENS.match(head) or _OTHERS.search(head):
            return 0.0
        if _SURE.search(head) and (_TEXT.search(head) or _LIKELY.search(head)):
            return 0.95
        if _PROBLEM.search(head):
            return 0.9
        if _LIKELY.search(head) and _TEXT.search(head) and _ENVELOPE.search(head):
            return 0.8
        return 0.6 if _BARE.match(head) else 0.0

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each response's posts in order, then what came along with them: posts, accounts, states."""
        return read_each(source, context, _Reader(context).value)


class _Reader:
    """Reads value by value; remembers only which of the two shapes came last, and recent accounts."""

    def __init__(self, context: ReadContext) -> None:
        self._privacy = context.privacy
        self._accounts = Accounts(context.privacy)
        self._flattened = False

    def value(self, data: bytes, where: str) -> Iterator[Item]:
        batch, problem = self._batch(data, where)
        if batch is not None:
            yield from self._items(batch)
            return
        found = salvage(data, where) if problem == "shape-unknown" else None
        if found is None:
            yield Reject(where, problem, hashlib.sha256(data).hexdigest())
            return
        batch, rejects = found
        yield from self._items(batch)
        yield from rejects

    def _batch(self, data: bytes, where: str) -> tuple[Batch | None, str]:
        try:
            if not self._flattened:
                response = _RESPONSE.decode(data)
                if response.data is not msgspec.UNSET or response.errors is not msgspec.UNSET:
                    return batches.of_response(response, f"{where} "), ""
            tweet = _TWEET.decode(data)
            self._flattened = True
            return batches.of_flattened(tweet, f"{where} "), ""
        except msgspec.ValidationError:
            if self._flattened:
                self._flattened = False
                return self._batch(data, where)
            return None, "shape-unknown"
        except RecursionError:
            return None, "nested-too-deep"
        except UnicodeDecodeError:
            return None, "encoding-wrong"
        except msgspec.DecodeError:
            return None, "json-broken"

    def _items(self, batch: Batch) -> Iterator[Item]:
        missing = problems.authors_of(batch)
        given: set[str | None] = {None}
        for where, tweet in batch.tweets:
            author = author_of(tweet, batch)
            yield posts.record_of(tweet, batch, self._privacy, where=where, included=False, author=author)
            if author.native_id not in given:
                yield from self._account(author.native_id, batch, given)
        for where, tweet in batch.included:
            author = author_of(tweet, batch)
            yield posts.record_of(tweet, batch, self._privacy, where=where, included=True, author=author)
            if author.native_id not in given:
                yield from self._account(author.native_id, batch, given)
        for problem in batch.problems:
            yield problems.record_of(problem, batch, self._privacy, missing)

    def _account(self, author: str | None, batch: Batch, given: set[str | None]) -> Iterator[Item]:
        given.add(author)
        user = batch.users.get(author or "")
        record = self._accounts.record_of(user) if user is not None else None
        if record is not None:
            yield record
