"""The contract suite of every importer by its format: samples for whatever is to hold for all of them."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path

from dalil.testing.importers import ImporterContract

_CONTRACTS = Path(__file__).parent / "contracts" / "sources"


@cache
def contracts() -> dict[str, ImporterContract]:
    """Format → its contract suite; every format of ours has one."""
    found: dict[str, ImporterContract] = {}
    for path in sorted(_CONTRACTS.glob("test_*.py")):
        if "ImporterContract)" not in path.read_text(encoding="utf-8"):
            continue
        name = f"contracts_of_{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        suites = (suite for suite in ImporterContract.__subclasses__() if suite.__module__ == name)
        found |= {suite.importer.manifest.name: suite() for suite in suites}
    return found


def contract_of(source_format: str) -> ImporterContract:
    """The suite of one format."""
    return contracts()[source_format]
