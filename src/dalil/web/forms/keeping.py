"""Forms about what is kept: propose something about an account or an item, and look for a name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dalil.web.forms.asking import Asking, choice_field
from dalil.web.forms.claims import PLACES

_CODE = {"dir": "ltr", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class AccountForm(Asking):
    """An account whose kind does not tell who it is."""

    key = "account"
    heading = _("Propose who is public")
    submit = _("Propose")
    kind = choice_field(_("What was found"), "proposal", ["public", "private"])
    platform = choice_field(_("Platform"), "platform", PLACES)
    handle = forms.CharField(
        label=_("Its handle, without @"), max_length=100, required=False, widget=forms.TextInput(_CODE)
    )
    native_id = forms.CharField(
        label=_("Its number or id, if you have it"), max_length=100, required=False, widget=forms.TextInput(_CODE)
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not (values.get("handle") or values.get("native_id")):
            self.add_error("handle", _("Give the handle or the id."))
        return values


class ItemForm(Asking):
    """An item that two circles should hold, release or expunge."""

    key = "item"
    heading = _("Propose what becomes of an item")
    submit = _("Propose")
    kind = choice_field(_("What should be done"), "proposal", ["hold", "release", "expunge"])
    item = forms.CharField(label=_("The item’s id, 64 signs"), max_length=64, widget=forms.TextInput(_CODE))
    reason = choice_field(
        _("Why, if it should be expunged"),
        "reason",
        ["asked", "harm", "legal", "mistake", "private"],
        blank=True,
        required=False,
    )


class NameForm(Asking):
    """A name to look for; it is sent once and kept nowhere."""

    key = "name"
    heading = _("Look for a name")
    submit = _("Look")
    name = forms.CharField(
        label=_("A handle or a name"),
        max_length=100,
        min_length=3,
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off", "spellcheck": "false"}),
    )
