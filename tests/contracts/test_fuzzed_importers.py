"""A short fuzzing of every importer, from a fresh seed; the long runs are `python tests/fuzz/importers.py FORMAT --seconds 600`."""

from __future__ import annotations

import importlib.util
import random
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz_mutations import mutated
from hypothesis import given
from hypothesis import strategies as st
from importer_contracts import contracts

from dalil.sources.registry import importers

FUZZER = Path(__file__).parents[1] / "fuzz" / "importers.py"
RUNS = 150


def test_every_format_has_a_contract_suite() -> None:
    assert set(contracts()) >= {importer.manifest.name for importer in importers()}


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris has no package for this machine")
@pytest.mark.parametrize("name", sorted(importer.manifest.name for importer in importers()))
def test_nothing_but_its_own_errors_comes_out(name: str) -> None:
    seed = random.SystemRandom().randrange(1, 1 << 31)
    run = subprocess.run(
        [sys.executable, str(FUZZER), name, "--runs", str(RUNS), "--seed", str(seed)],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    assert run.returncode == 0, f"seed {seed}\n{run.stderr[-6000:]}"


@given(st.binary(max_size=200), st.integers(0, 1 << 32))
def test_a_mutation_is_repeatable_and_takes_any_bytes(data: bytes, seed: int) -> None:
    assert mutated(data, seed) == mutated(data, seed)
