"""Tables that wait for their mapping, as pages see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from dalil.actions import tables
from dalil.actions.house import House
from dalil.errors import InputError, NotAllowed
from dalil.jobs import queries as jobs
from dalil.people.actor import Actor
from dalil.schema.mappings import SavedMapping, TableMapping
from dalil.schema.table_looks import TableLook


@dataclass(frozen=True, slots=True)
class TableRoom:
    house: House

    def begin(self, actor: Actor, file: UploadedFile[Any]) -> str:
        """Let a table wait for its mapping; returns its token.

        Raises:
            InputError: it is no table.
        """
        token = tables.keep_waiting(self.house.circle_of(actor), file.chunks(), house=self.house)
        try:
            self.look(actor, token, None)
        except InputError:
            self.forget(actor, token)
            raise
        return token

    def look(self, actor: Actor, token: str, mapping: TableMapping | None) -> TableLook:
        """What a waiting table looks like by a mapping, or by the one that it proposes.

        Raises:
            NotAllowed: nothing of this circle waits under that token.
        """
        path = tables.waiting(actor, token, house=self.house)
        return tables.look(actor, path, house=self.house, mapping=mapping)

    def fitting(self, actor: Actor, look: TableLook) -> SavedMapping | None:
        """The saved mapping all of whose columns a table has, the one with most of them."""
        fits = [row for row in self.saved(actor) if row.mapping.columns.keys() <= set(look.header)]
        return max(fits, key=lambda row: (len(row.mapping.columns), row.version), default=None)

    def saved(self, actor: Actor) -> list[SavedMapping]:
        """The newest version of each mapping, by name."""
        return tables.saved_mappings(actor, house=self.house)

    def find(self, actor: Actor, name: str) -> SavedMapping:
        return tables.saved_mapping(actor, name, house=self.house)

    def save(self, actor: Actor, mapping: TableMapping) -> SavedMapping:
        return tables.save_mapping(actor, mapping, house=self.house)

    def bring_in(self, actor: Actor, token: str, row: SavedMapping | None) -> str:
        """Hand a waiting table to the worker, by a mapping or as our own template; returns the job's id."""
        return tables.import_waiting(actor, token, row, house=self.house)

    def forget(self, actor: Actor, token: str) -> None:
        tables.forget_waiting(actor, token, house=self.house)

    def of_job(self, actor: Actor, job_id: str, number: int) -> str:
        """The token of the table that was the upload of that number, from 1, of an import of this circle.

        Raises:
            NotAllowed: there is none, or not any more.
        """
        job = jobs.job(job_id)
        if job is None or job.circle != actor.circle_id:
            raise NotAllowed("no-such-thing")
        token = tables.token_of(job_id, number)
        tables.waiting(actor, token, house=self.house)
        return token

    def template(self, language: str) -> bytes:
        """The empty table for pages and groups saved by hand, with the workspace's zone in its header."""
        return tables.empty_template(language, house=self.house)
