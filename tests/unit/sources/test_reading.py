"""Lines, folders, paths, ids, names and times: the small parts that every importer stands on."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import InputError, LimitReached
from dalil.schema.words import IdQuality, Precision, ZoneBasis
from dalil.sources import csv_records, ids, names, times
from dalil.sources.reading import beside, files_under, hash_file, head_of, inside, lines


@given(
    st.lists(st.binary(max_size=30).map(lambda b: b.replace(b"\n", b"").replace(b"\r", b"")), max_size=8),
    st.integers(1, 30),
)
def test_lines_within_the_limit_come_whole_and_others_as_their_hash(parts: list[bytes], limit: int) -> None:
    parts = [b"first", *parts]
    found = list(lines(io.BytesIO(b"\n".join(parts) + b"\n"), limit=limit))
    assert len(found) == len(parts)
    for line, part in zip(found, parts, strict=True):
        if len(part) <= limit:
            assert line.data == part
        else:
            assert line.data is None
            assert line.sha256 == hashlib.sha256(part + b"\n").hexdigest()


def test_a_line_of_many_megabytes_is_not_held() -> None:
    import tracemalloc

    class Endless(io.RawIOBase):
        left = 200 << 20

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            size = min(len(buffer), self.left)
            buffer[:size] = b"x" * size
            self.left -= size
            return size

    tracemalloc.start()
    found = list(lines(io.BufferedReader(Endless()), limit=1000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [line.data for line in found] == [None]
    assert peak < 16 << 20


def test_paths_that_climb_or_link_out_name_nothing(tmp_path: Path) -> None:
    root = tmp_path / "export"
    (root / "photos").mkdir(parents=True)
    (root / "photos" / "a.jpg").write_bytes(b"a")
    (tmp_path / "secret").write_bytes(b"s")
    (root / "out").symlink_to(tmp_path)
    (root / "photos" / "link.jpg").symlink_to(tmp_path / "secret")
    (root / "photos" / "within.jpg").symlink_to(root / "photos" / "a.jpg")
    assert inside(root, "photos/a.jpg") is not None
    assert inside(root, "photos/within.jpg") is not None
    assert inside(root, "./photos/../photos/a.jpg") is not None
    for climbing in (
        *("../secret", "photos/../../secret", str(tmp_path / "secret"), "out/secret", "photos/link.jpg"),
        *("photos", "", "photos/none.jpg", "a\x00b", "photos/" + "a" * 5000),
    ):
        assert inside(root, climbing) is None


def test_folders_are_listed_in_order_without_following_links(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/1", "a", "c"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert [path.relative_to(tmp_path).as_posix() for path in files_under(tmp_path, most=10)] == ["a", "b/1", "c"]
    with pytest.raises(LimitReached):
        files_under(tmp_path, most=2)


def test_files_are_hashed_within_a_limit(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"abc")
    assert hash_file(tmp_path / "f", limit=3) == (hashlib.sha256(b"abc").hexdigest(), 3)
    with pytest.raises(LimitReached) as caught:
        hash_file(tmp_path / "f", limit=2)
    assert caught.value.code == "file-too-large"
    with pytest.raises(InputError):
        hash_file(tmp_path / "none", limit=2)


@pytest.mark.parametrize(
    ("value", "text", "quality"),
    [
        ("905874659358453760", "905874659358453760", IdQuality.EXACT),
        ("906000000000000000", "906000000000000000", IdQuality.ROUNDED),
        ("9.06E+17", "9.06E+17", IdQuality.ROUNDED),
        ("9,06E+17", "9,06E+17", IdQuality.ROUNDED),
        (9.06e17, "9.06e+17", IdQuality.ROUNDED),
        ("1234.0", "1234.0", IdQuality.ROUNDED),
        (905874659358453760, "905874659358453760", IdQuality.EXACT),
        (906000000000000000, "906000000000000000", IdQuality.ROUNDED),
        ("100064062786653\t", "100064062786653", IdQuality.EXACT),
        ("", "", IdQuality.EXACT),
        ("abc-1", "abc-1", IdQuality.EXACT),
    ],
)
def test_ids_stay_text_and_rounded_ones_are_flagged(value: str | int | float, text: str, quality: IdQuality) -> None:
    assert ids.native(value) == (text, quality)


def test_names_are_made_safe_to_show() -> None:
    assert names.shown("/home/someone/folder/tweets.json") == "tweets.json"
    assert names.shown("C:\\Users\\someone\\tweets.json") == "tweets.json"
    assert names.shown("photo\u202egpj.exe") == "photo\ufffdgpj.exe"
    assert names.shown("a\x00b\nc\u200bd") == "a\ufffdb\ufffdc\ufffdd"
    assert names.shown("أخبار.json").startswith("\u2068")
    assert len(names.shown("a" * 300 + ".json")) <= 60
    assert names.shown("") == "?"


@given(st.text())
def test_no_name_is_shown_with_hidden_characters(name: str) -> None:
    shown = names.shown(name)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\x00\n\r\t\x1b")
    assert len(shown) <= 62


def test_first_bytes_are_shown_as_plain_ascii() -> None:
    assert names.shown_bytes(b"PK\x03\x04\\\xff") == "PK\\x03\\x04\\x5c\\xff"
    assert "empty" in names.shown_bytes(b"")


@pytest.mark.parametrize(
    ("text", "at", "basis", "precision"),
    [
        (
            "2023-11-13 04:30:36 EST",
            datetime(2023, 11, 13, 9, 30, 36, tzinfo=UTC),
            ZoneBasis.ABBREVIATION,
            Precision.SECOND,
        ),
        (
            "2023-07-13 04:30:36 EDT",
            datetime(2023, 7, 13, 8, 30, 36, tzinfo=UTC),
            ZoneBasis.ABBREVIATION,
            Precision.SECOND,
        ),
        ("2021-01-01 23:30:00 BRT", datetime(2021, 1, 2, 2, 30, tzinfo=UTC), ZoneBasis.ABBREVIATION, Precision.SECOND),
        ("2021-01-01 23:30 BRT", datetime(2021, 1, 2, 2, 30, tzinfo=UTC), ZoneBasis.ABBREVIATION, Precision.MINUTE),
        ("2021-01-01 12:00:00 CST", datetime(2021, 1, 1, 12, tzinfo=UTC), ZoneBasis.UNKNOWN, Precision.SECOND),
        ("2021-01-01 12:00:00", datetime(2021, 1, 1, 12, tzinfo=UTC), ZoneBasis.UNKNOWN, Precision.SECOND),
        ("2021-01-01 12:00:00 +03:00", datetime(2021, 1, 1, 9, tzinfo=UTC), ZoneBasis.EXPLICIT, Precision.SECOND),
        ("2021-01-01", datetime(2021, 1, 1, tzinfo=UTC), ZoneBasis.UNKNOWN, Precision.DAY),
    ],
)
def test_times_by_abbreviation(text: str, at: datetime, basis: ZoneBasis, precision: Precision) -> None:
    assert times.from_abbreviated(text) == (at, basis, precision)


def test_a_named_zone_settles_times_without_one() -> None:
    zone = ZoneInfo("Asia/Baghdad")
    assert times.from_iso("2021-05-01T12:00:00", zone) == (datetime(2021, 5, 1, 9, tzinfo=UTC), ZoneBasis.EXPLICIT)
    assert times.from_iso("2021-05-01T12:00:00") == (datetime(2021, 5, 1, 12, tzinfo=UTC), ZoneBasis.UNKNOWN)
    assert times.zone_option(None) is None
    with pytest.raises(InputError):
        times.zone_option("Mars/Olympus")


@given(st.text(max_size=40))
def test_no_text_makes_times_fail(text: str) -> None:
    times.from_abbreviated(text)
    times.from_iso(text)
    times.from_epoch(text)


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=2, max_size=4),
        min_size=1,
        max_size=6,
    )
)
def test_csv_records_as_the_standard_library_reads_them(table: list[list[str]]) -> None:
    table = [["h1", "h2"], *table]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(table)
    found = list(csv_records.rows(io.BytesIO(text.getvalue().encode()), limit=1 << 20))
    wanted = [row for row in csv.reader(io.StringIO(text.getvalue(), newline="")) if row and len(row) == len(row)]
    whole = [row.cells for row in found if not row.problem]
    if all("\n" not in cell and "\r" not in cell for row in table for cell in row):
        assert whole == wanted


def test_a_stray_quote_loses_only_its_own_line() -> None:
    body = b'a,b\n1,2\n3,"broken\n4,5\n6,7\n'
    found = list(csv_records.rows(io.BytesIO(body), limit=1 << 20))
    assert [row.cells for row in found if not row.problem] == [["a", "b"], ["1", "2"], ["4", "5"], ["6", "7"]]
    assert [(row.line, row.problem) for row in found if row.problem] == [(3, "quote-open")]


def test_two_stray_quotes_do_not_join_the_lines_between_them() -> None:
    body = b'a,b\n1,"x\n2,3\n4,5\n6,y"\n7,8\n'
    found = list(csv_records.rows(io.BytesIO(body), limit=1 << 20, width=2))
    kept = [row.cells for row in found if not row.problem]
    assert ["7", "8"] in kept
    assert found[0].line == 1


def test_a_record_may_hold_line_ends_and_a_broken_encoding_is_its_own_reject() -> None:
    body = b'a,b\n1,"x\ny"\n2,\xff\n3,z\n'
    found = list(csv_records.rows(io.BytesIO(body), limit=1 << 20))
    assert [row.cells for row in found if not row.problem] == [["a", "b"], ["1", "x\ny"], ["3", "z"]]
    assert [row.problem for row in found if row.problem] == ["encoding-wrong"]


@dataclass(frozen=True)
class Shelf:
    """A place that is neither a folder nor an archive: what an importer may ask of any."""

    files: dict[str, Path]

    def find(self, relative: str) -> Path | None:
        return self.files.get(relative)

    def beside(self) -> list[Path]:
        return [self.files[name] for name in sorted(self.files)]


def test_a_place_of_a_walk_is_asked_as_a_folder_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one")
    shelf = Shelf({"photo": tmp_path / "a"})
    assert inside(shelf, "photo") == tmp_path / "a"
    assert inside(shelf, "../a") is None
    assert beside(shelf) == [tmp_path / "a"]


def test_what_lies_beside_a_file_that_was_given_alone_was_not_given(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one")
    assert beside(tmp_path) == ()
    assert beside(None) == ()


def test_as_much_of_a_head_as_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(range(256)) * 300)
    assert head_of(path, 10) == bytes(range(10))
    assert len(head_of(path)) == 64 << 10
