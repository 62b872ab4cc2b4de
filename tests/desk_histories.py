"""Histories of a claim, honest and hostile, for the property tests of the fold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from dalil.desk import ballots, events
from dalil.desk.ballots import Secret
from dalil.desk.folding import Entry
from dalil.schema.words import ClaimType, ClaimVerdict, Confidence, MakerClass, MediaFindingKind

NOW = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)
CLAIM = "c" * 32
CIRCLES = ["b" * 32, "d" * 32, "e" * 32, "f" * 32]
LOGGED = events.ClaimLogged(
    sentence="The Grey Column says it holds the bridge.",
    sentence_lang="en",
    claim_type=ClaimType.VICTORY,
    maker_class=MakerClass.GROUP,
)


def entry(n: int, body: events.AnyBody, *, circle: str = CIRCLES[0], clock: int = 1, minute: int = 0) -> Entry:
    """Event number `n`."""
    event_id = CLAIM if isinstance(body, events.ClaimLogged) else f"{n:032x}"
    at = NOW + timedelta(minutes=minute)
    return Entry(event_id, circle, (clock, at, event_id), at, body)


def secret_of(n: int, vote: ClaimVerdict) -> Secret:
    return Secret(vote, "as found", n.to_bytes(32, "big"))


def seal_entry(n: int, vote: ClaimVerdict, *, circle: str, member: str | None = None, round_: int = 1, **when) -> Entry:
    """A sealed vote as event number `n`."""
    member = member or circle[::-1]
    bound = ballots.commitment(secret_of(n, vote), claim_id=CLAIM, round_=round_, circle=circle, member=member)
    return entry(n, events.VoteSealed(round=round_, member=member, commitment=bound), circle=circle, **when)


def reveal_entry(n: int, sealed: int, vote: ClaimVerdict, *, circle: str, round_: int = 1, **when) -> Entry:
    """What was sealed as event number `sealed`, told (or, with another vote or circle, not)."""
    body = events.VoteRevealed(
        round=round_,
        sealed=f"{sealed:032x}",
        vote=vote,
        reason="as found",
        nonce=secret_of(sealed, vote).nonce.hex(),
    )
    return entry(n, body, circle=circle, **when)


@st.composite
def histories(draw, *, logged: bool = True):
    """Any events of one claim: valid and invalid, in any clock order, votes with and without reveals."""
    when = {"clock": st.integers(1, 6), "minute": st.integers(0, 9)}
    found = [entry(0, LOGGED, clock=draw(when["clock"]))] if logged else []
    for n in range(1, draw(st.integers(0, 14)) + 1):
        place = {"clock": draw(when["clock"]), "minute": draw(when["minute"])}
        circle, round_ = draw(st.sampled_from(CIRCLES)), draw(st.integers(1, 2))
        vote = draw(st.sampled_from(ClaimVerdict))
        number = 100 + n
        match draw(st.integers(0, 11)):
            case 0:
                found.append(entry(number, events.ClaimTaken(round=round_, holder="9" * 32), circle=circle, **place))
            case 1:
                body = events.ClaimHandedOver(round=round_, to_circle=draw(st.sampled_from([None, *CIRCLES])))
                found.append(entry(number, body, circle=circle, **place))
            case 2:
                check = events.CheckAdded(
                    round=round_,
                    check_id=draw(st.sampled_from(["1" * 32, "2" * 32])),
                    question="Is it today?",
                    method="look",
                    finding="No.",
                    confidence=draw(st.sampled_from(Confidence)),
                )
                found.append(entry(number, check, circle=circle, **place))
            case 3:
                media = events.MediaFound(
                    round=round_, sha256="a" * 64, finding=draw(st.sampled_from(MediaFindingKind))
                )
                found.append(entry(number, media, circle=circle, **place))
            case 4:
                body = events.ClaimReopened(round=2, cause="decision", reason="again")
                found.append(entry(number, body, circle=circle, **place))
            case 5:
                answer = events.AnswerDrafted(
                    answer_id=draw(st.sampled_from(["1" * 32, "2" * 32])),
                    round=round_,
                    verdict=vote,
                    text="It is another bridge.",
                    language="ar",
                    platform="telegram",
                )
                found.append(entry(number, answer, circle=circle, **place))
            case 6:
                posted = events.AnswerPosted(
                    answer_id=draw(st.sampled_from(["1" * 32, "2" * 32])), url="https://example.org/1", posted_at=NOW
                )
                found.append(entry(number, posted, circle=circle, **place))
            case 7:
                silence = events.SilenceKept(reason="small", reach=5, review_at=NOW + timedelta(hours=3))
                found.append(entry(number, silence, circle=circle, **place))
            case _:
                member = draw(st.sampled_from([None, "7" * 32]))
                found.append(seal_entry(number, vote, circle=circle, member=member, round_=round_, **place))
                if draw(st.integers(0, 4)):
                    teller = draw(st.sampled_from([circle, circle, circle, CIRCLES[0]]))
                    told = draw(st.sampled_from([vote, vote, vote, ClaimVerdict.TRUE]))
                    found.append(reveal_entry(300 + n, number, told, circle=teller, round_=round_, **place))
    return found
