"""Hand capture: one post, kept by a person, from wherever it was seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from dalil.actions.house import House
from dalil.actions.importing import take_in
from dalil.archive.scratch import Scratch
from dalil.errors import InputError
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.sources.formats.hand_capture import writing

KINDS = ("page", "group", "channel", "outlet", "person")


class CaptureForm(msgspec.Struct, frozen=True, kw_only=True):
    """What a person fills in: at least a text, an address or a screenshot."""

    platform: str
    address: str = ""
    text: str = ""
    page_name: str = ""
    account_kind: str = "person"
    seen_at: datetime


def capture(actor: Actor, form: CaptureForm, screenshots: Sequence[bytes], *, house: House) -> str:
    """Keep one post and answer its observation id; keeping it twice answers the same id.

    Args:
        screenshots: pictures of this one post, in the order in which they were taken.
    Raises:
        InputError: nothing was given to keep, a screenshot is no picture, or the kind of account is none of `KINDS`.
        NotAllowed: this actor may not capture.
    """
    require(actor, Act.CAPTURE)
    if not (form.text.strip() or form.address.strip() or screenshots):
        raise InputError("capture-empty")
    if form.account_kind not in KINDS:
        raise InputError("value-wrong", name="kind", value=form.account_kind, kind=", ".join(KINDS))
    with Scratch(house.workspace.tmp) as scratch:
        made = writing.make(
            scratch.name(),
            platform=form.platform,
            address=form.address,
            text=form.text,
            page_name=form.page_name,
            account_kind=form.account_kind,
            seen_at=form.seen_at,
            screenshot=screenshots[0] if screenshots else None,
            more_screenshots=screenshots[1:],
        )
        given = take_in(actor, made, house=house, source_format="hand-capture", collected_at=house.now())
    [report] = given.files
    if report.read != 1 or report.rejected:
        raise InputError("capture-refused", reason=", ".join(report.rejected) or "unread")
    return given.last
