"""The Arrow schemas of the archive's tables, and their version.

Column order is fixed. Lists of records are `list<struct>`. Every timestamp is UTC in microseconds.
A reader upcasts a segment with an older `schema_version`; a writer always writes the newest.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

TABLES_VERSION: Final = 1

_TIME: Final = pa.timestamp("us", tz="UTC")
_TEXT: Final = pa.string()
_WARNING: Final = pa.struct([("code", _TEXT), ("field", _TEXT), ("original", _TEXT)])
_METRIC: Final = pa.struct([("name", _TEXT), ("value", pa.int64()), ("at", _TIME), ("basis", _TEXT), ("raw", _TEXT)])
_SPAN: Final = pa.struct([("start", pa.int32()), ("end", pa.int32()), ("type", _TEXT), ("target", _TEXT)])
_URL: Final = pa.struct([("as_written", _TEXT), ("expanded", _TEXT), ("final", _TEXT)])
_LABEL: Final = pa.struct([("source", _TEXT), ("value", _TEXT)])
_ALT_ID: Final = pa.struct([("scheme", _TEXT), ("value", _TEXT)])
_MEDIA_REF: Final = pa.struct(
    [
        ("sha256", _TEXT),
        ("native_key", _TEXT),
        ("source_url", _TEXT),
        ("mime", _TEXT),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("duration_s", pa.float64()),
        ("alt_text", _TEXT),
        ("not_included", _TEXT),
    ]
)


def _schema(*columns: tuple[str, pa.DataType]) -> pa.Schema:
    return pa.schema(list(columns), metadata={b"dalil.tables_version": str(TABLES_VERSION).encode()})


OBSERVATIONS: Final = _schema(
    ("obs_id", _TEXT),
    ("kind", _TEXT),
    ("uid", _TEXT),
    ("version", _TEXT),
    ("source_format", _TEXT),
    ("source_version", _TEXT),
    ("importer", _TEXT),
    ("importer_version", _TEXT),
    ("raw_sha256", _TEXT),
    ("raw_segment", _TEXT),
    ("raw_pointer", pa.int64()),
    ("collected_at", _TIME),
    ("collected_at_basis", _TEXT),
    ("collected_by", _TEXT),
    ("included", pa.bool_()),
    ("purpose", _TEXT),
    ("may_share", _TEXT),
    ("key_generation", pa.int32()),
    ("warnings", pa.list_(_WARNING)),
)

POSTS: Final = _schema(
    ("obs_id", _TEXT),
    ("uid", _TEXT),
    ("version", _TEXT),
    ("collected_at", _TIME),
    ("platform", _TEXT),
    ("native_id", _TEXT),
    ("uri", _TEXT),
    ("id_quality", _TEXT),
    ("author_ref", _TEXT),
    ("author_public", pa.bool_()),
    ("container_ref", _TEXT),
    ("created_at", _TIME),
    ("created_precision", _TEXT),
    ("created_zone_basis", _TEXT),
    ("claimed_at", _TIME),
    ("server_indexed_at", _TIME),
    ("edited_at", _TIME),
    ("version_no", pa.int32()),
    ("state", _TEXT),
    ("state_at", _TIME),
    ("state_reason", _TEXT),
    ("visibility", _TEXT),
    ("text", _TEXT),
    ("text_raw", _TEXT),
    ("text_format", _TEXT),
    ("text_complete", _TEXT),
    ("lang", _TEXT),
    ("spans", pa.list_(_SPAN)),
    ("urls", pa.list_(_URL)),
    ("hashtags", pa.list_(_TEXT)),
    ("mentions", pa.list_(_TEXT)),
    ("media", pa.list_(_MEDIA_REF)),
    ("thread_root", _TEXT),
    ("group_id", _TEXT),
    ("client", _TEXT),
    ("metrics", pa.list_(_METRIC)),
    ("labels_by_platform", pa.list_(_LABEL)),
    ("geo", _TEXT),
)

ACCOUNTS: Final = _schema(
    ("obs_id", _TEXT),
    ("uid", _TEXT),
    ("collected_at", _TIME),
    ("platform", _TEXT),
    ("native_id", _TEXT),
    ("id_quality", _TEXT),
    ("handle", _TEXT),
    ("display_name", _TEXT),
    ("description", _TEXT),
    ("created_at", _TIME),
    ("counts", pa.list_(_METRIC)),
    ("type", _TEXT),
    ("public_role", _TEXT),
    ("verified", pa.bool_()),
    ("state", _TEXT),
    ("alt_ids", pa.list_(_ALT_ID)),
)

MEDIA: Final = _schema(
    ("obs_id", _TEXT),
    ("sha256", _TEXT),
    ("collected_at", _TIME),
    ("bytes", pa.int64()),
    ("mime", _TEXT),
    ("width", pa.int32()),
    ("height", pa.int32()),
    ("duration_s", pa.float64()),
    ("source_url", _TEXT),
    ("alt_text", _TEXT),
    ("c2pa", _TEXT),
)

EDGES: Final = _schema(
    ("obs_id", _TEXT),
    ("src_uid", _TEXT),
    ("dst_uid", _TEXT),
    ("type", _TEXT),
    ("dst_hint", _TEXT),
    ("author_ref", _TEXT),
    ("at", _TIME),
    ("at_basis", _TEXT),
    ("direct", pa.bool_()),
    ("method", _TEXT),
    ("score", pa.float64()),
)

TEXT_SIGNALS: Final = _schema(
    ("obs_id", _TEXT),
    ("uid", _TEXT),
    ("method", _TEXT),
    ("method_version", _TEXT),
    ("norm", _TEXT),
    ("skeleton", _TEXT),
    ("skeleton_hash", pa.uint64()),
    ("lang", _TEXT),
    ("lang_basis", _TEXT),
    ("arabizi", pa.bool_()),
)

IMAGE_SIGNALS: Final = _schema(
    ("sha256", _TEXT),
    ("method", _TEXT),
    ("method_version", _TEXT),
    ("pdq", pa.binary(32)),
    ("quality", pa.int32()),
    ("width", pa.int32()),
    ("height", pa.int32()),
)

PICTURE_TEXTS: Final = _schema(
    ("sha256", _TEXT),
    ("method", _TEXT),
    ("method_version", _TEXT),
    ("preparation", _TEXT),
    ("text", _TEXT),
    ("words", pa.int32()),
    ("confidence", pa.float64()),
)
"""What a machine read in a picture: a signal for fuzzy matching, never the text of a post."""

RAW: Final = _schema(("obs_id", _TEXT), ("sha256", _TEXT), ("record", pa.large_binary()))
"""Redacted raw records, as the child hands them over; stored in raw segments, not as Parquet."""

LOCATORS: Final = _schema(("pseudonym", _TEXT), ("locator", _TEXT))
"""Pseudonym → true locator, as the child hands it over; sealed to two circles before it is stored."""

REJECTS: Final = _schema(("where", _TEXT), ("code", _TEXT), ("raw_hash", _TEXT))

BLOBS: Final = _schema(("sha256", _TEXT), ("data", pa.large_binary()))
"""Media bytes, as the child hands them over; stored by hash, not as Parquet."""

STORED: Final[dict[str, pa.Schema]] = {
    "observations": OBSERVATIONS,
    "posts": POSTS,
    "accounts": ACCOUNTS,
    "media": MEDIA,
    "edges": EDGES,
    "text_signals": TEXT_SIGNALS,
    "image_signals": IMAGE_SIGNALS,
    "picture_texts": PICTURE_TEXTS,
}
"""The tables that the archive keeps as Parquet, name → schema."""

HANDED_OVER: Final[dict[str, pa.Schema]] = {
    **{name: schema for name, schema in STORED.items() if name != "picture_texts"},
    "raw": RAW,
    "locators": LOCATORS,
    "rejects": REJECTS,
    "blobs": BLOBS,
}
"""All tables that a chunk from the child may hold, name → schema."""
