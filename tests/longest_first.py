"""The order of test files: the longest first, so that two processes that share them end together.

pytest-xdist alone would begin with the files of most tests and keep for the end the few that build weeks, kill
imports and open browsers: one process would work for minutes while the other has nothing left.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

LONGEST = (
    "e2e/test_sample_week.py",  # builds the sample week that others wait for, while the next needs none
    "integration/actions/test_import_killed.py",
    "integration/actions/test_bad_input.py",
    "golden/test_json_contract.py",
    "integration/archive/test_expunging.py",
    "integration/archive/test_undoing.py",
    "integration/actions/test_undoing.py",
    "integration/test_refusals.py",
    "integration/actions/test_keeping_whole.py",
    "integration/actions/test_import_full_disks.py",
    "integration/actions/test_import_crowded.py",
    "integration/actions/test_mapped_tables.py",
    "integration/actions/test_import_steps.py",
    "e2e/test_pages.py",
    "e2e/test_week_in_a_browser.py",
    "e2e/test_demo_command.py",
    "e2e/test_tutorial.py",
    "e2e/test_never_stored.py",
    "e2e/test_two_workspaces.py",
    "integration/actions/test_all_at_once.py",
    "integration/sources/test_accounts_open_networks.py",
    "integration/sources/test_unnamed_formats.py",
    "integration/sources/test_unnamed_channels_and_pages.py",
    "contracts/test_fuzzed_importers.py",
    "contracts/test_sample_is_read.py",
    "architecture/test_wheelhouse.py",
    "integration/archive/test_crashes.py",
    "integration/archive/test_every_step_may_fail.py",
    "integration/archive/test_retaining.py",
    "integration/archive/test_mentioning.py",
    "integration/jobs/test_killed.py",
)
"""Measured: more than ten seconds of CPU each. A new long file at its place here; one that is not here comes after."""
ORDER = {name: number for number, name in enumerate(LONGEST)}


def longest_first(items: Sequence[pytest.Item], root: Path) -> list[pytest.Item]:
    """The same tests, each file's together and in their own order."""

    def place(item: pytest.Item) -> int:
        return ORDER.get(item.path.relative_to(root / "tests").as_posix(), len(ORDER))

    return sorted(items, key=place)
