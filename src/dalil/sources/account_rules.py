"""Who is public, as one table: for each platform and kind of account the rule and its reason.

Every importer decides by it, through `Pseudonymiser.account` and `is_public_kind`; it is shown on a page and in
the documentation. An account that no row makes public is private until the workspace's own list says otherwise
(`public.json`, changed by two circles); an account that the list calls private is private whatever its kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

ANY: Final = "*"
ACCOUNT: Final = "account"
"""The kind of an account of which a platform tells no other."""
PLACE: Final = "place"
"""Where others post: a group, a subreddit. Nobody's voice."""


class Rule(NamedTuple):
    """One row: `platform` (`*`: every platform without a row of its own), kind of account, the rule, and why."""

    platform: str
    kind: str
    public: bool
    reason: str


RULES: Final[tuple[Rule, ...]] = (
    Rule(ANY, "page", True, "A page speaks to the public in a name of its own, not a person's."),
    Rule(ANY, "channel", True, "A channel is published to whoever wants to read it."),
    Rule(ANY, "outlet", True, "An outlet publishes under an editor's responsibility."),
    Rule(ANY, PLACE, True, "A place that is open to all is named; who speaks in it is a matter of their own."),
    Rule(ANY, "group", False, "Who posts in a group is a person, even where the group is open to all."),
    Rule(ANY, "person", False, "A person, however many follow them, until two circles find otherwise."),
    Rule(ANY, "bot", False, "A person may stand behind it."),
    Rule(ANY, ACCOUNT, False, "The platform tells no kind: private until it is in the workspace's list."),
    Rule(ANY, "unknown", False, "Doubt protects."),
    Rule("facebook", "page", True, "CrowdTangle and the Content Library list pages; a page is no profile."),
    Rule("facebook", "group", False, "The group is named as a place; the members who post in it are not."),
    Rule("facebook", "own_page", True, "A download that whoever imports it says is a public page's own."),
    Rule("facebook", "profile", False, "A profile is a person's, in the Content Library too."),
    Rule("instagram", "listed_account", True, "CrowdTangle listed public accounts above a size only."),
    Rule("telegram", "public_channel", True, "Posts are the channel's own; no sender is shown."),
    Rule("telegram", "public_supergroup", False, "The group is named as a place; a member's messages are a person's."),
    Rule("youtube", "channel", True, "Who publishes videos does so to all; who comments without any is a person."),
    Rule("reddit", "subreddit", True, "A subreddit is open to all and named as a place; its members are not."),
    Rule("web", "outlet", True, "A site that offers a feed publishes it; a person's own page on a platform does not."),
    Rule("web", "site", True, "A page of a site of its own, which names no account."),
    Rule("web", "personal_site", False, "On these hosts an address names the person behind it."),
    Rule(
        "mastodon", ACCOUNT, False, "A server tells no kind that can be relied upon: anybody can claim to be an outlet."
    ),
    Rule("bluesky", ACCOUNT, False, "Bluesky tells no kind; a domain as a handle proves a domain, not an outlet."),
    Rule("tiktok", ACCOUNT, False, "A creator is a person, verified or not, until two circles find otherwise."),
    Rule("threads", ACCOUNT, False, "The Content Library tells no kind of Threads' accounts."),
    Rule("reddit", ACCOUNT, False, "Who posts or comments is a person."),
    Rule("x", ACCOUNT, False, "X tells no kind: private until it is in the workspace's list."),
)
"""Most particular first is not needed: a platform's own row goes before the row for all."""


class Table:
    """Rules looked up by platform and kind."""

    def __init__(self, rules: Iterable[Rule] = RULES) -> None:
        self._by_key = {(rule.platform, rule.kind): rule for rule in rules}
        self.open = frozenset(rule.platform for rule in self._by_key.values() if rule.kind == ACCOUNT and rule.public)
        """The platforms on which an account is public of which nothing is known."""

    def rule_for(self, platform: str, kind: str) -> Rule:
        """The row that decides; of a kind that no row names, that of `unknown`."""
        found = self._by_key
        return found.get((platform, kind)) or found.get((ANY, kind)) or found[ANY, "unknown"]

    def is_public(self, platform: str, kind: str) -> bool:
        """Whether its kind alone makes an account public."""
        return self.rule_for(platform, kind).public


TABLE: Final = Table()


def rule_for(platform: str, kind: str) -> Rule:
    """The row of the table that decides; of a kind that no row names, that of `unknown`."""
    return TABLE.rule_for(platform, kind)


def is_public_kind(platform: str, kind: str) -> bool:
    """Whether its kind alone makes an account public."""
    return TABLE.is_public(platform, kind)
