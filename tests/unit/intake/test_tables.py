"""A look at a table in the child: rows as they are, the proposal, the posts as they would be; nothing private among them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
import sources_files
import sources_tables
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sources_tables import MAPPING, STRANGE, F, filled

from dalil.errors import InputError
from dalil.intake.tables import LOOKED_AT, answer_to, look, read_answer
from dalil.jobs.sandbox import Limits, run
from dalil.schema.chunks import Failed, PublicAccount
from dalil.schema.mappings import TableMapping, to_text
from dalil.schema.table_looks import LONGEST_CELL, MOST_POSTS, MOST_ROWS, TableLook, TableOrder

NEWS = (PublicAccount(platform="x", handle="SahlaraToday"),)


def order(path: Path, mapping: TableMapping | None = None, **more: Any) -> TableOrder:
    text = to_text(mapping) if mapping else ""
    return TableOrder(path=str(path), pseudonym_key=sources_files.KEY, mapping=text, **more)


def strange(tmp_path: Path, count: int = 3, by: str = "SahlaraToday") -> Path:
    rows = [
        [f"https://x.com/{by}/status/17{n}", by, "17/05/2026 14:05", f"post {n} " + "x" * 300, "3", "n"]
        for n in range(count)
    ]
    return sources_tables.write(tmp_path / "t", STRANGE, rows, delimiter=";")


def test_a_strange_table_is_proposed_with_its_first_rows(tmp_path: Path) -> None:
    found = look(order(strange(tmp_path, 9)))
    assert found.header == STRANGE
    assert len(found.rows) == MOST_ROWS
    assert all(len(cell) <= LONGEST_CELL for row in found.rows for cell in row)
    assert (found.delimiter, found.encoding, found.is_template) == (";", "utf-8", False)
    assert found.mapping.columns["tweet_url"] is F.ADDRESS
    assert found.mapping.platform == "x"
    assert found.problem == ""
    assert len(found.posts) == MOST_POSTS
    assert found.looked_at == 9


def test_the_preview_shows_what_would_be_kept_and_no_more(tmp_path: Path) -> None:
    path = strange(tmp_path, by="hidden_one")
    found = look(order(path, MAPPING))
    shown = msgspec.json.encode(found.posts)
    assert b"hidden_one" not in shown
    assert not any(post.public or post.address for post in found.posts)
    found = look(order(strange(tmp_path), MAPPING, public=NEWS))
    assert found.posts[0].public
    assert found.posts[0].author == "x:@sahlaratoday"
    assert found.posts[0].counts == {"likes": 3}


def test_a_mapping_that_is_not_finished_says_what_it_lacks(tmp_path: Path) -> None:
    for changes, code in (
        ({"platform": None, "columns": {"Was sagt er": F.TEXT}}, "mapping-without-platform"),
        ({"columns": {"Likes": F.LIKES}}, "mapping-without-content"),
        ({"columns": {"no such column": F.TEXT}}, "mapping-does-not-fit"),
        ({"zone": "Atlantis/Nowhere"}, "value-wrong"),
    ):
        found = look(order(strange(tmp_path), msgspec.structs.replace(MAPPING, **changes)))
        assert (found.problem, found.posts) == (code, ())
        assert str(InputError(found.problem, **found.problem_facts))


def test_a_mapping_without_a_name_can_be_looked_through(tmp_path: Path) -> None:
    found = look(order(strange(tmp_path), msgspec.structs.replace(MAPPING, name="")))
    assert found.problem == ""
    assert found.mapping.name == ""


def test_rejects_and_what_is_not_public_are_counted(tmp_path: Path) -> None:
    rows = [filled(), filled(visibility="friends"), filled(text="", address="", screenshot="")]
    found = look(order(sources_tables.write_template(tmp_path / "t", rows)))
    assert found.is_template
    assert (found.looked_at, found.set_aside, found.rejected) == (3, 1, {"row-without-content": 1})


def test_a_preview_ends_soon_however_long_the_table_is(tmp_path: Path) -> None:
    assert look(order(strange(tmp_path, 500), MAPPING)).looked_at <= LOOKED_AT


def test_columns_without_names_are_numbered(tmp_path: Path) -> None:
    mapping = msgspec.structs.replace(MAPPING, header=False, columns={"#1": F.ADDRESS, "#4": F.TEXT}, delimiter=";")
    found = look(order(strange(tmp_path, 1), mapping))
    assert found.header == ("#1", "#2", "#3", "#4", "#5", "#6")
    assert len(found.rows) == 2
    assert len(found.posts) == 2


@pytest.mark.parametrize("data", [b"", b"hello\n", b"{}", b"PK\x03\x04"])
def test_what_is_no_table_fails_with_its_code(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "t"
    path.write_bytes(data)
    answer = read_answer(answer_to(msgspec.msgpack.encode(order(path))))
    assert isinstance(answer, Failed)
    assert answer.code == "format-unknown"


@pytest.mark.parametrize("text", ["{", "[]", '{"name": 1}', "[" * 50_000])
def test_a_mapping_that_is_none_fails(tmp_path: Path, text: str) -> None:
    given_order = msgspec.structs.replace(order(strange(tmp_path)), mapping=text)
    answer = read_answer(answer_to(msgspec.msgpack.encode(given_order)))
    assert isinstance(answer, Failed)
    assert answer.code == "mapping-unreadable"


def test_an_answer_that_is_none_is_refused() -> None:
    for data in (b"", b"\x80", msgspec.msgpack.encode({"type": "table-look"}), b"\xff" * 10):
        with pytest.raises(InputError) as caught:
            read_answer(data)
        assert caught.value.code == "child-stream-broken"


def test_the_key_is_not_shown() -> None:
    assert repr(sources_files.KEY) not in repr(order(Path("x")))


def test_the_child_answers_in_its_sandbox(tmp_path: Path) -> None:
    with run("dalil.intake.table", msgspec.msgpack.encode(order(strange(tmp_path), MAPPING)), limits=Limits()) as child:
        answer = read_answer(child.stdout.read())
        child.finish()
    assert isinstance(answer, TableLook)
    assert len(answer.posts) == 3


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary(max_size=400), given_mapping=st.booleans())
def test_no_bytes_raise_anything_but_our_errors(tmp_path: Path, data: bytes, given_mapping: bool) -> None:
    path = tmp_path / "t"
    path.write_bytes(b"tweet_url;Was sagt er\n" + data)
    try:
        found = look(order(path, MAPPING if given_mapping else None))
    except InputError:
        return
    msgspec.msgpack.encode(found)
