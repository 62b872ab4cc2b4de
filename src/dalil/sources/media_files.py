"""The bytes of a medium beside an export, within its folder only; its name is used and forgotten."""

from __future__ import annotations

from dalil.sources.reading import Root, inside


def beside(root: Root | None, named: str, *, limit: int) -> tuple[bytes | None, str]:
    """Its bytes; or None and the code of why not: `media-not-found` or `media-too-large`.

    Args:
        root: the only folder or archive that is looked into; None where there is none.
        named: the path in it, as the export writes it.
    """
    path = inside(root, named) if root is not None else None
    if path is None:
        return None, "media-not-found"
    try:
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except OSError:
        return None, "media-not-found"
    return (None, "media-too-large") if len(data) > limit else (data, "")
