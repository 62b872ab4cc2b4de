"""Claims that text groups suggest: on no board until a person accepts them."""

from __future__ import annotations

import pytest
from desk_house import TELEGRAM

from dalil.errors import Conflict, NotAllowed
from dalil.people.actor import LOCAL, Role, Status
from dalil.schema.results import TextGroup
from dalil.schema.words import ClaimType, MakerClass


def group(key, posts=3, accounts=2, sample="الرتل الرمادي يسيطر على الجسر", first=0):
    ids = tuple(f"{first + n:064x}" for n in range(posts))
    return TextGroup(key, ids, tuple(f"x:{id_}" for id_ in ids), accounts, None, None, sample)


def words(**changes):
    values = {
        "sentence": "يقول الرتل الرمادي إنه يسيطر على جسر تل نهر",
        "sentence_lang": "ar",
        "claim_type": ClaimType.VICTORY,
        "maker_class": MakerClass.GROUP,
        "cells": [TELEGRAM],
    }
    return {**values, **changes}


def test_a_group_suggests_once_and_grows_until_it_is_decided(house, blue):
    from dalil.actions import claims
    from dalil.desk import queries

    ids = claims.propose_from_groups(LOCAL, [group("a"), group("one account", accounts=1, first=50)], **house.kw)
    assert len(ids) == 1
    assert claims.propose_from_groups(LOCAL, [group("a", posts=5, accounts=4)], **house.kw) == []
    row = queries.suggestions(blue)[0]
    assert (row.suggestion_id, row.posts, row.accounts, row.sentence_lang) == (ids[0], 5, 4, "ar")
    assert queries.board(blue, now=house.clock) == []
    assert queries.waiting_tasks(blue, now=house.clock) == []
    assert queries.timelines() == []


def test_accepting_makes_a_claim_in_a_person_s_words(house, blue):
    from dalil.actions import claims
    from dalil.desk import queries

    suggestion = claims.propose_from_groups(LOCAL, [group("a")], **house.kw)[0]
    claim_id = claims.accept_suggestion(blue, suggestion, **words(), **house.kw)
    page = queries.claim_page(blue, claim_id, now=house.clock)
    assert page.row.sentence == words()["sentence"]
    assert page.uncoded == group("a").observation_ids
    assert queries.suggestions(blue) == []
    with pytest.raises(Conflict):
        claims.accept_suggestion(blue, suggestion, **words(), **house.kw)
    assert claims.propose_from_groups(LOCAL, [group("a", posts=9)], **house.kw) == []


def test_what_is_in_claims_already_suggests_nothing(house, blue):
    from dalil.actions import claims

    house.claim(blue, observation_ids=group("a").observation_ids)
    assert claims.propose_from_groups(LOCAL, [group("a")], **house.kw) == []
    assert len(claims.propose_from_groups(LOCAL, [group("b", posts=5)], **house.kw)) == 1


def test_dismissing(house, blue):
    from dalil.actions import claims
    from dalil.desk import queries

    suggestion = claims.propose_from_groups(LOCAL, [group("a")], languages={"a": "en"}, **house.kw)[0]
    assert queries.suggestions(blue)[0].sentence_lang == "en"
    newcomer = house.member("blue", Role.SPOTTER, Status.PROBATION)
    for actor in (LOCAL, newcomer):
        with pytest.raises(NotAllowed):
            claims.dismiss_suggestion(actor, suggestion, **house.kw)
    claims.dismiss_suggestion(blue, suggestion, **house.kw)
    assert queries.suggestions(blue) == []
    for id_ in (suggestion, "0" * 32):
        with pytest.raises((Conflict, NotAllowed)):
            claims.dismiss_suggestion(blue, id_, **house.kw)


def test_a_claim_like_it_is_shown_before_another_is_logged(house, blue):
    from dalil.desk import queries

    said = "The Grey Column says it holds the bridge at Tel Nahr."
    bridge = house.claim(blue, sentence=said)
    arabic = house.claim(blue, sentence="يقول الرتل الرمادي إنه يسيطر على جسر تل نهر", sentence_lang="ar")
    house.claim(blue, sentence="A page says the market of Qasr Adlan burnt down.")

    def like(text):
        return [row.claim_id for row in queries.similar(blue, text, now=house.clock)]

    assert like("the grey column holds the BRIDGE at tel nahr") == [bridge]
    assert like("الرتلُ الرماديّ يسيطر على جسر تل نهر") == [arabic]
    assert like("The hospital is open.") == []
    assert like("!!") == like("") == []
