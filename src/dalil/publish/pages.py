"""Public pages as escaped HTML: the fact first, then the claim and its verdict; no script runs, nothing is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from dalil.desk.rows import SettledAnswer
from dalil.publish.claimreview import as_script, headline
from dalil.publish.words import Words, direction, words
from dalil.schema.words import ClaimVerdict

STYLE: Final = """\
:root { color-scheme: light dark; --ink: #1d1b18; --paper: #faf8f3; --rule: #cfc8ba; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e5dc; --paper: #1a1917; --rule: #4a463f; } }
body { max-inline-size: 38rem; margin-inline: auto; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1.05rem/1.6 Georgia, "Noto Naskh Arabic", serif; }
h1 { font-size: 1.5rem; line-height: 1.35; }
blockquote { margin-inline: 0; padding-inline-start: 1rem; border-inline-start: 3px solid var(--rule); }
.correction { border: 2px solid; padding: .5rem .75rem; font-weight: bold; }
.small, nav { font: .875rem/1.5 system-ui, sans-serif; }
.verdict { display: flex; align-items: center; gap: .5rem; font-weight: bold; }
li { border-block-start: 1px solid var(--rule); padding-block: .75rem; }
ol { list-style: none; padding: 0; }
a { color: inherit; }
"""
_POLICY: Final = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
# A word and a shape, not a colour alone: cross, question mark, tick.
_SHAPES: Final[dict[ClaimVerdict, str]] = {
    ClaimVerdict.FALSE: "M7 7 17 17M17 7 7 17",
    ClaimVerdict.UNPROVEN: "M9 9a3 3 0 1 1 4 3q-1 .5-1 2M12 17v.5",
    ClaimVerdict.TRUE: "M7 12.5 11 16 17 8",
}


def mark(verdict: ClaimVerdict) -> str:
    """A verdict's mark as an SVG file."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" fill="none" '
        'stroke="#777" stroke-width="2" stroke-linecap="round"><circle cx="12" cy="12" r="10"/>'
        f'<path d="{_SHAPES[verdict]}"/></svg>\n'
    )


def answer_page(answer: SettledAnswer, *, review: dict[str, object], organisation: str) -> str:
    """One answer."""
    label = words(answer.language)
    title, _, rest = answer.text.strip().partition("\n")
    body = [
        f'<p class="correction">{escape(label.corrects)}</p>' if answer.corrects else "",
        f"<h1>{escape(title)}</h1>",
        *(f"<p>{escape(line)}</p>" for line in rest.splitlines() if line.strip()),
        *(f"<p>{escape(label.media[finding])}</p>" for finding in answer.media),
        f"<h2>{escape(label.claim)}</h2>",
        _claim(answer),
        _verdict(answer, label),
        f'<p class="small">{escape(label.how)}</p>',
        _dates(answer, label),
        f'<nav><a href="index.html">{escape(label.home)}</a></nav>',
        f'<script type="application/ld+json">{as_script(review)}</script>',
    ]
    return _page(headline(answer.text), body, language=answer.language, organisation=organisation)


def _claim(answer: SettledAnswer) -> str:
    return (
        f'<blockquote lang="{escape(answer.sentence_lang)}" dir="{direction(answer.sentence_lang)}">'
        f"<p>{escape(answer.sentence)}</p></blockquote>"
    )


def _verdict(answer: SettledAnswer, label: Words) -> str:
    return (
        f'<p class="verdict"><img src="mark-{answer.verdict.value}.svg" alt="" width="24" height="24">'
        f"{escape(label.verdict)}: {escape(label.verdicts[answer.verdict])}</p>"
    )


def _dates(answer: SettledAnswer, label: Words) -> str:
    seen = f"{escape(label.seen)} {_day(answer.first_seen_on.isoformat())} · " if answer.first_seen_on else ""
    return f'<p class="small">{seen}{escape(label.settled)} {_day(answer.settled_on.isoformat())}</p>'


def _day(day: str) -> str:
    return f'<time datetime="{day}"><bdi>{day}</bdi></time>'


def index_page(entries: Sequence[tuple[str, SettledAnswer]], *, language: str, organisation: str) -> str:
    """The list of answers, newest first: (file name, answer)."""
    label = words(language)
    rows = [
        f'<li lang="{escape(answer.language)}" dir="{direction(answer.language)}">'
        f'<a href="{escape(name)}">{escape(headline(answer.text))}</a>{_verdict(answer, words(answer.language))}'
        f'<p class="small">{_day(answer.published_on.isoformat())}</p></li>'
        for name, answer in entries
    ]
    body = [f"<h1>{escape(organisation)}</h1>"]
    body += ["<ol>", *rows, "</ol>"] if rows else [f"<p>{escape(label.nothing)}</p>"]
    return _page(organisation, body, language=language, organisation=organisation)


def _page(title: str, body: Iterable[str], *, language: str, organisation: str) -> str:
    head = [
        "<!doctype html>",
        f'<html lang="{escape(language)}" dir="{direction(language)}">',
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(title)}</title>",
        '<link rel="stylesheet" href="site.css">',
        f'<link rel="alternate" type="application/atom+xml" href="feed.atom" title="{escape(organisation)}">',
        "</head><body><main>",
    ]
    return "\n".join([*head, *(part for part in body if part), "</main></body></html>", ""])
