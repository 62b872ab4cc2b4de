"""A poisoned post is imported, looked up, captured and asked for; its words are in no log and no complaint.

Every logger is at its loudest: root, Django's, the server's, ours, and what the children write on their
standard error.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from command_line import ROOT, asked, environment
from console_client import Console
from import_inputs import picture
from sources_files import (
    ct_row,
    order_of,
    tg_chat,
    tg_message,
    write_ct,
    write_json,
    write_lines,
    x_link,
    x_mention,
    x_response,
    x_tweet,
    x_user,
)

from dalil.archive.workspace import PLAIN_VOLUME_WORDS

POISON = "zqpoison7f3a"
PASSPHRASE = "four quiet words here"
LOUD = [sys.executable, str(ROOT / "tests" / "loud_command.py")]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A workspace, and the invitation of its first keeper."""
    folder = tmp_path_factory.mktemp("poisoned") / "workspace"
    told = asked("init", "--workspace", folder, "--plain-volume", PLAIN_VOLUME_WORDS, passphrase=PASSPHRASE)
    return folder, told["invitation"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The poison in every field that a person fills, in whole records and in broken ones."""
    folder = tmp_path_factory.mktemp("files")
    text = f"{POISON} at the bridge, says @{POISON}_one, see https://t.co/a #{POISON}"
    link = x_link(text, "https://t.co/a", f"https://{POISON}.example/{POISON}")
    entities = {"mentions": [x_mention(text, f"{POISON}_one")], "urls": [link]}
    tweet = x_tweet(1, 2, text, entities=entities, source=POISON)
    user = x_user(2, POISON, name=POISON, description=POISON, location=POISON)
    x = write_lines(folder / "tweets.jsonl", [x_response([tweet], [user]), {"data": {POISON: POISON}}])
    with x.open("a") as stream:
        stream.write(f'{{"data": [{{"id": "{POISON}", "text": "{POISON}\n{POISON}\n')
    row = ct_row(7, **{"Page Name": POISON, "User Name": POISON, "Message": text, "Link": f"https://{POISON}.example"})
    crowdtangle = write_ct(folder / "pages.csv", [row, {**row, "Facebook Id": POISON, "Post Created": POISON}])
    channel = folder / "channel"
    channel.mkdir()
    (channel / f"{POISON}.jpg").write_bytes(picture(1)[:300])
    messages = [
        tg_message(1, text, photo=f"{POISON}.jpg", **{"from": POISON, "forwarded_from": POISON}),
        tg_message(2, text, photo=f"../{POISON}/{POISON}.jpg", author=POISON),
        {"id": POISON, "type": POISON, "text": POISON},
    ]
    write_json(channel / "result.json", tg_chat(messages, name=POISON))
    return [x, crowdtangle, channel]


def loud(*arguments: object, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """Run `dalil` at its loudest; the poison is not on its standard error."""
    done = subprocess.run(
        [*LOUD, "dalil.app.main", *map(str, arguments)],
        env=environment(passphrase=PASSPHRASE),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    assert POISON not in done.stderr.casefold()
    return done


def test_the_loud_command_hears_everything(workspace: tuple[Path, str], files: list[Path]) -> None:
    """Ours, and others': else silence would prove nothing."""
    folder, _ = workspace
    done = loud("import", *files, "--workspace", folder, "--json")
    told = json.loads(done.stdout)
    reports = told["files"]
    assert [report["format"] for report in reports] == ["x-api-v2", "crowdtangle-csv", "telegram-desktop"]
    assert all(report["kept"] for report in reports)
    assert sum(sum(report["rejected"].values()) for report in reports) >= 4
    (media,) = (row for row in told["skipped"] if row["code"] == "media-file")
    assert media.pop("path") == str(files[2] / f"{POISON}.jpg"), "whoever brought a file is told its name, and it alone"
    assert POISON not in json.dumps(told, ensure_ascii=False).casefold()
    assert "dalil INFO import.chunk" in done.stderr


def test_looking_up_capturing_and_reading(workspace: tuple[Path, str], files: list[Path], tmp_path: Path) -> None:
    folder, _ = workspace
    place = ("--workspace", folder, "--json")
    loud("seen", "--text", f"{POISON} at the bridge, says somebody, see it", *place)
    (tmp_path / "cut.jpg").write_bytes(picture(1)[:300] + POISON.encode())
    loud("seen", tmp_path / "cut.jpg", *place, expect=2)
    address = ("--address", f"https://www.facebook.com/{POISON}/posts/1", "--page", POISON)
    loud("capture", "--text", f"{POISON} again", *address, *place)
    loud("search", POISON, "--source", POISON, *place)
    loud("search", f'"{POISON} at" -{POISON} {POISON}*', "--kind", "picture", *place)
    loud("coordinate", "--trace", "text", *place)
    loud("claims", *place)


@pytest.mark.parametrize("number", [0, 1, 2], ids=["x", "crowdtangle", "telegram"])
def test_the_child_that_reads_it(files: list[Path], number: int) -> None:
    """Its standard error, which the parent keeps to itself, holds nothing either."""
    order = msgspec.msgpack.encode(order_of(files[number]))
    done = subprocess.run([*LOUD, "dalil.intake"], input=order, env=environment(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert POISON.encode() in done.stdout  # it did read it
    assert POISON.encode() not in done.stderr.lower()


def test_the_console(workspace: tuple[Path, str], files: list[Path], tmp_path: Path) -> None:
    """Searches, uploads, captures, wrong codes, unknown addresses: a server's log is where words gather."""
    folder, invitation = workspace
    errors = tmp_path / "errors"
    with errors.open("w") as stream:
        process = subprocess.Popen(
            [*LOUD, "dalil.app.main", "serve", "--workspace", str(folder)],
            env=environment(port=0, passphrase=PASSPHRASE),
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
        )
        assert process.stdout is not None
        console = Console(process.stdout.readline().removeprefix("Open  ").strip())
        console.enter(POISON)
        assert console.status == 400
        console.join(invitation, f"{POISON} {POISON} {POISON}")
        assert console.status == 200
        page = console.post("/seen", {"text": f"{POISON} at the bridge"}, from_page="/seen")
        assert console.status == 200
        assert POISON not in console.url
        assert page
        console.post("/search", {"text": POISON, "source": POISON}, from_page="/search")
        assert console.status == 200
        assert POISON not in console.url
        console.send("/intake/upload", "uploads", files[0], from_page="/intake")
        assert console.status == 200
        for path in (f"/{POISON}", f"/claims/{POISON}", f"/seen?q={POISON}", f"/picture/{POISON}.jpg"):
            console.get(path)
        console.post("/claims/new", {"sentence": POISON, "claim_type": POISON}, from_page="/claims/new")
        process.terminate()
        process.communicate(timeout=60)
    heard = errors.read_text().casefold()
    assert "dalil" in heard
    assert POISON not in heard
