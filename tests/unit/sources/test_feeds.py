"""Feeds: read in pieces, nothing fetched, nothing expanded; outlets are public and persons are not."""

from __future__ import annotations

import io
import socket
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
import sources_networks as made
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import InputError
from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Post
from dalil.schema.words import (
    AccountType,
    Completeness,
    IdQuality,
    Precision,
    PublicRole,
    State,
    TextFormat,
    ZoneBasis,
)
from dalil.sources.formats.feeds import moments
from dalil.sources.formats.feeds.importer import Feeds
from dalil.sources.formats.feeds.splitting import LARGEST_ENTRY, as_ascii, head_of, pieces
from dalil.sources.importer import Item, Record

AT = datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)


def read(tmp_path: Path, text: str | bytes, **more: Any) -> list[Item]:
    path = tmp_path / "feed.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return sources_files.items(Feeds(), path, **more)


def one(tmp_path: Path, text: str | bytes, **more: Any) -> tuple[Record, Post]:
    record = sources_files.records(read(tmp_path, text, **more), "post")[0]
    assert record.post is not None
    return record, record.post


def test_an_item_is_a_post_of_its_outlet(tmp_path: Path) -> None:
    record, post = one(
        tmp_path, made.rss([made.rss_item(1, "&lt;p&gt;It &lt;b&gt;stands&lt;/b&gt;.&lt;/p&gt; #bridge")])
    )
    assert post.uid == record.uid == "web:https://news.example/?p=1"
    assert post.uri == "https://news.example/1"
    assert post.author_ref == post.container_ref == "web:news.example"
    assert record.author_public
    assert post.text == "Bulletin 1\n\nIt stands.\n\n#bridge"
    assert (post.text_format, post.text_complete) == (TextFormat.HTML, Completeness.UNKNOWN)
    assert post.created_at == post.claimed_at == AT
    assert (post.created_zone_basis, post.created_precision) == (ZoneBasis.EXPLICIT, Precision.SECOND)
    assert (post.lang, post.hashtags, post.state) == ("en", ("bridge",), State.LIVE)
    assert record.warnings == ()


def test_who_wrote_it_is_not_read(tmp_path: Path) -> None:
    for text in (made.rss([made.rss_item(1)]), made.atom([made.atom_entry(1)])):
        for record in sources_files.records(read(tmp_path, text)):
            assert "hidden" not in (repr((record.post, record.accounts)) + record.raw.decode()).lower()


def test_the_outlet_comes_along(tmp_path: Path) -> None:
    [record] = sources_files.records(
        read(tmp_path, made.rss([made.rss_item(1)], description="by @hidden_one")), "account"
    )
    [account] = record.accounts
    assert (account.uid, account.display_name, account.type) == ("web:news.example", "Sahlara Today", AccountType.PAGE)
    assert account.public_role is PublicRole.ORGANISATION
    assert account.description is not None
    assert "hidden" not in account.description


def test_an_atom_entry(tmp_path: Path) -> None:
    _, post = one(tmp_path, made.atom([made.atom_entry(7)]))
    assert post.uid == "web:tag:news.example,2026:7"
    assert post.uri == "https://news.example/7"
    assert post.text == "Bulletin 7\n\nThe bridge stands."
    assert post.text_complete is Completeness.YES
    assert post.state is State.LIVE


def test_an_entry_that_was_changed_is_a_version(tmp_path: Path) -> None:
    before, _ = one(tmp_path, made.atom([made.atom_entry(7)]))
    after, post = one(
        tmp_path, made.atom([made.atom_entry(7, content="It fell.", updated="2026-05-11T18:00:00+01:00")])
    )
    assert before.uid == after.uid
    assert before.version != after.version
    assert (post.state, post.edited_at) == (State.EDITED, datetime(2026, 5, 11, 17, tzinfo=UTC))


def test_updated_alone_is_when_it_was_published(tmp_path: Path) -> None:
    _, post = one(tmp_path, made.atom([made.atom_entry(7, published="")]))
    assert (post.created_at, post.edited_at, post.state) == (AT, None, State.LIVE)


def test_whole_content_is_preferred_to_the_summary(tmp_path: Path) -> None:
    item = made.rss_item(
        1, "only the start", **{"content:encoded": "<![CDATA[<p>All of it, <a href='/more'>more</a></p>]]>"}
    )
    _, post = one(tmp_path, made.rss([item]))
    assert post.text == "Bulletin 1\n\nAll of it, more"
    assert post.text_complete is Completeness.YES
    assert post.urls[0].expanded == "https://news.example/more"
    assert post.text[post.spans[0].start : post.spans[0].end] == "more"


def test_a_title_that_the_text_begins_with_is_not_doubled(tmp_path: Path) -> None:
    _, post = one(tmp_path, made.rss([made.rss_item(1, "Bulletin 1: the bridge stands.")]))
    assert post.text == "Bulletin 1: the bridge stands."
    _, bare = one(tmp_path, made.rss([made.rss_item(1, "")]))
    assert bare.text == "Bulletin 1"


def test_media_of_all_kinds_each_once(tmp_path: Path) -> None:
    extra = (
        '<enclosure url="https://news.example/a.mp3" type="audio/mpeg" length="5"/>'
        '<media:content url="https://news.example/b.jpg" type="image/jpeg" width="800" height="600" duration="12"/>'
        '<media:content url="https://news.example/a.mp3"/><media:thumbnail url="/c.jpg"/><media:thumbnail url="javascript:x"/>'
    )
    _, post = one(tmp_path, made.rss([made.rss_item(1).replace("</item>", extra + "</item>")]))
    assert [(ref.source_url, ref.mime) for ref in post.media] == [
        ("https://news.example/a.mp3", "audio/mpeg"),
        ("https://news.example/b.jpg", "image/jpeg"),
        ("https://news.example/c.jpg", "image/*"),
    ]
    assert (post.media[1].width, post.media[1].height, post.media[1].duration_s) == (800, 600, 12.0)


# Identity


@pytest.mark.parametrize(
    ("elements", "uid", "quality"),
    [
        ({"guid": "https://news.example/?p=1"}, "web:https://news.example/?p=1", IdQuality.EXACT),
        ({"guid": "urn:uuid:1234-5678"}, "web:urn:uuid:1234-5678", IdQuality.EXACT),
        ({"guid": "4711"}, "web:https://news.example/1", IdQuality.EXACT),
        ({"guid": ""}, "web:https://news.example/1", IdQuality.EXACT),
        ({"guid": "4711", "link": ""}, "web:news.example#4711", IdQuality.EXACT),
    ],
)
def test_an_entry_is_known_by_its_id_or_its_address(
    tmp_path: Path, elements: dict[str, str], uid: str, quality: IdQuality
) -> None:
    _, post = one(tmp_path, made.rss([made.rss_item(1, **elements)]))
    assert (post.uid, post.id_quality) == (uid, quality)


def test_an_entry_without_either_has_a_derived_id(tmp_path: Path) -> None:
    first, post = one(tmp_path, made.rss([made.rss_item(1, guid="", link="")]))
    other, _ = one(tmp_path, made.rss([made.rss_item(2, guid="", link="")]))
    assert post.id_quality is IdQuality.DERIVED
    assert post.uid.startswith("web:d:")
    assert first.uid != other.uid


@pytest.mark.parametrize(
    ("link", "key"),
    [
        ("https://news.example/", "news.example"),
        ("http://www.News.example", "news.example"),
        ("https://news.example/en/", "news.example/en"),
        ("https://user@news.example/?lang=ckb", "news.example?lang=ckb"),
    ],
)
def test_an_outlet_is_known_by_its_home_page(tmp_path: Path, link: str, key: str) -> None:
    _, post = one(tmp_path, made.rss([made.rss_item(1)], link=link))
    assert post.author_ref == f"web:{key}"


def test_an_outlet_that_says_nothing_is_where_its_entries_are(tmp_path: Path) -> None:
    _, post = one(tmp_path, made.rss([made.rss_item(1)], link=""))
    assert post.author_ref == "web:news.example"
    _, named = one(tmp_path, made.rss([made.rss_item(1, link="", guid="4711")], link=""))
    assert named.author_ref is not None
    assert named.author_ref.startswith("web:d:")
    nameless = '<rss version="2.0"><channel><item><title>x</title></item></channel></rss>'
    record, _ = one(tmp_path, nameless)
    assert not record.author_public


def test_an_entry_taken_over_belongs_to_where_it_came_from(tmp_path: Path) -> None:
    source = (
        '<source><id>https://other.example/feed</id><link href="https://other.example/"/><title>Other</title></source>'
    )
    text = made.atom([made.atom_entry(7).replace("</entry>", source + "</entry>")])
    _, post = one(tmp_path, text)
    assert (post.author_ref, post.container_ref) == ("web:other.example", "web:news.example")


# Persons


@pytest.mark.parametrize(
    "link",
    [
        "https://mastodon.example/@hidden_one",
        "https://www.youtube.com/channel/UChidden",
        "https://www.reddit.com/user/hidden_one",
        "https://bsky.app/profile/hidden.example",
        "https://medium.example/@hidden_one",
        "https://t.me/hidden_one",
    ],
)
def test_a_person_s_own_feed_is_a_private_person_s(tmp_path: Path, link: str) -> None:
    text = made.rss([made.rss_item(1, link=f"{link}/1", guid=f"{link}/1")], title="hidden person", link=link)
    found = sources_files.records(read(tmp_path, text))
    [post] = [record.post for record in found if record.post]
    assert post.uid.startswith("web:h:")
    assert (post.uri, post.author_ref) == (None, None)
    assert post.container_ref is not None
    assert post.container_ref.startswith("web:h:")
    assert "hidden" not in "".join(repr((record.post, record.accounts)) + record.raw.decode() for record in found)


def test_a_known_channel_s_feed_is_public(tmp_path: Path) -> None:
    known = [PublicAccount(platform="mastodon", handle="sahlara@mastodon.example")]
    link = "https://mastodon.example/@sahlara"
    record, post = one(
        tmp_path, made.rss([made.rss_item(1, link=f"{link}/1", guid=f"{link}/1")], link=link), public=known
    )
    assert record.author_public
    assert post.uri == f"{link}/1"


def test_a_person_s_post_in_a_public_feed_is_hashed(tmp_path: Path) -> None:
    address = "https://www.reddit.com/r/Sahlara/comments/1hid/words/"
    words = "submitted by &lt;a href='https://www.reddit.com/user/hidden_one'&gt;/u/hidden_one&lt;/a&gt;"
    text = made.rss([made.rss_item(1, words, link=address, guid="t3_1hid")], link="https://www.reddit.com/r/Sahlara/")
    record, post = one(tmp_path, text)
    assert (post.author_ref, post.uri) == (None, None)
    assert post.container_ref == "web:reddit.com/r/Sahlara"
    shown = repr(post) + record.raw.decode()
    assert "hidden" not in shown
    assert "1hid" not in shown


def test_comments_on_an_article_are_by_persons_and_lose_the_title_that_names_them(tmp_path: Path) -> None:
    item = made.rss_item(
        1,
        "words",
        title="By: Hidden Person",
        link="https://news.example/1#comment-5",
        guid="https://news.example/?p=1#comment-5",
    )
    record, post = one(tmp_path, made.rss([item]))
    assert post.text == "words"
    assert post.author_ref is None
    assert not record.author_public


# Times


@pytest.mark.parametrize(
    ("written", "at", "basis", "precision"),
    [
        ("Mon, 11 May 2026 15:34:16 GMT", AT, ZoneBasis.EXPLICIT, Precision.SECOND),
        ("Mon, 11 May 2026 15:34:16 +0000", AT, ZoneBasis.EXPLICIT, Precision.SECOND),
        ("Mon, 11 May 2026 18:34:16 +0300", AT, ZoneBasis.EXPLICIT, Precision.SECOND),
        ("2026-05-11T15:34:16Z", AT, ZoneBasis.EXPLICIT, Precision.SECOND),
        ("2026-05-11T18:34:16+03:00", AT, ZoneBasis.EXPLICIT, Precision.SECOND),
        ("Mon, 11 May 2026 11:34:16 EDT", AT, ZoneBasis.ABBREVIATION, Precision.SECOND),
        ("Mon, 11 May 2026 17:34:16 CEST", AT, ZoneBasis.ABBREVIATION, Precision.SECOND),
        ("Mon, 11 May 2026 15:34:16 IST", AT, ZoneBasis.UNKNOWN, Precision.SECOND),
        ("Mon, 11 May 2026 15:34:16", AT, ZoneBasis.UNKNOWN, Precision.SECOND),
        ("2026-05-11T15:34:16", AT, ZoneBasis.UNKNOWN, Precision.SECOND),
        ("2026-05-11", datetime(2026, 5, 11, tzinfo=UTC), ZoneBasis.UNKNOWN, Precision.DAY),
        ("soon", None, ZoneBasis.UNKNOWN, Precision.SECOND),
        ("2026-99-99", None, ZoneBasis.UNKNOWN, Precision.DAY),
    ],
)
def test_times_have_a_basis(written: str, at: datetime | None, basis: ZoneBasis, precision: Precision) -> None:
    assert moments.read(written, None) == moments.Read(at, basis, precision)


def test_what_only_feedparser_can_read_is_taken_from_it() -> None:
    parsed = (2026, 5, 11, 15, 34, 16, 0, 131, 0)
    assert moments.read("월요일 2026년 5월 11일", parsed).at == AT
    assert moments.read("nonsense", ("x",)).at is None


def test_times_in_doubt_are_warnings(tmp_path: Path) -> None:
    record, post = one(tmp_path, made.rss([made.rss_item(1, pubDate="Mon, 11 May 2026 15:34:16 IST")]))
    assert [(w.code, w.field) for w in record.warnings] == [("zone-unknown", "published")]
    assert post.created_zone_basis is ZoneBasis.UNKNOWN
    record, post = one(tmp_path, made.rss([made.rss_item(1, pubDate="soon")]))
    assert [warning.code for warning in record.warnings] == ["time-unreadable"]
    assert post.created_at is None


@given(st.text(max_size=60), st.none() | st.lists(st.integers(-5, 9999), min_size=9, max_size=9))
def test_any_words_are_a_time_or_none(written: str, parsed: list[int] | None) -> None:
    found = moments.read(written, tuple(parsed) if parsed else None)
    assert found.at is None or found.at.utcoffset() is not None


# Broken and hostile


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    + "".join(
        f'<!ENTITY {x} "&{y};&{y};&{y};&{y};&{y};&{y};&{y};&{y};&{y};&{y};">'
        for x, y in zip("cdefghij", "bcdefghi", strict=True)
    )
    + "]>"
)


def test_entities_that_grow_are_not_expanded(tmp_path: Path) -> None:
    tracemalloc.start()
    record, post = one(tmp_path, made.rss([made.rss_item(1, "&j;"), made.rss_item(2)], prolog=BOMB))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "haha" not in post.text
    assert "entities-not-read" in [warning.code for warning in record.warnings]
    assert peak < 24 << 20


def test_nothing_is_fetched_or_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    secret = tmp_path / "secret.txt"
    secret.write_text("secretwords", encoding="utf-8")
    prolog = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y SYSTEM "http://fetch.example/y">]>'
    found = read(tmp_path, made.rss([made.rss_item(1, "&x;&y;")], prolog=prolog))
    assert "secretwords" not in repr(found)
    outside = '<?xml version="1.0"?><!DOCTYPE rss SYSTEM "http://fetch.example/rss.dtd">'
    assert sources_files.records(read(tmp_path, made.rss([made.rss_item(1)], prolog=outside)), "post")
    named = f"{secret} <rss><channel><title>t</title><item/></channel></rss>"
    assert "secretwords" not in repr(read(tmp_path, named))
    assert "secretwords" not in repr(read(tmp_path, "http://fetch.example/feed <rss><channel><item/></channel></rss>"))


def test_the_document_type_of_old_feeds_is_passed_over(tmp_path: Path) -> None:
    old = '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    record, _ = one(tmp_path, made.rss([made.rss_item(1)], prolog=old))
    assert record.warnings == ()


def test_one_broken_item_spoils_only_itself(tmp_path: Path) -> None:
    broken = made.rss_item(2, "a & b <unclosed")
    found = sources_files.records(read(tmp_path, made.rss([made.rss_item(1), broken, made.rss_item(3)])), "post")
    assert [[warning.code for warning in record.warnings] for record in found] == [[], ["feed-broken"], []]
    assert [record.post.text.splitlines()[0] for record in found if record.post] == [
        "Bulletin 1",
        "Bulletin 2",
        "Bulletin 3",
    ]


def test_a_feed_that_is_cut_keeps_its_whole_entries(tmp_path: Path) -> None:
    text = made.rss([made.rss_item(1), made.rss_item(2)])
    found = read(tmp_path, text[: text.index("Bulletin 2")])
    assert len(sources_files.records(found, "post")) == 1
    assert sources_files.rejects(found) == [("entry 2", "xml-truncated")]


def test_a_feed_that_ends_in_its_head_is_a_reject(tmp_path: Path) -> None:
    text = made.rss([made.rss_item(1)])
    found = read(tmp_path, text[: text.index("<description>")])
    assert sources_files.records(found) == []
    assert sources_files.rejects(found) == [("head", "xml-truncated")]
    assert sources_files.records(read(tmp_path, made.rss([])), "account")


def test_an_item_that_is_not_closed_ends_where_the_next_begins(tmp_path: Path) -> None:
    text = made.rss([made.rss_item(1).replace("</item>", ""), made.rss_item(2)])
    assert len(sources_files.records(read(tmp_path, text), "post")) == 2


def test_an_entry_that_is_too_long_is_one_reject(tmp_path: Path) -> None:
    text = made.rss([made.rss_item(1, "x" * (LARGEST_ENTRY + 10)), made.rss_item(2)])
    found = read(tmp_path, text)
    assert sources_files.rejects(found) == [("entry 1", "record-too-long")]
    assert len(sources_files.records(found, "post")) == 1


def test_tags_in_comments_and_cdata_are_words(tmp_path: Path) -> None:
    words = "<![CDATA[an <item> and an </item> in words]]>"
    found = read(
        tmp_path, made.rss(["<!-- <item>no</item> -->", made.rss_item(1, words), "<!-- </item> -->", made.rss_item(2)])
    )
    posts = [record.post for record in sources_files.records(found, "post") if record.post]
    assert len(posts) == 2
    assert "in words" in posts[0].text
    assert sources_files.rejects(found) == []


def test_what_is_no_feed_is_an_input_error(tmp_path: Path) -> None:
    for data in (b"", b"<html><body>x</body></html>", b"words", b"\x00" * 100):
        with pytest.raises(InputError) as caught:
            read(tmp_path, data)
        assert caught.value.code == "format-unknown"


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_deep_nesting_in_an_entry_ends(tmp_path: Path, depth: int) -> None:
    found = read(tmp_path, made.rss([made.rss_item(1, "<b>" * depth), made.rss_item(2)]))
    assert len(sources_files.records(found, "post")) + len(sources_files.rejects(found)) == 2


# Encodings


@pytest.mark.parametrize(
    "encoding",
    [
        "utf-8",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "windows-1256",
        "iso-8859-6",
        "iso-2022-jp",
        "big5",
        "shift_jis",
        "gb18030",
    ],
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    words = {"big5": "橋還在", "shift_jis": "橋はある", "gb18030": "桥还在", "iso-2022-jp": "橋はある"}.get(
        encoding, "الجسر قائم"
    )
    declared = encoding if not encoding.startswith("utf-16-") else "utf-16"
    text = made.rss([made.rss_item(1, words)], prolog=f'<?xml version="1.0" encoding="{declared}"?>')
    record, post = one(tmp_path, text.encode(encoding))
    assert post.text == f"Bulletin 1\n\n{words}"
    assert record.warnings == ()
    assert Feeds().detect(text.encode(encoding)) >= 0.9


def test_a_byte_order_mark_and_a_false_declaration(tmp_path: Path) -> None:
    text = made.rss([made.rss_item(1, "الجسر")], prolog='<?xml version="1.0"?>')
    _, post = one(tmp_path, b"\xef\xbb\xbf" + text.encode())
    assert "الجسر" in post.text
    record, _ = one(tmp_path, made.rss([made.rss_item(1)], prolog='<?xml version="1.0" encoding="no-such-thing"?>'))
    assert [warning.code for warning in record.warnings] == ["feed-broken"]


def test_lone_halves_of_characters_do_not_get_through(tmp_path: Path) -> None:
    record, post = one(tmp_path, made.rss([made.rss_item(1, "a&#xD800;b &#55296; &#57343;")]))
    assert post.text == "Bulletin 1\n\na\ufffdb \ufffd \ufffd"
    assert record.warnings == ()


@pytest.mark.parametrize("written", ["&#55357;&#56832;", "&#xD83D;&#xDE00;", "&#xd83d;&#56832;", "&#128512;", "😀"])
def test_characters_written_in_two_halves_are_whole(tmp_path: Path, written: str) -> None:
    _, post = one(tmp_path, made.rss([made.rss_item(1, f"a {written}")]))
    assert post.text.endswith("a 😀")


def test_an_item_that_closes_itself_is_one(tmp_path: Path) -> None:
    found = read(tmp_path, made.rss(["<item/>", '<item rdf="x" />', made.rss_item(1)]))
    assert len(sources_files.records(found, "post")) == 3


# Splitting


@given(
    st.lists(
        st.sampled_from(
            ["<item>x</item>", "<item/>", "<!-- <item> -->", "words", "<entry>y</entry>", "<![CDATA[</item>]]>"]
        ),
        max_size=12,
    ),
    st.integers(1, 64),
)
def test_pieces_do_not_depend_on_how_the_bytes_arrive(parts: list[str], step: int) -> None:
    document = ("<rss><channel><title>t</title>" + "".join(parts) + "</channel></rss>").encode()

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(step, size) if size and size > 0 else step)

    whole = [(piece.entry, piece.data, piece.problem) for piece in pieces(io.BytesIO(document))]
    slow = [(piece.entry, piece.data, piece.problem) for piece in pieces(Slow(document))]
    assert slow == whole


@given(st.binary(max_size=200))
def test_any_bytes_are_pieces(data: bytes) -> None:
    found = list(pieces(io.BytesIO(data)))
    assert found[0].entry == 0
    assert all(piece.data is not None or piece.sha256 for piece in found)


def test_the_head_is_closed_as_it_was_opened() -> None:
    assert head_of(b"<rss version='2.0'><channel><title>x</title>").closing == b"</channel></rss>"
    assert head_of(b"<rdf:RDF xmlns:rdf='x'><channel></channel>").closing == b"</rdf:RDF>"
    assert head_of(b"<a:feed xmlns:a='x'>").closing == b"</a:feed>"
    assert head_of(b"<rss><channel></channel></rss>").closing == b""
    assert not head_of(b"<html>").root
    assert head_of(b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss>").opening == b"<rss>"
    assert head_of(b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss>").entities
    assert head_of(b"<!DOCTYPE rss [<!ENTITY a 'never closed <rss>").opening == b"<rss>"


def test_recoding_streams_reads_in_steps() -> None:
    data = made.rss([made.rss_item(1, "الجسر")], prolog='<?xml version="1.0" encoding="utf-16"?>').encode("utf-16")
    stream = as_ascii(io.BytesIO(data), data[:64])
    text = b""
    while step := stream.read(7):
        text += step
    assert text.startswith(b"<rss")
    assert "الجسر".encode() in text
    assert stream.tell() == len(data)


def test_detection_is_by_the_root() -> None:
    importer = Feeds()
    for text in (made.rss([]), made.atom([]), '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">', "<!-- words -->\n<rss>", '<?xml version="1.0"?><?xml-stylesheet href="a"?>\n<rss version="2.0">'):  # fmt: skip
        assert importer.detect(text.encode()) >= 0.9
    for text in (
        "<html><body><rss></body>",
        "<feed>",
        '<rdf:RDF xmlns="http://xmlns.com/foaf/0.1/">',
        "rss",
        "<rssx>",
        "",
    ):
        assert importer.detect(text.encode()) == 0
