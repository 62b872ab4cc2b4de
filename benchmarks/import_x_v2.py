"""Import of X API v2 JSON Lines: posts a CPU-second, and whether memory stays flat.

The file is made here: raw responses of 100 posts, half with mentions, links, hashtags or references,
in Arabic and English. The child is started as the worker starts it; its CPU is what the system
accounts to it, imports and loading of the language model included. The bar is 3,000 posts a
CPU-second with keys, language and edges, and a peak of memory that grows by at most 10 % + 64 MB.

    python benchmarks/import_x_v2.py [--posts 20000] [--flattened] [--memory 10000 200000] [--peer DIR]

`--peer DIR`: an environment with twarc-csv (pandas < 3), which does far less; it is run on the same
file, side by side.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from dalil.schema.chunks import ChildOrder, Chunk, End
from dalil.schema.frames import read_frames
from dalil.schema.words import TimeBasis

BAR = 3_000
GROWTH = 1.10
GROWTH_BYTES = 64 << 20
ARABIC = [
    "تقول",
    "المصادر",
    "إن",
    "الرتل",
    "الرمادي",
    "يسيطر",
    "على",
    "جسر",
    "تل",
    "نهر",
    "وقد",
    "انسحب",
    "السكان",
    "من",
    "المدينة",
    "صباح",
    "اليوم",
    "عاجل",
    "خبر",
    "صور",
]
ENGLISH = [
    "the",
    "grey",
    "column",
    "says",
    "it",
    "holds",
    "the",
    "bridge",
    "at",
    "tel",
    "nahr",
    "and",
    "people",
    "left",
    "the",
    "town",
    "this",
    "morning",
    "breaking",
    "news",
]


PEER = """
import sys
from twarc_csv import CSVConverter, DataFrameConverter
with open(sys.argv[1]) as infile, open(sys.argv[2], "w") as outfile:
    CSVConverter(infile=infile, outfile=outfile, converter=DataFrameConverter()).process()
"""
"""The library itself: its command asks for credentials before it reads a file."""


class Measured(NamedTuple):
    """One child: CPU in seconds, peak memory in bytes, posts and observations handed over."""

    cpu: float
    peak: int
    posts: int
    observations: int


def write(path: Path, posts: int, *, flattened: bool) -> None:
    """Write `posts` posts; the same each time."""
    chance = random.Random(2026)
    users = [user(number, chance) for number in range(5_000)]
    with path.open("w", encoding="ascii") as stream:
        for first in range(0, posts, 100):
            authors = [chance.choice(users) for _ in range(min(100, posts - first))]
            tweets = [tweet(first + at, author, chance) for at, author in enumerate(authors)]
            if flattened:
                stream.writelines(
                    json.dumps(one | {"author": author}) + "\n" for one, author in zip(tweets, authors, strict=True)
                )
            else:
                stream.write(json.dumps({"data": tweets, "includes": {"users": authors}, "meta": {}}) + "\n")


def user(number: int, chance: random.Random) -> dict[str, Any]:
    counts = ("followers_count", "following_count", "tweet_count", "listed_count")
    return {
        "id": str(10**15 + number),
        "username": f"user{number}",
        "name": f"Name {number}",
        "description": "an invented account " * 3,
        "created_at": "2015-01-01T00:00:00.000Z",
        "protected": False,
        "verified": False,
        "public_metrics": {name: chance.randrange(10**5) for name in counts},
    }


def tweet(number: int, author: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    words = ARABIC if chance.random() < 0.7 else ENGLISH
    text = " ".join(chance.choices(words, k=chance.randint(8, 30)))
    entities: dict[str, Any] = {}
    more: dict[str, Any] = {}
    kind = chance.random()
    if kind < 0.6:
        other = chance.randrange(5_000)
        before = "RT " if kind < 0.3 else ""
        handle = f"user{other}"
        text = f"{before}@{handle}: {text}"
        start = len(before)
        mention = {"start": start, "end": start + 1 + len(handle), "username": handle, "id": str(10**15 + other)}
        entities["mentions"] = [mention]
        target = str(15 * 10**17 + chance.randrange(10**6))
        more["referenced_tweets"] = [{"type": "retweeted" if before else "replied_to", "id": target}]
    if chance.random() < 0.3:
        text += " #تل_نهر"
        entities["hashtags"] = [{"start": len(text) - 7, "end": len(text), "tag": "تل_نهر"}]
    if chance.random() < 0.4:
        short = f"https://t.co/{chance.randrange(16**10):010x}"
        text += f" {short}"
        link = {"start": len(text) - len(short), "end": len(text), "url": short, "display_url": "news.example/…"}
        entities["urls"] = [link | {"expanded_url": f"https://news.example/{chance.randrange(10**5)}"}]
    counts = ("retweet_count", "reply_count", "like_count", "quote_count", "impression_count")
    day, hour, minute = chance.randint(1, 17), chance.randrange(24), chance.randrange(60)
    return {
        "id": str(16 * 10**17 + number),
        "author_id": author["id"],
        "text": text,
        "created_at": f"2026-05-{day:02}T{hour:02}:{minute:02}:07.000Z",
        "conversation_id": str(16 * 10**17 + number),
        "lang": "ar",
        "source": "Twitter Web App",
        "possibly_sensitive": False,
        "reply_settings": "everyone",
        "public_metrics": {name: chance.randrange(500) for name in counts},
        "edit_history_tweet_ids": [str(16 * 10**17 + number)],
        "entities": entities,
    } | more


def measure(path: Path) -> Measured:
    """Run the child on a file and account for it."""
    order = ChildOrder(
        path=str(path),
        format=None,
        identity_key=b"i" * 32,
        pseudonym_key=b"p" * 32,
        key_generation=1,
        public=(),
        collected_at=datetime(2026, 5, 17, tzinfo=UTC),
        collected_at_basis=TimeBasis.OPERATOR,
        collected_by="blue",
    )
    child = subprocess.Popen([sys.executable, "-m", "dalil.intake"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(msgspec.msgpack.encode(order))
    child.stdin.close()
    posts = observations = 0
    for frame in read_frames(child.stdout):
        if isinstance(frame, Chunk):
            observations += frame.tables["observations"].num_rows
        elif isinstance(frame, End):
            posts = frame.read
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return Measured(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, posts, observations)


def peer(folder: Path, path: Path) -> float:
    """CPU of twarc-csv on the same file."""
    before = os.times()
    command = [str(folder / "bin" / "python"), "-c", PEER, str(path), str(path.with_suffix(".csv"))]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def results(args: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    """One row a measurement: what, value, bar, whether it holds."""
    path = folder / "posts.jsonl"
    write(path, args.posts, flattened=args.flattened)
    found = measure(path)
    rate = found.posts / found.cpu
    yield {"what": "posts a CPU-second", "value": round(rate), "bar": BAR, "times the bar": round(rate / BAR, 2)}
    yield {
        "what": "CPU-seconds",
        "value": round(found.cpu, 2),
        "posts": found.posts,
        "observations": found.observations,
    }
    if args.peer:
        theirs = args.posts / peer(args.peer, path)
        yield {
            "what": "twarc-csv, posts a CPU-second",
            "value": round(theirs),
            "ours to theirs": round(rate / theirs, 2),
        }
    if args.memory:
        peaks = []
        for posts in args.memory:
            write(path, posts, flattened=args.flattened)
            peaks.append(measure(path).peak)
        allowed = peaks[0] * GROWTH + GROWTH_BYTES
        row = {"what": f"peak MB at {args.memory[0]:,} and {args.memory[1]:,} posts", "holds": peaks[1] <= allowed}
        yield row | {"value": [peak >> 20 for peak in peaks], "bar": int(allowed) >> 20}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--flattened", action="store_true")
    parser.add_argument("--memory", type=int, nargs=2, metavar=("FEW", "MANY"))
    parser.add_argument("--peer", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for row in results(args, Path(folder)):
            print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
