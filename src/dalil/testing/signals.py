"""What every signal must keep, as tests that the author of a plug-in runs.

    class TestMine(SignalContract):
        @pytest.fixture
        def signal(self) -> Signal:
            return MySignal()

Override `more_items` to add items of your own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import ClassVar

import msgspec
import pytest
from PIL import Image

from dalil.errors import InputError, LimitReached
from dalil.signals.registry import Row, Signal, check

TEXTS: tuple[str, ...] = (
    "",
    " ",
    "عاجل",
    "أُعلن عن فتح الجسر في تلّ نهر صباح اليوم، ولا خسائر https://example.org/a @h:0123abcd",
    "ڕێگای تەل نەهر کراوەیە و هیچ شەڕێک نییە",
    "Li bajarê Tel Nehr rê vekirî ye û şer tune",
    "The bridge at Tel Nahr is open, says a resident.",
    "el jisr mafto7 w ma fi 7arb",
    "\ud800\udfff",
    "\0\x1e\u2028",
    "\u202e\u2066\u200b\ufe0f\U000e0041",
    "e" + "\u0316\u0301" * 300,
    "\u1100\u1161\u11a8" * 50,
    "😀" * 40,
    "ا" * 5000,
)
"""Texts that a signal must take: of our languages, and such as an attacker would send."""


def pictures() -> tuple[bytes, ...]:
    """Picture files that must work: a fade, in a few formats, very small and very thin."""
    fade = Image.linear_gradient("L")
    made = [(fade, "PNG"), (fade.convert("RGB"), "JPEG"), (fade, "GIF"), (fade, "BMP"), (fade, "WEBP")]
    made += [(fade.resize((1, 1)), "PNG"), (fade.resize((300, 2)), "PNG")]
    files = []
    for image, name in made:
        out = io.BytesIO()
        image.save(out, name)
        files.append(out.getvalue())
    return tuple(files)


def broken_pictures() -> tuple[bytes, ...]:
    """Bytes that are no picture, or half of one: only InputError or LimitReached may come of them."""
    return (b"", b"\0", b"text", *(data[: len(data) // 2] for data in pictures()[:5]))


class SignalContract:
    """Inherit from this and give a fixture `signal`."""

    more_items: ClassVar[Sequence[str | bytes]] = ()

    def items(self, signal: Signal) -> list[str | bytes]:
        """Every item that the signal must take."""
        return [*(TEXTS if signal.takes == "text" else pictures()), *self.more_items]

    def test_the_registry_takes_it(self, signal: Signal) -> None:
        assert check(signal) is signal

    def test_its_manifest_is_usable(self, signal: Signal) -> None:
        manifest = signal.manifest
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", manifest.name)
        assert manifest.version
        assert manifest.title
        assert not manifest.needs_network

    def test_a_row_has_its_columns_and_plain_values(self, signal: Signal) -> None:
        for item in self.items(signal):
            row = signal.row(item)
            assert tuple(row) == signal.columns
            assert all(_is_plain(value) for value in row.values())

    def test_the_same_item_gives_the_same_row_in_any_order(self, signal: Signal) -> None:
        items = self.items(signal)
        forth = [signal.row(item) for item in items]
        back: list[Row] = [signal.row(item) for item in reversed(items)]
        assert forth == back[::-1]

    def test_a_row_can_be_handed_to_another_process(self, signal: Signal) -> None:
        for item in self.items(signal):
            row = signal.row(item)
            handed = msgspec.msgpack.decode(msgspec.msgpack.encode(row))
            assert handed == {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}

    def test_broken_pictures_are_refused_with_an_error_of_ours(self, signal: Signal) -> None:
        if signal.takes == "picture":
            for data in broken_pictures():
                with pytest.raises((InputError, LimitReached)):
                    signal.row(data)

    def test_the_wrong_kind_of_item_is_a_programming_error(self, signal: Signal) -> None:
        wrong: str | bytes = b"bytes" if signal.takes == "text" else "text"
        with pytest.raises((TypeError, ValueError)):
            signal.row(wrong)


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(type(part) in (str, int, float, bool, bytes) for part in value)
    return value is None or type(value) in (str, int, float, bool, bytes)
