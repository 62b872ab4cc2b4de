"""One answer of the API, or one flattened tweet, as the same thing: its posts and what they refer to.

A flattened tweet is taken apart into the shape of the response it came from, so that both give the
same rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from msgspec import UNSET, UnsetType

from dalil.sources.closed_words import ID
from dalil.sources.formats.x_api_v2.shapes import (
    Entities,
    Medium,
    Place,
    Poll,
    Problem,
    Reference,
    Response,
    Tweet,
    User,
    parsed_time,
)
from dalil.sources.ids import key_of
from dalil.sources.redaction import Scope

PLATFORM = "x"


@dataclass(slots=True)
class Batch:
    """Posts with everything that was included with them; ids are text.

    `ids`: handle, case-folded → account id, from users and mentions. `authors`: post id → account id.
    `first_ids`: post id → the first id of its edit history, where that is another. `scope`: of all its posts by
    private persons, made when first needed.
    """

    tweets: list[tuple[str, Tweet]] = field(default_factory=list)
    included: list[tuple[str, Tweet]] = field(default_factory=list)
    users: dict[str, User] = field(default_factory=dict)
    media: dict[str, Medium] = field(default_factory=dict)
    polls: dict[str, Poll] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)
    first_ids: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    retrieved_at: datetime | None = None
    scope: Scope | None = None

    def add_user(self, user: User) -> None:
        """Make a user known by id and handle."""
        if user.id is UNSET:
            return
        key = key_of(user.id)
        self.users[key] = user
        if user.username:
            self.ids[user.username.casefold()] = key

    def add_tweet(self, where: str, tweet: Tweet, *, included: bool) -> None:
        """Make a post known; of one that is in the data as well, the included copy is left out."""
        key = key_of(tweet.id)
        if included and key in self.authors:
            return
        self.authors[key] = key_of(tweet.author_id) if tweet.author_id else ""
        history = tweet.edit_history_tweet_ids
        if history and history != [tweet.id]:
            history = tweet.edit_history_tweet_ids = [one for one in history if ID.fullmatch(key_of(one))]
        if history and len(history) > 1:
            versions = [key_of(version) for version in history]
            if key in versions:  # a history that does not hold the post itself is another's
                self.first_ids[key] = versions[0]
        if tweet.entities:
            self._add_mentions(tweet.entities)
        if tweet.note_tweet and tweet.note_tweet.entities:
            self._add_mentions(tweet.note_tweet.entities)
        (self.included if included else self.tweets).append((where, tweet))

    def _add_mentions(self, entities: Entities) -> None:
        for mention in entities.mentions or ():
            if mention.username and mention.id:
                self.ids.setdefault(mention.username.casefold(), key_of(mention.id))

    def add_place(self, place: Place) -> None:
        """Make a place's country known."""
        if place.id and place.country_code:
            self.countries[place.id] = place.country_code


def of_response(response: Response, where: str) -> Batch:
    """A whole response as a batch; `where` names it, such as `line 5 `."""
    batch = Batch()
    if response.twarc:
        batch.retrieved_at = parsed_time(response.twarc.retrieved_at)
    data = response.data or []
    for at, tweet in enumerate(data if isinstance(data, list) else [data]):
        batch.add_tweet(f"{where}data[{at}]", tweet, included=False)
    if response.includes:
        for user in response.includes.users or ():
            batch.add_user(user)
        for at, tweet in enumerate(response.includes.tweets or ()):
            batch.add_tweet(f"{where}includes.tweets[{at}]", tweet, included=True)
        for medium in response.includes.media or ():
            if medium.media_key:
                batch.media[medium.media_key] = medium
        for place in response.includes.places or ():
            batch.add_place(place)
        for poll in response.includes.polls or ():
            if poll.id:
                batch.polls[key_of(poll.id)] = poll
    batch.problems = response.errors or []
    return batch


def of_flattened(tweet: Tweet, where: str) -> Batch:
    """A tweet flattened by twarc, taken apart again."""
    batch = Batch()
    if tweet.twarc:
        batch.retrieved_at = parsed_time(tweet.twarc.retrieved_at)
    batch.add_tweet(where.rstrip(), tweet, included=False)
    for at, reference in enumerate(_nested(tweet)):
        if reference.text is not UNSET:
            plain = Tweet(**{name: getattr(reference, name) for name in Tweet.__struct_fields__})
            plain.referenced_tweets = _bare(reference)
            batch.add_tweet(f"{where}referenced_tweets[{at}]", plain, included=True)
            _take_apart(plain, batch)
    tweet.referenced_tweets = _bare(tweet)
    _take_apart(tweet, batch)
    return batch


def _bare(tweet: Tweet) -> list[Reference] | UnsetType | None:
    """The references of a tweet as a response writes them: type and id only."""
    if not tweet.referenced_tweets:
        return tweet.referenced_tweets
    return [Reference(id=reference.id, type=reference.type) for reference in tweet.referenced_tweets]


def _nested(tweet: Tweet) -> list[Reference]:
    """All references below a tweet, the nearest first; a queue, not recursion."""
    found = list(tweet.referenced_tweets or ())
    for reference in found:
        found += reference.referenced_tweets or ()
    return found


def _take_apart(tweet: Tweet, batch: Batch) -> None:
    if tweet.author:
        batch.add_user(tweet.author)
    if tweet.in_reply_to_user:
        batch.add_user(tweet.in_reply_to_user)
    if tweet.attachments:
        for medium in tweet.attachments.media or ():
            if medium.media_key:
                batch.media[medium.media_key] = medium
        if tweet.attachments.poll and tweet.attachments.poll.id:
            batch.polls[key_of(tweet.attachments.poll.id)] = tweet.attachments.poll
        tweet.attachments.media = tweet.attachments.poll = UNSET
    if tweet.geo and tweet.geo.place_id and tweet.geo.country_code:
        batch.countries[tweet.geo.place_id] = tweet.geo.country_code
    tweet.author = tweet.in_reply_to_user = tweet.twarc = UNSET
