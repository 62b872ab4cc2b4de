"""The workspace's keys: one file, wrapped by the passphrase, and what it holds while unlocked.

    passphrase ──Argon2id(salt, cost)──► wrapping key ──AES-256-GCM──► master key ──AES-256-GCM──► secrets

Changing the passphrase rewraps the master key alone. The cost is recorded in the file, so that it can
be raised later. Names of secrets are sealed with them. Source of the cost: RFC 9106, section 4, second
recommended option (64 MiB, 3 passes, 4 lanes).
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import msgspec
from argon2.low_level import ARGON2_VERSION, Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dalil.archive.disk import disk_errors, replace_file
from dalil.archive.scratch import Scratch, exclusive
from dalil.errors import ConfigError, EvidenceDamaged, InputError, NotAvailable

IDENTITY: Final = "identity"
FILE: Final = "keyring.json"
_FORMAT: Final = 1
_PSEUDONYM: Final = "pseudonym."
_NAME: Final = re.compile(r"[a-z0-9][A-Za-z0-9_.-]{0,120}")
_NONCE: Final = 12


class Cost(msgspec.Struct, frozen=True):
    """What one guess at the passphrase costs: Argon2id passes, memory in KiB, lanes."""

    passes: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4


_MOST: Final = Cost(passes=64, memory_kib=4 * 1024 * 1024, lanes=64)
"""A ring that asks for more than this is not ours: it would only stop the machine."""


class _Ring(msgspec.Struct, frozen=True, kw_only=True):
    """The file: nothing in it is secret without the passphrase."""

    format: int
    kdf: str
    kdf_version: int
    cost: Cost
    salt: bytes
    master: bytes
    secrets: bytes


class KeyRing:
    """The unlocked keys of one workspace; made by `create_ring` and `open_ring`.

    `get` gives raw bytes by name. Safe to use from several processes: a change is read, merged and
    written under a lock, and a name that is missing here is looked up in the file once more.
    """

    def __init__(self, folder: Path, workspace_id: str, master: bytes) -> None:
        self._folder = folder
        self._workspace_id = workspace_id
        self._master = master
        self._secrets: dict[str, bytes] = {}
        self._reload()

    def __repr__(self) -> str:
        return "KeyRing(…)"

    @property
    def identity(self) -> bytes:
        """32 bytes: the key of observation ids. It never changes."""
        return self.get(IDENTITY)

    @property
    def generation(self) -> int:
        """The newest generation of the pseudonym key, from 1; looked up anew, since another process may change it."""
        self._reload()
        return max(int(name.removeprefix(_PSEUDONYM)) for name in self._secrets if name.startswith(_PSEUDONYM))

    def pseudonym(self, generation: int | None = None) -> bytes:
        """32 bytes: the key of private persons' hashes, of one generation or of the newest.

        Raises:
            NotAvailable: there is no such generation.
        """
        return self.get(f"{_PSEUDONYM}{generation or self.generation}")

    def get(self, name: str) -> bytes:
        """The secret called `name`.

        Raises:
            NotAvailable: `key-missing`; this workspace does not hold it.
        """
        if name not in self._secrets:
            self._reload()
        if name not in self._secrets:
            raise NotAvailable("key-missing", name=name)
        return self._secrets[name]

    def has(self, name: str) -> bool:
        """Whether this workspace holds the secret."""
        if name not in self._secrets:
            self._reload()
        return name in self._secrets

    def names(self) -> list[str]:
        """The names of all secrets, sorted."""
        self._reload()
        return sorted(self._secrets)

    def put(self, name: str, value: bytes) -> None:
        """Keep a secret under a name; an old one of that name is replaced.

        Raises:
            ValueError: the name is not plain, or is that of the identity key or an existing pseudonym key.
        """
        if not _NAME.fullmatch(name):
            raise ValueError("the name of a key is letters, digits, dots, dashes and underscores")
        if name == IDENTITY or (name.startswith(_PSEUDONYM) and self.has(name)):
            raise ValueError(f"the key '{name}' cannot be replaced: everything stored rests on it")
        self._change({name: value})

    def forget(self, name: str) -> None:
        """Destroy a secret. What was made with it can no longer be opened.

        Raises:
            ValueError: it is the identity key.
        """
        if name == IDENTITY:
            raise ValueError("the identity key cannot be destroyed: everything stored rests on it")
        self._change({name: None})

    def add_generation(self) -> int:
        """Make a new pseudonym key for what is imported from now on; returns its generation."""
        self._reload()
        generation = self.generation + 1
        self.put(f"{_PSEUDONYM}{generation}", os.urandom(32))
        return generation

    def change_passphrase(self, passphrase: str, *, cost: Cost | None = None) -> None:
        """Wrap the master key by another passphrase; the old one opens nothing in the file any more.

        A copy of the old file, in a backup or in a freed block of the disk, still opens by the old one.
        """
        cost = cost or Cost()
        _check_passphrase(passphrase)
        with self._held():
            salt = os.urandom(16)
            ring = _read(self._folder)
            wrapped = _seal(_stretch(passphrase, salt, cost), self._master, _aad(self._workspace_id, "master"))
            self._write(msgspec.structs.replace(ring, salt=salt, cost=cost, master=wrapped))

    def _change(self, changes: dict[str, bytes | None]) -> None:
        with self._held():
            self._reload()
            merged: dict[str, bytes | None] = {**self._secrets, **changes}
            kept = {name: value for name, value in merged.items() if value is not None}
            sealed = _seal(self._master, msgspec.json.encode(kept), _aad(self._workspace_id, "secrets"))
            self._write(msgspec.structs.replace(_read(self._folder), secrets=sealed))
            self._secrets = kept

    def _reload(self) -> None:
        data = _open(self._master, _read(self._folder).secrets, _aad(self._workspace_id, "secrets"))
        if data is None:
            raise EvidenceDamaged("archive-damaged", part=FILE)
        self._secrets = msgspec.json.decode(data, type=dict[str, bytes])

    def _held(self) -> AbstractContextManager[None]:
        return exclusive(self._folder.parent / "tmp" / "keys.lock")

    def _write(self, ring: _Ring) -> None:
        _write(self._folder, ring)


def create_ring(
    folder: Path,
    passphrase: str,
    *,
    workspace_id: str,
    cost: Cost | None = None,
    secrets: Mapping[str, bytes] | None = None,
) -> KeyRing:
    """Make the keys of a new workspace: identity key and first pseudonym key, wrapped by the passphrase.

    Args:
        folder: the workspace's `keys/`; a `tmp/` must lie beside it.
        secrets: others that it must hold from its first moment on, by name.
    Raises:
        InputError: the passphrase is empty.
    """
    cost = cost or Cost()
    _check_passphrase(passphrase)
    master, salt = os.urandom(32), os.urandom(16)
    held = {**(secrets or {}), IDENTITY: os.urandom(32), f"{_PSEUDONYM}1": os.urandom(32)}
    ring = _Ring(
        format=_FORMAT,
        kdf="argon2id",
        kdf_version=ARGON2_VERSION,
        cost=cost,
        salt=salt,
        master=_seal(_stretch(passphrase, salt, cost), master, _aad(workspace_id, "master")),
        secrets=_seal(master, msgspec.json.encode(held), _aad(workspace_id, "secrets")),
    )
    _write(folder, ring)
    return KeyRing(folder, workspace_id, master)


def open_ring(folder: Path, passphrase: str, *, workspace_id: str) -> KeyRing:
    """Open the keys of a workspace.

    Raises:
        ConfigError: `passphrase-wrong`.
        EvidenceDamaged: the file is missing or is not a key ring.
    """
    ring = _read(folder)
    if ring.kdf != "argon2id" or any(
        have > most
        for have, most in zip(msgspec.structs.astuple(ring.cost), msgspec.structs.astuple(_MOST), strict=True)
    ):
        raise EvidenceDamaged("archive-damaged", part=FILE)
    master = _open(_stretch(passphrase, ring.salt, ring.cost), ring.master, _aad(workspace_id, "master"))
    if master is None:
        raise ConfigError("passphrase-wrong")
    return KeyRing(folder, workspace_id, master)


def _check_passphrase(passphrase: str) -> None:
    if not passphrase:
        raise InputError("value-wrong", name="passphrase", value="", kind="one character or more")


def _stretch(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    # NFKC: the same words typed on two keyboards must give the same bytes.
    secret = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    return hash_secret_raw(
        secret,
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=32,
        type=Type.ID,
    )


def _aad(workspace_id: str, part: str) -> bytes:
    return f"dalil keyring {_FORMAT} {workspace_id} {part}".encode()


def _seal(key: bytes, data: bytes, aad: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, aad)


def _open(key: bytes, sealed: bytes, aad: bytes) -> bytes | None:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], aad)
    except (InvalidTag, ValueError):
        return None


def _read(folder: Path) -> _Ring:
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=_Ring)
    except (OSError, msgspec.MsgspecError) as error:
        raise EvidenceDamaged("archive-damaged", part=FILE) from error


def _write(folder: Path, ring: _Ring) -> None:
    data = msgspec.json.format(msgspec.json.encode(ring), indent=1)
    with disk_errors(), Scratch(folder.parent / "tmp") as scratch:
        replace_file(folder / FILE, data, temporary=scratch.name())
