"""The one error tree, split by who must act, and the table of what each code says.

    DalilError
    ├── InputError        the file, text or value that was given is wrong      (the user acts)
    ├── NotAllowed        this actor may not do this; same answer as "not there" (another person acts)
    ├── Conflict          somebody else changed it first                       (the user looks again)
    ├── NotAvailable      a part is missing on this machine                    (the installer acts)
    ├── LimitReached      a limit on size, count, ratio, time or memory        (the user or keeper acts)
    ├── EvidenceDamaged   stored bytes no longer have their hash               (the keeper acts)
    └── ConfigError       a setting or workspace is wrong                      (the keeper acts)

An error carries a code and facts, never content. Faces render message and remedy in the reader's
language from `MESSAGES` (the file `messages.toml` beside this one), and map the class to an exit code or an HTTP status, in one table each.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Final, NamedTuple

Fact = str | int | float


class Message(NamedTuple):
    """What a code says, in English; the catalogues translate both sentences."""

    text: str
    remedy: str


class DalilError(Exception):
    """Root of the tree.

    Args:
        code: a key of `MESSAGES`.
        facts: the values that the message names; never content of a post, a handle or a person.
    Raises:
        KeyError: `code` is not in `MESSAGES`, which is a bug of ours.
    """

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, code: str, **facts: Fact) -> None:
        self.code = code
        self.facts: Mapping[str, Fact] = facts
        super().__init__(render(MESSAGES[code].text, facts))

    @property
    def remedy(self) -> str:
        """What to do now, in English."""
        return render(MESSAGES[self.code].remedy, self.facts)


class InputError(DalilError):
    """The file, text or value that was given cannot be used."""

    exit_code = 2
    http_status = 400


class NotAllowed(DalilError):
    """This actor may not; worded like "no such thing", so that it confirms nothing."""

    exit_code = 2
    http_status = 404


class Conflict(DalilError):
    """The thing changed meanwhile, or is not in a state that allows this."""

    exit_code = 2
    http_status = 409


class NotAvailable(DalilError):
    """A part that this needs is not installed or not running."""

    exit_code = 3
    http_status = 503


class LimitReached(DalilError):
    """A limit on size, count, ratio, time or memory was reached."""

    exit_code = 2
    http_status = 413


class EvidenceDamaged(DalilError):
    """Stored bytes, or a chain over them, no longer verify."""

    exit_code = 1
    http_status = 500


class ConfigError(DalilError):
    """A setting or the workspace itself is wrong."""

    exit_code = 2
    http_status = 500


def render(template: str, facts: Mapping[str, Fact]) -> str:
    """Fill `{name}` places from `facts`; a missing fact stays visible as `{name}`.

    Not `str.format`: facts may hold braces, and a template from a catalogue must not reach attributes.
    """
    out = template
    for name, value in facts.items():
        out = out.replace("{" + name + "}", str(value))
    return out


def _read_messages() -> dict[str, Message]:
    rows = tomllib.loads(Path(__file__).with_name("messages.toml").read_text(encoding="utf-8"))
    return {code: Message(row["text"], row["remedy"]) for code, row in rows.items()}


MESSAGES: Final = _read_messages()
"""Every code with what it says; a code that is raised and not here is a bug of ours, and a test finds it."""
