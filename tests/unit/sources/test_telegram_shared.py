"""What all sources of Telegram share: ids of all ages and marks, chats public and not, marked texts, counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Metric
from dalil.schema.words import AccountType, PublicRole, Visibility
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import Scope
from dalil.sources.telegram import counts, texts
from dalil.sources.telegram.chats import Chat
from dalil.sources.telegram.ids import Peer, channel_id, peer
from dalil.sources.telegram.texts import KEPT, Mark, code_points

KEY = bytes(range(32))
NEWS = PublicAccount(platform="telegram", native_id="1494031694", handle="sahlara_news")


def chat(*public: PublicAccount, **more: object) -> Chat:
    return Chat("1494031694", Pseudonymiser(KEY, public), **more)  # type: ignore[arg-type]


def scope(*public: PublicAccount) -> Scope:
    return Scope(Pseudonymiser(KEY, public), "telegram")


# Ids


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (5, "5"),
        (1494031694, "1494031694"),
        (-1001494031694, "1494031694"),
        (-1000000000005, "5"),
        (-5, None),
        (-1000000000000, None),
        (0, None),
        (True, None),
        ("5", None),
        (None, None),
        (5.0, None),
    ],
)
def test_channels_with_and_without_their_mark(value: object, wanted: str | None) -> None:
    assert channel_id(value) == wanted


@given(st.integers(1, 10**12 - 1))
def test_a_mark_is_taken_off_again(number: int) -> None:
    assert channel_id(-(10**12) - number) == channel_id(number) == str(number)


def test_true_and_one_are_not_the_same_peer_for_the_memory_of_peers() -> None:
    assert peer(1) == Peer("user", "1")
    assert peer(1.0) is None
    assert peer("1") == Peer("user", "1")


# Chats


def test_a_chat_that_is_not_known_to_be_public_has_no_name_anywhere() -> None:
    closed = chat(public=False)
    assert closed.uid.startswith("telegram:h:")
    assert closed.visibility is Visibility.UNKNOWN
    assert closed.author(None) == closed.itself
    assert closed.post_id(5, public=closed.itself.public).startswith("h:")
    assert closed.answered_id(5) == closed.post_id(5, public=False)
    assert closed.scope.own == frozenset()
    assert closed.scope.clean("https://t.me/c/1494031694/5").startswith("https://t.me/h:")


def test_the_public_list_makes_a_chat_public() -> None:
    known = chat(NEWS, public=False)
    assert (known.uid, known.visibility, known.name) == ("telegram:1494031694", Visibility.PUBLIC, "sahlara_news")
    assert known.address(5) == "https://t.me/sahlara_news/5"
    assert chat().address(5) == "https://t.me/c/1494031694/5"
    assert chat(handle="other_name").address(5) == "https://t.me/other_name/5"


def test_a_chat_may_name_itself_in_its_own_texts() -> None:
    own = chat(handle="Sahlara_News")
    assert (
        own.scope.clean("@sahlara_news at https://t.me/Sahlara_News/5")
        == "@sahlara_news at https://t.me/Sahlara_News/5"
    )
    assert own.scope.clean("@hidden_one").startswith("@h:")


def test_in_a_group_without_order_no_message_is_named() -> None:
    group = chat(is_channel=False, names_own=False)
    assert group.post_id(5, public=True).startswith("h:")
    assert group.answered_id(5) == group.post_id(5, public=True)


def test_posts_elsewhere() -> None:
    here = chat(PublicAccount(platform="telegram", native_id="777"))
    assert here.post_elsewhere(Peer("channel", "1494031694"), 5) == "1494031694/5"
    assert here.post_elsewhere(Peer("channel", "777"), 5) == "777/5"
    hidden = here.post_elsewhere(Peer("channel", "778"), 5)
    assert hidden.startswith("h:")
    assert hidden == here.privacy.post("telegram", "778/5", public=False)


def test_a_chat_as_an_account() -> None:
    for is_channel, kind in ((True, AccountType.CHANNEL), (False, AccountType.GROUP)):
        record = chat(is_channel=is_channel, handle="sahlara_news").record(
            "Sahlara News", {"id": "1494031694"}, about="x"
        )
        [account] = record.accounts
        assert (account.type, account.public_role) == (kind, PublicRole.PUBLIC_ACTOR)
        assert (account.handle, account.display_name, account.description) == ("sahlara_news", "Sahlara News", "x")
        assert record.included
        assert record.author_public
    assert chat().record("", {}).accounts[0].display_name is None


# Texts


@given(
    st.text("ab 😀@#/", max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from(sorted(KEPT))), max_size=5),
)
def test_marks_stay_within_the_text_and_over_their_part(text: str, raw: list[tuple[int, int, str]]) -> None:
    marks = [Mark(min(a, b, len(text)), min(max(a, b), len(text)), kind) for a, b, kind in raw]
    found = texts.read(text, marks, scope())
    assert len(found.spans) == len(marks)
    for span in found.spans:
        assert 0 <= span.start <= span.end <= len(found.text)
    if found.text == text:
        assert [(span.start, span.end) for span in found.spans] == [(mark.start, mark.end) for mark in marks]


def test_a_plain_text_is_handed_on_as_it_is() -> None:
    assert texts.read("words", (), scope()) == texts.Text("words")
    assert texts.read("#one and #two", (), scope()).hashtags == ("one", "two")
    assert texts.read("", (), scope()) == texts.Text("")


def test_marks_of_unknown_types_are_left_out() -> None:
    marks = [Mark(0, 5, "bank_card"), Mark(0, 5, "phone"), Mark(0, 5, "plain")]
    assert texts.read("words", marks, scope()).spans == ()


@pytest.mark.parametrize("who", [None, Peer("user", "9007")])
def test_a_name_that_is_shown_goes_whole(who: Peer | None) -> None:
    found = texts.read("by Hidden Person.", [Mark(3, 16, "mention_name", None, who)], scope())
    assert found.text.startswith("by @h:")
    assert found.text.endswith(".")
    assert found.mentions == (found.text[3:-1],)
    assert "Hidden" not in repr(found)


def test_what_is_marked_in_a_name_follows_it() -> None:
    marks = [Mark(3, 16, "mention_name", None, Peer("user", "9007")), Mark(3, 9, "bold"), Mark(16, 17, "italic")]
    found = texts.read("by Hidden Person.", marks, scope())
    bold = next(span for span in found.spans if span.type == "bold")
    italic = next(span for span in found.spans if span.type == "italic")
    assert (bold.start, bold.end) == (3, len(found.text) - 1)
    assert found.text[italic.start : italic.end] == "."


def slowly(text: str, unit: int) -> int:
    """The code point that a UTF-16 unit belongs to, counted one by one."""
    passed = 0
    for place, char in enumerate(text):
        width = len(char.encode("utf-16-le", "surrogatepass")) // 2
        if unit < passed + width:
            return place
        passed += width
    return len(text)


@given(st.text("ab😀‍ه", max_size=15), st.integers(0, 25), st.integers(0, 25))
def test_units_against_a_slow_oracle(text: str, start: int, length: int) -> None:
    [(at, to)] = code_points(text, [(start, length)])
    assert at == slowly(text, start)
    assert to == max(at, slowly(text, start + length))


def test_no_marks_cost_nothing() -> None:
    assert code_points("😀" * 1000, []) == []


# Counts


def test_reactions_are_added_up_by_sign() -> None:
    given_ = [("👍", 3), (None, 2), ("👍", 1), ("a long word that leads to somebody", 1), ("❤", None), ("", 4)]
    assert counts.reactions(given_) == (
        Metric("reaction 👍", 4),
        Metric("reaction custom", 7),
        Metric("reaction ❤", None),
    )
    assert counts.reactions([]) == ()


@given(st.lists(st.tuples(st.sampled_from(["👍", "❤", None]), st.none() | st.integers(0, 9)), max_size=12))
def test_no_count_is_lost(raw: list[tuple[str | None, int | None]]) -> None:
    found = counts.reactions(raw)
    assert sum(metric.value or 0 for metric in found) == sum(count or 0 for _, count in raw)
    assert len({metric.name for metric in found}) == len(found)
