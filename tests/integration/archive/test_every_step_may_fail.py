"""The disk fails at the n-th operation, for every n of one import: told plainly, nothing half kept, repeatable.

The crash test kills at random points; here no point is left out, and the process lives on and goes on
using the same objects.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from archive_chunks import NOW, File, FixedKeys
from failing_disk import FailingDisk
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from dalil.archive import doctor, workspace
from dalil.archive.keys import Cost
from dalil.archive.reading import Archive
from dalil.archive.rows import Damage
from dalil.archive.workspace import Workspace
from dalil.archive.writing import Writer
from dalil.errors import LimitReached

FILE = File(0, 24, 12)
CHEAP = Cost(passes=1, memory_kib=64, lanes=1)


def import_file(house: Workspace, file: File = FILE) -> None:
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    intake = writer.begin(file.begin, "blue")
    for chunk in file.chunks():
        writer.chunk(intake, chunk)
    writer.end(intake, file.end)


def make(folder: Path) -> Workspace:
    return workspace.create(folder, zone="UTC", passphrase="p", demo=True, cost=CHEAP)


def test_an_import_fails_cleanly_at_every_single_step(tmp_path):
    calm = make(tmp_path / "calm")
    with FailingDisk(None).installed() as counting:
        import_file(calm)
    assert counting.count > 60
    house = make(tmp_path / "house")
    with Archive(house, memory_mib=256, threads=1) as archive:
        for allowed in range(counting.count):
            with FailingDisk(allowed).installed(), pytest.raises(LimitReached) as raised:
                import_file(house)
            assert raised.value.code == "disk-full"
            assert archive.table("posts").count().execute() in (0, 12, 24)
            if archive.table("posts").count().execute():
                break  # this chunk is in: from here on the import takes fewer steps, see below
        before = archive.manifest_head()
        import_file(house)
        assert archive.manifest_head() != before
        assert archive.manifest_head() == calm.manifest.head()
    doctor.repair(house)
    assert doctor.examine(house) == []


def test_each_failure_on_a_fresh_house_leaves_it_as_it_was(tmp_path):
    calm = make(tmp_path / "calm")
    with FailingDisk(None).installed() as counting:
        import_file(calm)
    for allowed in range(0, counting.count, 6):
        house = make(tmp_path / f"house-{allowed}")
        with FailingDisk(allowed).installed(), pytest.raises(LimitReached):
            import_file(house)
        assert not [item for item in doctor.examine(house) if isinstance(item, Damage)]
        assert list(house.tmp.glob("s-*")) == [], "the writer cleans up after itself while it lives"
        import_file(house)
        assert house.manifest.head() == calm.manifest.head(), allowed
        doctor.repair(house)
        assert doctor.examine(house) == []


@pytest.mark.parametrize("allowed", range(10))
def test_facts_keys_and_lists_are_old_or_new_and_never_half(tmp_path, allowed):
    from dalil.schema.chunks import PublicAccount

    house = make(tmp_path / "house")
    ring = house.unlock("p")
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    writer.set_public([PublicAccount("x", handle="old_page")])
    ring.put("name", b"old")
    with FailingDisk(allowed).installed():
        for act in (
            lambda: writer.set_public([PublicAccount("x", handle="new_page")]),
            lambda: ring.put("name", b"new"),
        ):
            with suppress(LimitReached):
                act()
    assert house.unlock("p").get("name") in (b"old", b"new")
    assert house.public_accounts()[0].handle in ("old_page", "new_page")


class House(RuleBasedStateMachine):
    """Any order of imports, failures, repairs and reopenings; a set of numbers is the model."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.house = make(Path(self.folder.name) / "house")
        self.archive = Archive(self.house, memory_mib=256, threads=1)
        self.held: set[int] = set()
        self.maybe: set[int] = set()

    def teardown(self) -> None:
        self.archive.close()
        self.folder.cleanup()

    @rule(first=st.integers(0, 40), count=st.integers(1, 15), size=st.integers(2, 9))
    def import_whole(self, first: int, count: int, size: int) -> None:
        import_file(self.house, File(first, first + count, size))
        self.held |= set(range(first, first + count))

    @rule(first=st.integers(0, 40), count=st.integers(1, 15), allowed=st.integers(0, 80))
    def import_until_it_fails(self, first: int, count: int, allowed: int) -> None:
        with FailingDisk(allowed).installed():
            try:
                import_file(self.house, File(first, first + count, 5))
            except LimitReached:
                self.maybe |= set(range(first, first + count))
                return
        self.held |= set(range(first, first + count))

    @precondition(lambda self: self.held)
    @rule()
    def repair(self) -> None:
        doctor.repair(self.house)
        assert doctor.examine(self.house) == []

    @rule()
    def reopen(self) -> None:
        self.archive.close()
        self.house = workspace.open_workspace(self.house.folder)
        self.archive = Archive(self.house, memory_mib=256, threads=1)

    @invariant()
    def everything_is_there_once(self) -> None:
        uids = self.archive.table("posts").uid.to_pyarrow().to_pylist()
        assert len(uids) == len(set(uids))
        numbers = {int(uid.removeprefix("fake:")) for uid in uids}
        assert self.held <= numbers <= self.held | self.maybe
        assert self.archive.table("edges").count().execute() == 2 * len(uids)
        self.held = numbers

    @invariant()
    def nothing_is_damaged(self) -> None:
        assert doctor.verify(self.house) == []


TestHouse = House.TestCase
TestHouse.settings = settings(
    max_examples=4, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
)
