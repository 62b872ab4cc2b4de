"""Every budget holds on the house, and bites on a planted violation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from architecture import budgets

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "dalil"

LISTS: dict[str, tuple[Callable[[Path], list[str]], str, str]] = {
    "module over 500 lines": (budgets.too_long_modules, "desk/x.py", '"""D."""\n' + "A = 1\n" * 500),
    "function over 60 lines": (
        budgets.too_long_functions,
        "desk/x.py",
        '"""D."""\ndef f():\n' + "    a = 1\n" * 60,
    ),
    "banned name": (budgets.banned_names, "desk/utils.py", '"""D."""\n'),
    "blind except": (budgets.blind_excepts, "desk/x.py", '"""D."""\ntry:\n    A = 1\nexcept Exception:\n    A = 2\n'),
    "bare except": (budgets.blind_excepts, "desk/x.py", '"""D."""\ntry:\n    A = 1\nexcept:\n    A = 2\n'),
    "connection outside the archive": (
        budgets.connections_outside_archive,
        "findings/x.py",
        '"""D."""\nimport sqlite3\nA = sqlite3.connect("x")\n',
    ),
    "clock in the data side": (
        budgets.clocks_in_the_data_side,
        "findings/x.py",
        '"""D."""\nfrom datetime import datetime\nA = datetime.now()\n',
    ),
    "environment below app": (
        budgets.environment_outside_app,
        "actions/x.py",
        '"""D."""\nimport os\nA = os.environ["HOME"]\n',
    ),
    "POSIX outside the sandbox": (budgets.posix_only_outside_sandbox, "archive/x.py", '"""D."""\nimport fcntl\n'),
    "network client": (budgets.network_imports, "actions/x.py", '"""D."""\nfrom urllib.request import urlopen\n'),
    "no docstring": (budgets.undocumented, "desk/x.py", "A = 1\n"),
}


@pytest.mark.parametrize("name", LISTS)
def test_the_house_keeps_it(name: str) -> None:
    find, _, _ = LISTS[name]
    assert find(SOURCE) == []


@pytest.mark.parametrize("name", LISTS)
def test_it_bites(name: str, tmp_path: Path) -> None:
    find, where, text = LISTS[name]
    planted = tmp_path / where
    planted.parent.mkdir(parents=True)
    planted.write_text(text, encoding="utf-8")
    assert find(tmp_path)


def test_the_median_module_is_short() -> None:
    assert budgets.median_module(SOURCE) <= budgets.MEDIAN_LINES


def test_the_median_bites(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("A = 1\n" * 151, encoding="utf-8")
    assert budgets.median_module(tmp_path) > budgets.MEDIAN_LINES


def test_data_rooms_have_at_least_as_many_test_lines() -> None:
    assert budgets.thin_tests(SOURCE, ROOT / "tests") == []


def test_thin_tests_are_found(tmp_path: Path) -> None:
    for room in budgets.DATA_ROOMS:
        (tmp_path / "src" / room).mkdir(parents=True)
    (tmp_path / "src" / "signals" / "x.py").write_text("A = 1\n" * 10, encoding="utf-8")
    (tmp_path / "tests" / "unit" / "signals").mkdir(parents=True)
    (tmp_path / "tests" / "unit" / "signals" / "test_x.py").write_text("A = 1\n" * 9, encoding="utf-8")
    assert budgets.thin_tests(tmp_path / "src", tmp_path / "tests") == ["signals: 9 test lines for 10"]
