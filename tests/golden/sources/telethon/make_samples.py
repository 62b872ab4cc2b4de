"""Writes the samples beside it with Telethon's own types and its own `to_json`; Telethon is not needed to run the tests.

Everything said in them is invented. `messages.oracle.json` holds what Telethon itself finds in the texts.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from telethon.helpers import add_surrogate, del_surrogate
from telethon.tl import types as t

HERE = Path(__file__).resolve().parent
AT = datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)
NEWS, SQUARE, CLOSED, OTHER = 1494031694, 1600000001, 1700000002, 1800000003
SECRET_USER, SECRET_HASH = 9007001, 7447447447447447447


def message(number, text="", entities=(), *, channel=NEWS, **more):
    """One post of a channel, unless `post` says otherwise."""
    more = {"post": True, "views": 100 + number, "forwards": number % 3} | more
    units = add_surrogate(text)
    made = []
    for kind, part, rest in entities:
        offset = units.index(add_surrogate(part))
        made.append(kind(offset, len(add_surrogate(part)), *rest))
    peer = t.PeerChannel(channel)
    return t.Message(
        id=number, peer_id=peer, date=AT + timedelta(minutes=number), message=text, entities=made or None, **more
    )


def photo(number):
    return t.MessageMediaPhoto(
        photo=t.Photo(
            id=5_000_000_000_000_000_000 + number,
            access_hash=SECRET_HASH,
            file_reference=b"secret-reference",
            date=AT,
            sizes=[
                t.PhotoStrippedSize("i", b"thumb"),
                t.PhotoSize("m", 320, 213, 15_000),
                t.PhotoSizeProgressive("y", 1280, 853, [10_000, 50_000]),
            ],
            dc_id=2,
        )
    )


def video():
    attributes = [
        t.DocumentAttributeVideo(duration=12.5, w=640, h=360, supports_streaming=True),
        t.DocumentAttributeFilename("hidden person.mp4"),
    ]
    return t.MessageMediaDocument(
        document=t.Document(
            id=6_000_000_000_000_000_001,
            access_hash=SECRET_HASH,
            file_reference=b"secret-reference",
            date=AT,
            mime_type="video/mp4",
            size=1_000_000,
            dc_id=2,
            attributes=attributes,
        )
    )


def samples():
    user = t.PeerUser(SECRET_USER)
    reactions = t.MessageReactions(
        results=[
            t.ReactionCount(reaction=t.ReactionEmoji("👍"), count=3),
            t.ReactionCount(reaction=t.ReactionCustomEmoji(document_id=SECRET_HASH), count=2),
            t.ReactionCount(reaction=t.ReactionPaid(), count=1),
        ],
        recent_reactions=[t.MessagePeerReaction(peer_id=user, date=AT, reaction=t.ReactionEmoji("👍"))],
    )
    replies = t.MessageReplies(replies=4, replies_pts=9, comments=True, recent_repliers=[user], channel_id=SQUARE)
    forward = {"date": AT, "from_id": t.PeerChannel(OTHER), "channel_post": 77, "post_author": "hidden person"}
    text = "😀 الجسر قائم #جسر see https://news.example/a by @hidden_one and hidden person, 👨‍👩‍👧 loud"
    entities = [
        (t.MessageEntityHashtag, "#جسر", ()),
        (t.MessageEntityUrl, "https://news.example/a", ()),
        (t.MessageEntityMention, "@hidden_one", ()),
        (t.MessageEntityMentionName, "hidden person", (SECRET_USER,)),
        (t.MessageEntityCustomEmoji, "👨‍👩‍👧", (SECRET_HASH,)),
        (t.MessageEntityBold, "loud", ()),
    ]
    yield message(1, text, entities, reactions=reactions, replies=replies)
    yield message(2, "edited words", edit_date=AT + timedelta(hours=1))
    yield message(3, "words with new reactions", edit_date=AT + timedelta(hours=1), edit_hide=True)
    yield message(4, "forwarded words", fwd_from=t.MessageFwdHeader(**forward))
    yield message(5, "from a person", fwd_from=t.MessageFwdHeader(date=AT, from_name="hidden person"))
    for number in (8, 7, 6):
        yield message(
            number, "the album" if number == 6 else "", media=photo(number), grouped_id=13_876_543_210_987_654
        )
    yield message(9, "a clip", media=video())
    yield message(10, "an answer", reply_to=t.MessageReplyHeader(reply_to_msg_id=1))
    link = [(t.MessageEntityTextUrl, "this", ("https://t.me/hidden_one/5",))]
    page = t.WebPage(id=1, url="https://news.example/b", display_url="news.example/b", hash=0)
    yield message(11, "read this", link, media=t.MessageMediaWebPage(webpage=page))
    yield message(
        12,
        media=t.MessageMediaPoll(
            poll=t.Poll(
                id=1,
                hash=0,
                question=t.TextWithEntities("Who holds it? @hidden_one", []),
                answers=[t.PollAnswer(t.TextWithEntities("nobody", []), b"0")],
            ),
            results=t.PollResults(results=[t.PollAnswerVoters(b"0", voters=8)], total_voters=8, recent_voters=[user]),
        ),
    )
    place = t.GeoPoint(long=43.123456, lat=36.123456, access_hash=SECRET_HASH)
    yield message(13, "here", media=t.MessageMediaGeo(geo=place))
    yield t.MessageService(
        id=14, peer_id=t.PeerChannel(NEWS), date=AT, action=t.MessageActionPinMessage(), from_id=user
    )
    yield message(15, "a member speaks", channel=SQUARE, post=False, from_id=user)
    topic = t.MessageReplyHeader(reply_to_msg_id=15, reply_to_top_id=2, forum_topic=True)
    yield message(16, "an answer in a topic", channel=SQUARE, post=False, from_id=user, reply_to=topic)
    yield message(17, "of a closed group", channel=CLOSED, post=False, from_id=user)
    yield t.Message(id=18, peer_id=user, date=AT, message="private words")
    yield t.Message(id=19, peer_id=t.PeerChat(55), date=AT, message="private words", from_id=user)
    yield t.MessageEmpty(id=20, peer_id=t.PeerChannel(NEWS))
    yield message(21, "of a channel that nothing is said of", channel=OTHER)


def channel(number, title, **more):
    given = {"photo": t.ChatPhotoEmpty(), "date": AT, "access_hash": SECRET_HASH}
    return t.Channel(id=number, title=title, **given | more)


def chats():
    yield channel(NEWS, "Sahlara News", username="sahlara_news", broadcast=True, verified=True, participants_count=4200)
    names = [t.Username("sahlara_square", active=True)]
    yield channel(SQUARE, "The square", usernames=names, megagroup=True)
    yield channel(CLOSED, "A closed group", megagroup=True)
    yield t.User(id=SECRET_USER, first_name="hidden person", username="hidden_one", phone="964 700")


def oracle(one):
    if not isinstance(one, t.Message) or not one.entities:
        return None
    units = add_surrogate(one.message)
    return [
        [type(entity).__name__, del_surrogate(units[entity.offset : entity.offset + entity.length])]
        for entity in one.entities
    ]


def main():
    made = list(samples())
    objects = [json.loads(one.to_json(ensure_ascii=False)) for one in made]
    accounts = [json.loads(one.to_json(ensure_ascii=False)) for one in chats()]
    (HERE / "messages.json").write_text(json.dumps([*accounts, *objects], ensure_ascii=False, indent=1) + "\n")
    lines = [json.dumps(one, ensure_ascii=False) + "\n" for one in [*objects, *accounts]]
    (HERE / "messages.jsonl").write_text("".join(lines))
    answer = {"_": "ChannelMessages", "pts": 1, "count": len(objects), "messages": objects, "topics": []}
    answer |= {"chats": accounts[:3], "users": accounts[3:], "inexact": False}
    (HERE / "answer.json").write_text(json.dumps(answer, ensure_ascii=False) + "\n")
    found = {str(one.id): oracle(one) for one in made if oracle(one)}
    (HERE / "messages.oracle.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
