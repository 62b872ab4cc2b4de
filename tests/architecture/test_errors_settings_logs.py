"""Every code that is raised has its message, every message is used, every setting is there and explained."""

from __future__ import annotations

import ast
import logging
import re
from pathlib import Path

import pytest

from dalil import errors, log, settings
from dalil.errors import MESSAGES, DalilError

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "dalil"
ERRORS = {name for name, item in vars(errors).items() if isinstance(item, type) and issubclass(item, DalilError)}


def codes_in_source() -> set[str]:
    """Codes given to an error, directly or through a table: any text constant that is a key of MESSAGES."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        if path.name == "errors.py" and path.parent == SOURCE:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in MESSAGES:
                found.add(node.value)
    return found


def raised_codes() -> set[str]:
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ERRORS
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(str(node.args[0].value))
    return found


def test_every_raised_code_has_a_message() -> None:
    assert raised_codes() <= set(MESSAGES)


def test_every_message_is_used() -> None:
    assert set(MESSAGES) - codes_in_source() == set()


def test_messages_stand_in_the_order_of_the_alphabet() -> None:
    assert list(MESSAGES) == sorted(MESSAGES)


@pytest.mark.parametrize("code", MESSAGES)
def test_a_message_says_what_to_do(code: str) -> None:
    message = MESSAGES[code]
    assert message.text.endswith(".")
    assert message.remedy.rstrip("…").endswith((".", "?"))
    assert re.fullmatch(r"[a-z0-9-]+", code)


def test_a_fact_with_braces_cannot_reach_into_the_template() -> None:
    error = errors.InputError("path-missing", name="{0.__class__}{remedy}")
    assert str(error) == "'{0.__class__}{remedy}' is not a file or folder that can be read."


def test_settings_table_and_attributes_agree() -> None:
    assert [row.name for row in settings.TABLE] == list(settings.field_names())
    fresh = settings.Settings()
    assert all(getattr(fresh, row.name) == row.default for row in settings.TABLE)
    assert all(row.help.endswith(".") for row in settings.TABLE)


def test_a_wrong_setting_is_refused_and_a_secret_is_not_shown() -> None:
    with pytest.raises(errors.ConfigError, match="port"):
        settings.parse({"port": "many"})
    with pytest.raises(errors.ConfigError, match="no setting"):
        settings.parse({"colour": "blue"})
    with pytest.raises(errors.ConfigError):
        settings.parse({"threads": "-1"})
    assert "s3cret" not in repr(settings.parse({"passphrase": "s3cret"}))


def test_logs_take_ids_and_numbers_only(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="dalil"):
        log.event("import.chunk", id="a1", count=3)
    assert caplog.messages == ["import.chunk count=3 id=a1"]
    with pytest.raises(ValueError, match="may be logged"):
        log.event("import.chunk", text="something")
    with pytest.raises(ValueError, match="plain"):
        log.event("import.chunk", id="a post with words")


def test_nothing_prints_or_logs_past_the_door() -> None:
    """Only `log` may hold a logger; only `cli` may write to the terminal."""
    offenders = []
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).as_posix()
        text = path.read_text(encoding="utf-8")
        if name != "log.py" and re.search(r"\bgetLogger\b|\blogging\.(info|warning|error|debug|exception)\b", text):
            offenders.append(name)
        if not name.startswith(("cli/", "app/")) and re.search(r"(?<![\w.])print\(", text):
            offenders.append(name)
    assert offenders == []
