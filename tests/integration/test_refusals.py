"""What Dalil refuses, tried on a running one: no network, no private account, no picture unasked, no "new"."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from command_line import ROOT, asked, dalil, environment
from console_client import Console, address_of, served
from demo_week import WEEK, Demo, copy_of
from import_inputs import telegram_folder, x_file

from dalil.archive.workspace import PLAIN_VOLUME_WORDS

pytestmark = pytest.mark.slow
PASSPHRASE = "four quiet words here"
PRIVATE = ":h:"
PICTURE = re.compile(r"<(?:img|video|audio|source|picture|object|embed)\b", re.IGNORECASE)
TRACES = ("url", "text", "picture", "repost", "hashtag")


# No network.


def offline(*arguments: object, expect: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "offline_command.py"), *map(str, arguments)],
        env=environment(passphrase=PASSPHRASE),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == expect, done.stderr
    return done


def test_no_command_reaches_for_the_network(tmp_path: Path) -> None:
    """Posts full of addresses are imported, looked up, measured and examined; nothing is fetched."""
    workspace = tmp_path / "workspace"
    place = ("--workspace", workspace)
    offline("init", *place, "--plain-volume", PLAIN_VOLUME_WORDS)
    offline("import", x_file(tmp_path / "tweets.jsonl", 0, 30), telegram_folder(tmp_path / "channel", 1, 12), *place)
    offline(
        "capture", *place, "--address", "https://www.facebook.com/dalya.today/posts/1", "--text", "https://x.example/1"
    )
    offline("seen", "--text", "Report 3 from the bridge at Tel Nahr, https://dalya.example/1", *place)
    offline("seen", tmp_path / "channel" / "photos" / "photo_3.jpg", *place)
    offline("coordinate", "--trace", "url", *place)
    offline("week", *place)
    offline("worker", "--once", *place)
    offline("doctor", *place)


def test_the_guard_itself_bites(tmp_path: Path) -> None:
    """`serve` listens, which the guard counts as reaching."""
    workspace = tmp_path / "workspace"
    offline("init", "--workspace", workspace, "--plain-volume", PLAIN_VOLUME_WORDS)
    assert "reached for the network" in offline("serve", "--workspace", workspace, "--port", "0", expect=99).stderr


# Private accounts are counted, never drawn, listed or exported.


@pytest.mark.parametrize("trace", TRACES)
def test_coordination_lists_no_private_account(demo: Demo, tmp_path: Path, trace: str) -> None:
    out = tmp_path / "edges.csv"
    spoken = dalil("coordinate", "--trace", trace, "--min-objects", "1", "--out", out, "--workspace", demo.folder)
    told = dalil("coordinate", "--trace", trace, "--min-objects", "1", "--json", "--workspace", demo.folder)
    for text in (spoken.out, spoken.err, told.out, out.read_text(encoding="utf-8")):
        assert PRIVATE not in text
    campaigns = told.object["campaigns"]
    assert all(campaign["private_accounts"] <= campaign["accounts"] for campaign in campaigns)


def test_the_private_ones_are_there_to_be_left_out(demo: Demo) -> None:
    campaigns = asked("coordinate", "--trace", "url", "--workspace", demo.folder)["campaigns"]
    assert sum(campaign["private_accounts"] for campaign in campaigns) > 0


def test_no_command_that_reads_names_a_private_account(demo: Demo) -> None:
    photo = demo.sample / "look" / "photo-said-to-be-today.jpg"
    for arguments in (
        ("claims",),
        ("week", "--of", WEEK),
        ("seen", photo),
        ("seen", "--text", "Tel Nahr bridge market"),
    ):
        assert PRIVATE not in dalil(*arguments, "--json", "--workspace", demo.folder).out
        assert PRIVATE not in dalil(*arguments, "--workspace", demo.folder).out


def test_no_run_is_kept_as_a_list_of_accounts(demo: Demo) -> None:
    """What a run leaves in the archive names objects and counts; neither private nor public accounts."""
    tables = sorted((demo.folder / "archive" / "findings").rglob("campaigns-*.parquet"))
    assert tables
    account = re.compile(r"^(x|facebook|telegram|instagram):(h:)?[\w-]+$")
    for path in tables:
        table = pq.read_table(path)
        values = [value for column in table.columns for value in column.to_pylist()]
        flat = [str(item) for value in values for item in (value if isinstance(value, list) else [value])]
        assert [item for item in flat if account.match(item) or PRIVATE in item] == []


# Pages.


@pytest.fixture(scope="module")
def folder(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo, to be served."""
    return copy_of(demo.folder, tmp_path_factory.mktemp("refusals") / "week")


@pytest.fixture(scope="module")
def consoles(folder: Path) -> Iterator[dict[str, Console]]:
    """It, served; each of its people signed in."""
    with served("demo", "--workspace", folder, until="End with Ctrl-C") as lines:
        found = {}
        for line in lines:
            if match := re.match(r"  (\S+)\s+\w+\s+code (\S+)$", line):
                found[match[1]] = Console(address_of(lines))
                found[match[1]].enter(match[2])
        yield found


def claims(console: Console) -> list[str]:
    """The addresses of all claims' pages."""
    return sorted(set(re.findall(r'href="(/claims/[0-9a-f]{16,})(?:#[a-z]*)?"', console.get("/claims"))))


def test_media_are_not_shown_until_asked_for(consoles: dict[str, Console]) -> None:
    console = consoles["oak-17"]
    pages = claims(console)
    assert len(pages) >= 30
    for path in ("/", "/claims", "/seen", "/intake", "/claims/suggested", *pages[:25]):
        assert not PICTURE.search(console.get(path)), path
        assert console.status == 200, path
    answer = console.post("/seen/example", {}, from_page="/seen")
    assert console.status == 200
    assert not PICTURE.search(answer)
    result = console.url.removeprefix(console.address)
    assert len(PICTURE.findall(console.get(f"{result}?show=1"))) == 2
    assert not PICTURE.search(console.get(result))  # asked for once, not for ever


def test_a_text_that_is_not_held_is_not_called_new(consoles: dict[str, Console], demo: Demo) -> None:
    text = "a sentence that nobody in Sahlara ever wrote"
    page = consoles["oak-17"].post("/seen", {"text": text}, from_page="/seen")
    said = dalil("seen", "--text", text, "--workspace", demo.folder).out
    assert "Not in our archive" in said
    visible = re.sub(r"<[^>]+>", " ", re.sub(r"<head>.*?</head>", "", page, flags=re.DOTALL))
    assert re.search(r"not in (our|this) archive", visible, re.IGNORECASE)
    for sentence in re.split(r"(?<=[.:])\s", f"{said} {visible}"):
        if re.search(r"\bnew\b", sentence, re.IGNORECASE):
            assert re.search(r"\bnot\b|never", sentence), sentence


def test_no_page_names_a_member_of_another_circle(consoles: dict[str, Console], demo: Demo) -> None:
    """And none tells when anybody was last here."""
    circles = {member.pseudonym: member.circle for member in demo.members.members}
    for mine, console in consoles.items():
        others = [name for name, circle in circles.items() if circle != circles[mine]]
        assert others
        for path in ("/", "/claims", "/circle", "/audit", "/intake", "/more", "/door", *claims(console)[:25]):
            page = console.get(path)
            assert console.status == 200, path
            assert [name for name in others if name in page] == [], path
            assert not re.search(r"last (seen|login|active|visit)|zuletzt", page, re.IGNORECASE), path


def test_no_page_names_a_private_account(consoles: dict[str, Console]) -> None:
    console = consoles["oak-17"]
    for path in ("/", "/seen", "/claims/suggested", *claims(console)):
        assert PRIVATE not in console.get(path), path


def test_one_circle_alone_settles_nothing(consoles: dict[str, Console], demo: Demo, folder: Path) -> None:
    """The circle that has voted on a claim votes again and again: it stays proposed until another circle votes."""
    members = demo.members.members
    blue = next(member for member in members if member.next_step == "second_vote")
    green = next(member for member in members if member.circle != blue.circle)
    sentences = next(claim.sentence for claim in demo.truth.claims if claim.claim == blue.waiting).values()
    rows = asked("claims", "--state", "proposed", "--workspace", folder)["claims"]
    claim = next(row["claim_id"] for row in rows if row["sentence"] in sentences)
    vote = {"vote": "false", "reason": "as found", "sure": "on"}
    for _ in range(2):
        consoles[green.pseudonym].post(f"/claims/{claim}/vote", vote, from_page="/claims/new")
        assert consoles[green.pseudonym].status == 409
        assert state_of(folder, claim) == "proposed"
    consoles[blue.pseudonym].post(f"/claims/{claim}/vote", vote, from_page="/claims/new")
    assert consoles[blue.pseudonym].status == 200
    assert state_of(folder, claim) != "proposed" or votes_differ(consoles[blue.pseudonym], claim)


def state_of(folder: Path, claim: str) -> str:
    rows = asked("claims", "--workspace", folder)["claims"]
    return next(str(row["state"]) for row in rows if row["claim_id"] == claim)


def votes_differ(console: Console, claim: str) -> bool:
    """Whether the two circles disagree, so that a third has to vote."""
    return "third" in console.get(f"/claims/{claim}").casefold()
