"""Why a record was rejected or passed over, in the reader's language. A code that is not here is shown as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from dalil.web.words import Words

REJECTED: Final[Words] = {
    "capture-empty": _("It holds neither words nor a screenshot."),
    "chat-without-id": _("The chat has no id."),
    "columns-differ": _("The row has another number of columns than the header."),
    "csv-broken": _("A quotation mark does not close."),
    "encoding-wrong": _("Its letters cannot be read."),
    "id-unreadable": _("Its id cannot be read."),
    "json-broken": _("It is no whole JSON."),
    "json-truncated": _("The file ends in the middle of it."),
    "nested-too-deep": _("It is nested deeper than any export is."),
    "platform-unknown": _("Its platform is not known."),
    "post-missing": _("It names a post and does not hold it."),
    "quote-open": _("A quotation mark does not close."),
    "record-too-long": _("It is longer than a record may be."),
    "row-without-content": _("The row holds neither text, address nor screenshot."),
    "row-without-id": _("The row has no id."),
    "shape-unknown": _("It is not built as its format says."),
    "time-without-zone": _("Its time has no zone."),
    "version-unknown": _("A newer version wrote it."),
    "xml-broken": _("It is no whole XML."),
    "xml-truncated": _("The file ends in the middle of it."),
}
PASSED_OVER: Final[Words] = {
    "account-data": _("Account data, which are never read"),
    "activity-not-read": _("Activities that are no posts"),
    "empty-message": _("Messages without content"),
    "error-entry": _("Errors that are about no post"),
    "like-not-read": _("Likes: who liked what is not read"),
    "media-file": _("Photos, videos and sounds: kept where a record names them"),
    "other-file": _("Files of another kind"),
    "other-object": _("Entries of another kind"),
    "personal-export": _("Parts of a member’s own export that are never read"),
    "private-chat": _("Private chats, which are never read"),
    "profile-not-read": _("Profiles of persons"),
    "relations-not-read": _("Who follows whom is not read"),
    "service-message": _("Notices of the platform"),
    "stream-event": _("Notices of the stream"),
    "stream-limit": _("Notices that the stream left something out"),
    "system-file": _("Files of an operating system"),
    "unsupported-message": _("Messages that the platform did not hand out"),
}
