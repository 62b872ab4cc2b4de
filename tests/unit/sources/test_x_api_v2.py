"""What the X API v2 says and what becomes of it: posts, reposts, edits, states, numbers."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Metric, Post
from dalil.schema.words import Completeness, EdgeType, IdQuality, Kind, MetricBasis, State, Visibility
from dalil.sources.counts import rough
from dalil.sources.formats.x_api_v2.importer import XApiV2
from dalil.sources.importer import Ignored, Item, Limits, Quarantined, Record

NEWS = PublicAccount(platform="x", native_id="55", handle="SahlaraToday")
USERS = [sources_files.x_user(55, "SahlaraToday"), sources_files.x_user(9007, "hidden_one")]


def read(tmp_path: Path, *values: object, public: tuple[PublicAccount, ...] = (NEWS,)) -> list[Item]:
    return sources_files.items(XApiV2(), sources_files.write_lines(tmp_path / "f.jsonl", values), public=public)


def one(tmp_path: Path, tweet: dict[str, Any], **includes: Any) -> tuple[Record, Post]:
    found = read(tmp_path, sources_files.x_response([tweet], USERS, **includes))
    record = sources_files.records(found, included=False)[0]
    assert record.post is not None
    return record, record.post


def test_a_public_post_keeps_its_id_address_and_times(tmp_path: Path) -> None:
    record, post = one(tmp_path, sources_files.x_tweet(1600, 55, "The bridge stands."))
    assert post.uid == record.uid == "x:1600"
    assert post.uri == "https://x.com/SahlaraToday/status/1600"
    assert post.author_ref == "x:55"
    assert record.author_public
    assert post.created_at == post.server_indexed_at == datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)
    assert post.visibility is Visibility.PUBLIC
    assert post.thread_root == "x:1600"
    assert post.text_complete is Completeness.YES
    assert post.client == "Twitter Web App"
    assert record.locators == ()


def test_a_private_post_has_hashes_and_locators_only(tmp_path: Path) -> None:
    record, post = one(tmp_path, sources_files.x_tweet(1600, 9007, "words"))
    assert post.uid.startswith("x:h:")
    assert post.uri is None
    assert post.id_quality is IdQuality.HASHED
    assert post.thread_root == post.uid
    assert (post.uid, "https://x.com/i/web/status/1600") in record.locators
    assert (post.author_ref, "https://x.com/i/user/9007") in record.locators


def test_missing_null_and_zero_counts_differ(tmp_path: Path) -> None:
    counts = {"like_count": 0, "reply_count": None, "impression_count": 1e3, "someday_count": 3}
    _, post = one(tmp_path, sources_files.x_tweet(1600, 55, "x", public_metrics=counts))
    assert post.metrics == (
        Metric("likes", 0),
        Metric("replies", None),
        Metric("views", 1000, None, MetricBasis.ROUNDED, "1000.0"),
    )
    tweet = sources_files.x_tweet(1600, 55, "x")
    del tweet["public_metrics"]
    assert one(tmp_path, tweet)[1].metrics == ()
    assert one(tmp_path, tweet | {"public_metrics": None})[1].metrics == ()


def test_the_long_form_is_the_text(tmp_path: Path) -> None:
    long = "The whole text. " * 30 + "@hidden_one"
    note = {"text": long, "entities": {"mentions": [sources_files.x_mention(long, "hidden_one")]}}
    record, post = one(tmp_path, sources_files.x_tweet(1600, 55, "The whole te… https://t.co/x", note_tweet=note))
    assert post.text.startswith("The whole text. The whole text.")
    assert post.text_complete is Completeness.YES
    assert "hidden_one" not in post.text
    assert b"hidden_one" not in record.raw
    span = next(span for span in post.spans if span.type == "mention")
    assert post.text[span.start : span.end] == span.target == post.mentions[0]


def test_a_cut_text_is_not_called_whole(tmp_path: Path) -> None:
    assert (
        one(tmp_path, sources_files.x_tweet(1, 55, "The whole te… https://t.co/x"))[1].text_complete
        is Completeness.UNKNOWN
    )


def test_entities_are_unescaped_and_spans_follow(tmp_path: Path) -> None:
    text = "a &amp; b &lt;c&gt; 😀 #تل_نهر @hidden_one #x"
    start = text.index("#تل_نهر")
    tags = [{"start": start, "end": start + 7, "tag": "تل_نهر"}, {"start": len(text) - 2, "end": len(text), "tag": "x"}]
    mention = sources_files.x_mention(text, "hidden_one", 9007)
    _, post = one(tmp_path, sources_files.x_tweet(1, 55, text, entities={"hashtags": tags, "mentions": [mention]}))
    assert post.text.startswith("a & b <c> 😀 #تل_نهر @h:")
    assert post.text_raw is not None
    assert post.text_raw.startswith("a &amp; b &lt;c&gt; 😀")
    assert "hidden_one" not in post.text_raw
    assert [post.text[s.start : s.end] for s in post.spans] == ["#تل_نهر", post.mentions[0], "#x"]
    assert post.hashtags == ("تل_نهر", "x")


def test_a_span_outside_the_text_is_doubted_not_believed(tmp_path: Path) -> None:
    tags = [{"start": 5, "end": 500, "tag": "x"}, {"start": 9, "end": 3, "tag": "y"}]
    record, post = one(tmp_path, sources_files.x_tweet(1, 55, "short", entities={"hashtags": tags}))
    assert post.spans == ()
    assert post.hashtags == ("x", "y")
    assert [warning.code for warning in record.warnings] == ["span-wrong", "span-wrong"]


def test_a_retweet_is_an_edge_and_never_a_post(tmp_path: Path) -> None:
    text = "RT @SahlaraToday: The bridge stands."
    tweet = sources_files.x_tweet(1700, 9007, text, referenced_tweets=[{"type": "retweeted", "id": "1600"}])
    original = sources_files.x_tweet(1600, 55, "The bridge stands.")
    found = read(tmp_path, sources_files.x_response([tweet], USERS, tweets=[original]))
    [record] = sources_files.records(found, included=False)
    assert record.kind is Kind.REPOST
    assert record.post is None
    assert record.signal_text == ""
    [edge] = record.edges
    assert (edge.type, edge.dst_uid, edge.src_uid) == (EdgeType.REPOST, "x:1600", record.uid)
    assert edge.at == datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)
    [included] = sources_files.records(found, "post", included=True)
    assert included.uid == "x:1600"


@pytest.mark.parametrize(
    ("kind", "more", "type_"),
    [
        ("replied_to", {"in_reply_to_user_id": "55"}, EdgeType.REPLY),
        (
            "quoted",
            {
                "entities": {
                    "urls": [{"url": "https://t.co/a", "expanded_url": "https://x.com/SahlaraToday/status/1600"}]
                }
            },
            EdgeType.QUOTE,
        ),
        (
            "retweeted",
            {
                "text": "RT @SahlaraToday: x",
                "entities": {"mentions": [{"start": 3, "end": 16, "username": "SahlaraToday"}]},
            },
            EdgeType.REPOST,
        ),
    ],
)
def test_the_author_of_an_absent_post_is_read_from_the_record(
    tmp_path: Path, kind: str, more: dict[str, Any], type_: EdgeType
) -> None:
    tweet = (
        sources_files.x_tweet(1700, 9007, "words https://t.co/a", referenced_tweets=[{"type": kind, "id": "1600"}])
        | more
    )
    found = read(tmp_path, sources_files.x_response([tweet], USERS))
    edge = sources_files.records(found, included=False)[0].edges[0]
    assert (edge.type, edge.dst_uid) == (type_, "x:1600")


def test_an_absent_post_of_nobody_known_is_hashed(tmp_path: Path) -> None:
    tweet = sources_files.x_tweet(1700, 55, "words", referenced_tweets=[{"type": "replied_to", "id": "1600"}])
    record, _ = one(tmp_path, tweet)
    assert record.edges[0].dst_uid is not None
    assert record.edges[0].dst_uid.startswith("x:h:")
    assert ("1600" in record.raw.decode()) is False


def test_one_hidden_account_is_one_hash_everywhere(tmp_path: Path) -> None:
    mention = "to @hidden_one"
    tweets = [
        sources_files.x_tweet(1, 9007, "mine"),
        sources_files.x_tweet(2, 55, mention, entities={"mentions": [sources_files.x_mention(mention, "hidden_one")]}),
        sources_files.x_tweet(
            3, 55, "answer", in_reply_to_user_id="9007", referenced_tweets=[{"type": "replied_to", "id": "1"}]
        ),
    ]
    found = sources_files.records(read(tmp_path, sources_files.x_response(tweets, USERS)), "post")
    mine, mentioning, answer = (record.post for record in found)
    assert mine is not None
    assert mentioning is not None
    assert answer is not None
    assert mine.author_ref is not None
    assert mentioning.mentions == ("@" + mine.author_ref.removeprefix("x:"),)
    assert found[1].edges[0].dst_uid == mine.author_ref
    assert found[2].edges[0].dst_uid == mine.uid


def test_an_edit_is_a_new_version_of_the_first_post(tmp_path: Path) -> None:
    first, second = 1600000000000000001, 1600000600000000002
    history = [str(first), str(second)]
    early = sources_files.x_tweet(first, 55, "It fell.", edit_history_tweet_ids=history[:1])
    late = sources_files.x_tweet(second, 55, "It did not fall.", edit_history_tweet_ids=history)
    found = sources_files.records(read(tmp_path, sources_files.x_response([early, late], USERS)), "post")
    old, new = (record.post for record in found)
    assert old is not None
    assert new is not None
    assert old.uid == new.uid == f"x:{first}"
    assert found[0].version != found[1].version
    assert (old.state, new.state, new.version_no) == (State.LIVE, State.EDITED, 2)
    assert new.edited_at == datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)
    assert new.created_at == datetime(2022, 12, 6, 5, 31, 41, 219000, tzinfo=UTC)  # told by the first id itself
    assert new.uri == f"https://x.com/SahlaraToday/status/{second}"


def test_a_withheld_post_says_where(tmp_path: Path) -> None:
    _, post = one(
        tmp_path, sources_files.x_tweet(1, 55, "x", withheld={"country_codes": ["TR", "DE"], "scope": "tweet"})
    )
    assert (post.state, post.state_reason) == (State.WITHHELD, "DE TR")


def test_errors_are_states_of_posts(tmp_path: Path) -> None:
    def problem(kind: str, number: str, parameter: str = "ids") -> dict[str, str]:
        address = f"https://api.twitter.com/2/problems/{kind}"
        return {"resource_type": "tweet", "resource_id": number, "parameter": parameter, "type": address, "title": "x"}

    response = {
        "errors": [
            problem("resource-not-found", "11"),
            problem("not-authorized-for-resource", "12", "referenced_tweets.id"),
            {"resource_type": "user", "resource_id": "hidden_one", "type": "x/resource-not-found"},
        ]
    }
    found = read(tmp_path, response)
    states = [(record.post.state, record.included) for record in sources_files.records(found) if record.post]
    assert states == [(State.DELETED, False), (State.PRIVATE, True)]
    assert Ignored("error-entry") in found
    assert "hidden_one" not in repr([record.raw for record in sources_files.records(found)])


def test_posts_of_protected_accounts_are_counted_and_not_read(tmp_path: Path) -> None:
    user = sources_files.x_user(9007, "hidden_one", protected=True)
    found = read(tmp_path, sources_files.x_response([sources_files.x_tweet(1, 9007, "secret words")], [user]))
    assert found == [Quarantined("not-public")]


def test_private_accounts_keep_rough_counts_only(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        sources_files.x_response([sources_files.x_tweet(1, 9007, "x"), sources_files.x_tweet(2, 55, "y")], USERS),
    )
    private, public = (record.accounts[0] for record in sources_files.records(found, "account"))
    assert [metric.value for metric in private.counts] == [10_000, 0, 900, 0]
    assert (private.handle, private.display_name, private.description, private.created_at) == (None,) * 4
    assert (public.handle, public.display_name) == ("SahlaraToday", "Name of SahlaraToday")
    assert public.description is not None
    assert "@somebody" not in public.description
    assert [metric.value for metric in public.counts] == [12_345, 7, 990, 0]


def test_rough_counts() -> None:
    assert [rough(n) for n in (None, 0, 9, 10, 99, 12_345, 1_500_000)] == [None, 0, 0, 10, 90, 10_000, 1_000_000]


def test_media_of_a_private_post_lead_nowhere(tmp_path: Path) -> None:
    media = [
        {"media_key": "3_1", "type": "photo", "url": "https://pbs.twimg.com/media/a.jpg", "width": 10, "height": 5}
    ]
    attached = {"attachments": {"media_keys": ["3_1", "3_2"]}}
    found = read(
        tmp_path,
        sources_files.x_response(
            [sources_files.x_tweet(1, 9007, "x", **attached), sources_files.x_tweet(2, 55, "y", **attached)],
            USERS,
            media=media,
        ),
    )
    private, public = (record.post for record in sources_files.records(found, "post"))
    assert private is not None
    assert public is not None
    assert [ref.native_key for ref in public.media] == ["3_1", "3_2"]
    assert public.media[0].source_url == "https://pbs.twimg.com/media/a.jpg"
    assert all(ref.native_key and ref.native_key.startswith("h:") for ref in private.media)
    assert private.media[0].source_url is None
    assert (private.media[0].width, private.media[0].height) == (10, 5)


def test_places_are_coarse(tmp_path: Path) -> None:
    geo = {"place_id": "p1", "coordinates": {"type": "Point", "coordinates": [43.123456, 36.123456]}}
    places = [{"id": "p1", "full_name": "Tel Nahr", "country_code": "IQ"}]
    record, post = one(tmp_path, sources_files.x_tweet(1, 55, "x", geo=geo), places=places)
    assert post.geo == "IQ"
    assert b"43.12" not in record.raw
    assert b"p1" not in record.raw


def test_rounded_ids_are_flagged(tmp_path: Path) -> None:
    record, post = one(tmp_path, sources_files.x_tweet(906000000000000000, 55, "x"))
    assert post.id_quality is IdQuality.ROUNDED
    assert post.native_id == "906000000000000000"
    assert record.warnings[0].code == "id-rounded"


def test_one_broken_post_loses_only_itself(tmp_path: Path) -> None:
    good = sources_files.x_tweet(1, 55, "good")
    broken = sources_files.x_tweet(2, 55, "x") | {"text": {"not": "a text"}}
    found = read(
        tmp_path,
        sources_files.x_response([good, broken], [*USERS, {"id": ["no"]}]),
        sources_files.x_response([good], USERS),
    )
    assert sources_files.rejects(found) == [
        ("line 1 data[1]", "shape-unknown"),
        ("line 1 includes.users[2]", "shape-unknown"),
    ]
    assert len(sources_files.records(found, "post", included=False)) == 2


def test_broken_lines_are_rejects_with_line_code_and_hash(tmp_path: Path) -> None:
    whole = json.dumps(sources_files.x_response([sources_files.x_tweet(1, 55, "x")], USERS)).encode()
    deep = b'{"data":' + b"[" * 10_000 + b"]" * 10_000 + b"}"
    long = b'{"data":"' + b"x" * 10_000 + b'"}'
    path = tmp_path / "f"
    path.write_bytes(b"\n".join([whole, b'{"data": [', b"\xff\xfe", deep, b"", b"[]", long, whole]))
    found = sources_files.items(XApiV2(), path, public=[NEWS], limits=Limits(line_bytes=25_000))
    codes = sources_files.rejects(found)
    assert codes[0] == ("line 2", "json-broken")
    assert codes[1][0] == "line 3"
    assert ("line 4", "nested-too-deep") in codes or ("line 4", "shape-unknown") in codes
    assert ("line 6", "shape-unknown") in codes
    assert ("line 7", "shape-unknown") in codes
    assert all(item.raw_hash for item in found if hasattr(item, "raw_hash"))
    assert len(sources_files.records(found, "post", included=False)) == 2
    short = sources_files.items(XApiV2(), path, limits=Limits(line_bytes=5_000))
    assert ("line 7", "record-too-long") in sources_files.rejects(short)


def test_the_same_id_with_other_content_is_two_observations(tmp_path: Path) -> None:
    tweets = [sources_files.x_tweet(1, 55, "It fell."), sources_files.x_tweet(1, 55, "It did not fall.")]
    found = sources_files.records(read(tmp_path, sources_files.x_response(tweets, USERS)), "post")
    assert found[0].uid == found[1].uid
    assert found[0].raw != found[1].raw
    assert found[0].version != found[1].version


def test_layouts_of_the_file_do_not_matter(tmp_path: Path) -> None:
    responses = [sources_files.x_response([sources_files.x_tweet(n, 55, f"post {n}")], USERS) for n in range(1, 6)]
    flat = [response["data"][0] | {"author": USERS[0]} for response in responses]
    wanted = [record.raw for record in sources_files.records(read(tmp_path, *responses), "post")]
    for number, text in enumerate(
        (
            json.dumps(responses),
            json.dumps(responses, indent=2),
            "\n".join(json.dumps(response, indent="\t") for response in responses),
            "\ufeff" + "\n".join(json.dumps(response) for response in responses),
            "\n".join(json.dumps(tweet) for tweet in flat),
            json.dumps(flat, indent=1),
            "\n".join([json.dumps(flat[0]), *(json.dumps(response) for response in responses[1:])]),
        )
    ):
        path = tmp_path / f"{number}"
        path.write_text(text, encoding="utf-8")
        found = sources_files.items(XApiV2(), path, public=[NEWS])
        assert [record.raw for record in sources_files.records(found, "post")] == wanted


def test_the_time_of_the_request_is_no_part_of_the_identity(tmp_path: Path) -> None:
    response = sources_files.x_response([sources_files.x_tweet(1, 55, "x")], USERS)
    later = response | {
        "__twarc": {"url": "https://api/?token=secret", "version": "2", "retrieved_at": "2026-05-12T00:00:00+00:00"}
    }
    first, second = (sources_files.records(read(tmp_path, value), "post")[0] for value in (response, later))
    assert first.raw == second.raw
    assert second.post is not None
    assert second.post.state_at == datetime(2026, 5, 12, tzinfo=UTC)
    assert b"secret" not in second.raw


secrets = st.sampled_from(["hidden_alpha", "Hidden_Beta", "hiddengamma9"])
junk = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_no_planted_secret_reaches_a_row(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Handles, names, ids and addresses of private persons, planted wherever the format has a string."""
    name = data.draw(secrets)
    number, post_number = 900711223344, 1600112233445566
    around = data.draw(st.lists(junk, min_size=2, max_size=4))
    forms = [f"@{name}", f"https://x.com/{name}/status/{post_number}", f"twitter.com/{name}", f"https://t.co/{name}"]
    text = "".join(f"{piece} {data.draw(st.sampled_from(forms))} " for piece in around)
    links = [
        {
            "url": f"https://t.co/{name}",
            "expanded_url": forms[1],
            "display_url": f"x.com/{name}/…",
            "title": f"by @{name}",
        }
    ]
    mentions = [{"username": name, "id": str(number), "start": 0, "end": 5}]
    user = sources_files.x_user(
        number, name, location=name, url=forms[3], profile_image_url=forms[1], pinned_tweet_id=str(post_number)
    )
    tweet = sources_files.x_tweet(
        post_number,
        number,
        text,
        entities={"urls": links, "mentions": data.draw(st.sampled_from([mentions, None, []]))},
        in_reply_to_user_id=str(number),
        note_tweet=data.draw(st.sampled_from([None, {"text": text, "entities": {"urls": links}}])),
        referenced_tweets=[
            {"type": data.draw(st.sampled_from(["quoted", "replied_to", "retweeted"])), "id": str(post_number + 1)}
        ],
        attachments={"media_keys": [f"3_{post_number}"]},
        conversation_id=str(post_number + data.draw(st.integers(0, 2))),
        edit_history_tweet_ids=[str(post_number), str(post_number + 5)],
        context_annotations=[{"entity": {"name": name}}],
        unknown={"deep": [name, str(number)]},
    )
    other = sources_files.x_tweet(77, 55, text, entities={"urls": copy.deepcopy(links)})
    media = [{"media_key": f"3_{post_number}", "type": "photo", "url": forms[1], "alt_text": text}]
    response = sources_files.x_response([tweet, other], [user, USERS[0]], media=media)
    flat = tweet | {
        "author": user,
        "in_reply_to_user": user,
        "attachments": {"media_keys": [f"3_{post_number}"], "media": media},
    }
    folder = tmp_path_factory.mktemp("secrets")
    for number_, value in enumerate((response, flat)):
        found = sources_files.items(
            XApiV2(), sources_files.write_lines(folder / f"{number_}.jsonl", [value]), public=[NEWS]
        )
        assert sources_files.rejects(found) == []
        for record in sources_files.records(found):
            shown = f"{record.kind} {record.raw!r} {record.post} {record.accounts} {record.edges} {record.signal_text} {record.warnings}"
            for secret in (name.lower(), f"name of {name}".lower(), str(number), str(post_number)):
                if secret not in "".join(around).lower():
                    assert secret not in shown.lower()
