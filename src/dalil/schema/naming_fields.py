"""Every text field of the archive's tables, and whether it may name a person: the list that is searched for a name.

A test holds it against the schemas: a new text column must be put here. Redaction takes private handles and
addresses out of the free ones by pattern; a name in plain words stays, and is found here.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

import pyarrow as pa

from dalil.schema.tables import STORED


class Names(StrEnum):
    """What may stand in a field."""

    FREE = "free"
    """Whatever somebody wrote: it may name anybody."""
    PUBLIC = "public"
    """What a public account calls itself."""
    ADDRESS = "address"
    """An address, or an id that is one's own: a private person's is hashed."""
    CODE = "code"
    """A word of a closed list, a hash, a version, an id of ours: it names nobody."""


_FREE: Final = (
    *("posts.text", "posts.text_raw", "posts.state_reason", "posts.hashtags[]", "posts.mentions[]", "posts.geo"),
    *("posts.spans[].target", "posts.urls[].as_written", "posts.urls[].expanded", "posts.urls[].final", "posts.client"),
    *("posts.media[].alt_text", "posts.media[].not_included", "posts.labels_by_platform[].value", "media.alt_text"),
    *("accounts.description", "observations.warnings[].original", "text_signals.norm", "text_signals.skeleton"),
    *("posts.metrics[].raw", "accounts.counts[].raw", "posts.metrics[].name", "accounts.counts[].name"),
    "picture_texts.text",
)
_PUBLIC: Final = ("accounts.handle", "accounts.display_name", "accounts.alt_ids[].value")
_ADDRESS: Final = (
    *("observations.uid", "posts.uid", "posts.native_id", "posts.uri", "posts.author_ref", "posts.container_ref"),
    *("posts.thread_root", "posts.group_id", "posts.media[].native_key", "posts.media[].source_url", "accounts.uid"),
    *("accounts.native_id", "media.source_url", "edges.src_uid", "edges.dst_uid", "edges.dst_hint", "edges.author_ref"),
    *("text_signals.uid",),
)
_CODE: Final = (
    *("picture_texts.sha256", "picture_texts.preparation", "picture_texts.method", "picture_texts.method_version"),
    *("observations.obs_id", "observations.kind", "observations.version", "observations.source_format"),
    *(
        "observations.source_version",
        "observations.importer",
        "observations.importer_version",
        "observations.raw_sha256",
    ),
    *(
        "observations.raw_segment",
        "observations.collected_at_basis",
        "observations.collected_by",
        "observations.purpose",
    ),
    *("observations.may_share", "observations.warnings[].code", "observations.warnings[].field", "posts.obs_id"),
    *("posts.version", "posts.platform", "posts.id_quality", "posts.created_precision", "posts.created_zone_basis"),
    *(
        "posts.state",
        "posts.visibility",
        "posts.text_format",
        "posts.text_complete",
        "posts.lang",
        "posts.spans[].type",
    ),
    *("posts.media[].sha256", "posts.media[].mime", "posts.metrics[].basis", "posts.labels_by_platform[].source"),
    *("accounts.obs_id", "accounts.platform", "accounts.id_quality", "accounts.type", "accounts.public_role"),
    *("accounts.state", "accounts.counts[].basis", "accounts.alt_ids[].scheme", "media.obs_id", "media.sha256"),
    *(
        "media.mime",
        "media.c2pa",
        "edges.obs_id",
        "edges.type",
        "edges.at_basis",
        "edges.method",
        "text_signals.obs_id",
    ),
    *("text_signals.method", "text_signals.method_version", "text_signals.lang", "text_signals.lang_basis"),
    *("image_signals.sha256", "image_signals.method", "image_signals.method_version"),
)
FIELDS: Final[dict[str, Names]] = {
    **dict.fromkeys(_FREE, Names.FREE),
    **dict.fromkeys(_PUBLIC, Names.PUBLIC),
    **dict.fromkeys(_ADDRESS, Names.ADDRESS),
    **dict.fromkeys(_CODE, Names.CODE),
}
"""`table.column`, with `[]` for each item of a list and `.field` of a record → what may stand there."""


def text_fields(schemas: dict[str, pa.Schema] = STORED) -> Iterator[str]:
    """Every text field of some tables, in the same spelling."""
    for table, schema in schemas.items():
        for column in schema:
            yield from _fields(f"{table}.{column.name}", column.type)


def texts_of(table: str, row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(field, text) of every text of a row that may name somebody."""
    for column, value in row.items():
        for name, text in _texts(f"{table}.{column}", value):
            if FIELDS.get(name, Names.FREE) is not Names.CODE:
                yield name, text


def _fields(name: str, kind: pa.DataType) -> Iterator[str]:
    if pa.types.is_string(kind):
        yield name
    elif pa.types.is_list(kind):
        yield from _fields(f"{name}[]", kind.value_type)
    elif pa.types.is_struct(kind):
        for field in kind:
            yield from _fields(f"{name}.{field.name}", field.type)


def _texts(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(f"{name}[]", item)
    elif isinstance(value, dict):
        for field, item in value.items():
            yield from _texts(f"{name}.{field}", item)
