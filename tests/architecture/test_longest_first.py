"""The order of test files keeps every test once, and names only files that are there."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from longest_first import LONGEST, longest_first

ROOT = Path(__file__).resolve().parents[2]


def test_every_file_that_it_names_is_there_once() -> None:
    assert [name for name in LONGEST if not (ROOT / "tests" / name).is_file()] == []
    assert len(set(LONGEST)) == len(LONGEST)


def test_every_test_is_kept_and_those_of_a_file_stay_in_their_order() -> None:
    files = ["unit/a.py", LONGEST[1], "unit/b.py", LONGEST[0]]
    items = [SimpleNamespace(path=ROOT / "tests" / name, number=number) for name in files for number in range(3)]
    found = longest_first(items, ROOT)  # type: ignore[arg-type]  # an item's path is all that it reads
    names = [item.path.relative_to(ROOT / "tests").as_posix() for item in found]  # type: ignore[attr-defined]
    assert names == [name for name in (LONGEST[0], LONGEST[1], "unit/a.py", "unit/b.py") for _ in range(3)]
    assert [item.number for item in found] == [0, 1, 2] * 4  # type: ignore[attr-defined]
