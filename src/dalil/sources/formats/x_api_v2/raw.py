"""The raw record of a post: the tweet itself with every private identifier replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import UNSET

from dalil.sources.formats.x_api_v2.batches import PLATFORM, Batch
from dalil.sources.formats.x_api_v2.metrics import METRICS
from dalil.sources.formats.x_api_v2.shapes import Geo, Tweet
from dalil.sources.ids import key_of
from dalil.sources.privacy import Pseudonymiser, Who

_METRICS: Final = frozenset(METRICS)


def redacted(
    tweet: Tweet,
    batch: Batch,
    key: str,
    shown: str,
    who: Who | None,
    targets: Sequence[str],
    root: str | None,
    privacy: Pseudonymiser,
) -> Tweet:
    """Redact ids, places and what was nested, in place; texts, entities and attachments are done already.

    Args:
        key: the post's true id.
        shown: the id of its first version as it may be stored.
        targets: the ids of the posts it refers to, as they may be stored, in order.
        root: the id of the post that began the thread, as it may be stored.
    """
    public = who is not None and who.public
    tweet.id = shown if key == batch.first_ids.get(key, key) else privacy.post(PLATFORM, key, public=public)
    tweet.author_id = who.native_id if who else UNSET
    if tweet.edit_history_tweet_ids == [key]:
        tweet.edit_history_tweet_ids = [tweet.id]
    elif tweet.edit_history_tweet_ids:
        history = [key_of(old) for old in tweet.edit_history_tweet_ids]
        tweet.edit_history_tweet_ids = [privacy.post(PLATFORM, old, public=public) for old in history]
    if root:
        tweet.conversation_id = root
    if tweet.in_reply_to_user_id:
        answered = key_of(tweet.in_reply_to_user_id)
        user = batch.users.get(answered)
        handle = user.username if user and user.username else None
        tweet.in_reply_to_user_id = privacy.account(PLATFORM, answered, handle=handle).native_id
    if targets:
        for reference, target in zip(tweet.referenced_tweets or (), targets, strict=True):
            reference.id = target
    if tweet.geo:
        country = batch.countries.get(tweet.geo.place_id) if tweet.geo.place_id else None
        tweet.geo = Geo(country_code=country) if country else UNSET
    if tweet.public_metrics and not _METRICS.issuperset(tweet.public_metrics):
        tweet.public_metrics = {n: v for n, v in tweet.public_metrics.items() if n in METRICS}
    tweet.author = tweet.in_reply_to_user = tweet.twarc = UNSET
    return tweet
