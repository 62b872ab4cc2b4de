"""Two groups that push the same objects within a minute, and organic virality beside them as a decoy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from dalil.sample.album import Album, PictureFile
from dalil.sample.cast import Account, Cast
from dalil.sample.clock import NOW, START, hours
from dalil.sample.dice import between, dice
from dalil.sample.phrases import phrases
from dalil.sample.speech import Speech
from dalil.sample.storyline import decorated
from dalil.sample.stream import Draft, Stream, pull_of

WINDOW: Final = timedelta(seconds=60)
_SPAN: Final = 55
"""Seconds within which all of a group's shares of an object fall."""
JOINS: Final = 0.7
"""Chance that a member shares an object."""


@dataclass(slots=True)
class Pushed:
    """One object, `url`, `text` or `picture`, and the posts that carry it."""

    key: str
    trace: str
    value: str
    posts: list[Draft] = field(default_factory=list)


@dataclass(slots=True)
class Push:
    """A coordinated group, or a decoy whose accounts have nothing to do with each other."""

    key: str
    coordinated: bool
    members: list[Account]
    objects: list[Pushed] = field(default_factory=list)


class Pushers:
    """Writes groups and decoys into the stream."""

    def __init__(self, seed: int, people: Cast, stream: Stream, speech: Speech, album: Album) -> None:
        self._rng = dice(seed, "coordination")
        self._people = people
        self._stream = stream
        self._speech = speech
        self._album = album

    def all(self) -> list[Push]:
        """Group `ash` on X, group `birch` on Telegram, and three decoys on X."""
        ash = Push("ash", True, self._people.part("group_a"))
        birch = Push("birch", True, self._people.part("group_b"))
        self._group(ash, urls=18, texts=24, pictures=0)
        self._group(birch, urls=16, texts=18, pictures=8)
        return [ash, birch, self._viral_link(), self._viral_text("acm", 90), self._viral_text("ckb", 45)]

    def _group(self, push: Push, *, urls: int, texts: int, pictures: int) -> None:
        for number in range(urls + texts + pictures):
            at = between(self._rng, START + hours(12), NOW - hours(3))
            key = f"{push.key}/{number:02d}"
            if number < urls:
                self._push_link(push, key, at)
            elif number < urls + texts:
                self._push_text(push, key, at)
            else:
                self._push_picture(push, key, at)

    def _joining(self, push: Push, share: float = JOINS) -> list[tuple[Account, int]]:
        """Who joins in, and after how many seconds; never fewer than three."""
        chosen = [a for a in push.members if self._rng.random() < share] or push.members[:3]
        return sorted(((a, self._rng.randrange(_SPAN)) for a in chosen), key=lambda pair: pair[1])

    def _post(
        self,
        account: Account,
        at: datetime,
        text: str,
        key: str,
        *,
        original: str = "",
        link: str = "",
        picture: PictureFile | None = None,
    ) -> Draft:
        draft = Draft(
            account, at, text, pushed=key, original=original, link=link, picture=picture, photo=picture is not None
        )
        draft.pull = pull_of(account.followers, self._rng.lognormvariate(-1, 0.5))
        return self._stream.add(draft)

    def _push_link(self, push: Push, key: str, at: datetime) -> None:
        """One address, each with words of their own."""
        link = f"https://grey-horizon.example/{push.key}/{key[-2:]}-{self._rng.randrange(1000, 9999)}"
        item = Pushed(key, "url", link)
        for account, delay in self._joining(push):
            item.posts.append(
                self._post(
                    account, at + timedelta(seconds=delay), self._speech.ordinary(account.register), key, link=link
                )
            )
        push.objects.append(item)

    def _push_text(self, push: Push, key: str, at: datetime) -> None:
        """One text, copied with small signs added."""
        text = self._speech.ordinary("ar")
        item = Pushed(key, "text", text)
        for account, delay in self._joining(push):
            copy = decorated(text, "ar", self._rng)
            item.posts.append(self._post(account, at + timedelta(seconds=delay), copy, key, original=f"push/{key}"))
        push.objects.append(item)

    def _push_picture(self, push: Push, key: str, at: datetime) -> None:
        """One picture as the same file, each with words of their own."""
        held = self._album.file(self._album.new(), "original")
        item = Pushed(key, "picture", held.sha256)
        for account, delay in self._joining(push, 0.5):
            text = self._speech.ordinary(account.register)
            item.posts.append(self._post(account, at + timedelta(seconds=delay), text, key, picture=held))
        push.objects.append(item)

    def _viral_link(self) -> Push:
        """A link that many share over a day and a half, quickly at first; nobody arranged it."""
        people = self._rng.sample(self._people.part("person"), k=150)
        push = Push("viral-link", False, people)
        link = "https://sahlara-post.example/2026/04/the-stork-of-dalya"
        item = Pushed("viral-link/0", "url", link)
        begin = between(self._rng, START + timedelta(days=20), START + timedelta(days=24))
        for account in people:
            at = begin + hours(min(self._rng.expovariate(1 / 7), 36)) + timedelta(seconds=self._rng.randrange(60))
            item.posts.append(
                self._post(
                    account, at.replace(microsecond=0), self._speech.ordinary(account.register), item.key, link=link
                )
            )
        push.objects.append(item)
        return push

    def _viral_text(self, register: str, size: int) -> Push:
        """A friendly question that is copied from neighbour to neighbour over two days."""
        pool = [a for a in self._people.part("person") if a.register == register]
        people = self._rng.sample(pool, k=min(size, len(pool)))
        push = Push(f"viral-text-{register}", False, people)
        item = Pushed(f"viral-text-{register}/0", "text", phrases().viral_text[register])
        begin = between(self._rng, START + timedelta(days=30), START + timedelta(days=36))
        for account in people:
            at = begin + hours(_slow_growth(self._rng))
            item.posts.append(
                self._post(account, at.replace(microsecond=0), item.value, item.key, original=f"viral/{register}")
            )
        push.objects.append(item)
        return push


def _slow_growth(rng: Random) -> float:
    """Hours until somebody passes it on: a hump around the first evening."""
    return min(48.0, rng.gammavariate(3, 5))
