"""What Dalil refuses by construction, as far as the source itself can show: there is no part that could do it.

Each list says what would be needed to do the refused thing; none of it is there. What only a running
Dalil can show is in `tests/integration/test_refusals.py`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "dalil"
MODULES = sorted(SOURCE.rglob("*.py"))
TEMPLATES = sorted(SOURCE.rglob("*.html"))

# Whoever opens a connection imports one of these. The console's server only listens.
NETWORK = {
    *("socket", "socketserver", "ssl", "http.client", "urllib.request", "urllib3", "ftplib", "smtplib", "imaplib"),
    *("telnetlib", "xmlrpc", "requests", "httpx", "aiohttp", "websockets", "pycurl", "paramiko", "webbrowser"),
}
# Clients that post, like, follow or log in for somebody, and what drives a browser in their name.
PLATFORMS = {
    *("tweepy", "telethon", "pyrogram", "facebook", "facebook_scraper", "instaloader", "instagrapi", "praw", "atproto"),
    *("mastodon", "TikTokApi", "selenium", "playwright", "mechanize", "twikit"),
}
# What recognises a person by face, voice or style, or guesses who and where somebody is.
PERSONS = {
    *("face_recognition", "dlib", "deepface", "insightface", "facenet_pytorch", "mediapipe", "retinaface"),
    *("speechbrain", "pyannote", "resemblyzer", "nameparser", "gender_guesser", "ethnicolr", "geopy", "geoip2"),
}
FACES = {"CascadeClassifier", "FaceDetectorYN", "FaceRecognizerSF", "face"}
TELEMETRY = {"sentry_sdk", "posthog", "mixpanel", "segment", "statsd", "opentelemetry", "newrelic", "datadog"}


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, with its parents."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            parts = name.split(".")
            yield from (".".join(parts[: length + 1]) for length in range(len(parts)))


@pytest.mark.parametrize(
    "needed", [NETWORK, PLATFORMS, PERSONS, TELEMETRY], ids=["network", "platforms", "persons", "telemetry"]
)
def test_nothing_that_is_needed_for_it_is_imported(needed: set[str]) -> None:
    assert [f"{path.relative_to(ROOT)}: {name}" for path in MODULES for name in imported(path) if name in needed] == []


def test_a_planted_import_would_be_found(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(
        "import os.path\n\ndef f():\n    from urllib.request import urlopen\n    import face_recognition as x\n"
    )
    assert NETWORK & set(imported(planted)) == {"urllib.request"}
    assert PERSONS & set(imported(planted)) == {"face_recognition"}


def test_the_picture_library_is_not_asked_for_faces() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {node.attr}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in FACES
    ]
    assert found == []


def test_no_package_of_that_kind_is_installed_with_it() -> None:
    locked = {
        line.split("==")[0].strip().lower()
        for line in (ROOT / "requirements.txt").read_text().splitlines()
        if "==" in line
    }
    refused = {name.lower().replace("_", "-") for name in PLATFORMS | PERSONS | TELEMETRY}
    assert locked
    assert locked & refused == set()


# Words in the names of commands, pages, actions and permissions: each would be a feature that is refused.
ACTS = re.compile(
    r"(bulk|mass|auto)[-_]?(report|post|reply|like|follow)|report[-_](to|user|account|post)|(post|send|tweet)[-_]to|"
    r"(un)?follow|(^|[-_])like([-_]|$)|member[-_]?list|ranking|leaderboard|last[-_]?seen|profile|watch[-_]?list|"
    r"face|voice|stylometr|sock|credential|platform[-_]?(login|password)|telemetry|gallery"
)


def test_no_command_page_action_or_permission_is_one_of_them(django_workspace: Path) -> None:
    from dalil.cli.application import build
    from dalil.people.permissions import Act
    from dalil.web.urls import urlpatterns

    group = typer.main.get_command(build(None))  # type: ignore[arg-type]  # hooks are called, not built
    named = [*group.commands, *(pattern.name for pattern in urlpatterns), *Act]  # type: ignore[attr-defined]
    for path in sorted((SOURCE / "actions").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named += [
            node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        ]
    assert len(named) > 100
    assert [str(name) for name in named if ACTS.search(str(name))] == []


def test_the_words_would_be_found() -> None:
    for name in (
        "bulk-report",
        "mass_report_accounts",
        "auto_reply",
        "like",
        "member-list",
        "last_seen",
        "post_to_facebook",
    ):
        assert ACTS.search(name), name
    for name in ("code_report", "record_posted", "likeness", "claim-report", "post_answer"):
        assert not ACTS.search(name), name


def test_no_setting_holds_a_login_of_a_platform() -> None:
    from dalil.settings import TABLE

    assert {row.name for row in TABLE if row.secret} == {"passphrase", "database_url"}
    assert [row.name for row in TABLE if re.search(r"token|api|cookie|account|login|proxy|url$", row.name)] == [
        "database_url"
    ]


def test_the_command_line_signs_nothing() -> None:
    """Nor does any machine: `LOCAL` is what commands and the worker act as."""
    from dalil.people.actor import LOCAL
    from dalil.people.permissions import SIGNS, Act, may

    assert not [act for act in SIGNS if may(LOCAL, act)]
    assert {Act.VOTE, Act.POST_ANSWER, Act.SILENCE, Act.PUBLISH} <= SIGNS


def test_a_verdict_needs_two_circles_however_often_one_votes() -> None:
    from dalil.desk.verdicts import Ballot, Outcome, decide
    from dalil.schema.words import ClaimVerdict

    alone = [Ballot("blue", f"member-{number}", ClaimVerdict.FALSE) for number in range(5)]
    assert decide(alone).outcome is Outcome.ONE
    assert decide(alone).verdict is None
    one_person = [Ballot(circle, "the-same", ClaimVerdict.FALSE) for circle in ("blue", "green", "red")]
    assert decide(one_person).verdict is None
    assert decide([alone[0], Ballot("green", "another", ClaimVerdict.FALSE)]).verdict is ClaimVerdict.FALSE


def test_removal_is_no_measure_of_success() -> None:
    from dalil.schema.results import WeekResult

    assert [name for name in WeekResult.__struct_fields__ if re.search(r"remov|delet|takedown|suspend|ban", name)] == []


# Pages.


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_page_loads_nothing_from_elsewhere_and_runs_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script|<iframe|<object|<embed|\son[a-z]+\s*=|javascript:", text, re.IGNORECASE)
    assert not re.search(
        r"<(?:link|img|source|video|audio|form)[^>]*(?:src|href|action)\s*=\s*[\"']?(?:https?:)?//", text
    )


def test_the_style_sheet_loads_nothing() -> None:
    sheets = [*SOURCE.rglob("*.css"), *SOURCE.rglob("*.svg")]
    assert sheets
    for path in sheets:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//|https?://", text), path.name


def test_a_picture_stands_on_a_page_only_where_it_was_asked_for() -> None:
    """Every `<img` is inside a branch that only `show` opens."""
    pictures = 0
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        for found in re.finditer(r"<img", text):
            pictures += 1
            before = text[: found.start()]
            last = max(re.finditer(r"{% (?:el)?if ([^%]*)%}", before), key=lambda branch: branch.start())
            assert re.search(r"\bshow\b", last[1]), f"{path.name}: a picture without {{% if show %}}"
    assert pictures


def test_what_is_not_held_is_never_called_new() -> None:
    """Every sentence that has the word denies it, on pages, in commands and in the documentation of the search."""
    files = [*TEMPLATES, SOURCE / "web" / "saying.py", SOURCE / "cli" / "commands" / "find.py"]
    files = [path for path in files if "seen" in path.name or path.suffix == ".py"]
    assert len(files) >= 4
    for path in files:
        for sentence in re.split(r"(?<=[.?!:])\s|\n|{%|%}|<", path.read_text(encoding="utf-8")):
            if re.search(r"\bnew\b", sentence, re.IGNORECASE) and "claim-new" not in sentence:
                assert re.search(r"\bnot?\b|never", sentence, re.IGNORECASE), f"{path.name}: {sentence.strip()}"
