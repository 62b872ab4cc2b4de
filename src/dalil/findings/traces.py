"""Shares of an archive, one table for each trace: who shared which object, and when.

Objects: `url` the normalised address, `text` the text group (else the skeleton), `picture` the
picture group (else the file hash), `repost` the post that was reposted or forwarded, `hashtag` the
folded tag. Every table has object_id, account_id, content_id, timestamp_share (epoch seconds), and
all but reposts `precision`, so that minute-only times are widened and days left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from dalil.findings.addresses import normalised
from dalil.findings.latest import newest_method
from dalil.schema.results import MediaGroup, TextGroup
from dalil.schema.words import EdgeType
from dalil.signals.texts import skeleton


class Trace(StrEnum):
    """What kind of object is shared."""

    URL = "url"
    TEXT = "text"
    PICTURE = "picture"
    REPOST = "repost"
    HASHTAG = "hashtag"


def url_shares(posts: ir.Table) -> ir.Table:
    """Links of posts, by where they finally led if that is known, else as expanded or written."""
    rows = _posts(posts, "urls")
    rows = rows.mutate(url=rows.urls.unnest())
    rows = rows.mutate(word=ibis.coalesce(rows.url.final, rows.url.expanded, rows.url.as_written))
    return _shares(_renamed(rows, normalised))


def hashtag_shares(posts: ir.Table) -> ir.Table:
    """Hashtags of posts, folded as texts are."""
    rows = _posts(posts, "hashtags")
    rows = rows.mutate(word=rows.hashtags.unnest())
    return _shares(_renamed(rows, lambda tag: skeleton(tag.removeprefix("#")) or None))


def text_shares(posts: ir.Table, text_signals: ir.Table, groups: Iterable[TextGroup] = ()) -> ir.Table:
    """Texts of posts. A text in no group is its skeleton; a post without text shares none."""
    signals = newest_method(text_signals, "obs_id").filter(lambda t: t.skeleton != "")
    member = _members((obs, group.key) for group in groups for obs in group.observation_ids)
    rows = _posts(posts).inner_join(signals.select("obs_id", "skeleton_hash"), "obs_id")
    rows = rows.left_join(member, rows.obs_id == member.member)
    alone = ibis.literal("skeleton:") + rows.skeleton_hash.cast("string")
    return _shares(rows.mutate(object_id=ibis.coalesce(rows.group_key, alone)))


def picture_shares(posts: ir.Table, media: ir.Table, groups: Iterable[MediaGroup] = ()) -> ir.Table:
    """Pictures and clips of posts, whose bytes we hold. An item in no group is its file hash."""
    member = _members((sha256, group.key) for group in groups for sha256 in group.sha256s)
    rows = _posts(posts).inner_join(media.select("obs_id", "sha256").distinct(), "obs_id")
    rows = rows.left_join(member, rows.sha256 == member.member)
    alone = ibis.literal("sha256:") + rows.sha256
    return _shares(rows.mutate(object_id=ibis.coalesce(rows.group_key, alone)))


def repost_shares(edges: ir.Table) -> ir.Table:
    """Reposts and forwards that the platform itself recorded; inferred edges are no acts of anyone."""
    kinds = [EdgeType.REPOST.value, EdgeType.FORWARD.value]
    rows = edges.filter(edges.type.isin(kinds) & edges.direct & edges.dst_uid.notnull())
    named = rows.select(
        object_id=rows.dst_uid,
        account_id=rows.author_ref,
        content_id=rows.src_uid,
        timestamp_share=rows["at"].epoch_seconds().cast("int64"),
    )
    return named.distinct()


def _posts(posts: ir.Table, *more: str) -> ir.Table:
    return posts.select(
        "obs_id",
        *more,
        account_id=posts.author_ref,
        content_id=posts.uid,
        timestamp_share=posts.created_at.epoch_seconds().cast("int64"),
        precision=posts.created_precision,
    )


def _shares(rows: ir.Table) -> ir.Table:
    """One share for each post and object, however often the post was captured; the roughest time counts.

    `day` < `min` < `s` in the order of the alphabet, which is the order of roughness.
    """
    return rows.group_by("object_id", "account_id", "content_id").agg(
        timestamp_share=rows.timestamp_share.min(), precision=rows.precision.min()
    )


def _renamed(rows: ir.Table, rule: Callable[[str], str | None]) -> ir.Table:
    """Give each row the object that its word names; words that name none are dropped.

    The rule runs once for each different word, in Python: engines never normalise text.
    """
    words = rows.select("word").distinct().drop_null().to_pyarrow()["word"].to_pylist()
    names = [(word, rule(word)) for word in words]
    table = pa.table(
        {
            "word": pa.array([word for word, name in names if name], pa.string()),
            "object_id": pa.array([name for _, name in names if name], pa.string()),
        }
    )
    return rows.inner_join(ibis.memtable(table), "word")


def _members(pairs: Iterable[tuple[str, str]]) -> ir.Table:
    found = dict(pairs)
    columns = {
        "member": pa.array(list(found), pa.string()),
        "group_key": pa.array(list(found.values()), pa.string()),
    }
    return ibis.memtable(pa.table(columns))
