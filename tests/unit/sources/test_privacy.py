"""Who is public, and what stands for everybody else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.chunks import PublicAccount
from dalil.schema.identity import keyed_hash
from dalil.sources.addresses import Address, parse
from dalil.sources.privacy import Pseudonymiser

KEY = bytes(range(32))


def test_nobody_is_public_until_known_by_id_or_handle() -> None:
    privacy = Pseudonymiser(
        KEY, [PublicAccount(platform="x", native_id="1"), PublicAccount(platform="x", handle="@News")]
    )
    assert privacy.account("x", "1") == ("x:1", "1", True)
    assert privacy.account("x", "2", handle="NEWS") == ("x:2", "2", True)
    assert not privacy.account("x", "2").public
    assert not privacy.account("telegram", "1").public
    assert privacy.mention("x", "News") == "@News"
    assert privacy.mention("x", "somebody").startswith("@h:")


def test_a_stand_in_is_the_keyed_hash_of_its_kind() -> None:
    privacy = Pseudonymiser(KEY)
    assert privacy.account("x", "2").native_id == "h:" + keyed_hash(KEY, "x", "account", "2")
    assert privacy.post("x", "2", public=False) == "h:" + keyed_hash(KEY, "x", "post", "2")
    assert privacy.by_handle("x", "Some").native_id == "h:" + keyed_hash(KEY, "x", "handle", "some")
    assert privacy.post("x", "2", public=True) == "2"


def test_a_locator_is_handed_on_once() -> None:
    privacy = Pseudonymiser(KEY)
    who = privacy.account("x", "2")
    assert privacy.take_locators() == ((who.uid, "https://x.com/i/user/2"),)
    privacy.account("x", "2")
    assert privacy.take_locators() == ()


@given(st.lists(st.tuples(st.sampled_from(["x", "telegram"]), st.text(max_size=8)), max_size=40))
def test_one_identifier_one_hash_and_two_identifiers_two(found: list[tuple[str, str]]) -> None:
    privacy = Pseudonymiser(KEY)
    hashes = {key: privacy.account(*key).uid for key in found}
    assert len(set(hashes.values())) == len(set(found))
    assert hashes == {key: Pseudonymiser(KEY).account(*key).uid for key in found}


def test_another_key_gives_other_hashes() -> None:
    assert Pseudonymiser(KEY).account("x", "2") != Pseudonymiser(b"k" * 32).account("x", "2")


def test_addresses_are_taken_apart() -> None:
    assert parse("https://x.com/some/status/12/photo/1") == Address("x", "some", post="12")
    assert parse("https://x.com/i/web/status/12") == Address("x", post="12")
    assert parse("https://twitter.com/i/user/5") == Address("x", "5", by_id=True)
    assert parse("https://www.facebook.com/100/posts/200") == Address("facebook", "100", by_id=True, post="100_200")
    assert parse("https://www.facebook.com/permalink.php?story_fbid=2&id=1") == Address(
        "facebook", "1", by_id=True, post="1_2"
    )
    assert parse("https://www.facebook.com/profile.php?id=1") == Address("facebook", "1", by_id=True)
    assert parse("https://www.facebook.com/groups/1/permalink/2/") == Address("facebook", post="1_2")
    assert parse("https://t.me/Name/12") == Address("telegram", "Name", post="name/12")
    assert parse("https://t.me/c/149/12") == Address("telegram", "149", by_id=True, post="149/12")
    assert parse("https://t.me/+secret") == Address("telegram")
    assert parse("https://www.instagram.com/p/abc/") == Address("instagram", post="abc")
    assert parse("https://www.youtube.com/watch?v=1").impersonal
    assert parse("https://www.youtube.com/channel/UC1") == Address("youtube", "UC1", by_id=True)
    assert parse("https://mastodon.example/@a/1") == Address(
        "mastodon", "a@mastodon.example", post="https://mastodon.example/users/a/statuses/1"
    )
    assert parse("https://medium.example/@a/some-words") == Address("web")
    assert parse("tg://user?id=1") == Address("telegram")


@given(st.text())
def test_no_text_makes_parsing_fail(text: str) -> None:
    parse(text)
    parse(f"https://x.com/{text}")
    parse(f"https://facebook.com/a/{text}?id={text}")
