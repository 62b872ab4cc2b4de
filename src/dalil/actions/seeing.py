"""Seen before? For one picture or text: what the archive holds, since when, and what the desk decided."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from dalil.actions import indexes
from dalil.actions.house import House
from dalil.actions.keeping import failure
from dalil.actions.naming import public_names
from dalil.desk.queries import known_for
from dalil.desk.rows import Known
from dalil.errors import InputError, LimitReached
from dalil.findings.seen import Sighted, look_for_picture, look_for_text
from dalil.jobs.sandbox import Limits, run
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.schema.chunks import Failed, PictureOrder
from dalil.schema.results import Match
from dalil.signals.pictures import PictureSignal

TEXT_LIMIT = 100_000


class SeenMatch(msgspec.Struct, frozen=True, kw_only=True):
    """One match with what is known of it; `text` is the post's own, `source_name` what its public source
    calls itself."""

    match: Match
    known: Known | None
    text: str | None
    platform: str
    method_note: str
    source_name: str | None = None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """The answer, best match first. `captured_first` and `claimed_first` are over deciding copies only.

    `copies` counts the items that decide; `caveats` are codes of `findings.seen`.
    """

    query_kind: Literal["picture", "text"]
    matches: tuple[SeenMatch, ...]
    captured_first: datetime | None
    claimed_first: datetime | None
    as_of: datetime
    archive_items: int
    copies: int = 0
    caveats: tuple[str, ...] = ()


def read_limited(path: Path, house: House) -> bytes:
    """The bytes of a file that is to be looked up.

    Raises:
        LimitReached: it is larger than the largest media file that is kept.
    """
    if path.stat().st_size > house.settings.media_bytes:
        raise LimitReached("upload-large", limit=house.settings.media_bytes // 1024 // 1024)
    return path.read_bytes()


def look_picture(actor: Actor, data: bytes, *, house: House) -> Seen:
    """Look a picture up; it is decoded in a limited child, and neither kept nor logged.

    Raises:
        InputError: it is no picture that we can read.
        LimitReached: it is too large, or decoding it went past a limit.
    """
    require(actor, Act.READ)
    sha256 = hashlib.sha256(data).hexdigest()
    signal = decode(data, house)
    found = look_for_picture(indexes.pictures(house), signal.variants, quality=signal.quality, sha256=sha256)
    return _answer("picture", found, house)


def look_text(actor: Actor, text: str, *, house: House) -> Seen:
    """Look a text up; it is neither kept nor logged.

    Raises:
        InputError: there is no text.
        LimitReached: it is longer than `TEXT_LIMIT` characters.
    """
    require(actor, Act.READ)
    if not text.strip():
        raise InputError("value-wrong", name="text", value="", kind="a text")
    if len(text) > TEXT_LIMIT:
        raise LimitReached("text-long", limit=TEXT_LIMIT)
    return _answer("text", look_for_text(indexes.texts(house), text), house)


def decode(data: bytes, house: House) -> PictureSignal:
    """A picture's signal, computed in a limited child."""
    order = msgspec.msgpack.encode(PictureOrder(data=data, max_pixels=house.settings.picture_pixels))
    with run("dalil.intake.picture", order, limits=Limits.from_settings(house.settings)) as child:
        answer = child.stdout.read()
        child.finish()
    found = msgspec.msgpack.decode(answer, type=PictureSignal | Failed)
    if isinstance(found, Failed):
        raise failure(found.code, found.facts)
    return found


def _answer(kind: Literal["picture", "text"], found: Sighted, house: House) -> Seen:
    ids = [match.observation_id for match in found.matches]
    media = [match.media_sha256 for match in found.matches if match.media_sha256]
    earlier = {new: old for old, new in house.archive.renamed(ids).items()}
    known = known_for([*ids, *earlier.values()], media)
    known |= {new: known[old] for new, old in earlier.items() if old in known and new not in known}
    posts = _posts(house, ids)
    names = public_names(house, {match.source for match in found.matches})
    rows = []
    for match in found.matches:
        text, platform = posts.get(match.observation_id, (None, match.source.partition(":")[0]))
        rows.append(
            SeenMatch(
                match=match,
                known=known.get(match.media_sha256 or "") or known.get(match.observation_id),
                text=text,
                platform=platform,
                method_note=match.method,
                source_name=names.get(match.source),
            )
        )
    earliest = found.earliest
    return Seen(
        query_kind=kind,
        matches=tuple(rows),
        captured_first=earliest.captured.captured_at if earliest else None,
        claimed_first=earliest.claimed.claimed_at if earliest and earliest.claimed else None,
        as_of=house.now(),
        archive_items=found.archive_items,
        copies=found.copies,
        caveats=found.caveats,
    )


def _posts(house: House, obs_ids: Sequence[str]) -> dict[str, tuple[str | None, str]]:
    if not obs_ids:
        return {}
    posts = house.archive.table("posts")
    rows = posts.filter(posts.obs_id.isin(list(obs_ids))).select("obs_id", "text", "platform").to_pyarrow()
    return {row["obs_id"]: (row["text"], row["platform"]) for row in rows.to_pylist()}


def contract_rows(seen: Seen) -> list[dict[str, object]]:
    """The rows of `dalil seen --json`."""
    return [
        {
            "observation_id": item.match.observation_id,
            "media_sha256": item.match.media_sha256,
            "method": item.match.method,
            "score": item.match.score,
            "decides": item.match.decides,
            "captured_at": item.match.captured_at,
            "claimed_at": item.match.claimed_at,
            "source": item.match.source,
            "verdict": item.known.verdict if item.known else None,
            "answer": item.known.answer if item.known else None,
        }
        for item in seen.matches
    ]
