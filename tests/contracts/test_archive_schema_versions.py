"""A segment of every schema version must be readable: the contract between old workspaces and new code."""

from __future__ import annotations

import hashlib

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from archive_chunks import NOW, File, FixedKeys, post_id

from dalil.archive import upcasts, workspace
from dalil.archive.keys import Cost
from dalil.archive.reading import Archive
from dalil.archive.segments import encode
from dalil.archive.writing import Writer
from dalil.schema.tables import POSTS, STORED


@pytest.fixture
def house(tmp_path):
    made = workspace.create(
        tmp_path / "house", zone="UTC", passphrase="p", demo=True, cost=Cost(passes=1, memory_kib=64, lanes=1)
    )
    writer = Writer(made, keys=FixedKeys(), now=NOW)
    file = File(0, 20, 10)
    intake = writer.begin(file.begin, "blue")
    for chunk in file.chunks():
        writer.chunk(intake, chunk)
    writer.end(intake, file.end)
    return made


def add_old_segment(house: workspace.Workspace, version: int, rows: pa.Table) -> None:
    data = encode(rows)
    sha256 = hashlib.sha256(data).hexdigest()
    path = f"posts/month=2026-01/{sha256}.parquet"
    (house.archive / path).parent.mkdir(parents=True)
    (house.archive / path).write_bytes(data)
    with house.manifest.writing() as connection:
        connection.execute(
            "INSERT INTO segments (table_name, month, path, rows, schema_version, sha256, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)",
            ("posts", "2026-01", path, rows.num_rows, version, sha256, len(data)),
        )


def test_old_segments_are_raised_to_todays_schema_beside_new_ones(house, monkeypatch):
    old = pa.Table.from_pylist(
        [{"obs_id": post_id(900), "uid": "fake:900", "message": "from an older version"}],
        schema=pa.schema([("obs_id", pa.string()), ("uid", pa.string()), ("message", pa.string())]),
    )
    add_old_segment(house, 0, old)

    def first_step(rows: ibis.Table) -> ibis.Table:
        missing = {
            name: ibis.null().cast(ibis.Schema.from_pyarrow(POSTS)[name])
            for name in POSTS.names
            if name not in ("obs_id", "uid", "text")
        }
        return rows.rename(text="message").mutate(**missing)

    monkeypatch.setattr(upcasts, "STEPS", {("posts", 0): first_step})
    with Archive(house, memory_mib=256, threads=1) as archive:
        posts = archive.table("posts")
        assert posts.columns == tuple(POSTS.names)
        assert posts.schema() == archive.table("posts").filter(False).schema()
        assert posts.count().execute() == 21
        row = posts.filter(posts.uid == "fake:900").to_pyarrow().to_pylist()[0]
        assert (row["text"], row["platform"], row["hashtags"]) == ("from an older version", None, None)
        joined = posts.to_pyarrow()
        assert pc.sum(pc.is_null(joined["platform"])).as_py() == 1


def test_a_version_without_a_step_for_what_changed_is_a_mistake_of_ours(house):
    add_old_segment(house, 0, pa.table({"obs_id": [post_id(900)]}))
    with Archive(house, memory_mib=256, threads=1) as archive, pytest.raises(ValueError, match="no step"):
        archive.table("posts")


@pytest.mark.parametrize("name", sorted(STORED))
def test_every_stored_table_has_a_fixed_place_for_its_id(name):
    assert STORED[name].names[0] == ("sha256" if name in ("image_signals", "picture_texts") else "obs_id")
