"""Pictures as pages may show them: decoded in a limited child, drawn anew small, still and grey."""

from __future__ import annotations

from pathlib import Path

import msgspec

from dalil.actions import demo
from dalil.actions.house import House
from dalil.actions.keeping import failure
from dalil.actions.seeing import read_limited
from dalil.errors import NotAllowed, NotAvailable
from dalil.jobs.sandbox import Limits, run
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.schema.chunks import Failed, PictureOrder


def thumbnail(actor: Actor, sha256: str, *, house: House) -> bytes:
    """A picture of the archive as a small grey JPEG.

    Raises:
        NotAllowed: the archive does not hold it, or this actor may not see it.
        InputError: it is no picture that we decode.
    """
    require(actor, Act.READ)
    try:
        path = house.archive.media_path(sha256)
    except NotAvailable:
        raise NotAllowed("no-such-thing") from None
    return thumbnail_of(actor, read_limited(path, house), house=house)


def thumbnail_of(actor: Actor, data: bytes, *, house: House) -> bytes:
    """Any picture as a small grey JPEG; it is neither kept nor logged.

    Raises:
        InputError: it is no picture that we decode.
        LimitReached: it is too large, or decoding it went past a limit.
    """
    require(actor, Act.READ)
    order = msgspec.msgpack.encode(PictureOrder(data=data, max_pixels=house.settings.picture_pixels))
    with run("dalil.intake.thumbnail", order, limits=Limits.from_settings(house.settings)) as child:
        answer = child.stdout.read()
        child.finish()
    found = msgspec.msgpack.decode(answer, type=bytes | Failed)
    if isinstance(found, Failed):
        raise failure(found.code, found.facts)
    return found


def example(house: House) -> Path | None:
    """The sample's picture to look up, in a demo that was built; else None."""
    path = demo.example(house) if house.workspace.demo else None
    return path if path is not None and path.is_file() else None
