"""The forms of a claim's page, one for each act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dalil.schema.words import ClaimType, ClaimVerdict, Confidence, MakerClass, MediaFindingKind
from dalil.web.forms.asking import Asking, choice_field, moment_field, sure_field, text_field

if TYPE_CHECKING:
    from dalil.web.forms.asking import Label

SPOKEN = ["ar", "ckb", "kmr-Arab", "kmr", "en"]
PLACES = ["facebook", "telegram", "x", "instagram", "tiktok", "youtube", "web"]
CELLS = 3


def _line(label: Label, most: int, **rest: Any) -> forms.CharField:
    """A field for an id or an address: always left to right."""
    return forms.CharField(label=label, max_length=most, widget=forms.TextInput({"dir": "ltr"}), **rest)


class ClaimForm(Asking):
    """A new claim, in under a minute."""

    key = "claim"
    heading = _("Log a claim")
    submit = _("Log it")
    sentence = text_field(
        _("The claim in one neutral sentence"),
        rows=2,
        most=280,
        hint=_("Say who says it: “The Column says it holds …”. Never as a fact, without names of private persons."),
    )
    sentence_lang = choice_field(_("Language of the sentence"), "language", SPOKEN)
    claim_type = choice_field(_("What it asserts"), "claim_type")
    maker_class = choice_field(
        _("Who makes it"), "maker", help_text=_("A class of channels and outlets, never a person.")
    )
    platform1 = choice_field(_("Seen on"), "platform", PLACES)
    language1 = choice_field(_("in"), "language", SPOKEN)
    platform2 = choice_field(_("also on"), "platform", PLACES, blank=True, required=False)
    language2 = choice_field(_("in"), "language", SPOKEN, blank=True, required=False)
    platform3 = choice_field(_("and on"), "platform", PLACES, blank=True, required=False)
    language3 = choice_field(_("in"), "language", SPOKEN, blank=True, required=False)
    suggestion = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    observation = _line(
        _("Item in the archive, if we hold one"),
        64,
        required=False,
        help_text=_("Its id starts the clock at the post’s own time; without one it starts now."),
    )

    def clean(self) -> dict[str, Any]:
        """Gather the cells as (platform, language) pairs, each once, in the order given."""
        values = super().clean() or {}
        pairs = [(values.get(f"platform{n}"), values.get(f"language{n}")) for n in range(1, CELLS + 1)]
        for n, (platform, language) in enumerate(pairs, 1):
            if bool(platform) != bool(language) and n > 1:
                self.add_error(f"language{n}" if platform else f"platform{n}", _("A place needs both."))
        values["cells"] = list(dict.fromkeys(pair for pair in pairs if all(pair)))
        if "claim_type" in values and "maker_class" in values:
            values["claim_type"] = ClaimType(values["claim_type"])
            values["maker_class"] = MakerClass(values["maker_class"])
        return values


class CheckForm(Asking):
    """Question, method, finding, evidence, confidence."""

    key = "check"
    heading = _("Add a check")
    submit = _("Add it")
    question = text_field(_("Question"), most=200)
    method = text_field(_("How it was looked at"), most=200)
    finding = text_field(_("Finding"), rows=2, most=500, required=False, hint=_("Leave it empty for an open question."))
    evidence = text_field(_("Evidence: item ids or addresses, one a line"), rows=2, most=2000, required=False)
    confidence = choice_field(_("How sure"), "confidence")

    def clean_evidence(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.cleaned_data["evidence"].splitlines() if line.strip())

    def clean_confidence(self) -> Confidence:
        return Confidence(self.cleaned_data["confidence"])


class FindingForm(Asking):
    """What was found about one picture or clip."""

    key = "finding"
    heading = _("Record what was found about a picture")
    submit = _("Record it")
    sha256 = _line(_("Picture (its hash)"), 64, min_length=64)
    finding = choice_field(_("Finding"), "finding")
    earliest_captured = moment_field(_("Earliest capture of ours"), required=False)
    earliest_claimed = moment_field(_("Earliest date that a platform claims"), required=False)
    note = text_field(_("Note"), rows=2, most=500, required=False)

    def clean_finding(self) -> MediaFindingKind:
        return MediaFindingKind(self.cleaned_data["finding"])


class ReportForm(Asking):
    """A post about the claim, coded."""

    key = "report"
    heading = _("Code a post about this claim")
    submit = _("Code it")
    observation_id = _line(_("Item in the archive"), 64)
    code = choice_field(_("What it does with the claim"), "code")
    own_evidence = forms.BooleanField(label=_("It adds evidence of its own"), required=False)
    qualified = forms.BooleanField(
        label=_("A qualified answer: public, in this place, with checkable evidence and a verdict signed by two"),
        required=False,
    )
    ours = forms.BooleanField(label=_("We posted it"), required=False)
    platform = choice_field(_("Seen on"), "platform", PLACES)
    language = choice_field(_("in"), "language", SPOKEN)
    maker_class = choice_field(_("Who makes it"), "maker")
    source_uid = _line(_("Public source (its id)"), 200, required=False)
    at = moment_field(_("Posted at"))
    views = forms.IntegerField(label=_("Views, if known"), min_value=0, required=False)


class VoteForm(Asking):
    """One circle's vote."""

    key = "vote"
    heading = _("Vote")
    submit = _("Seal the vote")
    vote = choice_field(_("The claim is"), "verdict", ["false", "unproven", "true"], widget=forms.RadioSelect)
    reason = text_field(_("Reason, from the checks above"), rows=3, most=1000)
    sure = sure_field(
        _("I read the checks. The vote is sealed until another circle’s is in, and cannot be taken back.")
    )

    def clean_vote(self) -> ClaimVerdict:
        return ClaimVerdict(self.cleaned_data["vote"])


class ReopenForm(Asking):
    """A settled claim goes back to checking."""

    key = "reopen"
    heading = _("Reopen")
    submit = _("Reopen the claim")
    reason = text_field(_("What has come up"), rows=2, most=500)
    sure = sure_field(_("The verdict no longer stands, and everyone who used it is told."))


class AnswerForm(Asking):
    """A draft of an answer."""

    key = "answer"
    heading = _("Write an answer")
    submit = _("Keep the draft")
    text = text_field(
        _("Answer"),
        rows=4,
        most=2000,
        hint=_("The fact first. Say only what is proven; do not repeat the claim’s picture or slogan."),
    )
    language = choice_field(_("Language"), "language", SPOKEN)
    platform = choice_field(_("For"), "platform", PLACES)


class PostedForm(Asking):
    """A person has posted the answer."""

    key = "posted"
    heading = _("Record where it was posted")
    submit = _("Record it")
    answer_id = forms.CharField(max_length=64, widget=forms.HiddenInput)
    url = forms.URLField(label=_("Address of the post"), assume_scheme="https", widget=forms.URLInput({"dir": "ltr"}))
    posted_at = moment_field(_("Posted at"))
    sure = sure_field(_("A person posted it, and it stands there in public. The record cannot be taken back."))


class SilenceForm(Asking):
    """A decision not to answer."""

    key = "silence"
    heading = _("Stay silent, look again")
    submit = _("Stay silent until then")
    reason = text_field(_("Why"), rows=2, most=300)
    reach = forms.IntegerField(label=_("Reach now (views), if known"), min_value=0, required=False)
    review_at = moment_field(_("Look again at"))
    sure = sure_field(_("The clock goes on: silence counts as unanswered in the week’s figures."))
