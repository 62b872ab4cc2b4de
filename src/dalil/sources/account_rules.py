"""Who is public, as one table: for each platform and kind of account the rule and its reason.

Read by the code (`is_public_kind`), shown on a page and in the documentation. An account that no row
makes public is private until the workspace's own list says otherwise (`public.json`, changed by two circles);
an account that the list calls private is private whatever its kind.
"""

from __future__ import annotations

from typing import Final, NamedTuple

ANY: Final = "*"


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
    Rule(ANY, "group", False, "Who posts in a group is a person, even where the group is open to all."),
    Rule(ANY, "person", False, "A person, however many follow them, until two circles find otherwise."),
    Rule(ANY, "bot", False, "A person may stand behind it."),
    Rule(ANY, "unknown", False, "Doubt protects."),
    Rule("facebook", "page", True, "CrowdTangle lists pages; a page is no profile."),
    Rule("facebook", "group", False, "The group is named as a place; the members who post in it are not."),
    Rule("instagram", "account", True, "CrowdTangle listed public accounts above a size only."),
    Rule("telegram", "public_channel", True, "Posts are the channel's own; no sender is shown."),
    Rule("telegram", "public_supergroup", False, "The group is named as a place; a member's messages are a person's."),
    Rule("x", "account", False, "X tells no kind: private until it is in the workspace's list."),
)
"""Most particular first is not needed: a platform's own row goes before the row for all."""
_BY_KEY: Final = {(rule.platform, rule.kind): rule for rule in RULES}


def rule_for(platform: str, kind: str) -> Rule:
    """The row that decides; of a kind that no row names, that of `unknown`."""
    return _BY_KEY.get((platform, kind)) or _BY_KEY.get((ANY, kind)) or _BY_KEY[ANY, "unknown"]


def is_public_kind(platform: str, kind: str) -> bool:
    """Whether its kind alone makes an account public."""
    return rule_for(platform, kind).public
