"""What must hold for all importers of the open networks: order, cuts, wrong values, poison, who claims which file."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sources_files
import sources_networks as made
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dalil.errors import InputError, LimitReached
from dalil.schema.chunks import PublicAccount
from dalil.sources.importer import Importer, Item, Limits, ReadContext, Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import SourceFile, head_of
from dalil.sources.registry import detect, importers
from dalil.testing.importers import check_record

KEY = bytes(range(32))
VIDEO = "gQ_1zX-F_No"
NAMES = ("activitypub-outbox", "bluesky-api", "bluesky-jetstream", "mastodon", "reddit", "youtube-api", "yt-dlp")
PUBLIC = (
    PublicAccount(platform="mastodon", handle="sahlara@social.example"),
    PublicAccount(platform="bluesky", native_id=made.did("sahlara")),
    PublicAccount(platform="reddit", handle="SahlaraNews"),
)


def lines_of(name: str) -> list[dict[str, Any]]:
    """A dozen different records of a format, each a line of its own."""
    numbers = range(1, 7)
    match name:
        case "activitypub-outbox":
            notes = [made.ap_note(n, f"user{n % 3}", f"<p>post {n}</p>") for n in numbers]
            gone = {
                "type": "Delete",
                "id": "https://s.example/d",
                "actor": made.ap_actor("user1"),
                "object": notes[0]["id"],
            }
            return [made.ap_create(note) for note in notes] + [made.ap_announce(50, "user2", notes[1]), gone]
        case "bluesky-api":
            return [
                made.bs_view(f"user{'abc'[n % 3]}", f"3k{n}", made.bs_record(f"post {n} @userb.bsky.example"))
                for n in numbers
            ]
        case "bluesky-jetstream":
            posts = [made.js_commit(f"user{'abc'[n % 3]}", f"3k{n}", made.bs_record(f"post {n}")) for n in numbers]
            return [*posts, made.js_commit("userb", "3k1", operation="delete")]
        case "mastodon":
            statuses = [made.md_status(n, f"user{n % 3}", f"<p>post {n}</p>") for n in numbers]
            return [*statuses, made.md_repost(50, "user1", statuses[2])]
        case "reddit":
            posts = [made.rd_post(f"a{n}", f"user_{n % 3}", f"post {n}") for n in numbers]
            return [*posts, *(made.rd_comment(f"c{n}", f"user_{n % 3}", f"comment {n}", parent_id=f"t3_a{n}", link_id=f"t3_a{n}") for n in numbers)]  # fmt: skip
        case "youtube-api":
            comments = [made.yt_answer([made.yt_comment(f"Ugx{n}", f"comment {n}", f"UC{n % 3:022}")]) for n in numbers]
            return [*comments, made.yt_answer([made.yt_video(VIDEO)]), made.yt_answer([made.yt_video("otherVideo1")])]
        case _:
            return [made.dl_info(f"video_{n:06}", [made.dl_comment(f"Ugx{n}", f"words {n}")]) for n in numbers]


def read(importer: Importer, path: Path, *, limits: Limits | None = None) -> Iterator[Item]:
    return importer.read(SourceFile(path, path.parent), ReadContext(Pseudonymiser(KEY, PUBLIC), limits or Limits()))


def raws(importer: Importer, path: Path) -> set[bytes]:
    return {record.raw for record in sources_files.records(read(importer, path))}


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(tmp_path: Path, name: str, chance: Any) -> None:
    importer = importers()[name]
    rows = lines_of(name)
    before = raws(importer, made.write_lines(tmp_path / "a.jsonl", rows))
    chance.shuffle(rows)
    assert raws(importer, made.write_lines(tmp_path / "b.jsonl", rows)) == before
    assert before


@pytest.mark.parametrize("name", NAMES)
def test_a_file_twice_in_one_is_the_same_observations(tmp_path: Path, name: str) -> None:
    rows = lines_of(name)
    once = made.write_lines(tmp_path / "a.jsonl", rows)
    twice = made.write_lines(tmp_path / "b.jsonl", rows + rows)
    assert raws(importers()[name], once) == raws(importers()[name], twice)


@pytest.mark.parametrize("name", [*NAMES, "feeds"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1))
def test_a_file_cut_at_any_byte_gives_part_of_what_was_in_it(tmp_path: Path, name: str, share: float) -> None:
    importer = importers()[name]
    if name == "feeds":
        data = made.rss([made.rss_item(n) for n in range(1, 5)]).encode()
    else:
        data = made.write_lines(tmp_path / "a.jsonl", lines_of(name)).read_bytes()
    whole = tmp_path / "whole"
    whole.write_bytes(data)
    cut = tmp_path / "cut"
    cut.write_bytes(data[: int(len(data) * share)])
    try:
        found = list(read(importer, cut))
    except InputError:
        return
    kept = {record.raw for record in sources_files.records(found)}
    assert kept <= raws(importer, whole)


# Wrong values in every field

WRONG: tuple[Any, ...] = (None, True, -1, 0, 1.5, 1 << 60, "", "x", "0", [], {}, [[]], {"a": {"b": []}}, "\u202e", "@hidden", "a" * 3_000, ["x"] * 50)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value within a value."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list):
        for at in range(len(value)):
            yield from places(value[at], (*path, at))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The value with another in one place."""
    if not path:
        return new
    head, *rest = path
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[head] = changed(value[head], tuple(rest), new)
    return copy


def rich(name: str) -> dict[str, Any]:
    """One record of a format with as many of its fields as we read."""
    text = "by @other see https://news.example/ #tag"
    match name:
        case "activitypub-outbox":
            note = made.ap_note(1, "sahlara", f"<p>{made.md_mention('other')}</p>", summary="s", name="n", updated="2026-05-12T00:00:00Z", tag=[{"type": "Mention", "href": made.ap_actor("other"), "name": "@other"}], attachment=[{"type": "Image", "url": "https://f.example/1", "width": 1, "height": 1, "name": "alt"}], oneOf=[{"name": "a", "replies": {"totalItems": 1}}], votersCount=1, replies={"totalItems": 1}, inReplyTo="https://social.example/users/other/statuses/2", quoteUrl="https://social.example/users/other/statuses/3", mediaType="text/html")  # fmt: skip
            return made.ap_create(note)
        case "bluesky-api":
            embed = {
                "$type": "app.bsky.embed.recordWithMedia",
                "media": {"images": [made.bs_image("bafkreix", "alt")]},
                "record": {"record": {"uri": made.bs_uri("other", "3kq"), "cid": "x"}},
            }
            record = made.bs_record(
                text,
                facets=[
                    made.bs_facet(text, "@other", made.bs_mention("other")),
                    made.bs_facet(text, "#tag", made.bs_tag("tag")),
                ],
                embed=embed,
                labels={"values": [{"val": "x"}]},
                tags=["t"],
                reply={"parent": {"uri": made.bs_uri("other", "3kp")}, "root": {"uri": made.bs_uri("other", "3kp")}},
            )
            view = {
                "record": {
                    "record": {
                        "uri": made.bs_uri("other", "3kq"),
                        "author": made.bs_author("other"),
                        "value": made.bs_record("q"),
                        "embeds": [],
                    }
                },
                "media": {"images": [{"fullsize": "https://c.example/x"}]},
            }
            return made.bs_view("sahlara", "3kaa", record, embed=view, labels=[{"src": made.did("other"), "val": "x"}])
        case "bluesky-jetstream":
            return made.js_commit(
                "sahlara",
                "3kaa",
                made.bs_record(
                    text,
                    facets=[made.bs_facet(text, "#tag", made.bs_tag("tag"))],
                    embed={"external": {"uri": "https://n.example/", "title": "t", "description": "d"}},
                ),
            )
        case "mastodon":
            picture = {
                "id": "5",
                "type": "image",
                "url": "https://f.example/5",
                "description": "alt",
                "meta": {"original": {"width": 1, "height": 1, "duration": 1.5}},
            }
            quote = {"state": "accepted", "quoted_status": made.md_status(9, "other", "<p>q</p>")}
            return made.md_status(
                1,
                "sahlara",
                f"<p>{made.md_mention('other')}</p>",
                spoiler_text="s",
                edited_at="2026-05-12T00:00:00Z",
                in_reply_to_id="7",
                in_reply_to_account_id="1",
                media_attachments=[picture],
                mentions=[{"id": "1", "url": "https://social.example/@other", "acct": "other"}],
                poll={"options": [{"title": "a", "votes_count": 1}], "votes_count": 1},
                card={"url": "https://n.example/", "title": "t"},
                quote=quote,
            )
        case "reddit":
            return made.rd_post(
                "1abc",
                "SahlaraNews",
                text,
                selftext=text,
                edited=1778517256.0,
                link_flair_text="f",
                retrieved_on=1778600000,
                media_metadata={"m": {"m": "image/png", "s": {"x": 1, "y": 1, "u": "https://i.example/"}}},
                secure_media={
                    "reddit_video": {"fallback_url": "https://v.redd.it/x", "width": 1, "height": 1, "duration": 1}
                },
                crosspost_parent="t3_1xyz",
                crosspost_parent_list=[made.rd_post("1xyz", "other", "t")],
            )
        case "youtube-api":
            thread = made.yt_thread(
                VIDEO, made.yt_comment("Ugx1", text), [made.yt_comment("Ugx1.2", "r", parentId="Ugx1")]
            )
            return made.yt_answer([made.yt_video(VIDEO, {"tags": ["a"], "defaultLanguage": "ar"}), thread])
        case _:
            return made.dl_info(VIDEO, [made.dl_comment("Ugx1", text), made.dl_comment("Ugx1.2", "r", parent="Ugx1")])  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_value_in_any_field_is_a_reject_or_read_soundly(tmp_path: Path, name: str) -> None:
    importer = importers()[name]
    whole = rich(name)
    path = tmp_path / "a.json"
    assert sources_files.records(read(importer, made.write_json(path, whole)))
    ways = list(places(whole))
    assert len(ways) > 20
    for number, way in enumerate(ways):
        for offset in range(4):  # four of the wrong values for each place, others for the next
            path.write_text(
                json.dumps(changed(whole, way, WRONG[(4 * number + offset) % len(WRONG)])), encoding="utf-8"
            )
            try:
                for item in read(importer, path):
                    if isinstance(item, Record):
                        check_record(item)
            except (InputError, LimitReached):
                pass


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_field_is_a_reject_or_read_soundly(tmp_path: Path, name: str) -> None:
    whole = rich(name)
    path = tmp_path / "a.json"

    def without(value: Any, way: tuple[Any, ...]) -> Any:
        head, *rest = way
        copy = dict(value) if isinstance(value, dict) else list(value)
        if rest:
            copy[head] = without(value[head], tuple(rest))
        else:
            del copy[head]
        return copy

    for way in places(whole):
        if way:
            path.write_text(json.dumps(without(whole, way)), encoding="utf-8")
            for record in sources_files.records(read(importers()[name], path)):
                check_record(record)


# Poison: the same name in every field that a private person's record has

POISON = "poiso"


def poisoned(value: Any) -> Any:
    """The value with the poison in every string that is not the shape itself."""
    kept = ("$type", "type", "kind", "visibility", "to", "cc", "published", "createdAt", "created_at", "indexedAt", "operation", "collection", "availability", "privacyStatus", "publishedAt", "updatedAt", "extractor_key", "extractor", "_type", "@context")  # fmt: skip
    if isinstance(value, dict):
        return {key: inner if key in kept else poisoned(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [poisoned(inner) for inner in value]
    if not isinstance(value, str):
        return value
    return (
        value.replace("sahlara", "poisone").replace("Sahlara", "Poisone").replace("other", POISON)
    )  # as long as before


@pytest.mark.parametrize("name", NAMES)
def test_no_table_holds_a_private_name_but_in_its_words(tmp_path: Path, name: str) -> None:
    text = json.dumps(rich(name)).replace("sahlaratoday", "publicchannel").replace("Sahlara Today", "Public Channel")
    value = poisoned(
        json.loads(
            text.replace("self.Sahlara", "x").replace("/r/Sahlara", "/r/Public").replace('"Sahlara"', '"Public"')
        )
    )
    path = made.write_json(tmp_path / "a.json", value)
    handed = sources_files.child(path, format=name)
    assert handed.end is not None
    assert handed.end.read > sum(handed.end.rejected.values())
    for table in ("observations", "posts", "accounts", "edges", "raw", "text_signals"):
        shown = json.dumps(handed.rows(table), default=bytes.decode if table == "raw" else str, ensure_ascii=False)
        assert POISON not in shown.lower(), table
    if name not in ("youtube-api", "yt-dlp"):
        assert POISON in json.dumps(handed.rows("locators")).lower()


# Who claims which file


def samples(tmp_path: Path) -> dict[str, list[Path]]:
    """Files of every format, ours and those that were there before."""
    found: dict[str, list[Path]] = {name: [] for name in (*NAMES, "feeds")}
    for number, name in enumerate(NAMES):
        rows = lines_of(name)
        found[name] += [
            made.write_lines(tmp_path / f"{number}.jsonl", rows),
            made.write_json(tmp_path / f"{number}.json", rich(name)),
        ]
        if name != "yt-dlp":
            found[name].append(made.write_json(tmp_path / f"{number}.list.json", rows))
    found["activitypub-outbox"].append(
        made.write_json(tmp_path / "outbox.json", made.ap_outbox(lines_of("activitypub-outbox")))
    )
    found["bluesky-api"].append(
        made.write_json(tmp_path / "feed.json", {"feed": [{"post": row} for row in lines_of("bluesky-api")]})
    )
    found["bluesky-api"].append(made.write_json(tmp_path / "profile.json", made.bs_author("sahlara", followersCount=1)))
    found["bluesky-jetstream"].append(
        made.write_json(tmp_path / "tap.json", [made.tap_event("sahlara", "3kaa", made.bs_record("x"))])
    )
    found["mastodon"].append(made.write_json(tmp_path / "accounts.json", [made.md_account("sahlara")]))
    found["reddit"].append(
        made.write_json(
            tmp_path / "listing.json", made.rd_listing([made.rd_thing("t3", row) for row in lines_of("reddit")[:6]])
        )
    )
    found["feeds"] = [
        made.write(tmp_path / "rss.xml", made.rss([made.rss_item(1)])),
        made.write(tmp_path / "atom.xml", made.atom([made.atom_entry(1)])),
    ]
    found["x-api-v2"] = [
        sources_files.write_lines(tmp_path / "x", [sources_files.x_response([sources_files.x_tweet(1, 2, "x")])])
    ]
    found["telegram-desktop"] = [
        sources_files.write_json(tmp_path / "t", sources_files.tg_chat([sources_files.tg_message(1)]))
    ]
    found["crowdtangle-csv"] = [sources_files.write_ct(tmp_path / "c", [sources_files.ct_row(1)])]
    return found


def test_each_file_is_claimed_by_its_own_importer_and_by_none_as_surely(tmp_path: Path) -> None:
    for name, paths in samples(tmp_path).items():
        for path in paths:
            head = head_of(path)
            sure = {importer.manifest.name: importer.detect(head) for importer in importers()}
            assert sure[name] >= 0.5, (name, path.name)
            assert max((value for other, value in sure.items() if other != name), default=0) < sure[name], (
                path.name,
                sure,
            )
            found = detect(head)
            assert found is not None
            assert found.manifest.name == name


@pytest.mark.parametrize(
    "head",
    [
        b'{"kind": "t3"}x',
        b'{"type": "Create"}',
        b'{"did": "did:plc:x"}',
        b'{"handle": "x", "did": "did:plc:x", "didDoc": {}}',
        b'{"acct": "x"}',
        b'{"spoiler_text": ""}',
        b'{"subreddit": "x", "created_utc": 1}',
        b'{"item_id": "1", "nav_index": 1, "source_platform_url": "x", "data": {"kind": "youtube#video", "uri": "at://x", "record": {}}}',
        b'{"log": {"entries": [{"request": {"url": "https://x/"}}]}}',
        b"uri,text\nat://did:plc:x,words\n",
    ],
)
def test_what_resembles_them_is_not_taken_for_them(head: bytes) -> None:
    ours = [importers()[name] for name in (*NAMES, "feeds")]
    assert all(importer.detect(head) < 0.7 for importer in ours)


# Limits


def hole(path: Path, before: bytes, after: bytes) -> Path:
    """A file with a hole of 200 MB where `before` ends, which takes no room on the disk."""
    with path.open("wb") as stream:
        stream.write(before)
        stream.seek(len(before) + (200 << 20))
        stream.write(after)
    return path


def line(name: str) -> bytes:
    return json.dumps(lines_of(name)[0]).encode() + b"\n"


@pytest.mark.parametrize("name", [name for name in NAMES if name != "yt-dlp"])
def test_a_line_of_hundreds_of_megabytes_is_one_reject(tmp_path: Path, name: str) -> None:
    path = hole(tmp_path / "f", line(name) + b'{"x":"', b'"}\n' + line(name))
    tracemalloc.start()
    found = list(read(importers()[name], path, limits=Limits(line_bytes=1 << 20)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [code for _, code in sources_files.rejects(found)] == ["record-too-long"]
    assert len(sources_files.records(found)) >= 2
    assert peak < 24 << 20


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (
            "yt-dlp",
            b'{"id":"gQ_1zX-F_No","extractor_key":"Youtube","formats":[{"format_id":"',
            b'"}],"comments":[{"id":"Ugx1","text":"a"}]}',
        ),
        (
            "activitypub-outbox",
            b'{"id":"https://s.example/o","type":"OrderedCollection","x":"',
            b'","orderedItems":[' + line("activitypub-outbox") + b"]}",
        ),
    ],
)
def test_a_long_field_that_nobody_reads_is_passed_over(tmp_path: Path, name: str, before: bytes, after: bytes) -> None:
    path = hole(tmp_path / "f", before, after)
    tracemalloc.start()
    found = list(read(importers()[name], path, limits=Limits(line_bytes=1 << 20)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sources_files.rejects(found) == []
    assert sources_files.records(found)
    assert peak < 24 << 20


@pytest.mark.parametrize("depth", [1_000, 100_000])
@pytest.mark.parametrize("name", [name for name in NAMES if name != "yt-dlp"])
def test_nesting_of_any_depth_is_one_reject(tmp_path: Path, name: str, depth: int) -> None:
    path = tmp_path / "f"
    path.write_bytes(line(name) + b'{"deep":' + b"[" * depth + b"]" * depth + b"}\n" + line(name))
    found = list(read(importers()[name], path))
    assert [code for _, code in sources_files.rejects(found)] == ["nested-too-deep"]
    assert len(sources_files.records(found)) >= 2


@pytest.mark.parametrize(
    "opening",
    [b"[", b'{"a":', b'{"items":[', b'{"orderedItems":[', b'{"feed":[', b'{"data":{"children":[', b'{"comments":['],
)
@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_openings_alone_ends(tmp_path: Path, name: str, opening: bytes) -> None:
    path = tmp_path / "f"
    path.write_bytes(opening * 10_000)
    found = list(read(importers()[name], path))
    assert sources_files.records(found) == []


MANY: dict[str, Callable[[int], dict[str, Any]]] = {
    "bluesky-api": lambda n: made.bs_view("sahlara", "3kaa", made.bs_record("a " * n, facets=[{"index": {"byteStart": 2 * k, "byteEnd": 2 * k + 1}, "features": [made.bs_mention("other")]} for k in range(n)])),
    "mastodon": lambda n: made.md_status(1, "sahlara", f"<p>{made.md_mention('other') * n}</p>"),
    "reddit": lambda n: made.rd_post("1abc", "x", "u/other " * n),
    "youtube-api": lambda n: made.yt_answer([made.yt_comment("Ugx1", "@other " * n)]),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(MANY))
def test_a_text_of_thousands_of_names_is_read(tmp_path: Path, name: str) -> None:
    path = made.write_json(tmp_path / "a.json", MANY[name](3_000))
    [record] = sources_files.records(read(importers()[name], path), "post")
    assert record.post is not None
    assert "other" not in record.post.text
