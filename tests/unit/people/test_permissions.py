"""The table of permissions: whole, deny by default, and the command line never signs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import NotAllowed
from dalil.people.actor import LOCAL, MEMBER_ROLES, Actor, Role, Status
from dalil.people.permissions import LOCAL_MAY, MEMBERS_MAY, ON_PROBATION, SIGNS, Act, may, require


def member(role: Role, status: Status) -> Actor:
    return Actor("a" * 32, "b" * 32, role, "oak-17", status)


def slow_rule(role: Role, status: Status, act: Act) -> bool:
    """The same rules as sentences, to hold the tables against."""
    if status is Status.REVOKED:
        return False
    if role is Role.LOCAL:
        return status is Status.ACTIVE and act in LOCAL_MAY
    allowed = any(act is known and role in roles for known, roles in MEMBERS_MAY.items())
    return allowed and (status is Status.ACTIVE or act in ON_PROBATION)


@given(st.sampled_from(list(Role)), st.sampled_from(list(Status)), st.sampled_from(list(Act)))
def test_the_answer_is_what_the_tables_say_and_require_agrees(role: Role, status: Status, act: Act) -> None:
    actor = member(role, status)
    assert may(actor, act) is slow_rule(role, status, act)
    if may(actor, act):
        require(actor, act)
    else:
        with pytest.raises(NotAllowed) as refused:
            require(actor, act)
        assert refused.value.code == "no-such-thing"


@pytest.mark.parametrize("act", list(Act))
def test_every_act_has_a_rule(act: Act) -> None:
    assert act in MEMBERS_MAY or act in LOCAL_MAY


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("role", list(Role))
def test_a_revoked_actor_may_nothing(role: Role, act: Act) -> None:
    assert not may(member(role, Status.REVOKED), act)


def test_an_act_without_a_row_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(MEMBERS_MAY, Act.READ)
    assert not any(may(member(role, Status.ACTIVE), Act.READ) for role in MEMBER_ROLES)


def test_probation_never_adds_anything() -> None:
    for role in MEMBER_ROLES:
        for act in Act:
            assert not may(member(role, Status.PROBATION), act) or may(member(role, Status.ACTIVE), act)


def test_the_command_line_imports_reads_measures_and_never_signs() -> None:
    assert {act for act in Act if may(LOCAL, act)} == LOCAL_MAY
    assert {Act.IMPORT, Act.READ, Act.MEASURE} <= LOCAL_MAY
    assert not LOCAL_MAY & SIGNS
    assert not may(LOCAL, Act.KEEP_DOOR)


def test_nobody_but_the_command_line_founds_a_circle() -> None:
    assert Act.FOUND_CIRCLE not in MEMBERS_MAY


def test_a_newcomer_has_no_part_in_verdicts_or_in_who_belongs() -> None:
    closed = {Act.VOTE, Act.CHECK, Act.POST_ANSWER, Act.SILENCE, Act.CONFIRM, Act.REVOKE, Act.INVITE, Act.LIST_CIRCLE}
    for role in MEMBER_ROLES:
        assert not any(may(member(role, Status.PROBATION), act) for act in closed)


def test_what_two_circles_agree_on_is_nothing_for_the_command_line_or_a_newcomer() -> None:
    for act in (Act.HOLD, Act.EXPUNGE):
        assert not may(LOCAL, act)
        for role in MEMBER_ROLES:
            assert not may(member(role, Status.PROBATION), act)
    assert {role for role in MEMBER_ROLES if may(member(role, Status.ACTIVE), Act.EXPUNGE)} == {
        Role.EDITOR,
        Role.KEEPER,
    }


def test_what_cannot_be_taken_back_is_a_keepers() -> None:
    for act in (Act.EXPUNGE_ALONE, Act.EXPIRE, Act.SET_RETENTION, Act.ROTATE_KEY):
        assert {role for role in MEMBER_ROLES if may(member(role, Status.ACTIVE), act)} == {Role.KEEPER}
        assert may(LOCAL, act)
    for act in (Act.REMAP, Act.SEARCH_NAMES):
        assert not may(member(Role.SPOTTER, Status.ACTIVE), act)
        assert not any(may(member(role, Status.PROBATION), act) for role in MEMBER_ROLES)
