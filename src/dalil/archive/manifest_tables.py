"""The tables of `manifest.db`, and the steps from each version of them to the next.

A new manifest is version 1 with all steps taken, so that a workspace that grew up and one that was made
today have the same tables. A step is never changed once it was released; whoever needs other tables adds one.
"""

from __future__ import annotations

from typing import Final

from dalil.archive import keeping_tables

TABLES_1: Final = """
CREATE TABLE segments (
    id INTEGER PRIMARY KEY, table_name TEXT NOT NULL, month TEXT NOT NULL, path TEXT NOT NULL UNIQUE,
    rows INTEGER NOT NULL, min_claimed INTEGER, max_claimed INTEGER, schema_version INTEGER NOT NULL,
    sha256 TEXT NOT NULL, bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX segments_by_table ON segments (table_name, month);
CREATE TABLE raw_segments (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
    records INTEGER NOT NULL, custody INTEGER NOT NULL REFERENCES custody (seq)
) STRICT;
CREATE TABLE known (
    obs_id BLOB PRIMARY KEY, raw_segment INTEGER NOT NULL REFERENCES raw_segments (id), pointer INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE media (
    sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, custody INTEGER NOT NULL REFERENCES custody (seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE image_signals (
    sha256 TEXT NOT NULL, method TEXT NOT NULL, method_version TEXT NOT NULL, PRIMARY KEY (sha256, method, method_version)
) STRICT, WITHOUT ROWID;
CREATE TABLE locators (
    pseudonym TEXT PRIMARY KEY, sealed BLOB NOT NULL, inner_circle TEXT NOT NULL, outer_circle TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE received (
    sha256 TEXT PRIMARY KEY, received INTEGER NOT NULL REFERENCES custody (seq), completed INTEGER REFERENCES custody (seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE intakes (
    id INTEGER PRIMARY KEY, intake_id TEXT NOT NULL UNIQUE, received_sha256 TEXT NOT NULL, received_bytes INTEGER NOT NULL,
    source_format TEXT NOT NULL, importer_version TEXT NOT NULL, collected_by TEXT NOT NULL, day TEXT NOT NULL,
    state TEXT NOT NULL, code TEXT, read INTEGER NOT NULL DEFAULT 0, includes INTEGER NOT NULL DEFAULT 0,
    kept INTEGER NOT NULL DEFAULT 0, known INTEGER NOT NULL DEFAULT 0, quarantined INTEGER NOT NULL DEFAULT 0,
    rejected TEXT NOT NULL DEFAULT '{}', ignored TEXT NOT NULL DEFAULT '{}', locators_not_kept INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX intakes_by_received ON intakes (received_sha256);
CREATE TABLE rejects (
    id INTEGER PRIMARY KEY, intake INTEGER NOT NULL REFERENCES intakes (id), place TEXT NOT NULL, code TEXT NOT NULL, raw_hash TEXT NOT NULL,
    UNIQUE (intake, place, code, raw_hash)
) STRICT;
CREATE TABLE custody (
    seq INTEGER PRIMARY KEY, prev TEXT NOT NULL, day TEXT NOT NULL, circle TEXT NOT NULL, action TEXT NOT NULL,
    object TEXT NOT NULL, tool TEXT NOT NULL, reason TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER custody_is_never_changed BEFORE UPDATE ON custody BEGIN SELECT RAISE(ABORT, 'custody is append-only'); END;
CREATE TRIGGER custody_is_never_removed BEFORE DELETE ON custody BEGIN SELECT RAISE(ABORT, 'custody is append-only'); END;
CREATE TABLE findings (
    id INTEGER PRIMARY KEY, finding_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE INDEX findings_by_kind ON findings (kind);
CREATE TABLE finding_tables (
    finding_id TEXT NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL, rows INTEGER NOT NULL, sha256 TEXT NOT NULL,
    PRIMARY KEY (finding_id, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE indexes (
    name TEXT NOT NULL, array TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, head TEXT NOT NULL,
    facts TEXT NOT NULL, PRIMARY KEY (name, array)
) STRICT, WITHOUT ROWID;
"""

STEPS: Final[dict[int, str]] = {
    2: """
ALTER TABLE segments ADD COLUMN step_from INTEGER;
ALTER TABLE segments ADD COLUMN step_to INTEGER;
UPDATE segments SET step_from = 0, step_to = 0;
CREATE INDEX segments_by_step ON segments (table_name, step_to);
CREATE TRIGGER segments_have_a_step AFTER INSERT ON segments WHEN NEW.step_from IS NULL BEGIN
    UPDATE segments SET step_from = (SELECT coalesce(max(seq), 0) FROM custody),
        step_to = (SELECT coalesce(max(seq), 0) FROM custody) WHERE id = NEW.id;
END;
CREATE TABLE merged_away (
    path TEXT PRIMARY KEY, bytes INTEGER NOT NULL, since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
""",
    3: keeping_tables.TABLES,
    4: """
CREATE TABLE locator_batches (
    id INTEGER PRIMARY KEY, inner_secret BLOB NOT NULL, outer_secret BLOB NOT NULL
) STRICT;
ALTER TABLE locators ADD COLUMN batch INTEGER REFERENCES locator_batches (id);
ALTER TABLE locators ADD COLUMN number INTEGER;
""",
    5: """
ALTER TABLE intakes ADD COLUMN undone TEXT NOT NULL DEFAULT '';
ALTER TABLE intakes ADD COLUMN undone_by TEXT NOT NULL DEFAULT '';
ALTER TABLE intakes ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE intakes ADD COLUMN taken_over INTEGER NOT NULL DEFAULT 0;
ALTER TABLE intakes ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
ALTER TABLE intakes ADD COLUMN tells INTEGER NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN intake INTEGER REFERENCES intakes (id);
CREATE INDEX raw_segments_by_custody ON raw_segments (custody);
UPDATE media SET intake = (SELECT intake FROM raw_segments WHERE raw_segments.custody = media.custody);
CREATE TABLE met_again (
    id INTEGER PRIMARY KEY, intake INTEGER NOT NULL REFERENCES intakes (id), first INTEGER NOT NULL REFERENCES intakes (id),
    kind TEXT NOT NULL, mark BLOB NOT NULL, beginnings BLOB NOT NULL, UNIQUE (intake, first, kind, mark)
) STRICT;
CREATE INDEX met_again_by_first ON met_again (first);
""",
    6: """
ALTER TABLE expunged ADD COLUMN mark BLOB;
CREATE INDEX expunged_by_mark ON expunged (mark) WHERE mark IS NOT NULL;
""",
}
"""Version → what makes it of the one before.

2: `step_from` and `step_to` of a segment: between which custody entries its rows were stored, ends included;
0 where a version 1 stored them. `merged_away` are files of segments that became part of others; they stay until `since`
(epoch seconds) is long ago. 3: see `keeping_tables`. 4: locators sealed by the batch: its two secrets, each sealed to
its circle, and the locator's number in it; neither for a locator that an earlier version sealed by itself.
5: what undoing an import needs, see `bringers` and `undoing`; `tells` is 1 for an import that notes what it met
again, `gone` and `taken_over` count primary observations, `options` are those given for the source format.
6: by what an expunged record is known under another key, see `tombstones`; none of what an earlier version expunged.
"""

VERSION: Final = max(STEPS)


def script(found: int) -> str:
    """What brings a manifest of version `found` (0: empty) to the newest, in one transaction."""
    parts = [TABLES_1] if found == 0 else []
    parts += [step for version, step in sorted(STEPS.items()) if version > found]
    return f"BEGIN IMMEDIATE;{''.join(parts)}PRAGMA user_version={VERSION};COMMIT;"
