"""Column mappings kept by a workspace: versions are added, never changed; writers take turns."""

from __future__ import annotations

import json
import threading
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sources_tables import MAPPING, F

from dalil.archive import table_mappings
from dalil.archive.workspace import Workspace
from dalil.errors import EvidenceDamaged, InputError, LimitReached
from dalil.schema.mappings import TableMapping

DAY = date(2026, 5, 17)


def changed(**changes: Any) -> TableMapping:
    return msgspec.structs.replace(MAPPING, **changes)


def test_a_new_workspace_has_none(house: Workspace) -> None:
    assert table_mappings.saved(house) == ()
    assert table_mappings.newest(house) == []
    with pytest.raises(InputError) as caught:
        table_mappings.find(house, "strange")
    assert caught.value.code == "mapping-unknown"


def test_versions_are_added_and_none_is_changed(house: Workspace) -> None:
    first = table_mappings.save(house, MAPPING, day=DAY)
    second = table_mappings.save(house, changed(platform="facebook"), day=DAY)
    other = table_mappings.save(house, changed(name="other"), day=DAY)
    assert [(row.mapping.name, row.version) for row in table_mappings.saved(house)] == [
        ("strange", 1),
        ("strange", 2),
        ("other", 1),
    ]
    assert table_mappings.newest(house) == [other, second]
    assert table_mappings.find(house, "strange") == second
    assert table_mappings.find(house, "strange", 1) == first
    with pytest.raises(InputError):
        table_mappings.find(house, "strange", 3)


def test_saving_the_same_again_adds_nothing(house: Workspace) -> None:
    first = table_mappings.save(house, MAPPING, day=DAY)
    assert table_mappings.save(house, MAPPING, day=date(2026, 6, 1)) == first
    table_mappings.save(house, changed(platform="facebook"), day=DAY)
    assert table_mappings.save(house, MAPPING, day=DAY).version == 3


def test_what_cannot_be_used_is_not_saved(house: Workspace) -> None:
    with pytest.raises(InputError):
        table_mappings.save(house, changed(columns={"a": F.LIKES}), day=DAY)
    assert table_mappings.saved(house) == ()


def test_the_file_names_a_day_and_nobody(house: Workspace) -> None:
    table_mappings.save(house, MAPPING, day=DAY)
    [row] = json.loads((house.folder / table_mappings.FILE).read_text(encoding="utf-8"))
    assert row.keys() == {"version", "day", "mapping"}
    assert row["day"] == "2026-05-17"


def test_there_is_an_end_to_it(house: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_mappings, "MOST_VERSIONS", 2)
    table_mappings.save(house, MAPPING, day=DAY)
    table_mappings.save(house, changed(name="b"), day=DAY)
    with pytest.raises(LimitReached) as caught:
        table_mappings.save(house, changed(name="c"), day=DAY)
    assert caught.value.code == "mappings-full"


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'[{"version":1}]', b"\xff\xfe"])
def test_a_damaged_file_is_said_to_be_one(house: Workspace, data: bytes) -> None:
    (house.folder / table_mappings.FILE).write_bytes(data)
    with pytest.raises(EvidenceDamaged):
        table_mappings.saved(house)


def test_many_at_once_lose_none(house: Workspace) -> None:
    def work(number: int) -> None:
        for n in range(5):
            table_mappings.save(house, changed(name=f"m{number} {n}"), day=DAY)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(table_mappings.saved(house)) == 20


def test_nothing_else_is_left_behind(house: Workspace) -> None:
    before = set(house.folder.rglob("*"))
    table_mappings.save(house, MAPPING, day=DAY)
    added = {Path(path).name for path in set(house.folder.rglob("*")) - before}
    assert added == {table_mappings.FILE, "mappings.lock"}
