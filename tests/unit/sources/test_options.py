"""Options of source formats: what the manifests declare, what can be told of a value before a file is read."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import InputError
from dalil.schema.mappings import OPTION, TableField, TableMapping, to_text
from dalil.sources import options
from dalil.sources.registry import importers


def test_every_parameter_of_a_manifest_is_an_option_but_for_mappings() -> None:
    found = {
        (importer.manifest.name, parameter.name)
        for importer in importers()
        for parameter in importer.manifest.parameters
        if parameter.name != OPTION
    }
    declared = options.declared()
    assert found == {(name, option.name) for option in declared.values() for name in option.formats}
    assert set(options.declared("telegram-desktop")) == {"zone"}
    assert options.declared("plain-table").keys() == {"zone"}
    assert all(text for option in declared.values() for text in option.helps.values())


def test_what_can_be_is_taken_and_what_is_empty_is_left_out() -> None:
    given = {"zone": " Asia/Baghdad ", "platform": "Twitter", "public": "yes", "page": "@dalya.today"}
    assert options.checked({**given, "page": " "}) == {"zone": "Asia/Baghdad", "platform": "Twitter", "public": "yes"}
    assert options.checked(given)["page"] == "@dalya.today"
    assert options.checked({}) == {}


@pytest.mark.parametrize(
    ("wrong", "source_format", "code"),
    [
        ({"zone": "Tel Nahr"}, None, "value-wrong"),
        ({"zone": "../../etc/passwd"}, None, "value-wrong"),
        ({"public": "true"}, None, "value-wrong"),
        ({"page": "https://x.example/a"}, None, "value-wrong"),
        ({"platform": "no such/thing"}, None, "value-wrong"),
        ({"zoen": "Asia/Baghdad"}, None, "option-unknown"),
        ({"zone": "Asia/Baghdad"}, "x-api-v2", "option-unknown"),
        ({}, "no-such-format", "value-wrong"),
        ({f"n{i}": "1" for i in range(40)}, None, "options-too-many"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, str], source_format: str | None, code: str) -> None:
    with pytest.raises(InputError) as raised:
        options.checked(wrong, source_format)
    assert raised.value.code == code
    assert raised.value.remedy


@given(st.dictionaries(st.sampled_from(["zone", "page", "platform", "public", "other"]), st.text(max_size=80)))
def test_whatever_is_typed_is_taken_or_refused_in_words(given_: dict[str, str]) -> None:
    taken = None
    with suppress(InputError):
        taken = options.checked(given_)
    assert taken in (None, {name: text for name, value in given_.items() if (text := value.strip())})


def test_an_import_tells_what_its_format_heeds() -> None:
    mapping = TableMapping(name="pages by hand", columns={"Text": TableField.TEXT}, platform="facebook")
    given = {"zone": "UTC", "page": "a", OPTION: to_text(mapping), "mapping_version": "3"}
    assert options.told(given, "plain-table") == {"zone": "UTC", "mapping": "pages by hand@3"}
    assert options.told(given, "facebook-download") == {"page": "a"}
    assert options.told(given, "x-api-v2") == {}
    assert options.told(given, "of-a-plug-in-that-left") == {}
