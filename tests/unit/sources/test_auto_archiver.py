"""auto-archiver's items: files found by name or hash, private until known to be public, and nothing of the machine."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sources_archived
import sources_files
from hypothesis import given, settings
from hypothesis import strategies as st
from sources_archived import OTS, PAGE, PRIVATE, PUBLIC, TSR, folder, item, medium

from dalil.errors import InputError
from dalil.schema.chunks import PublicAccount
from dalil.schema.words import IdQuality, ZoneBasis
from dalil.sources.formats.auto_archiver.importer import AutoArchiver
from dalil.sources.importer import Ignored, Limits, Quarantined, ReadContext, Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import SourceFile
from dalil.sources.registry import detect

NEWS = PublicAccount(platform="x", native_id="55", handle="SahlaraToday")
PNG = sources_files.PNG


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read(path: Path, **given: Any) -> list[Any]:
    return sources_files.items(AutoArchiver(), path, public=(NEWS,), **given)


def one(path: Path, **given: Any) -> Record:
    [found] = read(path, **given)
    assert isinstance(found, Record), found
    return found


def written(tmp_path: Path, value: object) -> Path:
    return sources_files.write_json(tmp_path / "metadata.json", value)


def walked(path: Path, **changes: Any) -> sources_files.Handed:
    return sources_files.child(path, public=(NEWS,), **changes)


def test_a_public_item_is_a_post_with_its_times_and_its_address(tmp_path: Path) -> None:
    record = one(written(tmp_path, item()))
    post = record.post
    assert post is not None
    assert (post.uid, post.uri, post.id_quality) == ("x:1600000000000000123", PUBLIC, IdQuality.EXACT)
    assert (post.author_ref, record.author_public) == ("x:@sahlaratoday", True)
    assert post.text == "Sahlara Today\nThe bridge at Tel Nahr stands."
    assert str(post.created_at) == "2026-05-11 15:34:16+00:00"
    assert post.created_zone_basis is ZoneBasis.EXPLICIT
    assert str(post.state_at) == "2026-05-17 11:20:00.123456+00:00"
    assert b"somebody" not in record.raw
    assert b"/tmp" not in record.raw


def test_a_private_item_keeps_no_name_no_address_and_no_title(tmp_path: Path) -> None:
    record = one(written(tmp_path, item(PRIVATE, title="Hidden Person on X", content="see @hidden_one")))
    assert record.post is not None
    assert record.post.id_quality is IdQuality.HASHED
    assert (record.post.uri, record.author_public) == (None, False)
    assert [warning.code for warning in record.warnings] == ["title-left-out"]
    shown = msgspec.json.encode(msgspec.structs.replace(record, raw=b"", locators=(), media=())) + record.raw
    for secret in (b"hidden_one", b"Hidden Person", b"1600112233445566"):
        assert secret not in shown
    assert dict(record.locators)[record.post.uid] == "https://x.com/i/web/status/1600112233445566"


@pytest.mark.parametrize(
    ("url", "platform", "uri", "quality"),
    [
        ("https://news.example/2026/bridge", "web", True, IdQuality.DERIVED),
        ("https://hidden-one.blogspot.com/2026/05/x.html", "web", False, IdQuality.HASHED),
        ("a local file", "web", False, IdQuality.HASHED),
        ("https://www.youtube.com/watch?v=abcdefghijk", "youtube", False, IdQuality.HASHED),
        ("https://x.com/SahlaraToday", "x", True, IdQuality.DERIVED),
        ("https://www.facebook.com/profile.php?id=100009999999", "facebook", False, IdQuality.HASHED),
        ("https://social.example/@somebody/1", "mastodon", False, IdQuality.HASHED),
        ("https://t.me/grey_watch/15", "telegram", False, IdQuality.HASHED),
    ],
)
def test_addresses_of_every_kind(tmp_path: Path, url: str, platform: str, uri: bool, quality: IdQuality) -> None:
    record = one(written(tmp_path, item(url)))
    assert record.post is not None
    assert (record.post.platform, record.post.id_quality) == (platform, quality)
    assert record.post.uri == (url if uri else None)
    if not uri:
        assert url in dict(record.locators).values() or record.post.native_id.startswith("h:")


def test_a_private_channel_is_counted_and_not_kept(tmp_path: Path) -> None:
    assert read(written(tmp_path, item("https://t.me/c/1494031694/12"))) == [Quarantined("not-public")]


def test_what_could_not_be_archived_is_counted(tmp_path: Path) -> None:
    empty = item(content=None, title=None) | {"status": "nothing archived"}
    assert read(written(tmp_path, empty)) == [Ignored("not-archived")]


def test_a_dump_of_the_whole_answer_is_not_taken_for_a_text(tmp_path: Path) -> None:
    for dump in ('{"user": {"name": "Hidden Person"}}', "[" * 30_000 + "]" * 30_000):
        record = one(written(tmp_path, item(content=dump)))
        assert record.post is not None
        assert record.post.text == "Sahlara Today"
        assert "content-is-a-dump" in [warning.code for warning in record.warnings]
    record = one(written(tmp_path, item(content="[sic] he wrote")))
    assert record.post is not None
    assert "[sic] he wrote" in record.post.text


@pytest.mark.parametrize(
    ("value", "shown", "basis"),
    [
        ("2026-05-11T15:34:16Z", "2026-05-11 15:34:16+00:00", ZoneBasis.EXPLICIT),
        ("2026-05-11 18:34:16+03:00", "2026-05-11 15:34:16+00:00", ZoneBasis.EXPLICIT),
        (1778513656.0, "2026-05-11 15:34:16+00:00", ZoneBasis.EPOCH),
        ("2026-05-11 15:34:16", "2026-05-11 15:34:16+00:00", ZoneBasis.UNKNOWN),
    ],
)
def test_times_as_they_are_written(tmp_path: Path, value: object, shown: str, basis: ZoneBasis) -> None:
    record = one(written(tmp_path, item(timestamp=value)))
    assert record.post is not None
    assert (str(record.post.created_at), record.post.created_zone_basis) == (shown, basis)
    doubt = [warning.code for warning in record.warnings]
    assert doubt == (["zone-unknown"] if basis is ZoneBasis.UNKNOWN else [])


def test_times_that_cannot_be_read(tmp_path: Path) -> None:
    assert sources_files.rejects(read(written(tmp_path, item(_processed_at="yesterday")))) == [
        ("item", "time-unreadable")
    ]
    record = one(written(tmp_path, item(timestamp="yesterday")))
    assert [warning.code for warning in record.warnings] == ["time-unreadable"]


# Files


def test_a_folder_of_its_own_gives_all_its_files_by_hash(tmp_path: Path) -> None:
    """Named by the item, found by their hash under other names, and those that nobody named."""
    handed = walked(folder(tmp_path / "archived" / "x-com-1").parent)
    assert [begin.source_format for begin in handed.begins] == ["auto-archiver"]
    kept = {row["sha256"] for row in handed.rows("media")}
    assert kept == {sha(data) for data in (PNG, OTS, TSR, PAGE, sources_archived.hashes(PNG))}
    [post] = handed.rows("posts")
    assert [ref["sha256"] for ref in post["media"]][:2] == [sha(PNG), sha(OTS)]
    again = walked(tmp_path / "archived")
    assert again.data == handed.data


def test_of_a_private_account_no_page_that_shows_its_name_is_kept(tmp_path: Path) -> None:
    handed = walked(folder(tmp_path / "item", PRIVATE))
    kept = {row["sha256"] for row in handed.rows("media")}
    assert kept == {sha(data) for data in (PNG, OTS, TSR, sources_archived.hashes(PNG))}
    [row] = handed.rows("observations")
    assert "media-names-people" in [warning["code"] for warning in row["warnings"]]
    [post] = handed.rows("posts")
    assert [ref["native_key"] for ref in post["media"] if ref["not_included"]] == [f"sha256:{sha(PAGE)}"]


def test_items_that_share_a_folder_take_only_what_they_name(tmp_path: Path) -> None:
    """As the storage's flat layout leaves them."""
    for number in (1, 2):
        data = PNG + bytes([number])
        (tmp_path / f"file{number}.png").write_bytes(data)
        value = item(f"https://x.com/SahlaraToday/status/{number}", media=[medium("x.png", data)])
        sources_files.write_json(tmp_path / f"item{number}.json", value)
    (tmp_path / "stray.html").write_bytes(PAGE)
    handed = walked(tmp_path)
    assert len(handed.rows("posts")) == 2
    by_post = {row["uid"]: [ref["sha256"] for ref in row["media"]] for row in handed.rows("posts")}
    assert by_post == {f"x:{number}": [sha(PNG + bytes([number]))] for number in (1, 2)}


def test_files_are_found_by_the_names_that_storage_gave_them(tmp_path: Path) -> None:
    at = tmp_path / "archived" / "x-com"
    at.mkdir(parents=True)
    (at / "by-key.png").write_bytes(PNG + b"1")
    (at / "by-url.png").write_bytes(PNG + b"2")
    (at / "by-name.png").write_bytes(PNG + b"3")
    media = [
        medium("other.png", _key="archived/x-com/by-key.png"),
        medium("other.png", urls=["https://bucket.example/archived/x-com/by-url.png"]),
        medium("by-name.png"),
        medium("gone.png"),
        medium("", key="../../../etc/passwd"),
    ]
    sources_files.write_json(at / "m.json", item(media=media))
    handed = walked(tmp_path)
    [post] = handed.rows("posts")
    assert [ref["sha256"] for ref in post["media"]] == [sha(PNG + end) for end in (b"1", b"2", b"3")] + [None, None]
    [row] = handed.rows("observations")
    assert [warning["code"] for warning in row["warnings"]] == ["media-not-found"] * 2


def test_a_file_that_was_changed_after_it_was_hashed_is_kept_and_said(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(PNG + b"changed")
    record = one(written(tmp_path, item(media=[medium("x.png", PNG)])))
    assert [warning.code for warning in record.warnings] == ["hash-differs"]
    assert [media.sha256 for media in record.media] == [sha(PNG + b"changed")]


def test_a_file_by_itself_takes_nothing_from_the_folder_that_it_does_not_name(tmp_path: Path) -> None:
    (tmp_path / "letter.html").write_bytes(PAGE)
    assert one(written(tmp_path, item())).media == ()


def test_large_files_and_many_of_them(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.png").write_bytes(PNG + bytes([number]) * 1000)
    media = [medium(f"{number}.png") for number in range(5)]
    record = one(written(tmp_path, item(media=media)), limits=Limits(media_bytes=1100))
    assert len(record.media) == 2, "one at a time, and twice the limit in all"
    assert [warning.code for warning in record.warnings] == ["media-too-large"] * 3
    record = one(written(tmp_path, item(media=media * 100)))
    assert len(record.media) == 5


def test_in_an_archive_it_is_the_same(tmp_path: Path) -> None:
    import sources_archives

    plain = walked(folder(tmp_path / "archived" / "one").parent)
    files = {f"archived/one/{path.name}": path.read_bytes() for path in (tmp_path / "archived" / "one").iterdir()}
    (tmp_path / "a.zip").write_bytes(sources_archives.zip_bytes(files))
    packed = walked(tmp_path / "a.zip")
    for table in ("posts", "media", "blobs", "observations"):
        assert packed.rows(table) == plain.rows(table)


# What is wrong


def test_nothing_else_is_taken_for_an_item() -> None:
    importer = AutoArchiver()
    sure = json.dumps(item()).encode()
    assert importer.detect(sure) == importer.detect(b"\xef\xbb\xbf" + sure) == 0.95
    found = detect(sure)
    assert found is not None
    assert found.manifest.name == "auto-archiver"
    for other in (
        b"",
        b"[" + sure,
        b'{"metadata": {}}',
        b'{"_processed_at": 1}',
        json.dumps(sources_files.tg_chat([])).encode(),
    ):
        assert importer.detect(other) == 0


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"metadata": {"url": "x", "_processed_at": 1}', "json-truncated"),
        (b'{"metadata": {"url": 7, "_processed_at": 1}}', "shape-unknown"),
        (b'{"metadata": {"_processed_at": 1}}', "shape-unknown"),
        (b'{"metadata": {"url": "x", "_processed_at": 1,}}', "json-broken"),
        (b'{"metadata": {"url": "\xff", "_processed_at": 1}}', "encoding-wrong"),
        (b'{"a": ' + b"[" * 50_000 + b"]" * 50_000 + b', "metadata": {}}', "nested-too-deep"),
        (json.dumps(item()).encode() + b" " * 10, ""),
    ],
)
def test_what_is_wrong_is_a_reject_with_its_reason(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / "m.json").write_bytes(data)
    found = read(tmp_path / "m.json")
    assert sources_files.rejects(found) == ([("item", code)] if code else [])


def test_a_record_that_is_too_long(tmp_path: Path) -> None:
    path = written(tmp_path, item(content="x" * 5000))
    assert sources_files.rejects(read(path, limits=Limits(line_bytes=1000))) == [("item", "record-too-long")]


WHOLE = item(media=[medium("x.png", PNG, properties={"thumbnails": [medium("y.png")]})])


def places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        for name, inner in value.items():
            found += places(inner, (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found += places(inner, (*path, number))
    return found


@settings(deadline=None, max_examples=250)
@given(
    st.sampled_from(places(WHOLE)),
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=30),
        st.lists(st.integers(), max_size=2), st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
    ),
)  # fmt: skip
def test_any_value_in_any_place_is_read_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, place: tuple[Any, ...], value: object
) -> None:
    changed = json.loads(json.dumps(WHOLE))
    at = changed
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    path = sources_files.write_json(tmp_path_factory.mktemp("mutated") / "m.json", changed)
    assert len(read(path)) == 1


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=200), st.integers(0, 400))
def test_garbage_and_cuts_raise_nothing_but_our_errors(
    tmp_path_factory: pytest.TempPathFactory, garbage: bytes, cut: int
) -> None:
    path = tmp_path_factory.mktemp("garbage") / "m.json"
    whole = json.dumps(WHOLE).encode()
    for data in (garbage, whole[:cut] + garbage, whole[:cut]):
        path.write_bytes(data)
        try:
            read(path)
        except InputError:
            continue


def test_progress_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, item())
    context = ReadContext(Pseudonymiser(sources_files.KEY))
    list(AutoArchiver().read(SourceFile(path), context))
    assert context.done_bytes >= path.stat().st_size - 2


def test_what_a_file_may_be_called_beside_its_item() -> None:
    from dalil.sources.formats.auto_archiver.shapes import Medium

    found = Medium(filename="/tmp/x/photo.jpg", key="archived/a/k.jpg", urls=["https://b.example/a/u.jpg", "C:\\v.jpg"])
    assert found.names == ["archived/a/k.jpg", "C:\\v.jpg", "k.jpg", "u.jpg", "v.jpg", "photo.jpg"]
    assert Medium().names == []


@pytest.mark.parametrize(
    ("told", "sha256"),
    [
        (f"SHA-256:{'A' * 64}", "a" * 64),
        (f"sha-256: {'0' * 64}", "0" * 64),
        (f"SHA3-512:{'0' * 128}", None),
        (f"SHA-256:{'0' * 63}", None),
        (f"SHA-256:{'g' * 64}", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_hashes_as_they_are_told(told: object, sha256: str | None) -> None:
    from dalil.sources.formats.auto_archiver.shapes import Medium

    assert Medium(properties={"hash": msgspec.Raw(json.dumps(told).encode())}).sha256 == sha256
