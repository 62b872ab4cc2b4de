"""The sample's captures, which nobody's reader wrote, are read by our importers without one reject."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from dalil.sample.script import CaptureNote, PanelFile, PostRef
from dalil.sample.truthfile import PostTruth, Truth, read_truth
from dalil.sample.writing import SampleWeek, write
from dalil.schema.chunks import PublicAccount
from dalil.schema.identity import keyed_hash
from dalil.schema.records import Reject
from dalil.schema.words import Kind
from dalil.signals.pictures import picture_signal
from dalil.signals.texts import keys_of
from dalil.sources import registry
from dalil.sources.importer import Item, ReadContext, Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import SourceFile, head_of

KEY = b"k" * 32
FILES = {"telegram-desktop": "result.json", "hand-capture": "captures.jsonl"}
EDGE_OF_RECOGNITION = 31


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> SampleWeek:
    return write(tmp_path_factory.mktemp("sahlara"), seed=20260517)


@pytest.fixture(scope="module")
def truth(week: SampleWeek) -> Truth:
    return read_truth(week.truth.read_bytes())


def items(week: SampleWeek) -> Iterator[tuple[datetime, Item]]:
    panel = msgspec.json.decode(week.panel.read_bytes(), type=PanelFile)
    public = [PublicAccount(row.platform, row.native_id, row.handle) for row in panel.public]
    for capture in week.captures:
        folder = capture.path.is_dir()
        path = capture.path / FILES[capture.format] if folder else capture.path
        importer = registry.detect(head_of(path))
        assert importer is not None
        assert importer.manifest.name == capture.format
        context = ReadContext(Pseudonymiser(KEY, public))
        for item in importer.read(SourceFile(path, capture.path if folder else None), context):
            yield capture.captured_at, item


@pytest.fixture(scope="module")
def read(week: SampleWeek) -> list[tuple[datetime, Item]]:
    return list(items(week))


def uid(post: PostTruth, native_id: str) -> str:
    shown = f"h:{keyed_hash(KEY, post.post.platform, 'post', native_id)}" if post.hashed else native_id
    return f"{post.post.platform}:{shown}"


def test_nothing_is_rejected_and_overlaps_are_known(read: list[tuple[datetime, Item]]) -> None:
    assert not [item for _, item in read if isinstance(item, Reject)]
    raw = Counter(item.raw for _, item in read if isinstance(item, Record) and not item.included)
    assert sum(n - 1 for n in raw.values()) > 1000


def test_every_captured_post_is_found_under_its_name(read: list[tuple[datetime, Item]], truth: Truth) -> None:
    found: dict[str, list[Record]] = defaultdict(list)
    for _, item in read:
        if isinstance(item, Record) and item.kind is not Kind.ACCOUNT:
            found[item.uid].append(item)
    old_channel = truth.posts[0].author  # the archive's posts lie years before all others
    for post in truth.posts:
        if not post.captures:
            continue
        names = [uid(post, name) for name in (post.post.native_id, post.edited_id) if name]
        records = [record for name in names for record in found[name]]
        assert records, post
        assert (records[0].kind is Kind.REPOST) == (post.kind in ("repost", "forward"))
        created = {r.post.created_at for r in found[names[0]] if r.post and r.post.state != "deleted"}
        if post.author != old_channel and created:
            assert created == {post.at}


def test_private_authors_are_kept_by_hash_alone(read: list[tuple[datetime, Item]], truth: Truth) -> None:
    private = {post.author.native_id for post in truth.posts if not post.author.public}
    for _, item in read:
        if isinstance(item, Record):
            assert (item.author_ref or "").partition(":")[2] not in private
            assert not any(secret.encode() in item.raw for secret in truth.never_stored)


def test_pictures_come_along_and_hash_as_foretold(
    week: SampleWeek, read: list[tuple[datetime, Item]], truth: Truth
) -> None:
    data = {m.sha256: m.data for _, item in read if isinstance(item, Record) for m in item.media}
    assert set(data) == {file.sha256 for file in truth.files}
    signals = {sha256: picture_signal(held, max_pixels=10**7) for sha256, held in data.items()}
    first = {file.picture: signals[file.sha256] for file in truth.files if file.edit == "original"}
    assert all(signals[file.sha256].quality >= 80 for file in truth.files)
    wrong = []
    for file in truth.files:
        variants = [int.from_bytes(variant) for variant in signals[file.sha256].variants]
        apart = {
            name: min((v ^ int.from_bytes(known.pdq)).bit_count() for v in variants) for name, known in first.items()
        }
        own = apart.pop(file.picture, None)
        assert min(apart.values()) > 64, file
        if own is not None and file.expect_pdq is not None and file.expect_pdq != (own <= EDGE_OF_RECOGNITION):
            wrong.append((file.edit, own))
    assert wrong == []


def test_originals_lie_more_than_ninety_bits_apart(read: list[tuple[datetime, Item]], truth: Truth) -> None:
    data = {m.sha256: m.data for _, item in read if isinstance(item, Record) for m in item.media}
    hashes = [
        int.from_bytes(picture_signal(data[f.sha256], max_pixels=10**7).pdq)
        for f in truth.files
        if f.edit == "original"
    ]
    assert min((a ^ b).bit_count() for n, a in enumerate(hashes) for b in hashes[:n]) > 90


def test_exact_copies_share_a_skeleton_and_strangers_do_not(read: list[tuple[datetime, Item]], truth: Truth) -> None:
    texts: dict[str, str] = {}
    for _, item in read:
        if isinstance(item, Record) and item.kind is not Kind.ACCOUNT and item.signal_text:
            texts.setdefault(item.uid, item.signal_text)
    skeletons = dict(zip(texts, (keys.skeleton for keys in keys_of(list(texts.values()))), strict=True))
    posts: dict[PostRef, PostTruth] = {post.post: post for post in truth.posts}
    group_of: dict[str, set[str]] = defaultdict(set)
    for group in truth.text_groups:
        found = {skeletons[name] for ref in group.exact if (name := uid(posts[ref], ref.native_id)) in skeletons}
        assert len(found) <= 1, group.group
        for skeleton in found:
            group_of[skeleton].add(group.group)
    assert all(len(groups) == 1 for groups in group_of.values())


def test_capture_notes_say_what_the_sample_returns(week: SampleWeek) -> None:
    for capture in week.captures:
        name = capture.path.name if capture.path.is_dir() else capture.path.parent.name
        note = msgspec.json.decode((week.folder / "captures" / f"{name}.capture.json").read_bytes(), type=CaptureNote)
        assert Path(week.folder / "captures" / note.path) == capture.path
        assert (note.captured_at, note.format) == (capture.captured_at, capture.format)
