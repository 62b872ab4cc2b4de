"""The documentation is complete: generated pages are current, every page is linked, no link is dead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dalil.app import reference

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"])


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_generated_page_is_current(name: str) -> None:
    written = (DOCS / "reference" / name).read_text(encoding="utf-8")
    assert written == reference.PAGES[name](), "run 'make reference'"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (page.parent / target).exists(), target


def test_every_page_can_be_found_from_the_index() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    missing = [
        page.relative_to(DOCS).as_posix()
        for page in DOCS.rglob("*.md")
        if page.name != "README.md" and f"({page.relative_to(DOCS).as_posix()})" not in index
    ]
    assert missing == []


def test_nothing_names_a_machine_or_a_registry() -> None:
    # Spelled apart, so that this file does not hold them itself.
    banned = ["/" + "work/", "/" + "root/", "files.python" + "hosted.org", "deb.debian" + ".org"]
    offenders = []
    for path in [*PAGES, *(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), ROOT / "Makefile"]:
        text = path.read_text(encoding="utf-8")
        offenders += [f"{path.relative_to(ROOT)}: {word}" for word in banned if word in text]
    assert offenders == []
