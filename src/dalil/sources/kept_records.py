"""What second readings of several formats need: the parts of a raw record as what they were read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec

from dalil.schema.records import Span
from dalil.sources.decoding import UNREADABLE
from dalil.sources.html_text import Mark
from dalil.sources.marked_text import marks_of
from dalil.sources.redaction import Scope
from dalil.sources.rereading import decoded, is_stand_in

_DEEPEST: Final = 20
T = TypeVar("T")


def fits(text: str, spans: Iterable[Span]) -> bool:
    """Whether all spans lie in their text; those of a raw record of ours do."""
    return all(0 <= span.start <= span.end <= len(text) for span in spans)


def opened(decoder: msgspec.json.Decoder[T], raw: bytes) -> tuple[T, dict[str, Any]] | None:
    """A raw record as what gives rows, and as plain values; None where it is none of ours."""
    try:
        return decoder.decode(raw), decoded(raw)
    except (*UNREADABLE, ValueError):
        return None


def more(
    values: Mapping[str, Any], root: str, known: Iterable[str], scope: Scope, *, as_is: Iterable[str] = ()
) -> dict[str, object]:
    """What of a raw record is kept as it was told and gives no row, without the names of whoever became private.

    Args:
        values: the raw record.
        known: what gives rows, and is left out.
        as_is: what is no text of anybody's.
    """
    found = values.get(root)
    if not isinstance(found, dict):
        return {}
    names, same = frozenset(known), frozenset(as_is)
    rest = {name: value for name, value in found.items() if name not in names}
    return {name: value if name in same else cleaned(value, scope) for name, value in rest.items()}


def cleaned(value: Any, scope: Scope, depth: int = 0) -> Any:
    """A value with all of its texts cleaned."""
    if isinstance(value, str):
        return scope.clean(value)
    if depth < _DEEPEST and isinstance(value, list):
        return [cleaned(item, scope, depth + 1) for item in value]
    if depth < _DEEPEST and isinstance(value, dict):
        return {name: cleaned(item, scope, depth + 1) for name, item in value.items()}
    return value


def native(uid: str) -> str:
    """The id within its platform: `mastodon:h:…` → `h:…`."""
    return uid.partition(":")[2]


def meant(spans: Sequence[Span], mentioned: Sequence[str]) -> list[Mark]:
    """The marks of spans; a mention's target is the id of the account that it means.

    A raw record keeps how a mention is written and, in their order, whom the post mentions. A hashed mention
    says whom it means; another is whoever has its name, else the next whom no other mention means.

    Args:
        mentioned: uids, in the order of the raw record's edges.
    """
    shown = {span.target for span in spans}
    waiting = [native(uid) for uid in mentioned if f"@{native(uid)}" not in shown or not is_stand_in(uid)]
    known: dict[str, str] = {}
    marks = []
    for mark in marks_of(spans):
        if mark.kind == "mention":
            mark = mark._replace(target=_account(mark.target, waiting, known))  # noqa: PLW2901 - the same, told better
        marks.append(mark)
    return marks


def _account(shown: str, waiting: list[str], known: dict[str, str]) -> str:
    if is_stand_in(shown.removeprefix("@")):
        return shown[1:]
    if shown not in known:
        name = shown.lstrip("@＠").casefold()
        found = next((one for one in waiting if name in _names(one)), waiting[0] if waiting else "")
        if found:
            waiting.remove(found)
        known[shown] = found or next(reversed(known.values()), "")
    return known[shown]


def _names(account: str) -> tuple[str, ...]:
    handle = account.removeprefix("@").casefold()
    return (handle, handle.partition("@")[0]) if account.startswith("@") else (handle,)
