"""Marked texts: private names out, everything else in its place."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.chunks import PublicAccount
from dalil.sources import marked_text
from dalil.sources.html_text import Mark
from dalil.sources.marked_text import MOST_MARKS, Named, links_in
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import Edit, Scope
from dalil.sources.reddit_names import names_in

KEY = bytes(range(32))
STAND_IN = re.compile(r"h:[0-9a-f]{32}")


def scope(*public: PublicAccount) -> Scope:
    return Scope(Pseudonymiser(KEY, public), "x")


def test_a_text_without_marks_stays_with_its_hashtags() -> None:
    found = marked_text.read("The bridge stands. #تل_نهر #bridge", (), scope())
    assert found.text == "The bridge stands. #تل_نهر #bridge"
    assert found.hashtags == ("تل_نهر", "bridge")
    assert found.spans == found.urls == found.mentions == ()


def test_a_private_mention_is_replaced_and_everything_after_it_moves() -> None:
    text = "hello @hidden_one see https://news.example/a #tag"
    at = text.index("https")
    marks = [Mark(at, at + 22, "link", "https://news.example/a"), Mark(text.index("#"), len(text), "hashtag", "tag")]
    found = marked_text.read(text, marks, scope())
    assert "hidden_one" not in found.text
    assert STAND_IN.search(found.mentions[0])
    [link, tag] = found.spans
    assert found.text[link.start : link.end] == link.target == "https://news.example/a"
    assert found.text[tag.start : tag.end] == "#tag"
    assert tag.target == "tag"


def test_who_is_meant_is_asked_for_marked_mentions_only() -> None:
    asked: list[tuple[str, str]] = []

    def who(text: str, target: str) -> Named | None:
        asked.append((text, target))
        return Named("@h:" + "0" * 32, "x:h:" + "0" * 32, public=False)

    text = "from @one to @two"
    found = marked_text.read(text, [Mark(5, 9, "mention", "https://s.example/@one")], scope(), who=who)
    assert asked == [("@one", "https://s.example/@one")]
    assert found.text.startswith("from @h:" + "0" * 32)
    assert "@two" not in found.text
    assert found.mentioned == ("x:h:" + "0" * 32,)
    assert len(found.mentions) == 2


def test_a_public_mention_stays_even_where_its_bare_handle_is_nobody_s() -> None:
    found = marked_text.read(
        "to @one", [Mark(3, 7, "mention", "u")], scope(), who=lambda *_: Named("@one", "x:1", public=True)
    )
    assert found.text == "to @one"
    assert found.mentions == ("@one",)
    assert found.spans[0].type == "mention"


def test_a_mention_of_nobody_known_is_a_link() -> None:
    found = marked_text.read("see there", [Mark(4, 9, "mention", "https://n.example/")], scope(), who=lambda *_: None)
    assert [span.type for span in found.spans] == ["url"]
    assert found.urls[0].expanded == "https://n.example/"


def test_targets_that_are_no_addresses_of_the_web_are_left_out() -> None:
    for target in ("javascript:alert(1)", "mailto:hidden@n.example", "/relative", "", "data:text/html,x"):
        found = marked_text.read("see there", [Mark(4, 9, "link", target)], scope())
        assert found.spans == ()
        assert found.urls == ()


def test_private_addresses_are_replaced_in_text_and_target() -> None:
    found = marked_text.read("see there", [Mark(4, 9, "link", "https://x.com/hidden_one/status/5")], scope())
    assert "hidden_one" not in str(found)
    assert found.urls[0].as_written == "there"
    known = marked_text.read(
        "x https://x.com/known", links_in("x https://x.com/known"), scope(PublicAccount("x", "", "known"))
    )
    assert known.urls[0].expanded == "https://x.com/known"


def test_other_names_can_be_given_to_be_replaced() -> None:
    privacy = Pseudonymiser(KEY)
    text = "by u/hidden_one and /u/hidden_two, not r/Sahlara or menu/hidden"
    found = marked_text.read(text, (), Scope(privacy, "reddit"), more=names_in(text, privacy))
    assert "hidden_one" not in found.text
    assert "hidden_two" not in found.text
    assert "menu/hidden" in found.text
    assert len(found.mentions) == 2
    known = Pseudonymiser(KEY, [PublicAccount(platform="reddit", handle="Hidden_One")])
    assert names_in("u/hidden_one", known) == []


def test_an_edit_over_a_longer_one_leaves_nothing_of_it() -> None:
    text = "https://x.com/hidden_one"
    found = marked_text.read(text, (), scope(), more=[Edit(8, 13, "X", "entity")])
    assert "hidden_one" not in found.text


def test_links_lose_the_punctuation_after_them() -> None:
    text = "(see https://n.example/a, https://n.example/b). https://n.example/c؟"
    assert [mark.target for mark in links_in(text)] == [
        "https://n.example/a",
        "https://n.example/b",
        "https://n.example/c",
    ]
    assert links_in("no links") == []


def test_no_more_than_five_hundred_marks_are_placed() -> None:
    text = "a " * 2_000
    marks = [Mark(2 * n, 2 * n + 1, "link", "https://n.example/") for n in range(2_000)]
    assert len(marked_text.read(text, marks, scope()).spans) == MOST_MARKS


@given(
    st.text(alphabet="ab @#:/.h😀ن", max_size=80),
    st.lists(
        st.tuples(st.integers(0, 80), st.integers(1, 20), st.sampled_from(["link", "mention", "hashtag"])), max_size=6
    ),
)
def test_spans_lie_in_the_text_whatever_the_marks(text: str, places: list[tuple[int, int, str]]) -> None:
    marks = sorted(
        Mark(start, min(start + length, len(text)), kind, "https://n.example/")
        for start, length, kind in places
        if start < len(text)
    )
    found = marked_text.read(text, marks, scope(), who=lambda *_: Named("@h:" + "0" * 32, None, public=False))
    for span in found.spans:
        assert 0 <= span.start <= span.end <= len(found.text)


@given(st.text(alphabet="ab .,#\n", max_size=60))
def test_a_text_that_names_nobody_is_not_changed(text: str) -> None:
    assert marked_text.read(text, (), scope()).text == text
