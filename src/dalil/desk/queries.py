"""The one face of the desk for those who read: frozen rows, never models."""

from __future__ import annotations

from dalil.desk.board import board, silences_due, similar, suggestions, unanswered, waiting_tasks
from dalil.desk.figures import captures, panel, reports, settled_answers, timelines
from dalil.desk.lookup import known_for
from dalil.desk.page import claim_page
from dalil.desk.referring import Naming, agreements, naming, referred

__all__ = [
    "Naming",
    "agreements",
    "board",
    "captures",
    "claim_page",
    "known_for",
    "naming",
    "panel",
    "referred",
    "reports",
    "settled_answers",
    "silences_due",
    "similar",
    "suggestions",
    "timelines",
    "unanswered",
    "waiting_tasks",
]
