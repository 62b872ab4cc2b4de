"""Small files in four formats, the same for the same numbers, for tests that import again and again."""

from __future__ import annotations

import io
import json
import struct
import tempfile
import zlib
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image
from sources_archives import zip_bytes
from sources_files import ct_row, tg_chat, tg_message, write_ct, write_json, write_lines, x_response, x_tweet, x_user
from sources_networks import md_mention, md_repost, md_status

HANDLES = ("tel_nahr_press", "grey_watch", "dalya_today", "northern_reed")


def x_file(path: Path, first: int, last: int) -> Path:
    """X API v2 JSON Lines, one response of one post a line."""
    rows = []
    for number in range(first, last):
        author = 500 + number % 17
        text = f"Report {number} from the bridge at Tel Nahr, seen by @{HANDLES[number % 4]} and others"
        more = (
            {"referenced_tweets": [{"type": "replied_to", "id": str(90_000 + number - 1)}]} if number % 5 == 0 else {}
        )
        tweet = x_tweet(90_000 + number, author, text, **more)
        rows.append(x_response([tweet], [x_user(author, f"writer_{author}")]))
    return write_lines(path, rows)


def crowdtangle_file(path: Path, first: int, last: int) -> Path:
    """CrowdTangle CSV, one post a row."""
    return write_ct(path, (ct_row(number) for number in range(first, last)))


def mastodon_file(path: Path, first: int, last: int) -> Path:
    """A timeline as Mastodon's API answers: one JSON list; every fourth a boost of a post in it."""
    statuses = []
    for number in range(first, last):
        text = f"<p>Report {number} from <b>Tel Nahr</b>, seen by {md_mention(HANDLES[number % 4])}</p>"
        status = md_status(70_000 + number, f"writer_{number % 11}", text)
        statuses.append(md_repost(80_000 + number, f"reader_{number % 5}", status) if number % 4 == 0 else status)
    return write_json(path, statuses)


def picture(number: int, *, side: int = 160) -> bytes:
    """A small JPEG that looks like no other number's."""
    chance = Random(number)
    field = np.random.default_rng(number).integers(0, 255, (6, 6, 3), dtype=np.uint8)
    image = Image.fromarray(field).resize((side, side - chance.randrange(40)), Image.Resampling.BICUBIC)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=85)
    return stream.getvalue()


def telegram_folder(folder: Path, first: int, last: int) -> Path:
    """A channel exported with its photos, every third message with one."""
    (folder / "photos").mkdir(parents=True)
    messages = []
    for number in range(first, last):
        text = f"Message {number}: the road to Dalya, as we saw it"
        if number % 3 == 0:
            name = f"photos/photo_{number}.jpg"
            (folder / name).write_bytes(picture(number))
            messages.append(tg_message(number, text, photo=name, width=160, height=160))
        else:
            messages.append(tg_message(number, text))
    write_json(folder / "result.json", tg_chat(messages))
    return folder


def three_formats(path: Path, first: int, last: int) -> Path:
    """A zip of all three, a text that nobody reads beside them; the same bytes for the same numbers."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        x_file(folder / "tweets.jsonl", first, last)
        crowdtangle_file(folder / "pages.csv", first, last)
        telegram_folder(folder / "channel", first, last)
        (folder / "readme.txt").write_text("nothing here")
        files = {
            item.relative_to(folder).as_posix(): item.read_bytes()
            for item in sorted(folder.rglob("*"))
            if item.is_file()
        }
    path.write_bytes(zip_bytes(files))
    return path


def x_line(number: int, text: str = "") -> str:
    """One line of X API v2 JSON Lines."""
    return json.dumps(x_response([x_tweet(number, 1, text or f"Whole {number}")], [x_user(1, "writer_1")]))


def bomb_png(side: int) -> bytes:
    """A PNG of side × side black pixels, a few kilobytes large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\x00" * (side // 8 + 1)
    packer, rows = zlib.compressobj(9), []
    for _ in range(side):
        rows.append(packer.compress(row))
    body = b"".join(rows) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
