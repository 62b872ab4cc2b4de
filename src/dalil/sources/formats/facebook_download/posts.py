"""One entry as a post: words mended (law 4), an id derived, nobody named (law 9)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import MediaRef, Post, ReadWarning, Url
from dalil.schema.words import Completeness, IdQuality, Kind, State, Visibility, ZoneBasis
from dalil.sources import times
from dalil.sources.addresses import TRAILING
from dalil.sources.formats.facebook_download.shapes import Entry, Medium
from dalil.sources.importer import MediaBytes, Record
from dalil.sources.media_files import beside
from dalil.sources.mojibake import damaged, mended
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.reading import Root
from dalil.sources.redaction import DOTTED_HANDLE, Scope, Shift, apply
from dalil.sources.rereading import MENTIONED
from dalil.sources.unnaming import Named

PLATFORM: Final = "facebook"
OWN_PAGE: Final = "own_page"
"""What the table of who is public calls the page whose download the operator says it is."""
NOT_READ: Final = "personal-media"
"""Of a member's own download no picture or video is read: it shows whom the member knows."""
_NAMED: Final = re.compile(r"@\[(\d{1,20}):(?:\d+:)?([^\]]*)(?:\]|\Z)")
_LINK: Final = re.compile(r"https?://[^\s<>\"]+")
_HASHTAG: Final = re.compile(r"(?<!\w)#(\w+)")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose download it is: a public page, or a member, of whom nothing is known or kept."""

    page: Who | None
    known_as: frozenset[tuple[str, str]] = frozenset()
    true_uid: str = ""

    @property
    def is_public(self) -> bool:
        return self.page is not None and self.page.public


def post_record(entry: Entry, owner: Owner, privacy: Pseudonymiser, root: Root | None, limit: int) -> Record | None:
    """The entry; None where there is nothing in it."""
    scope = Scope(privacy, PLATFORM, own=owner.known_as, handle=DOTTED_HANDLE)
    written = entry.words()
    whole = mended(written)
    text, mentions, named = _redacted(whole, scope)
    parts = entry.parts()
    links = [mended(part.external_context.url) for part in parts if part.external_context and part.external_context.url]
    media = [_medium(part.media, owner, root, limit) for part in parts if part.media and part.media.uri]
    if not (text or links or media):
        return None
    public = owner.is_public
    key = "d:" + content_version(owner.true_uid, str(entry.timestamp), whole, *links)
    shown = privacy.post(PLATFORM, key, public=public)
    refs = tuple(ref for ref, _, _ in media)
    warnings = [ReadWarning(doubt, "media") for _, _, doubt in media if doubt]
    warnings += [ReadWarning("field-dropped", "place") for part in parts if part.place]
    urls = urls_of(text, [scope.clean(link) for link in links])
    times_ = (entry.timestamp, *(datum.update_timestamp for datum in entry.data))
    post = _post(entry, owner, shown, text, warnings)
    raw: dict[str, object] = {
        "id": shown,
        "owner": owner.page.native_id if owner.page else None,
        "times": [time for time in times_ if time is not None],
        "text": text,
        "links": [url.expanded or url.as_written for url in urls],
        "media": refs,
    }
    if named:
        raw["named"] = named
    return Record(
        kind=Kind.POST,
        uid=post.uid,
        version=content_version(text, *(ref.sha256 for ref in refs), post.state.value),
        raw=canonical_bytes(raw),
        post=replace(
            post,
            text_raw=damaged(text) if whole != written else None,
            mentions=mentions,
            urls=urls,
            media=refs,
        ),
        author_ref=post.author_ref,
        author_public=public,
        media=tuple(data for _, data, _ in media if data is not None),
        signal_text=text,
        locators=privacy.take_locators(),
        warnings=tuple(warnings),
    )


def _post(entry: Entry, owner: Owner, shown: str, text: str, warnings: list[ReadWarning]) -> Post:
    at = times.from_epoch(entry.timestamp)
    if at is None:
        warnings.append(ReadWarning("time-unreadable", "timestamp", str(entry.timestamp)[:40]))
    changes = [datum.update_timestamp for datum in entry.data if datum.update_timestamp is not None]
    later = [change for change in changes if change > entry.timestamp]
    edited = times.from_epoch(max(later)) if later else None
    claimed = next((d.backdated_timestamp for d in entry.data if d.backdated_timestamp is not None), None)
    return Post(
        uid=f"{PLATFORM}:{shown}",
        platform=PLATFORM,
        native_id=shown,
        id_quality=IdQuality.DERIVED if owner.is_public else IdQuality.HASHED,
        author_ref=owner.page.uid if owner.page else None,
        container_ref=owner.page.uid if owner.page else None,
        created_at=at,
        created_zone_basis=ZoneBasis.EPOCH if at else ZoneBasis.UNKNOWN,
        claimed_at=at if claimed is None else times.from_epoch(claimed),
        server_indexed_at=at,
        edited_at=edited,
        state=State.EDITED if later else State.LIVE,
        state_at=edited,
        visibility=Visibility.UNKNOWN if owner.page is None else Visibility.PUBLIC,
        text=text,
        text_complete=Completeness.YES,
        hashtags=tuple(_HASHTAG.findall(text)),
    )


def _redacted(text: str, scope: Scope) -> tuple[str, tuple[str, ...], list[Named]]:
    """Names of friends and pages that a text links to (`@[5:2048:Name]`), mentions and addresses replaced; and where
    the names of public ones stand."""
    parts: list[str] = []
    places: list[Named] = []
    last = length = 0
    for match in _NAMED.finditer(text):
        who = scope.privacy.account(PLATFORM, match[1])
        public = who.public or (PLATFORM, match[1]) in scope.own
        shown = match[2] if public else f"@{who.native_id}"
        length += match.start() - last
        if public and shown:
            places.append((length, length + len(shown), match[1]))
        parts += (text[last : match.start()], shown)
        length, last = length + len(shown), match.end()
    text = "".join([*parts, text[last:]])
    edits = scope.edits(text)
    shift = Shift(edits)
    clean = apply(text, edits)
    found = [(shift.start(edit.start), edit.new) for edit in edits if edit.kind == "mention"]
    found += [(match.start(), match[0]) for match in MENTIONED.finditer(clean)]
    named = [(shift.start(at), shift.end(to), who_) for at, to, who_ in places]
    return clean, tuple(dict.fromkeys(name for _, name in sorted(found))), named


def urls_of(text: str, links: list[str]) -> tuple[Url, ...]:
    found = [Url(match.rstrip(TRAILING)) for match in _LINK.findall(text)]
    known = {url.as_written for url in found}
    return (*found, *(Url(link, link) for link in dict.fromkeys(links) if link not in known))


def _medium(medium: Medium, owner: Owner, root: Root | None, limit: int) -> tuple[MediaRef, MediaBytes | None, str]:
    """A page's medium with its bytes, where they lie beside the file; of a member's only that there is one."""
    if not owner.is_public:
        return MediaRef(not_included=NOT_READ), None, ""
    steps = mended(medium.uri or "").replace("\\", "/").split("/")
    data, doubt = None, "media-not-found"
    for start in range(len(steps)):  # the file may lie anywhere below the download's top folder
        data, doubt = beside(root, "/".join(steps[start:]), limit=limit)
        if data is not None or doubt != "media-not-found":
            break
    if data is None:
        return MediaRef(not_included=doubt), None, doubt
    sha256 = hashlib.sha256(data).hexdigest()
    return MediaRef(sha256=sha256), MediaBytes(sha256=sha256, data=data), ""
