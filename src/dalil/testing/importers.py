"""What every importer must pass: the suite that the author of a source format runs.

Subclass `ImporterContract` in a test module, say which importer and how its samples look, and run
pytest:

    class TestMine(ImporterContract):
        importer = Mine()
        secrets = (b"a private person's handle in the sample",)

        def write_samples(self, folder): ...
        def write_large(self, folder, copies): ...

Needs nothing but pytest's `tmp_path`.
"""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import ClassVar, Final

import msgspec

from dalil.errors import InputError, LimitReached
from dalil.plugins import Manifest
from dalil.schema.chunks import PublicAccount
from dalil.schema.identity import canonical_bytes
from dalil.schema.records import Reject
from dalil.schema.words import Kind
from dalil.sources.importer import Ignored, Importer, Item, Limits, Quarantined, ReadContext, Record, checked
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import HEAD_BYTES, SourceFile, head_of
from dalil.sources.rereading import Held, Plainly, Reread, Rereader

KEY: Final = bytes(range(32))
NOT_IT: Final = (b"", b"\x00" * 64, b"PK\x03\x04" + bytes(60), b"hello\n", b"<html>", b"[[[[", b"{}", b"\xff\xfe{\x00")
_MUTATIONS: Final = 60
_GROWTH_ALLOWED: Final = 2 << 20


class ImporterContract:
    """The suite. Class attributes: the importer, the workspace's public accounts, and secrets of the samples.

    A secret is a true id, handle, name or address of a private person that stands in a sample; its
    bytes may be in no record, except in its locators.
    """

    importer: ClassVar[Importer]
    public: ClassVar[tuple[PublicAccount, ...]] = ()
    secrets: ClassVar[tuple[bytes, ...]] = ()
    one_record_a_file: ClassVar[bool] = False

    def write_samples(self, folder: Path) -> Sequence[Path]:
        """Write the samples with the files they point at; answer the files to read."""
        raise NotImplementedError

    def write_large(self, folder: Path, copies: int) -> Path:
        """Write one file with `copies` times as many different records."""
        raise NotImplementedError

    def items(self, path: Path, *, limits: Limits | None = None) -> Iterator[Item]:
        """Everything that the importer yields for one file."""
        context = ReadContext(Pseudonymiser(KEY, self.public), limits or Limits())
        return self.importer.read(SourceFile(path, path.parent), context)

    def test_manifest_is_complete(self) -> None:
        """It passes the registry's check, and says what it is and what proves it."""
        manifest = checked(self.importer).manifest
        assert isinstance(manifest, Manifest)
        assert manifest.name == manifest.name.lower()
        assert " " not in manifest.name
        assert manifest.version
        assert manifest.title
        assert manifest.proof
        assert not manifest.needs_network

    def test_detects_its_samples_by_content(self, tmp_path: Path) -> None:
        """Sure of its samples, whatever they are called, and never sure of anything else."""
        for path in self.write_samples(tmp_path):
            renamed = path.rename(path.with_name("x.bin"))
            assert self.importer.detect(head_of(renamed)) >= 0.5
            renamed.rename(path)
        for head in NOT_IT:
            assert 0 <= self.importer.detect(head) < 0.5

    def test_samples_are_read_in_full(self, tmp_path: Path) -> None:
        """Every sample gives records, and none of it is rejected."""
        for path in self.write_samples(tmp_path):
            items = list(self.items(path))
            assert [item for item in items if isinstance(item, Reject)] == []
            assert any(isinstance(item, Record) and not item.included for item in items)

    def test_records_hold_together(self, tmp_path: Path) -> None:
        """The invariants of the canonical record, for every record of every sample."""
        for path in self.write_samples(tmp_path):
            for record in _records(self.items(path)):
                check_record(record)

    def test_reading_again_gives_the_same(self, tmp_path: Path) -> None:
        """No clock, no chance, no state between two readings."""
        for path in self.write_samples(tmp_path):
            assert list(self.items(path)) == list(self.items(path))

    def test_what_it_wrote_it_reads_again(self, tmp_path: Path) -> None:
        """Where the manifest says `rereads`: each raw record, read again, gives the same record and the same bytes."""
        if not self.importer.manifest.rereads:
            return
        assert isinstance(self.importer, Rereader)
        for path in self.write_samples(tmp_path):
            for record in _records(self.items(path)):
                again = self.importer.reread(record.raw, held_as(record), Reread(Plainly()))
                assert isinstance(again, Record)
                assert again == msgspec.structs.replace(record, media=(), locators=())
        for raw in (b"", b"{}", b"[]", b"null", b'{"a":1}', b"[[[[", b"\xff", b'{"tweet":{}}', b'{"row":{},"chat":{}}'):
            assert isinstance(self.importer.reread(raw, held_as(record), Reread(Plainly())), Record | Reject)

    def test_no_secret_is_in_any_record(self, tmp_path: Path) -> None:
        """What names a private person is in locators only."""
        for path in self.write_samples(tmp_path):
            for record in _records(self.items(path)):
                shown = msgspec.json.encode(msgspec.structs.replace(record, locators=(), raw=b"", media=()))
                for secret in self.secrets:
                    assert secret.lower() not in shown.lower()
                    assert secret.lower() not in record.raw.lower()

    def test_damage_gives_rejects_or_an_input_error(self, tmp_path: Path) -> None:
        """Cut, flipped, doubled, re-encoded, nested: nothing but InputError and LimitReached comes out."""
        for path in self.write_samples(tmp_path):
            for data in mutations(path.read_bytes()):
                path.write_bytes(data)
                self._drain(path)

    def test_what_is_too_long_is_not_held(self, tmp_path: Path) -> None:
        """With a limit of 200 bytes a record longer than that becomes a reject with the hash of its bytes."""
        for path in self.write_samples(tmp_path):
            for item in self._drain(path, limits=Limits(line_bytes=200, media_bytes=200)):
                assert not (isinstance(item, Reject) and item.code == "record-too-long" and not item.raw_hash)

    def test_memory_does_not_grow_with_the_file(self, tmp_path: Path) -> None:
        """Ten times the file, the same peak but for 2 MiB."""
        peaks = []
        for copies in (200, 2_000):
            path = self.write_large(tmp_path, copies)
            tracemalloc.start()
            count = sum(isinstance(item, Record) for item in self.items(path))
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            assert count >= (1 if self.one_record_a_file else copies)
        assert peaks[1] <= peaks[0] + _GROWTH_ALLOWED

    def _drain(self, path: Path, *, limits: Limits | None = None) -> list[Item]:
        found: list[Item] = []
        try:
            for item in self.items(path, limits=limits):
                assert isinstance(item, Record | Reject | Quarantined | Ignored)
                if isinstance(item, Record):
                    check_record(item)
                found.append(item)
        except (InputError, LimitReached):
            pass
        return found


def check_record(record: Record) -> None:
    """Raise AssertionError where a record breaks the canonical record's rules."""
    platform = record.uid.partition(":")[0]
    assert platform
    assert record.uid != f"{platform}:"
    assert canonical_bytes(msgspec.json.decode(record.raw)) is not None
    assert record.version
    if record.kind is Kind.POST:
        post = record.post
        assert post is not None
        assert post.uid == record.uid == f"{post.platform}:{post.native_id}"
        assert post.author_ref == record.author_ref
        assert record.author_public or post.uri is None
        for at in (post.created_at, post.claimed_at, post.server_indexed_at, post.edited_at, post.state_at):
            assert at is None or at.utcoffset() == timedelta(0)
        for span in post.spans:
            assert 0 <= span.start <= span.end <= len(post.text)
        for ref in post.media:
            assert ref.sha256 or ref.native_key or ref.not_included or ref.source_url
    else:
        assert record.post is None
    if record.kind is Kind.REPOST:
        assert len(record.edges) == 1
        assert record.edges[0].src_uid == record.uid
    held = {item.sha256 for item in record.media}
    if record.post is not None:
        assert held <= {ref.sha256 for ref in record.post.media}
    for account in record.accounts:
        if not account.public_role.is_public:
            assert account.native_id.startswith("h:")
            assert account.handle is None
            assert account.display_name is None
            assert account.description is None
            assert account.created_at is None


def held_as(record: Record) -> Held:
    """What the archive would hold of a record."""
    return Held(
        source_version=record.source_version,
        kind=record.kind,
        uid=record.uid,
        version=record.version,
        included=record.included,
        warnings=record.warnings,
        author_public=record.author_public,
        post=record.post,
        accounts=record.accounts,
        edges=record.edges,
        author_ref=record.author_ref,
    )


def mutations(data: bytes) -> Iterator[bytes]:
    """Damaged forms of a file, the same each time."""
    yield b""
    yield data.decode("utf-8", "replace").encode("utf-16")
    yield b"\xef\xbb\xbf" + data
    yield data + data
    yield data.replace(b"\n", b"\r\n")
    yield data.replace(b'"', b"'")
    yield data[:HEAD_BYTES].replace(b":", b":" + b"[" * 10_000, 3) + data[HEAD_BYTES:]
    yield b"[" * 10_000 + data + b"]" * 10_000
    chance = random.Random(7)  # noqa: S311 - damage, not a secret
    places = sorted(chance.randrange(len(data) + 1) for _ in range(_MUTATIONS))
    for at, to in pairwise(places):
        yield data[:at]
        yield data[:at] + data[to:]
        yield data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        yield data[:at] + data[at:to] + data[at:]


def _records(items: Iterable[Item]) -> Iterator[Record]:
    return (item for item in items if isinstance(item, Record))
