"""Founding, inviting, joining, vouching and revoking; and that nobody sees beyond their own circle."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dalil.errors import Conflict, DalilError, InputError, NotAllowed


def code_of(error: pytest.ExceptionInfo[DalilError]) -> str:
    return error.value.code


def test_a_circle_has_its_own_keys_and_only_the_public_ones_are_in_the_database(blue: Any) -> None:
    import pyrage
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from dalil.people import queries

    row = queries.circle(blue.circle_id)
    assert row is not None
    private = Ed25519PrivateKey.from_private_bytes(blue.keys.get(f"circle.{row.circle_id}.sign"))
    assert private.public_key().public_bytes_raw().hex() == row.sign_public
    identity = pyrage.x25519.Identity.from_str(blue.keys.get(f"circle.{row.circle_id}.seal").decode())
    assert str(identity.to_public()) == row.seal_recipient
    assert row.home


@pytest.mark.parametrize("colour", ["mosul", "Blue", "", "grey"])
def test_a_circle_is_named_by_a_colour_never_by_a_place(each_database: str, keys: Any, now: Any, colour: str) -> None:
    from dalil.actions import people

    with pytest.raises(InputError):
        people.add_circle(colour, now=now, keys=keys)


def test_two_circles_cannot_have_one_colour(blue: Any) -> None:
    from dalil.actions import people

    with pytest.raises(Conflict) as error:
        people.add_circle("blue", now=blue.now, keys=blue.keys)
    assert code_of(error) == "circle-colour"


def test_members_cannot_found_circles(blue: Any) -> None:
    from dalil.actions import people

    with pytest.raises(NotAllowed):
        people.add_circle("green", now=blue.now, keys=blue.keys, actor=blue.actors[0])


def test_a_foreign_circle_is_known_by_its_public_keys_and_has_no_members(blue: Any, green: Any) -> None:
    from dalil.actions import people
    from dalil.people import queries
    from dalil.people.actor import LOCAL, Role

    known = queries.circle(green.circle_id)
    assert known is not None
    foreign = people.introduce_circle(
        queries.CircleRow(
            circle_id="c" * 32,
            colour="amber",
            sign_public=known.sign_public,
            seal_recipient=known.seal_recipient,
            home=True,
        ),
        now=blue.now,
    )
    assert not foreign.home
    with pytest.raises(NotAllowed):
        people.invite(LOCAL, Role.KEEPER, now=blue.now, keys=blue.keys, circle_id=foreign.circle_id)
    for broken in (
        {"sign_public": "zz"},
        {"seal_recipient": "age1nothing"},
        {"colour": "nowhere"},
        {"circle_id": "not hex"},
    ):
        fields = {"circle_id": "d" * 32, "colour": "teal", "sign_public": known.sign_public}
        fields |= {"seal_recipient": known.seal_recipient} | broken
        with pytest.raises(InputError):
            people.introduce_circle(queries.CircleRow(home=False, **fields), now=blue.now)


def test_the_command_line_invites_three_founders_and_no_fourth(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people.actor import LOCAL, Role, Status

    assert [actor.status for actor in blue.actors] == [Status.ACTIVE] * 3
    with pytest.raises(Conflict) as error:
        people.invite(LOCAL, Role.KEEPER, now=blue.now, keys=blue.keys, circle_id=blue.circle_id)
    assert code_of(error) == "circle-founded"


def test_founding_invitations_not_yet_used_count_too(each_database: str, keys: Any, now: Any) -> None:
    from dalil.actions import people
    from dalil.people.actor import LOCAL, Role

    row = people.add_circle("teal", now=now, keys=keys)
    for _ in range(people.FOUNDERS):
        people.invite(LOCAL, Role.KEEPER, now=now, keys=keys, circle_id=row.circle_id)
    with pytest.raises(Conflict):
        people.invite(LOCAL, Role.KEEPER, now=now, keys=keys, circle_id=row.circle_id)
    later = now + timedelta(days=8)
    people.invite(LOCAL, Role.KEEPER, now=later, keys=keys, circle_id=row.circle_id)


def test_a_keeper_invites_into_their_own_circle_and_nobody_else_does(blue: Any, green: Any) -> None:
    from dalil.actions import people
    from dalil.people.actor import Role, Status

    keeper, editor, _checker = blue.actors
    assert blue.newcomer().status is Status.PROBATION
    with pytest.raises(NotAllowed):
        people.invite(editor, Role.CHECKER, now=blue.now, keys=blue.keys)
    with pytest.raises(NotAllowed):
        people.invite(keeper, Role.CHECKER, now=blue.now, keys=blue.keys, circle_id=green.circle_id)
    with pytest.raises(ValueError, match="role"):
        people.invite(keeper, Role.LOCAL, now=blue.now, keys=blue.keys)


def test_an_invitation_works_once_and_not_after_its_time(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people.actor import Role

    code = people.invite(blue.actors[0], Role.CHECKER, now=blue.now, keys=blue.keys)
    late = people.invite(blue.actors[0], Role.CHECKER, now=blue.now, keys=blue.keys)
    blue.join(code)
    for used in (code, "00000-00000-00000-00000", ""):
        with pytest.raises(InputError) as error:
            blue.join(used)
        assert code_of(error) == "code-wrong"
    with pytest.raises(InputError):
        people.join(late, "seven quiet lamps by the mill", now=blue.now + timedelta(days=8), keys=blue.keys)


def test_a_passphrase_that_is_too_short_does_not_use_the_invitation_up(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people.actor import Role

    code = people.invite(blue.actors[0], Role.CHECKER, now=blue.now, keys=blue.keys)
    with pytest.raises(InputError) as error:
        blue.join(code, "short          ")
    assert code_of(error) == "passphrase-short"
    blue.join(code)


def test_a_login_code_is_no_invitation_nor_the_other_way_round(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people.actor import Role

    invitation = people.invite(blue.actors[0], Role.CHECKER, now=blue.now, keys=blue.keys)
    login = people.issue_login(blue.actors[0], now=blue.now, keys=blue.keys)
    with pytest.raises(InputError):
        blue.join(login)
    with pytest.raises(InputError):
        people.one_time_login(invitation, now=blue.now, keys=blue.keys)


def test_the_sample_may_name_a_pseudonym_that_could_have_been_drawn_and_no_other(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people.actor import Role

    def invitation() -> str:
        return people.invite(blue.actors[0], Role.CHECKER, now=blue.now, keys=blue.keys)

    passphrase = "seven quiet lamps by the mill"
    joined = people.join(invitation(), passphrase, now=blue.now, keys=blue.keys, pseudonym="oak-17")
    assert joined.actor.pseudonym == "oak-17"
    with pytest.raises(ValueError, match="drawn"):
        people.join(invitation(), passphrase, now=blue.now, keys=blue.keys, pseudonym="ali-17")
    with pytest.raises(Conflict):
        people.join(invitation(), passphrase, now=blue.now, keys=blue.keys, pseudonym="oak-17")


def test_two_peers_end_the_probation_and_who_they_were_does_not_stay(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people.actor import Status
    from dalil.people.models import Vouching

    newcomer = blue.newcomer()
    first, second, third = blue.actors[:3]
    assert people.confirm_member(first, newcomer.member_id, now=blue.now) is Status.PROBATION
    with pytest.raises(Conflict) as error:
        people.confirm_member(first, newcomer.member_id, now=blue.now)
    assert code_of(error) == "vouched-already"
    assert blue.fresh(newcomer).status is Status.PROBATION
    assert people.confirm_member(second, newcomer.member_id, now=blue.now) is Status.ACTIVE
    assert blue.fresh(newcomer).status is Status.ACTIVE
    assert not Vouching.objects.exists()
    with pytest.raises(Conflict) as error:
        people.confirm_member(third, newcomer.member_id, now=blue.now)
    assert code_of(error) == "member-not-waiting"


def test_nobody_vouches_for_themselves_on_probation_or_across_circles(blue: Any, green: Any) -> None:
    from dalil.actions import people

    newcomer, other = blue.newcomer(), blue.newcomer()
    for actor in (newcomer, other, *green.actors):
        with pytest.raises(NotAllowed):
            people.confirm_member(actor, newcomer.member_id, now=blue.now)
        with pytest.raises(NotAllowed):
            people.revoke(actor, newcomer.member_id, now=blue.now)


def test_any_two_peers_revoke_and_everything_that_opened_the_door_is_gone(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people import queries
    from dalil.people.actor import Status
    from dalil.people.models import Member, OneTimeCode, RecoveryCode

    keeper, editor, checker = blue.actors
    nonce = queries.session_nonce(keeper)
    login = people.issue_login(keeper, now=blue.now, keys=blue.keys)
    assert people.revoke(editor, keeper.member_id, now=blue.now) is Status.ACTIVE
    assert queries.actor_for(keeper.member_id, nonce) is not None
    assert people.revoke(checker, keeper.member_id, now=blue.now) is Status.REVOKED
    assert queries.actor_for(keeper.member_id, nonce) is None
    assert queries.actor_for(keeper.member_id, queries.session_nonce(keeper)) is None
    row = Member.objects.get(pk=keeper.member_id)
    assert (row.status, row.passphrase, bytes(row.totp_secret)) == ("revoked", "!", b"")
    assert not RecoveryCode.objects.filter(member=row).exists()
    assert not OneTimeCode.objects.filter(member=row).exists()
    with pytest.raises(InputError):
        people.one_time_login(login, now=blue.now, keys=blue.keys)
    with pytest.raises(InputError):
        people.log_in(keeper.pseudonym, "seven quiet lamps by the mill", now=blue.now, keys=blue.keys)
    recovery = blue.codes[keeper.member_id][0]
    with pytest.raises(InputError):
        people.recover(keeper.pseudonym, recovery, "another long passphrase", now=blue.now, keys=blue.keys)
    with pytest.raises(Conflict):
        people.revoke(editor, keeper.member_id, now=blue.now)


def test_the_word_of_somebody_who_was_revoked_since_does_not_count(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people.actor import Status

    newcomer = blue.newcomer()
    keeper, editor, checker = blue.actors[:3]
    people.confirm_member(keeper, newcomer.member_id, now=blue.now)
    people.revoke(editor, keeper.member_id, now=blue.now)
    people.revoke(checker, keeper.member_id, now=blue.now)
    assert people.confirm_member(editor, newcomer.member_id, now=blue.now) is Status.PROBATION
    assert people.confirm_member(checker, newcomer.member_id, now=blue.now) is Status.ACTIVE


def test_an_actor_who_was_revoked_a_moment_ago_can_do_nothing_with_the_old_actor(blue: Any) -> None:
    from dalil.actions import people

    newcomer = blue.newcomer()
    keeper, editor, checker = blue.actors[:3]
    people.revoke(editor, keeper.member_id, now=blue.now)
    people.revoke(checker, keeper.member_id, now=blue.now)
    stale = keeper
    with pytest.raises(NotAllowed):
        people.confirm_member(stale, newcomer.member_id, now=blue.now)
    with pytest.raises(NotAllowed):
        people.issue_login(stale, now=blue.now, keys=blue.keys)
    with pytest.raises(NotAllowed):
        people.log_out_everywhere(stale, now=blue.now)


def test_nobody_sees_a_member_of_another_circle(blue: Any, green: Any) -> None:
    from dalil.people import queries
    from dalil.people.actor import LOCAL

    newcomer = blue.newcomer()
    everyone = {actor.member_id for group in (blue, green) for actor in group.actors}
    seen_by_blue = {row.member_id for row in queries.member_rows(blue.actors[1])}
    assert seen_by_blue == {actor.member_id for actor in blue.actors}
    assert {row.member_id for row in queries.member_rows(green.actors[1])} == everyone - seen_by_blue
    assert queries.member_rows(LOCAL) == []
    assert queries.member_rows(newcomer) == []
    assert queries.pseudonyms(LOCAL) == {}
    assert set(queries.pseudonyms(green.actors[0])) == everyone - seen_by_blue


def test_the_list_counts_words_and_says_whether_one_is_mine_not_whose(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people import queries

    newcomer = blue.newcomer()
    keeper, editor, _checker = blue.actors[:3]
    people.confirm_member(keeper, newcomer.member_id, now=blue.now)

    def row(reader: Any) -> Any:
        return next(row for row in queries.member_rows(reader) if row.member_id == newcomer.member_id)

    assert (row(keeper).confirmations, row(keeper).i_confirmed) == (1, True)
    assert (row(editor).confirmations, row(editor).i_confirmed) == (1, False)
    assert keeper.member_id not in str(row(editor))


def test_what_people_do_is_audited_without_a_member_s_id_or_name(blue: Any) -> None:
    from dalil.actions import people
    from dalil.audit import queries
    from dalil.audit.models import Entry

    newcomer = blue.newcomer()
    for actor in blue.actors[:2]:
        people.confirm_member(actor, newcomer.member_id, now=blue.now)
    assert queries.verify() == []
    events = list(Entry.objects.filter(circle=blue.circle_id).values_list("event", flat=True))
    assert events.count("member.joined") == 4
    assert "member.confirmed" in events
    text = str(list(Entry.objects.values_list()))
    for actor in blue.actors:
        assert actor.member_id not in text
        assert actor.pseudonym not in text


def test_a_refused_act_leaves_nothing_behind(blue: Any, green: Any) -> None:
    from dalil.actions import people
    from dalil.audit import queries
    from dalil.people.models import Vouching

    before = queries.heads()
    with pytest.raises(NotAllowed):
        people.revoke(green.actors[0], blue.actors[0].member_id, now=blue.now)
    assert queries.heads() == before
    assert not Vouching.objects.exists()
