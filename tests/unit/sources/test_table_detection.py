"""Tables are told apart by what is in them: each kind is taken for itself, and by nobody else as surely."""

from __future__ import annotations

from pathlib import Path

import pytest
import sources_files
import sources_fourcat
import sources_tables
from sources_tables import filled

from dalil.errors import InputError
from dalil.sources.reading import HEAD_BYTES, head_of
from dalil.sources.registry import SURE_ENOUGH, detect, importers, is_table, unknown


def samples(folder: Path) -> dict[str, list[Path]]:
    """Format → samples of it, of all formats that are tables or look like one."""
    made = {
        "plain-table": [
            sources_tables.write_template(
                folder / f"t-{language}-{encoding}",
                [filled()],
                language=language,
                encoding=encoding,
                delimiter=delimiter,
            )
            for language in ("en", "ar", "ckb")
            for encoding in ("utf-8", "utf-16")
            for delimiter in (",", ";", "\t")
        ],
        "fourcat": [
            *(sources_fourcat.write_csv(folder / f"c-{name}", [row]) for name, row in sources_fourcat.ALL.items()),
            *(sources_fourcat.write_ndjson(folder / f"n-{name}", [row]) for name, row in sources_fourcat.ALL.items()),
        ],
        "crowdtangle-csv": [sources_files.write_ct(folder / "ct", [sources_files.ct_row(1)])],
        "x-api-v2": [
            sources_files.write_lines(
                folder / "x",
                [sources_files.x_response([sources_files.x_tweet(1, 1, "a, b; c")], [sources_files.x_user(1, "a")])],
            )
        ],
        "telegram-desktop": [
            sources_files.write_json(folder / "tg", sources_files.tg_chat([sources_files.tg_message(1, "a, b")]))
        ],
    }
    return {name: list(paths) for name, paths in made.items()}


def test_each_sample_is_its_own_and_nobody_elses(tmp_path: Path) -> None:
    for name, paths in samples(tmp_path).items():
        for path in paths:
            head = head_of(path)
            sure = {importer.manifest.name: importer.detect(head) for importer in importers()}
            assert sure[name] >= SURE_ENOUGH, path.name
            assert [other for other, how in sure.items() if other != name and how >= sure[name]] == [], path.name
            found = detect(head)
            assert found is not None
            assert found.manifest.name == name


def test_a_strange_table_is_nobodys_and_known_to_be_one(tmp_path: Path) -> None:
    rows = [["https://x.com/a/status/1", "a", "17/05/2026", "text", "3", ""]]
    for delimiter in (",", ";", "\t", "|"):
        head = head_of(sources_tables.write(tmp_path / "t", sources_tables.STRANGE, rows, delimiter=delimiter))
        assert detect(head) is None
        assert is_table(head)
        assert unknown("t.csv", head).code == "table-unmapped"


@pytest.mark.parametrize(
    "head",
    [b"", b"words\nand words\n", b"<html>", b"{}\n", b"PK\x03\x04" + bytes(40), b"%PDF-1.7\n1,2\n"[:8], bytes(64)],
)
def test_what_is_no_table_is_not_called_one(head: bytes) -> None:
    assert not is_table(head)
    error = unknown("x", head)
    assert isinstance(error, InputError)
    assert error.code == "format-unknown"


def test_a_table_longer_than_what_is_looked_at_is_still_one(tmp_path: Path) -> None:
    path = sources_tables.write_template(
        tmp_path / "t", [filled(text="ا" * 50_000), filled(text="b" * 50_000)], language="ar"
    )
    assert path.stat().st_size > HEAD_BYTES
    found = detect(head_of(path))
    assert found is not None
    assert found.manifest.name == "plain-table"
    assert len(sources_tables.records(path)) == 2
