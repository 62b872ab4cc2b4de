"""Private accounts are counted, never drawn, listed or exported; campaigns are told by their objects."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from oracles.findings.coordination import Row, planted, table

from dalil.findings.coordination import campaign_table, coordinate, is_private, public_view
from dalil.schema.results import CoordinationResult

HASH = "0f" * 16


@pytest.mark.parametrize(
    ("account", "private"),
    [
        (f"x:h:{HASH}", True),
        (f"telegram:h:{HASH}", True),
        ("x:1234", False),
        ("x:hello", False),
        ("bluesky:did:plc:h:abc", False),
        ("h:abc", False),
        ("", False),
    ],
)
def test_a_private_account_shows_in_its_id(account: str, private: bool) -> None:
    assert is_private(account) is private


@pytest.fixture
def mixed() -> CoordinationResult:
    """Six accounts, three of them private, push ten objects together in organic talk."""
    names = [f"x:{n}" if n % 2 else f"x:h:{n:032x}" for n in range(6)]
    pushed = [
        Row(f"o{o}", name, f"p{o}-{name}", 1_700_900_000 + 7000 * o + n)
        for o in range(10)
        for n, name in enumerate(names)
    ]
    return coordinate(table(planted(3, campaigns=0).rows + pushed), window=timedelta(seconds=60), trace="url")


def test_campaigns_list_public_accounts_and_count_the_rest(mixed: CoordinationResult) -> None:
    (campaign,) = mixed.campaigns
    assert campaign.accounts == 6
    assert campaign.private_accounts == 3
    assert campaign.public_accounts == ("x:1", "x:3", "x:5")
    assert set(campaign.objects) == {f"o{o}" for o in range(10)}
    assert campaign.edges == 15
    assert 0 <= campaign.expected_false_edges < 0.1


def test_the_public_view_has_no_private_account_anywhere(mixed: CoordinationResult) -> None:
    shown = public_view(mixed)
    assert ":h:" in msgspec.json.encode(mixed.edges).decode()
    assert ":h:" not in msgspec.json.encode(shown).decode()
    assert sum(edge.kept for edge in shown.edges) == 3
    hidden = len(mixed.edges) - len(shown.edges)
    assert f"private-edges-not-shown={hidden}" in shown.caveats
    assert shown.campaigns == mixed.campaigns
    assert public_view(shown) == shown


def test_what_is_kept_of_a_run_names_no_account(mixed: CoordinationResult) -> None:
    rows = campaign_table(mixed)
    assert rows.num_rows == 1
    assert not any("x:" in str(value) for column in rows.to_pydict().values() for value in column)
    assert set(rows.column_names) == {
        "campaign",
        "accounts",
        "private_accounts",
        "objects",
        "edges",
        "expected_false_edges",
    }


def test_a_campaign_is_keyed_by_its_objects_and_not_by_its_members() -> None:
    def run(prefix: str) -> str:
        pushed = [
            Row(f"o{o}", f"{prefix}{n}", f"{prefix}{o}-{n}", 1_700_900_000 + 7000 * o + n)
            for o in range(8)
            for n in range(4)
        ]
        result = coordinate(table(planted(3, campaigns=0).rows + pushed), window=timedelta(seconds=60))
        return result.campaigns[0].key

    assert run("p") == run("q")


def test_one_input_gives_one_answer(mixed: CoordinationResult) -> None:
    data = table(planted(9).rows)
    first = coordinate(data, window=timedelta(seconds=60))
    assert coordinate(data, window=timedelta(seconds=60)) == first
