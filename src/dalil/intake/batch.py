"""Records of one chunk, gathered and turned into the tables that are handed over."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final

import pyarrow as pa

from dalil.intake.columns import Constant, table
from dalil.intake.media import MediaRows
from dalil.intake.signals_port import TEXT_METHOD, TEXT_VERSION, Signals
from dalil.plugins import Manifest
from dalil.schema.chunks import ChildOrder
from dalil.schema.identity import Mac, observation_mac
from dalil.schema.records import Account, Edge, Post, ReadWarning, Reject
from dalil.schema.tables import ACCOUNTS, EDGES, LOCATORS, OBSERVATIONS, POSTS, RAW, REJECTS, TEXT_SIGNALS
from dalil.schema.words import MayShare
from dalil.sources.importer import Record

PURPOSE: Final = "public-interest verification"
LARGEST_SIDE: Final = (1 << 31) - 1


@dataclass(slots=True)
class Batch:
    """One chunk while it is gathered. `rows` counts what will be written: observations and rejects."""

    order: ChildOrder
    manifest: Manifest
    signals: Signals
    media: MediaRows = field(init=False)
    rows: int = 0
    _mac: Mac = field(init=False)
    _ids: list[str] = field(default_factory=list)
    _hashes: list[str] = field(default_factory=list)
    _records: list[Record] = field(default_factory=list)
    _warnings: list[tuple[ReadWarning, ...]] = field(default_factory=list)
    _rejects: list[Reject] = field(default_factory=list)
    _locators: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.media = MediaRows(self.order, self.signals)
        self._mac = observation_mac(self.order.identity_key, self.manifest.name)

    def add(self, record: Record) -> None:
        """Take in one record; here it gets its id."""
        self.rows += 1
        obs_id = self._mac.of(record.raw).hex()
        warnings = record.warnings
        for item in record.media:
            doubt = self.media.add(obs_id, item)
            if doubt is not None:
                warnings = (*warnings, doubt)
        self._ids.append(obs_id)
        self._hashes.append(hashlib.sha256(record.raw).hexdigest())
        self._records.append(record)
        self._warnings.append(warnings)
        if record.locators:
            self._locators.update(record.locators)

    def reject(self, reject: Reject) -> None:
        """Take in one record that could not be read."""
        self.rows += 1
        self._rejects.append(reject)

    def tables(self) -> dict[str, pa.Table]:
        """All tables of the chunk, without those that are empty."""
        found: dict[str, pa.Table] = {}
        if self._records:
            found = {"observations": self._observations(), "raw": self._raw()}
            found |= self._posts() | self._accounts() | self._edges() | self._texts() | self.media.tables()
        if self._rejects:
            found["rejects"] = table(self._rejects, REJECTS, {})
        if self._locators:
            names = {"pseudonym": list(self._locators), "locator": list(self._locators.values())}
            found["locators"] = pa.table(names, schema=LOCATORS)
        return found

    def _observations(self) -> pa.Table:
        count, order = len(self._records), self.order
        given: dict[str, Any] = {
            "obs_id": self._ids,
            "source_format": Constant(self.manifest.name, count),
            "importer": Constant(self.manifest.name, count),
            "importer_version": Constant(self.manifest.version, count),
            "raw_sha256": self._hashes,
            "raw_segment": Constant(None, count),
            "raw_pointer": Constant(None, count),
            "collected_at": Constant(order.collected_at, count),
            "collected_at_basis": Constant(order.collected_at_basis, count),
            "collected_by": Constant(order.collected_by, count),
            "purpose": Constant(PURPOSE, count),
            "may_share": Constant(MayShare.NONE, count),
            "key_generation": Constant(order.key_generation, count),
            "warnings": self._warnings,
        }
        return table(self._records, OBSERVATIONS, given)

    def _raw(self) -> pa.Table:
        raws = [record.raw for record in self._records]
        return pa.table({"obs_id": self._ids, "sha256": self._hashes, "record": raws}, schema=RAW)

    def _posts(self) -> dict[str, pa.Table]:
        rows = [
            (obs_id, record, record.post)
            for obs_id, record in zip(self._ids, self._records, strict=True)
            if record.post is not None
        ]
        if not rows:
            return {}
        posts: list[Post] = [post for _, _, post in rows]
        given: dict[str, Any] = {
            "obs_id": [obs_id for obs_id, _, _ in rows],
            "version": [record.version for _, record, _ in rows],
            "collected_at": Constant(self.order.collected_at, len(rows)),
            "author_public": [record.author_public for _, record, _ in rows],
        }
        return {"posts": table(posts, POSTS, given)}

    def _accounts(self) -> dict[str, pa.Table]:
        rows = [
            (obs_id, account)
            for obs_id, record in zip(self._ids, self._records, strict=True)
            for account in record.accounts
        ]
        if not rows:
            return {}
        accounts: list[Account] = [account for _, account in rows]
        given: dict[str, Any] = {
            "obs_id": [obs_id for obs_id, _ in rows],
            "collected_at": Constant(self.order.collected_at, len(rows)),
        }
        return {"accounts": table(accounts, ACCOUNTS, given)}

    def _edges(self) -> dict[str, pa.Table]:
        rows = [
            (obs_id, record.author_ref, edge)
            for obs_id, record in zip(self._ids, self._records, strict=True)
            for edge in record.edges
        ]
        if not rows:
            return {}
        edges: list[Edge] = [edge for _, _, edge in rows]
        given: dict[str, Any] = {
            "obs_id": [obs_id for obs_id, _, _ in rows],
            "author_ref": [author for _, author, _ in rows],
        }
        return {"edges": table(edges, EDGES, given)}

    def _texts(self) -> dict[str, pa.Table]:
        rows = [
            (obs_id, record)
            for obs_id, record in zip(self._ids, self._records, strict=True)
            if record.signal_text and not record.signal_text.isspace()
        ]
        if not rows:
            return {}
        given: dict[str, Any] = self.signals.of_texts([record.signal_text for _, record in rows])._asdict() | {
            "obs_id": [obs_id for obs_id, _ in rows],
            "uid": list(map(attrgetter("uid"), (record for _, record in rows))),
            "method": Constant(TEXT_METHOD, len(rows)),
            "method_version": Constant(TEXT_VERSION, len(rows)),
        }
        return {"text_signals": table((), TEXT_SIGNALS, given)}
