"""Parts of a raw record as what they were read from: marks and whom they mean, texts cleaned, what is no record."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.records import Span
from dalil.sources import kept_records
from dalil.sources.account_names import handle_in, spellings
from dalil.sources.html_text import Mark
from dalil.sources.redaction import Scope
from dalil.sources.rereading import Plainly

KEY = bytes(range(32))
HASH, OTHER = "h:" + "0" * 32, "h:" + "1" * 32


def mention(start: int, shown: str) -> Span:
    return Span(start, start + len(shown), "mention", shown)


def accounts(spans: list[Span], *mentioned: str) -> list[str]:
    """Whom the mentions among the spans mean."""
    found = kept_records.meant(spans, [f"mastodon:{one}" for one in mentioned])
    return [mark.target for mark in found if mark.kind == "mention"]


def test_a_hashed_mention_says_whom_it_means() -> None:
    assert accounts([mention(0, f"@{HASH}"), mention(50, f"@{OTHER}")], OTHER, HASH) == [HASH, OTHER]


def test_another_is_whoever_has_its_name() -> None:
    spans = [mention(0, "@second"), mention(9, "@first@a.example"), mention(30, "@Second")]
    mentioned = ("@first@a.example", "@second@b.example", "@third@c.example")
    assert accounts(spans[:2], *mentioned) == ["@second@b.example", "@first@a.example"]
    assert accounts([spans[2]], *mentioned) == ["@second@b.example"]


def test_else_the_next_whom_no_other_mention_means() -> None:
    spans = [mention(0, f"@{HASH}"), mention(40, "the voice of the river"), mention(70, "friends")]
    assert accounts(spans, HASH, "did:plc:one", "did:plc:two") == [HASH, "did:plc:one", "did:plc:two"]


def test_the_same_words_mean_the_same_account() -> None:
    spans = [mention(0, "@voice"), mention(9, "@voice"), mention(20, "@other")]
    assert accounts(spans, "did:plc:one", "did:plc:two") == ["did:plc:one", "did:plc:one", "did:plc:two"]


def test_a_private_account_may_be_written_by_a_public_name() -> None:
    """The name is in the workspace's list, the id behind it is not: the text keeps the name, the edge has the hash."""
    assert accounts([mention(0, "@listed.example")], HASH) == [HASH]


def test_more_mentions_than_accounts_mean_the_last() -> None:
    assert accounts([mention(0, "@a"), mention(5, "@b")], "did:plc:one") == ["did:plc:one", "did:plc:one"]
    assert accounts([mention(0, "@a")]) == [""]


def test_links_and_hashtags_stay_what_they_are() -> None:
    spans = [Span(0, 5, "url", "https://a.example"), Span(6, 9, "hashtag", "tag")]
    assert kept_records.meant(spans, []) == [
        Mark(0, 5, "link", "https://a.example"),
        Mark(6, 9, "hashtag", "tag"),
    ]


@given(
    shown=st.lists(st.sampled_from(["@a", "@b", "words", f"@{HASH}", f"@{OTHER}"]), max_size=8),
    mentioned=st.lists(st.sampled_from(["x:@a@s.example", "x:did:plc:z", f"x:{HASH}", f"x:{OTHER}", "x:@b@s.example"]), unique=True),
)  # fmt: skip
def test_whatever_the_mentions_each_means_one_that_is_known_or_itself(shown: list[str], mentioned: list[str]) -> None:
    spans = [mention(40 * at, one) for at, one in enumerate(shown)]
    found = kept_records.meant(spans, mentioned)
    assert [(mark.start, mark.end) for mark in found] == [(span.start, span.end) for span in spans]
    known = {kept_records.native(uid) for uid in mentioned}
    for mark, one in zip(found, shown, strict=True):
        assert mark.target in known or mark.target in ("", one[1:])
    by_words = {one: {mark.target for mark, other in zip(found, shown, strict=True) if other == one} for one in shown}
    assert all(len(meant) == 1 for meant in by_words.values()), "the same words, the same account"


@pytest.mark.parametrize(
    ("span", "fits"),
    [((0, 3), True), ((3, 3), True), ((0, 0), True), ((-1, 2), False), ((2, 1), False), ((0, 4), False)],
)
def test_spans_that_lie_in_their_text(span: tuple[int, int], fits: bool) -> None:
    assert kept_records.fits("abc", [Span(*span, "url")]) is fits


def test_what_gives_no_row_is_kept_and_cleaned() -> None:
    scope = Scope(Plainly(KEY, [("x", "voice")]), "x")
    values = {
        "post": {
            "id": "1",
            "title": "by @voice",
            "poll": [["yes, @voice", 3], ["no", None]],
            "nested": {"deep": ["@voice", True, 1.5]},
            "type": ["@voice"],
        }
    }
    found = kept_records.more(values, "post", ("id",), scope, as_is=("type",))
    hashed = scope.clean("@voice")
    assert hashed.startswith("@h:")
    assert found == {
        "title": f"by {hashed}",
        "poll": [[f"yes, {hashed}", 3], ["no", None]],
        "nested": {"deep": [hashed, True, 1.5]},
        "type": ["@voice"],
    }


@pytest.mark.parametrize("values", [{}, {"post": None}, {"post": "words"}, {"post": []}, {"other": {}}])
def test_what_is_no_object_keeps_nothing(values: dict[str, Any]) -> None:
    assert kept_records.more(values, "post", (), Scope(Plainly(), "x")) == {}


def test_nesting_ends_somewhere() -> None:
    value: Any = "@voice"
    for _ in range(100):
        value = [value]
    assert kept_records.cleaned(value, Scope(Plainly(KEY, [("x", "voice")]), "x")) == value


class Kept(msgspec.Struct):
    """A shape."""

    text: str = ""


DECODER = msgspec.json.Decoder(Kept)


def test_a_record_of_ours_is_opened() -> None:
    assert kept_records.opened(DECODER, b'{"text":"a","more":[1]}') == (Kept("a"), {"text": "a", "more": [1]})


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"null", b"{", b'{"text":1}', b'{"text":"\xff"}', b'{"other":"\xff"}', b"[" * 5_000, b'{"a":' * 5_000],
)
def test_another_is_not(raw: bytes) -> None:
    assert kept_records.opened(DECODER, raw) is None


def test_ids_within_their_platform() -> None:
    assert kept_records.native("bluesky:at://did:plc:a/b/c") == "at://did:plc:a/b/c"
    assert kept_records.native("mastodon:https://a.example/1") == "https://a.example/1"
    assert kept_records.native("nothing") == ""


# How else an account is named.


@pytest.mark.parametrize(
    ("platform", "native_id", "handle"),
    [
        ("mastodon", "https://social.example/@Voice", "voice@social.example"),
        ("mastodon", "https://social.example/users/voice", "voice@social.example"),
        ("mastodon", "https://social.example/@voice@other.example", "voice@other.example"),
        ("mastodon", "https://social.example/profile?id=5", None),
        ("mastodon", "voice@social.example", None),
        ("x", "https://social.example/@voice", None),
        ("youtube", "UCvoice", None),
    ],
)
def test_the_handle_that_an_address_tells(platform: str, native_id: str, handle: str | None) -> None:
    assert handle_in(platform, native_id) == handle


def test_addresses_that_hold_neither_id_nor_handle_whole() -> None:
    found = spellings("mastodon", "voice@social.example")
    assert "social.example/@voice" in found
    assert any(part in "https://social.example/users/voice/statuses/5" for part in found)
    for platform, name in (
        ("x", "voice"),
        ("mastodon", "https://a.example/5"),
        ("mastodon", "voice"),
        ("mastodon", ""),
    ):
        assert spellings(platform, name) == ()
