"""Making and opening a workspace, its keys, and what its folders give away."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dalil.archive import doctor, keys, volume, workspace
from dalil.archive.keys import Cost
from dalil.archive.workspace import DEMO_PASSPHRASE
from dalil.errors import ConfigError, EvidenceDamaged, InputError, NotAvailable

PASSPHRASE = "seven dry wells near the bridge"
CHEAP = Cost(passes=1, memory_kib=64, lanes=1)
AS_OF = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)


def make(folder, **options):
    given_options = {"zone": "Asia/Baghdad", "passphrase": PASSPHRASE, "encrypted_ok": True, "cost": CHEAP, **options}
    return workspace.create(folder, **given_options)


def test_a_workspace_is_found_again_as_it_was_made(tmp_path):
    made = make(tmp_path / "house", as_of=AS_OF, demo=True, passphrase=DEMO_PASSPHRASE)
    found = workspace.open_workspace(tmp_path / "house")
    assert found == made
    assert (found.zone, found.as_of, found.demo) == ("Asia/Baghdad", AS_OF, True)
    assert found.unlock(DEMO_PASSPHRASE).identity == made.unlock(DEMO_PASSPHRASE).identity
    assert {path.name for path in found.folder.iterdir()} == {
        *("archive", "media", "raw", "indexes", "keys", "tmp"),
        "workspace.json",
    }
    assert found.database == found.folder / "dalil.db"
    assert doctor.examine(found) == []


def test_other_rooms_keys_are_there_from_the_first_moment_and_never_in_place_of_ours(tmp_path):
    made = make(tmp_path / "house", more_keys={"django": b"door", "identity": b"weak"})
    ring = made.unlock(PASSPHRASE)
    assert ring.get("django") == b"door"
    assert len(ring.identity) == 32


def test_two_workspaces_share_no_key_and_no_id(tmp_path):
    one, two = make(tmp_path / "one"), make(tmp_path / "two")
    assert one.id != two.id
    assert one.unlock(PASSPHRASE).identity != two.unlock(PASSPHRASE).identity
    (two.keys / keys.FILE).write_bytes((one.keys / keys.FILE).read_bytes())
    with pytest.raises(ConfigError):
        two.unlock(PASSPHRASE)  # bound to its own workspace


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"zone": "Mars/Olympus"}, "value-wrong"),
        ({"zone": "../../etc/passwd"}, "value-wrong"),
        ({"zone": ""}, "value-wrong"),
        ({"passphrase": ""}, "value-wrong"),
        ({"recipients": {"blue": "age1nonsense"}}, "value-wrong"),
    ],
)
def test_wrong_values_are_refused_and_no_workspace_is_left(tmp_path, options, code):
    with pytest.raises(InputError) as raised:
        make(tmp_path / "house", **options)
    assert raised.value.code == code
    assert make(tmp_path / "house").unlock(PASSPHRASE)


def test_an_existing_workspace_or_a_folder_with_other_things_is_left_alone(tmp_path):
    make(tmp_path / "house")
    with pytest.raises(ConfigError) as raised:
        make(tmp_path / "house")
    assert raised.value.code == "workspace-exists"
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/one.txt").write_text("keep me")
    with pytest.raises(InputError) as refused:
        make(tmp_path / "letters")
    assert refused.value.code == "folder-not-empty"


def test_a_creation_that_was_cut_off_can_be_repeated(tmp_path):
    make(tmp_path / "house")
    (tmp_path / "house/workspace.json").unlink()  # it is written last
    again = make(tmp_path / "house")
    assert doctor.examine(again) == []


@pytest.mark.parametrize(("answer", "code"), [(False, "volume-plain"), (None, "volume-unknown")])
def test_a_volume_that_is_not_known_to_be_encrypted_needs_typed_words(tmp_path, monkeypatch, answer, code):
    monkeypatch.setattr(volume, "is_encrypted", lambda _path: answer)
    with pytest.raises(ConfigError) as raised:
        make(tmp_path / "house", encrypted_ok=False)
    assert raised.value.code == code
    assert workspace.PLAIN_VOLUME_WORDS in raised.value.remedy
    assert not (tmp_path / "house").exists()
    make(tmp_path / "house", encrypted_ok=True)
    make(tmp_path / "sample", encrypted_ok=False, demo=True)


def test_an_encrypted_volume_needs_no_words(tmp_path, monkeypatch):
    monkeypatch.setattr(volume, "is_encrypted", lambda _path: True)
    make(tmp_path / "house", encrypted_ok=False)


def test_no_workspace_a_newer_one_and_a_spoilt_one(tmp_path):
    with pytest.raises(ConfigError) as raised:
        workspace.open_workspace(tmp_path / "none")
    assert raised.value.code == "workspace-missing"
    house = make(tmp_path / "house")
    facts = json.loads((house.folder / "workspace.json").read_text())
    (house.folder / "workspace.json").write_text(json.dumps({**facts, "format": 99, "zone": 5}))
    with pytest.raises(ConfigError) as newer:
        workspace.open_workspace(house.folder)
    assert newer.value.code == "workspace-newer"
    (house.folder / "workspace.json").write_text("{")
    with pytest.raises(EvidenceDamaged):
        workspace.open_workspace(house.folder)
    (house.folder / "public.json").write_text("{")
    with pytest.raises(EvidenceDamaged):
        house.public_accounts()


def test_recipients_are_recorded_replaced_and_removed(house, circles):
    assert set(house.recipients()) == {"blue", "green"}
    house.set_recipient("blue", None)
    assert set(workspace.open_workspace(house.folder).recipients()) == {"green"}
    with pytest.raises(InputError):
        house.set_recipient("blue", "age1nonsense")
    with pytest.raises(InputError):
        house.set_recipient("blue", circles["blue"])  # a secret identity is no recipient


def test_a_naive_clock_is_a_mistake_of_ours(tmp_path):
    with pytest.raises(ValueError, match="zone"):
        make(tmp_path / "house", as_of=datetime(2026, 5, 17))  # noqa: DTZ001 - the mistake that is refused


class TestKeys:
    """The key ring of one workspace."""

    def test_it_opens_by_its_passphrase_alone(self, house):
        assert len(house.unlock(PASSPHRASE).identity) == 32
        for wrong in (PASSPHRASE + " ", PASSPHRASE.upper(), "", "x"):
            with pytest.raises(ConfigError) as raised:
                house.unlock(wrong)
            assert raised.value.code == "passphrase-wrong"

    def test_the_same_words_on_two_keyboards_open_it(self, tmp_path):
        made = make(tmp_path / "house", passphrase="مدرسة caf\u00e9 ﻻ")
        assert made.unlock("مدرسة cafe\u0301 لا").identity

    def test_secrets_are_kept_replaced_and_forgotten(self, house):
        ring = house.unlock(PASSPHRASE)
        ring.put("circle.blue.sign", b"one")
        ring.put("circle.blue.sign", b"two")
        other = house.unlock(PASSPHRASE)
        assert other.get("circle.blue.sign") == b"two"
        assert other.names() == ["circle.blue.sign", "identity", "pseudonym.1"]
        other.forget("circle.blue.sign")
        assert not house.unlock(PASSPHRASE).has("circle.blue.sign")
        with pytest.raises(NotAvailable) as raised:
            other.get("circle.blue.sign")
        assert raised.value.code == "key-missing"

    def test_a_key_put_by_another_process_is_found(self, house):
        here, there = house.unlock(PASSPHRASE), house.unlock(PASSPHRASE)
        there.put("django", b"secret")
        assert here.has("django")
        assert house.unlock(PASSPHRASE).get("django") == here.get("django") == b"secret"

    def test_two_that_change_it_at_once_lose_nothing(self, house):
        rings = [house.unlock(PASSPHRASE) for _ in range(4)]

        def put(number: int) -> None:
            rings[number % 4].put(f"key.{number}", bytes([number]))

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(put, range(24)))
        assert {f"key.{number}" for number in range(24)} <= set(house.unlock(PASSPHRASE).names())

    def test_what_everything_rests_on_cannot_be_replaced(self, house):
        ring = house.unlock(PASSPHRASE)
        for name in ("identity", "pseudonym.1"):
            with pytest.raises(ValueError, match="rests"):
                ring.put(name, bytes(32))
        with pytest.raises(ValueError, match="rests"):
            ring.forget("identity")
        for name in ("", "../x", "a b", "x" * 200, "é"):
            with pytest.raises(ValueError, match="name"):
                ring.put(name, b"")

    def test_generations_of_the_pseudonym_key(self, house):
        ring = house.unlock(PASSPHRASE)
        first = ring.pseudonym()
        assert (ring.generation, ring.add_generation(), ring.generation) == (1, 2, 2)
        assert ring.pseudonym() == ring.pseudonym(2) != first == ring.pseudonym(1)
        assert house.unlock(PASSPHRASE).generation == 2
        with pytest.raises(NotAvailable):
            ring.pseudonym(3)

    def test_the_passphrase_can_be_changed_and_the_cost_is_recorded(self, house):
        ring = house.unlock(PASSPHRASE)
        ring.put("django", b"secret")
        ring.change_passphrase("another one", cost=Cost(passes=2, memory_kib=128, lanes=1))
        with pytest.raises(ConfigError):
            house.unlock(PASSPHRASE)
        again = house.unlock("another one")
        assert (again.identity, again.get("django")) == (ring.identity, b"secret")
        ring.put("later", b"by the ring that was open meanwhile")
        assert house.unlock("another one").has("later")
        recorded = json.loads((house.keys / keys.FILE).read_text())
        assert recorded["cost"] == {"passes": 2, "memory_kib": 128, "lanes": 1}
        assert recorded["kdf"] == "argon2id"
        with pytest.raises(InputError):
            again.change_passphrase("")

    def test_the_default_cost_is_that_of_rfc_9106(self):
        assert Cost() == Cost(passes=3, memory_kib=65536, lanes=4)

    def test_nothing_on_the_disk_holds_a_key_unwrapped(self, house):
        ring = house.unlock(PASSPHRASE)
        ring.put("circle.blue.seal", b"AGE-SECRET-KEY-1MADEUP")
        ring.add_generation()
        ring.change_passphrase("another one", cost=CHEAP)
        stored = b"".join(path.read_bytes() for path in house.folder.rglob("*") if path.is_file())
        stored += base64.b64decode(json.loads((house.keys / keys.FILE).read_text())["secrets"])
        for name in ring.names():
            value = ring.get(name)
            for form in (value, base64.b64encode(value), value.hex().encode(), value[:8]):
                assert form not in stored
        for word in (PASSPHRASE.encode(), b"another one", b"circle.blue", b"pseudonym.1"):
            assert word not in stored
        assert [path.name for path in house.keys.iterdir()] == [keys.FILE]
        assert repr(ring) == "KeyRing(…)"

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.data())
    def test_a_changed_key_file_never_opens(self, tmp_path_factory, data):
        house = make(tmp_path_factory.mktemp("keys") / "house")
        ring = msgspec.json.decode((house.keys / keys.FILE).read_bytes())
        name = data.draw(st.sampled_from(["salt", "master", "secrets"]))
        spoilt = bytearray(base64.b64decode(ring[name]))
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] ^= data.draw(st.integers(1, 255))
        ring[name] = base64.b64encode(spoilt).decode()
        (house.keys / keys.FILE).write_bytes(msgspec.json.encode(ring))
        with pytest.raises((ConfigError, EvidenceDamaged)):
            house.unlock(PASSPHRASE)

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda ring: {**ring, "kdf": "none"},
            lambda ring: {**ring, "cost": {"passes": 10**9, "memory_kib": 64, "lanes": 1}},
            lambda ring: {**ring, "cost": {"passes": 1, "memory_kib": 10**12, "lanes": 1}},
            lambda ring: {},
        ],
    )
    def test_a_key_file_that_is_not_ours_is_said_and_costs_nothing(self, house, spoil):
        path = house.keys / keys.FILE
        path.write_text(json.dumps(spoil(json.loads(path.read_text()))))
        with pytest.raises(EvidenceDamaged):
            house.unlock(PASSPHRASE)

    def test_a_missing_key_file_is_said(self, house):
        (house.keys / keys.FILE).unlink()
        with pytest.raises(EvidenceDamaged):
            house.unlock(PASSPHRASE)
