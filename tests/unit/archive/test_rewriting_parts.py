"""The pure parts of rewriting: segments of raw without some records, chunks without what was expunged, links of keys."""

from __future__ import annotations

from hashlib import sha256 as hashed
from pathlib import Path

import pyarrow as pa
import pytest
from archive_chunks import post_id, record, sha256, tables_of
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.archive import expunging, raw, raw_blocks, retention
from dalil.archive.rekeying import Rekeying
from dalil.errors import EvidenceDamaged, InputError
from dalil.schema.identity import relinked

RECORDS = st.lists(st.binary(max_size=200), min_size=1, max_size=12)
OLD = "0123456789abcdef" * 2


def segment(folder: Path, bodies: list[bytes]) -> tuple[Path, list[bytes], raw.RawSegment]:
    ids = [bytes([number]) * 32 for number in range(len(bodies))]
    made = raw.build([(one, bytes.fromhex(sha256(body)), body) for one, body in zip(ids, bodies, strict=True)])
    path = folder / "segment"
    path.write_bytes(made.data)
    return path, ids, made


@given(bodies=RECORDS, data=st.data())
@settings(max_examples=60, deadline=None)
def test_others_stay_where_they_are(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes], data: st.DataObject
) -> None:
    path, ids, made = segment(tmp_path_factory.mktemp("raw"), bodies)
    gone = set(data.draw(st.lists(st.sampled_from(ids), unique=True)))
    fresh = raw.without(path, gone)
    path.write_bytes(fresh.data)
    kept = [(one, body) for one, body in zip(ids, bodies, strict=True) if one not in gone]
    assert list(raw.read_all(path)) == kept
    assert raw.pointers_of(fresh.data) == list(zip([one for one, _ in kept], fresh.pointers, strict=True))
    if kept:
        for one, at, body in zip(ids, made.pointers, bodies, strict=True):
            if one not in gone:
                assert raw.read_record(path, at) == body
            else:
                with pytest.raises(EvidenceDamaged):
                    raw.read_record(path, at)
    assert fresh.sha256 == raw.sha256_of(fresh.data)


def sha256_bytes(body: bytes) -> bytes:
    return hashed(body).digest()


def test_nothing_of_a_record_that_went_is_in_the_bytes(tmp_path: Path) -> None:
    bodies = [bytes([number]) * 3 + b"a body that does not pack well: " + sha256(bytes([number])).encode() for number in range(3)]  # fmt: skip
    path, ids, _ = segment(tmp_path, bodies)
    fresh = raw.without(path, {ids[1]}).data
    left = b"".join(record for _, _, record in raw_blocks.read_all(fresh))
    assert left == bodies[0] + bodies[2]
    assert raw_blocks.build([(ids[1], sha256_bytes(bodies[1]), bodies[1])])[18:60] not in fresh
    assert sha256_bytes(bodies[1]) not in fresh
    assert ids[1] not in fresh


@pytest.mark.parametrize("data", [b"", b"nonsense", raw.MAGIC * 2, raw.build([]).data[:-1]])
def test_a_segment_that_is_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "segment").write_bytes(data)
    with pytest.raises(EvidenceDamaged):
        raw.without(tmp_path / "segment", ())


def test_a_missing_segment(tmp_path: Path) -> None:
    with pytest.raises(EvidenceDamaged):
        raw.without(tmp_path / "segment", ())


@given(gone=st.sets(st.integers(0, 14)))
@settings(max_examples=40, deadline=None)
def test_a_chunk_without_what_was_expunged(gone: set[int]) -> None:
    from dalil.archive.checking import checked

    full = checked(tables_of(range(15)))
    kept = expunging.left_out(full, {bytes.fromhex(post_id(number)) for number in gone})
    wanted = checked(tables_of([number for number in range(15) if number not in gone]))
    for name in ("observations", "posts", "accounts", "edges", "text_signals", "raw", "media"):
        assert kept[name].equals(wanted[name]), name
    assert set(kept["blobs"]["sha256"].to_pylist()) == set(wanted["blobs"]["sha256"].to_pylist())
    assert record(0)


def test_locators_of_whom_nobody_else_names_are_left_out() -> None:
    from dalil.archive.checking import checked

    full = checked(tables_of([0, 1]))
    names = [f"fake:h:{'a' * 32}", f"fake:h:{'b' * 32}"]
    locators = pa.table({"pseudonym": names, "locator": ["one", "two"]}, schema=full["locators"].schema)
    bodies = [f'{{"by":"h:{letter * 32}"}}'.encode() for letter in "ab"]
    raws = pa.table(
        {"obs_id": [post_id(0), post_id(1)], "sha256": ["", ""], "record": bodies}, schema=full["raw"].schema
    )
    kept = expunging.left_out({**full, "locators": locators, "raw": raws}, {bytes.fromhex(post_id(0))})
    assert kept["locators"]["pseudonym"].to_pylist() == [names[1]]


def test_the_digest_of_tombstones_knows_no_order() -> None:
    tombs = [(bytes([number]) * 32, sha256(bytes([number]))) for number in range(5)]
    assert expunging.digest(tombs) == expunging.digest(reversed(tombs))
    assert expunging.digest(tombs) != expunging.digest(tombs[1:])
    assert len(expunging.digest([])) == 64


def test_every_reason_says_what_it_means() -> None:
    assert list(expunging.REASONS) == sorted(expunging.REASONS)
    assert {code for code, reason in expunging.REASONS.items() if reason.alone} == {"expired", "legal"}
    assert {code for code, reason in expunging.REASONS.items() if not reason.blocks} == {"expired"}
    assert all(reason.text.endswith(".") for reason in expunging.REASONS.values())
    assert all(row.title and row.effect.endswith(".") for row in retention.CLASSES.values())


class Nowhere:
    """A workspace that is not asked for anything."""


def swapper() -> Rekeying:
    return Rekeying(Nowhere(), bytes(range(32)), bytes(32), 2)  # type: ignore[arg-type]  # only texts are swapped


@pytest.mark.parametrize("text", ["x:h:{}", "h:{}", "@h:{} said", "https://x.com/h:{}", "a h:{}, @h:{}!", '"h:{}"'])
def test_stand_ins_are_hashed_once_more_wherever_they_stand(text: str) -> None:
    new = relinked(bytes(range(32)), OLD)
    assert swapper().swap(text.replace("{}", OLD)) == text.replace("{}", new)
    assert swapper()._record(text.replace("{}", OLD).encode()) == text.replace("{}", new).encode()


@pytest.mark.parametrize("text", [f"h:{OLD}0", f"ah:{OLD}", "h:" + "G" * 32, "h:" + OLD[:31], OLD, "", "h:"])
def test_what_is_no_stand_in_stays(text: str) -> None:
    assert swapper().swap(text) == text
    assert swapper()._record(text.encode()) == text.encode()


@given(st.text(max_size=60))
def test_texts_without_one_stay(text: str) -> None:
    if "h:" not in text:
        assert swapper().swap(text) == text


def test_rows_are_swapped_in_every_text_and_nowhere_else() -> None:
    work = swapper()
    new = relinked(bytes(range(32)), OLD)
    work.ids = {"1" * 64: ("2" * 64, "3" * 64)}
    span = pa.struct([("start", pa.int32()), ("target", pa.string())])
    schema = pa.schema(
        [
            ("obs_id", pa.string()),
            ("raw_sha256", pa.string()),
            ("key_generation", pa.int32()),
            ("uid", pa.string()),
            ("spans", pa.list_(span)),
            ("mentions", pa.list_(pa.string())),
            ("score", pa.float64()),
        ]
    )
    row = {
        "obs_id": "1" * 64,
        "raw_sha256": "0" * 64,
        "key_generation": 1,
        "uid": f"x:h:{OLD}",
        "spans": [{"start": 1, "target": f"@h:{OLD}"}],
        "mentions": [f"@h:{OLD}", "@SahlaraToday"],
        "score": 0.5,
    }
    other = {**row, "obs_id": "9" * 64, "uid": None, "spans": None, "mentions": []}
    (one, two) = work._rows(pa.Table.from_pylist([row, other], schema=schema)).to_pylist()
    assert one == {
        "obs_id": "2" * 64,
        "raw_sha256": "3" * 64,
        "key_generation": 2,
        "uid": f"x:h:{new}",
        "spans": [{"start": 1, "target": f"@h:{new}"}],
        "mentions": [f"@h:{new}", "@SahlaraToday"],
        "score": 0.5,
    }
    assert two == {**other, "key_generation": 2}, "one whose raw record is gone keeps its id"


@pytest.mark.parametrize("days", [{"posts": 0}, {"raw": 40_000}, {"nothing": 3}])
def test_days_that_are_none(days: dict[str, int]) -> None:
    with pytest.raises(InputError):
        retention._checked(dict(days))
