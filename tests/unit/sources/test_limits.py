"""Very long lines, very deep nesting, very many rows: rejects or errors, in memory that stays small."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
import sources_files

from dalil.errors import InputError
from dalil.sources.formats.crowdtangle_csv.importer import CrowdTangleCsv
from dalil.sources.formats.hand_capture.importer import HandCapture
from dalil.sources.formats.telegram_desktop.importer import TelegramDesktop
from dalil.sources.formats.x_api_v2.importer import XApiV2
from dalil.sources.importer import Importer, Item, Limits, ReadContext, Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import SourceFile

LONG = 300 << 20
ALLOWED = 24 << 20
LIMITS = Limits(line_bytes=1 << 20)

X = json.dumps(sources_files.x_response([sources_files.x_tweet(1, 55, "words")])).encode() + b"\n"
CAPTURE = b'{"dalil_capture":1,"platform":"facebook","seen_at":"2026-05-17T00:00:00Z","text":"words"}\n'
CHAT = json.dumps(sources_files.tg_chat([sources_files.tg_message(1, "words")]))[:-2].encode()
LAST = json.dumps(sources_files.tg_message(3, "words")).encode()
HEADER = b"Page Name,URL,Message\n"
ROW = b"Sahlara Today,https://www.facebook.com/100064062786653/posts/1,words\n"


def with_hole(path: Path, before: bytes, after: bytes) -> Path:
    """A file with a hole of 300 MB, which takes no room on the disk, where `before` ends."""
    with path.open("wb") as stream:
        stream.write(before)
        stream.seek(len(before) + LONG)
        stream.write(after)
    return path


def read(importer: Importer, path: Path) -> Iterator[Item]:
    return importer.read(SourceFile(path), ReadContext(Pseudonymiser(bytes(32)), LIMITS))


@pytest.mark.parametrize(
    ("importer", "before", "after", "kept"),
    [
        (XApiV2(), X + b'{"data":"', b'"}\n' + X, 2),
        (HandCapture(), CAPTURE + b'{"dalil_capture":1,"x":"', b'"}\n' + CAPTURE, 2),
        (CrowdTangleCsv(), HEADER + ROW + b'"', b'"\n' + ROW, 2),
        (TelegramDesktop(), CHAT + b',{"id":2,"type":"message","text":"', b'"},' + LAST + b"]}", 2),
    ],
)
def test_a_line_of_hundreds_of_megabytes_is_one_reject(
    tmp_path: Path, importer: Importer, before: bytes, after: bytes, kept: int
) -> None:
    path = with_hole(tmp_path / "f", before, after)
    tracemalloc.start()
    found = list(read(importer, path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [code for _, code in sources_files.rejects(found)] == ["record-too-long"]
    assert sum(isinstance(item, Record) and not item.included for item in found) == kept
    assert peak < ALLOWED


@pytest.mark.parametrize("depth", [1_000, 10_000, 200_000])
@pytest.mark.parametrize(
    ("importer", "before", "after"),
    [
        (XApiV2(), X + b'{"data":[{"id":"2","text":"x","deep":', b"}]}\n" + X),
        (HandCapture(), CAPTURE + b'{"dalil_capture":1,"deep":', b"}\n" + CAPTURE),
        (TelegramDesktop(), CHAT + b',{"id":2,"type":"message","deep":', b"}," + LAST + b"]}"),
    ],
)
def test_nesting_of_any_depth_is_one_reject(
    tmp_path: Path, importer: Importer, before: bytes, after: bytes, depth: int
) -> None:
    path = tmp_path / "f"
    path.write_bytes(before + b"[" * depth + b"]" * depth + after)
    found = list(read(importer, path))
    codes = [code for _, code in sources_files.rejects(found)]
    assert codes == ["nested-too-deep"]
    assert sum(isinstance(item, Record) and not item.included for item in found) == 2


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"messages":[', b'{"chats":{"list":['])
def test_a_file_of_openings_alone_ends(tmp_path: Path, opening: bytes) -> None:
    path = tmp_path / "f"
    path.write_bytes(opening * 20_000)
    for importer in (XApiV2(), HandCapture(), TelegramDesktop()):
        found = list(read(importer, path))
        assert not any(isinstance(item, Record) for item in found)
        assert sources_files.rejects(found)
    with pytest.raises(InputError):
        list(read(CrowdTangleCsv(), path))


def test_a_column_of_a_million_commas_is_one_reject(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(HEADER + ROW + b"," * 900_000 + b"\n" + ROW)
    found = list(read(CrowdTangleCsv(), path))
    assert sources_files.rejects(found) == [("line 3", "columns-differ")]
