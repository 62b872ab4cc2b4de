"""What earlier versions wrote stays readable: files of each format, kept as they were on their first day."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from dalil.archive import keys, manifest, manifest_tables, raw, workspace
from dalil.archive.rows import CustodyEntry, IntakeRow
from dalil.schema.tables import STORED, TABLES_VERSION

GOLD = json.loads((Path(__file__).parent / "archive_format_1.json").read_text("utf-8"))
RAW_2 = json.loads((Path(__file__).parent / "archive_raw_2.json").read_text("utf-8"))


@pytest.mark.parametrize("gold", [GOLD, RAW_2], ids=["first format", "second format"])
def test_a_raw_segment_of_its_first_day(tmp_path, gold):
    path = tmp_path / "segment"
    path.write_bytes(bytes.fromhex(gold["raw_segment"]))
    records = [text.encode() for text in gold["raw_records"]]
    keyed = [(bytes([n]) * 32, record) for n, record in enumerate(records)]
    assert [raw.read_record(path, pointer) for pointer in gold["raw_pointers"]] == records
    assert list(raw.read_all(path)) == keyed
    fresh = raw.without(path, {keyed[0][0]})
    path.write_bytes(fresh.data)
    assert list(raw.read_all(path)) == keyed[1:]
    assert [raw.read_record(path, pointer) for pointer in fresh.pointers] == records[1:]
    assert fresh.pointers == tuple(gold["raw_pointers"][1:])


def test_a_workspace_and_its_keys_of_the_first_day(tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "tmp").mkdir()
    (tmp_path / "workspace.json").write_text(json.dumps(GOLD["workspace"]))
    (tmp_path / "keys/keyring.json").write_text(json.dumps(GOLD["keyring"]))
    house = workspace.open_workspace(tmp_path)
    assert (house.id, house.zone, house.demo) == (GOLD["workspace"]["id"], "Asia/Baghdad", True)
    ring = house.unlock(GOLD["passphrase"])
    assert ring.identity.hex() == GOLD["identity"]
    assert ring.generation == 1
    ring.change_passphrase("another", cost=keys.Cost(passes=1, memory_kib=64, lanes=1))
    assert house.unlock("another").identity.hex() == GOLD["identity"]


@pytest.mark.parametrize("unknown", [{"added": "by a later version"}, {"recipients": {}, "note": None}])
def test_a_fact_that_a_later_version_adds_is_no_obstacle(tmp_path, unknown):
    (tmp_path / "workspace.json").write_text(json.dumps({**GOLD["workspace"], **unknown}))
    assert workspace.open_workspace(tmp_path).id == GOLD["workspace"]["id"]


def columns(text: str) -> dict[str, list[str]]:
    """Table → columns, of the manifest's own SQL."""
    found = {}
    for name, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\n\)", text, re.DOTALL):
        parts = re.split(r",\s+(?![^(]*\))", body.strip())
        found[name] = [part.split()[0] for part in parts if part.split()[0].islower()]
    return found


MANIFEST_1 = {
    "segments": "id table_name month path rows min_claimed max_claimed schema_version sha256 bytes",
    "raw_segments": "id path sha256 bytes records custody",
    "known": "obs_id raw_segment pointer",
    "media": "sha256 bytes custody",
    "image_signals": "sha256 method method_version",
    "locators": "pseudonym sealed inner_circle outer_circle",
    "received": "sha256 received completed",
    "intakes": "id intake_id received_sha256 received_bytes source_format importer_version collected_by day state code"
    " read includes kept known quarantined rejected ignored locators_not_kept",
    "rejects": "id intake place code raw_hash",
    "custody": "seq prev day circle action object tool reason hash",
    "findings": "id finding_id kind body",
    "finding_tables": "finding_id name path rows sha256",
    "indexes": "name array path sha256 head facts",
}

MANIFEST_2 = MANIFEST_1 | {
    "segments": f"{MANIFEST_1['segments']} step_from step_to",
    "merged_away": "path bytes since",
}
MANIFEST_3 = MANIFEST_2 | {
    "segments": f"{MANIFEST_2['segments']} mapping",
    "raw_segments": f"{MANIFEST_1['raw_segments']} intake",
    "intakes": f"{MANIFEST_1['intakes']} expunged",
    "mappings": "id source_format importer_version day circle changed through",
    "expunged": "obs_id custody sha256 reason day circle blocks",
    "raw_gone": "obs_id sha256 custody",
    "superseded": "seq by_seq",
    "aliases": "earlier obs_id",
    "leaving": "path",
    "generation": "number custody",
}
MANIFEST_4 = MANIFEST_3 | {
    "locators": f"{MANIFEST_1['locators']} batch number",
    "locator_batches": "id inner_secret outer_secret",
}
MANIFEST_5 = MANIFEST_4 | {
    "intakes": f"{MANIFEST_3['intakes']} undone undone_by gone taken_over options tells",
    "media": f"{MANIFEST_1['media']} intake",
    "met_again": "id intake first kind mark beginnings",
}
MANIFEST_6 = MANIFEST_5 | {"expunged": f"{MANIFEST_3['expunged']} mark"}


def test_the_manifest_has_the_tables_of_its_version(tmp_path):
    """Whoever changes a table here raises `manifest.VERSION` and writes the step from the old one."""
    made = manifest.Manifest(tmp_path / "manifest.db")
    made.create()
    with closing(made._open()) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (manifest.VERSION,) == (6,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,), "FULL"
        found = {
            name: " ".join(row[1] for row in connection.execute(f"PRAGMA table_info({name})")) for name in MANIFEST_6
        }
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert found == MANIFEST_6
    assert tables == set(MANIFEST_6)
    assert set(columns(manifest_tables.TABLES_1)) == set(MANIFEST_1), "a released version is never changed"


def test_a_manifest_of_a_newer_version_is_refused(tmp_path):
    from dalil.errors import ConfigError

    made = manifest.Manifest(tmp_path / "manifest.db")
    made.create()
    made.create()
    with closing(made._open()) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(ConfigError) as raised:
        made.head()
    assert raised.value.code == "workspace-newer"


def test_custody_knows_no_person_and_no_hour():
    assert CustodyEntry.__struct_fields__ == (
        "seq",
        "prev",
        "day",
        "circle",
        "action",
        "object",
        "tool",
        "reason",
        "hash",
    )
    names = set(IntakeRow.__struct_fields__) | set(MANIFEST_1["intakes"].split())
    assert not names & {"member", "actor", "user", "path", "name", "at", "time", "started_at", "ended_at"}
    kinds = {field.name: field.type for field in msgspec.structs.fields(IntakeRow)}
    assert kinds["day"].__name__ == "date"


def test_tables_change_only_together_with_their_version():
    """A new column or type needs `TABLES_VERSION` + 1 and a step in `archive.upcasts`; then this line."""
    widths = {name: len(schema) for name, schema in STORED.items()}
    assert (TABLES_VERSION, widths) == (
        1,
        {
            "observations": 19,
            "posts": 38,
            "accounts": 16,
            "media": 11,
            "edges": 11,
            "text_signals": 10,
            "image_signals": 7,
            "picture_texts": 7,
        },
    )
