"""Tokens of programs: shown once, stored as a keyed hash, one's own alone, gone with the door that they belong to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dalil.errors import LimitReached, NotAllowed

PASSPHRASE = "seven quiet lamps by the mill"


def made(group: Any, number: int = 0, now: datetime | None = None) -> Any:
    from dalil.actions import people

    return people.make_token(group.actors[number], now=now or group.now, keys=group.keys)


def opens(group: Any, token: str, now: datetime | None = None) -> Any:
    from dalil.people import queries

    return queries.actor_with_token(token, now=now or group.now, keys=group.keys)


def labels(group: Any, number: int = 0) -> list[str]:
    from dalil.people import queries

    return [row.label for row in queries.tokens(group.actors[number], now=group.now)]


def test_a_token_is_its_member_however_it_is_spelled(blue: Any) -> None:
    token = made(blue).token
    assert opens(blue, token) == blue.actors[0]
    assert opens(blue, token.upper().replace("-", " ")) == blue.actors[0]
    for wrong in ("", "x", token[:-1], token + "0"):
        assert opens(blue, wrong) is None


def test_the_table_holds_a_keyed_hash_a_drawn_label_and_the_member_that_is_there_already(blue: Any) -> None:
    from dalil.people.models import UploadToken

    new = made(blue)
    [row] = UploadToken.objects.all()
    assert sorted(field.name for field in UploadToken._meta.get_fields()) == [
        "expires_at", "id", "label", "mark", "member",
    ]  # fmt: skip
    assert row.member_id == blue.actors[0].member_id
    assert new.token.replace("-", "") not in (row.mark, row.label)
    assert new.label not in new.token, "the label tells nothing of the token"
    assert len(row.mark) == 64
    assert (
        opens(
            type("Other", (), {"keys": {"people": b"another secret, of 32 bytes here"}, "now": blue.now})(), new.token
        )
        is None
    )


def test_its_end_does_not_tell_the_day_on_which_it_was_made(blue: Any) -> None:
    from dalil.people.models import UploadToken

    monday = datetime(2026, 5, 18, 0, 0, tzinfo=UTC)
    ends = set()
    for day in range(7):
        UploadToken.objects.all().delete()
        made(blue, now=monday + timedelta(days=day, hours=day * 3))
        [row] = UploadToken.objects.all()
        ends.add(row.expires_at)
        assert row.expires_at.weekday() == 0
        assert row.expires_at - (monday + timedelta(days=day)) >= timedelta(days=28)
    assert ends == {datetime(2026, 6, 22, tzinfo=UTC)} or len(ends) == 1


def test_it_ends_at_its_end(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people.models import UploadToken

    token = made(blue).token
    last = UploadToken.objects.get().expires_at
    assert opens(blue, token, last - timedelta(seconds=1)) is not None
    assert opens(blue, token, last) is None
    people.expire_actor_keys(last + timedelta(seconds=1))
    assert UploadToken.objects.count() == 0


def test_one_sees_and_ends_ones_own_alone(blue: Any, green: Any) -> None:
    from dalil.actions import people

    new, other = made(blue), made(green)
    assert labels(blue) == [new.label]
    assert labels(blue, 1) == []
    for stranger in (blue.actors[1], green.actors[0]):
        if new.label in labels(green):
            continue  # both drew the same
        with pytest.raises(NotAllowed):
            people.revoke_token(stranger, new.label, now=blue.now)
    people.revoke_token(blue.actors[0], new.label, now=blue.now)
    assert opens(blue, new.token) is None
    assert opens(green, other.token) == green.actors[0]
    with pytest.raises(NotAllowed):
        people.revoke_token(blue.actors[0], new.label, now=blue.now)


def test_five_at_most_each_under_its_own_label(blue: Any) -> None:
    found = [made(blue) for _ in range(5)]
    assert len({new.label for new in found}) == 5
    assert labels(blue) == sorted(new.label for new in found)
    with pytest.raises(LimitReached) as caught:
        made(blue)
    assert caught.value.code == "tokens-many"


def test_whoever_is_on_probation_hands_in_too_and_the_command_line_has_none(blue: Any) -> None:
    from dalil.actions import people
    from dalil.people.actor import LOCAL

    newcomer = blue.newcomer()
    assert opens(blue, people.make_token(newcomer, now=blue.now, keys=blue.keys).token) == newcomer
    with pytest.raises(NotAllowed):
        people.make_token(LOCAL, now=blue.now, keys=blue.keys)


@pytest.mark.parametrize("way", ["everywhere", "passphrase", "recover", "revoked"])
def test_it_goes_with_the_door_it_belongs_to(blue: Any, way: str) -> None:
    from dalil.actions import people

    actor, token = blue.actors[0], made(blue).token
    given = {"now": blue.now, "keys": blue.keys}
    match way:
        case "everywhere":
            people.log_out_everywhere(actor, now=blue.now)
        case "passphrase":
            people.change_passphrase(actor, PASSPHRASE, "another seven quiet lamps", **given)
        case "recover":
            people.recover(actor.pseudonym, blue.codes[actor.member_id][0], "another seven quiet lamps", **given)
        case "revoked":
            for peer in blue.actors[1:]:
                people.revoke(peer, actor.member_id, now=blue.now)
    assert opens(blue, token) is None
    if way != "revoked":
        assert labels(blue) == []
