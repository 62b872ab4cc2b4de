"""What is fuzzed: each importer on one file in memory, and the walk through an archive.

A target takes bytes and raises nothing, whatever they are: `InputError` and `LimitReached` are answers.
What an importer yields must keep the rules of the canonical record and must be fit to be handed over;
where it can read its own raw records again, the second reading must give the same record.
"""

from __future__ import annotations

import io
import posixpath
import random
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final
from zlib import crc32

import msgspec
from fuzz_mutations import mutated
from importer_contracts import contract_of
from sources_archives import KINDS, gzip_bytes, tar_bytes, zip_bytes, zstd_bytes
from sources_tables import MAPPING

from dalil.errors import InputError, LimitReached
from dalil.intake.walking import Walk, WalkLimits, shown_path
from dalil.schema.mappings import OPTION, to_text
from dalil.schema.records import Reject
from dalil.sources import registry
from dalil.sources.importer import Limits, ReadContext, Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import ForeignFile, SourceFile, head_of
from dalil.sources.rereading import Plainly, Reread, Rereader
from dalil.sources.unpacking.containers import UnpackLimits, is_container
from dalil.testing.importers import KEY, ImporterContract, check_record, held_as

LONGEST: Final = 10 << 10
"""Bytes of an input at most: long ones say little more and take their time."""
ARCHIVES: Final = "archives"
MAPPED: Final = "mapped-table"
Bytewise = Callable[[bytes, int], bytes]
Mutate = Callable[[bytes, int, int, Bytewise], bytes]


def names() -> list[str]:
    """Every target: the formats, a strange table by a mapping, archives."""
    return [*sorted(importer.manifest.name for importer in registry.importers()), MAPPED, ARCHIVES]


@dataclass(frozen=True)
class Target:
    """What is run, what it begins with, how an input is changed.

    Args:
        mutate: (input, longest, seed, how bytes are changed) → another input.
        longest: bytes of an input.
    """

    once: Callable[[bytes], None]
    seeds: list[bytes]
    mutate: Mutate
    longest: int


def target(name: str, scratch: Path, *, strict: bool = True) -> Target:
    """The target of that name.

    Args:
        scratch: an empty folder for those that need files.
        strict: what is read again must be the same; else only a record or a reject.
    """
    return _archives(scratch) if name == ARCHIVES else _importer(name, strict=strict)


@dataclass(frozen=True, slots=True)
class InMemory:
    """A file that lies nowhere."""

    name: str
    data: bytes

    def open(self, _mode: str = "rb", /) -> BinaryIO:
        return io.BytesIO(self.data)


@dataclass(frozen=True)
class Beside:
    """The files that the samples point at, found from any of the samples' folders."""

    files: Mapping[str, InMemory]
    folders: Sequence[str]
    near: list[InMemory] = field(default_factory=list)

    def find(self, relative: str) -> ForeignFile | None:
        found = (self.files.get(posixpath.normpath(posixpath.join(folder, relative))) for folder in self.folders)
        return next((file for file in found if file is not None), None)

    def beside(self) -> Sequence[ForeignFile]:
        return self.near


def _importer(name: str, *, strict: bool) -> Target:
    contract, options = (contract_of(name), {}) if name != MAPPED else _mapped()
    importer = contract.importer
    samples, place = _samples(contract)
    longest = min(LONGEST, max(map(len, samples)) * 3 // 2)
    limits = Limits(line_bytes=longest * 3 // 4, media_bytes=longest)
    rereads = importer if importer.manifest.rereads and isinstance(importer, Rereader) else None

    def once(data: bytes) -> None:
        importer.detect(data)
        also_again = rereads is not None and crc32(data) % 4 == 0
        context = ReadContext(Pseudonymiser(KEY, contract.public), limits, options)
        try:
            for item in importer.read(SourceFile(InMemory("input", data), place), context):
                msgspec.msgpack.encode(item)  # what holds half a character cannot be handed over
                if isinstance(item, Record):
                    check_record(item)
                    if rereads is not None and also_again:
                        _read_again(rereads, item, strict=strict)
        except (InputError, LimitReached):
            pass

    return Target(once, samples, _by_values(samples), longest)


def _read_again(importer: Rereader, record: Record, *, strict: bool) -> None:
    again = importer.reread(record.raw, held_as(record), Reread(Plainly()))
    if not strict:
        assert isinstance(again, (Record, Reject)), "read again, it is neither a record nor a reject"
        return
    assert again == msgspec.structs.replace(record, media=(), locators=()), "read again, it is another record"


def _mapped() -> tuple[ImporterContract, dict[str, str]]:
    from importer_contracts import contracts

    [suite] = type(contracts()["plain-table"]).__subclasses__()
    return suite(), {OPTION: to_text(MAPPING)}


def _samples(contract: ImporterContract) -> tuple[list[bytes], Beside]:
    """What the contract's samples hold, short enough, and the files around them."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        paths = contract.write_samples(folder)
        samples = [piece for path in paths for piece in _short(path.read_bytes())]
        others = [path for path in folder.rglob("*") if path.is_file() and path not in paths]
        files = {
            path.relative_to(folder).as_posix(): InMemory(path.name, path.read_bytes()[:LONGEST]) for path in others
        }
        parents = {path.relative_to(folder).parent for path in paths}
        folders = sorted({parent.as_posix() for path in parents for parent in (path, *path.parents)}, reverse=True)
        near = [files[path.relative_to(folder).as_posix()] for path in others if path.parent == paths[0].parent]
        return samples, Beside(files, folders, near)


def _short(data: bytes) -> Iterator[bytes]:
    """The sample; where it is long, parts of it: lines of JSON Lines, elements of a JSON list, with what is around."""
    if len(data) <= LONGEST * 2 // 3:
        yield data
        return
    if data.startswith(b"{") and b"\n{" in data:
        lines = data.splitlines(keepends=True)
        head, rest = lines[0], lines[1:]
        yield from (head + b"".join(rest[at : at + 4]) for at in range(0, len(rest), 4))
        return
    try:
        outer: dict[str, Any] = {"": msgspec.json.decode(data)}
    except msgspec.DecodeError:
        yield data[:LONGEST]
        return
    holder, key = _longest_list(outer)
    first, rest = holder[key][:1], holder[key][1:]
    for at in range(0, len(rest), 4):
        holder[key] = first + rest[at : at + 4]
        yield msgspec.json.encode(outer[""])


def _longest_list(outer: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Where the list of a document stands that takes the most bytes."""
    found: list[tuple[int, dict[str, Any], str]] = []
    waiting: list[dict[str, Any]] = [outer]
    while waiting:
        one = waiting.pop()
        found += [(len(msgspec.json.encode(value)), one, key) for key, value in one.items() if isinstance(value, list)]
        waiting += [value for value in one.values() if isinstance(value, dict)]
    _, holder, key = max(found, key=lambda row: row[0])
    return holder, key


def _by_values(samples: Sequence[bytes]) -> Mutate:
    """Three times in four a value is changed, of a sample where the input has none that can be told; else bytes are."""

    def mutate(data: bytes, most: int, seed: int, bytewise: Bytewise) -> bytes:
        def spoil(text: str) -> str:
            return bytewise(text.encode("utf-8", "surrogatepass"), len(text) + 64).decode("utf-8", "replace")

        if seed % 4:
            found = mutated(data, seed, spoil) or mutated(samples[seed // 4 % len(samples)], seed, spoil)
            if found is not None and len(found) <= most:
                return found
        return bytewise(data, most)

    return mutate


def _archives(scratch: Path) -> Target:
    """The walk through an archive, and every member read to its end."""
    limits = WalkLimits(files=200, depth=3, unpack=UnpackLimits(files=100, ratio=20, nested_bytes=1 << 20))
    place = scratch / "input"  # a walk begins at a file of the disk

    def once(data: bytes) -> None:
        place.write_bytes(data)
        head = head_of(place)
        if not is_container(head):
            return
        walk = Walk(limits)
        try:
            walk.archive(place, head)
        except (InputError, LimitReached):
            return
        for group in walk.groups.values():
            for number, (_, file, root) in enumerate(group.files):
                context = ReadContext(Pseudonymiser(KEY, ()), Limits(line_bytes=LONGEST, media_bytes=LONGEST))
                try:
                    for item in group.importer.read(SourceFile(file, root, f"file {number} "), context):
                        msgspec.msgpack.encode(item)
                except (InputError, LimitReached):
                    continue
        for row in walk.skipped:
            msgspec.msgpack.encode(msgspec.structs.replace(row, inner=shown_path(row.inner)))  # as it is told
        walk.rest()

    return Target(once, [pack(_INNER) for pack in PACKERS], _by_packing, LONGEST * 2)


_INNER: Final = {
    "data/tweets.jsonl": b'{"data":[{"id":"1","text":"a","author_id":"2"}]}\n',
    "readme.txt": b"nothing here",
    "photos/a.jpg": b"\xff\xd8\xff\xe0" + bytes(40),
}
PACKERS: Final[tuple[Callable[[Mapping[str, bytes]], bytes], ...]] = (
    *KINDS.values(),
    lambda files: gzip_bytes(files["data/tweets.jsonl"]),
    lambda files: zstd_bytes(files["data/tweets.jsonl"]),
    lambda files: zip_bytes({"inner.zip": zip_bytes(files), "inner.tar": tar_bytes(files)}),
    lambda files: tar_bytes({"inner.zip": zip_bytes(files), "a/b.gz": gzip_bytes(tar_bytes(files))}),
)
_NAMES: Final = (
    "../up",
    "/top",
    "a/../../b",
    "C:\\x",
    "a\\..\\b",
    "a//b",
    "./a",
    "n\u202e.txt",
    "é",
    "a" * 300,
    ".",
    "a\n",
    "[Content_Types].xml",
)


def _by_packing(data: bytes, most: int, seed: int, bytewise: Bytewise) -> bytes:
    """Half of the time bytes are changed, a tar's checksum being made right again; else other files are packed."""
    dice = random.Random(seed)
    if dice.random() < 0.5:
        found = bytewise(data, most)
        return _summed(found) if not found.startswith((b"PK", b"\x1f\x8b", b"\x28\xb5")) else found
    files = {
        dice.choice(_NAMES) if dice.random() < 0.4 else name: bytewise(body, 400) if dice.random() < 0.4 else body
        for name, body in _INNER.items()
    }
    if dice.random() < 0.4 and len(data) < most // 2:
        files[dice.choice(("inner.zip", "a/inner.tar.gz", "x"))] = data
    files.setdefault("data/tweets.jsonl", b"[]")
    return dice.choice(PACKERS)(files)[:most]


def _summed(data: bytes) -> bytes:
    """The same bytes with the checksum of a tar's first header in its place."""
    if len(data) < 512:
        return data
    total = sum(data[:148]) + 8 * 32 + sum(data[156:512])
    return data[:148] + b"%06o\0 " % total + data[156:]
