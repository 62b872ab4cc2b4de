"""Each sample of each format is taken for its own format, and no other importer is as sure of it."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
import sources_files
from importer_contracts import contracts

from dalil.sources.reading import BOM, HEAD_BYTES, head_of
from dalil.sources.registry import SURE_ENOUGH, importers
from dalil.testing.importers import ImporterContract

CONTRACTS = [type(suite) for _, suite in sorted(contracts().items())]
OWN = {
    "x_api_v2": "x-api-v2",
    "crowdtangle_csv": "crowdtangle-csv",
    "telethon": "telethon",
}


def surest(head: bytes) -> list[tuple[float, str]]:
    return sorted(((importer.detect(head), importer.manifest.name) for importer in importers()), reverse=True)


def is_taken_for(name: str, head: bytes) -> None:
    (first, found), (second, _) = surest(head)[:2]
    assert found == name
    assert first >= SURE_ENOUGH
    assert second < SURE_ENOUGH
    assert second < first


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.importer.manifest.name)
def test_samples_of_the_contracts(contract: type[ImporterContract], tmp_path: Path) -> None:
    for path in contract().write_samples(tmp_path):
        head = head_of(path)
        is_taken_for(contract.importer.manifest.name, head)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in head:
            continue  # what follows changes bytes, which are no characters here
        is_taken_for(contract.importer.manifest.name, BOM + head.removeprefix(BOM))
        is_taken_for(contract.importer.manifest.name, head.replace(b"\n", b"\r\n"))


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.importer.manifest.name)
def test_the_beginning_of_a_large_file_is_enough(contract: type[ImporterContract], tmp_path: Path) -> None:
    head = head_of(contract().write_large(tmp_path, 500))
    assert len(head) <= HEAD_BYTES
    is_taken_for(contract.importer.manifest.name, head)


def test_every_importer_of_ours_has_a_contract() -> None:
    assert {contract.importer.manifest.name for contract in CONTRACTS} == {i.manifest.name for i in importers()}


@pytest.mark.parametrize("folder", sorted(OWN))
def test_real_and_recorded_files(folder: str) -> None:
    paths = sorted((sources_files.GOLDEN / folder).glob("*"))
    read = [
        p
        for p in paths
        if p.suffix in (".json", ".jsonl", ".csv") and not {".rows", ".twitwi", ".oracle"} & {*p.suffixes}
    ]
    assert read
    for path in read:
        is_taken_for(OWN[folder], head_of(path))


@pytest.mark.parametrize("cut", [0, 1, 5, 40])
@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.importer.manifest.name)
def test_a_few_bytes_make_nobody_sure(contract: type[ImporterContract], tmp_path: Path, cut: int) -> None:
    for path in contract().write_samples(tmp_path):
        head = head_of(path)[:cut]
        assert all(sure < SURE_ENOUGH or name == contract.importer.manifest.name for sure, name in surest(head))
