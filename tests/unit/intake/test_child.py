"""The child's work: counts that add up, chunks that depend on the input alone, input that is bad."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest
import sources_archives as archives
import sources_files
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.errors import InputError
from dalil.schema.chunks import PublicAccount
from dalil.schema.identity import observation_id
from dalil.schema.tables import HANDED_OVER
from dalil.sources.formats.hand_capture import writing

NEWS = PublicAccount(platform="x", native_id="55", handle="SahlaraToday")
SEEN = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)


def responses(count: int) -> list[dict[str, Any]]:
    user = sources_files.x_user(55, "SahlaraToday")
    return [sources_files.x_response([sources_files.x_tweet(n, 55, f"post {n}")], [user]) for n in range(1, count + 1)]


def add_up(handed: sources_files.Handed) -> None:
    end = handed.end
    assert end is not None
    kept = handed.table("observations").num_rows
    assert kept + end.quarantined + sum(end.rejected.values()) == end.read + end.includes
    assert handed.table("rejects").num_rows == sum(end.rejected.values())
    if handed.chunks:
        last = handed.chunks[-1].head
        assert (last.read, last.includes, last.rejected) <= (end.read, end.includes, end.rejected)


def test_rows_carry_their_envelope(tmp_path: Path) -> None:
    handed = sources_files.child(
        sources_files.write_lines(tmp_path / "f", responses(1)), public=(NEWS,), key_generation=3
    )
    posts = [row for row in handed.rows("observations") if row["kind"] == "post"]
    [row] = posts
    raw = {item["obs_id"]: item for item in handed.rows("raw")}
    record = raw[row["obs_id"]]["record"]
    assert row["obs_id"] == observation_id(b"i" * 32, "x-api-v2", record)
    assert row["raw_sha256"] == raw[row["obs_id"]]["sha256"] == hashlib.sha256(record).hexdigest()
    assert (row["source_format"], row["importer"], row["importer_version"]) == ("x-api-v2", "x-api-v2", "1")
    assert (row["collected_at"], row["collected_at_basis"], row["collected_by"]) == (
        sources_files.COLLECTED,
        "operator",
        "blue",
    )
    assert (row["included"], row["may_share"], row["key_generation"]) == (False, "none", 3)
    assert row["purpose"]
    [post] = handed.rows("posts")
    assert (post["obs_id"], post["uid"], post["text"], post["author_public"]) == (row["obs_id"], "x:1", "post 1", True)
    [signal] = handed.rows("text_signals")
    assert (signal["obs_id"], signal["uid"], signal["norm"]) == (row["obs_id"], "x:1", "post 1")
    assert int(signal["method_version"]) > 0
    add_up(handed)


def test_the_received_file_is_named_by_its_hash(tmp_path: Path) -> None:
    path = sources_files.write_lines(tmp_path / "f", responses(1))
    handed = sources_files.child(path)
    assert handed.begin is not None
    assert handed.begin.received_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert handed.begin.received_bytes == path.stat().st_size


@pytest.mark.parametrize("chunk", [1, 3, 1000])
def test_chunks_depend_on_the_input_alone_and_hold_the_same_rows(tmp_path: Path, chunk: int) -> None:
    path = sources_files.write_lines(tmp_path / "f", responses(10))
    first, second = (sources_files.child(path, chunk_records=chunk) for _ in range(2))
    assert first.data == second.data
    whole = sources_files.child(path)
    for name in HANDED_OVER:
        assert first.rows(name) == whole.rows(name)
    assert [item.head.number for item in first.chunks] == list(range(len(first.chunks)))
    assert max(item.tables["observations"].num_rows for item in first.chunks) <= chunk
    add_up(first)


def test_the_same_id_with_other_content_loses_nothing(tmp_path: Path) -> None:
    user = sources_files.x_user(55, "SahlaraToday")
    tweets = [
        sources_files.x_tweet(1, 55, "It fell."),
        sources_files.x_tweet(1, 55, "It did not."),
        sources_files.x_tweet(1, 55, "It fell."),
    ]
    handed = sources_files.child(
        sources_files.write_lines(tmp_path / "f", [sources_files.x_response(tweets, [user])]), public=(NEWS,)
    )
    posts = handed.rows("posts")
    assert [post["uid"] for post in posts] == ["x:1"] * 3
    assert len({post["obs_id"] for post in posts}) == len({post["version"] for post in posts}) == 2


def test_an_import_stops_past_the_share_of_rejects(tmp_path: Path) -> None:
    good = json.dumps(responses(1)[0])
    path = tmp_path / "f"
    path.write_text("\n".join([good] * 3 + ["{broken"] * 3000) + "\n")
    handed = sources_files.child(path, format="x-api-v2", reject_share=0.5)
    assert handed.end is not None
    assert handed.end.stopped == "too-many-rejects"
    assert handed.end.read == 1000
    assert handed.end.rejected == {"json-broken": 997}
    add_up(handed)
    path.write_text("\n".join([good, "{broken"] * 1500) + "\n")
    handed = sources_files.child(path, format="x-api-v2", reject_share=0.5)
    assert handed.end is not None
    assert handed.end.stopped is None
    assert handed.end.read == 3000


@pytest.mark.parametrize(
    ("data", "begins"),
    [
        (b"", "nothing: it is empty"),
        (b"just words\n", "just words\\x0a"),
        ('{"data": []}'.encode("utf-16"), "\\xff\\xfe{\\x00"),
        (b"[" * 10_000 + b"]" * 10_000, "[[[[[[[[[[[["),
        (b'{"a":' * 10_000, '{"a":{"a":{"'),
    ],
)
def test_an_unknown_format_says_what_it_begins_with(tmp_path: Path, data: bytes, begins: str) -> None:
    path = tmp_path / "tw\u202eeets.json"
    path.write_bytes(data)
    handed = sources_files.child(path)
    assert handed.begin is None
    assert handed.failed is not None
    assert handed.failed.code == "format-unknown"
    assert handed.failed.facts["name"] == "tw\ufffdeets.json"
    assert str(handed.failed.facts["head"]).startswith(begins)


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04rest", b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfdrest", b"PK\x05\x06" + bytes(17)]
)
def test_what_only_begins_as_an_archive_is_broken(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "tweets"
    path.write_bytes(data)
    assert getattr(sources_files.child(path).failed, "code", "") == "archive-broken"


def test_one_broken_group_fails_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether its bytes are damaged, which is found before it begins, or its importer gives it up in the middle."""
    good = b"".join(json.dumps(value).encode() + b"\n" for value in responses(3))
    bad = sources_files.write_ct(tmp_path / "ct", [sources_files.ct_row(1)]).read_bytes()
    path = tmp_path / "a.zip"
    path.write_bytes(archives.zip_bytes({"a.jsonl": good, "b.csv": bad}))
    whole = sources_files.child(path)
    assert [end.read for end in whole.ends] == [3, 1]
    assert sources_files.child(path, line_bytes=100).failures == [], "what is too long is a reject"

    def gives_up(self: object, source: object, context: object) -> Iterator[object]:
        raise InputError("format-unknown", name="?", head="?")
        yield

    with monkeypatch.context() as patched:
        patched.setattr("dalil.sources.formats.crowdtangle_csv.importer.CrowdTangleCsv.read", gives_up)
        given_up = sources_files.child(path)
    assert [failed.code for failed in given_up.failures] == ["format-unknown"]
    assert (given_up.ends, given_up.skipped) == (whole.ends[:1], [])
    damaged = archives.damaged_member(path.read_bytes(), b"b.csv")
    path.write_bytes(damaged)
    left = sources_files.child(path)
    assert [begin.source_format for begin in left.begins] == ["x-api-v2"]
    assert left.skipped == [("archive-broken", 1)]
    assert left.ends == whole.ends[:1]


def test_an_archive_gives_the_rows_that_its_files_give_by_themselves(tmp_path: Path) -> None:
    lines = b"".join(json.dumps(value).encode() + b"\n" for value in responses(12))
    export = sources_files.tg_chat([sources_files.tg_message(1, "x", photo="photos/p.png")])
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "photos").mkdir()
    (tmp_path / "plain" / "photos" / "p.png").write_bytes(sources_files.PNG)
    (tmp_path / "plain" / "tweets").write_bytes(lines)
    sources_files.write_json(tmp_path / "plain" / "result.json", export)
    plain = sources_files.child(tmp_path / "plain")
    assert plain.table("blobs").num_rows == 1
    files = {
        path.relative_to(tmp_path / "plain").as_posix(): path.read_bytes()
        for path in sorted((tmp_path / "plain").rglob("*"))
        if path.is_file()
    }
    for name, make in archives.KINDS.items():
        path = tmp_path / "packed"
        path.write_bytes(make(files))
        packed = sources_files.child(path)
        for table in HANDED_OVER:
            assert packed.rows(table) == plain.rows(table), (name, table)
        assert sources_files.child(path).data == packed.data
        assert [begin.received_sha256 for begin in packed.begins] == [begin.received_sha256 for begin in plain.begins]


def test_limits_on_size_and_number_are_failures_with_their_code(tmp_path: Path) -> None:
    path = sources_files.write_lines(tmp_path / "f", responses(3))
    too_large = sources_files.child(path, file_bytes=100).failed
    assert too_large is not None
    assert too_large.code == "file-too-large"
    sources_files.write_lines(tmp_path / "g", responses(3))
    too_many = sources_files.child(tmp_path, folder_files=1).failed
    assert too_many is not None
    assert too_many.code == "too-many-files"
    assert getattr(sources_files.child(tmp_path / "none").failed, "code", "") == "path-missing"
    assert getattr(sources_files.child(path, format="no-such").failed, "code", "") == "value-wrong"
    assert getattr(sources_files.child(path, format="telegram-desktop").failed, "code", "") == "format-unknown"


def test_a_long_line_is_a_reject_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "f"
    good = [json.dumps(value).encode() for value in responses(3)]
    path.write_bytes(good[0] + b"\n" + b'{"data":"' + b"x" * 200_000 + b'"}\n' + good[1] + b"\n" + good[2] + b"\n")
    handed = sources_files.child(path, line_bytes=50_000)
    assert [(row["where"], row["code"]) for row in handed.rows("rejects")] == [("line 2", "record-too-long")]
    assert handed.table("posts").num_rows == 3
    add_up(handed)


def test_a_folder_is_read_by_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "p.png").write_bytes(sources_files.PNG)
    (tmp_path / "notes.txt").write_text("nothing")
    sources_files.write_ct(tmp_path / "pages.csv", [sources_files.ct_row(1)])
    export = sources_files.tg_chat([sources_files.tg_message(1, "x", photo="photos/p.png")])
    sources_files.write_json(tmp_path / "whatever.bin", export)
    handed = sources_files.child(tmp_path)
    assert [begin.source_format for begin in handed.begins] == ["crowdtangle-csv", "telegram-desktop"]
    assert handed.skipped == [("format-unknown", 1), ("media-file", 1)]
    assert handed.table("blobs").num_rows == handed.table("image_signals").num_rows == 1
    again = sources_files.child(tmp_path)
    assert again.begins == handed.begins
    (tmp_path / "photos" / "p.png").write_bytes(sources_files.PNG + b"x")
    assert sources_files.child(tmp_path).begin != handed.begin


def test_several_files_of_a_folder_are_told_apart_in_rejects(tmp_path: Path) -> None:
    for name in ("a", "b"):
        path = sources_files.write_lines(tmp_path / name, responses(2))
        path.write_text(path.read_text() + "{broken\n")
    handed = sources_files.child(tmp_path)
    assert [row["where"] for row in handed.rows("rejects")] == ["file 1 line 3", "file 2 line 3"]
    assert b"b" not in [chunk.head.rejected for chunk in handed.chunks]
    add_up(handed)


def test_an_empty_folder_is_no_format(tmp_path: Path) -> None:
    assert getattr(sources_files.child(tmp_path).failed, "code", "") == "format-unknown"


def test_pictures_that_lie_are_kept_without_a_signal_and_with_a_warning(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    pictures = {"whole": sources_files.PNG, "cut": sources_files.PNG[:40], "lie": b"MZ this is no picture"}
    for name, data in pictures.items():
        (tmp_path / "p" / name).write_bytes(data)
    messages = [sources_files.tg_message(2 * n, "x", photo=f"p/{name}") for n, name in enumerate(pictures, 1)]
    sources_files.write_json(tmp_path / "result.json", sources_files.tg_chat(messages))
    handed = sources_files.child(tmp_path)
    media = {row["sha256"]: row for row in handed.rows("media")}
    assert len(media) == handed.table("blobs").num_rows == 3
    assert handed.table("image_signals").num_rows == 1
    assert media[hashlib.sha256(pictures["lie"]).hexdigest()]["mime"] == "application/octet-stream"
    codes = [warning["code"] for row in handed.rows("observations") for warning in row["warnings"]]
    assert codes == ["picture-broken"]


def test_media_are_handed_over_once_a_chunk(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(sources_files.PNG)
    messages = [sources_files.tg_message(2 * n, "x", photo="p.png") for n in range(1, 6)]
    sources_files.write_json(tmp_path / "result.json", sources_files.tg_chat(messages))
    handed = sources_files.child(tmp_path)
    assert handed.table("media").num_rows == 5
    assert handed.table("blobs").num_rows == handed.table("image_signals").num_rows == 1


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300), st.sampled_from(["x-api-v2", "crowdtangle-csv", "telegram-desktop", "hand-capture"]))
def test_garbage_is_a_failure_or_rejects_in_every_format(
    tmp_path_factory: pytest.TempPathFactory, garbage: bytes, name: str
) -> None:
    folder = tmp_path_factory.mktemp("garbage")
    starts = {
        "x-api-v2": json.dumps(responses(1)[0]).encode() + b"\n",
        "crowdtangle-csv": sources_files.write_ct(folder / "ct", [sources_files.ct_row(1)]).read_bytes(),
        "telegram-desktop": json.dumps(sources_files.tg_chat([sources_files.tg_message(1, "x")])).encode()[:-2] + b",",
        "hand-capture": writing.line_of(platform="facebook", seen_at=SEEN, text="x"),
    }
    path = folder / "f"
    for data in (garbage, starts[name] + garbage, garbage + starts[name]):
        path.write_bytes(data)
        for format_ in (None, name):
            handed = sources_files.child(path, format=format_)
            assert (handed.failed is None) != (handed.end is None)
            if handed.end is not None:
                add_up(handed)


def everything(handed: sources_files.Handed, *, but: tuple[str, ...] = ("locators",)) -> bytes:
    """All bytes of all tables, uncompressed, as they lie in memory."""
    parts: list[bytes] = []
    for chunk in handed.chunks:
        for name, table in chunk.tables.items():
            if name not in but:
                parts += [buffer.to_pybytes() for buffer in _buffers(table)]
        parts.append(msgspec.msgpack.encode(chunk.head))
    parts.append(msgspec.msgpack.encode(handed.end))
    return b"\n".join(parts)


def _buffers(table: pa.Table) -> list[pa.Buffer]:
    return [buffer for column in table.columns for chunk in column.chunks for buffer in chunk.buffers() if buffer]


SECRETS = (
    *(b"hidden_one", b"Hidden Person", b"hidden.person", b"900711223344", b"1600112233445566", b"777000111"),
    *(b"964 700", b"private words", b"Ownersecret", b"p_secret.png", b"10083900711", b"555000111"),
)


def planted(folder: Path) -> dict[str, Path]:
    """One input of each format with secrets wherever the format has a place for them."""
    text = "to @hidden_one https://x.com/hidden_one/status/1600112233445566 https://www.facebook.com/hidden.person/posts/555000111"
    user = sources_files.x_user(900711223344, "hidden_one", name="Hidden Person")
    tweets = [
        sources_files.x_tweet(1600112233445566, 900711223344, text),
        sources_files.x_tweet(5, 55, text, referenced_tweets=[{"type": "quoted", "id": "1600112233445566"}]),
    ]
    errors = [{"resource_type": "tweet", "resource_id": "1600112233445566", "type": "p/resource-not-found"}]
    response = sources_files.x_response(tweets, [user, sources_files.x_user(55, "SahlaraToday")]) | {"errors": errors}
    member = {"from": "Hidden Person", "from_id": "user900711223344"}
    old = sources_files.tg_message(4, "old", **{"from": "Hidden Person", "from_id": 900711223344})
    group = sources_files.tg_chat(
        [
            sources_files.tg_message(
                1, [text, {"type": "mention_name", "text": "Hidden Person", "user_id": 900711223344}], **member
            ),
            sources_files.tg_message(2, "x", reply_to_message_id=1, reply_to_peer_id="channel10083900711", **member),
            sources_files.tg_message(3, "y", forwarded_from="Hidden Person", photo="p_secret.png"),
            old,
        ],
        type="public_supergroup",
    )
    private = sources_files.tg_chat([sources_files.tg_message(1, "private words", **member)], type="personal_chat")
    telegram = folder / "telegram"
    telegram.mkdir()
    (telegram / "p_secret.png").write_bytes(sources_files.PNG)
    sources_files.write_json(telegram / "result.json", sources_files.tg_account([private, group]))
    row = sources_files.ct_row(
        1, Message=text, Link="https://facebook.com/hidden.person", **{"Sponsor Name": "Hidden Person"}
    )
    groups = sources_files.ct_row(2, URL="https://www.facebook.com/groups/7/permalink/555000111") | {"Group Name": "G"}
    captures = folder / "captures"
    address = "https://www.facebook.com/hidden.person/posts/555000111"
    writing.make(captures, platform="facebook", seen_at=SEEN, address=address, text=text, page_name="Hidden Person")
    return {
        "x": sources_files.write_lines(folder / "x.jsonl", [response]),
        "telegram": telegram,
        "pages": sources_files.write_ct(folder / "pages.csv", [row]),
        "groups": sources_files.write_ct(
            folder / "groups.csv", [groups], columns=("Group Name", *sources_files.CT_COLUMNS[1:])
        ),
        "captures": captures,
    }


@pytest.mark.parametrize("name", ["x", "telegram", "pages", "groups", "captures"])
def test_no_byte_of_any_table_names_a_private_person(tmp_path: Path, name: str) -> None:
    handed = sources_files.child(planted(tmp_path)[name], public=(NEWS,))
    assert handed.end is not None
    assert handed.table("observations").num_rows > 0
    assert handed.end.rejected == {}
    found = everything(handed)
    for secret in SECRETS:
        assert secret.lower() not in found.lower()
    sealed = everything(handed, but=())
    assert any(secret.lower() in sealed.lower() for secret in SECRETS), "the locators hold what was taken out"


def test_another_key_changes_every_stand_in_and_no_public_row(tmp_path: Path) -> None:
    path = planted(tmp_path)["x"]
    one, two = (sources_files.child(path, public=(NEWS,), pseudonym_key=key) for key in (b"a" * 32, b"b" * 32))
    ours, theirs = ({row["uid"] for row in handed.rows("posts")} for handed in (one, two))
    assert ours & theirs == {"x:5"}
    assert len(ours) == len(theirs) == 2
