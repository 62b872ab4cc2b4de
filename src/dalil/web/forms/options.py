"""The fields for what may be said of a file besides its format: one for each option that some format has.

Nothing of it must be filled in. An option of a plug-in that no page knows is shown in the plug-in's own words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from django import forms
from django.utils.text import format_lazy

from dalil.web import words
from dalil.web.rows import OptionRow

if TYPE_CHECKING:
    from dalil.web.forms.asking import Label

_CODE: Final = {"dir": "ltr", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
ZONES: Final = (
    *("Asia/Baghdad", "Asia/Damascus", "Europe/Istanbul", "Asia/Tehran", "Asia/Beirut", "Asia/Amman", "Asia/Riyadh"),
    *("Africa/Cairo", "Europe/London", "Europe/Berlin", "Europe/Stockholm", "America/New_York", "UTC"),
)
"""Zones that are offered; any other can be written."""


def option_field(row: OptionRow) -> forms.Field:
    """The field of one option; for which formats it is stands in its help."""
    said = words.OPTION_HELP.get(row.name, row.help)
    help_text = format_lazy("{} {}: {}", said, words.OPTION_FOR, ", ".join(row.formats))
    label = cast("Label", words.OPTIONS.get(row.name, row.name))
    match row.name:
        case "zone":
            zone = forms.TextInput({**_CODE, "list": "zones", "placeholder": ZONES[0]})
            return forms.CharField(label=label, help_text=help_text, required=False, max_length=60, widget=zone)
        case "platform":
            return forms.ChoiceField(label=label, help_text=help_text, required=False, choices=_platforms)
        case "public":
            return forms.BooleanField(label=label, help_text=help_text, required=False)
    widget = forms.TextInput(_CODE)
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=200, widget=widget)


def _platforms() -> list[tuple[str, str]]:
    return [("", "–"), *words.choices("platform")]
