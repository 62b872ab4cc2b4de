"""A look at a table, in the limited child: what `python -m dalil.intake.table` reads and writes.

The order is msgpack of `schema.table_looks.TableOrder`, the answer of `TableLook` or `schema.chunks.Failed`.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from dalil.errors import DalilError, Fact, InputError
from dalil.schema.chunks import Failed
from dalil.schema.mappings import OPTION, TableMapping, checked, from_text, to_text
from dalil.schema.records import Reject
from dalil.schema.table_looks import LONGEST_CELL, MOST_POSTS, MOST_ROWS, ShownPost, TableLook, TableOrder
from dalil.sources.formats.plain_table import template
from dalil.sources.formats.plain_table.importer import PlainTable
from dalil.sources.formats.plain_table.suggesting import propose
from dalil.sources.importer import Limits, Quarantined, ReadContext, Record
from dalil.sources.names import shown, shown_bytes
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import SourceFile, head_of
from dalil.sources.table_text import Shape, first_records, shape_of

LOOKED_AT: Final = 50
"""Rows after which a preview ends."""
_ORDER: Final = msgspec.msgpack.Decoder(TableOrder)
_ANSWER: Final = msgspec.msgpack.Decoder(TableLook | Failed)


def answer_to(given: bytes) -> bytes:
    """The child's work: an order to an answer."""
    try:
        return msgspec.msgpack.encode(look(_ORDER.decode(given)))
    except DalilError as error:
        facts: dict[str, Fact] = dict(error.facts)
        return msgspec.msgpack.encode(Failed(code=error.code, facts=facts))


def read_answer(data: bytes) -> TableLook | Failed:
    """The parent's side: what the child answered, checked.

    Raises:
        InputError: `child-stream-broken`.
    """
    try:
        answer: TableLook | Failed = _ANSWER.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise InputError("child-stream-broken", part="table") from None
    return answer


def look(order: TableOrder) -> TableLook:
    """What the table looks like, and what it would give by the mapping.

    Raises:
        InputError: it is no table, or the mapping that was given cannot be read.
    """
    path = Path(order.path)
    head = head_of(path)
    given = from_text_loosely(order.mapping) if order.mapping else None
    shape = shape_of(head, encoding=given.encoding if given else "", delimiter=given.delimiter if given else "")
    records = first_records(head, shape) if shape else []
    if shape is None or not records:
        raise InputError("format-unknown", name=shown(path.name), head=shown_bytes(head))
    first, samples = records[0], records[1:]
    if given is not None and not given.header:
        samples, first = records, [f"#{number}" for number in range(1, len(first) + 1)]
    mapping = _proposed(given, first, samples, shape)
    if given is None and mapping.zone is None and order.zone:
        mapping = msgspec.structs.replace(mapping, zone=order.zone)
    look = TableLook(
        header=tuple(cell[:LONGEST_CELL] for cell in first),
        rows=tuple(tuple(cell[:LONGEST_CELL] for cell in row[: len(first)]) for row in samples[:MOST_ROWS]),
        encoding=shape.encoding,
        delimiter=shape.delimiter,
        mapping=mapping,
        is_template=template.mapping_of(first) is not None,
    )
    try:
        return _with_posts(look, order, path)
    except InputError as error:
        return msgspec.structs.replace(look, problem=error.code, problem_facts=dict(error.facts))


def _proposed(given: TableMapping | None, first: list[str], samples: list[list[str]], shape: Shape) -> TableMapping:
    """The given mapping; where it names no column yet, the table's own proposal, written as the given one says."""
    if given is not None and given.columns:
        return given
    found = propose(first, samples, shape)
    if given is None:
        return found
    kept = {"name": given.name, "delimiter": given.delimiter, "encoding": given.encoding, "header": given.header}
    return msgspec.structs.replace(found, **kept)


def from_text_loosely(text: str) -> TableMapping:
    """A mapping that may still be incomplete, as it is while somebody makes it."""
    try:
        return from_text(text)
    except InputError:
        try:
            return msgspec.json.decode(text, type=TableMapping)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            raise InputError("mapping-unreadable", why="not JSON of the right shape") from None


def _with_posts(look: TableLook, order: TableOrder, path: Path) -> TableLook:
    named = msgspec.structs.replace(look.mapping, name="preview")  # it may have no name yet
    context = ReadContext(
        Pseudonymiser(order.pseudonym_key, order.public, identity_key=order.identity_key),
        Limits(line_bytes=order.line_bytes),
        {OPTION: to_text(checked(named))},
    )
    posts: list[ShownPost] = []
    rejected: Counter[str] = Counter()
    looked_at = set_aside = 0
    for item in islice(PlainTable().read(SourceFile(path), context), LOOKED_AT):
        match item:
            case Record():
                looked_at += 1
                if len(posts) < MOST_POSTS:
                    posts.append(shown_post(item))
            case Reject():
                looked_at += 1
                rejected[item.code] += 1
            case Quarantined():
                looked_at += item.count
                set_aside += item.count
    return msgspec.structs.replace(
        look, posts=tuple(posts), looked_at=looked_at, rejected=dict(sorted(rejected.items())), set_aside=set_aside
    )


def shown_post(record: Record) -> ShownPost:
    """A post as it would be kept, short."""
    post = record.post
    assert post is not None
    names = [account.display_name for account in record.accounts if account.uid == post.author_ref]
    return ShownPost(
        platform=post.platform,
        author=next(iter(names), None) or post.author_ref,
        public=record.author_public,
        id_quality=post.id_quality.value,
        posted_at=post.created_at,
        posted_precision=post.created_precision.value,
        zone_basis=post.created_zone_basis.value,
        seen_at=post.state_at,
        text=post.text[:LONGEST_CELL],
        address=post.uri,
        counts={metric.name: metric.value for metric in post.metrics},
        pictures=len(post.media),
        warnings=tuple(dict.fromkeys(warning.code for warning in record.warnings)),
    )
