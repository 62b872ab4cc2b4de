"""Addresses of accounts and posts on the platforms, recognised wherever they stand in a text.

Only what is needed to keep private persons out: which account and which post an address names. An
address on a platform's host that we cannot take apart is treated as personal; the few impersonal
kinds (a hashtag page, a YouTube video) are named here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple
from urllib.parse import parse_qs, unquote

HOSTS: Final[dict[str, str]] = {
    "twitter.com": "x",
    "x.com": "x",
    "t.co": "x",
    "twimg.com": "x",
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "fb.me": "facebook",
    "fb.watch": "facebook",
    "messenger.com": "facebook",
    "m.me": "facebook",
    "instagram.com": "instagram",
    "threads.net": "threads",
    "threads.com": "threads",
    "t.me": "telegram",
    "telegram.me": "telegram",
    "telegram.dog": "telegram",
    "tiktok.com": "tiktok",
    "bsky.app": "bluesky",
    "reddit.com": "reddit",
    "redd.it": "reddit",
    "redditmedia.com": "reddit",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
    "wa.me": "whatsapp",
    "linkedin.com": "linkedin",
    "vk.com": "vk",
    "ok.ru": "ok",
}
_NAMES: Final = frozenset(HOSTS)
_HOST: Final = "|".join(re.escape(host) for host in sorted(HOSTS, key=len, reverse=True))
_INSIDE: Final = r"[^\s<>\"'|\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
_REST: Final = rf"[/?]{_INSIDE}*"
PERSONAL: Final = re.compile(
    rf"(?<![A-Za-z0-9_.-])(?:https?://)?(?:[A-Za-z0-9-]+\.)*(?P<host>{_HOST})(?::\d+)?(?P<rest>{_REST})"
    rf"|https?://(?P<other>[^\s/@]+)/(?:@|(?:ap/)?users/){_INSIDE}+"
    rf"|(?:tg|at)://{_INSIDE}+",
    re.IGNORECASE,
)
"""Every address that may name a person: on a platform's host, or `/@name` and `/users/name` anywhere, and what
only an app opens (`tg://`, `at://`)."""
_HOST_LIKE: Final = re.compile(r"([a-z0-9-]+\.[a-z]+)(?::\d+)?[/?]")
_LOOKS_ASCII: Final = str.maketrans("ıİſ\u212a", "iisk")
"""The letters that a pattern which ignores case takes for ASCII ones."""
TRAILING: Final = ".,;:!?)]}»”’…،؛؟"


class Address(NamedTuple):
    """What an address names. `account` is a handle unless `by_id`; both None where it cannot be told.

    `impersonal` is set for the kinds that name nobody.
    """

    platform: str
    account: str | None = None
    by_id: bool = False
    post: str | None = None
    impersonal: bool = False


_SHORTENED: Final = {
    host: Address(HOSTS[host]) for host in ("t.co", "twimg.com", "fb.watch", "fb.me", "redd.it", "redditmedia.com")
}


def may_be_personal(word: str) -> bool:
    """Whether `PERSONAL` may match in a word that has a slash: a look at the hosts in it, a fifth of the time.

    It looks only for what stands before a slash or question mark. Whatever opens with another scheme than
    http, or goes on with `/@` or `users/`, may be.
    """
    lowered = _in_ascii(word)
    if "/@" in lowered or "users/" in lowered or not _NAMES.isdisjoint(_HOST_LIKE.findall(lowered)):
        return True
    if lowered.startswith(("https://", "http://")) and lowered.count("://") == 1:
        return False
    return any(not before.endswith(("http", "https")) for before in lowered.split("://")[:-1])


def _in_ascii(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_LOOKS_ASCII).lower()


def parse(text: str, match: re.Match[str] | None = None) -> Address:
    """Take apart an address that `PERSONAL` matched in full; `match` where it is at hand."""
    match = match or PERSONAL.match(text)
    host = match["host"] if match else None
    if match is None or host is None:
        return _hostless(text)
    host = _in_ascii(host)
    if host in _SHORTENED:
        return _SHORTENED[host]
    platform = HOSTS[host]
    path, _, query = match["rest"].partition("?")
    segments = [unquote(part) if "%" in part else part for part in path.split("#")[0].split("/") if part]
    reader = _READERS.get(platform)
    if reader is None:
        return Address(platform)
    if not segments and not query:
        return Address(platform, impersonal=True)
    try:
        asked = {name: values[0] for name, values in parse_qs(query.split("#")[0]).items()} if query else {}
    except ValueError:
        asked = {}
    return reader(segments or [""], asked)


def _hostless(text: str) -> Address:
    """An address of an app, or of a server that anybody may run."""
    scheme, _, rest = text.partition("://")
    if scheme.lower() == "tg":
        return Address("telegram")
    if scheme.lower() == "at":
        account, _, record = rest.partition("/")
        by_id = account.lower().startswith("did:")
        return Address("bluesky", account or None, by_id, text if record and by_id else None)
    found = FEDIVERSE.fullmatch(text)
    if found is None:
        return Address("web")
    server, name, number = found["server"].lower(), found["at"] or found["users"], found["number"]
    account = (name if "@" in name else f"{name}@{server}").lower()
    own = number and "@" not in name
    return Address("mastodon", account, post=f"https://{server}/users/{name}/statuses/{number}" if own else None)


FEDIVERSE: Final = re.compile(
    r"https?://(?P<server>[^\s/@?#]+)/(?:@(?P<at>[\w.-]+(?:@[\w.:-]+)?)|users/(?P<users>[\w.-]+))"
    r"(?:/(?:statuses/)?(?P<number>\d{1,24})(?:/activity)?)?/?(?:[?#]\S*)?",
    re.IGNORECASE,
)
"""An account or a post of Mastodon and its kin, by the two ways in which they write addresses."""


def _x(path: list[str], asked: dict[str, str]) -> Address:
    match path:
        case ["hashtag", _] if not asked.keys() - {"src", "f"}:
            return Address("x", impersonal=True)
        case ["i", "web", "status", post, *_] | ["i", "status", post, *_]:
            return Address("x", post=post)
        case ["i", "user", account, *_]:
            return Address("x", account, by_id=True)
        case [("i" | "hashtag" | "search" | "intent" | "share" | "home"), *_]:
            return Address("x")
        case [account, ("status" | "statuses"), post, *_]:
            return Address("x", account.lstrip("@"), post=post)
        case [account, *_]:
            return Address("x", account.lstrip("@") or None)
        case _:
            return Address("x")


def _facebook(path: list[str], asked: dict[str, str]) -> Address:
    match path:
        case ["hashtag", _]:
            return Address("facebook", impersonal=True)
        case ["profile.php"] if "id" in asked:
            return Address("facebook", asked["id"], by_id=True)
        case [("permalink.php" | "story.php")] if "id" in asked and "story_fbid" in asked:
            return Address("facebook", asked["id"], by_id=True, post=f"{asked['id']}_{asked['story_fbid']}")
        case ["groups", group, ("posts" | "permalink"), post, *_]:
            return Address("facebook", post=f"{group}_{post}")
        case [("people" | "pages"), _, account, *_]:
            return Address("facebook", account, by_id=True)
        case [name, *_] if name.endswith(".php") or name in _FACEBOOK_OWN:
            return Address("facebook")
        case [account, ("posts" | "videos" | "photos" | "reels"), *rest] if rest:
            return Address("facebook", account, account.isdigit(), f"{account}_{rest[-1]}")
        case [account, *_]:
            return Address("facebook", account or None, account.isdigit())
        case _:
            return Address("facebook")


_FACEBOOK_OWN: Final = frozenset(
    {"", "groups", "watch", "photo", "reel", "share", "events", "stories", "sharer", "plugins", "story", "login"}
)


def _telegram(path: list[str], _asked: dict[str, str]) -> Address:
    match path[1:] if path[0] == "s" and len(path) > 1 else path:
        case ["c", channel, *rest]:
            return Address("telegram", channel, by_id=True, post=f"{channel}/{rest[-1]}" if rest else None)
        case [name, *_] if name.startswith("+") or name in ("joinchat", "addstickers", "proxy", "share", ""):
            return Address("telegram")
        case [name, *rest]:
            number = rest[-1] if rest and rest[-1].isdigit() else None
            return Address("telegram", name, post=f"{name.lower()}/{number}" if number else None)
        case _:
            return Address("telegram")


def _at_name(platform: str) -> Callable[[list[str], dict[str, str]], Address]:
    def reader(path: list[str], _asked: dict[str, str]) -> Address:
        if not path[0].startswith("@"):
            return Address(platform)
        return Address(platform, path[0][1:], post=path[2] if len(path) > 2 else None)

    return reader


def _instagram(path: list[str], _asked: dict[str, str]) -> Address:
    match path:
        case ["explore", "tags", _]:
            return Address("instagram", impersonal=True)
        case [("p" | "reel" | "tv"), post, *_]:
            return Address("instagram", post=post)
        case ["stories", account, *_]:
            return Address("instagram", account)
        case [account, ("p" | "reel"), post, *_]:
            return Address("instagram", account, post=post)
        case [account, *_]:
            return Address("instagram", account or None)
        case _:
            return Address("instagram")


def _youtube(path: list[str], asked: dict[str, str]) -> Address:
    if "lc" in asked:  # a comment, which a person wrote
        return Address("youtube", post=asked["lc"])
    match path:
        case ["channel", account, *_]:
            return Address("youtube", account, by_id=True)
        case [("c" | "user"), account, *_]:
            return Address("youtube", account)
        case [name, *_] if name.startswith("@"):
            return Address("youtube", name[1:])
        case _:
            return Address("youtube", impersonal=True)


def _bluesky(path: list[str], _asked: dict[str, str]) -> Address:
    match path:
        case ["profile", account, "post", post, *_] if account.startswith("did:"):
            return Address("bluesky", account, by_id=True, post=f"at://{account}/app.bsky.feed.post/{post}")
        case ["profile", account, "post", post, *_]:
            return Address("bluesky", account, post=f"{account}/{post}")
        case ["profile", account, *_]:
            return Address("bluesky", account, by_id=account.startswith("did:"))
        case ["hashtag", _]:
            return Address("bluesky", impersonal=True)
        case _:
            return Address("bluesky")


def _reddit(path: list[str], _asked: dict[str, str]) -> Address:
    match path:
        case ["r", name, *_] | [("user" | "u"), name, "comments", *_] if name.lower().startswith("u_"):
            return Address("reddit", name[2:], post=_reddit_post(path[2:]))
        case [("user" | "u"), name, *rest]:
            return Address("reddit", name, post=_reddit_post(rest))
        case ["r", _] | ["r", _, ("new" | "top" | "hot" | "rising" | "about" | "wiki")]:
            return Address("reddit", impersonal=True)
        case ["r", _, *rest]:
            return Address("reddit", post=_reddit_post(rest))
        case ["comments", *_]:
            return Address("reddit", post=_reddit_post(path))
        case _:
            return Address("reddit")


def _reddit_post(path: list[str]) -> str | None:
    """The full name of the post or comment that the end of a path names."""
    match path:
        case ["comments", _, _, comment, *_]:
            return f"t1_{comment.lower()}"
        case ["comments", post, *_]:
            return f"t3_{post.lower()}"
        case _:
            return None


_READERS: Final[dict[str, Callable[[list[str], dict[str, str]], Address]]] = {
    "x": _x,
    "facebook": _facebook,
    "telegram": _telegram,
    "instagram": _instagram,
    "youtube": _youtube,
    "bluesky": _bluesky,
    "reddit": _reddit,
    "tiktok": _at_name("tiktok"),
    "threads": _at_name("threads"),
}

_LOCATORS: Final[dict[tuple[str, str], str]] = {
    ("x", "account"): "https://x.com/i/user/{}",
    ("x", "handle"): "https://x.com/{}",
    ("x", "post"): "https://x.com/i/web/status/{}",
    ("facebook", "account"): "https://www.facebook.com/{}",
    ("facebook", "handle"): "https://www.facebook.com/{}",
    ("facebook", "post"): "https://www.facebook.com/{}",
    ("telegram", "handle"): "https://t.me/{}",
    ("telegram", "account"): "tg://user?id={}",
    ("youtube", "account"): "https://www.youtube.com/channel/{}",
    ("youtube", "handle"): "https://www.youtube.com/@{}",
    ("bluesky", "account"): "https://bsky.app/profile/{}",
    ("bluesky", "handle"): "https://bsky.app/profile/{}",
    ("bluesky", "post"): "{}",
    ("mastodon", "post"): "{}",
    ("reddit", "handle"): "https://www.reddit.com/user/{}",
    ("reddit", "post"): "https://www.reddit.com/api/info?id={}",
    ("web", "post"): "{}",
}


def locator(platform: str, scheme: str, value: str) -> str:
    """The true address behind a stand-in, or `platform scheme value` where there is no address for it.

    An id of another scheme than the platform's, such as `mcl:5` or `d:5`, leads to no address.
    """
    if scheme == "address":
        return value
    template = _LOCATORS.get((platform, scheme))
    return template.format(value) if template and ":" not in value else f"{platform} {scheme} {value}"
