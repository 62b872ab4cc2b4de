"""The formats of X and TikTok pass the suite that we ask of others."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import sources_files
import sources_x_files as x

from dalil.sources.formats.clemson_csv.importer import ClemsonCsv
from dalil.sources.formats.gazouilloire_csv.importer import GazouilloireCsv
from dalil.sources.formats.tiktok_zeeschuimer.importer import TikTokZeeschuimer
from dalil.sources.formats.x_api_v1.importer import XApiV1
from dalil.sources.formats.x_archive.importer import XArchive
from dalil.sources.formats.x_io_csv.importer import XIoCsv
from dalil.sources.formats.x_zeeschuimer.importer import XZeeschuimer
from dalil.testing.importers import ImporterContract

HIDDEN = (b"hidden_one", b"9007001", b"Name of hidden", b"16000000000000", b"tco_secret")
COLLECTOR = (b"secretquery", b"secretdevice", b"Secretzone", b"Secretbrowser", b"secretos", b"1778513900123")
WORDS = "hello @hidden_one, see https://t.co/tco_secret and https://x.com/hidden_one/status/1600000000000009"
OWN = "https://x.com/hidden_one/status/1600000000000001/photo/1"


def entities() -> dict[str, object]:
    return {
        "user_mentions": [x.mention(WORDS, "hidden_one", 9007001)],
        "urls": [x.link(WORDS, "https://t.co/tco_secret", OWN)],
        "media": [x.photo(1600000000000005, "hidden_one", "https://t.co/tco_secret")],
    }


class TestXApiV1(ImporterContract):
    importer = XApiV1()
    public = (x.NEWS,)
    secrets = (*HIDDEN, b"43.131415")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        hidden, news = x.user(9007001, "hidden_one"), x.user(55, "SahlaraToday")
        own = x.status(1600000000000001, hidden, WORDS, entities=entities(), extended_entities=entities())
        quoting = x.status(
            1700000000000001, news, "see this", quoted_status_id_str="1600000000000001", quoted_status=own
        )
        again = x.status(1700000000000002, news, "RT @hidden_one: hello", retweeted_status=own)
        answer = x.status(1700000000000003, news, "no", in_reply_to_status_id_str="1600000000000001", in_reply_to_user_id_str="9007001", in_reply_to_screen_name="hidden_one")  # fmt: skip
        events = [
            {"delete": {"status": {"id": 1600000000000001, "id_str": "1600000000000001", "user_id_str": "9007001"}}},
            {"status_withheld": {"id": 1600000000000001, "user_id": 9007001, "withheld_in_countries": ["XS"]}},
        ]
        return [
            sources_files.write_json(folder / "search.json", {"statuses": [own, quoting], "search_metadata": {}}),
            x.lines(folder / "stream.jsonl", [own, again, answer, *events]),
            x.lines(folder / "events.jsonl", events),
            sources_files.write_json(folder / "users.json", [hidden, news]),
        ]

    def write_large(self, folder: Path, copies: int) -> Path:
        rows = (x.status(n, x.user(n, f"user{n}"), f"post {n} @user{n}") for n in range(1, copies + 1))
        return x.lines(folder / "large.jsonl", rows)


class TestXArchive(ImporterContract):
    importer = XArchive()
    secrets = (*HIDDEN, b"Ownersecret", b"ownersecret")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        tweets = [
            x.archived(1600000000000001, WORDS, entities=entities(), extended_entities=entities()),
            x.archived(1600000000000002, "RT @hidden_one: words of another"),
            x.archived(1600000000000003, "@hidden_one to myself", in_reply_to_status_id_str="1600000000000001", in_reply_to_user_id_str="9007001", in_reply_to_screen_name="hidden_one"),
        ]  # fmt: skip
        return [
            x.archive(folder, tweets, owner=(9007001, "hidden_one")),
            x.archive(folder, tweets, owner=None, name="tweet"),
        ]

    def write_large(self, folder: Path, copies: int) -> Path:
        return x.archive(folder, (x.archived(n, f"post {n} @user{n}") for n in range(1, copies + 1)))


class TestXZeeschuimer(ImporterContract):
    importer = XZeeschuimer()
    public = (x.NEWS,)
    secrets = (*HIDDEN, *COLLECTOR, b"43.131415")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        hidden, news = x.user(9007001, "hidden_one"), x.user(55, "SahlaraToday")
        own = x.graphql(1600000000000001, hidden, WORDS, entities=entities(), extended_entities=entities())
        wrapped = {"result": {"__typename": "TweetWithVisibilityResults", "tweet": own}}
        quoting = x.graphql(1700000000000001, news, "see", quoted_status_id_str="1600000000000001", quoted_status_result=wrapped)  # fmt: skip
        again = x.graphql(1700000000000002, news, "RT @hidden_one: hello", retweeted_status_result=wrapped)
        lost = {"result": {"__typename": "TweetTombstone", "tombstone": {"text": {"text": "This Post was deleted."}}}}
        quoting_lost = x.graphql(1700000000000003, news, "see", quoted_status_id_str="1600000000000007", quoted_status_result=lost)  # fmt: skip
        values = [own, quoting, again, quoting_lost, wrapped["result"]]
        return [x.lines(folder / "x.ndjson", [x.envelope(value, "twitter.com") for value in values])]

    def write_large(self, folder: Path, copies: int) -> Path:
        rows = (x.graphql(n, x.user(n, f"user{n}"), f"post {n} @user{n}") for n in range(1, copies + 1))
        return x.lines(folder / "large.ndjson", (x.envelope(row, "twitter.com") for row in rows))


class TestTikTokZeeschuimer(ImporterContract):
    importer = TikTokZeeschuimer()
    public = (x.CLIP_NEWS,)
    secrets = (*COLLECTOR, b"hidden.one", b"9007001", b"Name of hidden", b"70000000000009", b"secretsecuid", b"secretsigned", b"original sound")  # fmt: skip

    def write_samples(self, folder: Path) -> Sequence[Path]:
        text = "hello @hidden.one #telnahr see https://www.tiktok.com/@hidden.one/video/70000000000009"
        extra = [
            {"start": 6, "end": 17, "userId": "9007001", "userUniqueId": "hidden.one"},
            {"start": 18, "end": 26, "hashtagName": "telnahr"},
        ]
        hidden, news = x.clip_author(9007001, "hidden.one"), x.clip_author(655, "sahlara.today")
        values = [
            x.tiktok(70000000000009, hidden, text, textExtra=extra),
            x.tiktok(70000000000010, news, text, textExtra=extra, duetInfo={"duetFromId": "70000000000009"}),
            x.tiktok(70000000000011, "hidden.one", "from the page", nickname="Name of hidden.one", authorId="9007001"),
            x.tiktok(70000000000012, "hidden.one", "no id", nickname="Name of hidden.one"),
        ]
        return [x.lines(folder / "clips.ndjson", [x.envelope(value, "tiktok.com") for value in values])]

    def write_large(self, folder: Path, copies: int) -> Path:
        rows = (x.tiktok(n, x.clip_author(n, f"user{n}"), f"clip {n} @user{n}") for n in range(1, copies + 1))
        return x.lines(folder / "large.ndjson", (x.envelope(row, "tiktok.com") for row in rows))


class TestXIoCsv(ImporterContract):
    importer = XIoCsv()
    secrets = (*HIDDEN, b"Secretville", b"kHashOfX")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        rows = [
            x.io_row(1600000000000001, 9007001, WORDS, urls=f"['{OWN}']", user_mentions="['9007001']"),
            x.io_row(1600000000000002, "kHashOfX+/=", "RT @hidden_one: hello", is_retweet="True", retweet_userid="9007001", retweet_tweetid="1600000000000001"),
            x.io_row(1600000000000003, 9007001, "no", in_reply_to_tweetid="1600000000000001", in_reply_to_userid="9007001", quoted_tweet_tweetid="1600000000000002"),
        ]  # fmt: skip
        return [x.table(folder / "io.csv", rows)]

    def write_large(self, folder: Path, copies: int) -> Path:
        return x.table(folder / "large.csv", [x.io_row(n, n, f"post {n}") for n in range(1, copies + 1)])


class TestClemsonCsv(ImporterContract):
    importer = ClemsonCsv()
    secrets = (b"hidden_one", b"905874659358453760", b"906000000000000000", b"914580356430536707", b"Secretregion", b"RightTroll")  # fmt: skip

    def write_samples(self, folder: Path) -> Sequence[Path]:
        rows = [
            x.clemson_row(914580356430536707, "a \\| b @hidden_one https://t.co/abc"),
            x.clemson_row(914621840496189440, "words of another", retweet="1", post_type="RETWEET"),
        ]
        return [x.table(folder / "IRAhandle_tweets_1.csv", rows)]

    def write_large(self, folder: Path, copies: int) -> Path:
        return x.table(folder / "large.csv", [x.clemson_row(n, f"post {n}") for n in range(1, copies + 1)])


class TestGazouilloireCsv(ImporterContract):
    importer = GazouilloireCsv()
    public = (x.NEWS,)
    secrets = (*HIDDEN, b"Secretville", b"18:34:16", b"19:00:00")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        text = WORDS.replace("https://t.co/tco_secret", OWN)
        rows = [
            x.gazouilloire_row(1600000000000001, 9007001, "hidden_one", text, links=OWN, mentioned_names="hidden_one", mentioned_ids="9007001", media_urls="https://pbs.twimg.com/media/tco_secret.jpg", media_types="photo", media_alt_texts="by @hidden_one"),
            x.gazouilloire_row(1700000000000001, 55, "SahlaraToday", "RT @hidden_one: hello", retweeted_id="1600000000000001", retweeted_user="hidden_one", retweeted_user_id="9007001"),
            x.gazouilloire_row(1700000000000002, 55, "SahlaraToday", "see", quoted_id="1600000000000001", quoted_user="hidden_one", quoted_user_id="9007001"),
        ]  # fmt: skip
        documents = [{"_index": "i", "_id": row["id"], "_source": row | {"match_query": True}} for row in rows]
        users = {"id": "9007001", "screen_name": "hidden_one", "name": "Name of hidden_one", "timestamp_utc": "1"}
        return [
            x.table(folder / "tweets.csv", rows),
            x.lines(folder / "dump.jsonl", documents),
            x.table(folder / "users.csv", [users | {"followers": "12345", "friends": "7", "location": "Secretville"}]),
        ]

    def write_large(self, folder: Path, copies: int) -> Path:
        rows = [x.gazouilloire_row(n, n, f"user{n}", f"post {n}") for n in range(1, copies + 1)]
        return x.table(folder / "large.csv", rows)


def test_the_samples_of_the_archive_hold_what_must_not_come_out(tmp_path: Path) -> None:
    """The secrets are there to be found: a search for what is not in the file would prove nothing."""
    for path in TestXArchive().write_samples(tmp_path):
        assert "hidden_one" in path.read_text()
    assert "Ownersecret" in json.dumps((tmp_path / "account.js").read_text())
