"""Forms that bring things in: a text or picture to look up, files to import, a capture by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dalil.errors import MESSAGES, InputError
from dalil.errors import render as fill
from dalil.sources.options import checked
from dalil.web.forms.asking import Asking, choice_field, moment_field, text_field
from dalil.web.forms.claims import PLACES
from dalil.web.forms.options import option_field
from dalil.web.rows import OptionRow


class TextForm(Asking):
    """A text that may have been seen."""

    key = "text"
    heading = _("Look up a text")
    submit = _("Look")
    text = text_field(_("Text of a post"), rows=3, most=10_000)


class PictureForm(Asking):
    """A picture that may have been seen."""

    key = "picture"
    heading = _("Look up a picture")
    submit = _("Look")
    picture = forms.FileField(
        label=_("Photo or picture"), widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp,image/gif"})
    )


class _ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files in one field."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = data if isinstance(data, list) and data else [data or None]
        cleaned = [super(_FilesField, self).clean(one, initial) for one in files]
        return [one for one in cleaned if one]


class UploadForm(Asking):
    """Files of platforms or tools. `formats` are the names that can be chosen, `options` what may be said of them."""

    key = "upload"
    heading = _("Bring files in")
    submit = _("Import")
    uploads = _FilesField(label=_("Files"), widget=_ManyFiles())
    format = forms.ChoiceField(
        label=_("Format"), required=False, help_text=_("Mostly recognised; name it only where it is not.")
    )

    def __init__(self, *args: Any, formats: list[str], options: Sequence[OptionRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"] = forms.ChoiceField(
            label=self.fields["format"].label,
            required=False,
            help_text=self.fields["format"].help_text,
            choices=[("", gettext("Recognise it")), *((name, name) for name in formats)],
        )
        self._options = [row.name for row in options]
        for row in options:
            self.fields[row.name] = option_field(row)

    def clean(self) -> dict[str, Any]:
        """The options hold together with the format; what is wrong stands at its field."""
        values = super().clean() or {}
        try:
            values["options"] = checked(
                {name: _plain(values.get(name)) for name in self._options}, values.get("format") or None
            )
        except InputError as error:
            name = str(error.facts.get("name", ""))
            message = MESSAGES[error.code]
            said = f"{fill(gettext(message.text), error.facts)} {fill(gettext(message.remedy), error.facts)}"
            self.add_error(name if name in self.fields else None, said)
        return values

    def main(self) -> list[BoundField]:
        """What everybody fills in."""
        return [self["uploads"]]

    def more(self) -> list[BoundField]:
        """What may be said besides, and rarely need be."""
        return [self[name] for name in ("format", *self._options)]

    @property
    def is_filled(self) -> bool:
        """Whether something is said besides already."""
        return any(self.initial.get(name) for name in ("format", *self._options))


def _plain(value: Any) -> str:
    return ("yes" if value else "") if isinstance(value, bool) else str(value or "").strip()


class CaptureForm(Asking):
    """What a person saw, written down by hand: the source that never closes."""

    key = "capture"
    heading = _("Capture by hand")
    submit = _("Keep it")
    screenshots = _FilesField(
        label=_("Screenshots of this one post"), required=False, widget=_ManyFiles({"accept": "image/*"})
    )
    platform = choice_field(_("Where"), "platform", [*PLACES, "other"])
    address = forms.URLField(
        label=_("Address of the post"),
        required=False,
        max_length=2000,
        assume_scheme="https",
        widget=forms.URLInput({"dir": "ltr"}),
    )
    text = text_field(_("Text, as it stands there"), rows=4, most=20_000, required=False)
    page_name = text_field(_("Name of the page or account"), most=200, required=False)
    account_kind = choice_field(
        _("It is"),
        "account_kind",
        help_text=_("A private person’s name and address are not kept: only a keyed hash of them is."),
    )
    seen_at = moment_field(_("Seen at"))

    def clean(self) -> dict[str, Any]:
        """Something must be there to keep."""
        values = super().clean() or {}
        if not values.get("screenshots") and not values.get("text"):
            raise forms.ValidationError(_("A capture needs a screenshot or a text."))
        return values
