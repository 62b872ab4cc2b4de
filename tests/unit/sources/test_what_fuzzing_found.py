"""What fuzzing found (`tests/fuzz`), each mended and kept here as the smallest case."""

from __future__ import annotations

import io
import re
import tarfile
import tracemalloc
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import msgspec
import pytest
import sources_archives
import sources_files
import sources_x_files
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import InputError
from dalil.schema.words import IdQuality, State
from dalil.sources.counts import kept_digits
from dalil.sources.formats.crowdtangle_csv.importer import CrowdTangleCsv
from dalil.sources.formats.meta_content_library_csv.importer import MetaContentLibraryCsv
from dalil.sources.formats.x_api_v1.importer import XApiV1
from dalil.sources.formats.x_api_v2.importer import XApiV2
from dalil.sources.ids import native
from dalil.sources.importer import Item, Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import Scope
from dalil.sources.unpacking.streams import watched
from dalil.sources.x_status.numbers import time_of_id
from dalil.testing.importers import KEY

NAME = "Of Hidden Person"


def shown(items: Iterable[Item]) -> bytes:
    """All that is said of the records outside their locators."""
    found = [item for item in items if isinstance(item, Record)]
    assert found
    return msgspec.json.encode([msgspec.structs.replace(record, locators=()) for record in found])


def test_a_zip_member_without_a_name_is_passed_over(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", b"here")
        archive.writestr("b", b"nameless")
    data = stream.getvalue().replace(b"\x00\x00b", b"\x00\x00\x00").replace(b"bnameless", b"\x00nameless")
    (tmp_path / "z").write_bytes(data)
    found = sources_archives.opened(tmp_path / "z")
    assert [member.path for member in found.members()] == ["a.txt"]
    assert sum(found.refused.values()) == 1


@pytest.mark.parametrize("column", ["Wow", "Total Interactions", "Post Created"])
def test_a_cell_of_crowdtangle_that_is_no_number_or_time_may_be_a_name_and_is_not_kept(
    tmp_path: Path, column: str
) -> None:
    path = sources_files.write_ct(tmp_path / "c.csv", [sources_files.ct_row(1, **{column: NAME})])
    [record] = sources_files.records(sources_files.items(CrowdTangleCsv(), path), "post")
    assert record.warnings
    assert record.post is not None
    assert NAME.encode() not in msgspec.json.encode([record.post, record.warnings])


@pytest.mark.parametrize("column", ["statistics.views", "statistics.like_count", "creation_time", "modified_time"])
def test_a_cell_of_the_content_library_that_is_no_number_or_time_is_not_kept(tmp_path: Path, column: str) -> None:
    path = sources_files.write_table(tmp_path / "m.csv", [sources_files.mcl_row(1, **{column: NAME})])
    [record] = sources_files.records(sources_files.items(MetaContentLibraryCsv(), path), "post")
    assert record.warnings
    assert record.post is not None
    assert NAME.encode() not in msgspec.json.encode([record.post, record.warnings])


def test_a_count_of_x_that_is_no_number_is_not_kept(tmp_path: Path) -> None:
    post = sources_x_files.status(1600, sources_x_files.user(9007, "hidden_one"), "Here", retweet_count=NAME)
    path = sources_x_files.lines(tmp_path / "x.jsonl", [post])
    assert NAME.encode() not in shown(sources_files.items(XApiV1(), path))


@pytest.mark.parametrize(
    ("text", "value", "kept"), [("1.005", 1005, "1.005"), (NAME, None, ""), ("9" * 30, 9, "9" * 20)]
)
def test_only_what_was_read_as_a_number_is_kept_as_it_was_written(text: str, value: int | None, kept: str) -> None:
    assert kept_digits(text, value) == kept


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_an_id_that_came_as_a_float_is_rounded_also_when_it_is_read_again_as_text(value: float) -> None:
    text, quality = native(value)
    assert quality is IdQuality.ROUNDED
    assert native(text) == (text, quality)


@given(st.text("abcdefhx0189_", min_size=1, max_size=120))
def test_no_end_of_a_long_name_stays_behind(name: str) -> None:
    found = Scope(Pseudonymiser(KEY), "telegram").clean(f"see @{name}, there")
    assert re.fullmatch(r"see @h:[0-9a-f]{32}, there", found) or found == f"see @{name}, there" == "see @h, there"


@pytest.mark.parametrize("text", [None, 5, ["Here"]])
def test_entities_of_a_post_of_x_without_a_text_are_not_kept(tmp_path: Path, text: object) -> None:
    words = "Here is @hidden_one"
    post = sources_files.x_tweet(
        1600, 9007, words, entities={"mentions": [sources_files.x_mention(words, "hidden_one", 9007001)]}
    )
    post.pop("text") if text is None else post.update(text=text)
    path = sources_files.write_lines(tmp_path / "x.jsonl", [sources_files.x_response([post], [])])
    found = sources_files.items(XApiV2(), path)
    assert found
    for secret in (b"hidden_one", b"9007001"):
        assert secret not in b"".join(record.raw for record in found if isinstance(record, Record))


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK])
def test_a_tar_whose_header_claims_gigabytes_is_broken_and_asks_for_no_memory(tmp_path: Path, kind: bytes) -> None:
    info = sources_archives.tar_entry("a", kind)
    info.size = 0o77777777777
    (tmp_path / "t").write_bytes(info.tobuf(tarfile.USTAR_FORMAT) + bytes(1024))
    tracemalloc.start()
    with pytest.raises(InputError) as raised:
        sources_archives.opened(tmp_path / "t")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert raised.value.code == "archive-broken"
    assert peak < 8 << 20


def test_a_member_that_asks_for_more_memory_than_there_is_is_broken() -> None:
    def too_much() -> BinaryIO:
        raise MemoryError

    with pytest.raises(InputError) as raised:
        watched(too_much, allowed=10, name="a.zip")
    assert raised.value.code == "archive-broken"


@pytest.mark.parametrize("history", [["1500", "1599"], [" ", "x"]])
def test_a_history_of_versions_that_does_not_hold_the_post_makes_no_edit_of_it(
    tmp_path: Path, history: list[str]
) -> None:
    post = sources_files.x_tweet(1600, 55, "Here", edit_history_tweet_ids=history)
    path = sources_files.write_lines(tmp_path / "x.jsonl", [sources_files.x_response([post], [])])
    [record] = sources_files.records(sources_files.items(XApiV2(), path), "post")
    assert record.post is not None
    assert (record.post.state, record.post.version_no) == (State.LIVE, 1)


@given(st.text("0123456789", min_size=1, max_size=400))
def test_an_id_of_any_length_gives_a_time_or_none(digits: str) -> None:
    found = time_of_id(digits)
    assert found is None or len(digits) < 20
    assert time_of_id("1" * 20 + digits) is None
