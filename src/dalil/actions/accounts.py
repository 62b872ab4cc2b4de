"""Who is public, corrected by two circles; and what is held of an account that turned out to be a person's.

*This account is a public channel or outlet*: agreed to, it enters the workspace's list and is named from
the next import on. What is held stays as it is: to name it, every sealed address would have to be opened.

*This account is a person's*: agreed to, it is private from the next import on, whatever its kind; and a job
reads again every record that names it, with the account hashed, and expunges the record as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from dalil.actions import agreeing, unnaming
from dalil.actions.changing import LOCK, note_of
from dalil.actions.house import House
from dalil.actions.remapping import held_rows, reread
from dalil.archive import expunging as archive_expunging
from dalil.archive import raw
from dalil.archive.scratch import exclusive
from dalil.archive.writing import Writer
from dalil.audit.recording import record
from dalil.desk.models import Agreement
from dalil.desk.queries import referred
from dalil.errors import InputError, NotAllowed
from dalil.intake.rereading import by_capture
from dalil.jobs import queue
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.people.sealing import mark
from dalil.schema.chunks import Begin, Chunk, ChunkHead, End, PublicAccount
from dalil.schema.tables import MEDIA
from dalil.sources import registry
from dalil.sources.account_rules import RULES, Rule
from dalil.sources.platforms import KINDS, platform_named
from dalil.sources.rereading import Rereader

PUBLIC: Final = "public"
PRIVATE: Final = "private"
JOB_KIND: Final = "unname"
TOOL: Final = "dalil unname"
Progress = Callable[[int, int], bool]

agreeing.ACTS[PUBLIC] = agreeing.ACTS[PRIVATE] = Act.MARK_PUBLIC


class UnnameReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a job did: records written anew with the account hashed, and records that still name it.

    `left`: format → records that its importer cannot read again with a hash; two circles can expunge them.
    """

    rewritten: int
    left: dict[str, int]


def rules(actor: Actor) -> tuple[Rule, ...]:
    """The table of who is public by kind, with its reasons."""
    require(actor, Act.READ)
    return RULES


def listed(actor: Actor, *, house: House) -> tuple[PublicAccount, ...]:
    """The workspace's own list; what it calls private is shown as a number only, by `len`."""
    require(actor, Act.READ)
    return tuple(account for account in house.workspace.public_accounts() if not account.private)


def propose_account(
    actor: Actor, kind: str, *, platform: str, native_id: str = "", handle: str = "", house: House
) -> str:
    """Propose that an account is public, or private; returns the proposal's id.

    Raises:
        InputError: `value-wrong`; no such platform, or nothing that names an account.
    """
    require(actor, Act.MARK_PUBLIC)
    if actor.is_local or kind not in (PUBLIC, PRIVATE):
        raise NotAllowed("no-such-thing")
    named = platform_named(platform)
    if named is None:
        raise InputError("value-wrong", name="platform", value=platform[:40], kind=KINDS)
    native_id, handle = native_id.strip(), handle.strip().lstrip("@")
    if not (native_id or handle) or max(len(native_id), len(handle)) > 100:
        raise InputError("value-wrong", name="account", value="", kind="an id or a handle")
    detail = msgspec.json.encode({"platform": named, "native_id": native_id, "handle": handle})
    subject = mark(house.unlocked(), "account", named, native_id, handle.casefold())
    return agreeing.put(actor, kind, subject, reason="", detail=detail, house=house)


def agree(actor: Actor, agreement_id: str, *, house: House) -> object:
    """Agree to any proposal, of accounts too."""
    return agreeing.agree(actor, agreement_id, house=house, effects={PUBLIC: _make_public, PRIVATE: _make_private})


def unname(actor: Actor, agreement_id: str, *, house: House, progress: Progress | None = None) -> UnnameReport:
    """Hash an account, which two circles found to be a person's, in everything that is held.

    It can be cut off anywhere and repeated: a record is written anew first and expunged after it.

    Raises:
        NotAllowed: nothing of that kind was agreed to.
    """
    require(actor, Act.MARK_PUBLIC)
    row = Agreement.objects.filter(pk=agreement_id, kind=PRIVATE, state="agreed").first()
    if row is None:
        raise NotAllowed("no-such-thing")
    detail = agreeing.detail_of(agreement_id, bytes(row.detail), house)
    if not detail:
        return UnnameReport(rewritten=0, left={})
    with exclusive(house.workspace.tmp / LOCK, wait_seconds=30):
        report = _Unname(house, (row.proposed_by, row.agreed_by), agreement_id, detail, progress).run()
    with transaction.atomic():
        Agreement.objects.filter(pk=agreement_id).update(detail=b"")
        facts: dict[str, str | int | bool | None] = {"head": house.archive.manifest_head()}
        record(actor, "archive.unnamed", "archive", facts | {"rewritten": report.rewritten}, house.now())
    return report


def _make_public(actor: Actor, row: Agreement, house: House) -> None:
    _change_list(actor, row, house, private=False)
    Agreement.objects.filter(pk=row.pk).update(detail=b"")  # the list names it now


def _make_private(actor: Actor, row: Agreement, house: House) -> str:
    _change_list(actor, row, house, private=True)
    payload = {"agreement": row.agreement_id}
    return queue.enqueue(JOB_KIND, payload, house.clock(), circle=actor.circle_id, once=f"unname {row.agreement_id}")


def _change_list(actor: Actor, row: Agreement, house: House, *, private: bool) -> None:
    detail = agreeing.detail_of(row.agreement_id, bytes(row.detail), house)
    account = PublicAccount(
        platform=detail["platform"], native_id=detail["native_id"], handle=detail["handle"].casefold(), private=private
    )
    named = unnaming.known_as(house, account)
    marks = tuple(unnaming.marked(house, one) for one in named)
    listed = house.workspace.public_accounts()
    kept = [one for one in listed if not any(_same(one, other) for other in (*named, *marks))]
    new = marks if private else (account,)
    Writer(house.workspace, keys=house.unlocked(), now=house.now()).set_public([*kept, *new])
    record(actor, "accounts.changed", row.subject, {"private": private}, house.now())


def _same(one: PublicAccount, other: PublicAccount) -> bool:
    if one.platform != other.platform:
        return False
    same_id = bool(one.native_id) and one.native_id == other.native_id
    return same_id or (bool(one.handle) and one.handle.lstrip("@").casefold() == other.handle.lstrip("@").casefold())


class _Unname:
    def __init__(
        self,
        house: House,
        circles: tuple[str, str],
        agreement_id: str,
        detail: dict[str, str],
        progress: Progress | None,
    ) -> None:
        self._house = house
        self._circles = circles
        self._agreement = agreement_id
        self._platform = detail["platform"]
        self._progress = progress
        handle = detail["handle"].casefold()
        account = PublicAccount(self._platform, native_id=detail["native_id"], handle=handle, private=True)
        self._gone = unnaming.known_as(house, account)
        self._names = unnaming.names_of(self._gone)
        self._posts = unnaming.posts_of(house, self._platform, self._names)
        written = unnaming.written_as(self._platform, self._names)
        self._search = unnaming.Search(written, self._posts)
        self._rows = unnaming.rows_that_name(house, written)

    def run(self) -> UnnameReport:
        segments = self._house.workspace.manifest.raw_segments()
        rewritten = 0
        left: dict[str, int] = {}
        for number, segment in enumerate(segments):
            if self._progress is not None:
                self._progress(number, len(segments))
            held = raw.read_all(self._house.workspace.raw / segment.path)
            records = [item for item in held if item[0].hex() in self._rows or self._search.may_name(item[1])]
            if not records:
                continue
            done = self._segment(segment.source_format, records)
            rewritten += len(done)
            still = sum(self._search.names(one) for obs_id, one in records if obs_id.hex() not in done)
            if still:
                left[segment.source_format] = left.get(segment.source_format, 0) + still
        archive_expunging.forget_options(self._house.workspace, self._names)
        return UnnameReport(rewritten=rewritten, left=left)

    def _segment(self, source_format: str, records: list[tuple[bytes, bytes]]) -> dict[str, str]:
        """Write what names the account anew, then expunge it as it was; ids before → ids after."""
        importer: object = registry.importers().by_name().get(source_format)
        if not isinstance(importer, Rereader) or not importer.manifest.rereads:
            return {}
        house = self._house
        held = held_rows(house, [obs_id.hex() for obs_id, _ in records])
        fresh, _ = reread(house, source_format, records, held, gone=self._gone, posts=self._posts)
        rejected = set(fresh["rejects"]["where"].to_pylist()) if "rejects" in fresh else set()
        given = [row["obs_id"] for group in by_capture(held["observations"].to_pylist()) for row in group]
        read = [obs_id for obs_id in given if obs_id not in rejected]
        after = fresh["observations"]["obs_id"].to_pylist() if "observations" in fresh else []
        changed = {old: new for old, new in zip(read, after, strict=True) if old != new}
        if not changed:
            return {}
        tables = _only(fresh, changed.values())
        tables["media"] = _media(house, changed, tables.get("posts"))
        self._write(source_format, importer.manifest.version, tables)
        self._alias(changed)
        note = note_of(house, self._circles, TOOL)
        identity = house.unlocked().identity
        archive_expunging.expunge(house.workspace, changed, reason="private", note=note, identity=identity)
        return changed

    def _write(self, source_format: str, version: str, tables: dict[str, pa.Table]) -> None:
        writer = Writer(self._house.workspace, keys=self._house.unlocked(), now=self._house.now())
        name = hashlib.sha256(f"dalil unname {self._agreement} {source_format}".encode()).hexdigest()
        begin = Begin(source_format=source_format, importer_version=version, received_sha256=name, received_bytes=0)
        intake = writer.begin(begin, collected_by=self._circles[0])
        head = ChunkHead(number=0, read=0, includes=0, quarantined=0, rejected={}, done_bytes=0, tables={})
        writer.chunk(intake, Chunk(head, {key: table for key, table in tables.items() if key != "rejects"}))
        writer.end(intake, End(read=0, includes=0, quarantined=0, rejected={}))

    def _alias(self, changed: dict[str, str]) -> None:
        """What the desk refers to is found under its earlier id; of all else no such trace is kept."""
        wanted = referred().observations
        rows = [(bytes.fromhex(old), bytes.fromhex(new)) for old, new in changed.items() if old in wanted]
        with self._house.workspace.manifest.writing() as connection:
            connection.executemany("UPDATE aliases SET obs_id = ?2 WHERE obs_id = ?1", rows)
            connection.executemany("INSERT OR REPLACE INTO aliases VALUES (?, ?)", rows)


def _only(tables: dict[str, pa.Table], ids: Iterable[str]) -> dict[str, pa.Table]:
    wanted = pa.array(sorted(ids), pa.string())
    return {
        name: rows.filter(pc.is_in(rows["obs_id"], value_set=wanted)) if "obs_id" in rows.schema.names else rows
        for name, rows in tables.items()
    }


def _media(house: House, changed: dict[str, str], posts: pa.Table | None) -> pa.Table:
    """The media rows of the records as they were, under their new ids: the bytes are held already. What a post
    shows no more, because it names its author, is left out."""
    media = house.archive.table("media")
    rows: list[dict[str, Any]] = media.filter(media.obs_id.isin(list(changed))).to_pyarrow().to_pylist()
    shown = {
        post["obs_id"]: {ref["sha256"] for ref in post["media"] or ()}
        for post in (posts.to_pylist() if posts is not None else ())
    }
    kept = [
        {**row, "obs_id": new}
        for row in rows
        if (new := changed[row["obs_id"]]) not in shown or row["sha256"] in shown[new]
    ]
    return pa.Table.from_pylist(kept, schema=MEDIA)
