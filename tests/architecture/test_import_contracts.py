"""Every import contract is broken by a planted violation, in a copy of the house."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# contract → (file in the copy, what is planted in it)
PLANTED: dict[str, tuple[str, str]] = {
    "rooms": ("signals/planted.py", "import dalil.archive.planted_target\n"),
    "acyclic": ("schema/planted_a/__init__.py", "import dalil.schema.planted_b\n"),
    "pure-core": ("signals/planted.py", "import sqlite3\n"),
    "archive-plain": ("archive/planted.py", "import django\n"),
    "platform-blind": ("findings/planted.py", "import dalil.sources\n"),
    "one-writer": ("findings/planted.py", "import dalil.archive.writing\n"),
    "one-keeper": ("findings/planted.py", "import dalil.archive.table_mappings\n"),
    "models-people": ("desk/planted.py", "import dalil.people.models\n"),
    "models-audit": ("desk/planted.py", "import dalil.audit.models\n"),
    "models-jobs": ("desk/planted.py", "import dalil.jobs.models\n"),
    "models-desk": ("publish/planted.py", "import dalil.desk.models\n"),
    "independent-importers": (
        "sources/formats/x_api_v2/planted.py",
        "import dalil.sources.formats.crowdtangle_csv\n",
    ),
    "one-engine": ("actions/planted.py", "import duckdb\n"),
    "people-blind": ("findings/planted.py", "import dalil.people\n"),
    "method-blind": ("publish/planted.py", "import dalil.findings\n"),
}
EXTRA = {
    "rooms": {"archive/planted_target.py": ""},
    "acyclic": {"schema/planted_b/__init__.py": "import dalil.schema.planted_a\n"},
}


def contracts() -> list[str]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return [name.split(":")[2] for name in parser.sections() if name.startswith("importlinter:contract:")]


def test_every_contract_has_a_planted_violation() -> None:
    assert set(contracts()) == set(PLANTED)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "src" / "dalil", folder / "dalil", ignore=shutil.ignore_patterns("__pycache__", "*.nb*"))
    shutil.copy(ROOT / ".importlinter", folder / ".importlinter")
    return folder


def lint(folder: Path, contract: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as c; c()",
            "--no-cache",
            "--contract",
            contract,
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("contract", PLANTED)
def test_a_planted_violation_breaks_it(copy: Path, contract: str) -> None:
    where, text = PLANTED[contract]
    planted = {where: text, **EXTRA.get(contract, {})}
    for name, content in planted.items():
        (copy / "dalil" / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / "dalil" / name).write_text(content, encoding="utf-8")
    try:
        result = lint(copy, contract)
    finally:
        for name in planted:
            (copy / "dalil" / name).unlink()
    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout
    assert "planted" in result.stdout


def test_a_stray_room_breaks_the_layers(copy: Path) -> None:
    stray = copy / "dalil" / "utils.py"
    stray.write_text("", encoding="utf-8")
    try:
        result = lint(copy, "rooms")
    finally:
        stray.unlink()
    assert result.returncode == 1
    assert "dalil.utils" in result.stdout
