"""An Atom feed (RFC 4287) of settled answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from dalil.desk.rows import SettledAnswer
from dalil.publish.claimreview import headline
from dalil.publish.words import words

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MOST_ENTRIES: Final = 100


def feed(
    entries: Sequence[tuple[str, SettledAnswer]], *, organisation: str, address: str, language: str, today: date
) -> str:
    """The feed's text.

    Args:
        entries: (file name, answer), newest first; the first hundred are listed.
        address: the site's address, ending in a slash; entry ids are the pages' own addresses.
        today: stands as the time of change while there are no entries.
    """
    updated = max((answer.published_on for _, answer in entries), default=today)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(language)}>',
        f"<id>{_text(address)}</id>",
        f"<title>{_text(organisation)}</title>",
        f"<updated>{_midnight(updated)}</updated>",
        f"<author><name>{_text(organisation)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(address + "feed.atom")}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(address)}/>',
    ]
    for name, answer in entries[:MOST_ENTRIES]:
        lines += _entry(address + name, answer)
    return "\n".join([*lines, "</feed>", ""])


def _entry(page: str, answer: SettledAnswer) -> list[str]:
    label = words(answer.language)
    content = "\n\n".join(
        part
        for part in (
            label.corrects if answer.corrects else "",
            answer.text,
            f"{label.claim}: {answer.sentence}",
            f"{label.verdict}: {label.verdicts[answer.verdict]}",
        )
        if part
    )
    return [
        f"<entry xml:lang={quoteattr(answer.language)}>",
        f"<id>{_text(page)}</id>",
        f"<title>{_text(headline(answer.text))}</title>",
        f"<updated>{_midnight(answer.published_on)}</updated>",
        f'<link rel="alternate" type="text/html" href={quoteattr(page)}/>',
        f"<category term={quoteattr(answer.verdict.value)}/>",
        f'<content type="text">{_text(content)}</content>',
        "</entry>",
    ]


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))
