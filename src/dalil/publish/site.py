"""The whole site, made in memory and put in its folder at once: the old site or the new one, never half."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from dalil.desk.rows import SettledAnswer
from dalil.errors import ConfigError, Conflict, InputError
from dalil.publish import pages
from dalil.publish.claimreview import claim_review
from dalil.publish.feed import feed
from dalil.schema.words import ClaimVerdict

MARKER: Final = ".dalil-site"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is public about the publisher: the organisation's `name`, the site's `address`, the list's `language`."""

    name: str
    address: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: page file names, newest first, and the bytes of all files."""

    pages: tuple[str, ...]
    size: int


def export(folder: Path, answers: Sequence[SettledAnswer], *, site: Site, today: date) -> Exported:
    """Write the site into `folder`, replacing an earlier export.

    Args:
        answers: settled ones, newest first (`desk.queries.settled_answers`).
        today: day of the export; it stands in the feed only while there are no answers.
    Raises:
        InputError: the site's address is not http(s) (`site-address`).
        Conflict: the folder holds something that is not an exported site (`folder-not-ours`).
        ConfigError: the disk is full or not writable (`disk-full`); the old site stays.
    """
    files = contents(answers, site=site, today=today)
    _replace(folder, files)
    listed = tuple(page_name(answer) for answer in answers)
    return Exported(listed, sum(len(data) for data in files.values()))


def contents(answers: Sequence[SettledAnswer], *, site: Site, today: date) -> dict[str, bytes]:
    """Every file of the site by name. Pure."""
    if not site.address.startswith(("https://", "http://")):
        raise InputError("site-address")
    address = site.address.rstrip("/") + "/"
    entries = [(page_name(answer), answer) for answer in answers]
    texts = {
        "index.html": pages.index_page(entries, language=site.language, organisation=site.name),
        "feed.atom": feed(entries, organisation=site.name, address=address, language=site.language, today=today),
        "site.css": pages.STYLE,
        MARKER: "An exported site of Dalil: the whole folder is replaced by the next export.\n",
    }
    texts |= {f"mark-{verdict.value}.svg": pages.mark(verdict) for verdict in ClaimVerdict}
    for name, answer in entries:
        review = claim_review(
            answer,
            page=address + name,
            image=f"{address}mark-{answer.verdict.value}.svg",
            organisation=site.name,
            address=address,
        )
        texts[name] = pages.answer_page(answer, review=review, organisation=site.name)
    return {name: text.encode("utf-8", "replace") for name, text in texts.items()}


def page_name(answer: SettledAnswer) -> str:
    """A page's file name: stable, and not the answer's id, which packets carry."""
    return hashlib.sha256(b"dalil/page/1\x00" + answer.answer_id.encode()).hexdigest()[:16] + ".html"


def _replace(folder: Path, files: Mapping[str, bytes]) -> None:
    if folder.exists() and not _ours(folder):
        raise Conflict("folder-not-ours", name=folder.name)
    staging: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".new", dir=folder.parent))
        staging.chmod(0o755)
        for name, data in files.items():
            _write(staging / name, data)
        _swap(folder, staging)
    except OSError as error:
        if error.errno in _FULL:
            raise ConfigError("disk-full") from None
        raise
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)


def _ours(folder: Path) -> bool:
    return folder.is_dir() and ((folder / MARKER).is_file() or not any(folder.iterdir()))


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _swap(folder: Path, staging: Path) -> None:
    """Two renames. Between them the folder is missing for a moment; a failure puts the old one back."""
    old = staging.with_suffix(".old")
    had = folder.exists()
    if had:
        folder.rename(old)
    try:
        staging.rename(folder)
    except OSError:
        if had:
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
