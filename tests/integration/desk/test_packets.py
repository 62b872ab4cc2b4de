"""Packets at the door of one workspace: all of it, or nothing at all."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pyrage
import pytest
from desk_house import FACEBOOK

from dalil.desk import events, signing
from dalil.errors import Conflict, DalilError, InputError, LimitReached, NotAllowed
from dalil.exchange import packets
from dalil.people.actor import LOCAL, Role
from dalil.schema.words import ClaimType, ClaimVerdict, MakerClass, MediaFindingKind

FAR = bytes(range(32))
"""The signing key of a circle in another workspace."""


def counts():
    from dalil.audit.models import Entry
    from dalil.desk import models

    tables = (models.DeskEvent, models.Claim, models.Packet, models.SealedVote, models.Verdict, Entry)
    return [table.objects.count() for table in tables]


def entrust(house, actor, colour="amber", private=FAR):
    from dalil.actions import packets as acts

    recipient = str(pyrage.x25519.Identity.generate().to_public())
    public = signing.public_of(private).hex()
    return acts.trust_circle(actor, colour=colour, sign_public=public, seal_recipient=recipient, **house.kw)


class Far:
    """What the other circle makes: events and packets of its own."""

    def __init__(self, house):
        self.house, self.made = house, 0

    def event(self, body, *, subject="c" * 32, clock=None, private=FAR):
        self.made += 1
        event_id = subject if isinstance(body, events.ClaimLogged) else f"{self.made:032x}"
        return signing.make(
            body,
            event_id=event_id,
            subject=subject,
            clock=clock or self.made,
            made_at=self.house.clock,
            private=private,
        )

    def claim(self, subject="c" * 32):
        return self.event(
            events.ClaimLogged(
                sentence="The Grey Column says it holds Qasr Adlan.",
                sentence_lang="en",
                claim_type=ClaimType.VICTORY,
                maker_class=MakerClass.GROUP,
                cells=(FACEBOOK,),
                t0=self.house.clock - timedelta(hours=3),
            ),
            subject=subject,
        )

    def packet(self, *carried, packet_id="a" * 32):
        return packets.encode(carried, packet_id=packet_id, made_at=self.house.clock, private=FAR)


@pytest.fixture
def far(house, blue):
    entrust(house, blue)
    return Far(house)


def refused(house, actor, data, code):
    from dalil.actions import packets as acts

    before = counts()
    with pytest.raises(DalilError) as caught:
        acts.import_packet(actor, data, **house.kw)
    assert caught.value.code == code
    assert counts() == before


def test_a_claim_comes_in_and_is_shown_under_the_colour_it_has_here(house, blue, far):
    from dalil.actions import packets as acts
    from dalil.desk import queries

    house.claim(blue)
    sent_at = house.clock
    result = acts.import_packet(blue, far.packet(far.claim()), **house.kw)
    assert (result.circle, result.new, result.claims, result.settled) == ("amber", 1, ("c" * 32,), ())
    page = queries.claim_page(blue, "c" * 32, now=house.clock)
    assert (page.row.number, page.row.cells, page.history[0].circle) == (2, (FACEBOOK,), "amber")
    assert page.row.t0 == sent_at - timedelta(hours=3)


def test_the_same_packet_again_and_the_same_events_in_another(house, blue, far):
    from dalil.actions import packets as acts

    claim = far.claim()
    acts.import_packet(blue, far.packet(claim), **house.kw)
    refused(house, blue, far.packet(claim), "packet-replayed")
    result = acts.import_packet(blue, far.packet(claim, packet_id="b" * 32), **house.kw)
    assert (result.new, result.events, result.claims) == (0, 1, ())


def test_packets_that_come_in_the_wrong_order_still_add_up(house, blue, far):
    from dalil.actions import packets as acts
    from dalil.desk import queries

    claim, taken = far.claim(), far.event(events.ClaimTaken(round=1, holder="b" * 32))
    acts.import_packet(blue, far.packet(taken), **house.kw)
    assert queries.board(blue, now=house.clock) == []
    acts.import_packet(blue, far.packet(claim, packet_id="b" * 32), **house.kw)
    row = queries.board(blue, now=house.clock)[0]
    assert (row.state, row.held_by, row.holder) == ("taken", "amber", None)


def test_refusals_change_nothing(house, blue, far):
    good = far.packet(far.claim())
    refused(house, blue, good[:-1], "packet-truncated")
    refused(house, blue, good[:20], "packet-truncated")
    refused(house, blue, b"something else", "packet-unknown")
    refused(house, blue, good[:-1] + bytes([good[-1] ^ 1]), "packet-forged")
    refused(house, blue, good[:60] + bytes([good[60] ^ 1]) + good[61:], "packet-forged")
    refused(house, blue, good + b"\x00" * packets.MAX_BYTES, "packet-too-large")
    stranger = packets.encode([far.claim()], packet_id="d" * 32, made_at=house.clock, private=b"\x07" * 32)
    refused(house, blue, stranger, "packet-unknown-circle")
    house.clock += timedelta(days=31)
    refused(house, blue, good, "packet-stale")
    house.clock -= timedelta(days=40)
    refused(house, blue, good, "packet-from-future")


def test_a_lie_about_a_vote_whose_seal_came_before_is_refused_whole(house, blue, far):
    from dalil.actions import packets as acts
    from dalil.desk import ballots

    secret = ballots.Secret(ClaimVerdict.FALSE, "as found", b"n" * 32)
    circle = signing.fingerprint(signing.public_of(FAR))
    bound = ballots.commitment(secret, claim_id="c" * 32, round_=1, circle=circle, member="a" * 32)
    seal = far.event(events.VoteSealed(round=1, member="a" * 32, commitment=bound))
    acts.import_packet(blue, far.packet(far.claim(), seal), **house.kw)
    lie = events.VoteRevealed(
        round=1, sealed=seal.event_id, vote=ClaimVerdict.TRUE, reason="as found", nonce=secret.nonce.hex()
    )
    refused(house, blue, far.packet(far.event(lie), packet_id="b" * 32), "packet-vote-false")


def test_an_event_that_is_held_with_other_content_is_refused_whole(house, blue, far):
    from dalil.actions import packets as acts

    acts.import_packet(blue, far.packet(far.claim()), **house.kw)
    other = msgspec.structs.replace(far.claim(), clock=99)
    other = msgspec.structs.replace(other, signature=signing.sign_bytes(FAR, signing._message(other)))
    new = far.claim("d" * 32)
    refused(house, blue, far.packet(other, new, packet_id="b" * 32), "event-conflict")


def test_a_packet_tells_what_is_bound_here_and_settles(house, blue, far):
    from dalil.actions import packets as acts
    from dalil.actions import verdicts
    from dalil.desk import ballots, queries

    claim_id = house.claim(blue)
    house.checked(blue, claim_id)
    verdicts.vote(blue, claim_id, vote=ClaimVerdict.FALSE, reason="as found", **house.kw)
    sent = packets.read(
        acts.export_packet(blue, [claim_id], **house.kw),
        known={signing.fingerprint(signing.public_of(key)): signing.public_of(key) for key in house.ring_sign(blue)},
        now=house.clock,
    )
    assert not any(b"as found" in event.body for event in sent.events)
    secret = ballots.Secret(ClaimVerdict.FALSE, "far too", b"n" * 32)
    circle = signing.fingerprint(signing.public_of(FAR))
    bound = ballots.commitment(secret, claim_id=claim_id, round_=1, circle=circle, member="a" * 32)
    seal = far.event(events.VoteSealed(round=1, member="a" * 32, commitment=bound), subject=claim_id, clock=50)
    result = acts.import_packet(blue, far.packet(seal), **house.kw)
    assert result.settled == ()
    page = queries.claim_page(blue, claim_id, now=house.clock)
    assert [vote.vote for vote in page.votes] == [ClaimVerdict.FALSE, None]
    told = events.VoteRevealed(
        round=1, sealed=seal.event_id, vote=secret.vote, reason=secret.reason, nonce=secret.nonce.hex()
    )
    result = acts.import_packet(blue, far.packet(far.event(told, subject=claim_id), packet_id="b" * 32), **house.kw)
    assert result.settled == (claim_id,)
    assert queries.claim_page(blue, claim_id, now=house.clock).row.verdict is ClaimVerdict.FALSE


def test_no_person_source_post_or_address_is_in_a_packet(house, blue, green):
    from dalil.actions import answers, claims
    from dalil.actions import packets as acts

    post = house.report("telegram:source_of_ours", house.clock)
    claim_id = house.settled(blue, green, reports=[post], observation_ids=["0f" * 32])
    evidence = ["cd" * 32, "https://example.org/where-we-looked", post.observation_id[:40]]
    answers.draft(blue, claim_id, text="No.", language="ar", platform="telegram", **house.kw)
    second = house.claim(blue)
    house.checked(blue, second, evidence=evidence)
    claims.take(blue, second, **house.kw)
    claims.record_media_finding(blue, second, sha256="ab" * 32, finding=MediaFindingKind.RECYCLED, **house.kw)
    data = acts.export_packet(blue, [claim_id, second], **house.kw)
    hidden = [
        post.source_uid,
        post.observation_id,
        post.observation_id[:40],
        "0f" * 32,
        "where-we-looked",
        blue.pseudonym,
        green.pseudonym,
        blue.member_id,
        green.member_id,
        blue.circle_id,
        green.circle_id,
        *(key.decode() for name, key in house.ring.items() if name.endswith(".seal")),
    ]
    assert [text for text in hidden if text.encode() in data] == []
    assert not any(key in data for name, key in house.ring.items() if name.endswith(".sign"))
    assert b"cd" * 32 in data
    assert b"ab" * 32 in data


def test_who_may_pack_and_what_there_is_to_pack(house, blue, far, monkeypatch):
    from dalil.actions import packets as acts

    claim_id = house.claim(blue)
    for ids in ([], ["0" * 32], [claim_id, "0" * 32]):
        with pytest.raises(NotAllowed):
            acts.export_packet(blue, ids, **house.kw)
    for actor in (LOCAL, house.member("blue", Role.CHECKER)):
        with pytest.raises(NotAllowed):
            acts.export_packet(actor, [claim_id], **house.kw)
        with pytest.raises(NotAllowed):
            acts.import_packet(actor, far.packet(far.claim()), **house.kw)
    monkeypatch.setattr(packets, "MAX_BYTES", 100)
    with pytest.raises(LimitReached):
        acts.export_packet(blue, [claim_id], **house.kw)


def test_whom_we_trust(house, blue, far):
    from dalil.people import queries as people

    assert {row.colour: row.home for row in people.circles()} == {"blue": True, "amber": False}
    with pytest.raises(Conflict):
        entrust(house, blue, colour="white")
    with pytest.raises(Conflict):
        entrust(house, blue, private=b"\x08" * 32)
    with pytest.raises(NotAllowed):
        entrust(house, house.member("blue", Role.EDITOR), colour="white", private=b"\x08" * 32)
    from dalil.actions import packets as acts

    good = {
        "colour": "white",
        "sign_public": "ab" * 32,
        "seal_recipient": str(pyrage.x25519.Identity.generate().to_public()),
    }
    for change in ({"sign_public": "ab"}, {"seal_recipient": "age1nothing"}, {"colour": "Tel Nahr"}):
        with pytest.raises(InputError):
            acts.trust_circle(blue, **{**good, **change}, **house.kw)
