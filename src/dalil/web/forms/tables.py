"""The form of a column mapping: a choice for each column, and what holds for the whole table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec
from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dalil.schema.mappings import MOST_COLUMNS, TableMapping
from dalil.schema.table_looks import TableLook
from dalil.web import words
from dalil.web.forms.asking import Asking, choice_field, text_field
from dalil.web.forms.claims import PLACES

_SHOWN: Final = 3
KINDS: Final = ["page", "group", "channel", "outlet", "person"]
_SETTINGS: Final = ("platform", "account_kind", "times", "zone", "thousands", "delimiter", "encoding")


class TableForm(Asking):
    """A table to be looked at."""

    key = "table"
    heading = _("A table of posts")
    submit = _("Look at it")
    table = forms.FileField(
        label=_("Table"),
        widget=forms.FileInput({"accept": ".csv,.tsv,.txt,text/csv,text/tab-separated-values"}),
        help_text=_(
            "CSV or TSV, one post a row; a spreadsheet saves as CSV. Pictures that it names do not come along."
        ),
    )


class Column(NamedTuple):
    """One column: its header, some of its cells, and the choice for it."""

    header: str
    samples: list[str]
    field: BoundField


def _platforms() -> list[tuple[str, str]]:
    return [("", gettext("as a column or the address tells")), *words.choices("platform", [*PLACES, "other"])]


def _kinds() -> list[tuple[str, str]]:
    """The kinds in the order in which tables hold them."""
    return [("", gettext("as a column tells, else private")), *words.choices("account_kind", KINDS)]


class MappingForm(Asking):
    """What the columns mean. `header` are the columns as the table names them."""

    key = "map"
    heading = _("What the columns mean")
    submit = _("Save and import")
    name = text_field(
        _("Name of this mapping"),
        most=60,
        hint=_("What tables of this kind are called; nobody's name. Saved as a new version."),
    )
    platform = forms.ChoiceField(label=_("Platform of all rows"), choices=_platforms, required=False)
    account_kind = forms.ChoiceField(label=_("All accounts are"), choices=_kinds, required=False)
    times = choice_field(_("Times are written"), "column_times", required=False)
    zone = forms.CharField(
        label=_("Zone of times that name none"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"dir": "ltr", "placeholder": "Asia/Baghdad"}),
    )
    thousands = choice_field(_("Thousands in counts"), "column_thousands", required=False)
    delimiter = choice_field(_("Columns are separated by"), "column_delimiter", required=False)
    encoding = choice_field(_("Encoding"), "column_encoding", required=False)
    no_header = forms.BooleanField(
        label=_("The first row is a post already, not the names of the columns"), required=False
    )

    def __init__(self, *args: Any, header: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.header = header[:MOST_COLUMNS]
        options = [("", gettext("– leave it out –")), *words.choices("column")]
        for number, name in enumerate(self.header):
            self.fields[f"c{number}"] = forms.ChoiceField(
                label=name or f"#{number + 1}", choices=options, required=False
            )

    @classmethod
    def of(cls, look: TableLook) -> MappingForm:
        """The form filled in with the mapping of a look."""
        mapping = look.mapping
        initial: dict[str, Any] = {name: msgspec.to_builtins(getattr(mapping, name)) or "" for name in _SETTINGS}
        initial |= {"name": mapping.name, "no_header": not mapping.header}
        for number, name in enumerate(names_of(look.header)):
            field = mapping.columns.get(name) or mapping.columns.get(f"#{number + 1}")
            initial[f"c{number}"] = field.value if field else ""
        return cls(initial=initial, header=look.header)

    def mapping(self) -> TableMapping:
        """The mapping that was sent, as far as it is finished; `mappings.checked` says what it still lacks."""
        self.full_clean()
        given = self.cleaned_data
        chosen = {name: given.get(f"c{number}") for number, name in enumerate(names_of(self.header))}
        values: dict[str, Any] = {name: given[name] for name in _SETTINGS if given.get(name)}
        values["columns"] = {name: field for name, field in chosen.items() if field}
        values |= {"name": " ".join(given.get("name", "").split()), "header": not given.get("no_header")}
        return msgspec.convert(values, TableMapping)

    def columns(self, look: TableLook) -> Iterator[Column]:
        """Each column with some of its cells, for the page."""
        for number, name in enumerate(self.header):
            cells = [row[number] for row in look.rows if number < len(row) and row[number].strip()]
            yield Column(name or f"#{number + 1}", cells[:_SHOWN], self[f"c{number}"])

    def whole(self) -> list[BoundField]:
        """The fields that hold for the whole table, but for the rarely needed ones."""
        return [self[name] for name in ("platform", "account_kind", "times", "zone", "thousands")]

    def rare(self) -> list[BoundField]:
        """The fields that are rarely needed: the table itself mostly tells."""
        return [self[name] for name in ("delimiter", "encoding", "no_header")]


def names_of(header: tuple[str, ...]) -> list[str]:
    """The name of each column in a mapping: as written, or its number where it has none or another one has it too."""
    return [name if name.strip() and header.count(name) == 1 else f"#{number}" for number, name in enumerate(header, 1)]
