"""The door for signals: what comes in, what is kept out, and what is shown as disabled."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from dalil import plugins
from dalil.plugins import Manifest, Registry
from dalil.signals import texts
from dalil.signals.registry import GROUP, Row, Signal, TextKeysSignal, check, signals


class Length:
    """A signal as somebody else would write it."""

    manifest = Manifest("length", "1", "How long a text is")
    takes = "text"
    columns = ("length",)

    def row(self, item: str | bytes) -> Row:
        return {"length": len(item)}


class Nameless(Length):
    manifest = "length"


class OfSounds(Length):
    takes = "sound"


class WithoutColumns(Length):
    columns = ()


class Networked(Length):
    manifest = Manifest("asks-a-server", "1", "Asks a server", needs_network=True)


LENGTH = Length()
WRONG = object()


@pytest.fixture
def fresh() -> Iterator[None]:
    signals.cache_clear()
    yield
    signals.cache_clear()


def test_ours_are_there_under_their_methods_names() -> None:
    assert [signal.manifest.name for signal in signals()] == ["language", "minhash", "pdq", "text-keys"]
    assert signals()["text-keys"].row("عاجل") == texts.text_keys("عاجل")._asdict()


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [(object(), "has 'manifest'"), (Nameless(), "Manifest"), (OfSounds(), "'takes'"), (WithoutColumns(), "'columns'")],
)
def test_what_is_no_signal_is_refused_with_the_reason(candidate: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        check(candidate)


def test_a_name_is_taken_once_and_the_network_never() -> None:
    kept: Registry[Signal] = Registry(GROUP, check)
    kept.add(TextKeysSignal())
    with pytest.raises(ValueError, match="taken"):
        kept.add(TextKeysSignal())
    with pytest.raises(ValueError, match="network"):
        kept.add(Networked())


@pytest.mark.usefixtures("fresh")
def test_others_come_through_their_entry_points_and_a_broken_one_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [
        EntryPoint("missing", "no_such_module_at_all:Signal", GROUP),
        EntryPoint("length", f"{__name__}:LENGTH", GROUP),
        EntryPoint("wrong", f"{__name__}:WRONG", GROUP),
    ]
    monkeypatch.setattr(plugins, "entry_points", lambda group: points if group == GROUP else [])
    found = signals()
    assert found["length"].row("four") == {"length": 4}
    assert {one.name for one in found.disabled} == {"missing", "wrong"}
    assert "ModuleNotFoundError" in next(one.reason for one in found.disabled if one.name == "missing")
    assert len(found) == 5
