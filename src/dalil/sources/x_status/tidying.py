"""Fields held to their form before anything is made of them: an id is an id, a country two letters.

A file may hold anything anywhere, and a field that is stored as it came (a language, a client, a
count that is text) would carry a name past the redaction of texts. What has not its form is dropped,
and that is said.
"""

from __future__ import annotations

import re
from typing import Any, Final

from msgspec import UNSET

from dalil.schema.records import ReadWarning
from dalil.sources.closed_words import LANGUAGE
from dalil.sources.counts import whole
from dalil.sources.x_status.shapes import Entities, Flag, Medium, Status, User, said

_ID: Final = re.compile(r"\s*[0-9A-Za-z_.+/=-]{1,64}\s*", re.ASCII)
_HANDLE: Final = re.compile(r"[0-9A-Za-z_]{1,50}", re.ASCII)
_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_WORD: Final = re.compile(r"[a-z_]{1,20}", re.ASCII)
_MEDIA: Final = re.compile(r"https?://[a-z]{1,20}\.twimg\.com/[\w./?=&%:+-]{1,300}", re.ASCII)
_IDS: Final = (
    *("user_id_str", "in_reply_to_status_id_str", "in_reply_to_user_id_str", "quoted_status_id_str"),
    "conversation_id_str",
)
_COUNTS: Final = ("retweet_count", "favorite_count", "reply_count", "quote_count", "bookmark_count", "view_count")
_USER_COUNTS: Final = ("followers_count", "friends_count", "statuses_count", "listed_count")


class Tidier:
    """Tidies one status, and what it says in `warnings`."""

    def __init__(self, warnings: list[ReadWarning]) -> None:
        self._warnings = warnings

    def status(self, status: Status) -> None:
        """The status itself, its entities and its user; not the statuses inside it."""
        for name in _IDS:
            self._match(status, name, _ID)
        self._match(status, "in_reply_to_screen_name", _HANDLE)
        self._match(status, "lang", LANGUAGE)
        self._counts(status, _COUNTS)
        for name in ("truncated", "possibly_sensitive", "withheld_copyright"):
            setattr(status, name, _flag(getattr(status, name)))
        status.withheld_in_countries = self._countries(status.withheld_in_countries)
        if status.place:
            self._match(status.place, "country_code", _COUNTRY)
        if status.edit_tweet_ids:
            status.edit_tweet_ids = [key for key in status.edit_tweet_ids if _is(key, _ID)]
        if status.edit_history:
            self._match(status.edit_history, "initial_tweet_id", _ID)
            ids = status.edit_history.edit_tweet_ids or []
            status.edit_history.edit_tweet_ids = [key for key in ids if _is(key, _ID)]
        if status.reposted:
            self._match(status.reposted, "id_str", _ID)
            self._match(status.reposted, "user_id_str", _ID)
            self._match(status.reposted, "screen_name", _HANDLE)
        extended = status.extended_tweet or None
        found = [status.entities, status.extended_entities]
        found += [extended.entities, extended.extended_entities] if extended else []
        for entities in found:
            if isinstance(entities, Entities):
                self._entities(entities)
        if status.user:
            self.user(status.user)

    def user(self, user: User) -> None:
        """An account."""
        self._match(user, "id_str", _ID)
        self._match(user, "screen_name", _HANDLE)
        self._counts(user, _USER_COUNTS)
        user.protected, user.verified = _flag(user.protected), _flag(user.verified)
        user.withheld_in_countries = self._countries(user.withheld_in_countries)

    def _entities(self, entities: Entities) -> None:
        for mention in entities.user_mentions or ():
            self._match(mention, "id_str", _ID)
            self._match(mention, "screen_name", _HANDLE)
        for medium in entities.media or ():
            self._medium(medium)

    def _medium(self, medium: Medium) -> None:
        self._match(medium, "id_str", _ID)
        self._match(medium, "media_key", _ID)
        self._match(medium, "type", _WORD)
        self._match(medium, "media_url_https", _MEDIA)
        if medium.original_info:
            self._counts(medium.original_info, ("width", "height"))
        if medium.video_info:
            self._counts(medium.video_info, ("duration_millis",))
            medium.video_info.variants = [
                variant for variant in medium.video_info.variants or () if _is(variant.url, _MEDIA)
            ]
            for variant in medium.video_info.variants:
                variant.content_type = UNSET
                self._counts(variant, ("bitrate",))

    def _match(self, holder: Any, name: str, form: re.Pattern[str]) -> None:
        value = getattr(holder, name)
        if value is UNSET or value is None or value == "" or _is(value, form):
            return
        setattr(holder, name, UNSET)
        self._warnings.append(ReadWarning("field-dropped", name))

    def _counts(self, holder: Any, names: tuple[str, ...]) -> None:
        """A count that is text and no number is null: something was said, and nobody knows what."""
        for name in names:
            value = getattr(holder, name)
            if isinstance(value, str) and whole(value) is None:
                setattr(holder, name, None)
                if value.strip():
                    self._warnings.append(ReadWarning("number-unreadable", name))

    def _countries(self, codes: Any) -> Any:
        if not codes:
            return codes
        kept = [code for code in codes if _is(code, _COUNTRY)]
        if len(kept) < len(codes):
            self._warnings.append(ReadWarning("field-dropped", "withheld_in_countries"))
        return kept


def _is(value: object, form: re.Pattern[str]) -> bool:
    """Whether a value has its form; numbers have that of an id."""
    if isinstance(value, str):
        return form.fullmatch(value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool) and form is _ID


def _flag(value: Flag) -> Flag:
    return said(value) if isinstance(value, str) else value
