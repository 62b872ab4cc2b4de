"""Forms of the door and the circle: codes, pseudonyms, passphrases. None asks who anyone is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dalil.web.forms.asking import Asking, choice_field

if TYPE_CHECKING:
    from dalil.web.forms.asking import Label

SHORTEST = 12


def _code(label: Label, **rest: Any) -> forms.CharField:
    attrs = {"dir": "ltr", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(label=label, max_length=80, widget=forms.TextInput(attrs), **rest)


def _passphrase(label: Label, *, new: bool = False, **rest: Any) -> forms.CharField:
    attrs = {"dir": "auto", "autocomplete": "off"}
    return forms.CharField(
        label=label,
        max_length=200,
        min_length=SHORTEST if new else None,
        strip=False,
        widget=forms.PasswordInput(attrs),
        **rest,
    )


class CodeForm(Asking):
    """A one-time login."""

    key = "code"
    heading = _("One-time code")
    submit = _("Enter")
    code = _code(_("One-time code"))


class LoginForm(Asking):
    """Pseudonym and passphrase."""

    key = "login"
    heading = _("Pseudonym and passphrase")
    submit = _("Enter")
    pseudonym = _code(_("Pseudonym"))
    passphrase = _passphrase(_("Passphrase"))
    totp = _code(_("Six digits, if your door asks for them"), required=False)


class RecoverForm(Asking):
    """A recovery code and a new passphrase."""

    key = "recover"
    heading = _("Lost passphrase")
    submit = _("Set the passphrase")
    pseudonym = _code(_("Pseudonym"))
    code = _code(_("Recovery code"))
    passphrase = _passphrase(_("New passphrase"), new=True, help_text=_("At least 12 characters: four or five words."))


class JoinForm(Asking):
    """An invitation."""

    key = "join"
    heading = _("Join a circle")
    submit = _("Join")
    code = _code(_("Invitation code"))
    passphrase = _passphrase(_("Passphrase"), new=True, help_text=_("At least 12 characters: four or five words."))
    again = _passphrase(_("Passphrase again"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("passphrase") and values.get("again") and values["passphrase"] != values["again"]:
            self.add_error("again", _("The two are not the same."))
        return values


class InviteForm(Asking):
    """What the newcomer will do."""

    key = "invite"
    heading = _("Invite")
    submit = _("Make a code")
    role = choice_field(_("As"), "role")


class TotpForm(Asking):
    """Proof that the authenticator has the secret."""

    key = "totp"
    heading = _("Second step")
    submit = _("Turn it on")
    code = _code(_("Six digits from the authenticator"))
