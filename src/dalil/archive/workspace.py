"""The workspace: one folder, its facts, and where everything in it lies.

`workspace.json` is written last when a workspace is made, so that a folder without it is not one.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
import pyrage

from dalil.archive import manifest, volume
from dalil.archive.disk import disk_errors, replace_file
from dalil.archive.keys import Cost, KeyRing, create_ring, open_ring
from dalil.archive.scratch import Scratch, exclusive
from dalil.errors import ConfigError, EvidenceDamaged, InputError
from dalil.schema.chunks import PublicAccount

FORMAT: Final = 1
FILE: Final = "workspace.json"
PUBLIC_FILE: Final = "public.json"
DEMO_PASSPHRASE: Final = "sahlara sample week, no secret"  # noqa: S105 - the demo's, known to everybody
PLAIN_VOLUME_WORDS: Final = "keep it here unencrypted"
"""What one types to make a workspace on a volume that is not, or not known to be, encrypted."""
FOLDERS: Final = ("archive", "media", "raw", "indexes", "keys", "tmp")


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What `workspace.json` holds; nothing in it is secret.

    `as_of` is the simulated clock of a sample, None for a live workspace. `recipients` are the circles'
    public age recipients, circle → recipient, to which true locators are sealed.
    """

    format: int
    id: str
    zone: str
    as_of: datetime | None = None
    demo: bool = False
    recipients: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Workspace:
    """An existing workspace: its folder and the facts that never change."""

    folder: Path
    id: str
    zone: str
    as_of: datetime | None
    demo: bool

    @property
    def database(self) -> Path:
        """The desk's SQLite file."""
        return self.folder / "dalil.db"

    @property
    def archive(self) -> Path:
        """Parquet by table and month, and the manifest."""
        return self.folder / "archive"

    @property
    def media(self) -> Path:
        """Media files by hash."""
        return self.folder / "media"

    @property
    def raw(self) -> Path:
        """Sealed segments of redacted raw records."""
        return self.folder / "raw"

    @property
    def indexes(self) -> Path:
        """Arrays that can be made again from the archive."""
        return self.folder / "indexes"

    @property
    def keys(self) -> Path:
        """Wrapped keys, and nothing else."""
        return self.folder / "keys"

    @property
    def tmp(self) -> Path:
        """Temporary files, on the same file system as all the rest."""
        return self.folder / "tmp"

    @property
    def manifest(self) -> manifest.Manifest:
        """What the archive holds."""
        return manifest.Manifest(self.archive / "manifest.db")

    def media_path(self, sha256: str) -> Path:
        """Where the media file of that hash lies, whether or not it is there."""
        return self.media / sha256[:2] / sha256[2:4] / sha256

    def unlock(self, passphrase: str) -> KeyRing:
        """Open the keys.

        Raises:
            ConfigError: `passphrase-wrong`.
        """
        return open_ring(self.keys, passphrase, workspace_id=self.id)

    def recipients(self) -> dict[str, str]:
        """Circle → public age recipient, as of now."""
        return dict(_read_facts(self.folder).recipients)

    def set_recipient(self, circle: str, recipient: str | None) -> None:
        """Record, replace or (with None) remove a circle's public age recipient.

        Raises:
            InputError: it is not an age X25519 recipient.
        """
        if recipient is not None:
            _check_recipient(recipient)
        with exclusive(self.tmp / "facts.lock"):
            facts = _read_facts(self.folder)
            kept = {**facts.recipients, circle: recipient}
            recipients = {name: value for name, value in sorted(kept.items()) if value is not None}
            self.replace(FILE, msgspec.structs.replace(facts, recipients=recipients))

    def public_accounts(self) -> tuple[PublicAccount, ...]:
        """Accounts known to be public channels, pages or outlets; all others are private."""
        try:
            return msgspec.json.decode((self.folder / PUBLIC_FILE).read_bytes(), type=tuple[PublicAccount, ...])
        except FileNotFoundError:
            return ()
        except msgspec.MsgspecError as error:
            raise EvidenceDamaged("archive-damaged", part=PUBLIC_FILE) from error

    def write_public_accounts(self, accounts: tuple[PublicAccount, ...]) -> None:
        """Replace the list; `writing.Writer.set_public` is the way in."""
        self.replace(PUBLIC_FILE, accounts)

    def replace(self, name: str, value: object) -> None:
        """Put a small JSON file of the workspace in the place of the old one, in one step."""
        data = msgspec.json.format(msgspec.json.encode(value), indent=1)
        with disk_errors(), Scratch(self.tmp) as scratch:
            replace_file(self.folder / name, data, temporary=scratch.name())


def create(
    folder: Path | str,
    *,
    zone: str,
    passphrase: str,
    as_of: datetime | None = None,
    demo: bool = False,
    encrypted_ok: bool = False,
    recipients: Mapping[str, str] | None = None,
    cost: Cost | None = None,
    more_keys: Mapping[str, bytes] | None = None,
) -> Workspace:
    """Make a workspace in an empty or missing folder.

    Args:
        zone: IANA name; the workspace's one zone, carried by every result.
        as_of: the simulated clock (aware) of a sample; None for a live workspace.
        demo: a marked sample: any volume will do.
        encrypted_ok: somebody typed `PLAIN_VOLUME_WORDS`.
        recipients: circle → public age recipient.
        cost: of one guess at the passphrase; weaker ones are for tests.
        more_keys: what other rooms need in the key ring from its first moment on, by name.
    Raises:
        InputError: the zone or a recipient is wrong, the passphrase empty, the folder not empty.
        ConfigError: `workspace-exists`; or `volume-plain` or `volume-unknown` without the typed words.
    """
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow links that a user means to keep
    _check_zone(zone)
    if as_of is not None and as_of.tzinfo is None:
        raise ValueError("as_of must carry a zone")
    for recipient in (recipients or {}).values():
        _check_recipient(recipient)
    _check_empty(folder)
    if not (demo or encrypted_ok):
        _check_volume(folder)
    facts = Facts(
        format=FORMAT,
        id=secrets.token_hex(16),
        zone=zone,
        as_of=as_of,
        demo=demo,
        recipients=dict(sorted((recipients or {}).items())),
    )
    made = _workspace(folder, facts)
    with disk_errors():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in FOLDERS:
            (folder / name).mkdir(mode=0o700, exist_ok=True)
        create_ring(made.keys, passphrase, workspace_id=facts.id, cost=cost, secrets=more_keys)
        made.manifest.create()
    made.replace(FILE, facts)
    return made


def open_workspace(folder: Path | str) -> Workspace:
    """Open an existing workspace; its keys stay locked.

    Raises:
        ConfigError: there is none, or a newer version wrote it.
        EvidenceDamaged: its facts cannot be read.
    """
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 - as in create
    return _workspace(folder, _read_facts(folder))


def _workspace(folder: Path, facts: Facts) -> Workspace:
    return Workspace(folder=folder, id=facts.id, zone=facts.zone, as_of=facts.as_of, demo=facts.demo)


class _Version(msgspec.Struct):
    format: int


def _read_facts(folder: Path) -> Facts:
    try:
        data = (folder / FILE).read_bytes()
    except OSError:
        raise ConfigError("workspace-missing", name=folder.name) from None
    try:
        found = msgspec.json.decode(data, type=_Version).format
        if found > FORMAT:
            raise ConfigError("workspace-newer", found=found, ours=FORMAT)
        return msgspec.json.decode(data, type=Facts)
    except msgspec.MsgspecError as error:
        raise EvidenceDamaged("archive-damaged", part=FILE) from error


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise InputError("value-wrong", name="zone", value=zone, kind="an IANA zone such as Asia/Baghdad") from None


def _check_recipient(recipient: str) -> None:
    try:
        pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError:
        raise InputError("value-wrong", name="recipient", value="…", kind="an age X25519 recipient") from None


def _check_empty(folder: Path) -> None:
    if (folder / FILE).exists():
        raise ConfigError("workspace-exists")
    # What a creation that was cut off left behind is no obstacle: nothing can rest on it yet.
    if folder.exists() and not {item.name for item in folder.iterdir()} <= set(FOLDERS):
        raise InputError("folder-not-empty", name=folder.name)


def _check_volume(folder: Path) -> None:
    match volume.is_encrypted(folder):
        case False:
            raise ConfigError("volume-plain", words=PLAIN_VOLUME_WORDS)
        case None:
            raise ConfigError("volume-unknown", words=PLAIN_VOLUME_WORDS)
        case True:
            pass
