"""Where a name stands: for somebody who asks what is held of them, and for taking it out.

What is looked for is in no log, no table and no address. What is found is told by item and field, not by text.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

import msgspec
import pyarrow as pa

from dalil.actions.house import House
from dalil.errors import InputError
from dalil.log import event
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.schema.naming_fields import FIELDS, Names, texts_of
from dalil.schema.tables import STORED

SHORTEST: Final = 3
MOST: Final = 200
_WRITABLE: Final = re.compile(r"[^\x00-\x1f\x7f]+")


class Mentions(msgspec.Struct, frozen=True, kw_only=True):
    """What was found; the object of `dalil mentions --json`.

    `items`: ids of the first `MOST` observations. `fields`: `table.column` → places. `total`: all observations.
    """

    total: int
    items: tuple[str, ...]
    fields: dict[str, int]
    searched: int
    """How many fields were searched."""


def search(actor: Actor, name: str, *, house: House) -> Mentions:
    """Look for a handle or a name, as a whole word, whatever its letters' case.

    Raises:
        NotAllowed: this actor may not.
        InputError: `value-wrong`; it is too short to mean one person.
    """
    require(actor, Act.SEARCH_NAMES)
    wanted = name.strip().lstrip("@＠").casefold()
    if not SHORTEST <= len(wanted) <= 100 or not _WRITABLE.fullmatch(wanted):
        raise InputError("value-wrong", name="name", value="…", kind=f"{SHORTEST} to 100 characters")
    word = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    items: dict[str, None] = {}
    fields: Counter[str] = Counter()
    for table, schema in STORED.items():
        if "obs_id" not in schema.names:
            continue
        for row in _candidates(house, table, schema, wanted):
            for field, text in texts_of(table, row):
                if word.search(text.casefold()):
                    fields[field] += 1
                    items[str(row["obs_id"])] = None
    event("mentions.searched", count=len(items))
    return Mentions(
        total=len(items),
        items=tuple(items)[:MOST],
        fields=dict(sorted(fields.items())),
        searched=sum(kind is not Names.CODE for kind in FIELDS.values()),
    )


def _candidates(house: House, table: str, schema: pa.Schema, wanted: str) -> list[dict[str, object]]:
    """Rows in which the letters stand somewhere; the engine looks, and Python looks closely."""
    rows = house.archive.table(table)
    columns = sorted(
        {field.partition(".")[2].partition("[")[0].partition(".")[0] for field in FIELDS if _is_of(field, table)}
    )
    found = None
    for column in columns:
        text = rows[column] if pa.types.is_string(schema.field(column).type) else rows[column].cast("string")
        here = text.lower().contains(wanted)
        found = here if found is None else found | here
    if found is None:
        return []
    listed: list[dict[str, object]] = rows.filter(found).select("obs_id", *columns).to_pyarrow().to_pylist()
    return listed


def _is_of(field: str, table: str) -> bool:
    return field.startswith(f"{table}.") and FIELDS[field] is not Names.CODE
