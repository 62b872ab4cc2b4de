"""Which shortened links of a public post stay: those that are known to lead to nobody private."""

from __future__ import annotations

from collections.abc import Collection

from dalil.sources.addresses import parse
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import Scope
from dalil.sources.rereading import Plainly
from dalil.sources.x_status.around import PLATFORM
from dalil.sources.x_status.shapes import Status


def links_of(status: Status, scope: Scope) -> tuple[dict[str, str], set[str]]:
    """The links that stay, each as it is, and those that lead to somebody private."""
    links: dict[str, str] = {}
    hidden: set[str] = set()
    for entities in (status.entities, status.extended_entities):
        for link in [*(entities.urls or ()), *(entities.media or ())] if entities else ():
            target = link.expanded_url
            if not (link.url and target):
                continue
            if scope.clean(target) == target:
                links[link.url] = link.url
            else:
                hidden.add(link.url)
    return links, hidden


class Standing(dict[str, str]):
    """The links of a public post that is read again: one that stands plainly in its raw record stays.

    It led to nobody private when the post was first read, though the raw record need not say where it leads
    (that of the post's own pictures is left out). One that the record knows to lead to an account that has
    become private is replaced.

    Args:
        links: what is known to stay.
        hidden: what is known to lead to somebody private.
    """

    def __init__(self, links: dict[str, str], hidden: Collection[str], privacy: Pseudonymiser) -> None:
        super().__init__(links)
        self._hidden = frozenset(hidden)
        self._posts = privacy.posts if isinstance(privacy, Plainly) else frozenset()

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and (super().__contains__(text) or self._stands(text))

    def __missing__(self, text: str) -> str:
        return text

    def get(self, text: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """The link itself where it stays."""
        return text if text in self else default

    def _stands(self, text: str) -> bool:
        if text in self._hidden:
            return False
        found = parse(text)
        return found.account is None and f"{PLATFORM}:{found.post}" not in self._posts
