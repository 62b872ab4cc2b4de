"""What each word of the closed vocabularies reads as in the reader's language.

One table for all pages. A word that is not in its table is shown as it is, so that a newer part of
Dalil is never hidden by an older page.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

from dalil.web import reasons, table_words

Words = dict[str, "Promise | str"]

CLAIM_TYPES: Final[Words] = {
    "victory": _in("claim type", "victory or control"),
    "withdrawal": _in("claim type", "withdrawal"),
    "capture": _in("claim type", "capture"),
    "casualty": _in("claim type", "casualties"),
    "atrocity": _in("claim type", "atrocity"),
    "threat": _in("claim type", "threat"),
    "impersonation": _in("claim type", "impersonation"),
    "other": _in("claim type", "other"),
}
MAKERS: Final[Words] = {
    "group": _in("maker", "group"),
    "supporter": _in("maker", "supporter"),
    "state": _in("maker", "state"),
    "ally": _in("maker", "ally"),
    "independent": _in("maker", "independent"),
    "unknown": _in("maker", "unknown"),
}
STATES: Final[Words] = {
    "logged": _in("state", "logged"),
    "taken": _in("state", "taken"),
    "checking": _in("state", "checking"),
    "proposed": _in("state", "one vote in"),
    "settled": _in("state", "settled"),
    "reopened": _in("state", "reopened"),
}
VERDICTS: Final[Words] = {
    "false": _in("verdict", "false"),
    "unproven": _in("verdict", "unproven"),
    "true": _in("verdict", "true"),
}
FINDINGS: Final[Words] = {
    "recycled": _in("media finding", "recycled"),
    "altered": _in("media finding", "altered"),
    "impersonated": _in("media finding", "impersonated"),
    "unchanged": _in("media finding", "unchanged"),
}
CODES: Final[Words] = {
    "carries": _in("report", "carries it"),
    "confirms": _in("report", "confirms"),
    "contests": _in("report", "contests"),
    "corrects": _in("report", "corrects"),
}
CONFIDENCE: Final[Words] = {
    "certain": _in("confidence", "certain"),
    "likely": _in("confidence", "likely"),
    "possible": _in("confidence", "possible"),
    "open": _in("confidence", "open"),
}
NEXT: Final[Words] = {
    "take": _in("step", "Take it"),
    "check": _in("step", "Check"),
    "first_vote": _in("step", "Vote"),
    "second_vote": _in("step", "Second vote"),
    "third_vote": _in("step", "Third vote"),
    "answer": _in("step", "Answer"),
    "warn": _in("step", "Warn first"),
    "review_silence": _in("step", "Look again"),
}
"""The label of the one next step; `none` has none."""
PLATFORMS: Final[Words] = {
    "bluesky": _("Bluesky"),
    "facebook": _("Facebook"),
    "instagram": _("Instagram"),
    "mastodon": _("Mastodon"),
    "reddit": _("Reddit"),
    "telegram": _("Telegram"),
    "threads": _("Threads"),
    "tiktok": _("TikTok"),
    "x": _in("platform", "X"),
    "youtube": _("YouTube"),
    "web": _in("platform", "Web"),
    "other": _in("platform", "Other"),
}
LANGUAGES: Final[Words] = {
    "ar": _("Arabic"),
    "ckb": _("Sorani"),
    "kmr-Arab": _("Badini"),
    "kmr": _("Kurmanji"),
    "ku": _("Kurmanji"),
    "en": _("English"),
    "fa": _("Persian"),
    "tr": _("Turkish"),
    "az": _("Azerbaijani"),
    "tk": _("Turkmen"),
    "und": _("language unknown"),
    "unknown": _("language unknown"),
}
ACCOUNT_KINDS: Final[Words] = {
    "person": _("A private person"),
    "page": _("A page"),
    "group": _("A public group"),
    "channel": _("A public channel"),
    "outlet": _("A news outlet"),
}
ROLES: Final[Words] = {
    "spotter": _in("role", "spotter"),
    "checker": _in("role", "checker"),
    "editor": _in("role", "editor"),
    "researcher": _in("role", "researcher"),
    "keeper": _in("role", "keeper"),
}
STATUSES: Final[Words] = {
    "active": _in("member", "active"),
    "probation": _in("member", "on probation"),
    "revoked": _in("member", "revoked"),
}
COLOURS: Final[Words] = {
    "amber": _("Amber circle"),
    "azure": _("Azure circle"),
    "blue": _("Blue circle"),
    "bronze": _("Bronze circle"),
    "brown": _("Brown circle"),
    "coral": _("Coral circle"),
    "cyan": _("Cyan circle"),
    "gold": _("Gold circle"),
    "green": _("Green circle"),
    "indigo": _("Indigo circle"),
    "ivory": _("Ivory circle"),
    "jade": _("Jade circle"),
    "lime": _("Lime circle"),
    "magenta": _("Magenta circle"),
    "maroon": _("Maroon circle"),
    "olive": _("Olive circle"),
    "orange": _("Orange circle"),
    "pink": _("Pink circle"),
    "purple": _("Purple circle"),
    "red": _("Red circle"),
    "silver": _("Silver circle"),
    "teal": _("Teal circle"),
    "violet": _("Violet circle"),
    "white": _("White circle"),
    "yellow": _("Yellow circle"),
    "": _("the command line"),
    "local": _("the command line"),
}
METHODS: Final[Words] = {
    "sha256": _("the same file"),
    "pdq": _("picture fingerprint (PDQ)"),
    "skeleton": _("the same text but for editing"),
    "minhash": _("shared phrases"),
    "rapidfuzz": _("similar wording"),
}
VARIANTS: Final[Words] = {
    "as-is": "",
    "rotate-90": _("turned"),
    "rotate-180": _("turned"),
    "rotate-270": _("turned"),
    "flip-x": _("mirrored"),
    "flip-y": _("mirrored"),
    "flip-plus": _("mirrored and turned"),
    "flip-minus": _("mirrored and turned"),
}
TODO: Final[Words] = {
    "take": _("Nobody has it yet. Whoever takes it starts the checks."),
    "check": _("Add a check: one question that can be answered by looking."),
    "first_vote": _("The checks are in. The first of two circles votes; its vote stays sealed."),
    "second_vote": _("One vote is in. If the second circle agrees, the answer can go out; if not, a third is asked."),
    "third_vote": _("Two circles differ. A third one votes."),
    "answer": _("Two circles agree. Write the answer, or record where it was posted."),
    "warn": _("First those at risk are warned, through someone who knows them; then the rest."),
    "review_silence": _("The silence was to be looked at again by now: answer, or decide anew."),
    "none": _("Nothing waits for now."),
}
"""What the next step means, in a sentence."""
EVENTS: Final[Words] = {
    "claim_logged": _in("event", "logged"),
    "claim_taken": _in("event", "taken"),
    "claim_handed_over": _in("event", "handed over"),
    "check_added": _in("event", "check added"),
    "check_evidence": _in("event", "evidence kept"),
    "media_found": _in("event", "finding about a picture"),
    "vote_sealed": _in("event", "vote sealed"),
    "vote_revealed": _in("event", "vote opened"),
    "claim_reopened": _in("event", "reopened"),
    "answer_drafted": _in("event", "answer written"),
    "answer_posted": _in("event", "answer posted"),
    "silence_kept": _in("event", "silence decided"),
    "silence_ended": _in("event", "silence ended"),
    "threat_warned": _in("event", "those at risk were warned"),
    "reports_coded": _in("event", "posts coded"),
    "observations_linked": _in("event", "posts linked"),
}
SEARCH_KINDS: Final[Words] = {
    "post": _in("search kind", "A post of its own"),
    "reply": _in("search kind", "A reply"),
    "quote": _in("search kind", "A quotation"),
    "forward": _in("search kind", "A forward"),
    "picture": _in("search kind", "With a picture"),
    "video": _in("search kind", "With a video"),
    "sound": _in("search kind", "With sound"),
    "file": _in("search kind", "With a file"),
    "link": _in("search kind", "With a link"),
    "gone": _in("search kind", "Gone from the platform"),
}
FOUND_BY: Final[Words] = {
    "all": "",
    "some": _("holds only some of the words"),
    "similar": _("similar spelling"),
}
JOBS: Final[Words] = {
    "queued": _in("job", "waiting"),
    "running": _in("job", "running"),
    "done": _in("job", "done"),
    "failed": _in("job", "failed"),
    "cancelled": _in("job", "cancelled"),
}
FILE_STATES: Final[Words] = {
    "running": _in("file", "being read"),
    "done": _in("file", "read"),
    "stopped": _in("file", "stopped"),
    "refused": _in("file", "not read"),
    "skipped": _in("file", "passed over"),
}
OPTIONS: Final[Words] = {
    "page": _("Page whose download it is"),
    "platform": _("Platform"),
    "public": _("Anybody can read these channels and groups"),
    "zone": _("Time zone"),
    "mapping": _("Column mapping"),
}
"""Options of source formats, by the names in their manifests."""
OPTION_HELP: Final[Words] = {
    "page": _("Its name in addresses, or its number; only if it is a public page and not a person."),
    "platform": _("Only where the file does not tell it."),
    "public": _("Tick it only if you know it. Else what the file does not describe is taken as private."),
    "zone": _("Of times that name none, as in Asia/Baghdad. Else such times are left out."),
}
OPTION_FOR: Final = _in("option", "For")
SPLIT: Final[Words] = {
    "t0_logged": _("From the first post to our log"),
    "logged_verdict": _("From our log to the verdict"),
    "verdict_published": _("From the verdict to the answer"),
}
CAVEATS: Final[Words] = {
    "plain-picture": _("The picture has little structure: its fingerprint decides nothing."),
    "shared-layout": _("A near match is as plain as this one, perhaps only the same layout: a person must look."),
    "short-text": _("The text is short: only its exact key was compared."),
}
PROPOSALS: Final[Words] = {
    "hold": _in("proposal", "hold an item"),
    "release": _in("proposal", "release an item"),
    "expunge": _in("proposal", "expunge an item"),
    "public": _in("proposal", "an account is public"),
    "private": _in("proposal", "an account is a person’s"),
}
REASONS: Final[Words] = {
    "asked": _("A person whom it shows or names asked for it."),
    "harm": _("Keeping it endangers somebody."),
    "legal": _("A law or a court’s order demands it."),
    "mistake": _("It should never have been taken in."),
    "private": _("The account behind it turned out to be a private person’s."),
}
KEPT: Final[Words] = {
    "settled": _("Evidence of settled claims"),
    "posts": _("Ordinary posts"),
    "media": _("Pictures and other media files"),
    "raw": _("Raw records"),
    "rejects": _("Records that could not be read"),
    "locators": _("Sealed addresses of private persons"),
}
RULES: Final[Words] = {
    "*:page": _("A page speaks to the public in a name of its own, not a person’s."),
    "*:channel": _("A channel is published to whoever wants to read it."),
    "*:outlet": _("An outlet publishes under an editor’s responsibility."),
    "*:place": _("A place that is open to all is named; who speaks in it is a matter of their own."),
    "*:group": _("Who posts in a group is a person, even where the group is open to all."),
    "*:person": _("A person, however many follow them, until two circles find otherwise."),
    "*:bot": _("A person may stand behind it."),
    "*:account": _("The platform tells no kind: private until it is in the workspace’s list."),
    "*:unknown": _("Doubt protects."),
    "facebook:page": _("CrowdTangle and the Content Library list pages; a page is no profile."),
    "facebook:group": _("The group is named as a place; the members who post in it are not."),
    "facebook:own_page": _("A download that whoever imports it says is a public page’s own."),
    "facebook:profile": _("A profile is a person’s, in the Content Library too."),
    "instagram:listed_account": _("CrowdTangle listed public accounts above a size only."),
    "telegram:public_channel": _("Posts are the channel’s own; no sender is shown."),
    "telegram:public_supergroup": _("The group is named as a place; a member’s messages are a person’s."),
    "youtube:channel": _("Who publishes videos does so to all; who comments without any is a person."),
    "reddit:subreddit": _("A subreddit is open to all and named as a place; its members are not."),
    "web:outlet": _("A site that offers a feed publishes it; a person’s own page on a platform does not."),
    "web:site": _("A page of a site of its own, which names no account."),
    "web:personal_site": _("On these hosts an address names the person behind it."),
    "mastodon:account": _("A server tells no kind that can be relied upon: anybody can claim to be an outlet."),
    "bluesky:account": _("Bluesky tells no kind; a domain as a handle proves a domain, not an outlet."),
    "tiktok:account": _("A creator is a person, verified or not, until two circles find otherwise."),
    "threads:account": _("The Content Library tells no kind of Threads’ accounts."),
    "reddit:account": _("Who posts or comments is a person."),
    "x:account": _("X tells no kind: private until it is in the workspace’s list."),
}
RULE_KINDS: Final[Words] = {
    "page": _in("account", "page"),
    "channel": _in("account", "channel"),
    "outlet": _in("account", "outlet"),
    "group": _in("account", "group"),
    "person": _in("account", "person"),
    "bot": _in("account", "bot"),
    "unknown": _in("account", "unknown"),
    "account": _in("account", "account"),
    "public_channel": _in("account", "channel"),
    "public_supergroup": _in("account", "group"),
    "place": _in("account", "place where others post"),
    "own_page": _in("account", "page, from its own download"),
    "profile": _in("account", "profile"),
    "listed_account": _in("account", "account in CrowdTangle"),
    "subreddit": _in("account", "subreddit"),
    "site": _in("account", "site of its own"),
    "personal_site": _in("account", "person’s site on a shared host"),
}
TABLES: Final[dict[str, Words]] = {
    "account_kind": ACCOUNT_KINDS,
    "column": table_words.FIELDS,
    "column_count": table_words.COUNTS,
    "column_delimiter": table_words.DELIMITERS,
    "column_doubt": table_words.DOUBTS,
    "column_encoding": table_words.ENCODINGS,
    "column_reject": table_words.REJECTS,
    "column_thousands": table_words.THOUSANDS,
    "column_times": table_words.TIMES,
    "caveat": CAVEATS,
    "claim_type": CLAIM_TYPES,
    "code": CODES,
    "colour": COLOURS,
    "confidence": CONFIDENCE,
    "event": EVENTS,
    "file_state": FILE_STATES,
    "finding": FINDINGS,
    "found_by": FOUND_BY,
    "job": JOBS,
    "kept": KEPT,
    "language": LANGUAGES,
    "maker": MAKERS,
    "method": METHODS,
    "next": NEXT,
    "passed_over": reasons.PASSED_OVER,
    "option": OPTIONS,
    "platform": PLATFORMS,
    "proposal": PROPOSALS,
    "reason": REASONS,
    "rejected": reasons.REJECTED,
    "role": ROLES,
    "search_kind": SEARCH_KINDS,
    "rule": RULES,
    "rule_kind": RULE_KINDS,
    "split": SPLIT,
    "state": STATES,
    "status": STATUSES,
    "todo": TODO,
    "variant": VARIANTS,
    "verdict": VERDICTS,
}


def word(table: str, value: object) -> str:
    """The label of `value` in one of `TABLES`, or `value` itself.

    Raises:
        KeyError: there is no such table.
    """
    return str(TABLES[table].get(str(value), value))


def choices(table: str, values: list[str] | None = None) -> list[tuple[str, str]]:
    """(value, label) pairs for a form, in the table's order or that of `values`."""
    return [(value, word(table, value)) for value in (values or list(TABLES[table]))]
