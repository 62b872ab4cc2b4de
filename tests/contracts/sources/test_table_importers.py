"""The importers of plain tables and of 4CAT pass the suite that we ask of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import sources_files
import sources_fourcat
import sources_tables

from dalil.schema.mappings import OPTION, to_text
from dalil.sources.formats.fourcat.importer import FourCat
from dalil.sources.formats.plain_table.importer import PlainTable
from dalil.sources.importer import Item, Limits, ReadContext
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import SourceFile, head_of
from dalil.testing.importers import KEY, ImporterContract


class TestPlainTable(ImporterContract):
    importer = PlainTable()
    secrets = (b"hidden person", b"hidden.person", b"hidden_one", b"555000111")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        (folder / "shot.png").write_bytes(sources_files.PNG)
        rows = [
            sources_tables.filled(screenshot="shot.png"),
            sources_tables.filled(
                account_kind="person",
                account_name="hidden person",
                address="https://www.facebook.com/hidden.person/posts/555000111",
                text="says @hidden_one at https://x.com/hidden_one/status/555000111",
            ),
        ]
        return [
            sources_tables.write_template(
                folder / f"{language}{encoding}.csv", rows, language=language, encoding=encoding
            )
            for language, encoding in (("en", "utf-8"), ("ar", "utf-16"), ("ckb", "utf-8-sig"))
        ]

    def write_large(self, folder: Path, copies: int) -> Path:
        address = "https://www.facebook.com/sahlaratoday/posts/{}"
        rows = (sources_tables.filled(address=address.format(n), text=f"post {n}") for n in range(copies))
        return sources_tables.write_template(folder / "large.csv", rows)


class TestMappedTable(TestPlainTable):
    """A strange table by a mapping: alone it is only known to be a table."""

    secrets = (b"hidden_one", b"555000111")

    def items(self, path: Path, *, limits: Limits | None = None) -> Iterator[Item]:
        context = ReadContext(Pseudonymiser(KEY), limits or Limits(), {OPTION: to_text(sources_tables.MAPPING)})
        return self.importer.read(SourceFile(path, path.parent), context)

    def write_samples(self, folder: Path) -> Sequence[Path]:
        rows = [
            [
                "https://x.com/hidden_one/status/555000111",
                "hidden_one",
                "17/05/2026 14:05",
                "@hidden_one",
                "3",
                "hidden_one",
            ]
        ]
        return [sources_tables.write(folder / "strange.csv", sources_tables.STRANGE, rows, delimiter=";")]

    def write_large(self, folder: Path, copies: int) -> Path:
        rows = ([f"https://x.com/a/status/{n}", "a", "17/05/2026", f"post {n}", "3", ""] for n in range(copies))
        return sources_tables.write(folder / "large.tsv", sources_tables.STRANGE, rows, delimiter="\t")

    def test_detects_its_samples_by_content(self, tmp_path: Path) -> None:
        """It is a table, which is too little to be sure of."""
        for path in self.write_samples(tmp_path):
            assert 0 < self.importer.detect(head_of(path)) < 0.5


class TestFourCat(ImporterContract):
    importer = FourCat()
    secrets = (b"hidden_one", b"hidden person", b"9007001", b"+964", b"secrettoken")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        return [
            sources_fourcat.write_csv(
                folder / "x.csv", [sources_fourcat.X, sources_fourcat.X | {"id": "2", "is_retweet": "yes"}]
            ),
            sources_fourcat.write_csv(folder / "telegram.csv", [sources_fourcat.TELEGRAM]),
            sources_fourcat.write_ndjson(folder / "tiktok.ndjson", [sources_fourcat.TIKTOK]),
            sources_fourcat.write_csv(folder / "facebook.csv", [sources_fourcat.FACEBOOK]),
        ]

    def write_large(self, folder: Path, copies: int) -> Path:
        rows = [sources_fourcat.X | {"id": str(n), "body": f"post {n}"} for n in range(1, copies + 1)]
        return sources_fourcat.write_csv(folder / "large.csv", rows)
