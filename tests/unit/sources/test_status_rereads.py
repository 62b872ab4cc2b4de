"""Raw records of the seven formats of X and TikTok that came second, read again: the same record from whatever came
in, nothing of an account that became private, and never a crash."""

from __future__ import annotations

import json
from dataclasses import replace as changed
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sources_files
import sources_reread
import sources_x_files as x
from fuzz_mutations import mutated
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sources_reread import CLIP_HANDLE, GOES, HANDLE, ID, RADIO, SAMPLES, SECRETS, STAY, Sample

from dalil.errors import InputError
from dalil.schema.chunks import PublicAccount
from dalil.schema.identity import canonical_bytes, keyed_hash
from dalil.schema.records import Account, Edge, MediaRef, Post, Reject
from dalil.schema.words import EdgeType, IdQuality, Kind, Precision, State, ZoneBasis
from dalil.sources.formats.x_api_v1.importer import XApiV1
from dalil.sources.importer import Record
from dalil.sources.rereading import Held, Plainly, Reread, is_stand_in
from dalil.sources.x_status.around import NOBODY, Author, named_by
from dalil.sources.x_status.links import Standing
from dalil.testing.importers import held_as

KEY = sources_files.KEY
LISTS = ((), STAY, GOES, (*STAY, *GOES))
"""Who is public."""
AGAIN = Reread(Plainly())
by_format = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)


def named(name: str) -> Sample:
    return next(sample for sample in SAMPLES if sample.name == name)


def same(record: Record) -> Record:
    return replace(record, media=(), locators=())


def gone(platform: str, records: list[Record], *names: str) -> Reread:
    """With the account gone, under these names or all of them, and its posts as the archive would know them."""
    names = names or (ID, HANDLE.casefold(), CLIP_HANDLE)
    refs = {f"{platform}:{sign}{name}" for name in names for sign in ("", "@")}
    posts = {record.uid for record in records if record.post and record.author_ref in refs}
    return Reread(Plainly(KEY, [(platform, name) for name in names], posts))


def read_again(sample: Sample, record: Record, again: Reread = AGAIN) -> Record:
    found = sample.importer.reread(record.raw, held_as(record), again)
    assert isinstance(found, Record), (found, record.raw)
    return found


def shown(record: Record) -> str:
    """All that would be stored of a record, but what is sealed."""
    return (msgspec.json.encode(replace(record, locators=(), raw=b"")) + record.raw).decode().casefold()


# The same again.


@by_format
@pytest.mark.parametrize("public", LISTS, ids=("nobody", "others", "it", "both"))
def test_every_record_gives_the_same_again(tmp_path: Path, sample: Sample, public: tuple[PublicAccount, ...]) -> None:
    records = sample.records(sample.write(tmp_path), *public)
    assert records
    for record in records:
        assert read_again(sample, record) == same(record)


@by_format
@given(seed=st.integers(0, 1 << 32), public=st.sampled_from(LISTS))
@settings(max_examples=40, deadline=None)
def test_whatever_came_in_gives_the_same_again(
    tmp_path_factory: pytest.TempPathFactory, sample: Sample, seed: int, public: tuple[PublicAccount, ...]
) -> None:
    path = sample.write(tmp_path_factory.mktemp("m"))
    path.write_bytes(mutated(path.read_bytes(), seed) or path.read_bytes())
    try:
        records = sample.records(path, *public)
    except InputError:
        return
    for record in records:
        assert read_again(sample, record) == same(record)


@by_format
def test_a_third_reading_gives_what_the_second_gave(tmp_path: Path, sample: Sample) -> None:
    for record in sample.records(sample.write(tmp_path), *STAY, *GOES):
        second = read_again(sample, record)
        assert read_again(sample, second) == second


@by_format
def test_what_came_along_and_what_was_doubted_stays_so(tmp_path: Path, sample: Sample) -> None:
    record = sample.records(sample.write(tmp_path))[0]
    held = replace(held_as(record), included=True, warnings=())
    found = sample.importer.reread(record.raw, held, AGAIN)
    assert (found.included, found.warnings) == (True, ())


# An account that became private.


@by_format
def test_nothing_of_it_is_left(tmp_path: Path, sample: Sample) -> None:
    path = sample.write(tmp_path)
    records = sample.records(path, *STAY, *GOES)
    before = "".join(map(shown, records))
    assert HANDLE.casefold() in before or CLIP_HANDLE in before, "the sample names it everywhere"
    assert ID in before
    again = gone(sample.platform, records)
    for record in records:
        found = shown(read_again(sample, record, again))
        for secret in SECRETS:
            assert secret.casefold() not in found, secret


@by_format
def test_it_is_what_an_import_would_have_made_of_it(tmp_path: Path, sample: Sample) -> None:
    """Byte for byte, so that the file, imported again, is known; but for an account of which nothing is left."""
    path = sample.write(tmp_path)
    records = sample.records(path, *STAY, *GOES)
    again = gone(sample.platform, records)
    found = [read_again(sample, record, again) for record in records]
    wanted = sample.records(path, *STAY)
    nothing = [one for one in found if one.kind is Kind.ACCOUNT and json.loads(one.raw)["user" if sample.platform == "x" else "author"].keys() == {"id_str"}]  # fmt: skip
    told = [one for one in found if one not in nothing]
    assert [one.raw for one in told] == [one.raw for one in wanted]
    for one, other in zip(told, wanted, strict=True):
        assert (one.uid, one.version, one.author_ref, one.author_public) == (other.uid, other.version, other.author_ref, other.author_public)  # fmt: skip
        assert one.post == other.post
        assert one.signal_text == other.signal_text
        assert sorted(map(str, _without_names(one.edges))) == sorted(map(str, _without_names(other.edges)))


def _without_names(edges: tuple[Edge, ...]) -> list[Edge]:
    """A second name needs the key: it stays as it is held."""
    return [edge for edge in edges if edge.type is not EdgeType.ALIAS]


@by_format
def test_it_is_done_once(tmp_path: Path, sample: Sample) -> None:
    records = sample.records(sample.write(tmp_path), *STAY, *GOES)
    again = gone(sample.platform, records)
    for record in records:
        first = read_again(sample, record, again)
        assert same(read_again(sample, first, again)) == same(first)


@by_format
def test_who_is_public_still_is_named_still(tmp_path: Path, sample: Sample) -> None:
    records = sample.records(sample.write(tmp_path), *STAY, *GOES)
    again = gone(sample.platform, records)
    found = "".join(shown(read_again(sample, record, again)) for record in records)
    assert RADIO.casefold() in found
    for record in records:
        if HANDLE.casefold() not in shown(record) and CLIP_HANDLE not in shown(record) and ID not in shown(record):
            fresh = read_again(sample, record, again)
            assert is_stand_in(fresh.uid) or fresh.raw == record.raw


@by_format
def test_edges_still_join(tmp_path: Path, sample: Sample) -> None:
    """Whatever pointed at one of its posts points at it under its new name."""
    records = sample.records(sample.write(tmp_path), *STAY, *GOES)
    again = gone(sample.platform, records)
    became = {record.uid: read_again(sample, record, again).uid for record in records}
    for record in records:
        fresh = {edge.dst_uid for edge in read_again(sample, record, again).edges}
        for edge in record.edges:
            if edge.dst_uid in became and edge.type is not EdgeType.ALIAS:
                assert became[edge.dst_uid] in fresh


@by_format
def test_its_true_names_are_sealed_but_for_a_members_own_archive(tmp_path: Path, sample: Sample) -> None:
    records = sample.records(sample.write(tmp_path), *STAY, *GOES)
    again = gone(sample.platform, records)
    sealed = dict(pair for record in records for pair in read_again(sample, record, again).locators)
    if sample.name == "x-archive":
        assert sealed == {}
    else:
        assert any(ID in locator for locator in sealed.values())


def test_another_platforms_account_is_another_account(tmp_path: Path) -> None:
    for sample in SAMPLES:
        other = "tiktok" if sample.platform == "x" else "x"
        records = sample.records(sample.write(tmp_path), *STAY, *GOES)
        for record in records:
            assert read_again(sample, record, gone(other, records)) == same(record)


# Whose a post is that a record refers to.


def kept(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(record.raw)
    return found


def test_raw_says_whose_a_quoted_post_is_only_where_nothing_else_does(tmp_path: Path) -> None:
    records = named("x-api-v1").records(sources_reread.v1(tmp_path), *STAY, *GOES)
    statuses = {one.uid: kept(one)["status"] for one in records if "status" in kept(one)}
    assert "whose" not in statuses["x:6600000000001"], "its link tells"
    assert statuses["x:6600000000002"]["whose"] == {"5500000000006": ID}
    private = named("x-api-v1").records(sources_reread.v1(tmp_path), *STAY)
    assert not any("whose" in one.raw.decode() for one in private), "of private posts nobody is told"


def test_gazouilloire_tells_whose_a_quoted_post_is_that_nobody_holds(tmp_path: Path) -> None:
    """The post does not come along, so that only its record can tell that it is the account's."""
    sample = named("gazouilloire-csv")
    records = sample.records(sources_reread.gazouilloire(tmp_path), *STAY, *GOES)
    (record,) = [one for one in records if one.uid == "x:6600000000001"]
    assert kept(record)["status"]["whose"] == {"5500000000003": ID}
    found = read_again(sample, record, Reread(Plainly(KEY, [("x", ID)])))
    assert [edge.dst_uid for edge in found.edges if edge.type is EdgeType.QUOTE] == [
        "x:h:" + keyed_hash(KEY, "x", "post", "5500000000003")
    ]
    assert "whose" not in kept(found)["status"]


def test_a_notice_tells_whose_post_is_gone_where_it_is_public(tmp_path: Path) -> None:
    sample = named("x-api-v1")
    path = sources_reread.v1(tmp_path)
    for public, wanted in (((*STAY, *GOES), {ID}), (STAY, {None})):
        notices = [one for one in sample.records(path, *public) if "notice" in kept(one)]
        assert len(notices) == 2
        assert {kept(one)["notice"].get("whose") for one in notices} == wanted


def test_a_notice_of_an_earlier_version_is_found_by_the_post_alone(tmp_path: Path) -> None:
    sample = named("x-api-v1")
    records = sample.records(sources_reread.v1(tmp_path), *STAY, *GOES)
    record = next(one for one in records if "notice" in kept(one))
    notice = kept(record)["notice"]
    del notice["whose"]
    old = replace(record, raw=canonical_bytes({"notice": notice}))
    assert replace(read_again(sample, old), raw=old.raw) == same(old)
    assert read_again(sample, old, Reread(Plainly(KEY, [("x", ID)]))).uid == record.uid, "nobody can tell"
    found = read_again(sample, old, Reread(Plainly(KEY, [("x", ID)], [record.uid])))
    assert is_stand_in(found.uid)
    assert found.post is not None
    assert (found.post.state, found.post.id_quality) == (State.DELETED, IdQuality.HASHED)


@pytest.mark.parametrize(
    ("name", "wanted"), [("55", Author("55")), ("@a_b", Author(None, "a_b")), ("", NOBODY), ("@", NOBODY)]
)
def test_an_account_is_found_by_what_is_stored(name: str, wanted: Author) -> None:
    assert named_by(name) == wanted


# Raw of version 1.


def old_picture(tmp_path: Path, *public: PublicAccount) -> tuple[Record, Record]:
    """A post whose picture only `entities` named: as it is read today, and with raw as version 1 wrote it."""
    status = x.status(5500000000001, sources_reread.US, "see", entities={"media": [x.photo(5500000000901, HANDLE)]})
    path = x.lines(tmp_path / "v1.jsonl", [status])
    record = sources_files.records(sources_files.items(XApiV1(), path, public=public), "post")[0]
    values = kept(record)
    del values["status"]["extended_entities"]
    return record, replace(record, raw=canonical_bytes(values))


def test_media_that_version_1_did_not_keep_are_taken_over(tmp_path: Path) -> None:
    for public in ((), GOES):
        record, old = old_picture(tmp_path, *public)
        assert record.post is not None
        assert len(record.post.media) == 1
        found = read_again(named("x-api-v1"), old)
        assert kept(found) == kept(old)
        assert replace(found, raw=old.raw) == same(old)


def test_and_are_hashed_when_their_account_becomes_private(tmp_path: Path) -> None:
    record, old = old_picture(tmp_path, *GOES)
    again = gone("x", [record])
    fresh, found = read_again(named("x-api-v1"), record, again), read_again(named("x-api-v1"), old, again)
    assert fresh.post is not None
    assert found.post is not None
    assert found.post.media == fresh.post.media
    assert found.post.media[0].source_url is None
    assert found.version == fresh.version


def test_a_repost_by_name_of_version_1_keeps_the_id_that_its_edge_has(tmp_path: Path) -> None:
    """It was told elsewhere in the file; today raw has it too."""
    sample = named("x-archive")
    records = sample.records(sources_reread.archive(tmp_path), *STAY, *GOES)
    record = next(one for one in records if one.kind is Kind.REPOST)
    assert record.edges[0].dst_hint == f"x:{ID}"
    values = kept(record)
    assert values["status"]["reposted"] == {"user_id_str": ID, "screen_name": HANDLE}
    del values["status"]["reposted"]["user_id_str"]
    old = replace(record, raw=canonical_bytes(values))
    assert replace(read_again(sample, old), raw=old.raw) == same(old)
    found = read_again(sample, old, gone("x", records))
    assert found.edges[0].dst_hint == "x:h:" + keyed_hash(KEY, "x", "account", ID)


# What raw does not tell is taken over.


def test_the_zone_of_the_operator_is_kept(tmp_path: Path) -> None:
    sample = named("clemson-csv")
    path = sources_reread.clemson(tmp_path)
    records = sample.records(path, *STAY, *GOES, zone="Asia/Baghdad")
    bases = {one.post.created_zone_basis for one in records if one.post}
    assert bases == {ZoneBasis.EPOCH, ZoneBasis.EXPLICIT}
    for record in records:
        assert read_again(sample, record) == same(record)


def test_what_the_id_confirmed_stays_confirmed_when_it_is_hashed(tmp_path: Path) -> None:
    sample = named("x-io-csv")
    records = sample.records(sources_reread.io(tmp_path), *STAY)
    confirmed = [one for one in records if one.post and one.post.created_zone_basis is ZoneBasis.EPOCH]
    assert len(confirmed) == 1
    assert is_stand_in(confirmed[0].uid)
    found = read_again(sample, confirmed[0]).post
    assert found is not None
    assert (found.created_zone_basis, found.created_precision) == (ZoneBasis.EPOCH, Precision.MINUTE)


def test_a_newer_reader_of_times_is_heard(tmp_path: Path) -> None:
    """What raw tells is read from raw, not taken over."""
    for name in ("x-api-v1", "gazouilloire-csv", "x-io-csv", "tiktok-zeeschuimer"):
        sample = named(name)
        record = next(one for one in sample.records(sample.write(tmp_path), *STAY, *GOES) if one.post)
        assert record.post is not None
        post = replace(record.post, text="other", lang="xx", created_at=None, claimed_at=None, metrics=())
        found = sample.importer.reread(record.raw, replace(held_as(record), post=post), AGAIN)
        assert found.post == record.post


def test_a_picture_of_anothers_post_keeps_the_way_there(tmp_path: Path) -> None:
    """Only so is it known that the link leads to the account that became private."""
    records = named("x-api-v1").records(sources_reread.v1(tmp_path), *STAY, *GOES)
    theirs = next(one for one in records if one.uid == "x:6600000000003")
    own = next(one for one in records if one.uid == "x:5500000000004")
    (medium,) = kept(theirs)["status"]["extended_entities"]["media"]
    assert medium["url"] == "https://t.co/secretshown"
    (medium,) = kept(own)["status"]["extended_entities"]["media"]
    assert "url" not in medium


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("https://t.co/known", True),
        ("https://t.co/hidden", False),
        ("https://t.co/loose", True),
        ("https://x.com/SahlaraToday", False),
        ("https://x.com/i/web/status/700", False),
        ("https://x.com/i/web/status/701", True),
    ],
)
def test_a_link_that_stands_plainly(text: str, stays: bool) -> None:
    links = Standing({"https://t.co/known": "https://t.co/known"}, {"https://t.co/hidden"}, Plainly(KEY, (), ["x:700"]))
    assert (text in links) is stays
    assert (links.get(text) == text) is stays
    assert not stays or links[text] == text


# What only we write is no file's to say.


@pytest.mark.parametrize("field", [{"reposted": {"id_str": "1"}}, {"whose": {"1": "55"}}])
def test_a_file_cannot_say_what_only_we_write(tmp_path: Path, field: dict[str, Any]) -> None:
    inner = x.status(1600, sources_reread.SOMEBODY, "inner", **field)
    outer = x.status(1601, sources_reread.SOMEBODY, "outer", **field, quoted_status=inner)
    path = x.lines(tmp_path / "v1.jsonl", [outer])
    records = sources_files.records(sources_files.items(XApiV1(), path))
    assert [one.kind for one in records if one.kind is not Kind.ACCOUNT] == [Kind.POST, Kind.POST]
    assert not any(name in one.raw.decode() for one in records for name in field)


# Whatever the bytes are.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.sampled_from([ID, f"@{HANDLE}", "h:" + "0" * 32]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
ROOTS = ("status", "user", "notice", "item", "author", "authorStats")
FIELDS = (
    *(
        "id_str",
        "user_id_str",
        "full_text",
        "created_at",
        "entities",
        "extended_entities",
        "edit_tweet_ids",
        "reposted",
    ),
    *("conversation_id_str", "in_reply_to_status_id_str", "quoted_status_id_str", "quoted_status", "whose", "place"),
    *("withheld_in_countries", "favorite_count", "id", "desc", "textExtra", "video", "music", "imagePost", "stats"),
    *(
        "createTime",
        "authorId",
        "privateItem",
        "reason",
        "at",
        "screen_name",
        "followers_count",
        "uniqueId",
        "duetInfo",
    ),
)
SHAPES = st.dictionaries(st.sampled_from(ROOTS), st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6) | JSON)


def some_held(platform: str) -> Held:
    uid, author = f"{platform}:1", f"{platform}:2"
    post = Post(uid=uid, platform=platform, native_id="1", author_ref=author, media=(MediaRef(native_key="3_1"),))
    account = Account(uid=author, platform=platform, native_id="2")
    edge = Edge(src_uid=uid, dst_uid=f"{platform}:3", type=EdgeType.REPLY)
    return Held(kind=Kind.POST, uid=uid, version="v", post=post, accounts=(account,), edges=(edge,), author_ref=author)


@by_format
@given(value=SHAPES | JSON, bare=st.booleans())
@settings(max_examples=120, deadline=None)
def test_a_record_of_any_shape_is_read_or_rejected(sample: Sample, value: Any, bare: bool) -> None:
    held = some_held(sample.platform)
    held = replace(held, post=None, accounts=(), edges=()) if bare else held
    for again in (AGAIN, Reread(Plainly(KEY, [(sample.platform, ID), (sample.platform, "sahlaratoday")], [f"{sample.platform}:1"]))):  # fmt: skip
        assert isinstance(sample.importer.reread(json.dumps(value).encode(), held, again), Record | Reject)


@by_format
@given(at=st.integers(0, 10_000), byte=st.integers(0, 255), number=st.integers(0, 50))
@settings(max_examples=60, deadline=None)
def test_a_true_record_with_a_byte_changed(
    tmp_path_factory: pytest.TempPathFactory, sample: Sample, at: int, byte: int, number: int
) -> None:
    records = _read_once(sample, tmp_path_factory)
    record = records[number % len(records)]
    raw = bytearray(record.raw)
    raw[at % len(raw)] = byte
    assert isinstance(sample.importer.reread(bytes(raw), held_as(record), AGAIN), Record | Reject)


_READ: dict[str, list[Record]] = {}


def _read_once(sample: Sample, folders: pytest.TempPathFactory) -> list[Record]:
    if sample.name not in _READ:
        _READ[sample.name] = sample.records(sample.write(folders.mktemp("s")), *STAY, *GOES)
    return _READ[sample.name]


@by_format
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 5000,
        b'{"status":{}}',
        b'{"user":{}}',
        b'{"notice":{}}',
        b'{"item":{}}',
    ],
)
def test_what_is_no_record_of_ours_is_a_reject(sample: Sample, raw: bytes) -> None:
    found = sample.importer.reread(raw, some_held(sample.platform), AGAIN)
    assert isinstance(found, Reject)


def test_every_sample_says_that_it_is_read_again() -> None:
    assert {sample.name for sample in SAMPLES} == {
        *("x-api-v1", "x-archive", "x-zeeschuimer", "x-io-csv", "clemson-csv", "gazouilloire-csv"),
        "tiktok-zeeschuimer",
    }
    assert all(sample.importer.manifest.rereads for sample in SAMPLES)
    assert changed(SAMPLES[0].importer.manifest, rereads=False) != SAMPLES[0].importer.manifest
