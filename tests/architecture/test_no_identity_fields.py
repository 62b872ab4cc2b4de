"""No table of ours or of an app we install has a field for who somebody is, or for when they came or were here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

# Words of a field's name, split at underscores. `name` alone also means things (a file's, a topic's),
# and is refused all the same: there is always a better word.
WHO = {
    "name",
    "names",
    "firstname",
    "lastname",
    "surname",
    "fullname",
    "nickname",
    "username",
    "realname",
    "mail",
    "email",
    "phone",
    "tel",
    "telephone",
    "mobile",
    "msisdn",
    "whatsapp",
    "signal",
    "address",
    "street",
    "city",
    "town",
    "birth",
    "birthday",
    "gender",
    "sect",
    "religion",
    "ethnicity",
    "nationality",
    "passport",
    "photo",
    "avatar",
    "ip",
    "agent",
    "useragent",
    "location",
    "latitude",
    "longitude",
}
WHEN = re.compile(r"last_?(login|seen|active|used|visit)|(joined|registered|signed_?up|logged_?in|online)(_|$)")
KINDS = {"EmailField", "GenericIPAddressField", "IPAddressField", "ImageField", "FileField", "FilePathField"}
TIMES = {"DateTimeField", "TimeField", "DateField", "DurationField"}

# Times in tables about people, each with its reason. There is no other.
TIMES_OF_PEOPLE = {
    "people.UploadToken.expires_at": "the end of a token's life, a Monday, the same for all that were made in one week",
    "people.OneTimeCode.expires_at": "the end of a code's life, rounded up to a quarter of an hour; gone with its use",
}
# A time beside a member in any other room would be a diary; tables that refer to members have none finer than a day.
REFERS_TO_MEMBERS = re.compile(r"(^|_)(member|peer|actor|author|user)(_|$)")


@pytest.fixture
def models(django_workspace: Path) -> list[Any]:
    """Every model of every app that is installed; no table is touched."""
    from django.apps import apps

    return list(apps.get_models(include_auto_created=True))


def fields_of(model: Any) -> list[tuple[str, str, str]]:
    """(place, field name, kind) of a model's columns."""
    label = f"{model._meta.app_label}.{model.__name__}"
    return [(f"{label}.{field.name}", field.name, field.get_internal_type()) for field in model._meta.local_fields]


def violations(model: Any) -> list[str]:
    """Every field of a model that could hold who somebody is, or when they came or were here."""
    found = []
    columns = fields_of(model)
    about_people = model._meta.app_label == "people" or any(REFERS_TO_MEMBERS.search(name) for _p, name, _k in columns)
    for place, name, kind in columns:
        words = set(name.lower().split("_"))
        if words & WHO or WHEN.search(name.lower()) or kind in KINDS:
            found.append(place)
        elif kind in TIMES and about_people and place not in TIMES_OF_PEOPLE:
            if kind == "DateField" and model._meta.app_label != "people":
                continue
            found.append(place)
    return found


def test_no_installed_model_has_one(models: list[Any]) -> None:
    assert [place for model in models for place in violations(model)] == []


def test_the_exceptions_still_exist(models: list[Any]) -> None:
    places = {place for model in models for place, _name, _kind in fields_of(model)}
    assert set(TIMES_OF_PEOPLE) <= places


def test_every_room_with_tables_was_looked_at(models: list[Any]) -> None:
    assert {"people", "audit", "jobs"} <= {model._meta.app_label for model in models}


def test_no_table_of_sessions_or_users_is_installed(models: list[Any]) -> None:
    """Their rows say when somebody logged in, and until when."""
    assert not {"sessions", "auth", "admin"} & {model._meta.app_label for model in models}


PLANTED = {
    "display_name": "CharField",
    "e_mail": "CharField",
    "phone_number": "CharField",
    "last_login": "IntegerField",
    "last_seen_hour": "IntegerField",
    "joined_on": "IntegerField",
    "contact": "EmailField",
    "seen_from": "GenericIPAddressField",
    "picture": "ImageField",
    "made_at": "DateTimeField",
    "made_on": "DateField",
}


@pytest.mark.parametrize(("name", "kind"), PLANTED.items())
def test_each_planted_field_is_found(django_workspace: Path, name: str, kind: str) -> None:
    from django.db import models as django_models

    class Field:
        def __init__(self, name: str, kind: str) -> None:
            self.name, self._kind = name, kind

        def get_internal_type(self) -> str:
            return self._kind

    class Planted:
        class _meta:  # noqa: N801 - what Django calls it
            app_label = "people"
            local_fields = (Field("id", "BigAutoField"), Field(name, kind))

    assert hasattr(django_models, kind)
    assert violations(Planted) == [f"people.Planted.{name}"]
