"""How each figure is counted and how each method errs, in plain sentences, one page each.

The formulas and sources are in the documentation; here stands what a reader of the figure must know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Explained:
    """One page: what the figure says, how it is counted, what is left out, and how it can mislead."""

    title: Promise
    says: Promise
    counted: Promise
    left_out: Promise
    errs: Promise


PAGES: Final[dict[str, Explained]] = {
    "m3b": Explained(
        _("Time to a second account"),
        _(
            "How long claims of victory, withdrawal or capture stood as the only account of what happened, "
            "where they were seen."
        ),
        _(
            "All logged claims of these types whose first post lies in the last 28 days, each in each place it was "
            "seen (claim × cell), whatever the verdict. The clock runs from the earliest public post that we hold to "
            "the first report of another bloc with evidence of its own. Those still alone count for as long as they "
            "were watched (Kaplan–Meier); the figure is the median, with a 95% interval."
        ),
        _(
            "Reports of unknown makers prove no independence: they are left out and counted. Below ten claims no "
            "figure is given."
        ),
        _(
            "A claim that we logged late still counts from its first post. A report that we do not hold cannot stop "
            "the clock. Never compare it with last week’s: their 28 days overlap."
        ),
    ),
    "m3": Explained(
        _("Time unanswered"),
        _("How long claims that proved false stood without a qualified answer where they were seen."),
        _(
            "As for the second account, but only claims with the verdict false, and until the first qualified "
            "answer: public, in the same place, addressing the claim, with checkable evidence and a verdict signed "
            "by two; ours or any independent outlet’s. Shares still unanswered are given at 1, 6, 14, 24 and 48 hours."
        ),
        _(
            "Claims without a verdict are not in it; their number stands beside it, so that delay cannot improve "
            "the figure. Silences stay in as unanswered."
        ),
        _(
            "It is never the mean of the answered ones: that would leave out the worst. False rumours take about 14 "
            "hours to be debunked; a note at 48 hours does almost nothing; a good service answers within 60 minutes."
        ),
    ),
    "m1": Explained(
        _("One version only"),
        _("Of the claims that reached many, the share that had only one bloc’s version after 24 hours."),
        _(
            "Claims × cells whose 24-hour mark, after they crossed the threshold (seen in at least 3 sources of the "
            "panel), falls in the week. Counted are those without a report of another bloc with evidence of its own "
            "in the same place at that mark. The interval is 95%, across cells by cluster bootstrap, within one by "
            "Wilson’s method."
        ),
        _(
            "Counted only where the 24 hours were captured complete for at least 80% of the independent sources of "
            "the panel; the rest is unknown, and shown. Unknown makers are left out and counted."
        ),
        _(
            "It needs no view counts, and more accounts cannot inflate it. It speaks of this panel, never of what "
            "people see; and it says nothing of whether the one version was true."
        ),
    ),
    "m0": Explained(
        _("Log completeness"),
        _("How many of the claims that are out there had reached our log."),
        _(
            "Claims found in a blind random draw of panel posts, from sources read afresh, that were already in our "
            "log, divided by all claims found."
        ),
        _("Days on which a source was captured only in part, or not at all, are recorded as such."),
        _("Unless the lower end of the interval passes 80%, all other figures of the week carry the word partial."),
    ),
    "m11": Explained(
        _("Recognised without anyone looking"),
        _(
            "Of the pictures and clips received, the share resolved from our own memory, so that nobody had to open them."
        ),
        _(
            "Media received that match an item with a finding, by the same file or a picture fingerprint within its decided distance, divided by all media received."
        ),
        _("Matches that only propose, and wait for a person, are not counted."),
        _(
            "Crops, captions, borders and screenshots are not recognised yet: the true share of known pictures is higher."
        ),
    ),
    "pdq": Explained(
        _("Picture fingerprints"),
        _("Two pictures whose fingerprints differ in few of 256 bits are very likely the same picture."),
        _(
            "Each picture is reduced to 256 bits (PDQ); a picture that is looked up is also mirrored and turned, in "
            "eight ways. Up to 31 different bits decide that we hold it; 32 to 64 propose, and a person must look. "
            "Unrelated photos lay at least 72 bits apart in our tests."
        ),
        _(
            "Pictures with little structure, such as a plain page of text, have fingerprints of low quality and decide nothing."
        ),
        _(
            "It finds about 4 in 10 of realistic edits, and none of crops, captions, borders, screenshots, collages "
            "or photos of a screen. No match proves nothing."
        ),
    ),
    "texts": Explained(
        _("Text keys"),
        _("Two texts with the same key are the same but for editing: letters, marks, spaces, digits, links."),
        _(
            "Each text is reduced to a key without marks, stretched letters, look-alike letters, spaces, links and "
            "mentions. The same key decides. Shared phrases (MinHash) and similar wording propose, and a person must "
            "read both."
        ),
        _("Texts below about 25 letters are compared by the key alone."),
        _("A translation or a free retelling is not recognised. Short everyday phrases match by chance."),
    ),
    "search": Explained(
        _("Search"),
        _("Which posts of the archive hold some words, in one of their forms, in the words’ spelling of any keyboard."),
        _(
            "Texts are reduced to a search key: letter variants made one, marks, links and mentions left out; then to "
            "stems, by the language of the post (Arabic, English, Turkish; Sorani words stay whole). Posts that hold "
            "all words come first, then those with some of them, then such with a similar spelling. Best means: rare "
            "words count more, short posts more, and shared letters add."
        ),
        _(
            "Of very many finds only the newest are compared, and the answer says so. Pictures’ texts, names of "
            "private accounts and what was not brought in are not searched."
        ),
        _(
            "A stem joins words that only look related and parts some that are. A language told wrongly gives other "
            "stems. Nothing found proves nothing."
        ),
    ),
    "earliest": Explained(
        _("Earliest sighting"),
        _("Since when we hold an item, and since when it is said to exist."),
        _(
            "Our own earliest capture is the stronger date: it is in the chain of custody. The date that a platform "
            "claims is weaker and shown apart."
        ),
        _("Dates inside a picture’s file are a hint, and are not used."),
        _("An item that we do not hold may still be old: nothing found proves nothing."),
    ),
}
