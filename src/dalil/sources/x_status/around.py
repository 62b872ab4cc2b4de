"""What a status and those that came along with it tell of each other: who wrote what, under which id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from msgspec import UnsetType

from dalil.schema.words import IdQuality
from dalil.sources.addresses import parse
from dalil.sources.ids import native
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.x_status.shapes import Entities, Link, Status

PLATFORM: Final = "x"
_EXACT_IN_A_FLOAT: Final = 1 << 53


class Author(NamedTuple):
    """What is known of an account: its id, its handle, either or neither."""

    native_id: str | None = None
    handle: str | None = None


NOBODY: Final = Author()


@dataclass(slots=True)
class Around:
    """`ids`: handle, case-folded → account id. `authors`: post id → author. `first_ids`: post id → first version's."""

    ids: dict[str, str] = field(default_factory=dict)
    authors: dict[str, Author] = field(default_factory=dict)
    first_ids: dict[str, str] = field(default_factory=dict)

    def add(self, status: Status) -> None:
        """Make known what one status tells."""
        author = author_of(status)
        self._name(author)
        key, _ = key_of(status)
        if key and (author.native_id or author.handle):
            self.authors[key] = author
        history = versions_of(status)
        if key and len(history) > 1:
            self.first_ids[key] = history[0]
        extended = status.extended_tweet or None
        for entities in (status.entities, extended.entities if extended else None):
            for mention in (entities.user_mentions or ()) if isinstance(entities, Entities) else ():
                if mention.id_str and mention.screen_name:
                    self.ids.setdefault(mention.screen_name.casefold(), native(mention.id_str)[0])
        answered = Author(text_id(status.in_reply_to_user_id_str), status.in_reply_to_screen_name or None)
        self._name(answered)
        repeated = status.reposted or None
        if repeated:
            self._name(Author(text_id(repeated.user_id_str), repeated.screen_name or None))

    def tell(self, key: str, author: Author) -> None:
        """Make known who wrote a post that is not here."""
        self._name(author)
        if author.native_id or author.handle:
            self.authors.setdefault(key, author)

    def _name(self, author: Author) -> None:
        if author.native_id and author.handle:
            self.ids.setdefault(author.handle.casefold(), author.native_id)

    def known(self, author: Author) -> Author:
        """The author with the id that the record tells for the handle."""
        if author.native_id is None and author.handle:
            return Author(self.ids.get(author.handle.casefold()), author.handle)
        return author

    def post_id(self, key: str, author: Author, privacy: Pseudonymiser) -> str:
        """The id of a post as it may be stored: of its first version, true only where its author is public."""
        public = privacy.is_public(PLATFORM, native_id=author.native_id, handle=author.handle)
        return privacy.post(PLATFORM, self.first_ids.get(key, key), public=public)

    def answered(self, status: Status, key: str) -> Author:
        """Who wrote the post that a reply answers."""
        if key in self.authors:
            return self.authors[key]
        return self.known(Author(text_id(status.in_reply_to_user_id_str), status.in_reply_to_screen_name or None))

    def quoted(self, status: Status, key: str, links: Iterable[Link]) -> Author:
        """Who wrote the post that another quotes: from itself, else from the address that the quote carries."""
        if key in self.authors:
            return self.authors[key]
        found = self.named(key, (link.expanded_url for link in links))
        if found is NOBODY and status.quoted_status_permalink:
            found = self.named(key, [status.quoted_status_permalink.expanded])
        return found

    def named(self, key: str, addresses: Iterable[str | UnsetType | None]) -> Author:
        """Who wrote a post, as its address tells; nobody where none of the addresses is the post's."""
        for address in addresses:
            found = parse(address) if address else None
            if found and found.platform == PLATFORM and found.post == key and found.account:
                return self.known(Author(None, found.account))
        return NOBODY


def text_id(value: object) -> str | None:
    """An id as text; None where there is none."""
    return native(value)[0] or None if isinstance(value, str | int | float) and value != "" else None


def author_of(status: Status) -> Author:
    """Who wrote the post, as far as it tells."""
    user = status.user or None
    own = text_id(user.id_str) if user else None
    return Author(own or text_id(status.user_id_str), (user.screen_name or None) if user else None)


def name_of(author: Author, privacy: Pseudonymiser) -> str | None:
    """How an account is named where it is stored: its id, else `@` and its handle, or a hash of either."""
    if author.native_id:
        return privacy.account(PLATFORM, author.native_id, handle=author.handle).native_id
    return privacy.by_handle(PLATFORM, author.handle).native_id if author.handle else None


def named_by(name: str) -> Author:
    """The account that is stored under a name of `name_of`."""
    return Author(None, name[1:] or None) if name.startswith("@") else Author(name or None)


def key_of(status: Status) -> tuple[str | None, IdQuality]:
    """The post's id and how far it can be trusted: `id_str`, and `id` only where there is no other.

    A numeric id above 2^53 may have been through a program that rounds such numbers.
    """
    if status.id_str not in ("", None) and isinstance(status.id_str, str | int | float):
        return native(status.id_str)
    if not isinstance(status.id, str | int | float):
        return None, IdQuality.EXACT
    key, quality = native(status.id)
    if isinstance(status.id, int) and abs(status.id) > _EXACT_IN_A_FLOAT:
        quality = IdQuality.ROUNDED
    return key or None, quality


def versions_of(status: Status) -> list[str]:
    """The ids of the versions of a post, the first one first; empty where nothing is told."""
    history = status.edit_history or None
    found = [native(key)[0] for key in (history.edit_tweet_ids if history else status.edit_tweet_ids) or ()]
    first = text_id(history.initial_tweet_id) if history else None
    if first and found and found[0] != first:
        found.insert(0, first)
    return found
