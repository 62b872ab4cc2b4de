"""Uids, texts, links, media, accounts and edges of which an account has become private, one by one."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.identity import canonical_bytes, keyed_hash
from dalil.schema.records import Account, AltId, Edge, MediaRef, Metric, Post, Span, Url
from dalil.schema.words import AccountType, EdgeType, IdQuality, Kind, MetricBasis, PublicRole, State
from dalil.sources.importer import Record
from dalil.sources.redaction import ASCII_HANDLE
from dalil.sources.rereading import Plainly, is_stand_in
from dalil.sources.unnaming import Unnaming, marked_mentions, names_of, unnamed

KEY = bytes(range(32))
GONE = (("telegram", "55"), ("telegram", "sahlara_news"), ("telegram", "the square"))


def hashed(scheme: str, value: str) -> str:
    return "h:" + keyed_hash(KEY, "telegram", scheme, value)


def unnaming(**more: Any) -> Unnaming:
    return Unnaming(Plainly(KEY, GONE, ["telegram:77/1"]), "telegram", ASCII_HANDLE, **more)


# Uids.


@pytest.mark.parametrize(
    ("uid", "scheme", "value"),
    [
        ("telegram:55", "account", "55"),
        ("telegram:@sahlara_news", "handle", "sahlara_news"),
        ("telegram:name:the square", "name", "the square"),
    ],
)
def test_an_accounts_uid_of_each_kind(uid: str, scheme: str, value: str) -> None:
    assert unnaming().account(uid) == f"telegram:{hashed(scheme, value)}"


@pytest.mark.parametrize(
    "uid",
    [
        "telegram:56",
        "x:55",
        "facebook:@sahlara_news",
        "telegram:@sahlara_new",
        f"telegram:{hashed('account', '9')}",
        "telegram:",
    ],
)
def test_other_accounts_stay(uid: str) -> None:
    assert unnaming().account(uid) == uid


@pytest.mark.parametrize("native", ["55/7", "sahlara_news/7", "77/1", "55_8"])
def test_a_post_by_its_channel_or_by_the_list(native: str) -> None:
    assert unnaming().post(f"telegram:{native}") == f"telegram:{hashed('post', native)}"


@pytest.mark.parametrize("uid", ["telegram:77/2", "telegram:155/5", "x:55/7", f"telegram:{hashed('post', '55/7')}"])
def test_other_posts_stay(uid: str) -> None:
    assert unnaming().post(uid) == uid
    assert unnaming().either(uid) == uid


def test_a_post_whose_author_is_known_to_be_gone() -> None:
    assert unnaming().post("telegram:77/2", author_gone=True) == f"telegram:{hashed('post', '77/2')}"
    assert unnaming().either("telegram:55") == f"telegram:{hashed('account', '55')}"
    assert unnaming().either("telegram:55/7") == f"telegram:{hashed('post', '55/7')}"


def test_names_are_compared_whatever_their_case() -> None:
    assert names_of([("x", "A"), ("y", "B")], "x") == {"a"}
    assert unnaming().is_gone("SAHLARA_news")
    assert not unnaming().is_gone("")
    assert not unnaming().is_gone(None)


# Texts and their marks.


def test_a_text_and_its_marks_move_together() -> None:
    text = "by @sahlara_news and t.me/sahlara_news/7 today"
    marks = [Span(3, 16, "mention", "@sahlara_news"), Span(21, 40, "url", "t.me/sahlara_news/7"), Span(41, 46, "bold")]
    clean, spans = unnaming().text(text, marks)
    assert "sahlara" not in clean
    assert [clean[span.start : span.end] for span in spans] == [
        "@" + hashed("handle", "sahlara_news"),
        f"t.me/{hashed('post', 'sahlara_news/7')}",
        "today",
    ]
    assert [span.target for span in spans] == [
        clean[spans[0].start : spans[0].end],
        clean[spans[1].start : spans[1].end],
        "",
    ]


def test_the_target_of_a_link_is_cleaned_where_the_words_show_something_else() -> None:
    clean, (span,) = unnaming().text("read here", [Span(5, 9, "url", "https://t.me/sahlara_news")])
    assert clean == "read here"
    assert span == Span(5, 9, "url", f"https://t.me/{hashed('handle', 'sahlara_news')}")


def test_a_name_beside_which_raw_keeps_its_id() -> None:
    named = [(7, 18, "55"), (23, 28, "66")]
    one = unnaming(named=named)
    clean, _ = one.text("ask of The Channel and Dalya")
    assert clean == f"ask of @{hashed('account', '55')} and Dalya"
    assert [clean[at:to] for at, to, _ in one.still_named("ask of The Channel and Dalya")] == ["Dalya"]


@pytest.mark.parametrize("place", [(-1, 3, "55"), (5, 2, "55"), (0, 900, "55"), (900, 901, "55")])
def test_a_place_that_is_none_is_passed_over(place: tuple[int, int, str]) -> None:
    assert unnaming(named=[place]).text("words")[0] == "words"


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4))
def test_of_any_text_the_marks_stay_within_it(text: str, places: list[tuple[int, int]]) -> None:
    spans = [Span(min(a, b, len(text)), min(max(a, b), len(text)), "bold") for a, b in places]
    for written in (text, f"{text}@sahlara_news {text}"):
        clean, moved = unnaming().text(written, spans)
        assert all(0 <= span.start <= span.end <= len(clean) for span in moved)
        assert "@sahlara_news " not in clean


@given(st.text(max_size=60))
def test_a_text_is_cleaned_once(text: str) -> None:
    clean, _ = unnaming().text(f"{text} @sahlara_news https://t.me/sahlara_news {text}")
    assert unnaming().text(clean)[0] == clean


def test_mentions_come_in_the_order_of_the_text() -> None:
    first, second = f"@{hashed('handle', 'a')}", "@public"
    text = f"{second} {first} {second}"
    span = Span(0, 7, "mention", second)
    assert marked_mentions(text, [span, span]) == (second, first)
    assert marked_mentions("nobody") == ()


def test_values_of_any_depth_are_cleaned() -> None:
    given_ = {"q": "ask @sahlara_news", "a": [["@sahlara_news", 3], None], "n": 5, "b": True}
    found = unnaming().cleaned(given_)
    assert "sahlara" not in str(found)
    assert (found["n"], found["b"], found["a"][0][1], found["a"][1]) == (5, True, 3, None)


# Links, media, accounts, edges.


def test_each_form_of_a_link() -> None:
    page = "https://t.me/sahlara_news"
    (found,) = unnaming().urls([Url(page, page, page)])
    assert "sahlara" not in str(found)
    assert unnaming().urls([Url("https://news.example", None, None)]) == (Url("https://news.example"),)


def test_media_of_a_person_keep_no_key_and_no_address() -> None:
    ref = MediaRef(native_key="photo/1", source_url="https://cdn.example/1", alt_text="by @sahlara_news")
    (kept,) = unnaming().media([ref], author_gone=False)
    assert (kept.native_key, kept.source_url) == ("photo/1", "https://cdn.example/1")
    assert "sahlara" not in (kept.alt_text or "")
    (hidden,) = unnaming().media([ref], author_gone=True)
    assert (hidden.native_key, hidden.source_url) == (hashed("media", "photo/1"), None)
    assert unnaming().media([hidden], author_gone=True) == (hidden,)
    (left,) = unnaming(of_person=lambda _: MediaRef(not_included="left-out")).media([ref], author_gone=True)
    assert left == MediaRef(not_included="left-out")


def profile(**more: Any) -> Account:
    given_: dict[str, Any] = {
        "uid": "telegram:55", "platform": "telegram", "native_id": "55", "handle": "sahlara_news",
        "display_name": "Sahlara", "description": "d", "type": AccountType.CHANNEL, "verified": True,
        "public_role": PublicRole.PUBLIC_ACTOR, "counts": (Metric("followers", 4321),), "state": State.LIVE,
        "alt_ids": (AltId("old", "5"),),
    }  # fmt: skip
    return Account(**(given_ | more))


def test_of_an_account_its_hash_its_kind_and_rounded_counts_are_left() -> None:
    assert unnaming().profile(profile()) == Account(
        uid=f"telegram:{hashed('account', '55')}",
        platform="telegram",
        native_id=hashed("account", "55"),
        id_quality=IdQuality.HASHED,
        counts=(Metric("followers", 4000, basis=MetricBasis.ROUNDED),),
        type=AccountType.CHANNEL,
        state=State.LIVE,
    )
    other = unnaming(private_type=AccountType.UNKNOWN, private_role=PublicRole.PRIVATE_PERSON).profile(profile())
    assert (other.type, other.public_role) == (AccountType.UNKNOWN, PublicRole.PRIVATE_PERSON)


def test_what_another_says_of_it_is_cleaned() -> None:
    one = profile(uid="telegram:66", native_id="66", handle="other", description="with @sahlara_news", display_name="O")
    found = unnaming().profile(one)
    assert (found.uid, found.handle, found.display_name) == ("telegram:66", "other", "O")
    assert "sahlara" not in (found.description or "")


@pytest.mark.parametrize("kind", list(EdgeType))
def test_edges_to_it_and_to_its_posts(kind: EdgeType) -> None:
    edge = Edge(src_uid="telegram:1", dst_uid="telegram:55/7", dst_hint="telegram:55", type=kind)
    found = unnaming().edge(edge, "telegram:2")
    assert found.src_uid == "telegram:2"
    assert found.dst_hint == f"telegram:{hashed('account', '55')}"
    if kind is not EdgeType.MENTION:
        assert found.dst_uid == f"telegram:{hashed('post', '55/7')}"
    bare = Edge(src_uid="telegram:1", dst_uid=None, type=kind)
    assert unnaming().edge(bare, "telegram:1") == bare


# Records.


def record(**more: Any) -> Record:
    post = Post(
        uid="telegram:55/1", platform="telegram", native_id="55/1", uri="https://t.me/sahlara_news/1",
        author_ref="telegram:55", container_ref="telegram:55", text="hello #all", hashtags=("all",),
        thread_root="telegram:55/9", group_id="telegram:55/1",
    )  # fmt: skip
    return Record(
        kind=Kind.POST, uid=post.uid, version="v", raw=b"{}", post=post, author_ref="telegram:55", author_public=True,
        signal_text=post.text, **more,
    )  # fmt: skip


def test_a_post_of_its_own() -> None:
    found = unnaming().record(record(), lambda _: "new")
    assert found.post is not None
    shown = (found.uid, found.author_ref, found.post.container_ref, found.post.thread_root, found.post.group_id)
    assert all(is_stand_in(uid) for uid in shown)
    assert (found.author_public, found.post.uri, found.post.id_quality) == (False, None, IdQuality.HASHED)
    assert (found.version, found.post.hashtags, found.signal_text) == ("new", ("all",), "hello #all")


def test_a_record_that_names_nobody_of_them_is_the_same_object() -> None:
    other = Unnaming(Plainly(KEY, [("telegram", "66")]), "telegram", ASCII_HANDLE)
    one = record()
    assert other.record(one, lambda _: "new") is one
    assert unnamed(one, Unnaming(Plainly(KEY), "telegram"), lambda _: "new", lambda _: {}) is one


def test_raw_is_written_anew_and_locators_are_handed_on_once() -> None:
    found = unnamed(record(), unnaming(), lambda _: "new", lambda new: {"id": new.uid})
    assert found.raw == canonical_bytes({"id": found.uid})
    told = dict(found.locators)
    assert told[f"telegram:{hashed('account', '55')}"] == "tg://user?id=55"
    assert all(is_stand_in(name) for name in told)


def test_a_text_as_its_source_writes_it_changes_with_the_text() -> None:
    one = record()
    assert one.post is not None
    one = msgspec.structs.replace(
        one, post=msgspec.structs.replace(one.post, text="@sahlara_news", text_raw="@sahlara_news!")
    )
    plain, shouted = unnaming().record(one, lambda _: "n"), unnaming(written=str.upper).record(one, lambda _: "n")
    assert plain.post is not None
    assert shouted.post is not None
    assert (plain.post.text_raw or "").endswith("!")
    assert "sahlara" not in (plain.post.text_raw or "")
    assert shouted.post.text_raw == shouted.post.text.upper()
