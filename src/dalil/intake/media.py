"""The media bytes of a chunk: their rows, their fingerprints, their blobs; each item once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from dalil.errors import InputError, LimitReached
from dalil.intake.columns import table
from dalil.intake.signals_port import PICTURE_METHOD, PICTURE_VERSION, PictureRow, Signals
from dalil.schema.chunks import ChildOrder
from dalil.schema.records import Media, ReadWarning
from dalil.schema.tables import BLOBS, IMAGE_SIGNALS, MEDIA
from dalil.sources.importer import MediaBytes


@dataclass(slots=True)
class MediaRows:
    """What a chunk's media add to it. A picture that cannot be decoded is kept, without a fingerprint."""

    order: ChildOrder
    signals: Signals
    bytes_held: int = 0
    _rows: list[tuple[str, Media]] = field(default_factory=list)
    _blobs: dict[str, bytes] = field(default_factory=dict)
    _pictures: dict[str, PictureRow] = field(default_factory=dict)
    _doubts: dict[str, str] = field(default_factory=dict)

    def add(self, obs_id: str, item: MediaBytes) -> ReadWarning | None:
        """Take in one item; the warning says why it has no fingerprint although it claims to be a picture."""
        mime = self.signals.media_type(item.data)
        if item.sha256 not in self._blobs:
            self._blobs[item.sha256] = item.data
            self.bytes_held += len(item.data)
            if mime.startswith("image/"):
                self._look(item)
        picture = self._pictures.get(item.sha256)
        media = Media(
            sha256=item.sha256,
            bytes=len(item.data),
            mime=mime,
            width=picture.width if picture else None,
            height=picture.height if picture else None,
            duration_s=item.duration_s,
            source_url=item.source_url,
            alt_text=item.alt_text,
        )
        self._rows.append((obs_id, media))
        doubt = self._doubts.get(item.sha256)
        return ReadWarning(doubt, "media", mime) if doubt else None

    def tables(self) -> dict[str, pa.Table]:
        """The three tables."""
        if not self._rows:
            return {}
        media = [row for _, row in self._rows]
        given: dict[str, Any] = {
            "obs_id": [obs_id for obs_id, _ in self._rows],
            "collected_at": [self.order.collected_at] * len(media),
        }
        found = {
            "media": table(media, MEDIA, given),
            "blobs": pa.table({"sha256": list(self._blobs), "data": list(self._blobs.values())}, schema=BLOBS),
        }
        if self._pictures:
            pictures = list(self._pictures.values())
            constant = {
                "sha256": list(self._pictures),
                "method": [PICTURE_METHOD] * len(pictures),
                "method_version": [PICTURE_VERSION] * len(pictures),
            }
            found["image_signals"] = table(pictures, IMAGE_SIGNALS, constant)
        return found

    def _look(self, item: MediaBytes) -> None:
        try:
            self._pictures[item.sha256] = self.signals.of_picture(item.data, max_pixels=self.order.picture_pixels)
        except (InputError, LimitReached) as error:
            self._doubts[item.sha256] = error.code
