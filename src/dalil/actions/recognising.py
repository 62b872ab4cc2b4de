"""Proposes claims from copies, counts what was recognised, and looks for who pushes what."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pyarrow as pa

from dalil.actions import claims
from dalil.actions.coordinating import Plan, run_trace
from dalil.actions.house import House
from dalil.actions.indexes import groups_of_media, groups_of_texts
from dalil.archive.writing import Writer
from dalil.findings.coordination import VERSION, campaign_table, public_view
from dalil.findings.measures import MediaCount
from dalil.findings.measures.received import received
from dalil.findings.traces import Trace
from dalil.people.actor import Actor
from dalil.schema.results import CoordinationResult, Finding, Method

COORDINATION = "coordination"
SPREADS = 5
RECENT = timedelta(days=7)
MOST_SUGGESTIONS = 20


def propose(house: House, actor: Actor) -> list[str]:
    """Suggest claims from the groups of copies that spread now; a person accepts or dismisses each.

    Only texts of at least `SPREADS` accounts, last seen within `RECENT`, the widest first: a list that
    nobody gets through helps nobody.
    """
    since = house.now() - RECENT
    spreading = [
        group
        for group in groups_of_texts(house)
        if group.accounts >= SPREADS and group.last_at is not None and group.last_at >= since
    ]
    widest = sorted(spreading, key=lambda group: (-group.accounts, group.key))[:MOST_SUGGESTIONS]
    return claims.propose_from_groups(actor, widest, now=house.now(), desk=house.desk)


def first_observations(house: House) -> dict[str, str]:
    """uid → the id of the observation that was captured first."""
    rows = house.archive.table("observations").select("uid", "obs_id", "collected_at").to_pyarrow()
    rows = rows.sort_by([("collected_at", "descending"), ("obs_id", "descending")])
    return dict(zip(rows["uid"].to_pylist(), rows["obs_id"].to_pylist(), strict=True))


def media_by_week(house: House) -> list[MediaCount]:
    """Pictures received in each ISO week of the workspace's zone, and those of them that were recognised.

    A picture is received when its bytes are first captured; it is recognised when an earlier capture
    holds the same picture, so that nobody needs to open it.
    """
    rows = house.archive.table("media").select("sha256", "collected_at").to_pyarrow()
    leaders = {sha: group.key for group in groups_of_media(house) for sha in group.sha256s}
    return received(rows, leaders, house.workspace.zone)


def find_coordination(house: House) -> list[CoordinationResult]:
    """Run every trace with the default plan, and keep the campaigns: objects and counts, no list of accounts."""
    results = []
    for trace in Trace:
        result = run_trace(house, trace, Plan())
        results.append(result)
        _keep(house, result)
    return results


def _keep(house: House, result: CoordinationResult) -> None:
    head = house.archive.manifest_head()
    shown = public_view(result)
    finding = Finding(
        finding_id=hashlib.sha256(f"{COORDINATION} {head} {result.trace}".encode()).hexdigest()[:32],
        kind=COORDINATION,
        method=Method(
            name="bucket-join",
            version=VERSION,
            parameters={"mode": result.mode, "window_seconds": result.window_seconds, "trace": result.trace},
        ),
        as_of=house.now(),
        zone=house.workspace.zone,
        manifest_head=head,
        summary={
            "trace": result.trace,
            "shares": result.shares,
            "campaigns": len(result.campaigns),
            "edges_kept": sum(edge.kept for edge in result.edges),
            "expected_false_edges": result.expected_false_edges,
        },
        caveats=shown.caveats,
    )
    tables: dict[str, pa.Table] = {"campaigns": campaign_table(result)}
    Writer(house.workspace, keys=house.keys, now=house.now()).save_finding(finding, tables)
