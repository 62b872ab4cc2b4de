"""The importers by name: ours and those of other packages, through one door; and detection by content."""

from __future__ import annotations

from functools import cache
from typing import Final

from dalil.errors import InputError
from dalil.plugins import Registry
from dalil.sources.formats.activitypub_outbox.importer import ActivityPubOutbox
from dalil.sources.formats.auto_archiver.importer import AutoArchiver
from dalil.sources.formats.bluesky_api.importer import BlueskyApi
from dalil.sources.formats.bluesky_jetstream.importer import BlueskyJetstream
from dalil.sources.formats.clemson_csv.importer import ClemsonCsv
from dalil.sources.formats.crowdtangle_csv.importer import CrowdTangleCsv
from dalil.sources.formats.facebook_download.importer import FacebookDownload
from dalil.sources.formats.feeds.importer import Feeds
from dalil.sources.formats.fourcat.importer import FourCat
from dalil.sources.formats.gazouilloire_csv.importer import GazouilloireCsv
from dalil.sources.formats.hand_capture.importer import HandCapture
from dalil.sources.formats.mastodon.importer import Mastodon
from dalil.sources.formats.meta_content_library_csv.importer import MetaContentLibraryCsv
from dalil.sources.formats.plain_table.importer import PlainTable
from dalil.sources.formats.reddit.importer import Reddit
from dalil.sources.formats.telegram_desktop.importer import TelegramDesktop
from dalil.sources.formats.telethon.importer import Telethon
from dalil.sources.formats.tgdataset.importer import TgDataset
from dalil.sources.formats.tiktok_zeeschuimer.importer import TikTokZeeschuimer
from dalil.sources.formats.x_api_v1.importer import XApiV1
from dalil.sources.formats.x_api_v2.importer import XApiV2
from dalil.sources.formats.x_archive.importer import XArchive
from dalil.sources.formats.x_io_csv.importer import XIoCsv
from dalil.sources.formats.x_zeeschuimer.importer import XZeeschuimer
from dalil.sources.formats.youtube_api.importer import YouTubeApi
from dalil.sources.formats.yt_dlp.importer import YtDlp
from dalil.sources.importer import Importer, checked
from dalil.sources.names import shown, shown_bytes

GROUP: Final = "dalil.importers"
SURE_ENOUGH: Final = 0.5


@cache
def importers() -> Registry[Importer]:
    """All importers; one that cannot be loaded is listed in `disabled` with its reason."""
    registry: Registry[Importer] = Registry(GROUP, checked)
    ours = (
        ActivityPubOutbox(),
        AutoArchiver(),
        BlueskyApi(),
        BlueskyJetstream(),
        ClemsonCsv(),
        CrowdTangleCsv(),
        FacebookDownload(),
        Feeds(),
        FourCat(),
        GazouilloireCsv(),
        HandCapture(),
        Mastodon(),
        MetaContentLibraryCsv(),
        PlainTable(),
        Reddit(),
        TelegramDesktop(),
        Telethon(),
        TgDataset(),
        TikTokZeeschuimer(),
        XApiV1(),
        XApiV2(),
        XArchive(),
        XIoCsv(),
        XZeeschuimer(),
        YouTubeApi(),
        YtDlp(),
    )
    for importer in ours:
        registry.add(importer)
    registry.load_entry_points()
    return registry


def detect(head: bytes) -> Importer | None:
    """The importer that is surest of a file's first bytes; None where nobody is sure enough."""
    found = sorted((-importer.detect(head), importer.manifest.name) for importer in importers())
    if not found or -found[0][0] < SURE_ENOUGH:
        return None
    return importers()[found[0][1]]


def named(name: str) -> Importer:
    """The importer that a person named.

    Raises:
        InputError: `value-wrong`; nobody has this name.
    """
    if name not in importers():
        known = " | ".join(importers().by_name())
        raise InputError("value-wrong", name="format", value=shown(name), kind=known)
    return importers()[name]


def unknown(name: str, head: bytes) -> InputError:
    """The error for a file that nobody reads: its name made safe to show, and what it begins with.

    A table is told apart from it: it can be read as soon as somebody says what its columns mean.
    """
    if is_table(head):
        return InputError("table-unmapped", name=shown(name))
    return InputError("format-unknown", name=shown(name), head=shown_bytes(head))


def is_table(head: bytes) -> bool:
    """Whether a file that nobody reads by itself is a table, which a column mapping makes readable."""
    return importers()["plain-table"].detect(head) > 0
