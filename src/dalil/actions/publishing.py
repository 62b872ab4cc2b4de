"""Write the public site: posted answers whose verdict is in force, and nothing else."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from dalil.actions.desk import Desk
from dalil.audit.recording import record
from dalil.desk import queries
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.publish.site import Exported, Site, export


def export_site(actor: Actor, folder: Path, *, site: Site, zone: str, now: datetime, desk: Desk) -> Exported:
    """Write the site into a folder on this machine; a person puts it on the web.

    Args:
        zone: IANA zone of the workspace, in which days are counted.
    Raises:
        see `publish.site.export`.
    """
    require(actor, Act.PUBLISH)
    del desk  # nothing is signed
    answers = queries.settled_answers(zone=zone)
    done = export(folder, answers, site=site, today=now.astimezone(ZoneInfo(zone)).date())
    with transaction.atomic():
        record(actor, "site.exported", "site", {"answers": len(answers)}, now)
    return done
