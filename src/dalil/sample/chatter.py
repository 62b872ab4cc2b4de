"""Everything that is not about a claim: news, talk, replies, quotes, reposts, greetings, and pictures of the day."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Final

from dalil.sample.album import Album, PictureFile
from dalil.sample.cast import Account, Cast
from dalil.sample.clock import NOW, START, hours
from dalil.sample.dice import between, dice
from dalil.sample.edits import COPIES
from dalil.sample.phrases import phrases
from dalil.sample.plots import Plot
from dalil.sample.speech import Speech
from dalil.sample.stream import Draft, Stream, pull_of
from dalil.schema.words import MediaFindingKind

POSTS: Final = {"x": 4900, "facebook": 2420, "telegram": 1550}
"""Ordinary posts on each platform; with claims, groups and decoys about 12,000 in all."""
REPOSTS: Final = 1500
GREETINGS: Final = 160
SENDER_MESSAGES: Final = 360
MEMORY_POSTS: Final = 46
MEMORY_START: Final = START - timedelta(days=4 * 365 + 220)
PLAIN_PHOTOS: Final = 42
REUSED_PHOTOS: Final = 34
SHOWN_BEFORE: Final = (MediaFindingKind.RECYCLED, MediaFindingKind.ALTERED)
"""Findings whose picture an earlier post shows as it was."""
_BUSY: Final = (2, 1, 1, 0.5, 0.5, 1, 3, 5, 7, 8, 8, 7, 7, 7, 6, 6, 7, 8, 9, 10, 11, 11, 8, 5)
"""How busy each hour of the province's day is."""


class Chatter:
    """Writes the ordinary posts into the stream. `first_shown` maps a recycled claim's key to the earlier post
    that shows its picture."""

    def __init__(self, seed: int, people: Cast, stream: Stream, speech: Speech, album: Album) -> None:
        self._rng = dice(seed, "chatter")
        self._people = people
        self._stream = stream
        self._speech = speech
        self._album = album
        self.first_shown: dict[str, Draft] = {}

    def all(self, claims: list[Plot]) -> None:
        """Everything ordinary; the pictures that claims will recycle are shown here first."""
        self._memory(claims)
        self._photos(claims)
        for platform, number in POSTS.items():
            self._talk(platform, number)
        self._supergroups()
        self._greetings()
        self._reposts()

    def _post(self, account: Account, at: datetime, text: str, **more: object) -> Draft:
        draft = Draft(account, at, text, **more)  # type: ignore[arg-type]  # fields of Draft
        draft.pull = pull_of(account.followers, self._rng.lognormvariate(-0.6, 0.8))
        return self._stream.add(draft)

    def _moment(self) -> datetime:
        return waking(self._rng, START, NOW)

    def _talk(self, platform: str, number: int) -> None:
        """Outlets and pages speak often, few persons often and most seldom."""
        accounts = self._people.part("panel", "page", "person", "ours", platform=platform)
        weights = [_eagerness(account, self._rng) for account in accounts]
        recent: list[Draft] = []
        for _ in range(number):
            account = self._rng.choices(accounts, weights)[0]
            draft = self._post(account, self._moment(), self._speech.ordinary(account.register))
            self._enrich(draft, recent)
            recent.append(draft)

    def _enrich(self, draft: Draft, recent: list[Draft]) -> None:
        """Some link to an article, some reply to or quote an earlier post, some show a picture."""
        kind = self._rng.random()
        if draft.account.kind != "person":
            if kind < 0.3:
                stem = draft.account.organisation or "pages"
                draft.link = f"https://{stem}.example/{draft.at:%Y/%m/%d}/{self._rng.randrange(10**5, 10**6)}"
            elif kind < 0.5:
                draft.photo = True
        elif kind < 0.3:
            earlier = [other for other in self._rng.sample(recent, k=min(6, len(recent))) if other.at < draft.at]
            if earlier:
                draft.target = max(earlier, key=lambda other: other.at)
                draft.kind = "reply" if kind < 0.22 else "quote"

    def _supergroups(self) -> None:
        senders, groups = self._people.part("sender"), self._people.part("supergroup")
        for _ in range(SENDER_MESSAGES):
            sender = self._rng.choice(senders)
            self._post(sender, self._moment(), self._speech.ordinary("acm"), container=self._rng.choice(groups))

    def _greetings(self) -> None:
        """Short words that many say; they are the same text and mean nothing."""
        persons = self._people.part("person")
        for _ in range(GREETINGS):
            account = self._rng.choice(persons)
            text = self._rng.choice(phrases().greetings[account.register])
            self._post(account, self._moment(), text)

    def _reposts(self) -> None:
        """Persons pass on what outlets and persons wrote on X, soon after; some channels forward on Telegram."""
        persons = self._people.part("person")
        sources = [
            d
            for d in self._stream.on("x")
            if d.kind == "post" and not d.pushed.startswith("ash") and d.at < NOW - hours(2)
        ]
        weights = [1.0 + d.pull / 900 for d in sources]
        for target in self._rng.choices(sources, weights, k=REPOSTS):
            self._pass_on(self._rng.choice(persons), target, "repost")
        channels = self._people.part("page", platform="telegram")
        forwarded = [
            d
            for d in self._stream.on("telegram")
            if d.kind == "post"
            and d.container is None
            and not d.picture
            and not d.pushed
            and not d.claim
            and START < d.at < NOW - hours(2)
        ]
        for target in self._rng.sample(forwarded, k=70):
            channel = self._rng.choice(channels)
            if channel is not target.account:
                self._pass_on(channel, target, "forward")

    def _pass_on(self, account: Account, target: Draft, kind: str) -> None:
        at = target.at + hours(min(self._rng.expovariate(1 / 3), 30)) + timedelta(seconds=self._rng.randrange(30, 600))
        if at < NOW and account is not target.account:
            self._post(account, at.replace(microsecond=0), target.text, kind=kind, target=target)

    def _memory(self, claims: list[Plot]) -> None:
        """An old channel of pictures, from years before: claims of the first days recycle from it."""
        channel = self._people.part("memory")[0]
        early = [plot.key for plot in claims if plot.media in SHOWN_BEFORE and plot.start < START + timedelta(days=8)]
        for number in range(MEMORY_POSTS):
            at = waking(self._rng, MEMORY_START, MEMORY_START + timedelta(days=120))
            draft = self._post(channel, at, self._speech.ordinary("ar"))
            if number % 3 == 0:
                draft.picture, draft.photo = self._fresh(), True
                if early:
                    self.first_shown[early.pop()] = draft

    def _photos(self, claims: list[Plot]) -> None:
        """Pictures of the day on channels: those that claims will recycle, others, and others' pictures again."""
        channels = self._people.part("page", platform="telegram")
        later = [p for p in claims if p.media in SHOWN_BEFORE and p.key not in self.first_shown]
        for plot in later:
            at = waking(self._rng, max(START, plot.start - timedelta(days=22)), plot.start - timedelta(days=5))
            self.first_shown[plot.key] = self._show(channels, at, self._fresh())
        shown = [self._show(channels, self._moment(), self._fresh()) for _ in range(PLAIN_PHOTOS)]
        for number in range(REUSED_PHOTOS):
            first = self._rng.choice(shown)
            at = first.at + timedelta(days=self._rng.uniform(0.3, 20))
            if at < NOW and first.picture is not None:
                held = self._album.file(first.picture.picture, COPIES[number % len(COPIES)])
                others = [channel for channel in channels if channel is not first.account]
                self._show(others, at.replace(microsecond=0), held)

    def _fresh(self) -> PictureFile:
        return self._album.file(self._album.new(), "original")

    def _show(self, channels: list[Account], at: datetime, held: PictureFile) -> Draft:
        account = self._rng.choice(channels)
        return self._post(account, at, self._speech.ordinary(account.register), picture=held, photo=True)


def _eagerness(account: Account, rng: Random) -> float:
    if account.kind == "person":
        return min(rng.paretovariate(1.3), 12)
    return {"panel": 26.0, "ours": 5.0}.get(account.part, 14.0)


def waking(rng: Random, start: datetime, end: datetime) -> datetime:
    """A whole second in [start, end), more likely when people are up."""
    while True:
        at = between(rng, start, end)
        if rng.random() * max(_BUSY) < _BUSY[(at + hours(3)).hour]:
            return at
