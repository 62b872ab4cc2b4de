"""What of a run may be shown: private accounts are counted, never drawn, listed or exported."""

from __future__ import annotations

import msgspec
import pyarrow as pa

from dalil.schema.results import CoordinationResult


def is_private(account: str) -> bool:
    """Whether an account id is a private person's keyed hash, `platform:h:<hash>`."""
    _, _, rest = account.partition(":")
    return rest.startswith("h:")


def public_view(result: CoordinationResult) -> CoordinationResult:
    """The result without any edge that touches a private account; how many went is a caveat.

    Every face shows, lists and exports this and nothing else. Campaigns stay whole: they list
    public accounts and objects only, and count the rest.
    """
    shown = tuple(edge for edge in result.edges if not (is_private(edge.account_a) or is_private(edge.account_b)))
    hidden = len(result.edges) - len(shown)
    caveats = (*result.caveats, f"private-edges-not-shown={hidden}") if hidden else result.caveats
    return msgspec.structs.replace(result, edges=shown, caveats=caveats)


def campaign_table(result: CoordinationResult) -> pa.Table:
    """What may be kept of a run: its campaigns by their objects, with counts and no account at all."""
    return pa.table(
        {
            "campaign": pa.array([c.key for c in result.campaigns], pa.string()),
            "accounts": pa.array([c.accounts for c in result.campaigns], pa.int64()),
            "private_accounts": pa.array([c.private_accounts for c in result.campaigns], pa.int64()),
            "objects": pa.array([list(c.objects) for c in result.campaigns], pa.list_(pa.string())),
            "edges": pa.array([c.edges for c in result.campaigns], pa.int64()),
            "expected_false_edges": pa.array([c.expected_false_edges for c in result.campaigns], pa.float64()),
        }
    )
