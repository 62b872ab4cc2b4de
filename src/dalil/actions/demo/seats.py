"""The sample's circles and members, and the one-time logins that the demo prints."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import NamedTuple

import msgspec

from dalil.actions.beginning import found_circle
from dalil.actions.doors import issue_login
from dalil.actions.house import House
from dalil.archive.writing import Writer
from dalil.desk import queries as desk_queries
from dalil.people.actor import Actor, Role, Status
from dalil.people.models import Circle, Member
from dalil.sample.script import Members, PanelFile
from dalil.schema.chunks import PublicAccount


class Login(NamedTuple):
    """One login that works once, and the one thing that waits for it (a key of NEXT_STEPS and a sentence)."""

    pseudonym: str
    circle: str
    code: str
    next_step: str
    task: str


def seat(house: House, sample: Path) -> None:
    """Make the sample's circles and members, and tell the archive which accounts are public."""
    members = msgspec.json.decode((sample / "members.json").read_bytes(), type=Members)
    panel = msgspec.json.decode((sample / "panel.json").read_bytes(), type=PanelFile)
    for colour in members.circles:
        if not Circle.objects.filter(colour=colour).exists():
            found_circle(house, colour)
    circles = {circle.colour: circle for circle in Circle.objects.all()}
    for row in members.members:
        # Nobody can log in with this passphrase: the demo's members come in by one-time codes alone.
        Member.objects.get_or_create(
            pseudonym=row.pseudonym,
            defaults={
                "circle": circles[row.circle],
                "role": row.role,
                "status": Status.ACTIVE.value,
                "passphrase": "!" + secrets.token_hex(16),
            },
        )
    accounts = tuple(PublicAccount(row.platform, row.native_id, row.handle) for row in panel.public)
    Writer(house.workspace, keys=house.unlocked(), now=house.now()).set_public(accounts)


def actors() -> dict[str, Actor]:
    """The sample's members by pseudonym, as they act in the replay."""
    return {
        row.pseudonym: Actor(
            member_id=row.id,
            circle_id=row.circle_id,
            role=Role(row.role),
            pseudonym=row.pseudonym,
            status=Status(row.status),
        )
        for row in Member.objects.all()
    }


def logins(house: House) -> list[Login]:
    """A fresh one-time login for each of the sample's members who has something waiting."""
    sample = house.workspace.folder / "sample"
    members = msgspec.json.decode((sample / "members.json").read_bytes(), type=Members)
    seats = actors()
    found = []
    for row in members.members:
        actor = seats[row.pseudonym]
        tasks = desk_queries.waiting_tasks(actor, now=house.now())
        if not tasks:
            continue
        wanted = [task for task in tasks if task.next_step == row.next_step] or tasks
        code = issue_login(actor, now=house.clock(), keys=house.unlocked())
        found.append(Login(row.pseudonym, row.circle, code, wanted[0].next_step, wanted[0].sentence))
    return found
