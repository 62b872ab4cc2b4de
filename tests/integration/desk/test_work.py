"""A claim's way from logged to answered, with what stands in its way."""

from __future__ import annotations

from dalil.schema.words import ClaimVerdict


def test_a_claim_is_logged_checked_voted_and_answered(house, blue, green):
    from dalil.actions import answers
    from dalil.desk import queries

    claim_id = house.settled(blue, green)
    answer = answers.draft(
        blue, claim_id, text="The bridge is another one.", language="ar", platform="telegram", **house.kw
    )
    answers.record_posted(blue, claim_id, answer, url="https://example.org/1", posted_at=house.clock, **house.kw)
    page = queries.claim_page(green, claim_id, now=house.clock)
    assert page.row.state == "settled"
    assert page.row.verdict is ClaimVerdict.FALSE
    assert page.row.next_step == "none"
