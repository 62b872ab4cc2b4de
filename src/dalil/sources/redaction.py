"""Private identifiers taken out of texts: edits over the original, and where each position went.

Mentions and addresses are found by pattern, whatever the platform's own entity list says, because
an entity list may be absent, cut, or lie.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from dalil.sources.addresses import PERSONAL, TRAILING, may_be_personal, parse
from dalil.sources.privacy import Pseudonymiser

ASCII_HANDLE: Final = re.compile(r"[@＠]([A-Za-z0-9_]+)")
DOTTED_HANDLE: Final = re.compile(r"[@＠](\w+(?:\.\w+)*)")
_BEGINNING: Final = re.compile(r"(?:[A-Za-z]{1,8}://)?[^/?#]*")
_MAIL_END: Final = re.compile(r"\.[A-Za-z]{2,}|[A-Za-z0-9-]*\.[A-Za-z]{2,}")
SHORT_LINK: Final = re.compile(r"https://t\.co/[A-Za-z0-9]+")
STAND_IN: Final = re.compile(r"h:[0-9a-f]{32}")


class Edit(NamedTuple):
    """Replace `text[start:end]` (code points) by `new`; `kind` is mention, url or entity."""

    start: int
    end: int
    new: str
    kind: str = ""


class Shift:
    """Where the positions of a text went after its edits."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._starts: list[int] = []
        self._after: list[tuple[int, int, int]] = []
        moved = 0
        for edit in edits:
            self._starts.append(edit.start)
            self._after.append((edit.end, edit.start + moved, moved + len(edit.new) - (edit.end - edit.start)))
            moved = self._after[-1][2]

    def start(self, position: int) -> int:
        """A start: one inside an edit moves to the edit's start."""
        at = bisect_right(self._starts, position) - 1
        if at < 0:
            return position
        end, new_start, moved = self._after[at]
        return new_start if position < end else position + moved

    def end(self, position: int) -> int:
        """An exclusive end: one inside an edit moves to the edit's end."""
        at = bisect_right(self._starts, position - 1) - 1
        if at < 0:
            return position
        end, _, moved = self._after[at]
        return max(end, position) + moved


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text after its edits, which are sorted and do not overlap."""
    if not edits:
        return text
    parts: list[str] = []
    last = 0
    for edit in edits:
        parts += (text[last : edit.start], edit.new)
        last = edit.end
    parts.append(text[last:])
    return "".join(parts)


def over(edits: Sequence[Edit], top: Edit) -> list[Edit]:
    """The edits with one laid over them: what it cuts keeps its parts outside, and stays replaced there."""
    found = [top]
    for edit in edits:
        if edit.end <= top.start or top.end <= edit.start:
            found.append(edit)
            continue
        if edit.start < top.start:
            found.append(edit._replace(end=top.start))
        if top.end < edit.end:
            found.append(edit._replace(start=top.end, new=edit.new if edit.start >= top.start else ""))
    return sorted(found)


@dataclass(slots=True)
class Scope:
    """What is known while one record is redacted.

    Args:
        ids: handle, case-folded → native id, as far as the record or its includes tell.
        links: a shortened link (t.co) → what to write for it; one that is not here is replaced.
        own: (platform, id or handle) of public accounts that this record itself makes known, such as its page.
        handle: how a handle is written on this platform.
    """

    privacy: Pseudonymiser
    platform: str
    ids: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[tuple[str, str]] = frozenset()
    handle: re.Pattern[str] = ASCII_HANDLE
    _replaced: dict[str, str] = field(default_factory=dict)
    """Addresses met in a text and what was written for them: the platform's own list names the same ones again."""

    def edits(self, text: str) -> list[Edit]:
        """The edits that take every private mention and address out of `text`, in order."""
        found = self._address_edits(text) if "/" in text else []
        if "@" in text or "＠" in text:
            taken = len(found)
            for match in self.handle.finditer(text):
                new = self._mention(text, match)
                if new is not None and not any(e.start < match.end() and match.start() < e.end for e in found[:taken]):
                    found.append(Edit(match.start(), match.end(), new, "mention"))
            if taken:
                found.sort()
        return found

    def clean(self, text: str) -> str:
        """`text` with every private mention and address replaced."""
        if "/" not in text and "@" not in text and "＠" not in text:
            return text
        known = self._replaced.get(text)
        if known is not None:
            return known
        if "@" not in text and "＠" not in text and text.isascii() and " " not in text and not may_be_personal(text):
            return text  # a link to elsewhere, as most are
        return apply(text, self.edits(text))

    def _address_edits(self, text: str) -> list[Edit]:
        found: list[Edit] = []
        at = text.find("/")
        while at >= 0:  # from slash to slash: no other word can hold an address
            start, end = text.rfind(" ", 0, at) + 1, text.find(" ", at)
            end = end if end >= 0 else len(text)
            for word in text[start:end].split():
                if "/" in word:
                    start = text.index(word, start)
                    if SHORT_LINK.fullmatch(word):
                        new = self._short_link(word)
                        if new is not None:
                            found.append(Edit(start, start + len(word), new, "url"))
                    elif may_be_personal(word):
                        found += self._addresses(text, start, start + len(word))
                    start += len(word)
            at = text.find("/", end)
        return found

    def _short_link(self, word: str) -> str | None:
        """What `address` gives for most links of X, and a quarter of its time."""
        known = self.links.get(word)
        if known is None:
            known = f"https://t.co/{self.privacy.stand_in('x', 'address', word)}"
            self._replaced[word] = known
        return None if known == word else known

    def _addresses(self, text: str, start: int, end: int) -> Iterator[Edit]:
        for match in PERSONAL.finditer(text, start, end):
            matched = match[0]
            whole = matched.rstrip(TRAILING)
            new = self.address(whole, match)
            if new is not None:
                if whole == matched:
                    self._replaced[whole] = new
                yield Edit(match.start(), match.start() + len(whole), new, "url")

    def address(self, text: str, match: re.Match[str] | None = None) -> str | None:
        """What to write for one address; None where it names nobody private.

        Args:
            match: of `addresses.PERSONAL` on the address, where it is at hand.
        """
        if text in self.links:
            new = self.links[text]
            return None if new == text else new
        if "h:" in text and STAND_IN.search(text):
            return None
        found = parse(text, match)
        if found.impersonal:
            return None
        if found.account is not None:
            key = found.account if found.by_id else found.account.casefold()
            native = key if found.by_id else self._native(found.platform, key)
            if (found.platform, key) in self.own or self.privacy.is_public(
                found.platform, native_id=native, handle=None if found.by_id else key
            ):
                return None
        return f"{_beginning(text)}/{self._stand_in(found.platform, found.account, found.by_id, found.post, text)}"

    def _stand_in(self, platform: str, account: str | None, by_id: bool, post: str | None, text: str) -> str:  # noqa: FBT001
        if post is not None:
            return self.privacy.stand_in(platform, "post", post)
        if account is None:
            return self.privacy.stand_in(platform, "address", text)
        native = account if by_id else self._native(platform, account.casefold())
        if native:
            return self.privacy.stand_in(platform, "account", native)
        return self.privacy.stand_in(platform, "handle", account.casefold())

    def _native(self, platform: str, handle: str) -> str | None:
        return self.ids.get(handle) if platform == self.platform else None

    def _mention(self, text: str, match: re.Match[str]) -> str | None:
        name = match[1]
        before = text[match.start() - 1] if match.start() else ""
        if name == "h" and STAND_IN.match(text, match.start() + 1):
            return None
        mail = before.isascii() and (before.isalnum() or before in "_.+-") and before
        if mail and name.casefold() not in self.ids and _MAIL_END.match(text, match.end()):
            return None
        if (self.platform, name.casefold()) in self.own:
            return None
        new = self.privacy.mention(self.platform, name, self.ids.get(name.casefold()))
        return None if new[1:] == name else new


def _beginning(address: str) -> str:
    """Scheme and host of an address, as written: never more, so that nothing else of it stays. In `at://` the
    account stands where others have a host."""
    if address[:5].lower() == "at://":
        return address[:4]
    match = _BEGINNING.match(address)
    return match[0] if match else ""
