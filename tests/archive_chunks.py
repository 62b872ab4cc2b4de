"""Made-up chunks for the archive's tests: small, deterministic, true to the schemas and to the ids' rule."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from dalil.schema import tables
from dalil.schema.chunks import Begin, Chunk, ChunkHead, End
from dalil.schema.identity import canonical_bytes, observation_id

KEY = bytes(range(32))
FORMAT = "fake-format"
NOW = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)
START = datetime(2026, 4, 20, 0, 0, tzinfo=UTC)


@dataclass(frozen=True)
class FixedKeys:
    """Stands in for a key ring: the writer only needs the identity key."""

    identity: bytes = KEY


def post_id(number: int) -> str:
    return observation_id(KEY, FORMAT, record(number))


def record(number: int) -> bytes:
    return canonical_bytes({"id": str(number), "text": f"bulletin number {number} from Tel Nahr", "n": number})


def collected_at(number: int) -> datetime:
    """Captures run over the end of a month, so that one chunk makes segments of two months."""
    return START + timedelta(hours=number % 600)


def claimed_at(number: int) -> datetime | None:
    return None if number % 11 == 0 else START - timedelta(minutes=(number * 7919) % 50000)


def picture(number: int) -> bytes:
    return b"picture " + str(number).encode() * 50


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def rows_of(number: int) -> dict[str, list[dict[str, object]]]:
    """All rows of one made-up post: two edges, an account, and for every fifth a picture."""
    obs_id, uid = post_id(number), f"fake:{number}"
    rows: dict[str, list[dict[str, object]]] = {
        "observations": [
            {
                "obs_id": obs_id,
                "kind": "post",
                "uid": uid,
                "version": f"{number:032x}",
                "source_format": FORMAT,
                "source_version": "1",
                "importer": FORMAT,
                "importer_version": "1",
                "collected_at": collected_at(number),
                "collected_at_basis": "file",
                "collected_by": "blue",
                "included": False,
                "purpose": "public-interest verification",
                "may_share": "none",
                "key_generation": 1,
                "warnings": [],
            }
        ],
        "posts": [
            {
                "obs_id": obs_id,
                "uid": uid,
                "version": f"{number:032x}",
                "collected_at": collected_at(number),
                "platform": "fake",
                "native_id": str(number),
                "author_ref": f"fake:h:{number % 7}",
                "author_public": False,
                "claimed_at": claimed_at(number),
                "state": "live",
                "text": f"bulletin number {number} from Tel Nahr",
                "hashtags": ["tel_nahr"],
                "spans": [{"start": 0, "end": 8, "type": "bold", "target": ""}],
            }
        ],
        "accounts": [{"obs_id": obs_id, "uid": f"fake:h:{number % 7}", "collected_at": collected_at(number)}],
        "edges": [
            {"obs_id": obs_id, "src_uid": uid, "dst_uid": f"fake:{number + step}", "type": "link", "direct": True}
            for step in (1, 2)
        ],
        "text_signals": [
            {"obs_id": obs_id, "uid": uid, "method": "text", "method_version": "1", "skeleton_hash": (1 << 63) + number}
        ],
        "raw": [{"obs_id": obs_id, "sha256": sha256(record(number)), "record": record(number)}],
        "locators": [{"pseudonym": f"fake:h:{number % 7}", "locator": f"https://fake.example/u/{number % 7}"}],
    }
    if number % 5 == 0:
        data = picture(number % 20)
        rows["media"] = [
            {"obs_id": obs_id, "sha256": sha256(data), "collected_at": collected_at(number), "bytes": len(data)}
        ]
        rows["image_signals"] = [
            {"sha256": sha256(data), "method": "pdq", "method_version": "1", "pdq": bytes(32), "quality": 90}
        ]
        rows["blobs"] = [{"sha256": sha256(data), "data": data}]
    return rows


def tables_of(numbers: Iterable[int]) -> dict[str, pa.Table]:
    gathered: dict[str, list[dict[str, object]]] = {name: [] for name in tables.HANDED_OVER}
    for number in numbers:
        for name, rows in rows_of(number).items():
            gathered[name] += rows
    return {
        name: pa.Table.from_pylist(rows, schema=tables.HANDED_OVER[name]) for name, rows in gathered.items() if rows
    }


def chunk_of(numbers: Iterable[int], *, number: int = 0, read: int = 0, rejects: int = 0) -> Chunk:
    made = tables_of(numbers)
    if rejects:
        rows = [{"where": f"line {number}-{i}", "code": "not-json", "raw_hash": sha256(b"x")} for i in range(rejects)]
        made["rejects"] = pa.Table.from_pylist(rows, schema=tables.REJECTS)
    head = ChunkHead(
        number=number,
        read=read,
        includes=0,
        quarantined=0,
        rejected={"not-json": rejects} if rejects else {},
        done_bytes=0,
        tables={},
    )
    return Chunk(head, made)


@dataclass(frozen=True)
class File:
    """A received file of posts `first` … `last - 1`, cut into chunks of `size`, each third with a reject."""

    first: int
    last: int
    size: int

    @property
    def begin(self) -> Begin:
        name = f"{self.first}-{self.last}-{self.size}"
        return Begin(
            source_format=FORMAT, importer_version="1", received_sha256=sha256(name.encode()), received_bytes=9
        )

    def chunks(self) -> Iterator[Chunk]:
        read = 0
        for number, start in enumerate(range(self.first, self.last, self.size)):
            numbers = range(start, min(start + self.size, self.last))
            read += len(numbers)
            yield chunk_of(numbers, number=number, read=read, rejects=1 if number % 3 == 1 else 0)

    @property
    def end(self) -> End:
        return End(read=self.last - self.first, includes=0, quarantined=0, rejected={"not-json": 1})
