"""Big cheap files of X API v2 JSONL for the benchmarks: n posts, streamed, nothing held in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from dalil.sample.cast import Account
from dalil.sample.clock import NOW, START
from dalil.sample.dice import dice
from dalil.sample.format_x import PAGE, pages
from dalil.sample.schedule import Capture
from dalil.sample.speech import fill, join, sections
from dalil.sample.stream import Draft, pull_of

_REGISTERS: Final = ("acm", "ar", "ckb", "en")
_EPOCH_MS: Final = 1288834974657


def scale(n: int, path: Path, *, seed: int = 0, accounts: int | None = None) -> int:
    """Write n posts as responses of up to 100, and give back the file's size in bytes.

    Every fifth post refers to an earlier one of its page (reply, quote or repost in turn), every sixth has a
    link, every ninth a picture. Times run evenly over the sample's eight weeks.

    Args:
        accounts: how many speak; a fiftieth of n unless said otherwise, at least 10.
    Raises:
        ValueError: n is negative.
    """
    if n < 0:
        raise ValueError("n must not be negative")
    capture = Capture(1, "x", START, NOW)
    size = 0
    with path.open("wb") as out:
        for page in drafted(n, seed, accounts or max(10, n // 50)):
            size += out.write(pages(page, [], capture))
    return size


def drafted(n: int, seed: int, accounts: int) -> Iterator[list[Draft]]:
    """The posts of such a file by pages, before they are written in any format."""
    rng = dice(seed, "scale")
    people: dict[int, Account] = {}
    step = (NOW - START) / max(n, 1)
    page: list[Draft] = []
    for number in range(n):
        who = min(int(rng.paretovariate(0.8)) - 1, accounts - 1) if number % 3 == 0 else rng.randrange(accounts)
        account = people.setdefault(who, _account(who))
        words = [rng.choice(section) for section in sections(account.register)]
        text = join(
            [fill(words[slot], account.register, rng) for slot in range(rng.choice((2, 3, 4)))], account.register
        )
        at = (START + step * number).replace(microsecond=0)
        draft = Draft(
            account, at, text, native_id=str((int(at.timestamp() * 1000) - _EPOCH_MS << 22) | (number % (1 << 22)))
        )
        draft.pull = pull_of(account.followers, 0.1)
        _refer(draft, page, number)
        page.append(draft)
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page


def _refer(draft: Draft, page: list[Draft], number: int) -> None:
    if number % 5 == 0 and page:
        draft.target = page[number * 7 % len(page)]
        draft.kind = ("reply", "quote", "repost")[number // 5 % 3]
    if draft.kind != "repost":
        draft.link = f"https://sahlara-post.example/{number // 40}" if number % 6 == 0 else ""
        draft.photo = number % 9 == 0


def _account(number: int) -> Account:
    register = _REGISTERS[number % len(_REGISTERS)]
    return Account(
        "x",
        str(9 * 10**11 + number),
        f"shl{number}",
        f"shl {number}",
        "person",
        register,
        "person",
        followers=20 + number % 5000,
    )


def responses(path: Path) -> Iterator[dict[str, Any]]:
    """The responses of such a file, one by one; for tests."""
    with path.open("rb") as stream:
        for line in stream:
            yield msgspec.json.decode(line)


def span() -> timedelta:
    """How long the scaled file's posts stretch over."""
    return NOW - START
