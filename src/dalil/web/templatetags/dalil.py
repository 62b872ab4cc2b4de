"""Filters and tags of all templates: words, numbers, times, foreign text, form fields and charts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms, template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from dalil.errors import MESSAGES
from dalil.schema.casework import Cell
from dalil.schema.results import Interval, Rate, Survival, WeekResult
from dalil.web import numerals, saying, times, words
from dalil.web.charts import bars, interval, survival
from dalil.web.numerals import digits

if TYPE_CHECKING:
    from dalil.actions.seeing import Seen, SeenMatch

register = template.Library()
register.filter("digits", digits)
register.filter("percent", numerals.percent)
register.filter("duration", times.duration)
register.filter("hours", times.hours)
_FIGURES = re.compile(r"([0-9٠-٩]+)")


@register.filter
def number(value: float | None) -> str:
    """A grouped number; a dash where there is none, since unknown is not zero."""
    return "–" if value is None else numerals.number(value)


@register.filter
def word(value: object, table: str) -> str:
    """`{{ row.claim_type|word:"claim_type" }}`."""
    return words.word(table, value)


@register.filter
def cell(value: Cell) -> str:
    """A cell as platform and language; the region is the same on one workspace."""
    return f"{words.word('platform', value.platform)} · {words.word('language', value.language)}"


@register.filter
def platforms(cells: tuple[Cell, ...]) -> str:
    """The platforms of some cells, each once."""
    return numerals.listed(list(dict.fromkeys(words.word("platform", one.platform) for one in cells)))


@register.filter
def named(source: str | None, names: Mapping[str, str] | None = None) -> str:
    """What a public account calls itself, else its uid without the platform; empty for a private one."""
    return (names or {}).get(source or "") or (source or "").partition(":")[2]


@register.filter
def how_page(method: str) -> str:
    """The page that tells how a method errs."""
    return "pdq" if method in ("pdq", "sha256") else "texts"


@register.filter
def figure(text: str) -> SafeString:
    """A written duration with its numbers large and its units small."""
    pieces = _FIGURES.split(text)
    return mark_safe("".join(_piece(piece) for piece in pieces if piece))  # noqa: S308 - escaped by format_html


def _piece(piece: str) -> str:
    return piece if _FIGURES.fullmatch(piece) else format_html("<small>{}</small>", piece)


@register.filter
def between(value: Interval) -> str:
    """A 95 % interval of a rate; empty where there is none."""
    if value.low is None or value.high is None:
        return ""
    return numerals.span(numerals.percent(value.low), numerals.percent(value.high))


@register.filter
def between_hours(value: Interval) -> str:
    """A 95 % interval of hours; an open end is said in words."""
    if value.low is None:
        return ""
    low = times.hours(value.low)
    if value.high is None:
        return gettext("%(low)s or more") % {"low": low}
    return gettext("%(low)s to %(high)s") % {"low": low, "high": times.hours(value.high)}


@register.filter
def waiting_mark(length: timedelta) -> str:
    """The shape of a clock: `late` from six hours on, else `soon`."""
    return "late" if length >= timedelta(hours=6) else "soon"


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime | None) -> str:
    """Day, clock and zone, as a `<time>`; a dash where there is none."""
    return _time(at, times.moment(at, context["zone"])) if at else "–"


@register.simple_tag(takes_context=True)
def day(context: Context, at: datetime | None) -> str:
    """The day in the workspace's zone, as a `<time>`."""
    return _time(at, times.day_of(at, context["zone"])) if at else "–"


@register.simple_tag(takes_context=True)
def clock(context: Context, at: datetime) -> str:
    """The time of day; only where the zone stands beside it."""
    return _time(at, times.clock(at, context["zone"]))


@register.simple_tag(takes_context=True)
def offset(context: Context) -> str:
    """The workspace's distance from UTC now."""
    return times.offset(context["now"], context["zone"])


def _time(at: datetime, text: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', f"{at:%Y-%m-%dT%H:%MZ}", text)


@register.simple_tag
def foreign(text: str, lang: str = "") -> SafeString:
    """Text from outside, kept apart from the direction of the page."""
    if lang and lang != "und":
        return format_html('<bdi dir="auto" lang="{}">{}</bdi>', lang, text)
    return format_html('<bdi dir="auto">{}</bdi>', text)


@register.simple_tag
def word_of(value: object, table: str) -> str:
    """A word for use inside a sentence: `{% word_of row.verdict "verdict" as verdict %}`."""
    return words.word(table, value)


@register.simple_tag
def survival_chart(value: Survival) -> SafeString:
    return survival.curve(value)


@register.simple_tag
def interval_chart(value: Rate) -> SafeString:
    return interval.interval(value)


@register.simple_tag
def scale_chart() -> SafeString:
    return interval.scale()


@register.simple_tag
def bar_chart(value: Mapping[str, Rate]) -> SafeString:
    return bars.bars(value)


@register.simple_tag
def span_percent(low: float, high: float) -> str:
    """Two shares as a range."""
    return between(Interval(low, high))


@register.filter
def total(counts: Mapping[str, int]) -> int:
    """The sum of counts by code."""
    return sum(counts.values())


@register.filter
def whole(share: float) -> int:
    """A share as whole percent in ASCII digits, for attributes."""
    return int(share * 100)


@register.filter
def amount(value: float, unit: str) -> str:
    """So many of a job's unit; bytes as MB."""
    if unit == "bytes":
        return gettext("%(n)s MB") % {"n": numerals.number(value / 1_000_000, places=1)}
    return numerals.number(value)


@register.filter
def week_no(name: str) -> str:
    """The number of an ISO week."""
    return digits(times.week_number(name))


@register.simple_tag
def week_days(result: WeekResult) -> str:
    """The days of a week."""
    return times.week_span(result.starts_at, result.ends_at, result.zone)


@register.simple_tag
def plain_day(value: date) -> str:
    """A day that has no time of its own."""
    return times.day(value)


@register.simple_tag
def chosen(wanted: object, name: str, value: str) -> SafeString:
    """` selected` on the option that the filter holds."""
    return mark_safe(" selected" if getattr(wanted, name) == value else "")  # noqa: S308 - a constant


@register.simple_tag
def posted_form(made: Mapping[str, forms.Form], answer_id: str) -> forms.Form | None:
    return made.get(answer_id)


_FILE_MARKS = {"running": "soon", "done": "done", "stopped": "bad", "refused": "bad", "skipped": "quiet"}


@register.filter
def file_mark(state: object) -> str:
    """The shape beside the state of one file of an import."""
    return _FILE_MARKS.get(str(state), "quiet")


class _NotKept(dict[str, str]):
    """The facts of an error of long ago: a file is just that, all else is a gap."""

    def __missing__(self, name: str) -> str:
        return gettext("this file") if name == "name" else "…"


@register.simple_tag
def error_text(code: str) -> dict[str, str]:
    """What an error code says, in the reader's language; facts were not kept, so that gaps stand for them."""
    message = MESSAGES.get(code, MESSAGES["no-such-thing"])
    text, remedy = gettext(message.text), gettext(message.remedy)
    return {"text": text.format_map(_NotKept()), "remedy": remedy.format_map(_NotKept())}


@register.simple_tag(takes_context=True)
def seen_sentence(context: Context, seen: Seen) -> SafeString:
    return saying.sentence(seen, zone=context["zone"])


@register.filter
def to_compare(matches: Sequence[SeenMatch]) -> int:
    """Place (from 1) of the match to compare with: the oldest copy that is sure, else the best match."""
    sure = [(item.match.captured_at, place) for place, item in enumerate(matches, 1) if item.match.decides]
    return min(sure)[1] if sure else 1


@register.filter
def shown_match(matches: Sequence[SeenMatch], place: int) -> SeenMatch:
    """The match whose place (from 1) was asked for, else the one to compare with."""
    return matches[(place if 0 < place <= len(matches) else to_compare(matches)) - 1]


@register.filter
def oldest_first(matches: Sequence[SeenMatch]) -> list[tuple[int, SeenMatch]]:
    """(place from 1, match), oldest capture first."""
    return sorted(enumerate(matches, 1), key=lambda pair: pair[1].match.captured_at)


@register.inclusion_tag("web/part/form.html", takes_context=True)
def asking(context: Context, form: forms.Form, submit: str, kind: str = "", onward: str = "") -> dict[str, Any]:
    """A whole form: its fields with labels, help and errors, and its button; `onward` is where to go after."""
    return {
        "form": form,
        "submit": submit,
        "kind": kind,
        "onward": onward,
        "csrf_token": context.get("csrf_token"),
        "action": getattr(form, "action", ""),
    }
