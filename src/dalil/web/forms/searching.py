"""The form of *Search*: words and filters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dalil.actions.searching import TEXT_LIMIT, Asked, end_of, start_of
from dalil.web.forms.asking import Asking, choice_field, text_field

LANGUAGES = ["ar", "ckb", "kmr-Arab", "kmr", "en", "fa", "tr", "az", "tk", "unknown"]
SHOWN = 100
"""Posts that one answer holds; narrower words or times show others."""


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class SearchForm(Asking):
    """What to look for, where and when."""

    key = "search"
    heading = _("Search")
    submit = _("Search")
    text = text_field(
        _("Words"),
        most=TEXT_LIMIT,
        required=False,
        hint=_("A word is found in its other forms too. “In a row” in quotation marks; beginning* ; -without."),
    )
    since = _day_field(_("From"))
    until = _day_field(_("To"))
    platform = choice_field(_("Platform"), "platform", blank=True, required=False)
    language = choice_field(_("Language"), "language", LANGUAGES, blank=True, required=False)
    kind = choice_field(_("Kind"), "search_kind", blank=True, required=False)
    source = text_field(_("Public page or channel"), most=100, required=False, hint=_("Part of its name is enough."))
    newest = forms.BooleanField(label=_("Newest first"), required=False)

    def clean(self) -> dict[str, Any]:
        """A span has its end after its beginning."""
        values = super().clean() or {}
        if values.get("since") and values.get("until") and values["until"] < values["since"]:
            self.add_error("until", _("This day is before the first."))
        return values


def asked(values: dict[str, Any], zone: str) -> Asked:
    """The checked form as a search; its days are days of the workspace's zone."""

    def one(name: str) -> tuple[str, ...]:
        return (values[name],) if values[name] else ()

    return Asked(
        # Quotation marks as phones and Arabic keyboards write them.
        text=values["text"].translate(str.maketrans("“”„«»", '"""""')),
        since=start_of(values["since"], zone) if values["since"] else None,
        until=end_of(values["until"], zone) if values["until"] else None,
        platforms=one("platform"),
        languages=one("language"),
        kinds=one("kind"),
        sources=one("source"),
        newest=values["newest"],
        limit=SHOWN,
    )
