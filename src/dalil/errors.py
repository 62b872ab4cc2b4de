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
    "answer-check-open": Message(
        "A check on this claim is still open.",
        "Add its finding first; an answer must not rest on an open question.",
    ),
    "answer-posted": Message(
        "This answer was recorded as posted already.",
        "Draft another answer for another place.",
    ),
    "answer-stale": Message(
        "The verdict that this answer rests on is no longer in force.",
        "Read the claim again and draft a new answer.",
    ),
    "answer-too-long": Message(
        "The answer has {length} characters; {platform} takes {limit}.",
        "Shorten it, or choose another platform.",
    ),
    "answer-without-evidence": Message(
        "Nothing was found about this claim that an answer could show.",
        "Add a check with its finding, or a media finding.",
    ),
    "archive-damaged": Message(
        "The archive's part '{part}' does not have the hash that was recorded for it.",
        "Restore it from a backup; 'dalil doctor' lists everything that is damaged.",
    ),
    "capture-empty": Message(
        "There is nothing to keep: no text, no address, no screenshot.",
        "Give at least one of them.",
    ),
    "capture-refused": Message(
        "The capture could not be kept ({reason}).",
        "Check the address and the screenshot, and send it again.",
    ),
    "child-died": Message(
        "The child process that reads foreign files ended without finishing.",
        "Run it again; if it happens again with the same file, leave the file out and report its format.",
    ),
    "child-memory": Message(
        "Reading this needed more than {mib} MiB of memory and was stopped.",
        "Leave the file out, or raise the setting 'child_memory_mib'.",
    ),
    "child-output": Message(
        "Reading this gave a larger answer than allowed and was stopped.",
        "Leave the file out; if it is a file you trust, split it.",
    ),
    "child-stalled": Message(
        "The child process that reads foreign files reported nothing for {seconds} s and was stopped.",
        "Leave the file out, or raise the setting 'child_stall_seconds'.",
    ),
    "child-stream-broken": Message(
        "What the reading child handed over is not readable (in '{part}'); nothing of this step was kept.",
        "Import the file again. If it happens again, the file makes the reader fail: report its format.",
    ),
    "child-time": Message(
        "Reading this needed more than {seconds} s of processor time and was stopped.",
        "Leave the file out, or raise the setting 'child_cpu_seconds'.",
    ),
    "child-unavailable": Message(
        "The child process that reads foreign files could not be started.",
        "'dalil doctor' says what is missing.",
    ),
    "chunk-untrue": Message(
        "What the reading child handed over does not hold together (in '{part}'); nothing of this step was kept.",
        "Report it with the name of the source format; the file may be made to mislead.",
    ),
    "circle-colour": Message(
        "There is a circle of the colour '{colour}' already.",
        "Choose another colour.",
    ),
    "circle-founded": Message(
        "This circle has members who can vouch; the command line cannot add to it any more.",
        "Let a keeper of the circle invite, and two members confirm.",
    ),
    "circle-key-missing": Message(
        "Your circle's key is not held in this workspace, so nothing can be signed.",
        "Unlock the workspace in which your circle's key was made.",
    ),
    "circle-key-wrong": Message(
        "This is not a circle's public key.",
        "Copy both keys again from the other circle's page, whole.",
    ),
    "circle-known": Message(
        "A circle with this colour or key is known already.",
        "Choose another colour, or look at the list of circles.",
    ),
    "claim-held": Message(
        "Somebody has this claim in hand already.",
        "Ask that circle to hand it over.",
    ),
    "claim-not-yours": Message(
        "Your circle does not have this claim in hand.",
        "Take it first, or ask the circle that has it.",
    ),
    "claim-state": Message(
        "The claim is {state}; '{step}' is not possible now.",
        "Look at the claim again: its next step is shown there.",
    ),
    "code-wrong": Message(
        "This code is not valid, was used already, or has expired.",
        "Check how it is written, or ask for a new one.",
    ),
    "demo-unfinished": Message(
        "This demo was not built to the end.",
        "Run 'make demo-reset' to start it over.",
    ),
    "desk-value": Message(
        "'{name}' is missing, too long, or not in its form.",
        "Correct it and try again.",
    ),
    "disk-full": Message(
        "The disk is full or not writable; nothing of this step was kept, everything before it was.",
        "Free some space and run the same command again: it goes on where it stopped.",
    ),
    "door-changed": Message(
        "Your authenticator is not in a state that allows this.",
        "Look at your door again: it may have been changed on another device.",
    ),
    "edges-too-many": Message(
        "The run found {found} edges; at most {limit} are kept in one result.",
        "Ask for more distinct objects, more participation or a shorter window.",
    ),
    "engine-memory": Message(
        "The question needs more memory than the engine may use.",
        "Ask for a shorter time or fewer sources, or raise the setting 'memory_mib'.",
    ),
    "event-conflict": Message(
        "Two different events carry the id {id}; nothing was kept.",
        "Tell the circle that sent it, by another way: one of the two was forged.",
    ),
    "file-too-large": Message(
        "'{name}' is larger than {limit} bytes, the most that is read.",
        "Split the file, or raise the setting 'file_bytes'.",
    ),
    "folder-not-empty": Message(
        "The folder '{name}' holds other things already.",
        "Choose an empty folder, or one that does not exist yet.",
    ),
    "folder-not-ours": Message(
        "The folder '{name}' holds files that are not an exported site.",
        "Choose an empty or a new folder.",
    ),
    "form-wrong": Message(
        "Something in the form is missing or wrong.",
        "Correct what is marked and send it again.",
    ),
    "format-unknown": Message(
        "'{name}' is not in any format we read (it begins with {head}).",
        "Run 'dalil formats' for the list, or unpack the archive first.",
    ),
    "job-failed": Message(
        "Something went wrong in this job that should not have; it is our mistake.",
        "Run it again; if it happens again, report it with the log of that time.",
    ),
    "job-step-unknown": Message(
        "This job needs a step that this version of Dalil does not have.",
        "Run the worker of the version that put the job in.",
    ),
    "job-worn-out": Message(
        "This job ended its worker several times and was given up.",
        "Free memory or disk space and start it again; 'dalil doctor' shows what is short.",
    ),
    "key-missing": Message(
        "This workspace does not hold the key '{name}'.",
        "Open the workspace of the circle that holds it.",
    ),
    "login-refused": Message(
        "These do not open a door here.",
        "Check the pseudonym, the passphrase and the keyboard's language; if you have an authenticator, its code too.",
    ),
    "login-throttled": Message(
        "Too many tries for this pseudonym.",
        "Wait half an hour, then try again.",
    ),
    "member-not-waiting": Message(
        "This member is not waiting for that.",
        "Look at the list of your circle again: somebody may have been quicker.",
    ),
    "member-taken": Message(
        "This pseudonym is in use.",
        "Let one be drawn.",
    ),
    "no-such-thing": Message(
        "There is nothing here under that name, or you may not see it.",
        "Check the name, or ask your circle.",
    ),
    "packet-content": Message(
        "The packet holds an event that a packet may not carry ({kind}); nothing of it was kept.",
        "Tell the circle that sent it, by another way.",
    ),
    "packet-forged": Message(
        "A signature in the packet does not fit; nothing of it was kept.",
        "Ask the circle for the packet again, by another way, and tell them.",
    ),
    "packet-from-future": Message(
        "The packet says that it was made in the future; nothing of it was kept.",
        "Compare the clocks of both machines.",
    ),
    "packet-newer": Message(
        "The packet was written by a newer version of Dalil.",
        "Install the newer version.",
    ),
    "packet-replayed": Message(
        "This packet was read already; nothing was changed.",
        "Nothing is to be done.",
    ),
    "packet-stale": Message(
        "The packet is {days} days old; none older than {limit} is read.",
        "Ask for a new packet.",
    ),
    "packet-too-large": Message(
        "The packet has {size} bytes; {limit} are the most.",
        "Pack fewer claims.",
    ),
    "packet-truncated": Message(
        "The packet is cut off; nothing of it was kept.",
        "Copy the whole file again.",
    ),
    "packet-unknown": Message(
        "This is not a packet.",
        "Choose the file that the other circle gave you.",
    ),
    "packet-unknown-circle": Message(
        "The packet holds events of a circle that this workspace does not know ({circle}).",
        "Compare its public key with that circle in person, enter it, then read the packet again.",
    ),
    "packet-vote-false": Message(
        "A revealed vote in the packet does not fit its seal; nothing of it was kept.",
        "Tell the circle that sent it, by another way.",
    ),
    "panel-frozen": Message(
        "Panel version {version}, or a later one, is frozen already.",
        "Give the panel a higher version.",
    ),
    "panel-sources": Message(
        "A panel needs sources, each once in a cell.",
        "Correct the list.",
    ),
    "passphrase-needed": Message(
        "The workspace's keys need its passphrase, and there is no terminal to ask on.",
        "Set DALIL_PASSPHRASE for an unattended start.",
    ),
    "passphrase-short": Message(
        "The passphrase is too short: it needs at least {least} characters.",
        "Take five or six words that have nothing to do with each other.",
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
    "posted-in-future": Message(
        "An answer cannot have been posted later than now.",
        "Correct the time, and compare the zone.",
    ),
    "query-refused": Message(
        "The archive's engine does not run this ({kind}): it only reads what the archive holds.",
        "Ask for the archive's own tables.",
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
    "silence-answered": Message(
        "This claim was answered; there is nothing to stay silent about.",
        "Nothing is to be done.",
    ),
    "silence-none": Message(
        "No silence stands on this claim.",
        "Look at the claim again.",
    ),
    "silence-review": Message(
        "A silence needs a review time from now to {days} days ahead.",
        "Choose when it is looked at again.",
    ),
    "silence-threat": Message(
        "A threat is never passed over in silence.",
        "Warn those at risk through someone who knows them, then refer it.",
    ),
    "site-address": Message(
        "The site's address must begin with https:// or http://.",
        "Give the address at which the pages will stand.",
    ),
    "suggestion-decided": Message(
        "This suggestion was accepted or dismissed already.",
        "Look at the list again.",
    ),
    "table-unreadable": Message(
        "'{name}' can be read neither as CSV nor as Parquet.",
        "Check that the file is whole; save it as CSV in UTF-8, with a line of column names.",
    ),
    "too-many-files": Message(
        "'{name}' holds more than {limit} files, the most that are read from one folder.",
        "Import its parts one after the other, or raise the setting 'folder_files'.",
    ),
    "totp-wrong": Message(
        "This is not the authenticator's present code.",
        "Wait for its next code; check that the clocks of both devices are right.",
    ),
    "upload-large": Message(
        "The picture has more than {limit} MB, the most that is looked up.",
        "Scale it down, or take a screenshot of it.",
    ),
    "value-wrong": Message(
        "'{name}' cannot be '{value}': it must be {kind}.",
        "Correct it and run the command again.",
    ),
    "volume-plain": Message(
        "The volume of this folder is not encrypted: whoever takes the machine reads everything in it.",
        "Choose a folder on an encrypted volume. To go on all the same, type '{words}' when asked.",
    ),
    "volume-unknown": Message(
        "This system does not tell whether the volume of this folder is encrypted.",
        "If you know that it is, or accept that it is not, type '{words}' when asked.",
    ),
    "vote-in-progress": Message(
        "The votes of this round are not finished.",
        "Wait for the next vote; reopening is for settled claims.",
    ),
    "vote-not-open": Message(
        "No vote is open on this claim now.",
        "Wait until the sealed votes are told.",
    ),
    "vote-same-circle": Message(
        "Your circle has voted on this claim already.",
        "A member of another circle votes next.",
    ),
    "vote-same-person": Message(
        "You have voted on this claim already.",
        "A member of another circle votes next.",
    ),
    "vote-without-finding": Message(
        "Nothing was found about this claim in this round yet.",
        "Add a check with its finding, or a media finding, then vote.",
    ),
    "vouched-already": Message(
        "You have given your word on this already.",
        "Another member of the circle has to give theirs.",
    ),
    "warn-done": Message(
        "The warning is recorded already.",
        "Nothing is to be done.",
    ),
    "warn-no-threat": Message(
        "Only a threat needs a warning.",
        "Correct the claim's type by logging it anew if it is one.",
    ),
    "workspace-busy": Message(
        "Another program has been writing to this workspace for too long.",
        "Wait for it to end and run the same command again.",
    ),
    "workspace-exists": Message(
        "There is a workspace in this folder already.",
        "Choose another folder, or open this one.",
    ),
    "workspace-locked": Message(
        "The workspace's keys are locked, so nothing can be imported or signed.",
        "Start Dalil again and give the workspace passphrase.",
    ),
    "workspace-missing": Message(
        "There is no workspace in '{name}'.",
        "Run 'dalil init' to make one, or name another folder with --workspace.",
    ),
    "workspace-newer": Message(
        "This workspace was written by a newer version ({found}) than this one ({ours}) can read.",
        "Install the newer version of Dalil.",
    ),
    "workspace-not-demo": Message(
        "This workspace is not a demo, so the demo leaves it alone.",
        "Choose another folder for the demo.",
    ),
}
