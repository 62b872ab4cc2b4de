"""A short fuzzing of every importer: the kept corpora once more, then some runs from a fresh seed.

The long runs are `make fuzz`, or `python tests/fuzz/importers.py FORMAT --seconds 600`; see `docs/explanation/fuzzing.md`.
"""

from __future__ import annotations

import importlib.util
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from fuzz_mutations import mutated
from hypothesis import given
from hypothesis import strategies as st
from importer_contracts import contracts

from dalil.sources.registry import importers

FUZZER = Path(__file__).parents[1] / "fuzz"
RUNS = 400
FORMATS = sorted(importer.manifest.name for importer in importers())
needs_atheris = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris has no package for this machine"
)


def test_every_format_has_a_contract_suite() -> None:
    assert set(contracts()) >= set(FORMATS)


@pytest.fixture(scope="module")
def told() -> tuple[dict[str, dict[str, Any]], str]:
    """What each target told, and all that was said: one process that loads and instruments everything once."""
    seed = random.SystemRandom().randrange(1, 1 << 31)
    run = subprocess.run(
        [sys.executable, str(FUZZER / "importers.py"), "all", "--runs", str(RUNS), "--seed", str(seed)],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    return {line["format"]: line for line in lines}, f"seed {seed}\n{run.stderr[-6000:]}"


@needs_atheris
@pytest.mark.parametrize("name", [*FORMATS, "mapped-table", "archives"])
def test_nothing_but_its_own_errors_comes_out(name: str, told: tuple[dict[str, dict[str, Any]], str]) -> None:
    of, said = told
    assert name in of, said
    assert (of[name]["finds"], of[name]["status"]) == ([], 0), said
    assert of[name]["executions"] >= RUNS


def test_the_kept_corpora_are_small_and_each_is_of_a_target() -> None:
    packed = sorted((FUZZER / "corpus").glob("*"))
    assert {path.stem for path in packed} <= {*FORMATS, "mapped-table", "archives"}
    assert sum(path.stat().st_size for path in packed) <= 4 << 20
    for path in packed:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
        assert 0 < len(infos) <= 150
        assert sum(info.file_size for info in infos) <= 200 << 10


@given(st.binary(max_size=200), st.integers(0, 1 << 32))
def test_a_mutation_is_repeatable_and_takes_any_bytes(data: bytes, seed: int) -> None:
    assert mutated(data, seed) == mutated(data, seed)


@pytest.mark.parametrize(
    "data",
    [b'{"a": ["x", 1]}', b'{"a": 1}\n{"b": "x"}\n', b"a;b\nx;y\n", "a\tb\nx\ty\n".encode("utf-16"), b"<a><b>x</b></a>"],
)
def test_a_mutation_changes_values_and_texts_in_every_shape(data: bytes) -> None:
    found = {mutated(data, seed, lambda text: f"spoilt {text}") for seed in range(60)}
    assert len(found) > 20
    texts = [
        one.decode("utf-16" if one[:1] == b"\xff" else "utf-8", "surrogatepass") for one in found if one is not None
    ]
    assert any("spoilt" in text for text in texts)


def test_broken_json_is_not_taken_for_a_table() -> None:
    assert mutated(b'{"a": 1, "b": [1, 2', 1) is None
