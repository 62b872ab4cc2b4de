"""Files cut off at any byte, and their records in any order: what came is read, and nothing else comes of it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sources_files
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.errors import InputError, LimitReached
from dalil.schema.records import Reject
from dalil.sources.formats.crowdtangle_csv.importer import CrowdTangleCsv
from dalil.sources.formats.facebook_download.importer import FacebookDownload
from dalil.sources.formats.meta_content_library_csv.importer import MetaContentLibraryCsv
from dalil.sources.formats.telegram_desktop.importer import TelegramDesktop
from dalil.sources.formats.telethon.importer import Telethon
from dalil.sources.formats.tgdataset.importer import TgDataset
from dalil.sources.importer import Importer, Record

Rows = list[Any]


def telethon_lines(folder: Path, rows: Rows) -> Path:
    return sources_files.write_lines(folder / "d", rows)


def telethon_array(folder: Path, rows: Rows) -> Path:
    return sources_files.write_json(folder / "d", rows)


def telegram_desktop(folder: Path, rows: Rows) -> Path:
    return sources_files.write_json(folder / "d", sources_files.tg_chat(rows))


def tgdataset(folder: Path, rows: Rows) -> Path:
    texts = {str(row["id"]): row["entry"] for row in rows}
    return sources_files.write_json(folder / "d", {"1494031694": sources_files.td_channel(texts, {})})


def library(folder: Path, rows: Rows) -> Path:
    return sources_files.write_table(folder / "d", rows, columns=list(sources_files.mcl_row(1)))


def download(folder: Path, rows: Rows) -> Path:
    return sources_files.write_json(folder / "d", rows)


def crowdtangle(folder: Path, rows: Rows) -> Path:
    return sources_files.write_ct(folder / "d", rows)


NUMBERS = range(1, 7)
FORMATS: dict[str, tuple[Importer, Callable[[Path, Rows], Path], Rows]] = {
    "telethon-lines": (Telethon(), telethon_lines, [sources_files.tl_message(n) for n in NUMBERS]),
    "telethon-array": (Telethon(), telethon_array, [sources_files.tl_message(n) for n in NUMBERS]),
    "telegram-desktop": (
        TelegramDesktop(),
        telegram_desktop,
        [sources_files.tg_message(n, f"words {n}") for n in NUMBERS],
    ),
    "tgdataset": (
        TgDataset(),
        tgdataset,
        [{"id": n, "entry": sources_files.td_entry(message=f"words {n}")} for n in NUMBERS],
    ),
    "library": (MetaContentLibraryCsv(), library, [sources_files.mcl_row(n) for n in NUMBERS]),
    "download": (FacebookDownload(), download, [sources_files.fb_post(n, f"جسر {n}") for n in NUMBERS]),
    "crowdtangle": (CrowdTangleCsv(), crowdtangle, [sources_files.ct_row(n, Message=f"words\n{n}") for n in NUMBERS]),
}


def primary(importer: Importer, path: Path) -> list[Record]:
    return sources_files.records(sources_files.items(importer, path), included=False)


@settings(deadline=None, max_examples=40)
@given(share=st.floats(0, 1))
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_file_cut_at_any_byte_gives_a_part_of_it(
    tmp_path_factory: pytest.TempPathFactory, name: str, share: float
) -> None:
    importer, write, rows = FORMATS[name]
    path = write(tmp_path_factory.mktemp("cut"), rows)
    whole = {record.uid for record in primary(importer, path)}
    assert len(whole) == len(rows)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    try:
        found = sources_files.items(importer, path)
    except (InputError, LimitReached):
        return
    came = {record.uid for record in sources_files.records(found, included=False)}
    if name not in ("library", "crowdtangle"):  # a cell that is cut off may still be a cell
        assert came <= whole
    assert all(item.code for item in found if isinstance(item, Reject))


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_what_is_cut_off_is_never_silent(tmp_path: Path, name: str) -> None:
    importer, write, rows = FORMATS[name]
    path = write(tmp_path, rows)
    data = path.read_bytes()
    for cut in range(len(data) // 2, len(data) - 2, max(1, len(data) // 97)):
        path.write_bytes(data[:cut])
        found = sources_files.items(importer, path)
        kept = len(sources_files.records(found, included=False))
        assert 0 < kept <= len(rows)
        by_line = name in ("telethon-lines", "library", "crowdtangle")  # there a file may end after any line
        assert sources_files.rejects(found) or by_line


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_records_in_any_order_are_the_same_records(tmp_path: Path, name: str) -> None:
    importer, write, rows = FORMATS[name]
    wanted = {record.raw for record in primary(importer, write(tmp_path, rows))}
    chance = random.Random(5)
    for _ in range(4):
        shuffled = list(rows)
        chance.shuffle(shuffled)
        assert {record.raw for record in primary(importer, write(tmp_path, shuffled))} == wanted


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_record_twice_is_one_observation(tmp_path: Path, name: str) -> None:
    importer, write, rows = FORMATS[name]
    if name == "tgdataset":
        return  # one id has one place in it
    found = primary(importer, write(tmp_path, [*rows, *rows]))
    assert len(found) == 2 * len(rows)
    assert len({record.raw for record in found}) == len(rows)


@pytest.mark.parametrize("name", ["telethon-array", "telegram-desktop", "tgdataset", "download"])
@pytest.mark.parametrize("wrong", ['"words', "[" * 3000, "{", "5", "null", '{"a":' * 500, "\ufeff", "é"])
def test_a_broken_record_keeps_those_before_it(tmp_path: Path, name: str, wrong: str) -> None:
    importer, write, rows = FORMATS[name]
    path = write(tmp_path, rows)
    text = path.read_text(encoding="utf-8")
    marks = {"telethon-array": '"words 4"', "telegram-desktop": '"words 4"', "tgdataset": '"words 4"'}
    mark = marks.get(name) or json.dumps(rows[3]["data"][0]["post"], ensure_ascii=False)
    assert mark in text
    path.write_text(text.replace(mark, wrong), encoding="utf-8")
    before = {record.uid for record in primary(importer, write(tmp_path, rows[:3]))}
    path.write_text(text.replace(mark, wrong), encoding="utf-8")
    assert before <= {record.uid for record in primary(importer, path)}
