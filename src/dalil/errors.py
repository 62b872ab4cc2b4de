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
language from `MESSAGES`, and map the class to an exit code or an HTTP status, in one table each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, NamedTuple

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


# In the order of the alphabet, so that two additions seldom meet on one line.
MESSAGES: dict[str, Message] = {
    "archive-damaged": Message(
        "The archive's part '{part}' does not have the hash that was recorded for it.",
        "Restore it from a backup; 'dalil doctor' lists everything that is damaged.",
    ),
    "disk-full": Message(
        "The disk is full or not writable; nothing of this step was kept, everything before it was.",
        "Free some space and run the same command again: it goes on where it stopped.",
    ),
    "edges-too-many": Message(
        "The run found {found} edges; at most {limit} are kept in one result.",
        "Ask for more distinct objects, more participation or a shorter window.",
    ),
    "format-unknown": Message(
        "'{name}' is not in any format we read (it begins with {head}).",
        "Run 'dalil formats' for the list, or unpack the archive first.",
    ),
    "no-such-thing": Message(
        "There is nothing here under that name, or you may not see it.",
        "Check the name, or ask your circle.",
    ),
    "passphrase-wrong": Message(
        "The workspace passphrase does not open the keys.",
        "Check the keyboard's language and try again. Without the passphrase nobody can open them.",
    ),
    "path-missing": Message(
        "'{name}' is not a file or folder that can be read.",
        "Check the path and its permissions.",
    ),
    "picture-broken": Message(
        "The picture cannot be decoded: its bytes are damaged or cut off ({mime}).",
        "Fetch the file again; the rest of the import is not affected.",
    ),
    "picture-format": Message(
        "This is not a picture that we decode (it is {mime}).",
        "Use JPEG, PNG, WebP, GIF or BMP; take a screenshot of anything else.",
    ),
    "picture-too-large": Message(
        "The picture has {pixels} pixels, more than the limit of {limit}.",
        "Scale it down, or raise the setting 'picture_pixels'.",
    ),
    "setting-unknown": Message(
        "There is no setting '{name}'.",
        "The reference page 'settings' lists them all.",
    ),
    "setting-wrong": Message(
        "The setting '{name}' cannot be '{value}': it must be {kind}.",
        "Correct the setting; the reference page 'settings' explains it.",
    ),
    "shares-column-missing": Message(
        "The table of shares has no column '{name}'.",
        "Give it the columns object_id, account_id, content_id and timestamp_share.",
    ),
    "shares-time-wrong": Message(
        "The column timestamp_share holds {kind}, not epoch seconds.",
        "Convert it to whole seconds since 1970-01-01 UTC.",
    ),
    "value-wrong": Message(
        "'{name}' cannot be '{value}': it must be {kind}.",
        "Correct it and run the command again.",
    ),
    "workspace-exists": Message(
        "There is a workspace in this folder already.",
        "Choose another folder, or open this one.",
    ),
    "workspace-missing": Message(
        "There is no workspace in '{name}'.",
        "Run 'dalil init' to make one, or name another folder with --workspace.",
    ),
    "workspace-newer": Message(
        "This workspace was written by a newer version ({found}) than this one ({ours}) can read.",
        "Install the newer version of Dalil.",
    ),
}
