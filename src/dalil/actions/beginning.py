"""How a workspace begins: the folder and its keys, the first circle, the first invitation."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

from dalil.actions.circles import add_circle
from dalil.actions.house import House
from dalil.actions.people import invite
from dalil.archive import volume
from dalil.archive.keys import KeyRing
from dalil.archive.workspace import PLAIN_VOLUME_WORDS, Workspace, create
from dalil.people.actor import LOCAL, Role
from dalil.people.queries import CircleRow
from dalil.people.sealing import SECRET, new_secret
from dalil.settings import Settings

SESSION_KEY = "django"


def volume_is_encrypted(folder: Path) -> bool:
    """Whether the volume under `folder` is known to be encrypted."""
    return volume.is_encrypted(folder) is True


def create_workspace(
    settings: Settings,
    *,
    zone: str,
    passphrase: str,
    plain_volume_words: str = "",
    as_of: datetime | None = None,
    demo: bool = False,
) -> Workspace:
    """Make the folder of a workspace and its keys.

    Raises:
        InputError: the zone or passphrase is wrong, or the folder is not empty.
        ConfigError: there is one already; or the volume is not encrypted and the words were not typed.
    """
    return create(
        Path(settings.workspace),
        zone=zone,
        passphrase=passphrase,
        as_of=as_of,
        demo=demo,
        encrypted_ok=plain_volume_words.strip() == PLAIN_VOLUME_WORDS,
        more_keys={SESSION_KEY: secrets.token_bytes(32), SECRET: new_secret()},
    )


def session_key(keys: KeyRing) -> str:
    """What signs the session cookies, in hex; made when a workspace is first opened with its keys."""
    if not keys.has(SESSION_KEY):
        keys.put(SESSION_KEY, secrets.token_bytes(32))
    return keys.get(SESSION_KEY).hex()


def found_circle(house: House, colour: str) -> CircleRow:
    """Make a circle with its keys; from two on, true locators of private accounts are kept, sealed to both."""
    row = add_circle(colour, now=house.now(), keys=house.unlocked())
    house.workspace.set_recipient(row.circle_id, row.seal_recipient)
    return row


def first_circle(house: House, *, colour: str) -> str:
    """Make the workspace's first circle; answers the one-time invitation of its first keeper."""
    row = found_circle(house, colour)
    return invite(LOCAL, Role.KEEPER, now=house.now(), keys=house.unlocked(), circle_id=row.circle_id)
