"""Each law of the source formats, said with the records: what it demands is kept, through the table and back."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import Any

import msgspec
import pytest
from unit.schema.arrow_rows import record_of, row_of, stored, table_of

from dalil.schema.chunks import Begin
from dalil.schema.identity import canonical_bytes, content_version, keyed_hash, observation_id
from dalil.schema.records import Account, Edge, MediaRef, Metric, Observation, Post, RawRef, ReadWarning, Span
from dalil.schema.tables import STORED
from dalil.schema.words import (
    EdgeType,
    IdQuality,
    Kind,
    MetricBasis,
    Precision,
    PublicRole,
    State,
    TextFormat,
    TimeBasis,
    Visibility,
    ZoneBasis,
)

KEY = bytes(range(32))
NOON = datetime(2026, 5, 17, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 5, 17, 10, 30, tzinfo=UTC)


def post(**changes: Any) -> Post:
    return Post(**{"uid": "telegram:5.17", "platform": "telegram", "native_id": "5.17", **changes})


def observation(**changes: Any) -> Observation:
    given: dict[str, Any] = {
        "obs_id": "a" * 64,
        "kind": Kind.POST,
        "uid": "telegram:5.17",
        "version": content_version("", "live"),
        "source_format": "telegram-desktop",
        "source_version": "",
        "importer": "telegram-desktop",
        "importer_version": "1",
        "raw": RawRef("b" * 64, "2026-05/one", 0),
        "collected_at": LATER,
        "collected_at_basis": TimeBasis.FILE,
        "collected_by": "blue",
    }
    return Observation(**(given | changes))


def through_the_table(name: str, record: Any) -> Any:
    found = record_of(stored(name, record), type(record))
    assert found == record
    return found


@pytest.mark.parametrize(
    ("native_id", "quality"),
    [
        ("905874659358453760", IdQuality.EXACT),
        ("906000000000000000", IdQuality.ROUNDED),
        ("9.06E+17", IdQuality.ROUNDED),
        ("9.06e17", IdQuality.ROUNDED),
        ("0012", IdQuality.EXACT),
        ("123456789012345678901234567890", IdQuality.EXACT),
        ("d:" + "0" * 32, IdQuality.DERIVED),
    ],
)
def test_law_1_an_id_is_text_as_it_came_with_its_quality(native_id: str, quality: IdQuality) -> None:
    found = through_the_table("posts", post(native_id=native_id, uid=f"x:{native_id}", id_quality=quality))
    assert (found.native_id, found.id_quality) == (native_id, quality)
    assert msgspec.json.decode(msgspec.json.encode(found))["native_id"] == native_id


def test_law_2_claimed_and_server_time_are_two_and_each_may_be_missing() -> None:
    kinds = [(NOON, LATER), (NOON, None), (None, LATER), (None, None)]
    found = [through_the_table("posts", post(claimed_at=one, server_indexed_at=two)) for one, two in kinds]
    assert [(each.claimed_at, each.server_indexed_at) for each in found] == kinds


def test_law_2_a_time_says_how_precise_it_is_and_where_its_zone_comes_from() -> None:
    for precision, basis in product(Precision, ZoneBasis):
        found = through_the_table("posts", post(created_at=NOON, created_precision=precision, created_zone_basis=basis))
        assert (found.created_precision, found.created_zone_basis) == (precision, basis)
    assert post(created_at=NOON).created_zone_basis is ZoneBasis.UNKNOWN, "a basis that nobody stated is unknown"


def test_law_2_who_says_when_it_was_collected_is_kept() -> None:
    for basis in TimeBasis:
        assert through_the_table("observations", observation(collected_at_basis=basis)).collected_at_basis is basis


def test_law_3_a_number_read_by_a_guessed_locale_says_so_and_keeps_what_was_written() -> None:
    guessed = Metric("interactions", 407_137, basis=MetricBasis.LOCALE_GUESS, raw="407.137")
    score = Metric("score", None, basis=MetricBasis.LOCALE_GUESS, raw="1,4")
    found = through_the_table("posts", post(metrics=(guessed, score)))
    assert [(metric.value, metric.raw) for metric in found.metrics] == [(407_137, "407.137"), (None, "1,4")]
    doubt = ReadWarning("total-differs", "interactions", "407.137")
    assert through_the_table("observations", observation(warnings=(doubt,))).warnings == (doubt,)


def test_law_4_repaired_text_stands_beside_the_original() -> None:
    text = "سقط الجسر – \u200fbridge"
    mojibake = text.encode().decode("latin-1")
    found = through_the_table("posts", post(text=text, text_raw=mojibake))
    assert found.text_raw.encode("latin-1").decode() == found.text


def test_law_5_a_count_may_be_absent_null_or_zero() -> None:
    kinds: list[tuple[Metric, ...]] = [(), (Metric("views", None),), (Metric("views", 0),)]
    rows = [stored("posts", post(metrics=metrics))["metrics"] for metrics in kinds]
    assert [[item["value"] for item in row] for row in rows] == [[], [None], [0]]
    read = [msgspec.json.decode(msgspec.json.encode(post(metrics=metrics)), type=Post).metrics for metrics in kinds]
    assert read == kinds
    assert len({post(metrics=metrics) for metrics in kinds}) == 3


def test_law_5_no_text_field_turns_unknown_into_empty() -> None:
    """For each optional column: null, and the empty text that the source really gave, are two values."""
    optional = [field.name for field in msgspec.structs.fields(Post) if field.type == str | None]
    assert len(optional) > 8
    for name in optional:
        assert [stored("posts", post(**{name: value}))[name] for value in (None, "")] == [None, ""]


def test_law_5_who_may_see_a_post_is_kept_apart_from_not_knowing() -> None:
    found = [through_the_table("posts", post(visibility=visibility)).visibility for visibility in Visibility]
    assert found == list(Visibility)
    assert post().visibility is Visibility.UNKNOWN, "public must be said, not assumed"


def test_law_6_the_received_file_is_known_by_its_hash_and_the_record_by_its_own() -> None:
    """The file's hash belongs to the import; a record that named its file would join strangers' posts by it."""
    assert {"received_sha256", "received_bytes"} <= {field.name for field in msgspec.structs.fields(Begin)}
    hashes = {name for name in STORED["observations"].names if "sha256" in name or "received" in name}
    assert hashes == {"raw_sha256"}
    assert stored("observations", observation())["raw_sha256"] == "b" * 64


LEAKS = (
    "path",
    "file",
    "agent",
    "token",
    "cookie",
    "session",
    "header",
    "device",
    "phone",
    "mail",
    "ip",
    "latitude",
    "member",
)


@pytest.mark.parametrize("name", STORED)
def test_laws_6_and_9_no_table_has_a_place_for_the_collectors_secrets(name: str) -> None:
    """Nor for a file's name, or for who collected: that is a circle."""
    columns = {part for column in STORED[name].names for part in column.split("_")}
    assert columns.isdisjoint(LEAKS)


def test_law_7_a_repost_is_an_edge_with_an_observation_of_its_own() -> None:
    original, repost = "x:1", "x:2"
    envelope = observation(kind=Kind.REPOST, uid=repost, version=content_version("repost", original))
    edge = Edge(src_uid=repost, dst_uid=original, type=EdgeType.REPOST, at=NOON, at_basis=ZoneBasis.EPOCH)
    rows = {
        "observations": table_of("observations", [row_of(envelope)]),
        "edges": table_of("edges", [row_of(edge, obs_id=envelope.obs_id, author_ref="x:page")]),
        "posts": table_of("posts", []),
    }
    joined = (
        rows["observations"]
        .select(["obs_id", "kind", "uid"])
        .join(rows["edges"].select(["obs_id", "src_uid", "dst_uid", "author_ref"]), "obs_id")
    )
    assert [(row["kind"], row["uid"], row["dst_uid"]) for row in joined.to_pylist()] == [("repost", repost, original)]
    texts = [field.name for field in msgspec.structs.fields(Edge) if "text" in field.name]
    assert (rows["posts"].num_rows, texts) == (0, []), "an edge has no room for copied text"


def test_law_7_a_forward_whose_origin_we_do_not_hold_keeps_its_hint() -> None:
    edge = Edge(src_uid="telegram:5.17", dst_uid=None, dst_hint="channel in another export", type=EdgeType.FORWARD)
    found = through_the_table("edges", edge)
    assert (found.dst_uid, found.dst_hint) == (None, "channel in another export")


def test_law_7_an_edge_that_was_inferred_says_by_what_and_how_surely() -> None:
    seen = Edge(src_uid="x:1", dst_uid="x:2", type=EdgeType.QUOTE)
    inferred = Edge(src_uid="x:1", dst_uid="x:3", type=EdgeType.SAME_MEDIA, direct=False, method="pdq 1", score=0.75)
    assert (seen.direct, seen.method, seen.score) == (True, None, None)
    found = through_the_table("edges", inferred)
    assert (found.direct, found.method, found.score) == (False, "pdq 1", 0.75)


def test_law_7_an_album_is_one_post_with_all_its_media_in_order() -> None:
    refs = tuple(
        MediaRef(native_key=str(number), not_included=None if number else "File not included") for number in range(10)
    )
    found = through_the_table("posts", post(media=refs, group_id="telegram:album:9"))
    assert found.media == refs
    assert [ref.not_included is None for ref in found.media] == [False] + [True] * 9


def test_law_7_an_edit_is_a_version_beside_the_first_and_a_deletion_a_state_of_the_same_post() -> None:
    first = post(text="the bridge is held", version_no=1)
    edited = post(text="the bridge was held", version_no=2, state=State.EDITED, edited_at=NOON)
    deleted = post(text="", state=State.DELETED, state_at=LATER, state_reason="author")
    history = [first, edited, deleted]
    versions = [content_version(each.text, each.state.value) for each in history]
    rows = table_of(
        "posts", [row_of(each, version=version) for each, version in zip(history, versions, strict=True)]
    ).to_pylist()
    assert {row["uid"] for row in rows} == {first.uid}
    assert len({row["version"] for row in rows}) == 3
    assert [record_of(row, Post) for row in rows] == history, "the first text is still there"
    assert versions[0] == content_version(first.text, "live"), "the same version gives the same hash in another import"


def test_facets_point_by_code_points_whatever_the_source_counted() -> None:
    """Sources count UTF-8 bytes or UTF-16 units; with one emoji before it the three differ."""
    text = "😀 خبر #تل_نهر @page"
    tag, mention = "#تل_نهر", "@page"
    starts = [text.index(tag), text.index(mention)]
    spans = (
        Span(starts[0], starts[0] + len(tag), "hashtag", "تل_نهر"),
        Span(starts[1], starts[1] + len(mention), "mention", "x:1"),
    )
    found = through_the_table("posts", post(text=text, spans=spans, text_format=TextFormat.FACETS))
    assert [found.text[span.start : span.end] for span in found.spans] == [tag, mention]
    in_bytes = len(text[: starts[0]].encode())
    in_units = len(text[: starts[0]].encode("utf-16-le")) // 2
    assert len({starts[0], in_bytes, in_units}) == 3


def test_a_private_person_is_a_keyed_hash_under_a_generation_and_nothing_else() -> None:
    hidden = f"h:{keyed_hash(KEY, 'x', 'account', '1494031694')}"
    private = Account(
        uid=f"x:{hidden}",
        platform="x",
        native_id=hidden,
        id_quality=IdQuality.HASHED,
        public_role=PublicRole.PRIVATE_PERSON,
    )
    row = stored("accounts", private)
    told = {name for name, value in row.items() if value not in (None, [])} - {"uid", "native_id"}
    assert told == {"platform", "id_quality", "type", "public_role", "state"}
    assert "1494031694" not in repr(row)
    assert through_the_table("observations", observation(key_generation=3)).key_generation == 3


def test_an_account_is_private_until_it_is_known_to_be_public() -> None:
    assert not Account(uid="x:1", platform="x", native_id="1").public_role.is_public


def test_terms_travel_with_the_record_and_the_narrowest_is_the_default() -> None:
    assert observation().may_share.value == "none"
    assert stored("observations", observation())["may_share"] == "none"


def test_nothing_about_the_capture_enters_the_id() -> None:
    """Two circles, two days, two importers and two terms: one record, one id."""
    record = canonical_bytes({"id": "5.17", "text": "the bridge is held"})
    capture: list[dict[str, Any]] = [
        {"collected_at": NOON, "collected_by": "blue", "importer_version": "1", "key_generation": 1, "included": False},
        {
            "collected_at": LATER,
            "collected_by": "green",
            "importer_version": "2",
            "key_generation": 2,
            "included": True,
        },
    ]
    ids = {observation(obs_id=observation_id(KEY, "telegram-desktop", record), **each).obs_id for each in capture}
    assert len(ids) == 1
