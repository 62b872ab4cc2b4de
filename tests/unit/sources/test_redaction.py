"""Private identifiers out of texts: nothing slips through, one identifier is one hash, positions follow."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.chunks import PublicAccount
from dalil.sources.addresses import PERSONAL, TRAILING
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import DOTTED_HANDLE, Edit, Scope, Shift, apply, over

KEY = bytes(range(32))
PUBLIC = (
    PublicAccount(platform="x", native_id="55", handle="SahlaraToday"),
    PublicAccount(platform="telegram", handle="sahlara_news"),
)
HIDDEN = st.sampled_from(["hidden_one", "Hidden_One", "h", "a_b_c", "x1234567890"])


def scope(**more: object) -> Scope:
    return Scope(Pseudonymiser(KEY, PUBLIC), "x", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "@hidden_one",
        ".@hidden_one says",
        "RT @hidden_one: news",
        "مرحبا@hidden_one كيف",
        "＠hidden_one",
        "(@hidden_one)",
        "https://x.com/hidden_one/status/123",
        "http://twitter.com/hidden_one",
        "https://mobile.twitter.com/hidden_one/status/123?s=20",
        "twitter.com/hidden_one",
        "see x.com/hidden_one.",
        "https://twitter.com/intent/user?screen_name=hidden_one",
        "https://x.com/search?q=from%3Ahidden_one",
        "https://www.facebook.com/hidden_one",
        "https://m.facebook.com/story.php?story_fbid=123&id=hidden_one",
        "https://t.me/hidden_one",
        "https://t.me/s/hidden_one/12",
        "tg://resolve?domain=hidden_one",
        "https://www.instagram.com/hidden_one/",
        "https://www.tiktok.com/@hidden_one/video/123",
        "https://youtube.com/@hidden_one",
        "https://mastodon.example/@hidden_one/123",
        "https://mastodon.example/users/hidden_one/statuses/123",
        "https://bsky.app/profile/hidden_one/post/abc",
        "HTTPS://X.COM/hidden_one",
        "https://x.com:443/hidden_one",
        "x@hidden_one and",
        "<https://x.com/hidden_one>",
        "a|https://x.com/hidden_one",
        "\u200fhttps://x.com/hidden_one",
    ],
)
def test_a_private_name_is_gone_wherever_it_stands(text: str) -> None:
    cleaned = scope().clean(text)
    assert "hidden_one" not in cleaned.lower()
    assert "h:" in cleaned


@pytest.mark.parametrize(
    "text",
    [
        "no name here",
        "@SahlaraToday and @sahlaratoday",
        "https://x.com/sahlaratoday/status/9",
        "https://t.me/sahlara_news/12",
        "https://x.com/hashtag/bridge",
        "https://www.youtube.com/watch?v=abc",
        "https://youtu.be/abc",
        "https://news.example/a/b?c=d",
        "someone@mail.example.org",
        "netflix.com/title",
        "x.com",
        "1 / 2 and 3/4",
        "a @ b",
    ],
)
def test_what_names_nobody_private_stays(text: str) -> None:
    assert scope().clean(text) == text


def test_mention_profile_and_account_share_one_hash_where_the_id_is_known() -> None:
    privacy = Pseudonymiser(KEY)
    here = Scope(privacy, "x", ids={"hidden_one": "900"})
    account = privacy.account("x", "900").native_id
    assert here.clean("@Hidden_One") == f"@{account}"
    assert here.clean("https://x.com/hidden_one") == f"https://x.com/{account}"
    assert here.clean("https://x.com/hidden_one/status/7") == "https://x.com/" + privacy.post("x", "7", public=False)


def test_a_short_link_is_kept_only_where_it_is_known_to_lead_to_nobody() -> None:
    here = scope(links={"https://t.co/open": "https://t.co/open"})
    cleaned = here.clean("https://t.co/open https://t.co/shut.")
    assert cleaned.startswith("https://t.co/open https://t.co/h:")
    assert cleaned.endswith(".")
    assert "shut" not in cleaned


def test_handles_with_dots_where_the_platform_has_them() -> None:
    here = Scope(Pseudonymiser(KEY), "facebook", handle=DOTTED_HANDLE)
    cleaned = here.clean("thanks @hidden.person. And @علي too")
    assert "hidden" not in cleaned
    assert "علي" not in cleaned
    assert cleaned.endswith(" too")


def test_redacting_twice_changes_nothing_more() -> None:
    here = scope()
    once = here.clean("@hidden_one https://x.com/hidden_one/status/1 https://t.co/abc tg://x?y=hidden_one")
    assert here.clean(once) == once


@given(
    st.text(),
    st.lists(st.tuples(HIDDEN, st.sampled_from(["@{}", "https://x.com/{}", "https://x.com/{}/status/12345"]))),
)
def test_no_planted_name_survives_any_surrounding(around: str, planted: list[tuple[str, str]]) -> None:
    privacy = Pseudonymiser(KEY)
    text = around + " " + f" {around} ".join(form.format("hidden_" + name) for name, form in planted)
    cleaned = Scope(privacy, "x").clean(text)
    if "hidden_" not in around.lower():
        assert "hidden_" not in cleaned.lower()


edits = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.text("xyz", max_size=4)), max_size=6)


@given(st.text("abcd \U0001f600", max_size=40), edits)
def test_edits_and_positions_against_a_slow_oracle(text: str, raw: list[tuple[int, int, str]]) -> None:
    made: list[Edit] = []
    at = 0
    for gap, length, new in raw:
        start = at + gap
        end = start + length
        if end > len(text) or length == 0:
            break
        made.append(Edit(start, end, new))
        at = end
    after: list[tuple[str, int | None]] = [(char, place) for place, char in enumerate(text)]
    for edit in reversed(made):
        after[edit.start : edit.end] = [(char, None) for char in edit.new]
    assert apply(text, made) == "".join(char for char, _ in after)
    shift = Shift(made)
    for new_place, (_, place) in enumerate(after):
        if place is not None:
            assert shift.start(place) == new_place
            assert shift.end(place + 1) == new_place + 1
    for edit in made:
        for inside in range(edit.start, edit.end):
            assert shift.end(inside + 1) - shift.start(inside) == len(edit.new)


spans = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(sorted).filter(lambda pair: pair[0] < pair[1])


@given(st.lists(spans, max_size=4), spans)
def test_laying_an_edit_over_others_uncovers_nothing(below: list[list[int]], top: list[int]) -> None:
    made: list[Edit] = []
    for start, end in sorted(below):
        if not made or made[-1].end <= start:
            made.append(Edit(start, end, "*"))
    covered = {place for edit in made for place in range(edit.start, edit.end)} | set(range(*top))
    found = over(made, Edit(*top, "@"))
    assert {place for edit in found for place in range(edit.start, edit.end)} == covered
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert [edit.new for edit in found if edit.start == top[0]] == ["@"]


def test_an_address_whose_host_is_an_account_keeps_its_scheme_only() -> None:
    scope = Scope(Pseudonymiser(bytes(32)), "bluesky")
    text = scope.clean("at at://did:plc:hidden/app.bsky.feed.post/3k and AT://hidden.example")
    assert "hidden" not in text
    assert text.startswith("at at://h:")


PIECES = [
    "https://t.co/aB1",
    "https://t.co/aB1.",
    "t.co/x",
    "https://x.com/name",
    "x.com/a/status/7",
    "a/b",
    "/",
    " ",
    "  ",
    "\n",
    "\t",
    "\u2003",
]
PIECES += [
    "word",
    "@name",
    "https://news.example/a?b",
    "tg://x",
    "https://t.co/",
    "(https://t.co/z)",
    "نص",
    "\u200f",
    "https://t.co/aB1/x",
    "#x",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.booleans())
def test_addresses_are_found_word_by_word_whichever_way_one_looks(text: str, known: bool) -> None:
    links = {"https://t.co/aB1": "https://t.co/aB1"} if known else {}
    here, slow = scope(links=links), scope(links=links)
    expected: list[Edit] = []
    at = 0
    for word in text.split():
        at = text.index(word, at) + len(word)
        for match in PERSONAL.finditer(text, at - len(word), at):
            whole = match[0].rstrip(TRAILING)
            new = slow.address(whole, match)
            if new is not None:
                expected.append(Edit(match.start(), match.start() + len(whole), new, "url"))
    assert [edit for edit in here.edits(text) if edit.kind == "url"] == expected
    for word in text.split():
        assert here.clean(word) == scope(links=links).clean(word), "what was met before changes nothing"
        if "@" not in word:
            assert scope(links=links).clean(word) == apply(word, scope(links=links).edits(word))
