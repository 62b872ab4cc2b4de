"""The answer of *Seen before?* in one sentence. What we do not hold is never called new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from dalil.web import times, words
from dalil.web.numerals import number

if TYPE_CHECKING:
    from dalil.actions.seeing import Seen
    from dalil.desk.rows import Known


def sentence(seen: Seen, *, zone: str) -> SafeString:
    """Held since when, first posted when, decided what; or that a person must look; or that we hold none."""
    picture = seen.query_kind == "picture"
    if not seen.matches:
        return _none(seen, picture=picture)
    best = seen.matches[0]
    if not best.match.decides:
        return _leads(seen, picture=picture)
    held = (
        gettext("This picture is in our archive since %(day)s.")
        if picture
        else gettext("This text is in our archive since %(day)s.")
    )
    parts = [_filled(held, day=times.day_of(seen.captured_first or best.match.captured_at, zone))]
    if seen.claimed_first is not None:
        posted = gettext("By the platform’s date it was first posted on %(day)s.")
        parts.append(_filled(posted, day=times.day_of(seen.claimed_first, zone)))
    known = decided(seen)
    if known is not None and known.media_finding is not None and picture:
        parts.append(_filled(gettext("Finding then: %(word)s."), word=words.word("finding", known.media_finding)))
    elif known is not None and known.verdict is not None:
        parts.append(_filled(gettext("Verdict on its claim: %(word)s."), word=words.word("verdict", known.verdict)))
    return mark_safe(" ".join(parts))  # noqa: S308 - every part is escaped by _filled


def decided(seen: Seen) -> Known | None:
    """What the desk decided about the first match that is sure and belongs to a claim."""
    return next((one.known for one in seen.matches if one.match.decides and one.known is not None), None)


def _filled(template: str, **facts: str) -> SafeString:
    """A translated sentence with its facts in bold, both escaped."""
    bold = {name: f"\x00{value}\x01" for name, value in facts.items()}
    text = format_html("{}", template % bold)
    return mark_safe(text.replace("\x00", "<b>").replace("\x01", "</b>"))  # noqa: S308 - escaped before the tags


def _none(seen: Seen, *, picture: bool) -> SafeString:
    count = number(seen.archive_items)
    text = (
        gettext("This picture is not in our archive of %(n)s items, as far as these methods can tell.")
        if picture
        else gettext("This text is not in our archive of %(n)s items, as far as these methods can tell.")
    )
    return format_html("{}", text % {"n": count})


def _leads(seen: Seen, *, picture: bool) -> SafeString:
    count = len(seen.matches)
    template = (
        ngettext(
            "We hold nothing that is surely this picture. %(n)s item looks like it: a person must look.",
            "We hold nothing that is surely this picture. %(n)s items look like it: a person must look.",
            count,
        )
        if picture
        else ngettext(
            "We hold nothing that is surely this text. %(n)s item looks like it: a person must read both.",
            "We hold nothing that is surely this text. %(n)s items look like it: a person must read both.",
            count,
        )
    )
    return format_html("{}", template % {"n": number(count)})
