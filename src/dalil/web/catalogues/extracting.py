"""Finds every sentence that pages say: in templates, in calls of gettext, and in the error table.

A small reader of our own, for the few forms that we use: `{% translate "…" %}`, `{% blocktranslate %}`
with plurals, and the gettext functions under the names that our modules import them by.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dalil.errors import MESSAGES

ROOM = Path(__file__).resolve().parents[1]
_TAG = re.compile(r"{%\s*(.*?)\s*%}|{{\s*(.*?)\s*}}", re.DOTALL)
_QUOTED = re.compile(r'translate\s+"((?:[^"\\]|\\.)*)"')
_SINGULAR = frozenset({"gettext", "gettext_lazy", "_"})
_PLURAL = frozenset({"ngettext", "ngettext_lazy"})
_CONTEXT = frozenset({"pgettext", "pgettext_lazy", "_in"})


class Sentence(NamedTuple):
    """One entry: its context (empty for none), its text, and its plural text (empty for none)."""

    context: str
    text: str
    plural: str = ""


def sentences(room: Path = ROOM) -> dict[Sentence, list[str]]:
    """Every sentence, with the files that say it, in the order of the files."""
    found: dict[Sentence, list[str]] = {}
    for sentence, place in _all(room):
        places = found.setdefault(sentence, [])
        if place not in places:
            places.append(place)
    return found


def _all(room: Path) -> Iterator[tuple[Sentence, str]]:
    for path in sorted(room.rglob("*.html")):
        for sentence in from_template(path.read_text(encoding="utf-8")):
            yield sentence, path.relative_to(room).as_posix()
    for path in sorted(room.rglob("*.py")):
        for sentence in from_module(path.read_text(encoding="utf-8")):
            yield sentence, path.relative_to(room).as_posix()
    for message in MESSAGES.values():
        yield Sentence("", message.text), "errors"
        yield Sentence("", message.remedy), "errors"


def from_template(source: str) -> Iterator[Sentence]:
    """The sentences of one template.

    Raises:
        ValueError: a block is not closed, or holds a tag that Django does not allow there.
    """
    parts: list[str] | None = None
    plural: list[str] | None = None
    last = 0
    for match in _TAG.finditer(source):
        text, tag, variable = source[last : match.start()], match[1], match[2]
        last = match.end()
        into = plural if plural is not None else parts
        if into is not None:
            into.append(text.replace("%", "%%"))
        if tag is None:
            if into is not None:
                into.append(f"%({variable})s")
        elif tag.startswith("blocktranslate"):
            parts = []
        elif tag == "plural":
            plural = []
        elif tag == "endblocktranslate":
            if parts is None:
                raise ValueError("a block ends that did not begin")
            yield Sentence("", "".join(parts), "".join(plural or []))
            parts = plural = None
        elif into is not None:
            raise ValueError(f"a tag inside a sentence: {tag}")
        elif quoted := _QUOTED.match(tag):
            yield Sentence("", quoted[1].replace('\\"', '"').replace("%", "%%"))
    if parts is not None:
        raise ValueError("a sentence is not closed")


def from_module(source: str) -> Iterator[Sentence]:
    """The sentences of one module: calls of the gettext functions with constant texts."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = [item.value for item in node.args if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        name = node.func.id
        if name in _SINGULAR and len(texts) == 1:
            yield Sentence("", texts[0])
        elif name in _PLURAL and len(texts) == 2:
            yield Sentence("", texts[0], texts[1])
        elif name in _CONTEXT and len(texts) == 2:
            yield Sentence(texts[0], texts[1])


def places(text: str) -> set[str]:
    """The names that a sentence leaves open: `%(name)s` and `{name}`."""
    return set(re.findall(r"%\((\w+)\)s", text)) | {f"{{{name}}}" for name in re.findall(r"{(\w+)}", text)}
