"""Each value of a JSON file is handed on with its place; one that cannot be cut out is a reject of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.records import Reject
from dalil.sources.importer import Ignored, Item, Limits, ReadContext
from dalil.sources.json_items import read_each
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import SourceFile


def handed_on(path: Path, *, limits: Limits | None = None) -> tuple[list[tuple[bytes, str]], list[Item], ReadContext]:
    """What was handed to the reader, what came of the file, and the context afterwards."""
    seen: list[tuple[bytes, str]] = []

    def read(data: bytes, where: str) -> Iterator[Item]:
        seen.append((data, where))
        yield Ignored("seen")

    context = ReadContext(Pseudonymiser(bytes(32)), limits or Limits())
    return seen, list(read_each(SourceFile(path), context, read)), context


@given(st.lists(st.dictionaries(st.text(max_size=3), st.integers(), min_size=1), min_size=1, max_size=5), st.booleans())
def test_lines_and_an_array_hand_on_the_same(
    tmp_path_factory: pytest.TempPathFactory, given_values: list[dict[str, int]], array: bool
) -> None:
    path = tmp_path_factory.mktemp("json") / "values"
    text = json.dumps(given_values) if array else "\n".join(map(json.dumps, given_values))
    path.write_text(text, encoding="utf-8")
    seen, items, _ = handed_on(path)
    assert [json.loads(data) for data, _ in seen] == given_values
    assert len({where for _, where in seen}) == len(given_values), "each has a place of its own"
    assert items == [Ignored("seen")] * len(given_values)


def test_a_value_too_long_is_a_reject_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_text('{"a": 1}\n{"b": "' + "x" * 500 + '"}\n{"c": 3}\n', encoding="utf-8")
    seen, items, context = handed_on(path, limits=Limits(line_bytes=200))
    assert [data for data, _ in seen] == [b'{"a": 1}', b'{"c": 3}']
    (reject,) = (item for item in items if isinstance(item, Reject))
    assert len(reject.raw_hash) == 64
    assert reject.where not in {where for _, where in seen}
    assert context.done_bytes >= path.stat().st_size - 1, "progress counts what was passed over too"
