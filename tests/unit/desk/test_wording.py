"""Suggested sentences are claims about a text, in its language, and name nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.desk import events
from dalil.desk.wording import QUOTED_CHARACTERS, draft, language_of
from dalil.schema.words import ClaimType, MakerClass


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("الرتل الرمادي يسيطر على الجسر", "ar"),
        ("ڕیزی خۆڵەمێشی پردەکەی گرتووە", "ckb"),
        ("Stûna gewr pirê girtiye", "ku"),
        ("The bridge is taken", "en"),
        ("", "en"),
    ],
)
def test_language_by_letters(text, language):
    assert language_of(text) == language
    assert draft(text, posts=3, accounts=2)[1] == language


def test_the_sentence_says_that_it_was_seen_never_that_it_is_so():
    sentence, language = draft("The bridge is taken", posts=12, accounts=7)
    assert sentence == "A text seen in 12 posts from 7 accounts says: “The bridge is taken”"
    assert language == "en"


def test_mentions_and_direction_tricks_are_left_out():
    sentence, _ = draft("@somebody says \u202etaken\u202c now", posts=2, accounts=2)
    assert "somebody" not in sentence
    assert "\u202e" not in sentence


def test_a_language_with_words_is_used_and_another_is_guessed():
    assert draft("taken", posts=2, accounts=2, language="ckb")[1] == "ckb"
    assert draft("taken", posts=2, accounts=2, language="tr")[1] == "en"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=600))
def test_any_text_gives_a_sentence_that_a_claim_can_have(text):
    sentence, language = draft(text, posts=2, accounts=2)
    assert len(sentence) < QUOTED_CHARACTERS + 100
    events.encode(
        events.ClaimLogged(
            sentence=sentence, sentence_lang=language, claim_type=ClaimType.OTHER, maker_class=MakerClass.UNKNOWN
        )
    )


def test_braces_in_a_text_are_text():
    assert "{posts}" in draft("{posts} {0}", posts=2, accounts=2)[0]
