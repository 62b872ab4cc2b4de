"""Findings as others read them: the contract's names, and figures that never say more than is known."""

from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given
from unit.schema.strategies import of, tries

from dalil.schema.results import Campaign, Finding, Interval, Match, Rate, Share, Survival, SurvivalPoint, WeekResult

NONE_YET = Rate(numerator=0, n=0, value=None, interval=Interval(None, None), unknown=4, left_out=2)
UNREACHED = Survival(n=3, events=0, median_hours=None, median=Interval(None, None), curve=(), marks=())


def test_a_share_has_the_columns_that_other_tools_write() -> None:
    """The tables of CooRTweet, and what `dalil coordinate` reads without a workspace; order is free, names are not."""
    row = dict(
        zip(("timestamp_share", "content_id", "account_id", "object_id"), (1747480800, "c", "a", "o"), strict=True)
    )
    assert msgspec.convert(row, Share) == Share("o", "a", "c", 1747480800)
    with pytest.raises(msgspec.ValidationError, match="timestamp_share"):
        msgspec.convert(row | {"timestamp_share": "2026-05-17T11:20:00Z"}, Share)


@given(of(Match))
@tries(30)
def test_a_match_says_all_that_the_command_promises(match: Match) -> None:
    """The shape of `dalil seen --json`; verdict and answer come from the desk, and are not the match's to say."""
    promised = {"observation_id", "media_sha256", "method", "score", "decides", "captured_at", "claimed_at", "source"}
    shown = msgspec.to_builtins(match)
    assert promised <= shown.keys()
    assert shown.keys().isdisjoint({"verdict", "answer"})


def test_no_figure_is_not_a_figure_of_zero() -> None:
    """A rate below n = 10 and a median that was not reached are null for every reader, with what stands beside them."""
    shown = msgspec.json.decode(msgspec.json.encode((NONE_YET, UNREACHED)))
    assert [shown[0][name] for name in ("value", "n", "unknown", "left_out")] == [None, 0, 4, 2]
    assert shown[0]["interval"] == {"low": None, "high": None}
    assert (shown[1]["median_hours"], shown[1]["n"], shown[1]["marks"]) == (None, 3, [])
    zero = msgspec.structs.replace(NONE_YET, value=0.0, n=12)
    assert msgspec.json.decode(msgspec.json.encode(zero), type=Rate).value == 0.0
    assert zero != msgspec.structs.replace(zero, value=None)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_json_has_not_does_not_come_back_as_a_figure(value: float) -> None:
    """It is written as null: where a figure must be, reading fails; where it may be unknown, it is unknown."""
    rate = msgspec.json.encode(msgspec.structs.replace(NONE_YET, value=value))
    assert msgspec.json.decode(rate, type=Rate).value is None
    point = msgspec.json.encode(SurvivalPoint(1.0, value, 0.0, 1.0))
    with pytest.raises(msgspec.ValidationError, match="share"):
        msgspec.json.decode(point, type=SurvivalPoint)


@pytest.mark.parametrize("struct", [Finding, WeekResult])
def test_every_result_carries_its_zone_and_its_day(struct: type[msgspec.Struct]) -> None:
    required = {field.name for field in msgspec.structs.fields(struct) if field.required}
    assert {"zone", "as_of"} <= required


def test_a_run_is_not_kept_as_a_list_of_accounts() -> None:
    """A campaign counts its accounts, and has room for the names of public ones and of what it pushed only."""
    kinds = {field.name: field.type for field in msgspec.structs.fields(Campaign)}
    assert (kinds["accounts"], kinds["private_accounts"]) == (int, int)
    lists = {name for name, kind in kinds.items() if kind == tuple[str, ...]}
    assert lists == {"public_accounts", "objects"}
