"""What public accounts call themselves, for pages; a private account has no name here."""

from __future__ import annotations

from collections.abc import Collection

from dalil.actions.house import House


def public_names(house: House, uids: Collection[str]) -> dict[str, str]:
    """uid → the display name (else the handle) that was captured last, for those of `uids` that have one."""
    wanted = sorted({uid for uid in uids if uid})
    if not wanted:
        return {}
    accounts = house.archive.table("accounts")
    rows = accounts.filter(accounts.uid.isin(wanted)).select("uid", "display_name", "handle", "collected_at")
    found = rows.to_pyarrow().sort_by("collected_at").to_pylist()
    return {row["uid"]: name for row in found if (name := row["display_name"] or row["handle"])}
