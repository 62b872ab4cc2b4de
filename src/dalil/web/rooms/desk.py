"""The desk as pages see it: claims read, and every act on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from dalil.actions import answers, claims, coding, suggesting, verdicts
from dalil.actions.house import House
from dalil.desk import queries
from dalil.desk.rows import ClaimPage, ClaimRow, SuggestionRow, TaskRow
from dalil.people.actor import Actor
from dalil.schema.casework import Cell, Report
from dalil.schema.words import MakerClass, ReportCode

Values = Mapping[str, Any]
"""The checked values of a form of `forms.claims`."""


@dataclass(frozen=True, slots=True)
class DeskRoom:
    """Each act takes the checked values of its form."""

    house: House

    def _with(self) -> dict[str, Any]:
        return {"now": self.house.now(), "desk": self.house.desk}

    def board(self, actor: Actor) -> list[ClaimRow]:
        return queries.board(actor, now=self.house.now())

    def claim_page(self, actor: Actor, claim_id: str) -> ClaimPage:
        return queries.claim_page(actor, claim_id, now=self.house.now())

    def unanswered(self, actor: Actor) -> list[ClaimRow]:
        return queries.unanswered(actor, now=self.house.now())

    def silences_due(self, actor: Actor) -> list[ClaimRow]:
        return queries.silences_due(actor, now=self.house.now())

    def waiting_tasks(self, actor: Actor) -> list[TaskRow]:
        return queries.waiting_tasks(actor, now=self.house.now())

    def suggestions(self, actor: Actor) -> list[SuggestionRow]:
        return queries.suggestions(actor)

    def dismiss(self, actor: Actor, suggestion_id: str) -> None:
        suggesting.dismiss_suggestion(actor, suggestion_id, **self._with())

    def log_claim(self, actor: Actor, values: Values) -> str:
        """Log by hand, or accept the suggestion that the form began with; returns the claim's id."""
        given = {
            "sentence": values["sentence"],
            "sentence_lang": values["sentence_lang"],
            "claim_type": values["claim_type"],
            "maker_class": values["maker_class"],
            "cells": [Cell(platform, language, self.house.region) for platform, language in values["cells"]],
        }
        if values["suggestion"]:
            return claims.accept_suggestion(actor, values["suggestion"], **given, **self._with())
        items = (values["observation"],) if values["observation"] else ()
        return claims.log_claim(actor, **given, observation_ids=items, **self._with())

    def take(self, actor: Actor, claim_id: str) -> None:
        claims.take(actor, claim_id, **self._with())

    def hand_over(self, actor: Actor, claim_id: str) -> None:
        """Back to the board."""
        claims.hand_over(actor, claim_id, **self._with())

    def record_warned(self, actor: Actor, claim_id: str) -> None:
        claims.warn(actor, claim_id, **self._with())

    def add_check(self, actor: Actor, claim_id: str, values: Values) -> None:
        claims.add_check(actor, claim_id, **values, **self._with())

    def record_finding(self, actor: Actor, claim_id: str, values: Values) -> None:
        claims.record_media_finding(actor, claim_id, **values, **self._with())

    def code_report(self, actor: Actor, claim_id: str, values: Values) -> None:
        report = Report(
            claim_id=claim_id,
            cell=Cell(values["platform"], values["language"], self.house.region),
            observation_id=values["observation_id"],
            source_uid=values["source_uid"],
            maker_class=MakerClass(values["maker_class"]),
            at=values["at"].astimezone(UTC),
            code=ReportCode(values["code"]),
            own_evidence=values["own_evidence"],
            qualified=values["qualified"],
            ours=values["ours"],
            views=values["views"],
        )
        coding.code_report(actor, claim_id, report, **self._with())

    def vote(self, actor: Actor, claim_id: str, values: Values) -> None:
        verdicts.vote(actor, claim_id, vote=values["vote"], reason=values["reason"], **self._with())

    def reopen(self, actor: Actor, claim_id: str, values: Values) -> None:
        verdicts.reopen(actor, claim_id, reason=values["reason"], **self._with())

    def draft_answer(self, actor: Actor, claim_id: str, values: Values) -> None:
        answers.draft(actor, claim_id, **values, **self._with())

    def record_posted(self, actor: Actor, claim_id: str, values: Values) -> None:
        answers.record_posted(
            actor,
            claim_id,
            values["answer_id"],
            url=values["url"],
            posted_at=values["posted_at"].astimezone(UTC),
            **self._with(),
        )

    def stay_silent(self, actor: Actor, claim_id: str, values: Values) -> None:
        answers.stay_silent(
            actor,
            claim_id,
            reason=values["reason"],
            reach=values["reach"],
            review_at=values["review_at"].astimezone(UTC),
            **self._with(),
        )

    def end_silence(self, actor: Actor, claim_id: str) -> None:
        answers.end_silence(actor, claim_id, **self._with())
