"""Where the archive names an account that became private: by which names it is held, and in which records."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import ibis
import ibis.expr.types as ir

from dalil.actions.house import House
from dalil.schema.chunks import PublicAccount
from dalil.schema.identity import private_mark
from dalil.sources.account_names import handle_in, spellings
from dalil.sources.rereading import is_stand_in

_SIGNS: Final = ("", "@", "name:")
"""What stands before a name in an account's uid."""
_WORD: Final = re.compile(r"\w+")
_TABLES: Final = ("posts", "accounts", "edges")


def known_as(house: House, account: PublicAccount) -> tuple[PublicAccount, ...]:
    """The account, and what the archive says that it is called besides: the id of a handle, the handles of an id."""
    handle = account.handle.lstrip("@").casefold() or (handle_in(account.platform, account.native_id) or "").casefold()
    held = house.archive.table("accounts")
    held = held.filter(held.platform == account.platform)
    uids = _uids(account.platform, [name for name in (account.native_id, handle) if name])
    held = held.filter(held.uid.isin(uids) | (held.handle.lower() == ibis.literal(handle or "@")))
    found = {(account.native_id, handle)}
    for row in held.select("native_id", "handle").distinct().to_pyarrow().to_pylist():
        native, named = str(row["native_id"]), (row["handle"] or "").lstrip("@").casefold()
        if not is_stand_in(native):
            is_name = native.startswith(_SIGNS[1:])
            found.add(
                ("" if is_name else native, named or (native.lstrip("@").removeprefix("name:") if is_name else ""))
            )
    return tuple(
        PublicAccount(account.platform, native_id=native, handle=named, private=True)
        for native, named in sorted(found)
        if native or named
    )


def marked(house: House, account: PublicAccount) -> PublicAccount:
    """The account as the workspace's list holds it: by marks, so that the list itself names nobody."""
    key, platform = house.unlocked().identity, account.platform
    native, handle = account.native_id, account.handle
    return PublicAccount(
        platform,
        native_id=private_mark(key, platform, native) if native else "",
        handle=private_mark(key, platform, handle) if handle else "",
        private=True,
    )


def names_of(accounts: Iterable[PublicAccount]) -> tuple[str, ...]:
    """Every id and handle among these, each once, case-folded."""
    names = (name.casefold() for one in accounts for name in (one.native_id, one.handle) if name)
    return tuple(dict.fromkeys(names))


def written_as(platform: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names, and how addresses spell them that hold neither id nor handle whole."""
    found = dict.fromkeys(names)
    return tuple(found | dict.fromkeys(part for name in found for part in spellings(platform, name)))


def posts_of(house: House, platform: str, names: Iterable[str]) -> tuple[str, ...]:
    """The uids of the posts of an account and of what it passed on, whichever of its names they were kept under."""
    posts, edges, uids = house.archive.table("posts"), house.archive.table("edges"), _uids(platform, names)
    found = set(posts.filter(posts.author_ref.lower().isin(uids)).uid.to_pyarrow().to_pylist())
    found |= set(edges.filter(edges.author_ref.lower().isin(uids)).src_uid.to_pyarrow().to_pylist())
    return tuple(sorted(found))


def rows_that_name(house: House, names: Iterable[str]) -> frozenset[str]:
    """The observations whose rows name the account, whether their raw does or not."""
    found: set[str] = set()
    for name in _TABLES:
        table = house.archive.table(name)
        columns = [table[column].cast("string").lower() for column in table.columns if _may_name(table, column)]
        for said in names:
            told = [column.contains(said) for column in columns]
            found |= set(table.filter(ibis.or_(*told)).obs_id.to_pyarrow().to_pylist())
    return frozenset(found)


class Search:
    """Whether a raw record may name an account or one of its posts; the importer looks closely.

    A record is taken apart once, and only posts whose last word stands in it are looked for.
    """

    def __init__(self, names: Iterable[str], posts: Iterable[str]) -> None:
        self._names = tuple(names)
        self._whole = [re.compile(rf"(?<!\w){re.escape(name)}(?!\w)") for name in self._names]
        self._by_end: dict[str, list[str]] = defaultdict(list)
        for uid in posts:
            number = uid.partition(":")[2].casefold()
            words = _WORD.findall(number)
            if words and not is_stand_in(number):
                self._by_end[words[-1]].append(number)

    def may_name(self, record: bytes) -> bool:
        text = record.decode("utf-8", "replace").casefold()
        return any(name in text for name in self._names) or self._names_a_post(text)

    def names(self, record: bytes) -> bool:
        """Whether it does so by a word of its own, not within a longer number or name."""
        text = record.decode("utf-8", "replace").casefold()
        return any(name.search(text) for name in self._whole) or self._names_a_post(text)

    def _names_a_post(self, text: str) -> bool:
        if not self._by_end:
            return False
        return any(number in text for word in set(_WORD.findall(text)) for number in self._by_end.get(word, ()))


def _uids(platform: str, names: Iterable[str]) -> list[str]:
    return [f"{platform}:{sign}{name}".lower() for name in names for sign in _SIGNS]


def _may_name(table: ir.Table, column: str) -> bool:
    kind = table[column].type()
    return column not in ("obs_id", "version") and (kind.is_string() or kind.is_array())
