"""Statuses of the embedding service, brought to the names of API v1.1."""

from __future__ import annotations

from msgspec import UNSET

from dalil.sources.formats.x_api_v1.shapes import Embedded
from dalil.sources.x_status.shapes import Entities, Status


def brought_home(status: Embedded) -> Status:
    """The status with its quoted and answered posts under their names in API v1.1; one of that API stays as it is."""
    waiting = [status]
    for one in waiting:
        if one.quoted_tweet:
            waiting.append(one.quoted_tweet)
            one.quoted_status = one.quoted_tweet
        if one.parent:
            waiting.append(one.parent)
        if one.media_details:
            one.extended_entities = Entities(media=one.media_details)
        if one.edit_control:
            one.edit_history = one.edit_control
        if one.typename is not UNSET and isinstance(one.text, str):
            one.full_text, one.text = one.text, UNSET
        one.typename = one.quoted_tweet = one.edit_control = one.media_details = UNSET
    return status
