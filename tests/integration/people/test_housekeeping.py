"""By and by everything that could become a record of who worked when is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dalil.errors import InputError


def test_after_a_month_nothing_ties_what_was_done_to_a_member(blue: Any) -> None:
    from dalil.actions import people
    from dalil.actions.housekeeping import tidy
    from dalil.audit import queries
    from dalil.audit.models import DayKey
    from dalil.jobs import queue
    from dalil.jobs.models import Job
    from dalil.people.models import OneTimeCode, SpentStep, Trial

    people.issue_login(blue.actors[0], now=blue.now, keys=blue.keys)
    with pytest.raises(InputError):
        people.log_in("oak-99", "another long passphrase", now=blue.now, keys=blue.keys)
    queue.cancel(queue.enqueue("count", {}, blue.now), blue.now)
    tables = (DayKey, OneTimeCode, Trial, Job)
    assert all(table.objects.exists() for table in tables)
    tidy(blue.now + timedelta(days=31))
    assert not any(table.objects.exists() for table in (*tables, SpentStep))
    assert queries.verify() == []
    assert all(
        queries.may_be(entry, actor.member_id) is None
        for entry in queries.entries(blue.actors[0])
        for actor in blue.actors
    )
