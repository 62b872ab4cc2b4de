"""The parts of the X importer one by one: batches, references, texts, raw, problems, salvage."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
import sources_files
from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.chunks import PublicAccount
from dalil.schema.identity import canonical_bytes
from dalil.schema.records import ReadWarning, Url
from dalil.schema.words import Completeness, EdgeType, MetricBasis, State, ZoneBasis
from dalil.sources.formats.x_api_v2 import media, posts, problems, texts
from dalil.sources.formats.x_api_v2.accounts import Accounts
from dalil.sources.formats.x_api_v2.batches import Batch, of_flattened, of_response
from dalil.sources.formats.x_api_v2.metrics import METRICS, metrics_of
from dalil.sources.formats.x_api_v2.references import Author, author_of, author_of_reference, edges_of, post_id
from dalil.sources.formats.x_api_v2.salvage import salvage
from dalil.sources.formats.x_api_v2.shapes import Problem, Response, Tweet, User, parsed_time
from dalil.sources.importer import Ignored, Quarantined, Record
from dalil.sources.privacy import Pseudonymiser

KEY = bytes(range(32))
NEWS = PublicAccount(platform="x", native_id="55", handle="SahlaraToday")
AT = datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)


def privacy() -> Pseudonymiser:
    return Pseudonymiser(KEY, [NEWS])


def tweet_of(value: dict[str, Any]) -> Tweet:
    return msgspec.convert(value, Tweet)


def batch_of(*tweets: dict[str, Any], users: list[dict[str, Any]] | None = None, **includes: Any) -> Batch:
    response = sources_files.x_response(list(tweets), users or [], **includes)
    return of_response(msgspec.convert(response, Response), "line 1 ")


def text_of(value: dict[str, Any], *, public: bool = True, users: list[dict[str, Any]] | None = None) -> texts.Text:
    batch = batch_of(value, users=users)
    tweet = batch.tweets[0][1]
    return texts.read(tweet, texts.scope_of(tweet, batch, privacy(), public=public), [])


# Batches


def test_a_batch_knows_users_by_id_and_handle_and_posts_by_author() -> None:
    batch = batch_of(sources_files.x_tweet(1, 55, "x"), users=[sources_files.x_user(55, "SahlaraToday")])
    assert batch.users.keys() == {"55"}
    assert batch.ids == {"sahlaratoday": "55"}
    assert batch.authors == {"1": "55"}
    assert [where for where, _ in batch.tweets] == ["line 1 data[0]"]


def test_mentions_tell_ids_that_users_do_not() -> None:
    mentions = [{"username": "One", "id": "9"}, {"username": "Two"}]
    batch = batch_of(sources_files.x_tweet(1, 55, "@One @Two", entities={"mentions": mentions}))
    assert batch.ids == {"one": "9"}


def test_users_outrank_mentions_where_both_tell() -> None:
    tweet = sources_files.x_tweet(1, 55, "x", entities={"mentions": [{"username": "One", "id": "8"}]})
    assert batch_of(tweet, users=[sources_files.x_user(9, "One")]).ids["one"] == "9"


def test_an_included_copy_of_a_primary_post_is_left_out() -> None:
    tweet = sources_files.x_tweet(1, 55, "x")
    batch = batch_of(tweet, tweet, tweets=[tweet, sources_files.x_tweet(2, 55, "y")])
    assert len(batch.tweets) == 2
    assert [tweet.id for _, tweet in batch.included] == ["2"]


def test_edits_are_known_by_their_first_id() -> None:
    batch = batch_of(sources_files.x_tweet(3, 55, "x", edit_history_tweet_ids=["1", "2", "3"]))
    assert batch.first_ids == {"3": "1"}
    assert batch_of(sources_files.x_tweet(3, 55, "x")).first_ids == {}


@pytest.mark.parametrize("data", [None, [], {}])
def test_a_response_without_data_is_an_empty_batch(data: object) -> None:
    response = msgspec.convert({"data": data} if data != {} else {"includes": None, "errors": []}, Response)
    assert of_response(response, "").tweets == []


def test_places_polls_and_media_are_kept_by_their_keys() -> None:
    batch = batch_of(
        sources_files.x_tweet(1, 55, "x"),
        media=[{"media_key": "3_1", "type": "photo"}, {}],
        places=[{"id": "p", "country_code": "IQ"}, {"id": "q"}],
        polls=[{"id": 5, "options": [{"label": "a"}]}, {}],
    )
    assert batch.media.keys() == {"3_1"}
    assert batch.countries == {"p": "IQ"}
    assert batch.polls.keys() == {"5"}


def test_a_flattened_tweet_is_taken_apart_at_every_depth() -> None:
    deepest = {"type": "quoted", **sources_files.x_tweet(3, 57, "deepest"), "author": sources_files.x_user(57, "three")}
    middle = {"type": "replied_to", **sources_files.x_tweet(2, 56, "middle"), "author": sources_files.x_user(56, "two")}
    middle["referenced_tweets"] = [deepest]
    top = sources_files.x_tweet(1, 55, "top", author=sources_files.x_user(55, "one"), referenced_tweets=[middle])
    batch = of_flattened(tweet_of(top), "line 1 ")
    assert batch.authors == {"1": "55", "2": "56", "3": "57"}
    assert batch.ids == {"one": "55", "two": "56", "three": "57"}
    assert [tweet.text for _, tweet in batch.included] == ["middle", "deepest"]
    for _, tweet in [*batch.tweets, *batch.included]:
        assert tweet.author is msgspec.UNSET
        for reference in tweet.referenced_tweets or ():
            assert reference.text is msgspec.UNSET
    assert batch.included[0][1].referenced_tweets[0].id == "3"  # type: ignore[index,union-attr]


def test_what_the_response_did_not_include_is_empty_when_flattened() -> None:
    flat = sources_files.x_tweet(
        1,
        55,
        "x",
        author={},
        in_reply_to_user={},
        attachments={"media_keys": ["3_1"], "media": [{}], "poll": {}},
        geo={"place_id": "p"},
    )
    batch = of_flattened(tweet_of(flat), "")
    assert batch.users == batch.media == batch.polls == batch.countries == {}


# References


@pytest.mark.parametrize(
    ("tweet", "reference", "wanted"),
    [
        ({"in_reply_to_user_id": "9"}, "replied_to", Author("9", "one")),
        ({"in_reply_to_user_id": "8"}, "replied_to", Author("8", None)),
        ({}, "replied_to", Author()),
        ({"in_reply_to_user_id": "9"}, "quoted", Author()),
        ({"text": "RT @One: x", "entities": {"mentions": [{"username": "One", "start": 3}]}}, "retweeted", Author("9", "One")),
        ({"text": "RT @New: x", "entities": {"mentions": [{"username": "New", "start": 3}]}}, "retweeted", Author(None, "New")),
        ({"text": "by @One: x", "entities": {"mentions": [{"username": "One", "start": 3}]}}, "retweeted", Author()),
        ({"text": "RT @One: x", "entities": {"mentions": [{"username": "One", "start": 9}]}}, "retweeted", Author()),
        ({"entities": {"urls": [{"expanded_url": "https://x.com/one/status/7"}]}}, "quoted", Author("9", "one")),
        ({"entities": {"urls": [{"expanded_url": "https://x.com/i/web/status/7"}]}}, "quoted", Author(None, None)),
        ({"entities": {"urls": [{"expanded_url": "https://x.com/one/status/8"}]}}, "quoted", Author()),
        ({"entities": {"urls": [{"expanded_url": "https://news.example/7"}, {}]}}, "quoted", Author()),
        ({"entities": None}, "quoted", Author()),
    ],
)  # fmt: skip
def test_the_author_of_a_post_that_is_not_there(tweet: dict[str, Any], reference: str, wanted: Author) -> None:
    value = sources_files.x_tweet(1, 55, "x", referenced_tweets=[{"type": reference, "id": "7"}]) | tweet
    batch = batch_of(value, users=[sources_files.x_user(9, "one")])
    found = batch.tweets[0][1]
    assert author_of_reference(found, found.referenced_tweets[0], batch) == wanted  # type: ignore[index]


def test_the_post_itself_tells_best() -> None:
    value = sources_files.x_tweet(
        1, 55, "x", in_reply_to_user_id="9", referenced_tweets=[{"type": "replied_to", "id": "7"}]
    )
    batch = batch_of(value, users=[sources_files.x_user(8, "two")], tweets=[sources_files.x_tweet(7, 8, "y")])
    found = batch.tweets[0][1]
    assert author_of_reference(found, found.referenced_tweets[0], batch) == Author("8", "two")  # type: ignore[index]
    assert author_of(found, batch) == Author("55", None)
    assert author_of(Tweet(id="1"), batch) == Author()


def test_a_later_edit_is_referred_to_by_its_first_id() -> None:
    batch = batch_of(sources_files.x_tweet(3, 55, "x", edit_history_tweet_ids=["1", "3"]))
    assert post_id("3", Author("55"), batch, privacy()) == "1"
    assert post_id("4", Author("55"), batch, privacy()) == "4"
    assert post_id("3", Author("9"), batch, privacy()) == privacy().post("x", "1", public=False)


def test_every_reference_gives_a_target_and_the_known_kinds_an_edge() -> None:
    references = [
        {"type": kind, "id": str(at)} for at, kind in enumerate(("replied_to", "quoted", "retweeted", "someday"))
    ]
    batch = batch_of(sources_files.x_tweet(9, 55, "x", referenced_tweets=references))
    edges, targets = edges_of(batch.tweets[0][1], "x:9", AT, batch, privacy())
    assert [edge.type for edge in edges] == [EdgeType.REPLY, EdgeType.QUOTE, EdgeType.REPOST]
    assert [edge.dst_uid for edge in edges] == [f"x:{target}" for target in targets[:3]]
    assert {(edge.src_uid, edge.at, edge.at_basis) for edge in edges} == {("x:9", AT, ZoneBasis.EXPLICIT)}
    assert len(targets) == 4
    undated, _ = edges_of(batch.tweets[0][1], "x:9", None, batch, privacy())
    assert {(edge.at, edge.at_basis) for edge in undated} == {(None, ZoneBasis.UNKNOWN)}


# Texts


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("whole", Completeness.YES),
        ("", Completeness.YES),
        ("cut…", Completeness.UNKNOWN),
        ("cut...", Completeness.UNKNOWN),
        ("cut… https://t.co/abc", Completeness.UNKNOWN),
        ("not… cut here", Completeness.YES),
    ],
)
def test_whether_a_text_is_whole(text: str, complete: Completeness) -> None:
    assert text_of(sources_files.x_tweet(1, 55, text)).complete is complete


def test_hashtags_are_read_from_the_text_only_where_entities_were_not_asked_for() -> None:
    assert text_of(sources_files.x_tweet(1, 55, "#one and #تل_نهر #")).hashtags == ("one", "تل_نهر")
    assert text_of(sources_files.x_tweet(1, 55, "#one", entities={})).hashtags == ()
    assert text_of(sources_files.x_tweet(1, 55, "#one", entities=None)).hashtags == ()


def test_mentions_are_found_even_where_the_entities_keep_silent() -> None:
    found = text_of(sources_files.x_tweet(1, 55, "to @hidden_one", entities={}))
    assert len(found.mentions) == 1
    assert found.mentions[0] in found.text


def test_links_keep_what_they_lead_to() -> None:
    text = "see https://t.co/a"
    link = sources_files.x_link(text, "https://t.co/a", "https://news.example/b") | {
        "unwound_url": "https://news.example/c"
    }
    found = text_of(sources_files.x_tweet(1, 55, text, entities={"urls": [link]}))
    assert found.urls == (Url("https://t.co/a", "https://news.example/b", "https://news.example/c"),)
    assert found.text == text
    assert (found.spans[0].type, found.spans[0].target) == ("url", "https://news.example/b")


def test_a_private_post_keeps_no_short_link_that_finds_it_again() -> None:
    text = "see https://t.co/a"
    link = sources_files.x_link(text, "https://t.co/a", "https://news.example/b")
    found = text_of(sources_files.x_tweet(1, 9, text, entities={"urls": [link]}), public=False)
    assert found.text.startswith("see https://t.co/h:")
    assert found.urls[0].as_written == found.text.removeprefix("see ")
    assert found.urls[0].expanded == "https://news.example/b"


def test_a_public_post_that_links_to_a_private_one_hides_both_forms() -> None:
    text = "see https://t.co/a"
    link = sources_files.x_link(text, "https://t.co/a", "https://x.com/hidden_one/status/12")
    found = text_of(sources_files.x_tweet(1, 55, text, entities={"urls": [link]}))
    assert "t.co/a" not in found.text
    assert found.urls[0].expanded == "https://x.com/" + privacy().post("x", "12", public=False)


def test_cashtags_are_spans_and_no_hashtags() -> None:
    found = text_of(
        sources_files.x_tweet(1, 55, "buy $ABC", entities={"cashtags": [{"start": 4, "end": 8, "tag": "ABC"}]})
    )
    assert found.hashtags == ()
    assert [(span.type, span.target) for span in found.spans] == [("cashtag", "ABC")]


@given(
    st.lists(
        st.sampled_from(["&amp;", "&lt;", "&gt;", "&", "@hidden_one", " ", "a", "😀", "#t", "&amp;amp;"]), max_size=12
    )
)
def test_unescaping_and_redacting_together_keep_every_span_in_place(pieces: list[str]) -> None:
    text = "".join(pieces)
    tags = [{"start": at, "end": at + 1, "tag": text[at]} for at in range(len(text)) if text[at] in "a😀"]
    found = text_of(sources_files.x_tweet(1, 55, text, entities={"hashtags": tags}))
    assert "hidden_one" not in found.text
    shown = [found.text[span.start : span.end] for span in found.spans]
    for tag, piece in zip(found.hashtags, shown, strict=True):
        assert tag in piece or piece in "&<>"  # a letter inside an entity stands for the entity's sign


# Counts


def test_counts_by_their_shared_names() -> None:
    found = metrics_of(dict.fromkeys(METRICS, 7), AT)
    assert [metric.name for metric in found] == list(METRICS.values())
    assert {metric.at for metric in found} == {AT}
    assert metrics_of({"like_count": 2.5}, None)[0].basis is MetricBasis.ROUNDED
    assert metrics_of({"url_link_clicks": 3}, None) == ()


# Media


def test_media_that_were_not_included_keep_their_key() -> None:
    value = sources_files.x_tweet(1, 55, "x", attachments={"media_keys": ["3_1", "3_2"]})
    batch = batch_of(
        value,
        media=[{"media_key": "3_1", "type": "video", "duration_ms": 1500, "preview_image_url": "https://a.example/p"}],
    )
    tweet = batch.tweets[0][1]
    scope = texts.scope_of(tweet, batch, privacy(), public=True)
    refs, kept = media.media_of(tweet, batch, scope, public=True)
    assert [(ref.native_key, ref.mime, ref.duration_s) for ref in refs] == [
        ("3_1", "video/mp4", 1.5),
        ("3_2", None, None),
    ]
    assert refs[0].source_url == "https://a.example/p"
    assert len(kept) == 1
    assert media.media_of(Tweet(id="1"), batch, scope, public=True) == ((), [])


def test_a_private_alt_text_names_nobody() -> None:
    value = sources_files.x_tweet(1, 9, "x", attachments={"media_keys": ["3_1"]})
    batch = batch_of(value, media=[{"media_key": "3_1", "alt_text": "by @hidden_one"}])
    tweet = batch.tweets[0][1]
    refs, kept = media.media_of(tweet, batch, texts.scope_of(tweet, batch, privacy(), public=False), public=False)
    assert refs[0].alt_text is not None
    assert "hidden_one" not in refs[0].alt_text
    assert b"hidden_one" not in canonical_bytes(kept)
    assert b"3_1" not in canonical_bytes(kept)


# Accounts


def test_an_account_is_given_again_only_when_it_changed() -> None:
    accounts = Accounts(privacy())
    user = msgspec.convert(sources_files.x_user(55, "SahlaraToday"), User)
    assert accounts.record_of(user) is not None
    assert accounts.record_of(user) is None
    user.name = "Another name"
    assert accounts.record_of(user) is not None
    assert accounts.record_of(User()) is None
    assert accounts.record_of(User(id="5", protected=True)) is None


def test_an_account_without_counts_or_profile() -> None:
    accounts = Accounts(privacy())
    private, public = accounts.record_of(User(id="9")), accounts.record_of(User(id="55"))
    assert private is not None
    assert public is not None
    assert private.accounts[0].counts == public.accounts[0].counts == ()
    assert public.accounts[0].handle is None


# Problems


def problem(**more: object) -> Problem:
    given = {"resource_type": "tweet", "resource_id": "7", "type": "https://api.x.com/2/problems/resource-not-found"}
    return msgspec.convert(given | more, Problem)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("resource-not-found", State.DELETED),
        ("not-authorized-for-resource", State.PRIVATE),
        ("disallowed-resource", State.UNAVAILABLE),
    ],
)
def test_states_by_problem(kind: str, state: State) -> None:
    found = problems.record_of(problem(type=f"https://api.twitter.com/2/problems/{kind}"), Batch(), privacy())
    assert isinstance(found, Record)
    assert found.post is not None
    assert (found.post.state, found.post.state_reason, found.post.text) == (state, kind, "")
    assert b'"7"' not in found.raw


@pytest.mark.parametrize(
    "more",
    [
        {"resource_type": "user"},
        {"resource_type": "media"},
        {"resource_type": None},
        {"resource_id": None},
        {"resource_id": ""},
        {"type": "about:blank"},
        {"type": None},
    ],
)
def test_problems_of_other_things_are_counted(more: dict[str, object]) -> None:
    assert problems.record_of(problem(**more), Batch(), privacy()) == Ignored("error-entry")


def test_a_problem_with_a_post_of_a_known_public_author_keeps_its_id() -> None:
    found = problems.record_of(problem(), Batch(authors={"7": "55"}), privacy())
    assert isinstance(found, Record)
    assert found.uid == "x:7"


# Salvage


def test_each_part_of_a_response_is_salvaged_apart() -> None:
    response = {
        "data": [sources_files.x_tweet(1, 55, "x"), {"id": {}}, 5, sources_files.x_tweet(2, 55, "y")],
        "includes": {
            "users": [sources_files.x_user(55, "SahlaraToday"), {"id": []}],
            "tweets": [{"text": 5}, sources_files.x_tweet(3, 55, "z")],
            "media": [{"media_key": 5}],
            "places": [{"id": "p", "country_code": "IQ"}],
            "polls": [{"id": None, "options": 5}],
        },
        "errors": [{"value": {}}],
    }
    found = salvage(json.dumps(response).encode(), "line 9")
    assert found is not None
    batch, rejects = found
    assert [tweet.text for _, tweet in batch.tweets] == ["x", "y"]
    assert [tweet.text for _, tweet in batch.included] == ["z"]
    assert [reject.where for reject in rejects] == [
        "line 9 data[1]",
        "line 9 data[2]",
        "line 9 includes.users[1]",
        "line 9 includes.tweets[0]",
        "line 9 includes.media[0]",
        "line 9 includes.polls[0]",
        "line 9 errors[0]",
    ]
    assert all(len(reject.raw_hash) == 64 for reject in rejects)


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"data":5}', b'{"data":"x"}', b'{"data":null}', b"{", b"\xff", b'{"data":[' + b"["]
)
def test_what_is_no_response_is_not_salvaged(data: bytes) -> None:
    assert salvage(data, "line 1") is None


# Posts


def test_ids_that_are_none_are_rejects() -> None:
    for key in ("", "a b", "1\u202e2", "x" * 65, "/"):
        batch = batch_of(sources_files.x_tweet(1, 55, "x") | {"id": key})
        found = posts.record_of(batch.tweets[0][1], batch, privacy(), where="line 1", included=False)
        assert not isinstance(found, Record | Quarantined)
        assert found.code == "id-unreadable"


def test_a_post_without_an_author_or_a_time() -> None:
    batch = batch_of({"id": "1", "text": "bare"})
    found = posts.record_of(batch.tweets[0][1], batch, privacy(), where="line 1", included=False)
    assert isinstance(found, Record)
    assert found.post is not None
    assert (found.author_ref, found.post.created_at, found.post.created_zone_basis) == (None, None, ZoneBasis.UNKNOWN)
    assert found.uid.startswith("x:h:")
    assert found.post.thread_root is None


def test_a_handle_that_is_none_is_not_put_into_an_address() -> None:
    user = sources_files.x_user(55, "a/../b?c=")
    batch = batch_of(sources_files.x_tweet(1, 55, "x"), users=[user])
    found = posts.record_of(batch.tweets[0][1], batch, privacy(), where="line 1", included=False)
    assert isinstance(found, Record)
    assert found.post is not None
    assert found.post.uri == "https://x.com/i/web/status/1"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-05-11T15:34:16.000Z", AT),
        ("2026-05-11T18:34:16+03:00", AT),
        ("2026-05-11T15:34:16", None),
        ("yesterday", None),
        ('"', None),
        ("\ud800", None),
        (None, None),
        (5, None),
    ],
)
def test_times_of_the_api(text: object, wanted: datetime | None) -> None:
    assert parsed_time(text) == wanted


@given(
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:]{5,8}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})?") | st.text()
)
def test_a_time_is_read_as_the_json_decoder_reads_it(text: str) -> None:
    try:
        wanted = msgspec.json.decode(json.dumps(text), type=datetime)
    except msgspec.DecodeError:
        wanted = None
    assert parsed_time(text) == (wanted if wanted and wanted.tzinfo else None)


@given(st.dictionaries(st.sampled_from([*METRICS, "other"]), st.none() | st.integers(-9, 9) | st.floats(0, 9)))
def test_counts_are_the_same_whether_one_of_them_is_a_fraction_or_not(counts: dict[str, Any]) -> None:
    whole = {name: value for name, value in counts.items() if not isinstance(value, float)}
    kept = [metric for metric in metrics_of(counts, AT) if metric.basis is not MetricBasis.ROUNDED]
    assert list(metrics_of(whole, AT)) == kept


def test_doubts_are_told_with_the_field() -> None:
    batch = batch_of(sources_files.x_tweet(906000000000000000, 55, "x", entities={"urls": [{"start": 4, "end": 2}]}))
    found = posts.record_of(batch.tweets[0][1], batch, privacy(), where="line 1", included=False)
    assert isinstance(found, Record)
    assert found.warnings == (ReadWarning("id-rounded", "id"), ReadWarning("span-wrong", "entities.url"))
