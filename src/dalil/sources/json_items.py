"""The values of a JSON file one by one, each handed to what reads it: the loop of every format made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from dalil.schema.records import Reject
from dalil.sources.importer import Item, ReadContext
from dalil.sources.json_values import values
from dalil.sources.reading import SourceFile


def read_each(source: SourceFile, context: ReadContext, read: Callable[[bytes, str], Iterable[Item]]) -> Iterator[Item]:
    """What `read` makes of each value's bytes and of where it stands; a value that cannot be cut out is a reject."""
    with source.open() as stream:
        for value in values(stream, limit=context.limits.line_bytes):
            context.done_bytes = value.end
            where = source.label + value.where
            if value.data is None:
                yield Reject(where, value.problem, value.sha256)
            else:
                yield from read(value.data, where)
