"""One door for all importers: ours and others', found by name and by content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sources_files

from dalil.errors import InputError
from dalil.plugins import Manifest, Registry
from dalil.schema.records import Reject
from dalil.sources.importer import Importer, Item, ReadContext, checked
from dalil.sources.reading import SourceFile, head_of
from dalil.sources.registry import GROUP, detect, importers, named, unknown

OURS = (
    "activitypub-outbox",
    "auto-archiver",
    "bluesky-api",
    "bluesky-jetstream",
    "clemson-csv",
    "crowdtangle-csv",
    "facebook-download",
    "feeds",
    "fourcat",
    "gazouilloire-csv",
    "hand-capture",
    "mastodon",
    "meta-content-library-csv",
    "plain-table",
    "reddit",
    "telegram-desktop",
    "telethon",
    "tgdataset",
    "tiktok-zeeschuimer",
    "x-api-v1",
    "x-api-v2",
    "x-archive",
    "x-io-csv",
    "x-zeeschuimer",
    "youtube-api",
    "yt-dlp",
)


@dataclass
class Lines:
    """A plain importer of another package."""

    manifest: Manifest = Manifest("plain-lines", "1", "Lines", proof="none")  # noqa: RUF009 - frozen

    def detect(self, head: bytes) -> float:
        return float(head.startswith(b"lines:"))

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        with source.open() as stream:
            for number, _ in enumerate(stream, 1):
                yield Reject(f"line {number}", "not-ours")


def test_ours_are_there_in_order_with_what_proves_them() -> None:
    assert tuple(importer.manifest.name for importer in importers()) == OURS
    assert all(importer.manifest.proof for importer in importers())
    assert importers().disabled == []
    assert importers() is importers()


@pytest.mark.parametrize("name", ["telegram-desktop", "yt-dlp", "activitypub-outbox"])
def test_an_importer_says_that_no_real_file_proves_it(name: str) -> None:
    assert importers()[name].manifest.proof == "unproven on a real file"


def test_another_package_comes_through_the_same_door() -> None:
    registry: Registry[Importer] = Registry(GROUP, checked)
    registry.add(Lines)
    registry.add(Lines(manifest=Manifest("more-lines", "1", "More")))
    assert sorted(registry.by_name()) == ["more-lines", "plain-lines"]
    with pytest.raises(ValueError, match="taken"):
        registry.add(Lines())


@pytest.mark.parametrize("candidate", [None, "words", object(), Manifest("a", "1", "A")])
def test_what_is_no_importer_is_refused_with_a_reason(candidate: object) -> None:
    with pytest.raises(ValueError, match="needs manifest"):
        checked(candidate)


def test_a_manifest_that_is_none_and_one_that_needs_the_network_are_refused() -> None:
    with pytest.raises(ValueError, match="manifest"):
        checked(Lines(manifest="x"))  # type: ignore[arg-type]
    registry: Registry[Importer] = Registry(GROUP, checked)
    with pytest.raises(ValueError, match="network"):
        registry.add(Lines(manifest=Manifest("a", "1", "A", needs_network=True)))


def test_names_that_nobody_has_are_an_input_error_that_lists_the_others() -> None:
    assert named("x-api-v2").manifest.name == "x-api-v2"
    with pytest.raises(InputError) as caught:
        named("no\u202esuch")
    assert caught.value.code == "value-wrong"
    assert caught.value.facts["value"] == "no\ufffdsuch"
    assert all(name in str(caught.value.facts["kind"]) for name in OURS)


def test_the_error_for_an_unknown_file_holds_no_path() -> None:
    error = unknown("/home/somebody/secret folder/a.zip", b"PK\x03\x04")
    assert error.facts == {"name": "a.zip", "head": "PK\\x03\\x04"}
    assert "somebody" not in str(error)


def test_each_format_is_told_from_the_others(tmp_path: Path) -> None:
    written = {
        "x-api-v2": sources_files.write_lines(
            tmp_path / "a", [sources_files.x_response([sources_files.x_tweet(1, 2, "x")])]
        ),
        "telegram-desktop": sources_files.write_json(
            tmp_path / "b", sources_files.tg_chat([sources_files.tg_message(1)])
        ),
        "telethon": sources_files.write_lines(tmp_path / "t", [sources_files.tl_message(1)]),
        "meta-content-library-csv": sources_files.write_table(tmp_path / "m", [sources_files.mcl_row(1)]),
        "facebook-download": sources_files.write_json(tmp_path / "f", [sources_files.fb_post(1, "x")]),
        "tgdataset": sources_files.write_json(tmp_path / "g", {"5": sources_files.td_channel({}, {})}),
        "crowdtangle-csv": sources_files.write_ct(tmp_path / "c", [sources_files.ct_row(1)]),
        "hand-capture": tmp_path / "d",
    }
    written["hand-capture"].write_bytes(b'{"dalil_capture":1,"platform":"x","seen_at":"2026-05-17T00:00:00Z"}\n')
    for name, path in written.items():
        head = head_of(path)
        for importer in importers():
            assert (importer.detect(head) >= 0.5) == (importer.manifest.name == name)
        found = detect(head)
        assert found is not None
        assert found.manifest.name == name


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"{}",
        b"[]",
        b'{"data": []}',
        b'{"data": {"id": 1}}',
        b'{"id_str": "1", "full_text": "x", "conversation_id": "1"}',
        b'{"nav_index": 1, "source_platform_url": "x", "data": {"conversation_id": "1", "text": "x"}}',
        b'{"messages": [], "type": "something"}',
        b'{"about": "words", "chats": {}}',
        b"id,text,url\n1,x,y\n",
        b"Page Name,Likes\nx,1\n",
        b'{"capture": 1}',
        b"\x00" * 100,
        b'{"participants": [{"name": "x"}], "messages": [{"sender_name": "x", "timestamp_ms": 1, "content": "x"}]}',
        b'{"comments_v2": [{"timestamp": 1239798000, "data": [{"comment": {"comment": "x", "author": "y"}}]}]}',
        b'[{"timestamp": 1239798000, "title": "x liked a post"}]',
        b'{"1": {"text": "x"}, "2": {"text": "y"}}',
        b"id,creation_time,text\n1,2026-05-11T00:00:00Z,x\n",
        b'[{"_": "User", "id": 1}]',
    ],
)
def test_what_resembles_a_format_is_not_taken_for_it(head: bytes) -> None:
    assert detect(head) is None
