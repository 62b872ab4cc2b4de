"""Whose post a record shows: by id, address, handle or name; private unless known; ids that join wherever they come from."""

from __future__ import annotations

from typing import Any

import pytest
import sources_files
from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.chunks import PublicAccount
from dalil.schema.words import IdQuality
from dalil.sources.authorship import Authorship, Told, address_in, authorship
from dalil.sources.privacy import Pseudonymiser

PAGE = "https://www.facebook.com/sahlaratoday/posts/77"
BY_NUMBER = "https://www.facebook.com/permalink.php?story_fbid=77&id=555"
NEWS = (
    PublicAccount(platform="facebook", handle="SahlaraToday"),
    PublicAccount(platform="facebook", native_id="555"),
    PublicAccount(platform="x", native_id="55", handle="SahlaraToday"),
)


def privacy(*public: PublicAccount) -> Pseudonymiser:
    return Pseudonymiser(sources_files.KEY, public)


def found(told: dict[str, Any], *public: PublicAccount) -> Authorship:
    return authorship(Told(**{"platform": "facebook", "derived_from": ("a",)} | told), privacy(*public))


def uid(by: Authorship) -> str:
    assert by.who is not None
    return by.who.uid


@pytest.mark.parametrize(
    ("told", "account", "post"),
    [
        ({"address": PAGE}, "facebook:@sahlaratoday", "sahlaratoday_77"),
        ({"address": BY_NUMBER}, "facebook:555", "555_77"),
        ({"address": PAGE, "account_id": "9"}, "facebook:9", "sahlaratoday_77"),
        ({"address": PAGE, "handle": "@Another"}, "facebook:@another", "sahlaratoday_77"),
        ({"handle": "SahlaraToday", "post_id": "12"}, "facebook:@sahlaratoday", "12"),
        ({"name": "Sahlara Today", "post_id": "12"}, "facebook:name:sahlara today", "12"),
        ({"name": "Sahlara Today", "address": PAGE}, "facebook:@sahlaratoday", "sahlaratoday_77"),
        (
            {"platform": "telegram", "address": "https://t.me/Sahlara_News/12"},
            "telegram:@sahlara_news",
            "sahlara_news/12",
        ),
        ({"platform": "x", "address": "https://x.com/SahlaraToday/status/17"}, "x:@sahlaratoday", "17"),
        ({"platform": "x", "address": PAGE, "post_id": "17", "handle": "a"}, "x:@a", "17"),
    ],
)
def test_what_tells_of_the_account_and_the_post(told: dict[str, Any], account: str, post: str) -> None:
    by = found({"kind": "page"} | told)
    assert (uid(by), by.post_key, by.public) == (account, post, True)
    assert by.shown(privacy()) == post
    assert by.shown_quality is IdQuality.EXACT


@pytest.mark.parametrize(
    "told",
    [
        {"address": PAGE},
        {"address": BY_NUMBER},
        {"handle": "sahlaratoday"},
        {"account_id": "555"},
        {"name": "Sahlara Today"},
    ],
)
def test_all_are_private_until_they_are_known(told: dict[str, Any]) -> None:
    by = found(told)
    assert not by.public
    assert uid(by).startswith("facebook:h:")
    assert by.shown(privacy()).startswith("h:")
    assert by.shown_quality is IdQuality.HASHED
    assert by.known_as == frozenset()


def test_the_workspaces_list_makes_them_known_but_for_a_mere_name() -> None:
    for told in ({"address": PAGE}, {"address": BY_NUMBER}, {"handle": "@SAHLARATODAY"}, {"account_id": "555"}):
        assert found(told, *NEWS).public
    assert not found({"name": "SahlaraToday"}, *NEWS).public
    assert not found({"platform": "x", "address": PAGE, "name": "n"}, *NEWS).public


def test_an_id_is_known_by_the_handle_beside_it() -> None:
    assert uid(found({"platform": "x", "account_id": "77", "handle": "SahlaraToday"}, *NEWS)) == "x:77"
    assert uid(found({"platform": "x", "account_id": "55"}, *NEWS)) == "x:55"


def test_one_private_person_is_one_hash_by_address_and_by_handle() -> None:
    by_handle = found({"platform": "x", "handle": "Hidden_One", "post_id": "1"})
    by_address = found({"platform": "x", "address": "https://twitter.com/hidden_one/status/1"})
    assert uid(by_handle) == uid(by_address)
    assert by_handle.shown(privacy()) == by_address.shown(privacy())


def test_nothing_told_is_nobody_and_a_derived_id() -> None:
    by = found({})
    assert by.who is None
    assert not by.public
    assert by.post_key.startswith("d:")
    assert by.quality is IdQuality.DERIVED
    assert by.post_key == found({}).post_key
    assert by.post_key != found({"derived_from": ("b",)}).post_key
    assert by.post_key != found({"platform": "x"}).post_key


@pytest.mark.parametrize("rounded", ["1.70000E+18", "1700000000000000000", "1,7e18", "906000000000000000"])
def test_a_rounded_id_gives_way_to_what_is_exact(rounded: str) -> None:
    by = found({"address": PAGE, "post_id": rounded, "account_id": rounded, "kind": "page"})
    assert (uid(by), by.post_key) == ("facebook:@sahlaratoday", "sahlaratoday_77")
    assert by.rounded == ("post_id", "account_id")
    alone = found({"post_id": rounded, "account_id": rounded, "kind": "page"})
    assert alone.post_key == rounded
    assert alone.quality is IdQuality.ROUNDED
    assert uid(alone) == f"facebook:{rounded}"


def test_the_texts_of_a_public_account_may_name_it_and_nobody_else() -> None:
    by = found({"address": PAGE, "handle": "SahlaraToday", "kind": "page"})
    scope = by.scope(privacy())
    assert scope.clean(f"@SahlaraToday says, see {PAGE}") == f"@SahlaraToday says, see {PAGE}"
    cleaned = scope.clean("@hidden.person says, see https://www.facebook.com/hidden.person/posts/9")
    assert "hidden" not in cleaned


def test_an_address_on_another_platform_names_nothing_here() -> None:
    assert address_in("https://x.com/a/status/1", "facebook").post is None
    assert address_in("no address", "facebook").account is None
    assert address_in(PAGE, "facebook").post == "sahlaratoday_77"


texts = st.text(max_size=20) | st.sampled_from([PAGE, BY_NUMBER, "https://t.me/a/1", "@", "1e9", "h:" + "0" * 32])


@given(st.sampled_from(["facebook", "x", "telegram", "other"]), texts, texts, texts, texts, texts)
def test_no_words_raise_and_what_is_private_is_hashed(
    platform: str, address: str, post_id: str, account_id: str, handle: str, name: str
) -> None:
    told = Told(platform=platform, address=address, post_id=post_id, account_id=account_id, handle=handle, name=name)
    by = authorship(told, privacy())
    assert not by.public
    assert by.shown(privacy()).startswith("h:")
    if by.who is not None:
        assert by.who.native_id.startswith("h:")
