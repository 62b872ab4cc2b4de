"""A message's text as the export writes it: one string, or pieces of it, joined with their marks."""

from __future__ import annotations

from dalil.sources.formats.telegram_desktop.shapes import Piece
from dalil.sources.redaction import Scope
from dalil.sources.telegram import texts
from dalil.sources.telegram.ids import peer
from dalil.sources.telegram.texts import Mark, Text


def read(pieces: str | list[str | Piece], scope: Scope) -> Text:
    """Join and redact."""
    if isinstance(pieces, str):
        return texts.read(pieces, (), scope)
    parts: list[str] = []
    marks: list[Mark] = []
    length = 0
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(piece)
            length += len(piece)
            continue
        end = length + len(piece.text)
        if piece.type != "plain":
            marks.append(_mark(length, end, piece))
        parts.append(piece.text)
        length = end
    return texts.read("".join(parts), marks, scope)


def _mark(start: int, end: int, piece: Piece) -> Mark:
    if piece.type == "mention_name":
        return Mark(start, end, piece.type, None, peer(piece.user_id) or peer(f"user{piece.user_id}"))
    return Mark(start, end, piece.type, piece.href or None)
