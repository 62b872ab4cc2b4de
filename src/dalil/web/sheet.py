"""The address of the one stylesheet, with the hash of its content, so that a browser may keep it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "static" / "web"


def _address(name: str) -> str:
    digest = hashlib.sha256((_FOLDER / name).read_bytes()).hexdigest()[:10]
    return f"/static/web/{name}?v={digest}"


SHEET: Final = _address("dalil.css")
PAPER: Final = _address("paper.css")
"""Of the sheet that is printed and filled in by hand."""
