"""The words of a status: which text is the whole one, where its marks go, which links stay."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
import sources_x_files as x
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.schema.records import ReadWarning
from dalil.schema.words import Completeness
from dalil.sources.entity_texts import Mark, read
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import Edit, Scope
from dalil.sources.x_status import texts
from dalil.sources.x_status.around import Around
from dalil.sources.x_status.shapes import Status

KEY = bytes(range(32))
HASH = re.compile(r"h:[0-9a-f]{32}")


def decoded(**fields: Any) -> Status:
    return msgspec.json.decode(msgspec.json.encode(fields), type=Status)


def privacy() -> Pseudonymiser:
    return Pseudonymiser(KEY, (x.NEWS,))


def of(status: Status, *, public: bool = True) -> tuple[texts.Text, list[ReadWarning]]:
    around, warnings, keeper = Around(), list[ReadWarning](), privacy()
    around.add(status)
    texts.choose(status)
    scope = texts.scope_of(status, around, keeper, public=public)
    return texts.of_status(status, scope, None, warnings), warnings


# which text


def test_the_full_text_is_taken_before_the_cut_one() -> None:
    status = decoded(text="The bridge sta…", full_text="The bridge stands.", truncated=False)
    found, _ = of(status)
    assert found.text == "The bridge stands."
    assert found.complete is Completeness.YES
    assert status.text is msgspec.UNSET


def test_the_extended_tweet_of_a_stream_is_taken_with_its_own_entities() -> None:
    whole = "The bridge at Tel Nahr stands, says @hidden_one. #bridge"
    status = decoded(
        text="The bridge at Tel Na… https://t.co/cut",
        truncated=True,
        entities={"hashtags": [{"text": "wrong", "indices": [0, 3]}]},
        extended_tweet={
            "full_text": whole,
            "entities": {
                "hashtags": [{"text": "bridge", "indices": [49, 56]}],
                "user_mentions": [x.mention(whole, "hidden_one", 9007)],
            },
        },
    )
    found, warnings = of(status)
    assert warnings == []
    assert found.text.startswith("The bridge at Tel Nahr stands, says @h:")
    assert found.complete is Completeness.YES
    assert found.hashtags == ("bridge",)
    assert [found.text[s.start : s.end] for s in found.spans] == [found.mentions[0], "#bridge"]
    assert status.extended_tweet is msgspec.UNSET


def test_a_text_said_to_be_cut_is_called_so() -> None:
    found, _ = of(decoded(text="The bridge at Tel Na… https://t.co/cut", truncated=True))
    assert found.complete is Completeness.TRUNCATED


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The bridge stands.", Completeness.YES),
        ("The bridge sta…", Completeness.UNKNOWN),
        ("The bridge sta… https://t.co/abc", Completeness.UNKNOWN),
        ("Wait...", Completeness.UNKNOWN),
        ("… and then it stood", Completeness.YES),
    ],
)
def test_a_text_that_ends_in_an_ellipsis_may_be_cut(text: str, wanted: Completeness) -> None:
    assert of(decoded(full_text=text))[0].complete is wanted


def test_no_text_at_all_is_no_text() -> None:
    found, warnings = of(decoded(id_str="1"))
    assert (found.text, found.raw, found.spans, warnings) == ("", None, (), [])
    assert found.complete is Completeness.UNKNOWN


def test_a_format_that_knows_better_is_believed() -> None:
    status = decoded(full_text="cut…")
    scope = texts.scope_of(status, Around(), privacy(), public=True)
    assert texts.of_status(status, scope, Completeness.YES, []).complete is Completeness.YES


# marks


def test_positions_follow_escapes_and_stand_ins() -> None:
    text = "a &amp; b 😀 @hidden_one &lt;#تل_نهر&gt; $OIL"
    at = text.index("#تل_نهر")
    cash = text.index("$OIL")
    status = decoded(
        full_text=text,
        entities={
            "user_mentions": [x.mention(text, "hidden_one", 9007)],
            "hashtags": [{"text": "تل_نهر", "indices": [at, at + 7]}],
            "symbols": [{"text": "OIL", "indices": [cash, cash + 4]}],
        },
    )
    found, warnings = of(status)
    assert warnings == []
    assert found.text.startswith("a & b 😀 @h:")
    assert found.text.endswith("<#تل_نهر> $OIL")
    assert found.raw is not None
    assert found.raw.startswith("a &amp; b 😀 @h:")
    assert [found.text[s.start : s.end] for s in found.spans] == [found.mentions[0], "#تل_نهر", "$OIL"]
    assert [s.type for s in found.spans] == ["mention", "hashtag", "cashtag"]
    assert status.full_text == found.raw
    assert status.entities
    hashtags = status.entities.hashtags or []
    start, end = (int(str(n)) for n in hashtags[0].indices or ())
    assert found.raw[start:end] == "#تل_نهر"


def test_indices_may_be_strings() -> None:
    status = decoded(full_text="see #bridge", entities={"hashtags": [{"text": "bridge", "indices": ["4", "11"]}]})
    found, _ = of(status)
    assert [found.text[s.start : s.end] for s in found.spans] == ["#bridge"]


@pytest.mark.parametrize("indices", [[5, 500], [9, 3], [-1, 2], [0, 0], [1], [1, 2, 3], ["a", "b"], None])
def test_positions_that_cannot_be_are_not_believed(indices: object) -> None:
    status = decoded(full_text="short", entities={"hashtags": [{"text": "x", "indices": indices}]})
    found, _ = of(status)
    assert found.spans == ()
    assert found.hashtags == ("x",)


def test_a_position_outside_the_text_is_doubted() -> None:
    status = decoded(full_text="short", entities={"hashtags": [{"text": "x", "indices": [2, 90]}]})
    _, warnings = of(status)
    assert warnings == [ReadWarning("span-wrong", "entities.hashtag")]
    assert status.entities
    assert (status.entities.hashtags or [])[0].indices is msgspec.UNSET


def test_hashtags_are_found_where_there_are_no_entities() -> None:
    assert of(decoded(full_text="#one and ＃two not a#three"))[0].hashtags == ("one", "two")
    assert of(decoded(full_text="#one", entities={"hashtags": []}))[0].hashtags == ()


def test_a_mention_without_a_handle_keeps_its_account() -> None:
    status = decoded(full_text="to somebody", entities={"user_mentions": [{"id_str": "9007"}]})
    found, _ = of(status)
    assert found.mentions == ()
    assert found.mentioned == (privacy().account("x", "9007").uid,)
    assert status.entities
    assert "9007" not in msgspec.json.encode(status).decode()


def test_a_public_mention_stays_and_a_private_one_goes() -> None:
    text = "@SahlaraToday says to @hidden_one and @another_one"
    status = decoded(
        full_text=text,
        entities={"user_mentions": [x.mention(text, "SahlaraToday", 55), x.mention(text, "hidden_one", 9007)]},
    )
    found, _ = of(status)
    assert found.text.startswith("@SahlaraToday says to @h:")
    assert "another_one" not in found.text
    assert found.mentions[0] == "@SahlaraToday"
    assert found.mentioned == ("x:55", privacy().account("x", "9007").uid)


# links


def links(status_text: str, *found: dict[str, Any]) -> dict[str, Any]:
    return {"full_text": status_text, "entities": {"urls": list(found)}}


def test_in_a_public_post_a_link_stays_that_leads_to_nobody_private() -> None:
    text = "see https://t.co/aaa and https://t.co/bbb and https://t.co/ccc"
    status = decoded(
        **links(
            text,
            x.link(text, "https://t.co/aaa", "https://news.example/bridge"),
            x.link(text, "https://t.co/bbb", "https://x.com/hidden_one/status/1600"),
        )
    )
    found, _ = of(status)
    assert "https://t.co/aaa" in found.text
    assert "t.co/bbb" not in found.text
    assert "t.co/ccc" not in found.text, "nobody tells where it leads"
    assert found.urls[0].expanded == "https://news.example/bridge"
    assert "hidden_one" not in str(found.urls)


def test_in_a_private_post_every_short_link_goes() -> None:
    text = "see https://t.co/aaa"
    status = decoded(**links(text, x.link(text, "https://t.co/aaa", "https://news.example/bridge")))
    found, _ = of(status, public=False)
    assert "t.co/aaa" not in found.text
    assert found.urls[0].expanded == "https://news.example/bridge"
    assert [found.text[s.start : s.end] for s in found.spans] == [found.urls[0].as_written]


def test_where_a_link_finally_led_is_kept_and_redacted() -> None:
    status = decoded(
        full_text="see",
        entities={
            "urls": [{"url": "https://t.co/a", "unwound": {"url": "https://x.com/hidden_one", "title": "Hidden"}}]
        },
    )
    found, _ = of(status)
    assert found.urls[0].final is not None
    assert HASH.search(found.urls[0].final)
    assert b"Hidden" not in msgspec.json.encode(status)


def test_a_link_that_is_written_out_has_its_address_as_written() -> None:
    found, _ = of(decoded(full_text="x", entities={"urls": [{"expanded_url": "https://news.example/1"}]}))
    assert found.urls[0].as_written == "https://news.example/1"


# reposts and clients


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("RT @SahlaraToday: The bridge", "SahlaraToday"),
        ("RT @SahlaraToday The bridge", "SahlaraToday"),
        ("RT ＠SahlaraToday: The bridge", "SahlaraToday"),
        ("rt @SahlaraToday: The bridge", None),
        ("Look: RT @SahlaraToday: The bridge", None),
        ("RT this", None),
        ("RT @", None),
        (None, None),
        (7, None),
    ],
)
def test_whom_a_text_repeats(text: object, wanted: str | None) -> None:
    assert texts.repeats(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("RT @h:0123: The bridge", "The bridge"),
        ("RT @SahlaraToday: The bridge", "The bridge"),
        ("RT @SahlaraToday The bridge", "The bridge"),
        ("The bridge", "The bridge"),
        ("a RT @b: c", "a RT @b: c"),
    ],
)
def test_what_is_repeated(text: str, wanted: str) -> None:
    assert texts.without_prefix(text) == wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ('<a href="http://twitter.com" rel="nofollow">Twitter Web App</a>', "Twitter Web App"),
        ("Twitter Web App", "Twitter Web App"),
        ("", None),
        ("<a></a>", None),
        (None, None),
        (msgspec.UNSET, None),
        ("x" * 300, "x" * 100),
    ],
)
def test_the_clients_name(source: object, wanted: str | None) -> None:
    assert texts.client_of(source) == wanted


# entity_texts on its own


def scope() -> Scope:
    return Scope(privacy(), "x", ids={"hidden_one": "9007"})


def test_an_unescaped_text_keeps_its_ampersands() -> None:
    assert read("a &amp; b", scope(), escaped=False).text == "a &amp; b"
    assert read("a &amp; b", scope()).text == "a & b"
    assert read("a &amp; b", scope()).text_raw == "a &amp; b"
    assert read("a b", scope()).text_raw is None


def test_an_edit_that_the_marks_tell_is_laid_over_the_others() -> None:
    found = read("to Hidden Person and @hidden_one", scope(), more=[Edit(3, 16, "@h:x", "mention")])
    assert found.text.startswith("to @h:x and @h:")
    assert len(found.mentions) == 2


WORD = st.sampled_from(["a", "&amp;", "@hidden_one", "😀", "#tag", "https://t.co/x", "&lt;", "تل", " ", "\n"])


@given(words=st.lists(WORD, max_size=12), start=st.integers(-2, 80), length=st.integers(-2, 30))
@settings(max_examples=150, deadline=None)
def test_marks_always_lie_within_both_texts(words: list[str], start: int, length: int) -> None:
    text = "".join(words)
    found = read(text, scope(), [Mark(start, start + length, "x", "")])
    assert "hidden_one" not in found.text + found.raw
    for span in found.spans:
        assert 0 <= span.start <= span.end <= len(found.text)
    for place in found.places:
        assert place is None or 0 <= place[0] <= place[1] <= len(found.raw)


@given(words=st.lists(WORD, max_size=12))
@settings(max_examples=100, deadline=None)
def test_redacting_again_changes_nothing(words: list[str]) -> None:
    once = read("".join(words), scope())
    assert read(once.raw, scope()).raw == once.raw
