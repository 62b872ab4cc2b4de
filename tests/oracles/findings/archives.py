"""Small archives as Ibis tables, with the schemas that the archive itself uses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from dalil.schema import tables
from dalil.signals.texts import text_keys

T0 = datetime(2026, 5, 1, 12, tzinfo=UTC)


def table(name: str, rows: list[dict[str, Any]]) -> ir.Table:
    """An archive table; columns that a row does not name are null."""
    fields = [(column.name, _as_engine(column.type)) for column in tables.STORED[name]]
    columns = {key: pa.array([row.get(key) for row in rows], kind) for key, kind in fields}
    return ibis.memtable(pa.table(columns))


def _as_engine(kind: pa.DataType) -> pa.DataType:
    """Engines know bytes of any length only, and so does Ibis."""
    return pa.binary() if pa.types.is_fixed_size_binary(kind) else kind


def post(number: int, **more: Any) -> dict[str, Any]:
    """A post by a public account of its own, captured a day after it says it was made."""
    return {
        "obs_id": f"{number:064x}",
        "uid": f"x:{number}",
        "platform": "x",
        "author_ref": f"x:author-{number}",
        "author_public": True,
        "created_at": T0 + timedelta(hours=number),
        "created_precision": "s",
        "collected_at": T0 + timedelta(hours=number, days=1),
        "text": "",
        **more,
    }


def text_signal(row: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The text keys of a post."""
    keys = text_keys(row["text"])
    return {
        "obs_id": row["obs_id"],
        "uid": row["uid"],
        "method": "text-keys",
        "method_version": "1",
        "norm": keys.norm,
        "skeleton": keys.skeleton,
        "skeleton_hash": keys.skeleton_hash,
        **more,
    }


def texts(posts: list[dict[str, Any]]) -> tuple[ir.Table, ir.Table]:
    """(text_signals, posts) of some posts."""
    return table("text_signals", [text_signal(row) for row in posts]), table("posts", posts)


def image_signal(sha256: str, pdq: bytes, quality: int = 100, **more: Any) -> dict[str, Any]:
    """The hash of a picture."""
    return {"sha256": sha256, "method": "pdq", "method_version": "1", "pdq": pdq, "quality": quality, **more}


def random_hash(seed: int) -> bytes:
    """A 256-bit hash that is far from every other seed's."""
    return np.random.default_rng(seed).bytes(32)


def flipped(pdq: bytes, bits: int, seed: int = 0) -> bytes:
    """The same hash with so many bits changed."""
    grid = np.unpackbits(np.frombuffer(pdq, dtype=np.uint8))
    grid[np.random.default_rng(seed).choice(256, bits, replace=False)] ^= 1
    return np.packbits(grid).tobytes()
