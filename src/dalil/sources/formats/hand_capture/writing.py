"""Writing captures: the bytes of one record, and a folder that the importer reads."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Required, TypedDict, Unpack

import msgspec

from dalil.errors import InputError
from dalil.schema.words import AccountKind, Precision
from dalil.sources.formats.hand_capture.shapes import FILE_NAME, FORMAT_VERSION, MOST_SCREENSHOTS, Capture
from dalil.sources.names import shown
from dalil.sources.platforms import KINDS, platform_named
from dalil.sources.screenshots import is_picture


class Fields(TypedDict, total=False):
    """What a person fills in; see `line_of`."""

    platform: Required[str]
    seen_at: Required[datetime]
    address: str | None
    text: str
    page_name: str | None
    native_id: str | None
    account_kind: str
    posted_at: datetime | None
    posted_precision: Precision


_LONGEST_TEXT: Final = 100_000
_LONGEST_FIELD: Final = 2_000


def line_of(
    *,
    platform: str,
    seen_at: datetime,
    address: str | None = None,
    text: str = "",
    page_name: str | None = None,
    native_id: str | None = None,
    account_kind: str = "person",
    posted_at: datetime | None = None,
    posted_precision: Precision = Precision.MINUTE,
    screenshot: bytes | None = None,
    more_screenshots: Sequence[bytes] = (),
) -> bytes:
    """The bytes of one capture, one line of JSON with its line end; deterministic.

    Args:
        platform: such as `facebook`, `x`, `telegram`; `twitter` is `x`.
        seen_at: aware; when the person saw it. `posted_at`: aware; when the post says it was made.
        account_kind: page, group, channel, outlet or person.
        screenshot: bytes of the picture; the record names them by their SHA-256.
        more_screenshots: of the further pictures of the same post, in their order.
    Raises:
        InputError: `value-wrong`, `capture-empty` or `picture-format`, for what a person entered.
        ValueError: a time without a zone.
    """
    if seen_at.tzinfo is None or (posted_at is not None and posted_at.tzinfo is None):
        raise ValueError("times are aware")
    named = platform_named(platform)
    if named is None:
        raise InputError("value-wrong", name="platform", value=shown(platform), kind=KINDS)
    if account_kind not in tuple(AccountKind):
        raise InputError("value-wrong", name="account_kind", value=shown(account_kind), kind=" | ".join(AccountKind))
    if not (text.strip() or address or screenshot):
        raise InputError("capture-empty")
    shots = _shots(screenshot, more_screenshots)
    _check_lengths(text=text, address=address, page_name=page_name, native_id=native_id)
    capture = Capture(
        dalil_capture=FORMAT_VERSION,
        platform=named,
        seen_at=seen_at.isoformat(),
        address=_filled(address),
        text=text,
        page_name=_filled(page_name),
        native_id=_filled(native_id),
        account_kind=AccountKind(account_kind),
        posted_at=posted_at.isoformat() if posted_at else None,
        posted_precision=posted_precision,
        screenshot=shots[0] if shots else None,
        screenshots=tuple(shots[1:]),
    )
    try:
        return msgspec.json.encode(capture) + b"\n"
    except UnicodeEncodeError:
        raise InputError("value-wrong", name="text", value="…", kind="valid Unicode") from None


def _check_lengths(**values: str | None) -> None:
    for name, value in values.items():
        longest = _LONGEST_TEXT if name == "text" else _LONGEST_FIELD
        if value and len(value) > longest:
            raise InputError("value-wrong", name=name, value=f"{len(value)} characters", kind=f"at most {longest} long")


def _shots(screenshot: bytes | None, more: Sequence[bytes]) -> list[str]:
    """The names of the pictures, each once.

    Raises:
        InputError: one is no picture, or there are too many.
    """
    given = [data for data in (screenshot, *more) if data]
    if not all(map(is_picture, given)):
        raise InputError("picture-format", mime="application/octet-stream")
    names = list(dict.fromkeys(map(screenshot_name, given)))
    if len(names) > MOST_SCREENSHOTS:
        raise InputError("value-wrong", name="screenshots", value=len(names), kind=f"at most {MOST_SCREENSHOTS}")
    return names


def make(
    folder: Path, *, screenshot: bytes | None = None, more_screenshots: Sequence[bytes] = (), **fields: Unpack[Fields]
) -> Path:
    """A folder with one capture and its screenshots, ready to be imported; `fields` as of `line_of`.

    Raises:
        InputError: as `line_of`.
    """
    line = line_of(screenshot=screenshot, more_screenshots=more_screenshots, **fields)
    return save(folder, line, screenshot, *more_screenshots)


def screenshot_name(data: bytes) -> str:
    """The name of a screenshot's file beside the captures: the SHA-256 of its bytes."""
    return hashlib.sha256(data).hexdigest()


def save(folder: Path, line: bytes, *screenshots: bytes | None) -> Path:
    """Add one capture and its screenshots to a folder, and give the folder back.

    The screenshots are written first, so that no record ever names a picture that is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for data in screenshots:
        if data is not None:
            (folder / screenshot_name(data)).write_bytes(data)
    with (folder / FILE_NAME).open("ab") as stream:
        stream.write(line)
    return folder


def _filled(value: str | None) -> str | None:
    return value.strip() or None if value else None
