"""The authenticator: RFC 6238's own vectors, its window, and a label that says nothing."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from dalil.people import totp

SECRET = base64.b32encode(b"12345678901234567890").decode()
VECTORS = {59: "94287082", 1111111109: "07081804", 1234567890: "89005924", 20000000000: "65353130"}


@pytest.mark.parametrize(("seconds", "code"), VECTORS.items())
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert totp.matching_step(SECRET, code[-6:], at) == seconds // 30  # the standard prints eight digits


@pytest.mark.parametrize(("steps", "found"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_before_and_after_are_taken(steps: int, found: bool, now: datetime) -> None:
    code = pyotp.TOTP(SECRET).at(now + timedelta(seconds=30 * steps))
    assert (totp.matching_step(SECRET, code, now) is not None) is found


def test_digits_of_any_keyboard_and_spaces_do_not_matter(now: datetime) -> None:
    code = pyotp.TOTP(SECRET).at(now)
    typed = (code[:3] + " " + code[3:]).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert totp.matching_step(SECRET, typed, now) is not None


@pytest.mark.parametrize("typed", ["", "0", "abcdef", "\ud800", "9" * 40, "１２３"])
def test_anything_else_is_refused_without_an_error(typed: str, now: datetime) -> None:
    assert totp.matching_step(SECRET, typed, now) is None


def test_the_label_betrays_nothing() -> None:
    offer = totp.offer()
    assert offer.uri.startswith("otpauth://totp/code?secret=")
    assert "issuer" not in offer.uri
    assert "dalil" not in offer.uri.lower()


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 5, 17, 11, 20, 10, tzinfo=UTC)
