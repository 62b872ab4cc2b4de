"""A chunk is kept once, wholly, and checked; whatever comes twice changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from archive_chunks import FORMAT, KEY, NOW, File, FixedKeys, chunk_of, claimed_at, picture, post_id, record, sha256
from archive_chunks import collected_at as captured
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dalil.archive import custody, doctor, locators
from dalil.archive.reading import Archive
from dalil.archive.workspace import Workspace
from dalil.archive.writing import Writer
from dalil.errors import InputError, NotAllowed, NotAvailable
from dalil.schema.chunks import Chunk, Failed, PublicAccount
from dalil.schema.results import Finding, Method
from dalil.schema.tables import STORED

FILE = File(0, 60, 20)


def writer(house: Workspace) -> Writer:
    return Writer(house, keys=FixedKeys(), now=NOW)


def run(house: Workspace, file: File = FILE) -> tuple[Writer, str]:
    made = writer(house)
    intake = made.begin(file.begin, "blue")
    for chunk in file.chunks():
        made.chunk(intake, chunk)
    made.end(intake, file.end)
    return made, intake


def counts(archive: Archive) -> dict[str, int]:
    return {name: archive.table(name).count().execute() for name in STORED}


def test_an_import_stores_every_row_once(house, circles, archive):
    run(house)
    assert counts(archive) == {
        "observations": 60,
        "posts": 60,
        "accounts": 60,
        "edges": 120,
        "media": 12,
        "text_signals": 60,
        "image_signals": 4,
        "picture_texts": 0,
    }
    (intake,) = archive.intakes()
    assert (intake.state, intake.kept, intake.known, intake.read) == ("complete", 60, 0, 60)
    assert intake.rejected == {"not-json": 1}
    assert [row.code for row in archive.rejects(intake.intake_id)] == ["not-json"]
    assert doctor.examine(house) == []


def test_importing_twice_doubles_nothing_and_adds_no_custody(house, circles, archive):
    run(house)
    before, head, files = counts(archive), archive.manifest_head(), sorted(house.archive.rglob("*.parquet"))
    run(house)
    assert (counts(archive), archive.manifest_head()) == (before, head)
    assert sorted(house.archive.rglob("*.parquet")) == files
    newest, _ = archive.intakes()
    assert (newest.kept, newest.known) == (0, 60)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.integers(0, 25), max_size=12), min_size=1, max_size=5),
)
def test_any_overlapping_chunks_store_each_post_once(tmp_path_factory, batches):
    from dalil.archive import workspace
    from dalil.archive.keys import Cost

    folder = tmp_path_factory.mktemp("any") / "w"
    house = workspace.create(folder, zone="Asia/Baghdad", passphrase="p", demo=True, cost=Cost(1, 64, 1))
    made = writer(house)
    intake = made.begin(FILE.begin, "blue")
    seen: set[int] = set()
    for number, numbers in enumerate(batches):
        kept = made.chunk(intake, chunk_of(numbers, number=number))
        assert kept.kept == len(set(numbers) - seen)
        assert kept.known == len(numbers) - kept.kept
        seen |= set(numbers)
    row = made.end(intake, FILE.end)
    assert row.kept == len(seen)
    with Archive(house, memory_mib=256, threads=1) as archive:
        uids = archive.table("posts").uid.to_pyarrow().to_pylist()
        assert sorted(uids) == sorted(f"fake:{number}" for number in seen)
        assert archive.table("edges").count().execute() == 2 * len(seen)
    assert doctor.examine(house) == []


def test_rows_lie_by_month_of_capture_and_sorted_by_claimed_time(house, circles, archive):
    run(house, File(0, 600, 600))
    segments = house.manifest.segments("posts")
    assert {segment.month for segment in segments} == {"2026-04", "2026-05"}
    for segment in segments:
        rows = pa.parquet.read_table(house.archive / segment.path, partitioning=None)
        assert segment.sha256 == sha256((house.archive / segment.path).read_bytes())
        assert {moment.strftime("%Y-%m") for moment in rows["collected_at"].to_pylist()} == {segment.month}
        claims = rows["claimed_at"].to_pylist()
        known = [moment for moment in claims if moment]
        assert claims == sorted(known) + [None] * (len(claims) - len(known))
        edge = datetime(1970, 1, 1, tzinfo=UTC)
        micros = [(moment - edge) // (known[1] - known[1]).resolution for moment in known]
        assert (segment.min_claimed, segment.max_claimed) == (min(micros), max(micros))
    assert archive.table("posts").filter(lambda t: t.uid == "fake:7").claimed_at.to_pyarrow()[0].as_py() == claimed_at(
        7
    )
    assert captured(7).month == 4


def test_a_record_can_be_read_back_and_is_filled_into_the_observation(house, circles, archive):
    run(house)
    assert archive.raw(post_id(7)) == record(7)
    rows = archive.table("observations")
    row = rows.filter(rows.obs_id == post_id(7)).to_pyarrow().to_pylist()[0]
    assert row["raw_sha256"] == sha256(record(7))
    assert (house.raw / row["raw_segment"]).is_file()
    assert row["raw_pointer"] > 0
    for missing in (post_id(999), "not hex", ""):
        with pytest.raises(NotAvailable):
            archive.raw(missing)


def test_a_picture_that_comes_later_is_kept_though_its_post_is_known(house, archive):
    made = writer(house)
    intake = made.begin(FILE.begin, "blue")
    bare = chunk_of([5])
    bare = Chunk(bare.head, {k: v for k, v in bare.tables.items() if k not in ("media", "image_signals", "blobs")})
    made.chunk(intake, bare)
    head = archive.manifest_head()
    assert made.chunk(intake, chunk_of([5])) == (0, 1)
    assert archive.media_path(sha256(picture(5))).read_bytes() == picture(5)
    assert counts(archive)["media"] == counts(archive)["image_signals"] == 1
    assert archive.manifest_head() != head
    assert doctor.examine(house) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: {**t, "raw": t["raw"].set_column(2, "record", pa.array([b"other"] * 3, pa.large_binary()))},
        lambda t: {**t, "raw": t["raw"].set_column(1, "sha256", pa.array(["0" * 64] * 3))},
        lambda t: {**t, "raw": t["raw"].slice(1)},
        lambda t: {name: rows for name, rows in t.items() if name != "raw"},
        lambda t: {**t, "posts": t["posts"].set_column(0, "obs_id", pa.array([post_id(77)] * 3))},
        lambda t: {**t, "posts": t["posts"].drop_columns(["text"])},
        lambda t: {**t, "passwords": t["posts"]},
        lambda t: {**t, "blobs": t["blobs"].set_column(0, "sha256", pa.array(["../../../etc/passwd"]))},
        lambda t: {**t, "blobs": t["blobs"].set_column(1, "data", pa.array([b"lying"], pa.large_binary()))},
        lambda t: {**t, "observations": t["observations"].set_column(0, "obs_id", pa.array(["../x"] * 3))},
        lambda t: {**t, "image_signals": t["image_signals"].set_column(0, "sha256", pa.array(["0" * 64]))},
    ],
)
def test_a_chunk_that_does_not_hold_together_is_refused_whole(house, archive, spoil):
    made = writer(house)
    intake = made.begin(FILE.begin, "blue")
    good = chunk_of([4, 5, 6])
    with pytest.raises(InputError) as raised:
        made.chunk(intake, Chunk(good.head, spoil(good.tables)))
    assert raised.value.code == "chunk-untrue"
    assert set(counts(archive).values()) == {0}
    assert archive.custody() == []
    assert doctor.examine(house) == []


def test_an_id_planted_for_another_record_is_refused(house):
    """A child that was taken over cannot file its own text under the id of a post that is to come."""
    made = writer(house)
    intake = made.begin(FILE.begin, "blue")
    tables = chunk_of([4]).tables
    forged = tables["raw"].set_column(1, "sha256", pa.array([sha256(record(9))]))
    forged = forged.set_column(2, "record", pa.array([record(9)], pa.large_binary()))
    with pytest.raises(InputError):
        made.chunk(intake, Chunk(chunk_of([]).head, {**tables, "raw": forged}))


def test_locators_open_only_with_both_circles(house, circles, archive):
    run(house)
    sealed, inner, outer = archive.sealed_locator("fake:h:3")
    assert (inner, outer) == ("blue", "green")
    with pytest.raises(NotAllowed):
        locators.peel(sealed, circles[inner])
    once = locators.peel(sealed, circles[outer])
    with pytest.raises(NotAllowed):
        locators.peel(once, circles[outer])
    assert locators.peel(once, circles[inner]) == b"https://fake.example/u/3"
    stored = b"".join(path.read_bytes() for path in house.folder.rglob("*") if path.is_file())
    assert b"fake.example/u/" not in stored
    assert archive.sealed_locator("fake:h:99") is None


def test_locators_are_not_kept_and_counted_while_only_one_circle_is_known(house, archive):
    import pyrage

    house.set_recipient("blue", str(pyrage.x25519.Identity.generate().to_public()))
    run(house)
    assert archive.sealed_locator("fake:h:3") is None
    assert archive.intakes()[0].locators_not_kept == 3 * 7
    house.set_recipient("green", str(pyrage.x25519.Identity.generate().to_public()))
    run(house)
    assert archive.sealed_locator("fake:h:3") is not None
    assert archive.intakes()[0].locators_not_kept == 0


def test_custody_names_circle_and_day_and_what_was_done(house, archive):
    run(house)
    entries = archive.custody()
    assert [entry.action for entry in entries] == ["received", "stored", "stored", "stored", "completed"]
    assert {entry.circle for entry in entries} == {"blue"}
    assert {entry.day for entry in entries} == {"2026-05-17"}
    assert {entry.tool for entry in entries} == {f"{FORMAT} 1"}
    assert entries[0].object == entries[-1].object == FILE.begin.received_sha256
    assert custody.first_break(entries) is None
    assert archive.custody(2) == entries[-2:]
    assert archive.manifest_head() == entries[-1].hash


def test_the_day_is_that_of_the_workspaces_zone(house, archive):
    made = Writer(house, keys=None, now=datetime(2026, 5, 17, 22, 30, tzinfo=UTC))
    made.end(made.begin(FILE.begin, "blue"), FILE.end)
    assert archive.custody()[0].day == "2026-05-18"
    with pytest.raises(ValueError, match="zone"):
        Writer(house, keys=None, now=datetime(2026, 5, 17))  # noqa: DTZ001 - the mistake that is refused


def test_custody_cannot_be_changed_or_removed(house):
    import sqlite3

    run(house)
    for change in ("UPDATE custody SET day = '2020-01-01'", "DELETE FROM custody WHERE seq = 5"):
        with pytest.raises(sqlite3.IntegrityError), house.manifest.writing() as connection:
            connection.execute(change)


def test_a_failed_import_keeps_its_chunks_and_says_why(house, archive):
    made = writer(house)
    intake = made.begin(FILE.begin, "blue")
    made.chunk(intake, next(FILE.chunks()))
    row = made.fail(intake, Failed(code="format-unknown"))
    assert (row.state, row.code, row.kept) == ("failed", "format-unknown", 20)
    assert counts(archive)["posts"] == 20
    with pytest.raises(NotAvailable):
        made.chunk("none-1", chunk_of([1]))


def test_media_can_be_kept_without_an_import(house, archive):
    made = writer(house)
    name = made.media_blob(b"a small picture", circle="green", tool="console 1")
    assert made.media_blob(b"a small picture", circle="green", tool="console 1") == name == sha256(b"a small picture")
    assert archive.media_path(name).read_bytes() == b"a small picture"
    assert [entry.action for entry in archive.custody()] == ["stored"]
    assert doctor.examine(house) == []
    for missing in ("0" * 64, "../../workspace.json"):
        with pytest.raises(NotAvailable):
            archive.media_path(missing)


def finding(number: int) -> Finding:
    return Finding(
        finding_id="week-2026-w20",
        kind="week",
        method=Method("week", "1"),
        as_of=NOW,
        zone="Asia/Baghdad",
        manifest_head="0" * 64,
        summary={"n": number},
    )


def test_a_finding_is_replaced_whole(house, archive):
    made = writer(house)
    made.save_finding(finding(1), {"edges": pa.table({"a": [1, 2]}), "old": pa.table({"b": ["x"]})})
    made.save_finding(finding(2), {"edges": pa.table({"a": [1, 2, 3]})})
    assert archive.findings("week") == archive.findings() == [finding(2)]
    assert archive.finding_table("week-2026-w20", "edges").to_pyarrow()["a"].to_pylist() == [1, 2, 3]
    with pytest.raises(NotAvailable):
        archive.finding_table("week-2026-w20", "old")
    assert archive.findings("other") == []
    assert doctor.examine(house) == []
    with pytest.raises(ValueError, match="lower-case"):
        made.save_finding(finding(3), {"../up": pa.table({"a": [1]})})


def test_an_index_comes_back_as_it_was_and_names_its_head(house, archive):
    made, _ = run(house)
    hashes = np.arange(64, dtype=np.uint8).reshape(2, 32)
    made.save_index("pictures", {"hashes": hashes, "rows": np.array([4, 5])}, facts={"version": "1"})
    index = archive.index("pictures")
    assert np.array_equal(index.arrays["hashes"], hashes)
    assert (index.facts, index.manifest_head) == ({"version": "1"}, archive.manifest_head())
    made.save_index("pictures", {"hashes": hashes + 1})
    assert list(archive.index("pictures").arrays) == ["hashes"]
    assert archive.index("none") is None
    assert doctor.examine(house) == []
    with pytest.raises(ValueError, match="allow_pickle"):
        made.save_index("pictures", {"hashes": np.array([object()])})


def test_public_accounts_are_a_list_without_repetition(house):
    assert house.public_accounts() == ()
    pair = PublicAccount("x", native_id="2"), PublicAccount("x", handle="a_page")
    writer(house).set_public([*pair, pair[0]])
    assert set(house.public_accounts()) == set(pair)
    writer(house).set_public([])
    assert house.public_accounts() == ()


def test_the_key_that_made_the_ids_is_the_one_that_is_asked(house):
    made = Writer(house, keys=FixedKeys(bytes(32)), now=NOW)
    intake = made.begin(FILE.begin, "blue")
    assert bytes(32) != KEY
    with pytest.raises(InputError):
        made.chunk(intake, chunk_of([1]))


def test_custody_names_the_archive_that_was_handed_over_before_what_was_read_from_it(house, archive):
    """Once, however many groups come from it and however often; each group says from which it came."""
    container = sha256(b"the whole zip")
    begins = [
        msgspec.structs.replace(
            FILE.begin, received_sha256=sha256(name), container_sha256=container, container_bytes=900, files=1
        )
        for name in (b"one", b"two")
    ]
    for _ in range(2):
        for begin in begins:
            made = writer(house)
            intake = made.begin(begin, "blue")
            for chunk in FILE.chunks():
                made.chunk(intake, chunk)
            made.end(intake, FILE.end)
    received = [(entry.object, entry.reason) for entry in archive.custody() if entry.action == custody.RECEIVED]
    size = FILE.begin.received_bytes
    assert received == [
        (container, "900 bytes, read file by file"),
        (sha256(b"one"), f"{size} bytes, from {container}"),
        (sha256(b"two"), f"{size} bytes, from {container}"),
    ]
    assert [entry.action for entry in archive.custody()].count(custody.COMPLETED) == 2
    assert doctor.examine(house) == []


def test_an_observation_of_no_format_is_refused_as_untrue(house, archive):
    """A hostile child may leave a column empty that we make ids from."""
    made = writer(house)
    intake = made.begin(FILE.begin, "blue")
    chunk = next(iter(FILE.chunks()))
    observations = chunk.tables["observations"]
    empty = pa.nulls(observations.num_rows, pa.string())
    at = observations.schema.get_field_index("source_format")
    spoiled = observations.set_column(at, observations.schema.field(at), empty)
    with pytest.raises(InputError) as caught:
        made.chunk(intake, Chunk(chunk.head, {**chunk.tables, "observations": spoiled}))
    assert (caught.value.code, caught.value.facts["part"]) == ("chunk-untrue", "observations")
    assert counts(archive)["observations"] == 0
