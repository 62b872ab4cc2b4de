"""What auto-archiver leaves of an item, written for tests after the source of its JSON enricher and storage."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from sources_files import PNG

OTS = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94" + bytes(40)
TSR = b"\x30\x82\x0f\x00" + bytes(60)
PAGE = b"<!DOCTYPE html><html><body>Hidden Person (@hidden_one) wrote</body></html>"
PUBLIC = "https://x.com/SahlaraToday/status/1600000000000000123"
PRIVATE = "https://x.com/hidden_one/status/1600112233445566"


def medium(filename: str, data: bytes | None = None, **more: Any) -> dict[str, Any]:
    """One file as the enricher names it: by its path on the machine that archived."""
    properties = dict(more.pop("properties", {}))
    if data is not None:
        properties["hash"] = f"SHA-256:{hashlib.sha256(data).hexdigest()}"
    return {"filename": f"/tmp/tmpdir/{filename}", "_key": None, "urls": [], "properties": properties} | more


def item(url: str = PUBLIC, *, media: list[dict[str, Any]] | None = None, **details: Any) -> dict[str, Any]:
    given = {
        "_processed_at": "2026-05-17 11:20:00.123456+00:00",
        "url": url,
        "timestamp": "2026-05-11 15:34:16+00:00",
        "title": "Sahlara Today",
        "content": "The bridge at Tel Nahr stands.",
        "tmp_dir": "/home/somebody/tmp",
    }
    return {
        "status": "generic_extractor: success",
        "metadata": given | details,
        "media": media if media is not None else [],
        "_context": {},
    }


def folder(at: Path, url: str = PUBLIC, **details: Any) -> Path:
    """An item in a folder of its own, as local storage leaves it; its files under random names."""
    at.mkdir(parents=True, exist_ok=True)
    files = {"q1w2.png": PNG, "q1w2.ots": OTS, "e3r4.tsr": TSR, "t5y6.html": PAGE, "u7i8.txt": hashes(PNG)}
    for name, data in files.items():
        (at / name).write_bytes(data)
    proof = medium("photo.png.ots", OTS, _mimetype="application/vnd.opentimestamps")
    media = [medium("photo.png", PNG, _mimetype="image/png", properties={"opentimestamp_files": [proof]})]
    (at / "a9s8.json").write_text(json.dumps(item(url, media=media, **details), indent=4, ensure_ascii=False))
    return at


def hashes(*given: bytes) -> bytes:
    return "\n".join(hashlib.sha256(data).hexdigest() for data in given).encode()
