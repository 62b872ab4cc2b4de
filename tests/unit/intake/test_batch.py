"""Records to tables: every column from its place, every warning kept, media once."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
import sources_files
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import LimitReached
from dalil.intake.batch import Batch
from dalil.intake.media import MediaRows
from dalil.intake.signals_port import PictureRow
from dalil.plugins import Manifest
from dalil.schema.identity import canonical_bytes, observation_id
from dalil.schema.records import (
    Account,
    AltId,
    Edge,
    Label,
    MediaRef,
    Metric,
    Post,
    ReadWarning,
    Reject,
    Span,
    Url,
)
from dalil.schema.tables import HANDED_OVER
from dalil.schema.words import (
    AccountType,
    Completeness,
    EdgeType,
    IdQuality,
    Kind,
    MetricBasis,
    Precision,
    PublicRole,
    State,
    TextFormat,
    Visibility,
    ZoneBasis,
)
from dalil.sources.importer import MediaBytes, Record

AT = datetime(2026, 5, 11, 15, 34, 16, 789, tzinfo=UTC)
MANIFEST = Manifest("made-up", "7", "Made up")


def batch() -> Batch:
    return Batch(sources_files.order_of(Path("x")), MANIFEST, sources_files.FakeSignals())


def record(number: int = 1, **more: object) -> Record:
    given: dict[str, object] = {
        "kind": Kind.POST,
        "uid": f"x:{number}",
        "version": f"v{number}",
        "raw": canonical_bytes({"n": number}),
        "post": Post(uid=f"x:{number}", platform="x", native_id=str(number)),
    }
    return Record(**(given | more))  # type: ignore[arg-type]


FULL = Post(
    uid="x:1",
    platform="x",
    native_id="1",
    uri="https://x.com/a/status/1",
    id_quality=IdQuality.ROUNDED,
    author_ref="x:2",
    container_ref="x:3",
    created_at=AT,
    created_precision=Precision.MINUTE,
    created_zone_basis=ZoneBasis.EPOCH,
    claimed_at=AT,
    server_indexed_at=AT,
    edited_at=AT,
    version_no=2,
    state=State.EDITED,
    state_at=AT,
    state_reason="why",
    visibility=Visibility.PUBLIC,
    text="words",
    text_raw="raw words",
    text_format=TextFormat.HTML,
    text_complete=Completeness.YES,
    lang="ar",
    spans=(Span(0, 5, "bold", "t"),),
    urls=(Url("a", "b", "c"),),
    hashtags=("h",),
    mentions=("@m",),
    media=(MediaRef("s", "k", "u", "image/png", 1, 2, 3.5, "alt", "note"),),
    thread_root="x:9",
    group_id="x:8",
    client="web",
    metrics=(Metric("likes", 5, AT, MetricBasis.LOCALE_GUESS, "5"),),
    labels_by_platform=(Label("x", "sensitive"),),
    geo="IQ",
)


def test_every_field_of_a_post_has_its_column() -> None:
    gathered = batch()
    gathered.add(record(post=FULL, author_ref="x:2", author_public=True))
    [row] = gathered.tables()["posts"].to_pylist()
    assert row.pop("obs_id") == observation_id(b"i" * 32, "made-up", canonical_bytes({"n": 1}))
    assert row.pop("version") == "v1"
    assert row.pop("collected_at") == sources_files.COLLECTED
    assert row.pop("author_public") is True
    for name in ("created_at", "claimed_at", "server_indexed_at", "edited_at", "state_at"):
        assert row.pop(name) == AT
    assert row == {
        "uid": "x:1",
        "platform": "x",
        "native_id": "1",
        "uri": "https://x.com/a/status/1",
        "id_quality": "rounded",
        "author_ref": "x:2",
        "container_ref": "x:3",
        "created_precision": "min",
        "created_zone_basis": "epoch",
        "version_no": 2,
        "state": "edited",
        "state_reason": "why",
        "visibility": "public",
        "text": "words",
        "text_raw": "raw words",
        "text_format": "html",
        "text_complete": "yes",
        "lang": "ar",
        "spans": [{"start": 0, "end": 5, "type": "bold", "target": "t"}],
        "urls": [{"as_written": "a", "expanded": "b", "final": "c"}],
        "hashtags": ["h"],
        "mentions": ["@m"],
        "media": [
            {
                "sha256": "s",
                "native_key": "k",
                "source_url": "u",
                "mime": "image/png",
                "width": 1,
                "height": 2,
                "duration_s": 3.5,
                "alt_text": "alt",
                "not_included": "note",
            }
        ],
        "thread_root": "x:9",
        "group_id": "x:8",
        "client": "web",
        "metrics": [{"name": "likes", "value": 5, "at": AT, "basis": "locale_guess", "raw": "5"}],
        "labels_by_platform": [{"source": "x", "value": "sensitive"}],
        "geo": "IQ",
    }


def test_every_field_of_an_account_has_its_column() -> None:
    account = Account(
        uid="x:2",
        platform="x",
        native_id="2",
        id_quality=IdQuality.EXACT,
        handle="a",
        display_name="A",
        description="about",
        created_at=AT,
        counts=(Metric("followers", None),),
        type=AccountType.CHANNEL,
        public_role=PublicRole.ORGANISATION,
        verified=True,
        state=State.LIVE,
        alt_ids=(AltId("did", "d"),),
    )
    gathered = batch()
    gathered.add(record(kind=Kind.ACCOUNT, post=None, accounts=(account,), included=True))
    tables = gathered.tables()
    [row] = tables["accounts"].to_pylist()
    assert row["obs_id"] == tables["observations"]["obs_id"][0].as_py()
    assert (row["type"], row["public_role"], row["verified"], row["created_at"]) == (
        "channel",
        "organisation",
        True,
        AT,
    )
    assert row["counts"] == [{"name": "followers", "value": None, "at": None, "basis": "exact", "raw": ""}]
    assert row["alt_ids"] == [{"scheme": "did", "value": "d"}]
    assert tables["observations"]["included"].to_pylist() == [True]
    assert "posts" not in tables


def test_every_field_of_an_edge_has_its_column() -> None:
    edge = Edge(
        src_uid="x:1",
        dst_uid=None,
        type=EdgeType.FORWARD,
        dst_hint="x:h:1",
        at=AT,
        at_basis=ZoneBasis.EPOCH,
        direct=False,
        method="m",
        score=0.5,
    )
    gathered = batch()
    gathered.add(record(kind=Kind.REPOST, post=None, edges=(edge,), author_ref="x:2"))
    [row] = gathered.tables()["edges"].to_pylist()
    del row["obs_id"]
    assert row == {
        "src_uid": "x:1",
        "dst_uid": None,
        "type": "forward",
        "dst_hint": "x:h:1",
        "author_ref": "x:2",
        "at": AT,
        "at_basis": "epoch",
        "direct": False,
        "method": "m",
        "score": 0.5,
    }


def test_an_empty_batch_has_no_tables() -> None:
    assert batch().tables() == {}
    assert batch().rows == 0


def test_rejects_alone_are_a_table() -> None:
    gathered = batch()
    gathered.reject(Reject("line 1", "json-broken", "0" * 64))
    assert gathered.tables().keys() == {"rejects"}
    assert gathered.rows == 1


def test_a_forward_has_keys_of_its_text_though_it_is_no_post() -> None:
    gathered = batch()
    gathered.add(record(kind=Kind.REPOST, post=None, signal_text="Words"))
    gathered.add(record(2, signal_text="   "))
    [row] = gathered.tables()["text_signals"].to_pylist()
    assert (row["uid"], row["norm"], row["lang"]) == ("x:1", "words", "und")


def test_locators_are_handed_on_once() -> None:
    gathered = batch()
    gathered.add(record(1, locators=(("x:h:1", "a"), ("x:h:2", "b"))))
    gathered.add(record(2, locators=(("x:h:1", "a"),)))
    assert gathered.tables()["locators"].to_pylist() == [
        {"pseudonym": "x:h:1", "locator": "a"},
        {"pseudonym": "x:h:2", "locator": "b"},
    ]


def test_warnings_of_the_record_and_of_its_media_stand_together() -> None:
    gathered = batch()
    broken = MediaBytes(sha256="a" * 64, data=sources_files.PNG[:20])
    gathered.add(record(media=(broken, broken), warnings=(ReadWarning("zone-unknown", "date", "x"),)))
    [row] = gathered.tables()["observations"].to_pylist()
    assert row["warnings"] == [
        {"code": "zone-unknown", "field": "date", "original": "x"},
        {"code": "picture-broken", "field": "media", "original": "image/png"},
        {"code": "picture-broken", "field": "media", "original": "image/png"},
    ]


@given(st.lists(st.sampled_from(["post", "repost", "account"]), max_size=12))
def test_rows_belong_to_observations_and_schemas_are_exact(kinds: list[str]) -> None:
    gathered = batch()
    for number, kind in enumerate(kinds):
        edge = Edge(src_uid=f"x:{number}", dst_uid="x:0", type=EdgeType.REPLY)
        post = Post(uid=f"x:{number}", platform="x", native_id=str(number)) if kind == "post" else None
        account = Account(uid="x:2", platform="x", native_id="2")
        made = record(
            number,
            kind=Kind(kind),
            post=post,
            edges=(edge,) if kind != "account" else (),
            accounts=(account,) if kind == "account" else (),
        )
        gathered.add(made)
    tables = gathered.tables()
    ids = set(tables["observations"]["obs_id"].to_pylist()) if kinds else set()
    assert len(ids) == len(kinds)
    for name, table in tables.items():
        assert table.schema.equals(HANDED_OVER[name], check_metadata=True)
        table.validate(full=True)
        if "obs_id" in table.column_names:
            assert set(table["obs_id"].to_pylist()) <= ids


class Counting(sources_files.FakeSignals):
    """Counts how often a picture is decoded, and refuses one for its size."""

    def __init__(self) -> None:
        self.decoded = 0

    def of_picture(self, data: bytes, *, max_pixels: int) -> PictureRow:
        self.decoded += 1
        if len(data) > 1000:
            raise LimitReached("picture-too-large", pixels=9, limit=max_pixels)
        return super().of_picture(data, max_pixels=max_pixels)


def test_each_picture_is_decoded_once_however_often_it_comes() -> None:
    signals = Counting()
    rows = MediaRows(sources_files.order_of(Path("x")), signals)
    sha256 = hashlib.sha256(sources_files.PNG).hexdigest()
    for number in range(5):
        rows.add(str(number), MediaBytes(sha256=sha256, data=sources_files.PNG, source_url="u", alt_text="a"))
    tables = rows.tables()
    assert signals.decoded == 1
    assert rows.bytes_held == len(sources_files.PNG)
    assert tables["media"]["obs_id"].to_pylist() == list("01234")
    assert tables["blobs"].num_rows == tables["image_signals"].num_rows == 1
    [row] = tables["media"].slice(0, 1).to_pylist()
    assert (row["mime"], row["width"], row["bytes"], row["source_url"], row["alt_text"]) == (
        "image/png",
        1,
        len(sources_files.PNG),
        "u",
        "a",
    )


def test_a_picture_that_is_too_large_is_kept_and_said_so() -> None:
    rows = MediaRows(sources_files.order_of(Path("x")), Counting())
    data = sources_files.PNG + bytes(2000)
    warning = rows.add("1", MediaBytes(sha256="b" * 64, data=data))
    assert warning == ReadWarning("picture-too-large", "media", "image/png")
    assert rows.tables().keys() == {"media", "blobs"}


def test_what_is_no_picture_is_kept_without_a_word() -> None:
    rows = MediaRows(sources_files.order_of(Path("x")), Counting())
    assert rows.add("1", MediaBytes(sha256="c" * 64, data=b"a video", duration_s=2.5)) is None
    [row] = rows.tables()["media"].to_pylist()
    assert (row["mime"], row["width"], row["duration_s"]) == ("application/octet-stream", None, 2.5)
    assert MediaRows(sources_files.order_of(Path("x")), Counting()).tables() == {}


def test_numbers_of_pictures_fit_their_columns() -> None:
    assert HANDED_OVER["media"].field("bytes").type == pa.int64()
    with pytest.raises(pa.ArrowInvalid):
        pa.array([1 << 31], HANDED_OVER["media"].field("width").type)
