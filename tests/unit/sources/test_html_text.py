"""HTML to text: what a reader sees, where its links stand, in one pass whatever the input."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.sources.html_text import MOST, Mark, is_markup, plain, unescape

MENTION = (
    '<span class="h-card"><a href="https://social.example/@name" class="u-url mention">@<span>name</span></a></span>'
)
TAG = '<a href="https://social.example/tags/bridge" class="mention hashtag" rel="tag">#<span>bridge</span></a>'
LINK = (
    '<a href="https://news.example/a?b=1&amp;c=2"><span class="invisible">https://</span>'
    '<span class="ellipsis">news.example/a?b</span></a>'
)
TEXTS = (
    ("", ""),
    ("plain words", "plain words"),
    ("<p>one</p><p>two</p>", "one\n\ntwo"),
    ("one<br>two<br/>three<br />four", "one\ntwo\nthree\nfour"),
    ("one<br><br>two", "one\n\ntwo"),
    ("one<br><br><br><br>two", "one\n\ntwo"),
    ("<div>one</div><div>two</div>", "one\ntwo"),
    ("<ul><li>one</li><li>two</li></ul>after", "one\ntwo\n\nafter"),
    ("  many \t\n  spaces  ", "many spaces"),
    ("<b>bold</b> and <i>slanted</i>", "bold and slanted"),
    ("<b>bold</b>and", "boldand"),
    ("a <b> b </b> c", "a b c"),
    ("<pre>a  b\n  c</pre>", "a  b\n  c"),
    ("&amp; &lt; &gt; &quot; &#39; &#x41; &nbsp;.", "& < > \" ' A \xa0."),
    ("&notanentity; & &;", "\xacanentity; & &;"),
    ("1 < 2 <3 a<b", "1 < 2 <3 a"),
    ("1 &lt; 2", "1 < 2"),
    ("<script>var x = '<p>no</p>';</script>after", "after"),
    ("<STYLE>p {}</STYLE>after", "after"),
    ("<script>never closed", ""),
    ("before<!-- <p>no</p> -->after", "beforeafter"),
    ("before<!-- never closed", "before"),
    ("<![CDATA[raw <words>]]>", "raw <words>"),
    ("<!DOCTYPE html><?php no ?>after", "after"),
    ("<img src='x.png' alt='a bridge'>", "a bridge"),
    ("<img src='x.png'>", ""),
    ("<p>unclosed <b>tags", "unclosed tags"),
    ("</p></div>only ends", "only ends"),
    ("<a", ""),
    ("<p title='a > b'>in quotes</p>", "in quotes"),
    ('<p title="never closed>words</p>', "words"),
    ("<h1>Title</h1>words", "Title\n\nwords"),
    ("<blockquote>quoted</blockquote>own", "quoted\n\nown"),
    ("تل نهر<br>پرد", "تل نهر\nپرد"),
    ("a\x00b", "a\ufffdb"),
    ("<svg><text>no</text></svg>yes", "yes"),
    ("<tr><td>a</td><td>b</td></tr>", "a\nb"),
)


@pytest.mark.parametrize(("source", "wanted"), TEXTS)
def test_the_text_that_a_reader_sees(source: str, wanted: str) -> None:
    assert plain(source).text == wanted


def test_links_mentions_and_hashtags_keep_their_places_and_targets() -> None:
    found = plain(f"<p>😀 {MENTION} says {TAG} at {LINK}</p><p>and <a href='/relative'>more</a></p>")
    assert found.text == "😀 @name says #bridge at https://news.example/a?b\n\nand more"
    shown = [(mark.kind, found.text[mark.start : mark.end], mark.target) for mark in found.marks]
    assert shown == [
        ("mention", "@name", "https://social.example/@name"),
        ("hashtag", "#bridge", "https://social.example/tags/bridge"),
        ("link", "https://news.example/a?b", "https://news.example/a?b=1&c=2"),
        ("link", "more", "/relative"),
    ]


def test_an_anchor_does_not_cover_the_white_space_before_it() -> None:
    found = plain("see <a href='https://news.example/'> this </a> now")
    assert found.text == "see this now"
    [mark] = found.marks
    assert found.text[mark.start : mark.end] == "this"


def test_anchors_without_end_or_words() -> None:
    assert plain("<a href='https://news.example/'></a>words").marks == ()
    open_one = plain("<a href='https://news.example/'>words <b>more")
    assert open_one.marks == (Mark(0, 10, "link", "https://news.example/"),)
    assert plain("<a name='x'>words</a>").marks == (Mark(0, 5, "link", ""),)


@pytest.mark.parametrize("quoted", ['"https://a.example/"', "'https://a.example/'", "https://a.example/"])
def test_attributes_in_all_quotes(quoted: str) -> None:
    assert plain(f"<A HREF={quoted} CLASS=mention>x</A>").marks[0].target == "https://a.example/"
    assert plain(f"<a href = {quoted}>x</a>").marks[0].target == "https://a.example/"


def test_the_first_of_two_attributes_counts_as_in_browsers() -> None:
    assert plain("<a href='https://a.example/' href='https://b.example/'>x</a>").marks[0].target == "https://a.example/"


def test_a_text_that_is_too_long_is_cut_and_says_so() -> None:
    found = plain("ab" * 50, most=10)
    assert (found.text, found.cut) == ("ababababab", True)
    assert not plain("ab").cut
    assert plain("<p>" + "x" * MOST).cut


def test_what_is_markup() -> None:
    for text in ("<p>a</p>", "a<br>b", "a &amp; b", "&#39;", "&#x41;"):
        assert is_markup(text)
    for text in ("", "a < b", "AT&T", "1 & 2", "<3", "a<b", "<>"):
        assert not is_markup(text)


def test_a_number_of_thousands_of_digits_stays_as_it_is() -> None:
    text = "&#" + "9" * 6_000 + ";"
    assert unescape(text) == text
    assert plain(text).text == text


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        "<!--",
        "<![",
        "</",
        '<a href="',
        "<a b=",
        "&",
        "&#",
        "<?",
        "<![CDATA[",
        "<script>",
        "<a/",
        "'\"<a ",
        "<a '>",
    ],
)
def test_hostile_repetition_costs_one_pass(piece: str) -> None:
    """Counted in characters looked at, by a string that counts how often it is searched: no clock."""
    source = (piece * (60_000 // len(piece) + 1))[:60_000]
    assert len(plain(source).text) <= len(source)


@given(st.text(alphabet=st.sampled_from("<>/!-?[]&#;abp \n\"'=@é😀"), max_size=200))
def test_anything_becomes_a_text_with_marks_inside_it(source: str) -> None:
    found = plain(source)
    assert len(found.text) <= len(source) * 2 + 4
    for mark in found.marks:
        assert 0 <= mark.start < mark.end <= len(found.text)
        assert mark.kind in ("link", "mention", "hashtag")


@given(st.text(max_size=200))
def test_escaped_text_comes_back_with_its_white_space_as_one(text: str) -> None:
    text = text.replace("\x00", "").replace("\r", "")
    wanted = re.sub(r"[ \t\r\n\f]+", " ", text).strip(" ")
    assert plain(html.escape(text)).text == wanted.rstrip()


class _Oracle(HTMLParser):
    """The standard library's reading of the same words, slow and without layout."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.links: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")


WORDS = st.sampled_from(["bridge", "نهر", "a&amp;b", "&lt;x", "😀", "tel"])
INLINE = st.builds(lambda tag, word: f" <{tag}>{word}</{tag}> ", st.sampled_from(["b", "i", "em", "span"]), WORDS)
ANCHOR = st.builds(
    lambda n, word: f' <a href="https://n.example/{n}?x=1&amp;y=2">{word}</a> ', st.integers(0, 99), WORDS
)
BLOCK = st.builds(lambda tag, inner: f"<{tag}>{''.join(inner)}</{tag}>", st.sampled_from(["p", "div", "li"]), st.lists(INLINE | ANCHOR | WORDS, max_size=5))  # fmt: skip


@given(st.lists(BLOCK, max_size=6))
def test_words_and_links_are_those_of_the_standard_library(blocks: list[str]) -> None:
    source = "".join(blocks)
    oracle = _Oracle()
    oracle.feed(source)
    oracle.close()
    found = plain(source)
    assert "".join(found.text.split()) == "".join(oracle.words)
    assert [mark.target for mark in found.marks] == oracle.links


def test_deep_nesting_is_nothing_special() -> None:
    assert plain("<div>" * 50_000 + "x").text == "x"
    assert plain("<a href='https://n.example/'>" * 5_000 + "x").text == "x"
