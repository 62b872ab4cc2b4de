"""The last known state of each post, deletion notices included under either of the post's names."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from dalil.schema.words import EdgeType


def last_states(posts: ir.Table, edges: ir.Table) -> ir.Table:
    """One row for each post: `uid`, `state`, `state_at`, `state_reason`, `collected_at` of its latest observation.

    A notice that names a public post by its keyed hash, because it did not know the author, is read
    as one about the post itself, as the post's own `alias` edge tells (decision 0100). The latest is
    the last one whose state was seen; where the source does not say when, the last one collected.
    """
    rows = edges.filter(edges.type == EdgeType.ALIAS.value)
    second = rows.select(second_name=rows.dst_uid, first_name=rows.src_uid).distinct()
    found = posts.left_join(second, posts.uid == second.second_name)
    named = found.select(
        "state",
        "state_at",
        "state_reason",
        "collected_at",
        "obs_id",
        uid=ibis.coalesce(found.first_name, found.uid),
        seen=ibis.coalesce(found.state_at, found.collected_at),
    )
    order = [ibis.desc(named.seen), ibis.desc(named.collected_at), named.obs_id]
    numbered = named.mutate(nth=ibis.row_number().over(ibis.window(group_by="uid", order_by=order)))
    return numbered.filter(numbered.nth == 0).drop("nth", "seen", "obs_id")
