"""Each sample of X and TikTok is taken for what it is, whatever it is called, and by nobody else as surely."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sources_files
import sources_x_files as x

from dalil.sources.reading import HEAD_BYTES, head_of
from dalil.sources.registry import detect, importers

NEWS = x.user(55, "SahlaraToday")
STATUS = x.status(1600, NEWS, "The bridge stands.")
TWEET = sources_files.x_tweet(1600, 55, "The bridge stands.")

SAMPLES: dict[str, Callable[[Path], Path]] = {
    "x-api-v1 stream": lambda path: x.lines(path, [STATUS, STATUS]),
    "x-api-v1 one document": lambda path: sources_files.write_json(path, STATUS),
    "x-api-v1 timeline": lambda path: sources_files.write_json(path, [STATUS] * 3),
    "x-api-v1 search": lambda path: sources_files.write_json(path, {"statuses": [STATUS]}),
    "x-api-v1 old text": lambda path: x.lines(path, [{**STATUS, "text": "x", "full_text": None}]),
    "x-api-v1 deletions": lambda path: x.lines(path, [{"delete": {"status": {"id": 1, "id_str": "1", "user_id": 2}}}]),
    "x-api-v1 limits": lambda path: x.lines(path, [{"limit": {"track": 5}}, STATUS]),
    "x-api-v1 withheld": lambda path: x.lines(path, [{"status_withheld": {"id": 1, "user_id": 2}}]),
    "x-api-v1 users": lambda path: sources_files.write_json(path, [NEWS]),
    "x-api-v1 map": lambda path: sources_files.write_json(path, {"id": {"1600": STATUS, "1601": None}}),
    "x-api-v1 embedded": lambda path: x.lines(path, [{"__typename": "Tweet"} | STATUS]),
    "x-api-v2 response": lambda path: x.lines(path, [sources_files.x_response([TWEET], [])]),
    "x-api-v2 flattened": lambda path: x.lines(path, [TWEET | {"author": {"id": "55"}}]),
    "x-archive tweets": lambda path: x.archive(path.parent, [x.archived(1600, "x")]).replace(path),
    "x-archive old": lambda path: x.archive(path.parent, [x.archived(1600, "x")], name="tweet").replace(path),
    "x-zeeschuimer x": lambda path: x.lines(path, [x.envelope(x.graphql(1600, NEWS, "x"), "twitter.com")]),
    "x-zeeschuimer new": lambda path: x.lines(path, [x.envelope(x.graphql(1600, NEWS, "x"), "x.com")]),
    "tiktok-zeeschuimer": lambda path: x.lines(
        path, [x.envelope(x.tiktok(1, x.clip_author(5, "a"), "x"), "tiktok.com")]
    ),
    "x-io-csv": lambda path: x.table(path, [x.io_row(1600, 55, "x")]),
    "clemson-csv": lambda path: x.table(path, [x.clemson_row(1600, "x")]),
    "gazouilloire-csv": lambda path: x.table(path, [x.gazouilloire_row(1600, 55, "a", "x")]),
    "gazouilloire-csv documents": lambda path: x.lines(
        path, [{"_index": "i", "_id": "1", "_source": x.gazouilloire_row(1, 5, "a", "x")}]
    ),
    "crowdtangle-csv": lambda path: sources_files.write_ct(path, [sources_files.ct_row(1)]),
    "telegram-desktop": lambda path: sources_files.write_json(
        path, sources_files.tg_chat([sources_files.tg_message(1)])
    ),
}


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_sample_is_taken_for_what_it_is(tmp_path: Path, sample: str) -> None:
    path = SAMPLES[sample](tmp_path / "x.bin")
    head = head_of(path)
    wanted = sample.partition(" ")[0]
    sure = {importer.manifest.name: importer.detect(head) for importer in importers()}
    assert sure[wanted] >= 0.5
    assert [name for name, how in sure.items() if name != wanted and how >= sure[wanted]] == []
    found = detect(head)
    assert found is not None
    assert found.manifest.name == wanted


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_byte_order_mark_and_leading_space_change_nothing(tmp_path: Path, sample: str) -> None:
    path = SAMPLES[sample](tmp_path / "x.bin")
    if sample.endswith("documents") or not sample.startswith(("crowdtangle", "clemson", "gazouilloire", "x-io")):
        path.write_bytes(b"\xef\xbb\xbf\n " + path.read_bytes())
    else:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    found = detect(head_of(path))
    assert found is not None
    assert found.manifest.name == sample.partition(" ")[0]


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_first_bytes_alone_are_enough(tmp_path: Path, sample: str) -> None:
    path = SAMPLES[sample](tmp_path / "x.bin")
    whole = path.read_bytes()
    path.write_bytes(whole + b"\n" + b" " * HEAD_BYTES + b"something else entirely")
    found = detect(head_of(path))
    assert found is not None
    assert found.manifest.name == sample.partition(" ")[0]


@pytest.mark.parametrize(
    "head",
    [
        json.dumps({"id": "1", "text": "x", "user": {"screen_name": "a"}}).encode(),
        json.dumps({"id_str": "1", "text": "no other field"}).encode(),
        json.dumps({"delete": {"collection": "app.bsky.feed.post"}}).encode(),
        json.dumps({"limit": 5}).encode(),
        json.dumps({"screen_name": "a", "followers_count": 5}).encode(),
        json.dumps(x.envelope({"id": "1"}, "instagram.com")).encode(),
        json.dumps(x.envelope({"id": "1"}, "tiktok-comments")).encode(),
        b"window.YTD.direct_messages.part0 = [ {",
        b"var tweets = [",
        b"id,text,created_at\n1,x,y\n",
        b"tweetid,userid\n1,2\n",
        b"author,content\nx,y\n",
        b'{"_index": "books", "_source": {"title": "x"}}',
    ],
)
def test_what_resembles_one_is_not_taken_for_it(head: bytes) -> None:
    assert detect(head) is None
