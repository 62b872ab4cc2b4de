"""Bodies are read strictly, and what names sources or posts never travels."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.desk import events
from dalil.errors import DalilError, InputError
from dalil.schema.casework import Cell, Report
from dalil.schema.words import ClaimType, MakerClass, ReportCode

LOGGED = events.ClaimLogged(
    sentence="The Grey Column says it holds the bridge.",
    sentence_lang="en",
    claim_type=ClaimType.VICTORY,
    maker_class=MakerClass.GROUP,
)


def test_each_kind_either_travels_or_stays():
    kinds = {str(body.__struct_config__.tag) for body in get_args(events.AnyBody)}
    assert kinds == events.TRAVELS | events.STAYS_HOME
    assert not events.TRAVELS & events.STAYS_HOME


def test_no_travelling_body_can_name_a_person_a_source_or_a_post():
    allowed = {"holder", "member", "to_circle"}  # tokens that hold for one claim, and a circle's fingerprint
    for body in get_args(events.AnyBody):
        if str(body.__struct_config__.tag) in events.TRAVELS:
            names = set(body.__struct_fields__) - allowed
            assert not {n for n in names if "uid" in n or "observation" in n or "source" in n or "account" in n}
            assert not {n for n in names if "member" in n or "pseudonym" in n or "locator" in n or "raw" in n}


def test_bodies_come_back_as_they_were():
    assert events.decode(events.encode(LOGGED)) == LOGGED
    assert events.encode(LOGGED) == events.encode(events.decode(events.encode(LOGGED)))
    assert events.kind_of(LOGGED) == "claim_logged"


@pytest.mark.parametrize(
    "change",
    [
        {"sentence": ""},
        {"sentence": "x" * 501},
        {"sentence": "hidden\x00text"},
        {"sentence": "bell\x07"},
        {"sentence_lang": "<b>"},
    ],
)
def test_values_out_of_bounds_are_refused_by_field_without_content(change):
    with pytest.raises(InputError) as caught:
        events.encode(msgspec.structs.replace(LOGGED, **change))
    assert caught.value.code == "desk-value"
    assert caught.value.facts["name"] == next(iter(change))
    assert "x" * 10 not in str(caught.value)


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_garbage_raises_nothing_but_input_errors(data):
    with pytest.raises(DalilError):
        events.decode(data)


def test_unknown_fields_and_kinds_do_not_ride_along():
    data = msgspec.json.decode(events.encode(LOGGED))
    for change in ({"phone": "1"}, {"kind": "member_named"}):
        with pytest.raises(InputError):
            events.decode(msgspec.json.encode(data | change))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://a b", "ftp://x", "//x"])
def test_a_posted_address_is_http(url):
    body = events.AnswerPosted(answer_id="a" * 32, url=url, posted_at=msgspec.UNSET)  # type: ignore[arg-type]
    with pytest.raises(InputError):
        events.encode(body)


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        (Cell("Telegram!", "ar", "sahlara"), "cells.platform"),
        (Cell("telegram", "", "sahlara"), "cells.language"),
        (Cell("telegram", "ar", "x" * 81), "cells.region"),
        (Cell("telegram", "ar", "a\x00b"), "cells.region"),
    ],
)
def test_cells_are_bounded_in_claims_and_reports(cell, name):
    report = Report(
        claim_id="",
        cell=cell,
        observation_id="a" * 64,
        source_uid="telegram:a",
        maker_class=MakerClass.GROUP,
        at=datetime(2026, 5, 17, tzinfo=UTC),
        code=ReportCode.CARRIES,
    )
    for body in (msgspec.structs.replace(LOGGED, cells=(cell,)), events.ReportsCoded(reports=(report,))):
        with pytest.raises(InputError) as caught:
            events.encode(body)
        assert caught.value.facts == {"name": name}


@pytest.mark.parametrize(
    "change",
    [{"at": datetime(2026, 5, 17)}, {"observation_id": ""}, {"observation_id": "a" * 65}, {"source_uid": "x" * 201}],  # noqa: DTZ001 - a naive time is what is refused
)
def test_reports_are_bounded(change):
    values = {
        "claim_id": "",
        "cell": Cell("telegram", "ar", "sahlara"),
        "observation_id": "a" * 64,
        "source_uid": "telegram:a",
        "maker_class": MakerClass.GROUP,
        "at": datetime(2026, 5, 17, tzinfo=UTC),
        "code": ReportCode.CARRIES,
    }
    events.encode(events.ReportsCoded(reports=(Report(**values),)))
    with pytest.raises(InputError) as caught:
        events.encode(events.ReportsCoded(reports=(Report(**{**values, **change}),)))
    assert str(caught.value.facts["name"]).replace("[0]", "") == f"reports.{next(iter(change))}"


def test_naive_times_are_refused():
    naive = datetime(2026, 5, 17)  # noqa: DTZ001 - a naive time is what is refused
    for body in (
        msgspec.structs.replace(LOGGED, t0=naive),
        events.SilenceKept(reason="", reach=None, review_at=naive),
        events.AnswerPosted(answer_id="a" * 32, url="https://example.org/1", posted_at=naive),
    ):
        with pytest.raises(InputError):
            events.encode(body)


def test_deep_nesting_is_refused_not_followed():
    with pytest.raises(InputError):
        events.decode(b'{"kind":"claim_logged","cells":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
