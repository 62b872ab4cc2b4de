"""Texts that a careful attacker would send, for the property tests."""

from __future__ import annotations

from hypothesis import strategies as st

ANY_CHARACTER = st.characters(exclude_categories=())  # lone surrogates too
AWKWARD = [
    "\u200b", "\u200c", "\u200d", "\u202e", "\u2066", "\ufe0f", "\ufeff", "\U000e0041", "\u0640", "\u00ad", "\u034f",
    "\u064e", "\u0651", "\u0654", "\u0301", "\u0327", "\u20dd", "\u302e", "\U0001d165", "\u1100", "\u1161", "\u11a8",
    "أ", "ى", "ة", "ە", "ێ", "ۆ", "ڕ", "ڵ", "گ", "ﷺ", "ﻻ", "ﹱ", "٣", "۳", "а", "е", "х", "к", "a", "e", "x",
    "İ", "ı", "ß", "ŉ", "ΐ", "ﬃ", "Ⅳ", "½", "…", "@", "@h:", "@h:0af3", "@bob", "@ناشر", "/", ".", "www.", "://",
    "https://", "t.co/", "example.org/a", "#", "_", "0", "1", "7", "000", "aaa", "بببب", "  ", "\n", "\0", "\x1e",
    "\ud800", "\udfff", "😀", "一", "\U00020000", "\U0002f800",
]  # fmt: skip
ANY_TEXT = st.lists(ANY_CHARACTER | st.sampled_from(AWKWARD), max_size=40).map("".join)
