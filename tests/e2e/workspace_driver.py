"""One workspace in a process of its own, told what to do by lines of JSON: `python workspace_driver.py FOLDER COLOUR`.

It shares nothing with the process that drives it but the packets and public keys it is handed.
"""

from __future__ import annotations

import base64
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

START = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)


class Ring(dict[str, bytes]):
    def put(self, name: str, value: bytes) -> None:
        self[name] = value

    def get(self, name: str) -> bytes:  # type: ignore[override]  # a ring has no default
        return self[name]


class Workspace:
    """Commands are methods; what they return goes back as JSON."""

    def __init__(self, folder: Path, colour: str) -> None:
        from django.core.management import call_command

        from dalil.app.configuration import configure
        from dalil.settings import Settings

        folder.mkdir(parents=True, exist_ok=True)
        configure(Settings(workspace=str(folder)))
        call_command("migrate", verbosity=0)
        from dalil.actions.circles import add_circle
        from dalil.actions.desk import Desk
        from dalil.people.actor import Actor, Role, Status
        from dalil.people.models import Member

        self.clock, self.ring = START, Ring()
        self.circle = add_circle(colour, now=START, keys=self.ring)
        row = Member.objects.create(
            circle_id=self.circle.circle_id, pseudonym=f"{colour}-17", role=Role.KEEPER, status=Status.ACTIVE
        )
        self.actor = Actor(row.pk, row.circle_id, Role.KEEPER, row.pseudonym, Status.ACTIVE)
        self.desk = Desk(keys=self.ring, region="sahlara")

    def kw(self) -> dict[str, Any]:
        self.clock += timedelta(minutes=1)
        return {"now": self.clock, "desk": self.desk}

    def card(self) -> dict[str, str]:
        return {"sign_public": self.circle.sign_public, "seal_recipient": self.circle.seal_recipient}

    def trust(self, colour: str, sign_public: str, seal_recipient: str) -> str:
        from dalil.actions import packets

        keys = {"sign_public": sign_public, "seal_recipient": seal_recipient}
        return packets.trust_circle(self.actor, colour=colour, **keys, **self.kw())

    def claim(self) -> str:
        from dalil.actions import claims
        from dalil.schema.casework import Cell
        from dalil.schema.words import ClaimType, Confidence, MakerClass

        claim_id = claims.log_claim(
            self.actor,
            sentence="The Grey Column says it holds the bridge at Tel Nahr.",
            sentence_lang="en",
            claim_type=ClaimType.VICTORY,
            maker_class=MakerClass.GROUP,
            cells=[Cell("telegram", "ar", "sahlara")],
            observation_ids=["ab" * 32],
            **self.kw(),
        )
        claims.take(self.actor, claim_id, **self.kw())
        claims.add_check(
            self.actor,
            claim_id,
            question="Is the picture from today?",
            method="seen before",
            finding="No: held since March.",
            evidence=["cd" * 32, "https://example.org/where"],
            confidence=Confidence.CERTAIN,
            **self.kw(),
        )
        return claim_id

    def vote(self, claim_id: str, vote: str) -> None:
        from dalil.actions import verdicts
        from dalil.schema.words import ClaimVerdict

        verdicts.vote(self.actor, claim_id, vote=ClaimVerdict(vote), reason=f"{vote}, as found", **self.kw())

    def pack(self, *claim_ids: str) -> str:
        from dalil.actions import packets

        return base64.b64encode(packets.export_packet(self.actor, claim_ids, **self.kw())).decode()

    def read(self, data: str, days_later: int = 0) -> dict[str, Any]:
        from dalil.actions import packets

        kw = self.kw() | {"now": self.clock + timedelta(days=days_later)}
        result = packets.import_packet(self.actor, base64.b64decode(data), **kw)
        return {"new": result.new, "circle": result.circle, "settled": list(result.settled)}

    def page(self, claim_id: str) -> dict[str, Any]:
        from dalil.desk import queries

        page = queries.claim_page(self.actor, claim_id, now=self.clock)
        return {
            "state": page.row.state,
            "verdict": page.row.verdict,
            "number": page.row.number,
            "next_step": page.row.next_step,
            "votes": {vote.circle: vote.vote for vote in page.votes},
            "checks": [list(check.evidence) for check in page.checks],
            "uncoded": len(page.uncoded),
            "held_by": page.row.held_by,
        }

    def digest(self) -> str:
        """Everything that the workspace holds, but for the migrations' own table."""
        from django.apps import apps

        tables = [m for m in apps.get_models() if m._meta.app_label in {"desk", "audit", "people"}]
        return repr([(m._meta.db_table, sorted(map(repr, m.objects.values_list()))) for m in tables])


def main() -> None:
    workspace = Workspace(Path(sys.argv[1]), sys.argv[2])
    from dalil.errors import DalilError

    for line in sys.stdin:
        command, *arguments = json.loads(line)
        try:
            answer: dict[str, Any] = {"ok": getattr(workspace, command)(*arguments)}
        except DalilError as error:
            answer = {"code": error.code}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
