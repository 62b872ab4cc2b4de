"""The parts of a status: numbers, times, ids, versions, media, accounts, and who wrote what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import sources_x_files as x
from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.records import Metric
from dalil.schema.words import IdQuality, MetricBasis, PublicRole, State, ZoneBasis
from dalil.sources.counts import rough, whole
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import Scope
from dalil.sources.x_status.accounts import Accounts
from dalil.sources.x_status.around import Around, Author, author_of, key_of, text_id, versions_of
from dalil.sources.x_status.media import key_of as media_key
from dalil.sources.x_status.media import media_of
from dalil.sources.x_status.numbers import from_seconds, from_x_date, metrics_of, span_of, time_of_id
from dalil.sources.x_status.shapes import Medium, Status, User, said

KEY = bytes(range(32))


def status(**fields: Any) -> Status:
    return msgspec.json.decode(msgspec.json.encode(fields), type=Status)


def user(**fields: Any) -> User:
    return msgspec.json.decode(msgspec.json.encode(fields), type=User)


def privacy() -> Pseudonymiser:
    return Pseudonymiser(KEY, (x.NEWS,))


# counts


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (0, 0),
        (12, 12),
        ("12", 12),
        (" 12 ", 12),
        ("0.0", 0),
        ("3.000", 3),
        (3.0, 3),
        (3.7, 3),
        ("3.7", None),
        ("1e3", None),
        ("1,234", None),
        ("", None),
        ("absent", None),
        (-1, None),
        ("-1", None),
        (None, None),
        (True, None),
        ([], None),
        ("9" * 30, None),
        ("١٢", None),
        (float("inf"), None),
        (float("nan"), None),
        (1e300, None),
    ],
)
def test_a_count_is_a_whole_number_or_nothing(value: object, wanted: int | None) -> None:
    assert whole(value) == wanted


@given(st.integers(10, 10**18))
def test_a_rough_count_has_one_digit_and_is_never_more(number: int) -> None:
    found = rough(number)
    assert found is not None
    assert found <= number < found * 2
    assert str(found).rstrip("0") == str(number)[0]


def test_missing_null_and_zero_counts_differ() -> None:
    at = datetime(2026, 5, 11, tzinfo=UTC)
    found = metrics_of(status(favorite_count=0, retweet_count=None, quote_count="7", view_count="0.0"), at)
    assert found == (
        Metric("likes", 0, at),
        Metric("reposts", None, at),
        Metric("quotes", 7, at),
        Metric("views", 0, at, MetricBasis.EXACT, "0.0"),
    )
    assert metrics_of(status(), at) == ()


def test_a_count_with_a_fraction_is_rounded() -> None:
    assert metrics_of(status(view_count=1200.5), None) == (Metric("views", 1200, None, MetricBasis.ROUNDED, "1200.5"),)


# times


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Thu Jul 28 16:10:07 +0000 2022", datetime(2022, 7, 28, 16, 10, 7, tzinfo=UTC)),
        ("Thu Jul 28 16:10:07 +0300 2022", datetime(2022, 7, 28, 13, 10, 7, tzinfo=UTC)),
        ("Wed Mar 02 00:00:00 -0500 2011", datetime(2011, 3, 2, 5, tzinfo=UTC)),
        ("2024-09-23T18:59:44.000Z", datetime(2024, 9, 23, 18, 59, 44, tzinfo=UTC)),
        ("Thu Foo 28 16:10:07 +0000 2022", None),
        ("Thu Feb 31 16:10:07 +0000 2022", None),
        ("Thu Jul 28 25:10:07 +0000 2022", None),
        ("Thu Jul 28 16:10:07 +9900 2022", None),
        ("Thu Jul 28 16:10:07 2022", None),
        ("28/07/2022", None),
        ("", None),
        (None, None),
        (5, None),
        ("2024-09-23T" + "9" * 100, None),
    ],
)
def test_a_date_of_x(text: object, wanted: datetime | None) -> None:
    found = from_x_date(text)
    assert found.at == wanted
    assert found.basis is (ZoneBasis.EXPLICIT if wanted else ZoneBasis.UNKNOWN)


@given(st.integers(1_170_000_000, 1_900_000_000))
def test_dates_are_read_as_strptime_reads_them(seconds: int) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    days, months = (
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    )
    text = f"{days[at.weekday()]} {months[at.month - 1]} {at.day:02} {at:%H:%M:%S} +0000 {at.year}"
    assert from_x_date(text).at == at == datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y")


def test_seconds_since_1970_as_text() -> None:
    assert from_seconds("1610005273.0").at == datetime(2021, 1, 7, 7, 41, 13, tzinfo=UTC)
    assert from_seconds("1610005273.0").basis is ZoneBasis.EPOCH
    for text in ("", "soon", "1e400", "nan"):
        assert from_seconds(text).at is None


def test_an_id_tells_when_its_post_was_made() -> None:
    found = time_of_id("1552687856111566848")
    assert found is not None
    assert found.replace(microsecond=0) == datetime(2022, 7, 28, 16, 10, 7, tzinfo=UTC)
    for key in ("20", "29700859247", "", "abc", "١٢٣", "-5", "9" * 40, "1.5e18"):
        assert time_of_id(key) is None


@given(st.integers(1_300_000_000_000, 2_100_000_000_000))
def test_the_time_of_an_id_is_right_to_the_millisecond(milliseconds: int) -> None:
    at = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)
    ms = (at - datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)) // timedelta(milliseconds=1)
    found = time_of_id(str(ms << 22))
    assert found is not None
    assert abs(found - at) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("indices", "wanted"),
    [
        ([0, 5], (0, 5)),
        (["3", "7"], (3, 7)),
        ([0], None),
        ([None, 4], None),
        ("x", None),
        (None, None),
        ([1.0, 2.0], (1, 2)),
    ],
)
def test_a_place_is_two_whole_numbers(indices: object, wanted: tuple[int, int] | None) -> None:
    assert span_of(indices) == wanted


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (True, True),
        (False, False),
        ("True", True),
        ("false", False),
        ("1", True),
        ("0", False),
        ("x", None),
        ("", None),
        (None, None),
    ],
)
def test_a_flag_may_be_a_word(value: Any, wanted: bool | None) -> None:
    assert said(value) is wanted


# ids


def test_the_id_is_id_str_and_never_id() -> None:
    assert key_of(status(id=1552687856111566800, id_str="1552687856111566848")) == (
        "1552687856111566848",
        IdQuality.EXACT,
    )


def test_a_number_alone_may_have_been_rounded() -> None:
    assert key_of(status(id=1552687856111566848)) == ("1552687856111566848", IdQuality.ROUNDED)
    assert key_of(status(id=20)) == ("20", IdQuality.EXACT)
    assert key_of(status(id=1.5e18))[1] is IdQuality.ROUNDED
    assert key_of(status(id_str="906000000000000000"))[1] is IdQuality.ROUNDED
    assert key_of(status())[0] is None
    assert key_of(status(id_str="", id=None))[0] is None


@pytest.mark.parametrize(("value", "wanted"), [("5", "5"), (5, "5"), ("", None), (None, None), (" 5\t", "5")])
def test_an_id_as_text(value: object, wanted: str | None) -> None:
    assert text_id(value) == wanted


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, []),
        ({"edit_tweet_ids": ["1", "2"]}, ["1", "2"]),
        ({"edit_history": {"edit_tweet_ids": ["1", "2"], "initial_tweet_id": "1"}}, ["1", "2"]),
        ({"edit_history": {"edit_tweet_ids": ["2"], "initial_tweet_id": "1"}}, ["1", "2"]),
        ({"edit_history": {"initial_tweet_id": "1"}}, []),
        ({"edit_history": None}, []),
    ],
)
def test_the_versions_of_a_post(fields: dict[str, Any], wanted: list[str]) -> None:
    assert versions_of(status(**fields)) == wanted


# who wrote what


def test_an_author_is_the_user_else_the_bare_id() -> None:
    assert author_of(status(user={"id_str": "5", "screen_name": "a"}, user_id_str="6")) == Author("5", "a")
    assert author_of(status(user={"screen_name": "a"}, user_id_str="6")) == Author("6", "a")
    assert author_of(status(user_id_str="6")) == Author("6")
    assert author_of(status(user=None)) == Author()


def test_handles_are_learnt_from_users_mentions_answers_and_reposts() -> None:
    around = Around()
    around.add(
        status(
            id_str="1",
            user={"id_str": "5", "screen_name": "One"},
            entities={"user_mentions": [{"id_str": "6", "screen_name": "Two"}]},
            extended_tweet={"entities": {"user_mentions": [{"id_str": "7", "screen_name": "Three"}]}},
            in_reply_to_user_id_str="8",
            in_reply_to_screen_name="Four",
            reposted={"user_id_str": "9", "screen_name": "Five"},
        )
    )
    assert around.ids == {"one": "5", "two": "6", "three": "7", "four": "8", "five": "9"}
    assert around.authors == {"1": Author("5", "One")}


def test_the_author_of_a_quoted_post_is_read_from_its_address() -> None:
    one = status(
        quoted_status_id_str="77",
        quoted_status_permalink={"expanded": "https://twitter.com/SahlaraToday/status/77"},
    )
    assert Around().quoted(one, "77", []) == Author(None, "SahlaraToday")
    other = status(quoted_status_permalink={"expanded": "https://twitter.com/SahlaraToday/status/78"})
    assert Around().quoted(other, "77", []) == Author()


def test_a_post_is_named_by_its_first_version() -> None:
    around = Around(first_ids={"2": "1"})
    keeper = privacy()
    assert around.post_id("2", Author("55"), keeper) == "1"
    assert around.post_id("2", Author("9007"), keeper) == keeper.stand_in("x", "post", "1")


# media


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"id_str": "5", "media_url_https": "https://pbs.twimg.com/media/x.jpg"}, "3_5"),
        ({"id_str": "5", "media_url_https": "https://pbs.twimg.com/ext_tw_video_thumb/5/pu/img/x.jpg"}, "7_5"),
        ({"id_str": "5", "media_url_https": "https://pbs.twimg.com/amplify_video_thumb/5/img/x.jpg"}, "13_5"),
        ({"id_str": "5", "media_url_https": "https://pbs.twimg.com/tweet_video_thumb/x.jpg"}, "16_5"),
        ({"id_str": "5", "media_key": "3_9"}, "3_9"),
        ({"id_str": "5"}, "5"),
        ({"media_url_https": "https://pbs.twimg.com/media/x.jpg"}, None),
    ],
)
def test_a_medium_has_the_key_that_api_v2_gives_it(fields: dict[str, str], wanted: str | None) -> None:
    assert media_key(Medium(**fields)) == wanted


def with_media(*media: dict[str, Any]) -> Status:
    return status(id_str="1", full_text="x", extended_entities={"media": list(media)})


def test_public_media_keep_their_address_and_size() -> None:
    one = with_media(x.photo(5, "hidden_one"))
    [ref] = media_of(one, Scope(privacy(), "x"), public=True)
    assert (ref.native_key, ref.width, ref.height, ref.mime) == ("3_5", 1024, 512, "image/*")
    assert ref.source_url == "https://pbs.twimg.com/media/5.jpg"
    assert ref.alt_text is not None
    assert "hidden_one" not in ref.alt_text


def test_private_media_keep_a_hash() -> None:
    one = with_media(
        x.photo(5, "hidden_one"),
        {
            "type": "video",
            "id_str": "6",
            "video_info": {"duration_millis": 1500, "variants": [{"url": "https://video.twimg.com/6.mp4"}]},
        },
    )
    keeper = privacy()
    first, second = media_of(one, Scope(keeper, "x"), public=False)
    assert first.native_key == keeper.stand_in("x", "media", "3_5")
    assert first.source_url is None
    assert second.duration_s == 1.5
    assert b"twimg" not in msgspec.json.encode(one)


def test_a_private_medium_of_which_only_the_address_is_known_is_hashed_by_it() -> None:
    keeper = privacy()
    [ref] = media_of(
        with_media({"media_url_https": "https://pbs.twimg.com/media/x.jpg"}), Scope(keeper, "x"), public=False
    )
    assert ref.native_key == keeper.stand_in("x", "media", "https://pbs.twimg.com/media/x.jpg")


def test_a_medium_of_which_nothing_is_told_is_still_counted() -> None:
    for public in (True, False):
        [ref] = media_of(with_media({}), Scope(privacy(), "x"), public=public)
        assert ref.not_included == "unknown"


def test_sides_that_no_picture_has_are_left_out() -> None:
    [ref] = media_of(
        with_media({"id_str": "5", "original_info": {"width": 1 << 40, "height": "0"}}),
        Scope(privacy(), "x"),
        public=True,
    )
    assert (ref.width, ref.height) == (None, None)


def test_media_of_plain_entities_are_read_where_there_are_no_extended_ones() -> None:
    one = status(id_str="1", entities={"media": [x.photo(5, "a")]})
    assert len(media_of(one, Scope(privacy(), "x"), public=True)) == 1


# accounts


def test_a_public_account_keeps_what_it_says_of_itself() -> None:
    found = Accounts(privacy(), "1.1").record_of(user(**x.user(55, "SahlaraToday")))
    assert found is not None
    [account] = found.accounts
    assert (account.uid, account.handle, account.display_name) == ("x:55", "SahlaraToday", "Name of SahlaraToday")
    assert account.created_at == datetime(2017, 8, 16, 18, 33, 34, tzinfo=UTC)
    assert account.public_role is PublicRole.PUBLIC_ACTOR
    assert account.state is State.LIVE
    assert account.description is not None
    assert "somebody" not in account.description
    assert {metric.name: metric.value for metric in account.counts} == {
        "followers": 12_345,
        "following": 7,
        "posts": 990,
        "listed": 0,
    }
    assert b"Tel Nahr" not in found.raw
    assert b"profile_images" not in found.raw


def test_a_private_account_keeps_rounded_counts() -> None:
    found = Accounts(privacy(), "1.1").record_of(user(**x.user(9007, "hidden_one")))
    assert found is not None
    [account] = found.accounts
    assert account.uid.startswith("x:h:")
    assert (account.handle, account.display_name, account.description, account.created_at) == (None,) * 4
    assert {metric.name: metric.value for metric in account.counts} == {
        "followers": 10_000,
        "following": 0,
        "posts": 900,
        "listed": 0,
    }
    assert all(metric.basis is MetricBasis.ROUNDED for metric in account.counts)


def test_an_account_is_given_again_only_when_it_changed() -> None:
    accounts = Accounts(privacy(), "1.1")
    assert accounts.record_of(user(**x.user(9007, "hidden_one"))) is not None
    assert accounts.record_of(user(**x.user(9007, "hidden_one"))) is None
    assert accounts.record_of(user(**x.user(9007, "hidden_one", followers_count=13_000))) is not None
    assert accounts.record_of(user(**x.user(9007, "hidden_one", followers_count=13_000, name="Another"))) is None, (
        "of a private account the name is never read"
    )


@pytest.mark.parametrize("more", [{"protected": True}, {"id_str": None}, {"id_str": ""}, {"protected": "true"}])
def test_of_some_accounts_nothing_is_kept(more: dict[str, Any]) -> None:
    assert Accounts(privacy(), "1.1").record_of(user(**x.user(9007, "hidden_one", **more))) is None
    assert Accounts(privacy(), "1.1").record_of(None) is None


def test_a_withheld_account_is_said_to_be() -> None:
    found = Accounts(privacy(), "1.1").record_of(user(**x.user(55, "SahlaraToday", withheld_in_countries=["XS"])))
    assert found is not None
    assert found.accounts[0].state is State.WITHHELD
