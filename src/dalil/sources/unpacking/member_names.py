"""Names of archive members: which of them stay inside, as `a/b/c`; they are looked up by and never stored."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 4096
_DRIVE: Final = re.compile(r"[A-Za-z]:")


def inner_path(name: str) -> str | None:
    """The name with plain slashes and without empty parts; None where it climbs out, is absolute, names a
    drive, holds a NUL, or is too long.

    A backslash is a slash: archives made on Windows hold them, and on Windows they would be one.
    """
    plain = name.replace("\\", "/")
    if not plain or len(plain) > LONGEST or "\0" in plain or plain.startswith("/") or _DRIVE.match(plain):
        return None
    parts = [part for part in plain.split("/") if part not in ("", ".")]
    return "/".join(parts) if parts and ".." not in parts else None


def resolved(at: str, relative: str) -> str | None:
    """What `relative` names when read at the folder `at` of an archive; None where it leaves the archive."""
    plain = relative.replace("\\", "/")
    if not plain or len(plain) > LONGEST or "\0" in plain or plain.startswith("/") or _DRIVE.match(plain):
        return None
    parts = at.split("/") if at else []
    for part in plain.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def folder_of(path: str) -> str:
    """The folder part of an inner path; empty at the top."""
    return path.rpartition("/")[0]
