"""Every importer reads inside an archive what it reads on the disk: same items, media and all, in each kind of archive."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sources_archives
from contracts.sources import test_importers

from dalil.sources.importer import Item, ReadContext
from dalil.sources.importer import Limits as ReadLimits
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import SourceFile
from dalil.testing import importers as contract
from dalil.testing.importers import KEY, ImporterContract

SUITES = [
    suite
    for suite in vars(test_importers).values()
    if isinstance(suite, type) and issubclass(suite, ImporterContract) and suite is not ImporterContract
]


def items(suite: ImporterContract, source: SourceFile) -> list[Item]:
    context = ReadContext(Pseudonymiser(KEY, suite.public), ReadLimits())
    return list(suite.importer.read(source, context))


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.mark.parametrize("kind", sources_archives.KINDS)
@pytest.mark.parametrize("kind_of_suite", SUITES, ids=lambda suite: suite.importer.manifest.name)
def test_the_same_items_come_out_of_an_archive(
    tmp_path: Path, kind_of_suite: Callable[[], ImporterContract], kind: str
) -> None:
    suite = kind_of_suite()
    folder = tmp_path / "plain"
    folder.mkdir()
    samples = {path.relative_to(folder).as_posix(): path for path in suite.write_samples(folder)}
    packed = tmp_path / "packed"
    packed.write_bytes(sources_archives.KINDS[kind](files_of(folder)))
    archive = sources_archives.opened(packed)
    found = {member.path: member for member in archive.members()}
    assert samples.keys() <= found.keys()
    for name, path in samples.items():
        from dalil.intake.places import FolderPlace

        plain = items(suite, SourceFile(path, FolderPlace(folder, path.parent)))
        assert plain
        assert items(suite, SourceFile(found[name], found[name].place)) == plain
    archive.rest()


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
@pytest.mark.parametrize("kind_of_suite", SUITES, ids=lambda suite: suite.importer.manifest.name)
def test_damage_inside_an_archive_gives_rejects_or_an_input_error(
    tmp_path: Path, kind_of_suite: Callable[[], ImporterContract], kind: str
) -> None:
    """What the suite does to a file on the disk, done to a member: some of it, since packing takes its time."""
    suite = kind_of_suite()
    folder = tmp_path / "plain"
    folder.mkdir()
    [first, *_] = suite.write_samples(folder)
    inner = first.relative_to(folder).as_posix()
    for number, data in enumerate(contract.mutations(first.read_bytes())):
        if number % 8:
            continue
        path = tmp_path / "packed"
        path.write_bytes(sources_archives.KINDS[kind]({**files_of(folder), inner: data}))
        archive = sources_archives.opened(path)
        [member] = [member for member in archive.members() if member.path == inner]
        try:
            items(suite, SourceFile(member, member.place))
        except contract.InputError:
            continue
