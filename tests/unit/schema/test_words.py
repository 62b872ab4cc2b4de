"""The closed vocabularies against the word lists of the design, and what two of them decide."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import product

import msgspec
import pytest

from dalil.schema import words
from dalil.schema.words import MakerClass, PublicRole

VOCABULARIES = {
    name: kind for name, kind in vars(words).items() if isinstance(kind, type) and kind.__module__ == words.__name__
}

# As the design writes them: the canonical record's notation, then the sentences of the word list.
WORD_LISTS = {
    "IdQuality": "exact|derived|rounded|hashed",
    "Precision": "s|min|day",
    "ZoneBasis": "epoch|explicit|abbreviation|unknown",
    "TimeBasis": "file|server|operator",
    "State": "live|edited|deleted|withheld|private|unavailable|unknown",
    "Visibility": "public|unlisted|followers|direct|unknown",
    "TextFormat": "plain|html|md|facets",
    "Completeness": "yes|truncated|unknown",
    "EdgeType": "reply|quote|repost|forward|mention|link|same_media|same_text|alias",
    "AccountType": "person|page|group|channel|bot|unknown",
    "PublicRole": "public_actor|organisation|private_person|unknown",
    "MayShare": "none|ids|full",
    "MetricBasis": "exact|rounded|locale_guess",
    "ClaimType": "victory or control, withdrawal, capture, casualty, atrocity, threat, impersonation, other",
    "MakerClass": "group, supporter, state, ally, independent, unknown",
    "ClaimVerdict": "false, unproven, true",
    "MediaFindingKind": "recycled, altered, impersonated, unchanged",
    "ReportCode": "carries, confirms, contests or corrects",
    "CaptureState": "complete, partial or none",
}
DECIDED_IN_CODE = {"AccountKind", "Kind", "Confidence", "SearchKind"}
"""Vocabularies that the word lists leave open."""
BLOCS = [{"group", "supporter"}, {"state", "ally"}, {"independent"}]


def words_of(written: str) -> list[str]:
    """`victory or control` is one type with two names, of which the first is ours; other `or`s end a list."""
    return re.split(r"\||, | or ", written.replace("victory or control", "victory"))


def test_every_vocabulary_is_in_a_word_list_or_known_to_be_in_none() -> None:
    assert VOCABULARIES.keys() == WORD_LISTS.keys() | DECIDED_IN_CODE


@pytest.mark.parametrize("name", WORD_LISTS)
def test_a_vocabulary_has_the_words_of_the_design_in_its_order(name: str) -> None:
    assert [word.value for word in VOCABULARIES[name]] == words_of(WORD_LISTS[name])


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_word_can_stand_in_a_column_a_key_and_an_address(name: str) -> None:
    kind = VOCABULARIES[name]
    assert issubclass(kind, StrEnum)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", word.value) for word in kind)
    assert len(kind.__members__) == len(list(kind)), "two names for one word"


def test_one_word_has_one_spelling_in_all_vocabularies() -> None:
    spellings: dict[str, set[str]] = {}
    for kind in VOCABULARIES.values():
        for word in kind:
            spellings.setdefault(word.value.replace("_", ""), set()).add(word.value)
    assert [found for found in spellings.values() if len(found) > 1] == []


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_word_outside_the_list_or_in_other_letters_is_refused(name: str) -> None:
    kind = VOCABULARIES[name]
    first = next(iter(kind))
    assert msgspec.json.decode(msgspec.json.encode(first), type=kind) is first
    for other in (first.value.upper(), f" {first.value}", f"{first.value}\u200b", "", "no_such_word"):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(msgspec.json.encode(other), type=kind)


def test_two_makers_are_independent_only_across_known_blocs() -> None:
    for one, other in product(MakerClass, repeat=2):
        known = {one, other}.isdisjoint({MakerClass.UNKNOWN})
        together = any({one.value, other.value} <= bloc for bloc in BLOCS)
        independent = one.bloc is not None and other.bloc is not None and one.bloc != other.bloc
        assert independent == (known and not together), (one, other)


def test_a_bloc_is_named_by_a_maker_in_it() -> None:
    """So that a page can show a bloc with the words it has for makers."""
    assert all(MakerClass(maker.bloc).bloc == maker.bloc for maker in MakerClass if maker.bloc is not None)


def test_only_public_actors_and_organisations_may_be_shown_by_name() -> None:
    """Who is not known to be public is treated as a private person."""
    assert [role.value for role in PublicRole if role.is_public] == ["public_actor", "organisation"]
