"""The door: every refusal looks and costs the same, tries are counted without a trace, codes work once."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pyotp
import pytest

from dalil.errors import Conflict, InputError, LimitReached, NotAllowed

PASSPHRASE = "seven quiet lamps by the mill"


class Work:
    """Counts how often the slow hash is computed."""

    def __init__(self) -> None:
        self.count = 0


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    from django.contrib.auth.hashers import Argon2PasswordHasher

    counted, verify = Work(), Argon2PasswordHasher.verify

    def counting(self: Any, password: str, encoded: str) -> bool:
        counted.count += 1
        return verify(self, password, encoded)

    monkeypatch.setattr(Argon2PasswordHasher, "verify", counting)
    return counted


def log_in(group: Any, pseudonym: str, passphrase: str = PASSPHRASE, code: str | None = None, after: int = 0) -> Any:
    from dalil.actions import people

    return people.log_in(pseudonym, passphrase, code, now=group.now + timedelta(seconds=after), keys=group.keys)


def test_pseudonym_and_passphrase_open_the_door_whatever_the_keyboard(blue: Any) -> None:
    actor = blue.actors[0]
    assert log_in(blue, actor.pseudonym) == actor
    spelled = actor.pseudonym.upper().replace("-", " ").translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert log_in(blue, spelled, "  seven quiet  lamps by the mill ") == actor


def test_the_passphrase_is_an_argon2id_hash_that_needs_the_key_ring_too(blue: Any) -> None:
    from dalil.people.models import Member
    from dalil.people.passphrases import matches
    from dalil.people.sealing import SECRET, new_secret

    stored = Member.objects.get(pk=blue.actors[0].member_id).passphrase
    assert stored.startswith("argon2$argon2id$")
    assert matches(blue.keys, PASSPHRASE, stored)
    assert not matches({SECRET: new_secret()}, PASSPHRASE, stored)


@pytest.mark.parametrize(
    "wrong", ["an unknown pseudonym", "a wrong passphrase", "a revoked member", "a member without one", "no code"]
)
def test_every_refusal_reads_the_same_and_costs_one_hash(blue: Any, work: Work, wrong: str) -> None:
    from dalil.actions import people
    from dalil.people.models import Member
    from dalil.people.passphrases import matches

    actor = blue.actors[0]
    name, passphrase = actor.pseudonym, PASSPHRASE
    if wrong == "an unknown pseudonym":
        name = "zinc-99x"
    elif wrong == "a wrong passphrase":
        passphrase = "another long passphrase"
    elif wrong == "a member without one":
        Member.objects.filter(pk=actor.member_id).update(passphrase="!random")
    elif wrong == "no code":
        offer = people.enable_totp(actor, keys=blue.keys)
        people.confirm_totp(actor, pyotp.TOTP(offer.secret).at(blue.now), now=blue.now, keys=blue.keys)
    else:
        for peer in blue.actors[1:]:
            people.revoke(peer, actor.member_id, now=blue.now)
    matches(blue.keys, "warms up the hash that nobody fits", None)
    work.count = 0
    with pytest.raises(InputError) as error:
        log_in(blue, name, passphrase)
    assert (error.value.code, str(error.value.facts)) == ("login-refused", "{}")
    assert work.count == 1


def test_nobody_s_hash_fits_nothing(each_database: str, keys: Any) -> None:
    from dalil.people.passphrases import UNUSABLE, matches

    for stored in (None, "", UNUSABLE, UNUSABLE + "random"):
        for passphrase in ("", "!", PASSPHRASE):
            assert not matches(keys, passphrase, stored)


@pytest.mark.parametrize("known", [True, False])
def test_tries_are_throttled_whether_or_not_the_pseudonym_exists(blue: Any, known: bool) -> None:
    name = blue.actors[0].pseudonym if known else "zinc-99x"
    for _ in range(5):
        with pytest.raises(InputError):
            log_in(blue, name, "another long passphrase")
    with pytest.raises(LimitReached) as error:
        log_in(blue, name)
    assert error.value.code == "login-throttled"
    if known:
        # Other members are not held up, and this one is not for ever.
        assert log_in(blue, blue.actors[1].pseudonym) == blue.actors[1]
        assert log_in(blue, name, after=31 * 60) == blue.actors[0]


def test_the_tries_of_the_window_before_count_and_a_success_forgives(blue: Any) -> None:
    name = blue.actors[0].pseudonym
    for _ in range(4):
        with pytest.raises(InputError):
            log_in(blue, name, "another long passphrase")
    assert log_in(blue, name, after=900) == blue.actors[0]
    for _ in range(4):
        with pytest.raises(InputError):
            log_in(blue, name, "another long passphrase", after=900)
    assert log_in(blue, name, after=900) == blue.actors[0]


def test_a_try_is_counted_even_inside_a_transaction_that_is_undone(blue: Any) -> None:
    """The count is made before the passphrase is looked at, so a crash in between does not give a try away."""
    from dalil.people import throttle

    for _ in range(5):
        throttle.charge(blue.keys, "oak-17", blue.now)
    with pytest.raises(LimitReached):
        throttle.charge(blue.keys, "oak-17", blue.now)


def test_what_the_throttle_keeps_says_neither_who_nor_when_and_goes_away(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people.models import Trial

    name = blue.actors[0].pseudonym
    with pytest.raises(InputError):
        log_in(blue, name, "another long passphrase")
    row = Trial.objects.get()
    assert {field.name for field in Trial._meta.fields} == {"mark", "count", "until_hour"}
    window = str(int(blue.now.timestamp()) // 900)
    guesses = [name, name + window, window + name, f"{name}\x00{window}", f"tries{name}{window}"]
    assert row.mark not in [hashlib.sha256(guess.encode()).hexdigest() for guess in guesses]
    people.expire_actor_keys(blue.now + timedelta(hours=2))
    assert not Trial.objects.exists()


def test_logging_in_leaves_no_trace_at_all(blue: Any) -> None:
    from django.apps import apps

    def everything() -> dict[str, list[Any]]:
        return {model.__name__: list(model.objects.order_by("pk").values()) for model in apps.get_models()}

    before = everything()
    log_in(blue, blue.actors[0].pseudonym)
    assert everything() == before


def test_an_authenticator_is_asked_for_only_once_it_was_shown_to_work(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people import queries

    actor = blue.actors[0]
    offer = people.enable_totp(actor, keys=blue.keys)
    assert log_in(blue, actor.pseudonym) == actor
    with pytest.raises(InputError) as error:
        people.confirm_totp(actor, "000000", now=blue.now, keys=blue.keys)
    assert error.value.code == "totp-wrong"
    totp = pyotp.TOTP(offer.secret)
    people.confirm_totp(actor, totp.at(blue.now), now=blue.now, keys=blue.keys)
    assert queries.has_totp(actor)
    later = blue.now + timedelta(seconds=90)
    assert log_in(blue, actor.pseudonym, PASSPHRASE, totp.at(later), after=90) == actor
    with pytest.raises(Conflict):
        people.enable_totp(actor, keys=blue.keys)


def test_a_code_of_the_authenticator_works_once(blue: Any) -> None:
    from dalil.actions import people

    actor = blue.actors[0]
    totp = pyotp.TOTP(people.enable_totp(actor, keys=blue.keys).secret)
    people.confirm_totp(actor, totp.at(blue.now), now=blue.now, keys=blue.keys)
    with pytest.raises(InputError):  # the one that turned it on
        log_in(blue, actor.pseudonym, PASSPHRASE, totp.at(blue.now))
    code = totp.at(blue.now + timedelta(seconds=30))
    assert log_in(blue, actor.pseudonym, PASSPHRASE, code) == actor
    for after in (0, 30, 60):
        with pytest.raises(InputError):
            log_in(blue, actor.pseudonym, PASSPHRASE, code, after=after)


def test_a_wrong_passphrase_does_not_use_up_the_code(blue: Any) -> None:
    from dalil.actions import people

    actor = blue.actors[0]
    totp = pyotp.TOTP(people.enable_totp(actor, keys=blue.keys).secret)
    people.confirm_totp(actor, totp.at(blue.now), now=blue.now, keys=blue.keys)
    code = totp.at(blue.now + timedelta(seconds=30))
    with pytest.raises(InputError):
        log_in(blue, actor.pseudonym, "another long passphrase", code)
    assert log_in(blue, actor.pseudonym, PASSPHRASE, code) == actor


def test_a_used_code_is_kept_as_a_hash_and_not_for_long(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people.models import Member, SpentStep

    actor = blue.actors[0]
    offer = people.enable_totp(actor, keys=blue.keys)
    people.confirm_totp(actor, pyotp.TOTP(offer.secret).at(blue.now), now=blue.now, keys=blue.keys)
    assert SpentStep.objects.count() == 1
    assert offer.secret.encode() not in bytes(Member.objects.get(pk=actor.member_id).totp_secret)
    people.expire_actor_keys(blue.now + timedelta(hours=2))
    assert not SpentStep.objects.exists()


def test_the_authenticator_is_turned_off_with_the_passphrase(blue: Any) -> None:
    from dalil.actions import people

    actor = blue.actors[0]
    offer = people.enable_totp(actor, keys=blue.keys)
    people.confirm_totp(actor, pyotp.TOTP(offer.secret).at(blue.now), now=blue.now, keys=blue.keys)
    with pytest.raises(InputError):
        people.disable_totp(actor, "another long passphrase", now=blue.now, keys=blue.keys)
    people.disable_totp(actor, PASSPHRASE, now=blue.now, keys=blue.keys)
    assert log_in(blue, actor.pseudonym) == actor


def test_a_recovery_code_sets_a_new_passphrase_once_and_ends_the_sessions(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people import queries

    actor = blue.actors[0]
    nonce = queries.session_nonce(actor)
    offer = people.enable_totp(actor, keys=blue.keys)
    people.confirm_totp(actor, pyotp.TOTP(offer.secret).at(blue.now), now=blue.now, keys=blue.keys)
    code, other = blue.codes[actor.member_id][:2]
    new = "nine slow boats on the lake"
    assert people.recover(actor.pseudonym, code, new, now=blue.now, keys=blue.keys) == actor
    assert queries.actor_for(actor.member_id, nonce) is None
    assert log_in(blue, actor.pseudonym, new) == actor  # and no authenticator is asked for
    with pytest.raises(InputError):
        log_in(blue, actor.pseudonym)
    with pytest.raises(InputError):
        people.recover(actor.pseudonym, code, PASSPHRASE, now=blue.now, keys=blue.keys)
    assert people.recover(actor.pseudonym, other, PASSPHRASE, now=blue.now, keys=blue.keys) == actor


def test_a_recovery_code_opens_only_its_own_member_s_door(blue: Any) -> None:
    from dalil.actions import people

    mine, yours = blue.actors[:2]
    code = blue.codes[mine.member_id][0]
    for name in (yours.pseudonym, "zinc-99x"):
        with pytest.raises(InputError) as error:
            people.recover(name, code, PASSPHRASE, now=blue.now, keys=blue.keys)
        assert error.value.code == "login-refused"
    assert people.recover(mine.pseudonym, code, PASSPHRASE, now=blue.now, keys=blue.keys) == mine


def test_recovery_codes_are_throttled_with_the_passphrase(blue: Any) -> None:
    from dalil.actions import people

    name = blue.actors[0].pseudonym
    for _ in range(5):
        with pytest.raises(InputError):
            people.recover(name, "00000-00000-00000-00000", PASSPHRASE, now=blue.now, keys=blue.keys)
    with pytest.raises(LimitReached):
        log_in(blue, name)


def test_new_recovery_codes_end_the_old_ones(blue: Any) -> None:
    from dalil.actions import people

    actor = blue.actors[0]
    old = blue.codes[actor.member_id]
    fresh = people.new_recovery_codes(actor, PASSPHRASE, now=blue.now, keys=blue.keys)
    assert len(set(fresh)) == 8
    with pytest.raises(InputError):
        people.recover(actor.pseudonym, old[0], PASSPHRASE, now=blue.now, keys=blue.keys)
    assert people.recover(actor.pseudonym, fresh[0], PASSPHRASE, now=blue.now, keys=blue.keys) == actor


def test_a_login_code_opens_the_own_door_once_and_not_after_its_time(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people.actor import LOCAL

    actor = blue.actors[0]
    code = people.issue_login(actor, now=blue.now, keys=blue.keys)
    late = people.issue_login(actor, now=blue.now, keys=blue.keys)
    assert people.one_time_login(code, now=blue.now, keys=blue.keys) == actor
    for wrong, after in ((code, 0), (late, 31)):
        with pytest.raises(InputError):
            people.one_time_login(wrong, now=blue.now + timedelta(minutes=after), keys=blue.keys)
    with pytest.raises(NotAllowed):
        people.issue_login(LOCAL, now=blue.now, keys=blue.keys)


def test_logging_out_everywhere_ends_sessions_and_codes(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people import queries

    actor = blue.actors[0]
    nonce = queries.session_nonce(actor)
    code = people.issue_login(actor, now=blue.now, keys=blue.keys)
    assert queries.actor_for(actor.member_id, nonce) == actor
    people.log_out_everywhere(actor, now=blue.now)
    assert queries.actor_for(actor.member_id, nonce) is None
    assert queries.actor_for(actor.member_id, "") is None
    with pytest.raises(InputError):
        people.one_time_login(code, now=blue.now, keys=blue.keys)
    assert log_in(blue, actor.pseudonym) == actor


def test_changing_the_passphrase_needs_the_old_one_and_ends_the_sessions(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people import queries

    actor, new = blue.actors[0], "nine slow boats on the lake"
    nonce = queries.session_nonce(actor)
    with pytest.raises(InputError):
        people.change_passphrase(actor, "another long passphrase", new, now=blue.now, keys=blue.keys)
    with pytest.raises(InputError) as error:
        people.change_passphrase(actor, PASSPHRASE, "short", now=blue.now, keys=blue.keys)
    assert error.value.code == "passphrase-short"
    people.change_passphrase(actor, PASSPHRASE, new, now=blue.now, keys=blue.keys)
    assert queries.actor_for(actor.member_id, nonce) is None
    assert log_in(blue, actor.pseudonym, new) == actor


@pytest.mark.parametrize("typed", ["\x00", "\ud800", "a" * 100_000, "\u202eoak-17", "oak-17\n"])
def test_no_text_at_the_door_breaks_it(blue: Any, typed: str) -> None:
    from dalil.actions import people

    for attempt in (
        lambda: log_in(blue, typed, typed, typed),
        lambda: people.one_time_login(typed, now=blue.now, keys=blue.keys),
        lambda: people.join(typed, PASSPHRASE, now=blue.now, keys=blue.keys),
        lambda: people.recover(typed, typed, PASSPHRASE, now=blue.now, keys=blue.keys),
    ):
        with pytest.raises(InputError):
            attempt()
