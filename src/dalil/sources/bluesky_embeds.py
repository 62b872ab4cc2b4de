"""What is attached to a post of Bluesky: pictures, videos, a link, another post.

Clients write embeds of many kinds; what has none of the known shapes is left out.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from dalil.sources.decoding import side


class Medium(NamedTuple):
    """One picture or video; `url` only where a server's view came along."""

    key: str | None
    mime: str | None = None
    width: int | None = None
    height: int | None = None
    alt_text: str | None = None
    url: str | None = None


class Embed(NamedTuple):
    """Everything attached. `link` is address, title, description; `quoted` the address of a record."""

    media: tuple[Medium, ...] = ()
    link: tuple[str, str, str] | None = None
    quoted: str | None = None


def embed_of(embed: Any, view: Any) -> Embed:
    """Read an embed as a client wrote it, with the addresses that a server's view of it gives."""
    match embed:
        case {"media": dict(media), "record": dict(record)}:
            inner = view.get("media") if isinstance(view, dict) else None
            return embed_of(media, inner)._replace(quoted=_quoted({"record": record}))
        case {"images": [*images]}:
            return Embed(tuple(_image(image, _nth(view, at)) for at, image in enumerate(images[:20]) if isinstance(image, dict)))  # fmt: skip
        case {"video": dict(video)}:
            return Embed((_video(embed, video, view),))
        case {"external": {"uri": str(uri), **more}}:
            title, words = (more.get(name) for name in ("title", "description"))
            return Embed(link=(uri[:4000], title if isinstance(title, str) else "", words if isinstance(words, str) else ""))  # fmt: skip
        case {"record": dict()}:
            return Embed(quoted=_quoted(embed))
        case _:
            return Embed()


def _quoted(embed: Any) -> str | None:
    """The quoted record's address; with media beside it, it stands one level deeper."""
    match embed:
        case {"record": {"uri": str(uri)}} | {"record": {"record": {"uri": str(uri)}}}:
            return uri
        case _:
            return None


def _image(image: dict[str, Any], view: Any) -> Medium:
    key, mime = _blob(image.get("image"))
    alt, full = image.get("alt"), view.get("fullsize") if isinstance(view, dict) else None
    return Medium(key, mime or "image/*", *_sides(image, view), _text(alt), _text(full))


def _video(embed: dict[str, Any], video: dict[str, Any], view: Any) -> Medium:
    key, mime = _blob(video)
    playlist = view.get("playlist") if isinstance(view, dict) else None
    return Medium(key, mime or "video/*", *_sides(embed, view), _text(embed.get("alt")), _text(playlist))


def _blob(blob: Any) -> tuple[str | None, str | None]:
    """(hash, type) of a blob, as written now and as it was until 2023."""
    match blob:
        case {"ref": {"$link": str(key)}, "mimeType": str(mime)} | {"cid": str(key), "mimeType": str(mime)}:
            return key[:200], mime[:100]
        case {"ref": {"$link": str(key)}} | {"ref": str(key)}:
            return key[:200], None
        case _:
            return None, None


def _sides(*places: Any) -> tuple[int | None, int | None]:
    for place in places:
        ratio = place.get("aspectRatio") if isinstance(place, dict) else None
        if isinstance(ratio, dict):
            return side(ratio.get("width")), side(ratio.get("height"))
    return None, None


def _nth(view: Any, at: int) -> Any:
    images = view.get("images") if isinstance(view, dict) else None
    return images[at] if isinstance(images, list) and at < len(images) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
