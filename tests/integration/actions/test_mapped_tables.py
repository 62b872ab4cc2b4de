"""Strange tables on the command line and in the console: looked at, mapped, saved in versions, imported; swept if left."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
import sources_tables
from command_line import asked, dalil
from console_client import Console, address_of, served
from import_inputs import picture

from dalil.archive.workspace import PLAIN_VOLUME_WORDS
from dalil.sources.formats.plain_table import template

PASSPHRASE = "four quiet words here"
pytestmark = pytest.mark.slow
ROWS = [
    ["Sahlara Today", "https://www.facebook.com/sahlaratoday/posts/77", "The bridge at Tel Nahr stands, says the town.", "17/05/2026 14:05", "1.234"],
    ["Hidden Person", "https://www.facebook.com/hidden.person/posts/78", "A member says something about the bridge here.", "16/05/2026 09:30", "12"],
]  # fmt: skip
HEADER = ["Seite", "Link", "Was", "Wann", "Likes"]


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("mapped") / "workspace"
    told = asked("init", "--workspace", folder, "--plain-volume", PLAIN_VOLUME_WORDS, passphrase=PASSPHRASE)
    return folder, told["invitation"]


@pytest.fixture
def workspace(founded: tuple[Path, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(founded[0], tmp_path / "workspace"))


@pytest.fixture
def strange(tmp_path: Path) -> Path:
    return sources_tables.write(tmp_path / "strange.csv", HEADER, ROWS, delimiter=";")


def test_a_strange_table_is_refused_mapped_and_imported(workspace: Path, strange: Path) -> None:
    given = ("--workspace", workspace)
    assert (
        dalil("import", strange, *given, "--json", expect=2, passphrase=PASSPHRASE).object["error"]["code"]
        == "table-unmapped"
    )
    found = asked("mapping", "preview", strange, *given, passphrase=PASSPHRASE)
    assert found["mapping"]["columns"]["Link"] == "address"
    assert [post["public"] for post in found["posts"]] == [False, False]
    assert "hidden" not in json.dumps(found["posts"]).lower()
    made = ("--table", strange, "--column", "Seite=account_name", "--kind", "page", "--zone", "Asia/Baghdad")
    assert asked("mapping", "save", "Pages", *made, *given, passphrase=PASSPHRASE) == {"name": "Pages", "version": 1}
    shown = asked("mapping", "show", "Pages", *given)
    assert (shown["version"], shown["mapping"]["times"], shown["mapping"]["thousands"]) == (1, "dmy", ".")
    [file] = asked("import", "--mapping", "Pages", strange, *given, passphrase=PASSPHRASE)["files"]
    assert (file["format"], file["read"], file["kept"]) == ("plain-table", 2, 2)
    [file] = asked("import", "--mapping", "Pages@1", strange, *given, passphrase=PASSPHRASE)["files"]
    assert (file["kept"], file["known"]) == (0, 2)
    asked("doctor", *given, passphrase=PASSPHRASE)


def test_versions_are_kept_and_named(workspace: Path, tmp_path: Path) -> None:
    given = ("--workspace", workspace)
    file = tmp_path / "m.json"
    file.write_text('{"name": "x", "columns": {"Was": "text"}, "platform": "x"}', encoding="utf-8")
    assert asked("mapping", "save", "Posts", "--file", file, *given)["version"] == 1
    assert asked("mapping", "save", "Posts", "--file", file, *given)["version"] == 1
    assert asked("mapping", "save", "Posts", "--file", file, "--platform", "telegram", *given)["version"] == 2
    rows = asked("mapping", "list", "--all", *given)["mappings"]
    assert [(row["version"], row["mapping"]["platform"]) for row in rows] == [(1, "x"), (2, "telegram")]
    assert [row["version"] for row in asked("mapping", "list", *given)["mappings"]] == [2]
    assert asked("mapping", "show", "Posts@1", *given)["mapping"]["platform"] == "x"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("mapping", "show", "None"), "mapping-unknown"),
        (("mapping", "show", "None@x"), "value-wrong"),
        (("mapping", "save", "A", "--column", "no sign"), "value-wrong"),
        (("mapping", "save", "A", "--column", "a=nonsense"), "value-wrong"),
        (("mapping", "save", "A", "--column", "a=text", "--kind", "friend"), "value-wrong"),
        (("mapping", "save", "A", "--column", "a=text", "--times", "soon"), "mapping-unreadable"),
        (("mapping", "save", "A", "--column", "a=text"), "mapping-without-platform"),
        (("mapping", "save", "../A", "--column", "a=text", "--platform", "x"), "mapping-name"),
        (("mapping", "save", "A", "--file", "no-such-file.json"), "path-missing"),
        (("mapping", "preview", "no-such-file.csv"), "path-missing"),
        (("import", "x.csv", "--option", "zone"), "value-wrong"),
        (("import", "x.csv", "--mapping", "None"), "mapping-unknown"),
        (("capture", "--text", "a", "--screenshot", "no-such-file.png"), "path-missing"),
    ],
)
def test_what_is_wrong_is_said(workspace: Path, arguments: tuple[str, ...], code: str) -> None:
    ran = dalil(*arguments, "--workspace", workspace, "--json", expect=2, passphrase=PASSPHRASE)
    assert ran.object["error"]["code"] == code


def test_the_template_goes_out_and_comes_back_with_its_screenshots(workspace: Path, tmp_path: Path) -> None:
    folder = tmp_path / "saved by hand"
    folder.mkdir()
    printed = dalil("formats", "--template", "--language", "ar").out
    assert printed.lstrip("\ufeff").strip() == ",".join(
        f'"{name}"' if "," in name else name for name in template.header("ar", "Asia/Baghdad")
    )
    (folder / "one.jpg").write_bytes(picture(1))
    sources_tables.write_template(folder / "pages.csv", [sources_tables.filled(screenshot="one.jpg")], language="ar")
    told = asked("import", folder, "--workspace", workspace, passphrase=PASSPHRASE)
    assert [(file["format"], file["kept"]) for file in told["files"]] == [("plain-table", 1)]
    assert len(list((workspace / "media").rglob("*/*/*"))) == 1
    assert (
        dalil("formats", "--template", "--language", "xx", "--json", expect=2).object["error"]["code"] == "value-wrong"
    )


def test_several_screenshots_of_one_post_are_one_post(workspace: Path, tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.jpg" for n in range(3)]
    for number, path in enumerate(paths):
        path.write_bytes(picture(number))
    shots = [part for path in paths for part in ("--screenshot", path)]
    asked(
        "capture",
        "--text",
        "A post",
        "--kind",
        "page",
        "--page",
        "Sahlara Today",
        *shots,
        "--workspace",
        workspace,
        passphrase=PASSPHRASE,
    )
    assert len([path for path in (workspace / "media").rglob("*") if path.is_file()]) == 3
    (tmp_path / "no.png").write_bytes(b"SECRET")
    ran = dalil(
        "capture",
        "--screenshot",
        tmp_path / "no.png",
        "--workspace",
        workspace,
        "--json",
        expect=2,
        passphrase=PASSPHRASE,
    )
    assert ran.object["error"]["code"] == "picture-format"


def test_screenshots_are_read_or_it_is_said_why_not(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "shot.jpg").write_bytes(picture(1))
    asked(
        "capture",
        "--screenshot",
        tmp_path / "shot.jpg",
        "--kind",
        "page",
        "--workspace",
        workspace,
        passphrase=PASSPHRASE,
    )
    if shutil.which("tesseract"):
        first = asked("scan", "--workspace", workspace)
        assert (first["read"] + first["without_words"], first["unreadable"], first["left"]) == (1, 0, 0)
        again = asked("scan", "--workspace", workspace)
        assert (again["read"], again["without_words"]) == (0, 0)
    else:
        assert dalil("scan", "--workspace", workspace, "--json", expect=3).object["error"]["code"] == "ocr-missing"


def test_without_the_program_it_is_said_that_it_is_missing(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    error = dalil("scan", "--workspace", workspace, "--json", expect=3).object["error"]
    assert error["code"] == "ocr-missing"
    assert "Everything else works without it" in error["remedy"]


def test_in_the_console_a_strange_upload_waits_for_its_mapping(
    workspace: Path, founded: tuple[Path, str], strange: Path
) -> None:
    with served("serve", "--workspace", workspace, until="Ctrl-C", passphrase=PASSPHRASE) as lines:
        console = Console(address_of(lines))
        console.join(founded[1], "another four quiet words")
        console.send("/intake/upload", "uploads", strange, from_page="/intake")
        job = console.url.rpartition("/")[2].partition("?")[0]
        while unfinished(workspace):
            console.get("/")
        page = console.get(f"/intake/job/{job}/table/1")
        assert console.status == 200
        assert "Seite" in page
    assert len(list((workspace / "tmp").glob("table-*/table"))) == 1
    assert list((workspace / "tmp").glob("upload-*")) == []
    for path in (workspace / "tmp").glob("table-*"):
        os.utime(path, (0, 0))
    dalil("worker", "--once", "--workspace", workspace, passphrase=PASSPHRASE)
    assert list((workspace / "tmp").glob("table-*")) == []


def unfinished(workspace: Path) -> int:
    with sqlite3.connect(f"file:{workspace / 'dalil.db'}?mode=ro", uri=True) as desk:
        count: int = desk.execute("SELECT count(*) FROM jobs_job WHERE state IN ('queued', 'running')").fetchone()[0]
        return count
