"""All records: frozen, comparable, the same after JSON and msgpack, and strict about what they read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import inspect
from unit.schema.strategies import STRUCTS, of, tries

from dalil.schema.casework import Report
from dalil.schema.chunks import ChildOrder
from dalil.schema.records import Account, Edge, Media, Metric, Observation, Post
from dalil.schema.results import Finding, Match, Method, Rate, WeekResult
from dalil.schema.words import TimeBasis

HOLDS_A_TABLE = {
    *("ChildOrder", "ChunkHead", "End", "Failed", "Method", "Finding", "PanelVersion", "RereadOrder", "WeekResult")
}
"""They hold a dict, so they cannot be keys or members of a set; all others can."""
CODECS: dict[str, tuple[Callable[[Any], bytes], Any]] = {
    "json": (msgspec.json.Encoder(order="deterministic").encode, msgspec.json.decode),
    "msgpack": (msgspec.msgpack.Encoder(order="deterministic").encode, msgspec.msgpack.decode),
}
each_struct = pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)


def required(struct: type[msgspec.Struct]) -> list[str]:
    return [field.name for field in msgspec.structs.fields(struct) if field.required]


def fields_of_kind(struct: type[msgspec.Struct], kind: type, *, or_none: bool = False) -> list[str]:
    known = inspect.type_info(struct)
    assert isinstance(known, inspect.StructType)
    found = []
    for field in known.fields:
        kinds = field.type.types if or_none and isinstance(field.type, inspect.UnionType) else (field.type,)
        found += [field.name] if any(isinstance(one, kind) for one in kinds) else []
    return found


@each_struct
@given(data=st.data())
@tries(3)
def test_no_field_can_be_set_after_it_was_made(struct: type[msgspec.Struct], data: st.DataObject) -> None:
    value = data.draw(of(struct))
    for field in msgspec.structs.fields(struct):
        with pytest.raises(AttributeError, match="immutable"):
            setattr(value, field.name, getattr(value, field.name))


@each_struct
@given(data=st.data())
@tries(10)
def test_equal_records_are_one_key(struct: type[msgspec.Struct], data: st.DataObject) -> None:
    value = data.draw(of(struct))
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(value), type=struct)
    if struct.__name__ in HOLDS_A_TABLE:
        with pytest.raises(TypeError, match="unhashable"):
            hash(value)
    else:
        assert len({value, again}) == 1


@pytest.mark.parametrize("codec", CODECS)
@each_struct
@given(data=st.data())
@tries(15)
def test_what_is_written_is_read_back_the_same(struct: type[msgspec.Struct], codec: str, data: st.DataObject) -> None:
    """Equal, and the same bytes again: `==` alone would take 1 for True and for 1.0."""
    encode, decode = CODECS[codec]
    value = data.draw(of(struct))
    written = encode(value)
    read = decode(written, type=struct)
    assert read == value
    assert encode(read) == written


@each_struct
@given(data=st.data())
@tries(3)
def test_a_field_that_a_later_version_adds_is_no_obstacle(struct: type[msgspec.Struct], data: st.DataObject) -> None:
    """Saved findings and panels outlive the code; what must be strict (the desk's events) says so itself."""
    value = data.draw(of(struct))
    later = msgspec.json.decode(msgspec.json.encode(value)) | {"added_later": {"deep": [1]}}
    assert msgspec.json.decode(msgspec.json.encode(later), type=struct) == value


@each_struct
@given(data=st.data())
@tries(3)
def test_a_required_field_may_not_be_missing_and_is_named(struct: type[msgspec.Struct], data: st.DataObject) -> None:
    whole = msgspec.to_builtins(data.draw(of(struct)))
    for name in required(struct):
        with pytest.raises(msgspec.ValidationError, match=name):
            msgspec.convert({key: value for key, value in whole.items() if key != name}, type=struct)


@each_struct
@given(data=st.data())
@tries(3)
def test_what_has_a_default_may_be_missing(struct: type[msgspec.Struct], data: st.DataObject) -> None:
    """A record of the day before a field existed is read with what the field means when nothing is known."""
    whole = msgspec.to_builtins(data.draw(of(struct)))
    tag = {struct.__struct_config__.tag_field: struct.__struct_config__.tag} if struct.__struct_config__.tag else {}
    least = msgspec.convert({name: whole[name] for name in required(struct)} | tag, type=struct)
    assert msgspec.json.decode(msgspec.json.encode(least), type=struct) == least


@each_struct
@given(data=st.data())
@tries(3)
def test_text_is_text_and_a_number_is_a_number(struct: type[msgspec.Struct], data: st.DataObject) -> None:
    """Law 1: an id that arrives as a number has been through a float or may have been; it is never taken."""
    whole = msgspec.to_builtins(data.draw(of(struct)))
    wrong = [(inspect.StrType, 7), (inspect.IntType, "7"), (inspect.IntType, 7.5), (inspect.IntType, True)]
    for kind, value in [*wrong, (inspect.StrType, None), (inspect.BoolType, 1), (inspect.EnumType, "no-such-word")]:
        for name in fields_of_kind(struct, kind):
            with pytest.raises(msgspec.ValidationError, match=name):
                msgspec.convert(whole | {name: value}, type=struct)


@each_struct
@given(data=st.data())
@tries(3)
def test_a_time_without_a_zone_is_none(struct: type[msgspec.Struct], data: st.DataObject) -> None:
    whole = msgspec.json.decode(msgspec.json.encode(data.draw(of(struct))))
    for name in fields_of_kind(struct, inspect.DateTimeType, or_none=True):
        with pytest.raises(msgspec.ValidationError, match="timezone"):
            msgspec.json.decode(msgspec.json.encode(whole | {name: "2026-05-17T14:20:00"}), type=struct)


@pytest.mark.parametrize(
    ("struct", "ids"),
    [
        (Post, "uid native_id author_ref container_ref thread_root group_id"),
        (Account, "uid native_id"),
        (Edge, "src_uid dst_uid dst_hint"),
        (Media, "sha256"),
        (Observation, "obs_id uid version collected_by"),
        (Report, "claim_id observation_id source_uid"),
        (Match, "observation_id media_sha256"),
        (Finding, "finding_id manifest_head"),
    ],
)
def test_every_id_is_text(struct: type[msgspec.Struct], ids: str) -> None:
    for name in ids.split():
        kind = next(field.type for field in msgspec.structs.fields(struct) if field.name == name)
        assert kind in (str, str | None), name


@pytest.mark.parametrize("value", [True, 1, 1.0, "1", False, 0, 0.0, ""])
@pytest.mark.parametrize("codec", CODECS)
def test_a_parameter_keeps_its_kind(codec: str, value: str | int | float | bool) -> None:
    """A run is repeated with what was saved, and 1, 1.0, true and "1" are four settings."""
    encode, decode = CODECS[codec]
    found = decode(encode(Method("m", "1", {"at": value})), type=Method).parameters["at"]
    assert (found, type(found)) == (value, type(value))


def test_unknown_is_not_zero_in_any_figure() -> None:
    """Fields for a figure that may be unknown take None, and have no zero to fall back to."""
    for struct, name in ((Metric, "value"), (Rate, "value"), (Report, "views"), (Match, "distance")):
        field = next(field for field in msgspec.structs.fields(struct) if field.name == name)
        assert type(None) in getattr(field.type, "__args__", ()), name
        assert field.required or field.default is None, name


def test_the_weeks_figures_are_all_there_or_the_week_is_not_read() -> None:
    """A measure that was not computed must not look like one that has nothing to show."""
    measures = {"m0", "m1", "m1_by_platform", "m1_by_maker", "m1_without_ours", "m3b", "m3", "m11", "partial"}
    assert measures | {"zone", "as_of", "panel_sources", "missing_sources"} <= set(required(WeekResult))


def test_the_orders_keys_are_shown_nowhere() -> None:
    identity, pseudonym = bytes(range(32)), bytes(range(32, 64))
    order = ChildOrder(
        path="/somewhere/file",
        format=None,
        identity_key=identity,
        pseudonym_key=pseudonym,
        key_generation=1,
        public=(),
        collected_at=datetime(2026, 5, 17, 11, 20, tzinfo=UTC),
        collected_at_basis=TimeBasis.OPERATOR,
        collected_by="blue",
    )
    shown = f"{order} {order.__rich_repr__()} {[order]} {Exception(order)!r}"
    for key in (identity, pseudonym):
        assert key.hex() not in shown
        assert repr(key)[2:-1] not in shown
