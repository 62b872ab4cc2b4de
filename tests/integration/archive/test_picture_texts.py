"""Texts read in pictures as rows of the archive: each once by picture, method and version, whoever adds them."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from dalil.archive import doctor, picture_texts
from dalil.archive.picture_texts import Row, add
from dalil.archive.reading import Archive
from dalil.archive.workspace import Workspace
from dalil.schema.tables import HANDED_OVER, PICTURE_TEXTS, STORED

NOW = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)


def row(number: int, version: str = "1", text: str = "words") -> Row:
    return (f"{number:064x}", "tesseract", version, "otsu", text, len(text.split()), 91.5)


def test_rows_are_added_once_and_read_back(house: Workspace, archive: Archive) -> None:
    assert archive.table("picture_texts").count().execute() == 0
    assert add(house, [row(1), row(2, text="")], now=NOW) == 2
    assert add(house, [row(1, text="other"), row(3)], now=NOW) == 1
    assert add(house, [row(1)], now=NOW) == 0
    assert add(house, [row(1, version="2")], now=NOW) == 1
    assert add(house, [], now=NOW) == 0
    rows = (
        archive.table("picture_texts").to_pyarrow().sort_by([("sha256", "ascending"), ("method_version", "ascending")])
    )
    assert rows["text"].to_pylist() == ["words", "words", "", "words"]
    assert rows.schema.names == PICTURE_TEXTS.names


def test_the_same_row_twice_in_one_go_is_one(house: Workspace) -> None:
    assert add(house, [row(1), row(1)], now=NOW) == 1


def test_what_is_stored_is_examined_like_all_else(house: Workspace) -> None:
    add(house, [row(1)], now=NOW)
    assert list(doctor.verify(house)) == []
    assert list(doctor.orphans(house)) == []
    [path] = (house.archive / picture_texts.TABLE).rglob("*.parquet")
    path.write_bytes(path.read_bytes() + b"x")
    assert list(doctor.verify(house)) != []


def test_many_at_once_double_nothing(house: Workspace, archive: Archive) -> None:
    added: list[int] = []

    def work() -> None:
        added.extend(add(house, [row(n)], now=NOW) for n in range(12))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(added) == 12
    assert archive.table("picture_texts").count().execute() == 12


def test_a_child_that_parses_files_cannot_hand_them_over() -> None:
    assert "picture_texts" in STORED
    assert "picture_texts" not in HANDED_OVER


@pytest.mark.parametrize("month", [1, 12])
def test_the_month_is_that_of_reading(house: Workspace, month: int) -> None:
    add(house, [row(1)], now=NOW.replace(month=month))
    assert (house.archive / picture_texts.TABLE / f"month=2026-{month:02}").is_dir()
