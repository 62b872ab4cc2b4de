"""A private outlet's site in a text: every address and name of it is replaced, and of nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sources_files
import sources_networks as made
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Post
from dalil.sources.formats.feeds.importer import Feeds
from dalil.sources.formats.feeds.sites import sites_in, without_sites
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.rereading import Plainly

KEY = bytes(range(32))
HASH = re.compile(r"h:[0-9a-f]{32}")


def private(*sites: str) -> Pseudonymiser:
    return Pseudonymiser(KEY, [PublicAccount("web", native_id=site, private=True) for site in sites])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("see https://voice.example/5.", "see *."),
        ("see http://www.voice.example/a?b=c#d, and", "see *, and"),
        ("at voice.example", "at *"),
        ("at Voice.Example!", "at *!"),
        ("https://en.voice.example/", "*"),
        ("(https://voice.example/a)", "(*)"),
        ("write to info@voice.example", "write to info@*"),
        ("https://t.example/?to=https://voice.example/7", "https://t.example/?to=*"),
        ("https://voice.example/?to=https://voice.example/7", "*"),
        ("https://voice.example:8080/a", "*"),
        ("voice.example and voice.example", "* and *"),
        ("invoice.example is another", "invoice.example is another"),
        ("voice.example.other.example", "voice.example.other.example"),
        ("my-voice.example", "my-voice.example"),
        ("no dots at all", "no dots at all"),
        ("", ""),
    ],
)
def test_addresses_and_names_of_a_site(text: str, left: str) -> None:
    assert HASH.sub("*", without_sites(text, private("voice.example"))) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("https://host.example/voice", "*"),
        ("https://host.example/voice/5", "*"),
        ("https://host.example:8080/voice/5", "https://host.example:8080/voice/5"),
        ("https://host.example/voice?p=5", "*"),
        ("https://www.host.example/voice/", "*"),
        ("https://host.example/voices", "https://host.example/voices"),
        ("https://host.example/", "https://host.example/"),
        ("host.example", "host.example"),
    ],
)
def test_a_site_below_a_host_that_others_share(text: str, left: str) -> None:
    assert HASH.sub("*", without_sites(text, private("host.example/voice"))) == left


def test_without_a_private_outlet_nothing_is_looked_for() -> None:
    text = "https://voice.example/5 and voice.example"
    assert sites_in(text, Pseudonymiser(KEY)) == []
    assert sites_in(text, Pseudonymiser(KEY, [PublicAccount("x", handle="voice.example", private=True)])) == []
    assert without_sites(text, Pseudonymiser(KEY, [PublicAccount("web", native_id="voice.example")])) == text


def test_an_outlet_that_became_private_is_looked_for_in_what_is_held() -> None:
    again = Plainly(KEY, [("web", "voice.example")])
    assert again.has_private("web")
    assert not again.has_private("x")
    assert HASH.fullmatch(without_sites("voice.example", again))
    assert without_sites("voice.example", again) == without_sites("voice.example", private("voice.example"))


PARTS = st.sampled_from(
    [
        *("voice.example", "www.voice.example", "https://voice.example/a", "other.example"),
        *("https://other.example/voice", "words", " ", ".", "/", "?", "@", "https://", "en.", "كلمة", "\n"),
    ]
)


@given(parts=st.lists(PARTS, max_size=12))
@settings(max_examples=300, deadline=None)
def test_what_was_replaced_is_not_replaced_again(parts: list[str]) -> None:
    privacy = private("voice.example")
    once = without_sites("".join(parts), privacy)
    assert without_sites(once, privacy) == once


@given(parts=st.lists(PARTS, max_size=12))
@settings(max_examples=300, deadline=None)
def test_no_host_of_the_site_is_left_that_stands_by_itself(parts: list[str]) -> None:
    """Against a slow look at every place where the host's name stands whole."""
    text = without_sites(" ".join(parts), private("voice.example"))
    for match in re.finditer(r"(?<![\w.-])(?:[\w-]+\.)*voice\.example(?![\w-]|\.\w)", text):
        raise AssertionError(match[0])


@given(text=st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_looked_through(text: str) -> None:
    edits = sites_in(text, private("voice.example"))
    assert edits == sorted(edits)
    assert all(0 <= edit.start < edit.end <= len(text) for edit in edits)


def test_a_long_text_of_dots_is_read_in_a_moment() -> None:
    privacy = private("voice.example")
    for text in (
        "a." * 50_000,
        "a" * 100_000,
        "a-" * 50_000,
        "https://" * 12_000,
        "/a.b/" * 20_000,
        "voice.example/" * 7_000,
    ):
        sites_in(text, privacy)


# In a feed.


def entries(tmp_path: Path, *public: PublicAccount) -> list[tuple[Record, Post]]:
    words = "<![CDATA[<a href='https://voice.example/about'>about</a> and https://www.voice.example/5]]>"
    items = [made.rss_item(1, words, link="https://voice.example/1", guid="1", category="voice.example")]
    path = made.write(tmp_path / "feed.xml", made.rss(items, link="https://voice.example/", title="Voice"))
    records = sources_files.records(sources_files.items(Feeds(), path, public=public), "post")
    return [(record, record.post) for record in records if record.post]


def test_a_public_outlets_entry_names_its_site(tmp_path: Path) -> None:
    ((record, post),) = entries(tmp_path)
    assert post.uri == "https://voice.example/1"
    assert post.container_ref == "web:voice.example"
    assert [url.expanded for url in post.urls] == ["https://voice.example/about"]
    assert b"voice.example" in record.raw


def test_a_private_outlets_entry_names_none_of_it(tmp_path: Path) -> None:
    listed = PublicAccount("web", native_id="voice.example", private=True)
    ((record, post),) = entries(tmp_path, listed)
    assert "voice" not in (repr(post) + record.raw.decode()).lower()
    assert post.uri is None
    assert post.urls == ()
    assert not record.author_public
    assert any("voice.example" in value for _, value in record.locators)


def test_the_outlet_itself_is_not_told(tmp_path: Path) -> None:
    listed = PublicAccount("web", native_id="voice.example", private=True)
    path = made.write(tmp_path / "feed.xml", made.rss([made.rss_item(1)], link="https://voice.example/", title="Voice"))
    assert sources_files.records(sources_files.items(Feeds(), path, public=[listed]), "account") == []
