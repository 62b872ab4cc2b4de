"""What all forms share: read a request or refuse it, with the form shown again as it was filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dalil.errors import InputError
from dalil.web import words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Label = str | _StrPromise


class FormRefused(InputError):
    """A form that is incomplete or wrong; `form` still holds what was typed."""

    def __init__(self, form: Asking) -> None:
        super().__init__("form-wrong")
        self.form = form


class Asking(forms.Form):
    """A form of ours. `key` keeps the ids of two forms on one page apart; `heading` and `submit`
    stand on the page that shows a refused form again; `action` is where it is sent."""

    key: ClassVar[str] = "form"
    heading: ClassVar[Label] = ""
    submit: ClassVar[Label] = _("Save")
    action: str = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs = {"auto_id": f"{self.key}-%s", "label_suffix": "", **kwargs}
        super().__init__(*args, **kwargs)

    @classmethod
    def read(cls, request: HttpRequest, **options: Any) -> dict[str, Any]:
        """The checked values of a posted form.

        Args:
            options: what the form's constructor is given besides.
        Raises:
            FormRefused: something is missing or wrong.
        """
        form = cls(request.POST, request.FILES, **options)
        form.action = request.path
        if not form.is_valid():
            raise FormRefused(form)
        return form.cleaned_data

    def sent_to(self, address: str) -> Self:
        """The same form with its address."""
        self.action = address
        return self


def text_field(label: Label, *, rows: int = 0, most: int = 500, hint: Label = "", **rest: Any) -> forms.CharField:
    """A field for what people write, in whichever direction they write it."""
    attrs = {"dir": "auto"} | ({"rows": str(rows)} if rows else {})
    widget: forms.Widget = forms.Textarea(attrs) if rows else forms.TextInput(attrs)
    return forms.CharField(label=label, max_length=most, help_text=hint, widget=widget, **rest)


def choice_field(
    label: Label, table: str, values: list[str] | None = None, *, blank: bool = False, **rest: Any
) -> forms.ChoiceField:
    """A choice among words of one vocabulary, in the reader's language at the time of asking."""

    def options() -> list[tuple[str, str]]:
        return ([("", "–")] if blank else []) + words.choices(table, values)

    return forms.ChoiceField(label=label, choices=options, **rest)


def moment_field(label: Label, **rest: Any) -> forms.DateTimeField:
    """A time in the workspace's zone, which the middleware has made the current one."""
    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(
        label=label, widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **rest
    )


def sure_field(label: Label) -> forms.BooleanField:
    """The one question before what cannot be taken back."""
    return forms.BooleanField(label=label)
