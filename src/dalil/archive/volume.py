"""Whether the volume under a path is encrypted, as far as Linux tells without asking anybody's rights.

A device counts as encrypted when it is a dm-crypt mapping, or when everything it is built of is
(LVM or RAID on LUKS). What cannot be seen from here (network file systems, ZFS, eCryptfs, FUSE,
containers' overlays, other systems) is None: unknown, never guessed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

_CRYPT: Final = re.compile(r"(part\d+-)?CRYPT-(?!VERITY|INTEGRITY)")
"""Verity and integrity mappings carry the CRYPT- mark and encrypt nothing."""
_BLOCK_FILE_SYSTEMS: Final = frozenset(
    {"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "vfat", "exfat", "ntfs3", "jfs"}
)
_DEPTH: Final = 16


class _Mount(NamedTuple):
    point: Path
    device: str
    kind: str
    source: str


def is_encrypted(path: Path, *, root: Path = Path("/")) -> bool | None:
    """Whether what is written under `path` is encrypted at rest.

    Args:
        path: an absolute path; the nearest part of it that exists decides.
        root: where `proc`, `sys` and `dev` lie; a made-up tree in the tests.
    Returns:
        True or False where the system tells, None where it does not.
    """
    mount = _mount_of(path, root)
    if mount is None or mount.kind not in _BLOCK_FILE_SYSTEMS:
        return None
    device = _device(mount, root)
    if device is None:
        return None
    found = _device_encrypted(device, 0)
    if found is False and _exists(root / mount.point.relative_to("/") / ".fscrypt"):
        return None  # fscrypt encrypts single folders; which ones cannot be read from here
    return found


def _mount_of(path: Path, root: Path) -> _Mount | None:
    try:
        lines = (root / "proc/self/mountinfo").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    best: _Mount | None = None
    for line in lines:
        left, _, right = line.partition(" - ")
        fields, tail = left.split(" "), right.split(" ")
        if len(fields) < 5 or len(tail) < 2:
            continue
        mount = _Mount(Path(_unescape(fields[4])), fields[2], tail[0], _unescape(tail[1]))
        # A later line covers an earlier one at the same point.
        if path.is_relative_to(mount.point) and (best is None or len(mount.point.parts) >= len(best.point.parts)):
            best = mount
    return best


def _device(mount: _Mount, root: Path) -> Path | None:
    """The block device's folder in sysfs. btrfs mounts carry a number of their own: there the name decides."""
    by_number = root / "sys/dev/block" / mount.device
    if _exists(by_number):
        return by_number.resolve()
    if not mount.source.startswith("/dev/"):
        return None
    name = (root / mount.source.lstrip("/")).resolve().name
    by_name = root / "sys/class/block" / name
    return by_name.resolve() if _exists(by_name) else None


def _device_encrypted(device: Path, depth: int) -> bool | None:
    if depth > _DEPTH:
        return None
    if _CRYPT.match(_text(device / "dm/uuid")):
        return True
    if _exists(device / "loop"):
        return None
    slaves = sorted((device / "slaves").iterdir()) if _exists(device / "slaves") else []
    if not slaves and _exists(device / "partition"):
        # A partition of a mapping or an array: what holds it decides.
        return _device_encrypted(device.parent, depth + 1)
    if not slaves:
        return False
    answers = [_device_encrypted(slave.resolve(), depth + 1) for slave in slaves]
    if False in answers:
        return False
    return None if None in answers else True


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _text(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace")
    except OSError:
        return ""


def _unescape(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), field)
