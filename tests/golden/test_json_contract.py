"""What `--json` prints is a contract: the keys and types of every command's object, held against a golden file.

`json_contract.json` spells each shape with words: text, hash, time, whole, number, truth; `?` allows null,
`*` any key, `[…]` any number of such, `<…>` another entry.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command_line import COMMAND, asked, dalil, environment
from demo_week import WEEK, Demo
from import_inputs import crowdtangle_file, picture, x_file

from dalil.archive.workspace import PLAIN_VOLUME_WORDS
from dalil.errors import MESSAGES

GOLDEN = json.loads(Path(__file__).with_name("json_contract.json").read_text(encoding="utf-8"))
PASSPHRASE = "four quiet words here"
EDGE_COLUMNS = ["account_a", "account_b", "objects", "shares", "mean_delay", "expected", "p_value", "q_value", "kept"]


def wrong(value: Any, shape: Any, where: str = "") -> list[str]:
    """Where a value does not have its shape; empty when it does."""
    match shape:
        case {"*": each}:
            if not isinstance(value, dict):
                return [f"{where}: not an object"]
            return [line for key, inner in value.items() for line in wrong(inner, each, f"{where}.{key}")]
        case dict():
            if not isinstance(value, dict) or value.keys() != shape.keys():
                return [f"{where}: keys {sorted(value) if isinstance(value, dict) else value!r}"]
            return [line for key, inner in shape.items() for line in wrong(value[key], inner, f"{where}.{key}")]
        case [each]:
            if not isinstance(value, list):
                return [f"{where}: not a list"]
            return [line for n, inner in enumerate(value) for line in wrong(inner, each, f"{where}[{n}]")]
        case str() if shape.startswith("<"):
            return wrong(value, GOLDEN[shape], where)
        case str() if shape.endswith("?"):
            return [] if value is None else wrong(value, shape[:-1], where)
    return [] if is_a(value, shape) else [f"{where}: {value!r} is not a {shape}"]


def is_a(value: Any, word: str) -> bool:
    match word:
        case "text":
            return isinstance(value, str)
        case "hash":
            return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None
        case "time":
            return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
        case "whole":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case "truth":
            return isinstance(value, bool)
    raise AssertionError(word)


def holds(command: str, value: dict[str, Any]) -> dict[str, Any]:
    assert wrong(value, GOLDEN[command]) == []
    return value


def test_the_check_itself_sees_what_is_wrong() -> None:
    counts = ("read", "kept", "known", "quarantined", "includes", "expunged")
    right = {"files": [{**dict.fromkeys(counts, 1), "path": "p", "intake": "i"}]}
    right["skipped"] = [{"path": "p", "code": "format-unknown", "count": 2, "begins": "Dear"}]  # type: ignore[assignment]
    right["files"][0] |= {"format": "f", "rejected": {"json-broken": 2}, "stopped": None, "cancelled": False}
    assert wrong(right, GOLDEN["import"]) == []
    row = right["files"][0]
    for change in ({"read": 1.5}, {"read": True}, {"rejected": {"x": "y"}}, {"stopped": 3}, {"path": None}, {"new": 1}):
        assert wrong({**right, "files": [{**row, **change}]}, GOLDEN["import"])
    assert wrong({**right, "files": [{key: row[key] for key in row if key != "known"}]}, GOLDEN["import"])
    assert wrong({"files": [row]}, GOLDEN["import"])
    assert wrong({}, GOLDEN["import"])


def test_every_command_that_prints_an_object_is_in_the_golden_file_and_in_the_reference() -> None:
    reference = (Path(__file__).parents[2] / "docs" / "reference" / "json.md").read_text(encoding="utf-8")
    for command in GOLDEN:
        if not command.startswith("<") and command != "error":
            assert f"`dalil {command} " in reference, command
    assert GOLDEN["doctor"] == GOLDEN["audit verify"]  # "the same", says the reference


# Reading the sample week.


@pytest.mark.slow
def test_demo(demo: Demo) -> None:
    holds("demo", demo.told)


@pytest.mark.slow
def test_week(demo: Demo) -> None:
    told = holds("week", asked("week", "--of", WEEK, "--workspace", demo.folder))
    assert told["week"] == WEEK
    now = holds("week", asked("week", "--workspace", demo.folder))
    assert now["week"] == WEEK  # the sample's own time
    empty = holds("week", asked("week", "--of", "2025-W01", "--workspace", demo.folder))
    assert empty["m1"]["value"] is None


@pytest.mark.slow
def test_claims(demo: Demo) -> None:
    told = holds("claims", asked("claims", "--workspace", demo.folder))
    assert len(told["claims"]) == demo.told["claims"]
    some = holds("claims", asked("claims", "--state", "settled", "--workspace", demo.folder))
    assert 0 < len(some["claims"]) < len(told["claims"])
    assert {row["state"] for row in some["claims"]} == {"settled"}


@pytest.mark.slow
def test_audit_verify_and_doctor(demo: Demo) -> None:
    verified = holds("audit verify", asked("audit", "verify", "--workspace", demo.folder))
    examined = holds("doctor", asked("doctor", "--workspace", demo.folder))
    for told in (verified, examined):
        assert told["damaged"] == []
        assert told["entries"] > 100
        assert told["custody"] > 100


@pytest.mark.slow
def test_seen_a_picture(demo: Demo) -> None:
    told = holds("seen", asked("seen", demo.sample / "look" / "photo-said-to-be-today.jpg", "--workspace", demo.folder))
    matches = told["matches"]
    assert matches[0]["decides"] is True
    scores = [(not match["decides"], -match["score"]) for match in matches]
    assert scores == sorted(scores)


@pytest.mark.slow
def test_seen_a_text(demo: Demo) -> None:
    page = next((demo.sample / "captures").glob("*-pages-*/pages.csv"))
    with page.open(encoding="utf-8-sig", newline="") as stream:
        text = max((row["Message"] for row in csv.DictReader(stream)), key=len)
    told = holds("seen", asked("seen", "--text", text, "--workspace", demo.folder))
    assert told["matches"][0]["decides"] is True
    assert all(match["media_sha256"] is None for match in told["matches"])
    nothing = asked("seen", "--text", "a sentence that nobody in Sahlara ever wrote", "--workspace", demo.folder)
    assert holds("seen", nothing) == {"matches": []}


@pytest.mark.slow
def test_search(demo: Demo) -> None:
    told = holds("search", asked("search", "الجسر", "--limit", "5", "--workspace", demo.folder))
    assert len(told["posts"]) == 5
    assert told["total"] > 5
    assert told["waiting"] == 0
    assert {post["found_by"] for post in told["posts"]} == {"all"}
    nothing = asked("search", "helicopterships", "--workspace", demo.folder)
    assert holds("search", nothing)["posts"] == []


@pytest.mark.slow
@pytest.mark.parametrize("trace", ["url", "text", "picture", "repost", "hashtag"])
def test_coordinate_on_a_workspace(demo: Demo, trace: str, tmp_path: Path) -> None:
    out = tmp_path / "edges.csv"
    told = holds("coordinate", asked("coordinate", "--trace", trace, "--out", out, "--workspace", demo.folder))
    assert (told["trace"], told["mode"], told["window_seconds"]) == (trace, "default", 60)
    with out.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header == EDGE_COLUMNS
    assert len(rows) == told["edges"]


# Without a workspace.

SHARES = [
    (f"object-{number}", f"account-{pair}-{side}", f"c-{number}-{pair}-{side}", 1_700_000_000 + 7_000 * number + 90 * pair + 20 * side)
    for number in range(12)
    for pair in range(4)
    for side in (0, 1)
]  # fmt: skip
COLUMNS = ("object_id", "account_id", "content_id", "timestamp_share")


def shares_file(path: Path) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(pa.table(dict(zip(COLUMNS, zip(*SHARES, strict=True), strict=True))), path)
    else:
        path.write_text("\n".join(",".join(map(str, row)) for row in [COLUMNS, *SHARES]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_coordinate_on_a_file(suffix: str, tmp_path: Path) -> None:
    shares, out = shares_file(tmp_path / f"shares.{suffix}"), tmp_path / "edges.csv"
    options = ("--window", "60s", "--min-participation", "2", "--min-objects", "1", "--mode", "default")
    told = holds("coordinate", asked("coordinate", "--shares", shares, *options, "--out", out, cwd=tmp_path))
    assert (told["shares"], told["objects"], told["accounts"]) == (96, 12, 8)
    assert (told["trace"], told["window_seconds"]) == ("file", 60)
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found = {(row["account_a"], row["account_b"]): (row["objects"], row["shares"]) for row in rows}
    assert found == {(f"account-{pair}-0", f"account-{pair}-1"): ("12", "12") for pair in range(4)}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([out.name, shares.name])


def test_times_that_are_no_epoch_seconds_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    path.write_text("object_id,account_id,content_id,timestamp_share\no,a,c,2026-05-17 14:20\no,b,d,2026-05-17 14:21\n")
    refused(2, "shares-time-wrong", "coordinate", "--shares", path)
    path.write_text("object_id,account_id,timestamp_share\no,a,1\n")
    refused(2, "shares-column-missing", "coordinate", "--shares", path)
    path.write_bytes(bytes(range(256)))
    assert (
        dalil("coordinate", "--shares", path, "--json", expect=2)
        .object["error"]["code"]
        .startswith(("table", "shares"))
    )


@pytest.mark.parametrize("mode", ["coortweet", "qut"])
def test_coordinate_in_the_modes_of_others(mode: str, tmp_path: Path) -> None:
    told = asked("coordinate", "--shares", shares_file(tmp_path / "shares.csv"), "--mode", mode, cwd=tmp_path)
    assert holds("coordinate", told)["mode"] == mode


def test_formats(tmp_path: Path) -> None:
    told = holds("formats", asked("formats", cwd=tmp_path))
    names = {row["name"] for row in told["formats"]}
    assert {"x-api-v2", "crowdtangle-csv", "telegram-desktop", "hand-capture"} <= names
    assert list(tmp_path.iterdir()) == []


# On a workspace of its own.


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made by `dalil init --json`."""
    folder = tmp_path_factory.mktemp("contract") / "workspace"
    words = ("--plain-volume", PLAIN_VOLUME_WORDS)
    told = holds("init", asked("init", "--workspace", folder, "--colour", "green", *words, passphrase=PASSPHRASE))
    assert told["workspace"] == str(folder)
    assert told["circle"] == "green"
    return folder


def test_import_twice(workspace: Path, tmp_path: Path) -> None:
    paths = [x_file(tmp_path / "tweets.jsonl", 0, 40), crowdtangle_file(tmp_path / "pages.csv", 0, 30)]
    first = holds("import", asked("import", *paths, "--workspace", workspace, passphrase=PASSPHRASE))
    second = holds("import", asked("import", *paths, "--workspace", workspace, passphrase=PASSPHRASE))
    assert [row["path"] for row in first["files"]] == list(map(str, paths))
    assert [row["format"] for row in first["files"]] == ["x-api-v2", "crowdtangle-csv"]
    assert [row["read"] for row in first["files"]] == [40, 30]
    for before, after in zip(first["files"], second["files"], strict=True):
        assert before["kept"] > 0
        assert before["kept"] + before["known"] == before["read"]
        assert after["intake"] != before["intake"]
        known = before["kept"] + before["known"]
        assert after == {**before, "intake": after["intake"], "kept": 0, "known": known}


def test_import_with_the_format_named(workspace: Path, tmp_path: Path) -> None:
    path = x_file(tmp_path / "tweets.jsonl", 100, 105)
    options = ("--format", "x-api-v2", "--captured-at", "2026-05-17T14:20+03:00", "--workspace", workspace)
    holds("import", asked("import", path, *options, passphrase=PASSPHRASE))
    stamped = dalil("import", path, *options, passphrase=PASSPHRASE)
    assert "5 read, 0 kept" in stamped.out  # and without --json a sentence


def test_capture(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "shot.jpg").write_bytes(picture(3))
    given = ("--platform", "facebook", "--page", "Dalya Today", "--kind", "page", "--text", "The market is open.")
    given += ("--seen-at", "2026-05-17T14:00+03:00", "--screenshot", str(tmp_path / "shot.jpg"))
    first = holds("capture", asked("capture", *given, "--workspace", workspace, passphrase=PASSPHRASE))
    again = asked("capture", *given, "--workspace", workspace, passphrase=PASSPHRASE)
    assert again == first


def test_what_is_done_to_records_after_they_were_stored(workspace: Path, tmp_path: Path) -> None:
    place: dict[str, object] = {"passphrase": PASSPHRASE}
    at = ("--workspace", workspace)
    planned = holds("remap", asked("remap", "--dry-run", "--again", "--format", "x-api-v2", *at, **place))
    assert planned["formats"][0]["read"] == planned["formats"][0]["same"] > 0
    assert holds("remap", asked("remap", *at, **place))["formats"] == []
    found = holds("mentions", asked("mentions", "Dalya Today", *at))
    assert found["total"] > 0
    kept = holds("retention", asked("retention", "--set", "posts=30000", "--set", "raw=keep", *at))
    assert {row["name"]: row["days"] for row in kept["classes"]}["posts"] == 30000
    assert holds("expire", asked("expire", "--dry-run", *at))["due"]["posts"] == 0
    holds("expire", asked("expire", *at))
    gone = holds("expunge", asked("expunge", found["items"][0], "--reason", "legal", *at))
    assert gone["observations"] == 1
    assert holds("expunge", asked("expunge", found["items"][0], "--reason", "legal", *at))["missing"] == [
        found["items"][0]
    ]
    refused(2, "reason-needs-two", "expunge", found["items"][0], "--reason", "asked", *at)
    assert holds("rotate", asked("rotate", *at, **place))["generation"] == 2
    again = holds("import", asked("import", x_file(tmp_path / "t.jsonl", 0, 40), *at, **place))["files"][0]
    assert again["kept"] == 0
    assert holds("doctor", asked("doctor", *at))["damaged"] == []


def test_mappings(workspace: Path, tmp_path: Path) -> None:
    row = "A page;https://www.facebook.com/a/posts/{};Words of a post that is long enough;{}/05/2026 10:00;1.{}34\n"
    table = tmp_path / "strange.csv"
    table.write_text("P;Link;T;D;Likes\n" + "".join(row.format(n, n + 13, n) for n in range(1, 4)), encoding="utf-8")
    given = ("--workspace", workspace)
    holds("mapping preview", asked("mapping", "preview", table, *given, passphrase=PASSPHRASE))
    made = ("--table", table, "--zone", "Asia/Baghdad")
    holds("mapping save", asked("mapping", "save", "Pages", *made, *given, passphrase=PASSPHRASE))
    holds("mapping show", asked("mapping", "show", "Pages", *given))
    holds("mapping list", asked("mapping", "list", *given))
    holds("formats --template", asked("formats", "--template"))


def test_scan(workspace: Path) -> None:
    ran = dalil("scan", "--workspace", workspace, "--json", expect=None)
    holds("scan" if ran.code == 0 else "error", ran.object)
    assert ran.code in (0, 3)


def test_worker(workspace: Path) -> None:
    assert holds("worker", asked("worker", "--once", "--workspace", workspace, passphrase=PASSPHRASE)) == {"jobs": 0}


def test_watch(workspace: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    x_file(folder / "tweets.jsonl", 400, 405)
    given = ("watch", folder, "--once", "--workspace", workspace)
    fresh = holds("watch", asked(*given, passphrase=PASSPHRASE))
    assert fresh == {"taken": 0, "known": 0, "waiting": 1, "refused": 0, "jobs": 0}
    first, second = (asked(*given, passphrase=PASSPHRASE, watch_settle_seconds=0) for _ in range(2))
    assert [(told["taken"], told["known"], told["jobs"]) for told in (first, second)] == [(1, 0, 1), (0, 1, 0)]
    assert (folder / "tweets.jsonl").exists()
    refused(2, "watch-inside", "watch", workspace, "--once", "--workspace", workspace, passphrase=PASSPHRASE)
    refused(2, "path-missing", "watch", tmp_path / "nowhere", "--once", "--workspace", workspace, passphrase=PASSPHRASE)


def test_backup_restore_and_the_rest(workspace: Path, tmp_path: Path) -> None:
    words = ("--plain-volume", PLAIN_VOLUME_WORDS)
    first = holds("backup", asked("backup", tmp_path / "copy", *words, "--workspace", workspace))
    second = holds("backup", asked("backup", tmp_path / "copy", *words, "--workspace", workspace))
    assert second["copied"] < first["copied"] == first["bytes"]
    assert (first["missing"], first["desk"]) == ([], True)
    again = tmp_path / "again"
    told = holds("restore", asked("restore", tmp_path / "copy", *words, "--workspace", again))
    assert (told["digest"], told["damaged"]) == (second["digest"], [])
    assert holds("upgrade", asked("upgrade", "--workspace", again)) == {"manifest": False, "desk": False, "copies": ""}
    assert holds("compact", asked("compact", "--workspace", again))["after"] == 0
    assert (
        holds("doctor", asked("doctor", "--repair", "--from", tmp_path / "copy", "--workspace", again))["mended"] == []
    )
    refused(2, "workspace-exists", "restore", tmp_path / "copy", *words, "--workspace", again)
    refused(2, "backup-unreadable", "restore", tmp_path, *words, "--workspace", tmp_path / "other")
    refused(2, "search-empty", "search", "--workspace", again)
    refused(2, "value-wrong", "search", "a", "--from", "yesterday", "--workspace", again)
    refused(2, "value-wrong", "search", "a", "--kind", "faces", "--workspace", again)


def test_serve(workspace: Path) -> None:
    command = [*COMMAND, "serve", "--port", "0", "--workspace", str(workspace), "--json"]
    settings = environment(passphrase=PASSPHRASE)
    with subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        told = holds("serve", json.loads(process.stdout.readline()))
        assert re.fullmatch(r"http://127\.0\.0\.1:[1-9]\d*", told["address"])
        process.terminate()
        rest, _ = process.communicate(timeout=30)
    assert rest == b""


# What goes wrong: the error tree's exit codes.


def refused(exit_code: int, code: str, *arguments: object, **settings: object) -> dict[str, str]:
    """The error that a command ends with; its sentence is on standard error too, for people."""
    ran = dalil(*arguments, "--json", expect=exit_code, **settings)
    error: dict[str, str] = holds("error", ran.object)["error"]
    assert error["code"] == code
    assert code == "usage" or code in MESSAGES
    assert error["remedy"].split()[0] in ran.err
    return error


def test_an_unknown_format_says_what_it_begins_with(workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary, today nothing happened.")
    error = refused(2, "format-unknown", "import", path, "--workspace", workspace, passphrase=PASSPHRASE)
    assert "notes.txt" in error["message"]
    assert "Dear diary" in error["message"]
    assert "dalil formats" in error["remedy"]


def test_what_the_user_can_change_ends_with_2(workspace: Path, tmp_path: Path) -> None:
    nowhere, place = tmp_path / "nowhere", ("--workspace", workspace)
    refused(2, "workspace-missing", "claims", "--workspace", nowhere)
    refused(2, "workspace-missing", "import", tmp_path, "--workspace", nowhere)
    refused(2, "path-missing", "import", nowhere, *place, passphrase=PASSPHRASE)
    refused(2, "path-missing", "seen", nowhere, *place)
    refused(2, "path-missing", "coordinate", "--shares", nowhere)
    refused(2, "value-wrong", "seen", *place)
    refused(2, "value-wrong", "week", "--of", "2026-W99", *place)
    refused(2, "value-wrong", "claims", "--state", "lost", *place)
    refused(2, "value-wrong", "coordinate", "--trace", "faces", *place)
    refused(2, "value-wrong", "import", tmp_path, "--format", "nonsense", *place, passphrase=PASSPHRASE)
    refused(2, "passphrase-wrong", "import", tmp_path, *place, passphrase="another one")
    refused(2, "passphrase-needed", "import", tmp_path, *place)
    refused(2, "setting-wrong", "claims", *place, threads="many")
    refused(2, "workspace-exists", "init", "--plain-volume", PLAIN_VOLUME_WORDS, *place, passphrase=PASSPHRASE)
    assert not nowhere.exists()


@pytest.mark.parametrize(
    "arguments", [("import",), ("claims", "--no-such-option"), ("no-such-command",), ("seen", "a", "b")]
)
def test_a_command_line_that_cannot_be_understood_ends_with_2(arguments: tuple[str, ...]) -> None:
    refused(2, "usage", *arguments)
    plain = dalil(*arguments, expect=2)
    assert plain.out == ""
    assert "help" in plain.err


def test_what_is_damaged_ends_with_1(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "workspace.json").write_text("{")
    refused(1, "archive-damaged", "claims", "--workspace", tmp_path)


def test_a_missing_part_ends_with_3(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "psycopg.py").write_text("raise ImportError('not installed')\n")
    (tmp_path / "psycopg2.py").write_text("raise ImportError('not installed')\n")
    settings = environment(database_url="postgresql://desk@127.0.0.1:1/desk")
    settings["PYTHONPATH"] = os.pathsep.join([str(tmp_path), settings["PYTHONPATH"]])
    command = [*COMMAND, "claims", "--workspace", str(workspace), "--json"]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stdout + done.stderr
    assert holds("error", json.loads(done.stdout))["error"]["code"] == "desk-driver-missing"


def test_a_server_that_does_not_answer_ends_with_3(workspace: Path) -> None:
    pytest.importorskip("psycopg", reason="needs PostgreSQL's driver")
    url = "postgresql://desk:secret-word@127.0.0.1:1/desk"
    error = refused(3, "desk-unreachable", "claims", "--workspace", workspace, database_url=url)
    assert "secret-word" not in str(error)


def test_a_picture_that_cannot_be_read_ends_with_2(workspace: Path, tmp_path: Path) -> None:
    text = tmp_path / "photo.jpg"
    text.write_text("no picture at all")
    refused(2, "picture-format", "seen", text, "--workspace", workspace)
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(picture(1)[:400])
    refused(2, "picture-broken", "seen", cut, "--workspace", workspace)
