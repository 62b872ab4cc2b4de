"""Bad input through the real command and its child: a clear error or a reject, and nothing else is lost."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sources_archives
from command_line import COMMAND, asked, dalil, environment
from import_inputs import bomb_png, picture, telegram_folder, three_formats, x_file, x_line
from sources_files import ct_row, tg_chat, tg_message, write_ct, write_json

from dalil.archive.reading import Archive
from dalil.archive.workspace import PLAIN_VOLUME_WORDS, open_workspace

PASSPHRASE = "four quiet words here"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new workspace that holds one good file: what is there before must be there afterwards."""
    folder = tmp_path_factory.mktemp("template") / "workspace"
    dalil("init", "--workspace", folder, "--plain-volume", PLAIN_VOLUME_WORDS, passphrase=PASSPHRASE)
    good = x_file(folder.parent / "good.jsonl", 0, 20)
    dalil("import", good, "--workspace", folder, passphrase=PASSPHRASE)
    return folder


@pytest.fixture
def workspace(template: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it; after the test its chains and hashes hold and the old posts are there."""
    folder = tmp_path / "workspace"
    shutil.copytree(template, folder)
    before = uids(folder)
    yield folder
    assert before <= uids(folder)
    found = asked("doctor", "--repair", "--workspace", folder)
    assert (found["damaged"], found["left_over"]) == ([], [])


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def uids(workspace: Path) -> set[str]:
    with Archive(open_workspace(workspace), memory_mib=256, threads=1) as archive:
        return set(archive.table("posts").select("uid").to_pyarrow()["uid"].to_pylist())


def rows(workspace: Path, table: str, *columns: str) -> list[dict[str, Any]]:
    with Archive(open_workspace(workspace), memory_mib=256, threads=1) as archive:
        found: list[dict[str, Any]] = archive.table(table).select(*columns).to_pyarrow().to_pylist()
        return found


def import_(workspace: Path, *paths: Path, **settings: object) -> list[dict[str, Any]]:
    """The reports of one import."""
    told = asked("import", *paths, "--workspace", workspace, passphrase=PASSPHRASE, **settings)
    found: list[dict[str, Any]] = told["files"]
    for report in found:  # nothing is ever silently fewer
        whole = report["kept"] + report["known"] + report["quarantined"] + sum(report["rejected"].values())
        assert report["read"] == whole, report
    return found


def refused(workspace: Path, path: Path) -> dict[str, str]:
    """The error that an import ends with; it is the user's."""
    told = asked("import", path, "--workspace", workspace, expect=2, passphrase=PASSPHRASE)
    error: dict[str, str] = told["error"]
    return error


def rejects(workspace: Path) -> dict[str, str]:
    """where → code of every reject that is kept."""
    with sqlite3.connect(workspace / "archive" / "manifest.db") as manifest:
        columns = [row[1] for row in manifest.execute("PRAGMA table_info(rejects)")]
        place = next(name for name in columns if name.startswith("where") or name == "place")
        return dict(manifest.execute(f'SELECT "{place}", code FROM rejects'))


# Files of no format.


def packed(path: Path, name: str, data: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return path


def test_what_is_in_no_format_is_named_with_what_it_begins_with(workspace: Path, files: Path) -> None:
    (files / "deep.json").write_text("[" * 10_000 + "]" * 10_000)
    (files / "utf16.jsonl").write_bytes(x_line(1).encode("utf-16"))
    (files / "words.gz").write_bytes(gzip.compress(b"words"))
    (files / "empty.json").write_bytes(b"")
    packed(files / "bomb.zip", "result.json", bytes(200_000_000))
    begins = {
        "bomb.zip": r"\x00\x00",
        "deep.json": "[[[[[[",
        "utf16.jsonl": r"\xff\xfe{\x00",
        "words.gz": "words",
        "empty.json": "it is empty",
    }
    good = x_file(files / "good.jsonl", 300, 310)
    paths = [*(files / name for name in begins), good]
    ran = dalil("import", *paths, "--workspace", workspace, "--json", expect=2, passphrase=PASSPHRASE)
    said = " ".join(ran.err.split())  # sentences are broken to the width of the terminal
    for name, beginning in begins.items():
        assert f"'{name}' is not in any format we read" in said
        assert beginning in said
    assert said.count("dalil formats") == len(begins)
    # One that cannot be read does not stop the others; the first error is the command's.
    assert [report["read"] for report in ran.object["files"]] == [10]
    assert ran.object["error"]["code"] == "format-unknown"
    assert "bomb.zip" in ran.object["error"]["message"]


def test_archives_that_are_bad_say_why_and_stop_nothing(workspace: Path, files: Path) -> None:
    line = x_line(81_000).encode()
    locked = sources_archives.encrypted(sources_archives.zip_bytes({"tweets.jsonl": line}))
    nested = line
    for _ in range(6):
        nested = sources_archives.zip_bytes({"x.zip": nested})
    bad = {
        "locked.zip": (locked, "archive-encrypted"),
        "cut.zip": (sources_archives.zip_bytes({"tweets.jsonl": line})[:-30], "archive-broken"),
        "deep.zip": (nested, "archive-depth"),
        "climbs.zip": (sources_archives.zip_bytes({"../../tweets.jsonl": line}), "format-unknown"),
        "link.zip": (sources_archives.link_in_zip("tweets.jsonl", "/etc/passwd"), "format-unknown"),
    }
    for name, (data, code) in bad.items():
        (files / name).write_bytes(data)
        assert refused(workspace, files / name)["code"] == code, name
    (files / "good.zip").write_bytes(sources_archives.zip_bytes({"t.jsonl": line, "../t.jsonl": line, "w": b"words"}))
    paths = [files / name for name in (*bad, "good.zip")]
    ran = dalil("import", *paths, "--workspace", workspace, "--json", expect=2, passphrase=PASSPHRASE)
    assert [(Path(row["path"]).name, row["read"]) for row in ran.object["files"]] == [("t.jsonl", 1)]
    assert [(row["code"], row["count"]) for row in ran.object["skipped"]] == [
        ("name-unsafe", 1),
        ("format-unknown", 1),
    ]
    assert ran.object["error"]["code"] == "archive-encrypted"


def test_a_bomb_in_an_archive_is_passed_over_and_its_neighbours_are_kept(workspace: Path, files: Path) -> None:
    swollen = x_line(82_000).encode() + b" " * (80 << 20)
    data = sources_archives.zip_bytes({"a.jsonl": x_line(82_001).encode(), "b.jsonl": swollen})
    assert len(data) < 200_000
    (files / "bomb.zip").write_bytes(data)
    told = asked(*("import", files / "bomb.zip", "--workspace", workspace), passphrase=PASSPHRASE, archive_ratio=50)
    assert [(row["read"], row["kept"]) for row in told["files"]] == [(1, 1)]
    assert [(row["code"], row["count"]) for row in told["skipped"]] == [("archive-ratio", 1)]


def test_an_archive_of_everything_is_told_file_by_file_and_known_the_second_time(workspace: Path, files: Path) -> None:
    path = three_formats(files / "everything.zip", 83_000, 83_020)
    first, second = (asked("import", path, "--workspace", workspace, passphrase=PASSPHRASE) for _ in range(2))
    rows = [(row["path"].removeprefix(str(path)), row["format"], row["read"]) for row in first["files"]]
    assert rows == [
        ("/channel/result.json", "telegram-desktop", 20),
        ("/pages.csv", "crowdtangle-csv", 20),
        ("/tweets.jsonl", "x-api-v2", 20),
    ]
    assert [(row["code"], row["count"]) for row in first["skipped"]] == [("media-file", 7), ("format-unknown", 1)]
    assert all(row["kept"] + row["known"] == row["read"] for row in first["files"])
    assert all((row["kept"], row["known"]) == (0, row["read"]) for row in second["files"])
    assert second["skipped"] == first["skipped"]
    said = dalil("import", path, "--workspace", workspace, passphrase=PASSPHRASE).out
    assert "everything.zip/pages.csv: crowdtangle-csv, 20 read, 0 kept, 20 known already" in said
    assert "1 format-unknown (begins with nothing here): readme.txt" in said
    with sqlite3.connect(workspace / "archive" / "manifest.db") as manifest:
        rows = manifest.execute(
            "SELECT object, reason FROM custody WHERE action = 'received' ORDER BY seq DESC LIMIT 4"
        )
        received = dict(rows.fetchall())
    container = hashlib.sha256(path.read_bytes()).hexdigest()
    assert received.pop(container) == f"{path.stat().st_size} bytes, read file by file"
    assert all(reason.endswith(f"bytes, from {container}") for reason in received.values())
    for file in sorted(workspace.rglob("*")):
        if file.is_file():
            for name in (b"everything.zip", b"tweets.jsonl", b"pages.csv", b"readme.txt"):
                assert name not in file.read_bytes(), f"{file.name} holds {name!r}"


def test_the_tricks_of_a_name_are_not_repeated(workspace: Path, files: Path) -> None:
    name = "\u202egpj.lnosj\u2066\x1b[31m\u200f\x07.txt"
    (files / name).write_text("no posts")
    ran = dalil("import", files / name, "--workspace", workspace, expect=2, passphrase=PASSPHRASE)
    told = refused(workspace, files / name)["message"]
    for text in (ran.err, told):
        assert "lnosj" in text
        assert not {"\u202e", "\u2066", "\x1b", "\u200f", "\x07"} & set(text)


# Records that are broken: rejects, and the import goes on.


def test_broken_records_are_rejects_and_the_rest_is_kept(workspace: Path, files: Path) -> None:
    whole = [x_line(70_000 + number) for number in range(12)]
    deep = '{"data":' + "[" * 10_000 + "]" * 10_000 + "}"
    lines = [*whole[:4], '{"data": [{"id": "1", "text": "cut', *whole[4:8], deep, '{"data": 7}', *whole[8:11]]
    lines.append(whole[11].replace("Whole", "caf\u00e9"))
    data = "\n".join(lines).encode("latin-1")  # the last line is in another encoding
    (files / "tweets.jsonl").write_bytes(data[:-40] + b"\n" + data[-40:])  # and cut in two
    report = import_(workspace, files / "tweets.jsonl")[0]
    kept = {uid for uid in uids(workspace) if uid.startswith("x:")}
    assert report["stopped"] is None
    assert report["read"] == 11 + sum(report["rejected"].values())
    assert sum(report["rejected"].values()) == 5
    assert len(kept) >= 20 + 11
    found = rejects(workspace)
    assert {"line 5", "line 10", "line 11", "line 15", "line 16"} == set(found)
    assert found["line 5"] == "json-broken"
    assert found["line 15"] in {"encoding-wrong", "json-broken"}


def test_files_that_are_cut_off_give_what_they_still_hold(workspace: Path, files: Path) -> None:
    x = files / "tweets.jsonl"
    x.write_text("\n".join(x_line(80_000 + number) for number in range(10))[:-60])
    telegram = write_json(files / "result.json", tg_chat([tg_message(n, f"Cut {n}") for n in range(10)]))
    telegram.write_bytes(telegram.read_bytes()[:-400])
    crowdtangle = write_ct(files / "pages.csv", [ct_row(number) for number in range(10)])
    crowdtangle.write_bytes(crowdtangle.read_bytes()[:-90])
    header = write_ct(files / "header.csv", [])
    latin = files / "latin.csv"
    rows_of = [ct_row(n, **{"Page Name": "Caf\u00e9 Sahlara", "Message": "\u00fcber"}) for n in range(3)]
    write_ct(latin, rows_of)
    latin.write_bytes(latin.read_text("utf-8-sig").replace("\u2014", "-").encode("latin-1"))
    reports = import_(workspace, x, telegram, crowdtangle, header, latin)
    rejected = [report["rejected"] for report in reports]
    assert rejected[0] == {"json-broken": 1}
    assert rejected[1] == {"json-truncated": 1}
    assert sum(rejected[2].values()) == 1
    assert rejected[3] == {}
    assert rejected[4] == {"encoding-wrong": 3}
    assert [report["read"] for report in reports] == [10, 9, 10, 0, 3]  # of what was cut off nobody knows how much
    assert all(report["stopped"] is None for report in reports)


def test_it_stops_past_the_share_of_rejects_and_keeps_what_was_before(workspace: Path, files: Path) -> None:
    path = files / "tweets.jsonl"
    cut = [f'{{"data": [{{"id": "{number}", "text": "cut' for number in range(1_200)]
    path.write_text("\n".join([x_line(60_001), x_line(60_002), *cut, x_line(60_003)]) + "\n")
    report = import_(workspace, path)[0]
    assert report["stopped"] == "too-many-rejects"
    assert report["rejected"]["json-broken"] < 1_200
    assert report["read"] - sum(report["rejected"].values()) == 2
    whole = import_(workspace, path, reject_share=1.0)[0]
    assert whole["stopped"] is None
    assert whole["rejected"] == {"json-broken": 1_200}
    assert whole["read"] == 1_203
    assert whole["known"] >= 2


def test_a_line_of_two_gigabytes_is_passed_over_and_never_held(workspace: Path, files: Path) -> None:
    path = files / "tweets.jsonl"
    with path.open("wb") as stream:
        stream.write(x_line(1).encode() + b'\n{"data": "')
        stream.seek(2 << 30, io.SEEK_CUR)  # a hole: two gigabytes of zeros that take no disk
        stream.write(b'"}\n' + x_line(2).encode() + b"\n")
    report = import_(workspace, path, child_memory_mib=1_024)[0]
    path.unlink()
    assert report["rejected"] == {"record-too-long": 1}
    assert report["read"] == 3


def test_one_id_with_two_contents_is_kept_as_both(workspace: Path, files: Path) -> None:
    path = files / "tweets.jsonl"
    path.write_text(
        "\n".join([x_line(50_000, "first words"), x_line(50_000, "other words"), x_line(50_000, "first words")])
    )
    report = import_(workspace, path)[0]
    assert report["read"] == 3
    assert report["rejected"] == {}
    found = [
        row
        for row in rows(workspace, "posts", "uid", "text", "obs_id")
        if row["text"] in ("first words", "other words")
    ]
    assert sorted(row["text"] for row in found) == ["first words", "other words"]
    assert len({row["uid"] for row in found}) == 1
    assert len({row["obs_id"] for row in found}) == 2


# Pictures and paths.

TRICKS = {
    "cut.jpg": picture(1)[:500],
    "page.jpg": b"<html><body onload=alert(1)>not a picture</body></html>",
    "lying.png": picture(2),  # a JPEG by its bytes
    "short.png": b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,
    "bomb.png": bomb_png(30_000),
    "zeros.gif": b"GIF89a" + bytes(60),
}


def test_pictures_that_are_cut_lie_or_burst_are_kept_without_a_fingerprint(workspace: Path, files: Path) -> None:
    messages = [tg_message(n, f"Photo {n}", photo=name) for n, name in enumerate(TRICKS, start=1)]
    messages.append(tg_message(50, "Whole", photo="whole.jpg"))
    for name, data in (*TRICKS.items(), ("whole.jpg", picture(9))):
        (files / name).write_bytes(data)
    write_json(files / "result.json", tg_chat(messages))
    report = import_(workspace, files)[0]
    assert report["read"] == len(messages)
    assert report["rejected"] == {}
    media = {row["bytes"]: row["mime"] for row in rows(workspace, "media", "bytes", "mime")}
    assert {len(data) for data in TRICKS.values()} <= media.keys()  # evidence is kept as it came
    assert media[len(TRICKS["lying.png"])] == "image/jpeg"  # by its bytes, whatever its name says
    assert not media[len(TRICKS["page.jpg"])].startswith("image/")
    assert len(rows(workspace, "image_signals", "sha256")) == 2  # the whole one, and the one with the wrong name


@pytest.mark.parametrize(
    ("name", "code"),
    [("cut.jpg", "picture-broken"), ("page.jpg", "picture-format"), ("short.png", "picture-broken"), ("bomb.png", "picture-too-large")],
)  # fmt: skip
def test_looking_one_up_says_what_is_wrong_with_it(template: Path, files: Path, name: str, code: str) -> None:
    (files / name).write_bytes(TRICKS[name])
    told = asked("seen", files / name, "--workspace", template, expect=2)
    assert told["error"]["code"] == code


def test_no_path_climbs_out_of_the_folder(workspace: Path, files: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(picture(666))
    (files / "photos").mkdir()
    (files / "photos" / "link.jpg").symlink_to(secret)
    (files / "photos" / "up").symlink_to(tmp_path)
    (files / "photos" / "loop.jpg").symlink_to("loop.jpg")
    climbing = [
        *("../secret.jpg", "photos/../../secret.jpg", str(secret), f"photos/..//..{secret}", "photos/link.jpg"),
        *("photos/up/secret.jpg", "photos/loop.jpg", "..\\secret.jpg", "photos", "", "\x00", "a" * 5_000),
    ]
    messages = [tg_message(n, f"Climb {n}", photo=name) for n, name in enumerate(climbing, start=1)]
    write_json(files / "result.json", tg_chat(messages))
    report = import_(workspace, files)[0]
    assert (report["read"], report["rejected"]) == (len(climbing), {})
    assert rows(workspace, "media", "sha256") == []
    assert not [path for path in (workspace / "media").rglob("*") if path.is_file()]


def test_a_link_in_a_folder_is_not_followed(workspace: Path, files: Path, tmp_path: Path) -> None:
    elsewhere = write_json(tmp_path / "elsewhere.json", tg_chat([tg_message(1, "Outside")]))
    (files / "result.json").symlink_to(elsewhere)
    assert refused(workspace, files)["code"] == "format-unknown"
    assert not [row for row in rows(workspace, "posts", "text") if row["text"] == "Outside"]


# A full disk.

LIMITED = """
import resource, sys
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from dalil.app.main import main
main()
"""


def limited_import(workspace: Path, limit: int, *paths: Path) -> dict[str, Any]:
    """An import in whose process no file can grow past `limit` bytes."""
    pytest.importorskip("resource", reason="limits on file sizes are POSIX")
    arguments = ["import", *map(str, paths), "--workspace", str(workspace), "--json"]
    settings = environment(passphrase=PASSPHRASE, chunk_records=20)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(limit), *arguments],
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (2 if "error" in told else 0), done.stdout
    return told


def test_a_full_disk_is_said_the_old_state_stays_and_a_rerun_completes(
    template: Path, workspace: Path, files: Path, tmp_path: Path
) -> None:
    path = telegram_folder(files / "channel", 1, 60)
    calm = tmp_path / "calm"
    shutil.copytree(template, calm)
    import_(calm, path, chunk_records=20)
    # The limits bite in turn: the desk's log at the start, the archive's own, the desk's again at the end.
    for limit in (0, 12_000, 60_000):
        told = limited_import(workspace, limit, path)
        assert told.get("error", {}).get("code") == "disk-full", told
        assert asked("doctor", "--workspace", workspace)["damaged"] == [], limit
    import_(workspace, path, chunk_records=20)
    assert uids(workspace) == uids(calm)
    assert manifest_head(workspace) == manifest_head(calm)


def manifest_head(workspace: Path) -> object:
    with sqlite3.connect(workspace / "archive" / "manifest.db") as manifest:
        columns = [row[1] for row in manifest.execute("PRAGMA table_info(custody)")]
        wanted = ", ".join(name for name in columns if name not in ("day", "prev", "hash"))
        return manifest.execute(f"SELECT {wanted} FROM custody ORDER BY seq").fetchall()


@pytest.mark.skipif(sys.platform != "linux", reason="a small tmpfs is Linux's")
def test_a_small_disk_that_is_really_full(template: Path, files: Path, tmp_path: Path) -> None:
    """The same on a tmpfs of two megabytes, where the system lets us mount one in a namespace of our own."""
    path = x_file(files / "tweets.jsonl", 2_000, 14_000)
    place = tmp_path / "small"
    place.mkdir()
    workspace = place / "workspace"
    command = " ".join([*COMMAND, "import", str(path), "--workspace", str(workspace), "--json"])
    doctor = " ".join([*COMMAND, "doctor", "--workspace", str(workspace), "--json"])
    script = (
        f"mount -t tmpfs -o size=2m none {place} || exit 77; cp -a {template} {workspace}; "
        f'{command}; echo "exit $?"; mount -o remount,size=64m {place}; {doctor}; {command}; {doctor}'
    )
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("needs unshare(1)")
    settings = environment(passphrase=PASSPHRASE)
    done = subprocess.run(
        [unshare, "--user", "--map-root-user", "--mount", "sh", "-c", script],
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("this system lets nobody mount a small disk")
    full, code, health, again, well = done.stdout.splitlines()
    assert json.loads(full)["error"]["code"] == "disk-full", done.stderr
    assert code == "exit 2"
    assert json.loads(health)["damaged"] == []
    assert json.loads(again)["files"][0]["read"] == 12_000
    assert json.loads(well)["damaged"] == []
