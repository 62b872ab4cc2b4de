"""The contract suite for importers catches each fault that it is there for, shown on planted ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dalil.plugins import Manifest
from dalil.schema.identity import canonical_bytes
from dalil.schema.records import Account, Edge, Post, Reject, Span
from dalil.schema.words import EdgeType, Kind, PublicRole
from dalil.sources.importer import Item, ReadContext, Record
from dalil.sources.reading import SourceFile, lines
from dalil.sources.rereading import Held, Reread
from dalil.testing.importers import ImporterContract, check_record, mutations

SOUND = Manifest("plain-lines", "1", "Plain lines", proof="this test")


def record_of(number: int, text: str, **more: Any) -> Record:
    post = Post(uid=f"plain:{number}", platform="plain", native_id=str(number), text=text)
    given = {
        "kind": Kind.POST,
        "uid": post.uid,
        "version": "1",
        "raw": canonical_bytes({"n": number, "text": text}),
        "post": post,
        "signal_text": text,
    }
    return Record(**(given | more))


class Sound:
    """One post a line, after a first line that says so; nothing is wrong with it."""

    manifest = SOUND

    def detect(self, head: bytes) -> float:
        return float(head.startswith(b"plain lines"))

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        with source.open() as stream:
            for line in lines(stream, limit=context.limits.line_bytes):
                if line.number == 1:
                    continue
                if line.data is None:
                    yield Reject(f"line {line.number}", "record-too-long", line.sha256)
                    continue
                try:
                    yield self.record(line.number, line.data.decode())
                except UnicodeDecodeError:
                    yield Reject(f"line {line.number}", "encoding-wrong", "0" * 64)

    def record(self, number: int, text: str) -> Record:
        return record_of(number, "words" if "secret" in text else text)


class Suite(ImporterContract):
    """The suite as a plug-in author writes it; not collected here, run by hand below."""

    __test__ = False
    importer = Sound()
    secrets = (b"secret",)

    def write_samples(self, folder: Path) -> Sequence[Path]:
        path = folder / "sample"
        path.write_bytes(b"plain lines\none\na secret\n")
        return [path]

    def write_large(self, folder: Path, copies: int) -> Path:
        path = folder / "large"
        path.write_bytes(b"plain lines\n" + b"some words\n" * copies)
        return path


TESTS = [name for name in dir(ImporterContract) if name.startswith("test_")]


def run(importer: object, name: str, folder: Path) -> None:
    suite = type("Planted", (Suite,), {"importer": importer})()
    test = getattr(suite, name)
    if test.__code__.co_argcount == 1:
        test()
    else:
        test(folder)


@pytest.mark.parametrize("name", TESTS)
def test_a_sound_importer_passes(name: str, tmp_path: Path) -> None:
    run(Sound(), name, tmp_path)


class Nameless(Sound):
    manifest = Manifest("Plain Lines", "1", "Plain lines", proof="x")


class Unproven(Sound):
    manifest = Manifest("plain-lines", "1", "Plain lines")


class Greedy(Sound):
    def detect(self, head: bytes) -> float:
        return 1.0


class ByName(Sound):
    def detect(self, head: bytes) -> float:
        return 0.0


class Telltale(Sound):
    def record(self, number: int, text: str) -> Record:
        return record_of(number, text)


class TelltaleInRaw(Sound):
    def record(self, number: int, text: str) -> Record:
        return record_of(number, "words", raw=canonical_bytes({"text": text}))


class Forgetful(Sound):
    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        yield from ()


class Refusing(Sound):
    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        for item in super().read(source, context):
            yield item
            yield Reject("line 2", "not-today")


class Moody(Sound):
    def __init__(self) -> None:
        self.readings = 0

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        self.readings += 1
        for item in super().read(source, context):
            assert isinstance(item, Record)
            yield msgspec.structs.replace(item, version=str(self.readings))


class Fragile(Sound):
    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        for number, text in enumerate(source.path.read_text(encoding="utf-8").splitlines()[1:], 2):
            yield self.record(number, text)


class Hoarding(Sound):
    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        yield from [(item, [0] * 500)[0] for item in super().read(source, context) for _ in range(1)]
        kept = [bytes(3000) for _ in super().read(source, context)]
        assert kept is not None


@pytest.mark.parametrize(
    ("importer", "name"),
    [
        (Nameless(), "test_manifest_is_complete"),
        (Unproven(), "test_manifest_is_complete"),
        (Greedy(), "test_detects_its_samples_by_content"),
        (ByName(), "test_detects_its_samples_by_content"),
        (Telltale(), "test_no_secret_is_in_any_record"),
        (TelltaleInRaw(), "test_no_secret_is_in_any_record"),
        (Forgetful(), "test_samples_are_read_in_full"),
        (Refusing(), "test_samples_are_read_in_full"),
        (Moody(), "test_reading_again_gives_the_same"),
        (Hoarding(), "test_memory_does_not_grow_with_the_file"),
    ],
)
def test_a_fault_is_caught(importer: Sound, name: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        run(importer, name, tmp_path)


def test_a_crash_on_damage_is_not_hidden(tmp_path: Path) -> None:
    with pytest.raises(UnicodeDecodeError):
        run(Fragile(), "test_damage_gives_rejects_or_an_input_error", tmp_path)


def with_post(**more: Any) -> Record:
    record = record_of(1, "words")
    assert record.post is not None
    return msgspec.structs.replace(record, post=msgspec.structs.replace(record.post, **more))


REPOST = Edge(src_uid="plain:1", dst_uid="plain:2", type=EdgeType.REPOST)
PERSON = Account(uid="plain:h:1", platform="plain", native_id="h:1", public_role=PublicRole.PRIVATE_PERSON)


@pytest.mark.parametrize(
    "record",
    [
        with_post(uid="plain:2"),
        with_post(native_id="2"),
        with_post(author_ref="plain:9"),
        with_post(uri="https://plain.example/1"),
        with_post(spans=(Span(2, 99, "bold"),)),
        with_post(spans=(Span(3, 2, "bold"),)),
        record_of(1, "words", post=None),
        record_of(1, "words", uid="plain:"),
        record_of(1, "words", version=""),
        record_of(1, "words", kind=Kind.REPOST),
        record_of(1, "words", kind=Kind.REPOST, post=None),
        record_of(1, "words", kind=Kind.REPOST, post=None, edges=(REPOST, REPOST)),
        record_of(1, "words", kind=Kind.REPOST, post=None, edges=(msgspec.structs.replace(REPOST, src_uid="plain:5"),)),
        record_of(1, "words", accounts=(msgspec.structs.replace(PERSON, native_id="1"),)),
        record_of(1, "words", accounts=(msgspec.structs.replace(PERSON, handle="a"),)),
        record_of(1, "words", accounts=(msgspec.structs.replace(PERSON, display_name="A"),)),
        record_of(1, "words", accounts=(msgspec.structs.replace(PERSON, description="about"),)),
    ],
)
def test_a_record_that_does_not_hold_together_is_caught(record: Record) -> None:
    check_record(record_of(1, "words", accounts=(PERSON,)))
    with pytest.raises(AssertionError):
        check_record(record)


def test_damage_is_the_same_each_time_and_of_many_kinds() -> None:
    data = b'{"a": "b"}\n{"c": "d"}\n'
    made = list(mutations(data))
    assert made == list(mutations(data))
    assert len(set(made)) > 50
    assert b"" in made
    assert any(b"[" * 10_000 in one for one in made)


# An importer that reads its own raw records again.

READS_AGAIN = "test_what_it_wrote_it_reads_again"


class Rereading(Sound):
    """Reads again what it wrote, as it should."""

    manifest = Manifest("plain-lines", "1", "Plain lines", proof="this test", rereads=True)

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        return held.record(raw)


class Forgetful(Rereading):
    """Loses the text when it reads again."""

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        found = held.record(raw)
        return msgspec.structs.replace(found, signal_text="", post=None)


class Rewriting(Rereading):
    """Makes another raw record of it, so that its id would change."""

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        return held.record(raw + b" ")


class Hashing(Rereading):
    """Hashes what is a hash already."""

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        found = held.record(raw)
        return msgspec.structs.replace(found, uid="x:h:" + "0" * 32)


class Boastful(Sound):
    """Says that it reads again, and cannot."""

    manifest = Manifest("plain-lines", "1", "Plain lines", proof="this test", rereads=True)


class Refusing(Rereading):
    """Rejects what it wrote itself."""

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        return Reject("-", "raw-shape-unknown")


def test_one_that_reads_again_passes(tmp_path: Path) -> None:
    run(Rereading(), READS_AGAIN, tmp_path)
    run(Sound(), READS_AGAIN, tmp_path)  # and one that never said that it does


@pytest.mark.parametrize("kind", [Forgetful, Rewriting, Hashing, Boastful, Refusing])
def test_one_that_does_not_is_caught(kind: type[Sound], tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        run(kind(), READS_AGAIN, tmp_path)
