"""A walk over whatever was handed over: what is recognised, what is passed over and why, and where it stops."""

from __future__ import annotations

import json
import os
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import sources_archives as archives
import sources_files

from dalil.intake.opening import Input
from dalil.intake.walking import MOST_SKIPPED, Walk, WalkLimits, most_telling, shown_path
from dalil.schema.chunks import PublicAccount, Skipped
from dalil.sources.formats.x_api_v2.importer import XApiV2

PNG = sources_files.PNG
NEWS = PublicAccount(platform="x", native_id="55", handle="SahlaraToday")


def x_bytes(number: int = 1) -> bytes:
    return json.dumps(sources_files.x_response([sources_files.x_tweet(number, 55, "x")])).encode() + b"\n"


def walked(path: Path, **changes: Any) -> tuple[list[str], dict[str, int]]:
    """(inner path of each group, code → how many were passed over)."""
    found = Input(sources_files.order_of(path, **changes))
    counts: dict[str, int] = {}
    for row in found.told():
        counts[row.code] = counts.get(row.code, 0) + row.count
    return [opened.begin.inner for opened in found.opened()], counts


def packed(path: Path, files: dict[str, bytes], kind: str = "zip") -> Path:
    path.write_bytes(archives.KINDS[kind](files))
    return path


def test_everything_that_is_not_read_is_counted_by_what_it_is(tmp_path: Path) -> None:
    document = archives.zip_bytes({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    web = archives.zip_bytes({"datapackage.json": b"{}", "archive/data.warc.gz": archives.gzip_bytes(b"WARC/1.0")})
    files = {
        "tweets": x_bytes(),
        "photo": PNG,
        "film": b"\x00\x00\x00\x18ftypmp42" + bytes(40),
        "nothing": b"",
        "letter.docx": document,
        "page.wacz": web,
        "proof.ots": b"\x00OpenTimestamps\x00\x00Proof\x00",
        "page.warc": b"WARC/1.0\r\n",
        "._tweets": b"\x00\x05\x16\x07\x00",
        "diary": b"Dear diary, nothing.",
        "another diary": b"Dear diary, nothing again.",
        "list": b"milk, bread",
        "../climbs": x_bytes(2),
        "broken.zip": b"PK\x03\x04",
    }
    groups, counts = walked(packed(tmp_path / "a.zip", files))
    assert groups == ["tweets"]
    assert counts == {
        "media-file": 2,
        "empty-file": 1,
        "document": 1,
        "web-archive": 1,
        "evidence-file": 2,
        "system-file": 1,
        "format-unknown": 3,
        "name-unsafe": 1,
        "archive-broken": 1,
    }


def test_unknown_files_are_told_by_how_they_begin_once_each(tmp_path: Path) -> None:
    files = {"a": x_bytes(), "b/one": b"Dear diary, today", "c/two": b"Dear diary, yesterday", "d": b"\x00\x01"}
    rows = Input(sources_files.order_of(packed(tmp_path / "a.zip", files))).told()
    assert [(row.begins, row.inner, row.count) for row in rows] == [
        ("Dear diary, ", "b/one", 2),
        ("\\x00\\x01", "d", 1),
    ]


def test_not_more_than_twelve_bytes_of_an_unknown_file_are_told(tmp_path: Path) -> None:
    """It may be a private chat of a member's own export."""
    files = {"tweets": x_bytes(), "messages": b'window.x=[{"text":"a private word"}]'}
    handed = sources_files.child(packed(tmp_path / "a.zip", files))
    assert handed.skipped == [("format-unknown", 1)]
    assert b"private word" not in handed.data
    assert b"window.x=[{" in handed.data


def test_so_many_rows_and_the_rest_in_the_last_of_their_code(tmp_path: Path) -> None:
    files = {"tweets": x_bytes()} | {f"{n:04}": f"{n:04} words".encode() for n in range(3 * MOST_SKIPPED)}
    rows = Input(sources_files.order_of(packed(tmp_path / "a.zip", files))).told()
    assert len(rows) == MOST_SKIPPED + 1
    assert sum(row.count for row in rows) == 3 * MOST_SKIPPED
    assert rows[-1].begins == ""


def test_archives_in_archives_only_so_deep(tmp_path: Path) -> None:
    data = archives.zip_bytes({"x": x_bytes()})
    for level in range(1, 4):
        data = archives.zip_bytes({f"{level}.zip": data})
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert walked(path, archive_depth=4) == (["3.zip/2.zip/1.zip/x"], {})
    failed = sources_files.child(path, archive_depth=3).failed
    assert failed is not None
    assert failed.code == "archive-depth"
    path.write_bytes(archives.zip_bytes({"x": x_bytes(), "deep.zip": data}))
    assert walked(path, archive_depth=3) == (["x"], {"archive-depth": 1})


def test_a_package_of_itself_ends(tmp_path: Path) -> None:
    """gzip in gzip in gzip, as a quine would be: each is one deeper."""
    data = x_bytes()
    for _ in range(10):
        data = archives.gzip_bytes(data)
    (tmp_path / "a.gz").write_bytes(data)
    assert getattr(sources_files.child(tmp_path / "a.gz").failed, "code", "") == "archive-depth"


def test_so_many_files_in_all(tmp_path: Path) -> None:
    inner = archives.zip_bytes({f"{number}": x_bytes(number) for number in range(1, 6)})
    path = packed(tmp_path / "a.zip", {"a.zip": inner, "b.zip": inner})
    groups, counts = walked(path, folder_files=9)
    assert (groups, counts) == (["a.zip", "b.zip/1"], {"too-many-files": 3}) or counts["too-many-files"] == 3


def test_a_bomb_among_good_files_is_passed_over_and_told(tmp_path: Path) -> None:
    """70 MB of spaces behind a good line, in some hundred kilobytes."""
    files = {"good": x_bytes(1), "bomb": x_bytes(2) + b" " * (70 << 20)}
    path = packed(tmp_path / "a.zip", files)
    assert path.stat().st_size < 200_000
    handed = sources_files.child(path, archive_ratio=100)
    assert [end.read for end in handed.ends] == [1]
    assert handed.skipped == [("archive-ratio", 1)]


def test_everything_that_comes_out_together_has_a_limit(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("dalil.intake.opening._AT_LEAST", 100_000)
    files = {f"{number}": x_bytes(number) + b" " * 60_000 for number in range(1, 6)}
    handed = sources_files.child(packed(tmp_path / "a.zip", files), archive_ratio=1)
    assert handed.skipped == [("archive-ratio", 4)]
    assert [end.read for end in handed.ends] == [1]


def test_bidi_and_control_characters_of_names_are_not_shown(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"data/tw\u202eeets\u0007.js": x_bytes(), "b\u2066ad": b"words"})
    handed = sources_files.child(path)
    assert [begin.inner for begin in handed.begins] == ["data/tw\ufffdeets\ufffd.js"]
    assert handed.done is not None
    assert [row.inner for row in handed.done.skipped] == ["b\ufffdad"]
    for hidden in ("\u202e", "eets\u0007", "\u2066"):
        assert hidden.encode() not in handed.data


def test_a_wanted_format_is_the_only_one_that_is_asked(tmp_path: Path) -> None:
    pages = sources_files.write_ct(tmp_path / "ct", [sources_files.ct_row(1)]).read_bytes()
    path = packed(tmp_path / "a.zip", {"a": x_bytes(), "b": pages})
    assert walked(path, format="x-api-v2") == (["a"], {"table-unmapped": 1})
    assert walked(path, format="crowdtangle-csv") == (["b"], {"format-unknown": 1})


def test_the_order_in_a_folder_is_that_of_the_names_and_in_a_tar_its_own(tmp_path: Path) -> None:
    files = {name: x_bytes(number) for number, name in enumerate(("c", "a", "b"), 1)}
    for kind, wanted in (("zip", [2, 3, 1]), ("tar", [1, 2, 3])):
        handed = sources_files.child(packed(tmp_path / "archive", files, kind), public=(NEWS,))
        assert [row["uid"] for row in handed.rows("posts")] == [f"x:{number}" for number in wanted]


def test_a_walk_by_itself(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(x_bytes())
    (tmp_path / "b.zip").write_bytes(archives.zip_bytes({"c": x_bytes()}))
    walk = Walk(WalkLimits(), XApiV2())
    walk.folder(tmp_path, sorted(tmp_path.iterdir()))
    assert [[inner for inner, _, _ in group.files] for group in walk.groups.values()] == [["a"], ["b.zip/c"]]
    walk.rest()
    walk.rest()


def test_many_archives_hold_few_files_open(tmp_path: Path) -> None:
    """A folder of more archives than a child may have files open, each with a group of its own."""
    resource = pytest.importorskip("resource", reason="limits on open files are POSIX")
    for number in range(1, 61):
        make = archives.KINDS[("zip", "tar", "tar.gz")[number % 3]]
        inner = archives.zip_bytes({"in": x_bytes(1000 + number)}) if number % 2 else b"words"
        (tmp_path / f"{number:02}").write_bytes(make({"x": x_bytes(number), "y.zip": inner}))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 40
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + 12, hard))
    try:
        handed = sources_files.child(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert handed.skipped == [("format-unknown", 30)]
    assert len(handed.begins) == 90
    assert len(handed.rows("posts")) == 90


def test_bytes_in_memory_are_let_go_between_groups(tmp_path: Path) -> None:
    """Nested zips are held one at a time, however many there are."""
    noise = os.urandom(3 << 20)
    inner = [archives.zip_bytes({"x": x_bytes(n), "noise": noise}) for n in range(1, 9)]
    path = packed(tmp_path / "a.zip", {f"{n}.zip": data for n, data in enumerate(inner)}, "stored zip")
    del inner
    tracemalloc.start()
    handed = sources_files.child(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(handed.begins) == 8
    assert peak < 4 * len(noise)


def test_the_row_that_says_most() -> None:
    rows = [Skipped(code=code) for code in ("media-file", "format-unknown", "archive-encrypted", "empty-file")]
    found = most_telling(rows)
    assert found is not None
    assert found.code == "archive-encrypted"
    assert most_telling([]) is None


def test_paths_are_shown_part_by_part_and_not_endlessly() -> None:
    assert shown_path("") == ""
    assert shown_path("a/b\u202e/c") == "a/b\ufffd/c"
    assert shown_path("/".join("abcdefgh")) == "a/b/…/g/h"
    assert len(shown_path("x" * 4000)) < 100
