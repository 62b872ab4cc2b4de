"""Many imports at once into one workspace, of files that overlap: the sum is right, nothing doubles, no lock is lost.

How many is set by `tests/disturbed_imports.py`: a share in CI, 20 by `make proof`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from disturbed_imports import AT_ONCE, check_same, check_whole, driven, new_workspace
from import_inputs import mastodon_file, telegram_folder, x_file

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the imports are forks, which this system does not have"),
    pytest.mark.slow,
]
EACH, OVERLAP = 80, 30


def overlapping(folder: Path, number: int) -> Path:
    """The n-th file: of three formats in turn; its first records are the last ones of the file before of its format."""
    of, at = number % 3, number // 3
    first, last = at * (EACH - OVERLAP), at * (EACH - OVERLAP) + EACH
    if of == 0:
        return x_file(folder / f"{number}.jsonl", first, last)
    if of == 1:
        return mastodon_file(folder / f"{number}.json", first, last)
    return telegram_folder(folder / f"channel-{number}", first + 1, last + 1)


def test_as_many_at_once_as_will_double_nothing_and_lose_nothing(tmp_path: Path) -> None:
    template = new_workspace(tmp_path / "template")
    files = tmp_path / "files"
    files.mkdir()
    result = driven("crowded_command.py", template, tmp_path, *(overlapping(files, n) for n in range(AT_ONCE)))
    assert result["codes"] == [0] * AT_ONCE, result["told"]
    calm, house = result["calm"], result["house"]
    check_whole(calm)
    check_same(house, calm, f"{AT_ONCE} at once", but=("head", "custody"))
    told, told_calm = reports(result["told"]), reports(result["told calm"])
    sys.stdout.write(f"{AT_ONCE} at once: {[(report['read'], report['kept'], report['known']) for report in told]}\n")
    assert len(told) == AT_ONCE
    assert all(report["read"] == report["kept"] + report["known"] for report in told)
    for name in ("read", "kept"):
        assert sum(report[name] for report in told) == sum(report[name] for report in told_calm)


def reports(outputs: list[str]) -> list[dict[str, Any]]:
    """What each import told of its file."""
    lines = [line for output in outputs for line in output.splitlines() if line.startswith("{")]
    return [report for line in lines for report in json.loads(line)["files"]]
