"""Every kind of address that the platforms write, taken apart; what is found in a text, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.sources.addresses import HOSTS, PERSONAL, Address, locator, may_be_personal, parse

X = (
    ("https://x.com/name", Address("x", "name")),
    ("https://x.com/@name", Address("x", "name")),
    ("https://twitter.com/name/", Address("x", "name")),
    ("http://www.twitter.com/name", Address("x", "name")),
    ("https://mobile.twitter.com/name/status/12", Address("x", "name", post="12")),
    ("https://twitter.com/name/statuses/12", Address("x", "name", post="12")),
    ("https://x.com/name/status/12?s=20&t=abc", Address("x", "name", post="12")),
    ("https://x.com/name/status/12/photo/1", Address("x", "name", post="12")),
    ("https://x.com/name/status/12#m", Address("x", "name", post="12")),
    ("https://x.com/name/followers", Address("x", "name")),
    ("https://x.com/i/web/status/12", Address("x", post="12")),
    ("https://x.com/i/status/12", Address("x", post="12")),
    ("https://x.com/i/user/34", Address("x", "34", by_id=True)),
    ("https://x.com/i/spaces/1abc", Address("x")),
    ("https://x.com/i/lists/56", Address("x")),
    ("https://x.com/intent/user?user_id=34", Address("x")),
    ("https://x.com/search?q=from%3Aname", Address("x")),
    ("https://x.com/hashtag/bridge", Address("x", impersonal=True)),
    ("https://x.com/hashtag/bridge?src=hash", Address("x", impersonal=True)),
    ("https://x.com/hashtag/bridge?q=from:name", Address("x")),
    ("https://x.com/share?url=a", Address("x")),
    ("https://t.co/abc", Address("x")),
    ("https://pbs.twimg.com/media/a.jpg", Address("x")),
    ("x.com/name", Address("x", "name")),
)
FACEBOOK = (
    ("https://www.facebook.com/name", Address("facebook", "name")),
    ("https://www.facebook.com/100012345", Address("facebook", "100012345", by_id=True)),
    ("https://www.facebook.com/name/posts/12", Address("facebook", "name", post="name_12")),
    ("https://www.facebook.com/name/posts/pfbid02abc", Address("facebook", "name", post="name_pfbid02abc")),
    ("https://www.facebook.com/name/videos/some-words/12", Address("facebook", "name", post="name_12")),
    ("https://www.facebook.com/name/photos/a.1/12", Address("facebook", "name", post="name_12")),
    ("https://m.facebook.com/name/photos/12/?type=3", Address("facebook", "name", post="name_12")),
    ("https://www.facebook.com/100/posts/12", Address("facebook", "100", by_id=True, post="100_12")),
    ("https://www.facebook.com/profile.php?id=100", Address("facebook", "100", by_id=True)),
    ("https://www.facebook.com/profile.php", Address("facebook")),
    (
        "https://www.facebook.com/permalink.php?story_fbid=12&id=100",
        Address("facebook", "100", by_id=True, post="100_12"),
    ),
    (
        "https://m.facebook.com/story.php?story_fbid=12&id=100&x=y",
        Address("facebook", "100", by_id=True, post="100_12"),
    ),
    ("https://www.facebook.com/photo.php?fbid=12", Address("facebook")),
    ("https://www.facebook.com/photo/?fbid=12", Address("facebook")),
    ("https://www.facebook.com/watch/?v=12", Address("facebook")),
    ("https://www.facebook.com/reel/12", Address("facebook")),
    ("https://www.facebook.com/share/p/abc/", Address("facebook")),
    ("https://www.facebook.com/events/12", Address("facebook")),
    ("https://www.facebook.com/groups/5/posts/12/", Address("facebook", post="5_12")),
    ("https://www.facebook.com/groups/name/permalink/12/", Address("facebook", post="name_12")),
    ("https://www.facebook.com/groups/5", Address("facebook")),
    ("https://www.facebook.com/people/Some-Name/100/", Address("facebook", "100", by_id=True)),
    ("https://www.facebook.com/pages/Some-Name/100", Address("facebook", "100", by_id=True)),
    ("https://www.facebook.com/hashtag/bridge", Address("facebook", impersonal=True)),
    ("https://fb.watch/abc/", Address("facebook")),
    ("https://fb.me/name", Address("facebook")),
    ("https://m.me/name", Address("facebook", "name")),
)
TELEGRAM = (
    ("https://t.me/Name", Address("telegram", "Name")),
    ("https://t.me/Name/12", Address("telegram", "Name", post="name/12")),
    ("https://t.me/Name/12?single", Address("telegram", "Name", post="name/12")),
    ("https://t.me/Name/3/12", Address("telegram", "Name", post="name/12")),
    ("https://t.me/s/Name", Address("telegram", "Name")),
    ("https://t.me/s/Name/12", Address("telegram", "Name", post="name/12")),
    ("https://t.me/c/149/12", Address("telegram", "149", by_id=True, post="149/12")),
    ("https://t.me/c/149", Address("telegram", "149", by_id=True)),
    ("https://t.me/+abc", Address("telegram")),
    ("https://t.me/joinchat/abc", Address("telegram")),
    ("https://t.me/addstickers/abc", Address("telegram")),
    ("https://telegram.me/Name", Address("telegram", "Name")),
    ("tg://resolve?domain=Name", Address("telegram")),
    ("tg://user?id=1", Address("telegram")),
)
OTHERS = (
    ("https://www.instagram.com/name/", Address("instagram", "name")),
    ("https://www.instagram.com/p/abc/", Address("instagram", post="abc")),
    ("https://www.instagram.com/reel/abc", Address("instagram", post="abc")),
    ("https://www.instagram.com/name/p/abc/", Address("instagram", "name", post="abc")),
    ("https://www.instagram.com/stories/name/12/", Address("instagram", "name")),
    ("https://www.instagram.com/explore/tags/bridge/", Address("instagram", impersonal=True)),
    ("https://www.tiktok.com/@name", Address("tiktok", "name")),
    ("https://www.tiktok.com/@name/video/12", Address("tiktok", "name", post="12")),
    ("https://vm.tiktok.com/abc/", Address("tiktok")),
    ("https://www.threads.net/@name/post/abc", Address("threads", "name", post="abc")),
    ("https://bsky.app/profile/name.example", Address("bluesky", "name.example")),
    ("https://bsky.app/profile/name.example/post/12", Address("bluesky", "name.example", post="name.example/12")),
    ("https://bsky.app/profile/did:plc:abc", Address("bluesky", "did:plc:abc", by_id=True)),
    (
        "https://bsky.app/profile/did:plc:abc/post/12",
        Address("bluesky", "did:plc:abc", by_id=True, post="at://did:plc:abc/app.bsky.feed.post/12"),
    ),
    ("https://bsky.app/hashtag/bridge", Address("bluesky", impersonal=True)),
    ("https://www.youtube.com/watch?v=abc", Address("youtube", impersonal=True)),
    ("https://youtu.be/abc", Address("youtube", impersonal=True)),
    ("https://www.youtube.com/shorts/abc", Address("youtube", impersonal=True)),
    ("https://www.youtube.com/@name", Address("youtube", "name")),
    ("https://www.youtube.com/channel/UC1", Address("youtube", "UC1", by_id=True)),
    ("https://www.youtube.com/c/name", Address("youtube", "name")),
    ("https://www.youtube.com/user/name", Address("youtube", "name")),
    ("https://wa.me/9647000000000", Address("whatsapp")),
    ("https://www.linkedin.com/in/name/", Address("linkedin")),
    ("https://vk.com/id1", Address("vk")),
    ("https://www.youtube.com/watch?v=abc&lc=Ugx1.2", Address("youtube", post="Ugx1.2")),
    ("https://medium.example/@name/some-words", Address("web")),
)
REDDIT = (
    ("https://www.reddit.com/r/Sahlara", Address("reddit", impersonal=True)),
    ("https://old.reddit.com/r/Sahlara/new/", Address("reddit", impersonal=True)),
    ("https://www.reddit.com/r/Sahlara/comments/1AbC/some_words/", Address("reddit", post="t3_1abc")),
    ("https://www.reddit.com/r/Sahlara/comments/1abc/some_words/xyz/?context=3", Address("reddit", post="t1_xyz")),
    ("https://www.reddit.com/comments/1abc", Address("reddit", post="t3_1abc")),
    ("https://www.reddit.com/user/name", Address("reddit", "name")),
    ("https://www.reddit.com/u/name/", Address("reddit", "name")),
    ("https://www.reddit.com/user/name/comments/1abc/some_words/", Address("reddit", "name", post="t3_1abc")),
    ("https://www.reddit.com/r/u_name/comments/1abc/some_words/", Address("reddit", "name", post="t3_1abc")),
    ("https://www.reddit.com/message/compose?to=name", Address("reddit")),
    ("https://redd.it/1abc", Address("reddit")),
    ("https://i.redd.it/1abc.png", Address("reddit")),
)
ANY_SERVER = (
    ("https://mastodon.example/@Name", Address("mastodon", "name@mastodon.example")),
    ("https://mastodon.example/users/name", Address("mastodon", "name@mastodon.example")),
    ("https://mastodon.example/@name@other.example/12", Address("mastodon", "name@other.example")),
    (
        "https://mastodon.example/@name/12",
        Address("mastodon", "name@mastodon.example", post="https://mastodon.example/users/name/statuses/12"),
    ),
    (
        "https://mastodon.example/users/name/statuses/12/activity",
        Address("mastodon", "name@mastodon.example", post="https://mastodon.example/users/name/statuses/12"),
    ),
    ("https://mastodon.example/ap/users/117/statuses/12", Address("web")),
    ("at://did:plc:abc/app.bsky.feed.post/12", Address("bluesky", "did:plc:abc", True, "at://did:plc:abc/app.bsky.feed.post/12")),
    ("at://name.example", Address("bluesky", "name.example")),
)  # fmt: skip
OTHERS += REDDIT + ANY_SERVER


@pytest.mark.parametrize(("text", "wanted"), X + FACEBOOK + TELEGRAM + OTHERS)
def test_an_address_is_found_whole_and_taken_apart(text: str, wanted: Address) -> None:
    for around in ("{}", "see {} now", "({})", "«{}»", "\u200f{}\u200f", "{}\nnext"):
        found = [match[0].rstrip(")»") for match in PERSONAL.finditer(around.format(text))]
        assert found == [text]
    assert parse(text) == wanted


@pytest.mark.parametrize(("text", "wanted"), X + FACEBOOK + TELEGRAM + OTHERS)
def test_the_scheme_and_the_letters_of_the_host_do_not_matter(text: str, wanted: Address) -> None:
    if (text, wanted) in ANY_SERVER or wanted.platform == "web" or "://" not in text or text.startswith("tg:"):
        return
    scheme, _, rest = text.partition("://")
    host, _, path = rest.partition("/")
    for other in (f"http://{host}/{path}", f"{scheme}://{host.upper()}/{path}", f"{scheme}://{host}:443/{path}", rest):
        assert parse(other) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "netflix.com/name",
        "mailx.com/name",
        "not-x.com/name",
        "x.community/name",
        "https://example.com/x.com",
        "name@x.com",
        "x.com",
        "t.me.",
        "https://news.example/a/@",
        "a.t.co.example/b",
        "https://example.com/user/name",
        "12/05/2026",
        "and/or",
    ],
)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert PERSONAL.fullmatch(text) is None


@pytest.mark.parametrize("host", sorted(HOSTS))
def test_every_host_in_the_table_is_recognised_with_its_subdomains(host: str) -> None:
    for name in (host, f"www.{host}", f"a.b.{host}"):
        match = PERSONAL.fullmatch(f"https://{name}/abc")
        assert match is not None
        assert match["host"] == host
        assert parse(f"https://{name}/abc").platform == HOSTS[host]


@given(st.text(max_size=60))
def test_parsing_never_fails_and_always_names_a_platform(path: str) -> None:
    for host in HOSTS:
        assert parse(f"https://{host}/{path}").platform in {*HOSTS.values(), "web"}


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=15))
def test_a_locator_leads_back_to_what_it_stands_for(value: str) -> None:
    assert parse(locator("x", "post", "12")).post == "12"
    assert parse(locator("x", "account", "34")) == Address("x", "34", by_id=True)
    assert parse(locator("x", "handle", "name")).account == "name"
    assert value in locator("facebook", "post", value)
    assert value in locator("telegram", "account", value)
    assert locator("instagram", "post", value) == f"instagram post {value}"
    assert locator("x", "address", value) == value


PIECES = [
    *HOSTS,
    *(f"www.{host}" for host in HOSTS),
    "http://",
    "https://",
    "tg://",
    "x://",
    "/",
    "/",
    "?",
    ":80",
    ".",
    "-",
]
PIECES += [
    "@",
    "/@",
    "users/",
    "name",
    "example.org",
    "_",
    "ı",
    "İ",
    "ſ",
    "\u212a",
    "T.CO",
    "X.com",
    "tıktok.com",
    "نص",
    "@a.b",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join))
def test_the_quick_look_misses_no_address(text: str) -> None:
    for word in text.split():
        if "/" in word and PERSONAL.search(word):
            assert may_be_personal(word)


def test_the_quick_look_is_made_for_hosts_of_two_parts() -> None:
    assert all(host.count(".") == 1 and host.isascii() and host.rpartition(".")[2].isalpha() for host in HOSTS)
    assert all(may_be_personal(f"see:https://a.{host.upper()}:443/x") for host in HOSTS)


@pytest.mark.parametrize(
    "word", ["1/2", "https://example.org/a/b", "and/or", "netflix.com/title", "http://t.company/a"]
)
def test_the_quick_look_lets_others_pass(word: str) -> None:
    assert not may_be_personal(word)


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("https://tw\u0131tter.com/name", "x"),
        ("https://in\u017ftagram.com/name", "instagram"),
        ("https://facebook.com/name".replace("k", "\u212a"), "facebook"),
        ("https://t\u0130ktok.com/@name", "tiktok"),
    ],
)
def test_letters_that_fold_to_ascii_lead_to_the_same_host(text: str, platform: str) -> None:
    """A pattern that ignores case takes them for i, s and k, and so does a browser."""
    assert PERSONAL.fullmatch(text)
    assert parse(text) == Address(platform, "name")
