"""Every importer of ours passes the suite that we ask of others."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import sources_archived
import sources_files

from dalil.schema.chunks import PublicAccount
from dalil.sources.formats.auto_archiver.importer import AutoArchiver
from dalil.sources.formats.crowdtangle_csv.importer import CrowdTangleCsv
from dalil.sources.formats.facebook_download.importer import FacebookDownload
from dalil.sources.formats.hand_capture import writing
from dalil.sources.formats.hand_capture.importer import HandCapture
from dalil.sources.formats.meta_content_library_csv.importer import MetaContentLibraryCsv
from dalil.sources.formats.telegram_desktop.importer import TelegramDesktop
from dalil.sources.formats.telethon.importer import Telethon
from dalil.sources.formats.tgdataset.importer import TgDataset
from dalil.sources.formats.x_api_v2.importer import XApiV2
from dalil.testing.importers import ImporterContract

SEEN = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)


class TestAutoArchiver(ImporterContract):
    importer = AutoArchiver()
    public = (PublicAccount(platform="x", handle="SahlaraToday"),)
    secrets = (b"hidden_one", b"Hidden Person", b"1600112233445566", b"somebody", b"tmpdir")
    one_record_a_file = True

    def write_samples(self, folder: Path) -> Sequence[Path]:
        own = sources_archived.folder(folder / "own", sources_archived.PRIVATE, title="Hidden Person")
        return [own / "a9s8.json", sources_archived.folder(folder / "public") / "a9s8.json"]

    def write_large(self, folder: Path, copies: int) -> Path:
        """One file is one item, and held whole within the limit of a record: what can grow is its text."""
        text = " ".join(f"word{number}" for number in range(10 * copies))
        return sources_files.write_json(folder / "large.json", sources_archived.item(content=text))


class TestXApiV2(ImporterContract):
    importer = XApiV2()
    public = (PublicAccount(platform="x", handle="SahlaraToday"),)
    secrets = (b"hidden_one", b"9007001", b"Name of hidden", b"16000000000000", b"tco_secret", b"3_9007")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        text = "hello @hidden_one, see https://t.co/tco_secret"
        own = sources_files.x_tweet(
            1600000000000001,
            9007001,
            text,
            attachments={"media_keys": ["3_9007"]},
            entities={
                "mentions": [sources_files.x_mention(text, "hidden_one", 9007001)],
                "urls": [sources_files.x_link(text, "https://t.co/tco_secret", "https://x.com/hidden_one/status/1600000000000001/photo/1")],
            },
        )  # fmt: skip
        public = sources_files.x_tweet(1700000000000001, 55, "The bridge at Tel Nahr stands. @hidden_one")
        users = [sources_files.x_user(9007001, "hidden_one"), sources_files.x_user(55, "SahlaraToday")]
        response = sources_files.x_response([own, public], users, media=[{"media_key": "3_9007", "type": "photo"}])
        flat = own | {"author": users[0], "attachments": {"media_keys": ["3_9007"], "media": [{"media_key": "3_9007"}]}}
        return [
            sources_files.write_json(folder / "response.json", response),
            sources_files.write_lines(folder / "responses.jsonl", [response, response]),
            sources_files.write_lines(folder / "flat.jsonl", [flat]),
        ]

    def write_large(self, folder: Path, copies: int) -> Path:
        rows = (
            sources_files.x_response(
                [sources_files.x_tweet(n, n, f"post {n} @user{n}")], [sources_files.x_user(n, f"user{n}")]
            )
            for n in range(1, copies + 1)
        )
        return sources_files.write_lines(folder / "large.jsonl", rows)


class TestCrowdTangleCsv(ImporterContract):
    importer = CrowdTangleCsv()
    secrets = (b"hidden.person", b"100009999999", b"555000111")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        rows = [
            sources_files.ct_row(1, Message="see https://www.facebook.com/hidden.person/posts/555000111 and @hidden.person"),
            sources_files.ct_row(2, Link="https://facebook.com/profile.php?id=100009999999", Message="two\nlines, \"quoted\""),
        ]  # fmt: skip
        group = [
            sources_files.ct_row(3, URL="https://www.facebook.com/groups/777/permalink/555000111")
            | {"Group Name": "A group", "Facebook Id": "777"}
        ]
        columns = ("Group Name", *sources_files.CT_COLUMNS[1:])
        return [
            sources_files.write_ct(folder / "pages.csv", rows),
            sources_files.write_ct(folder / "groups.csv", group, columns=columns),
        ]

    def write_large(self, folder: Path, copies: int) -> Path:
        return sources_files.write_ct(folder / "large.csv", (sources_files.ct_row(n) for n in range(copies)))


class TestFacebookDownload(ImporterContract):
    importer = FacebookDownload()
    secrets = (b"Hidden", b"hidden.person", b"9007001", b"203.0.113", b"36.12", b"secret_name")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        place = [{"data": [{"place": {"name": "Hidden cafe", "coordinate": {"latitude": 36.123456}}}]}]
        link = [{"data": [{"external_context": {"url": "https://www.facebook.com/hidden.person/posts/9007001"}}]}]
        posts = [
            sources_files.fb_post(1, "الجسر قائم 😀 @[9007001:2048:Hidden Friend] https://t.me/hidden.person/5"),
            sources_files.fb_post(2, attachments=sources_files.fb_media("posts/media/secret_name.jpg")),
            sources_files.fb_post(3, "here", attachments=place),
            sources_files.fb_post(4, attachments=link),
        ]
        return [
            sources_files.write_json(folder / "a.json", posts),
            sources_files.write_json(folder / "one.json", posts[0]),
        ]

    def write_large(self, folder: Path, copies: int) -> Path:
        return sources_files.write_json(
            folder / "large.json", [sources_files.fb_post(n, f"جسر {n}") for n in range(copies)]
        )


class TestMetaContentLibraryCsv(ImporterContract):
    importer = MetaContentLibraryCsv()
    secrets = (b"hidden.person", b"Hidden Person", b"9007001", b"40123456783", b"6011000")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        person = {"post_owner.type": "profile", "post_owner.id": "9007001", "post_owner.name": "Hidden Person"}
        person |= {"post_owner.username": "hidden.person", "multimedia": "[{'id': '6011000', 'type': 'photo'}]"}
        group = {"surface.type": "group", "surface.id": "777", "surface.name": "The square", "surface.username": ""}
        rows = [
            sources_files.mcl_row(
                1, text="see https://www.facebook.com/hidden.person/posts/40123456783 @hidden.person"
            ),
            sources_files.mcl_row(2, text="", shared_post_id="40123456783"),
            sources_files.mcl_row(3, **person, **group),
        ]
        account = {"post_owner.type": "", "post_owner.id": "9007001", "post_owner.username": "hidden.person"}
        kept = [
            name for name in rows[0] if not name.startswith(("surface", "link", "statistics.love", "statistics.rea"))
        ]
        return [
            sources_files.write_table(folder / "a.csv", rows),
            sources_files.write_table(folder / "b.csv", [sources_files.mcl_row(3, **account)], columns=kept),
        ]

    def write_large(self, folder: Path, copies: int) -> Path:
        return sources_files.write_table(folder / "large.csv", (sources_files.mcl_row(n) for n in range(copies)))


class TestTelegramDesktop(ImporterContract):
    importer = TelegramDesktop()
    secrets = (b"hidden person", b"9007001", b"hidden_one", b"Ownersecret", b"964 700", b"private words", b"777000111")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        (folder / "photos").mkdir()
        (folder / "photos" / "photo_1.png").write_bytes(sources_files.PNG)
        channel = sources_files.tg_chat(
            [
                sources_files.tg_message(1, ["hello ", {"type": "mention", "text": "@hidden_one"}]),
                sources_files.tg_message(2, "with a photo", photo="photos/photo_1.png", width=1, height=1),
                sources_files.tg_message(3, "forwarded", forwarded_from="hidden person"),
            ]
        )
        member = {"from": "hidden person", "from_id": "user9007001"}
        group = sources_files.tg_chat(
            [
                sources_files.tg_message(1, "a member speaks", **member),
                sources_files.tg_message(2, "an answer", reply_to_message_id=1, **member),
                sources_files.tg_message(
                    3, ["to ", {"type": "mention_name", "text": "hidden person", "user_id": 9007001}]
                ),
            ],
            type="public_supergroup",
            id=2447843635,
        )
        private = sources_files.tg_chat(
            [sources_files.tg_message(1, "private words", **member)], type="personal_chat", id=9007001
        )
        account = sources_files.tg_account([private, channel, group])
        return [
            sources_files.write_json(folder / "result.json", channel),
            sources_files.write_json(folder / "group.json", group),
            sources_files.write_json(folder / "account.json", account),
        ]

    def write_large(self, folder: Path, copies: int) -> Path:
        messages = [sources_files.tg_message(n, f"post {n}") for n in range(copies)]
        return sources_files.write_json(folder / "large.json", sources_files.tg_chat(messages))


class TestTelethon(ImporterContract):
    importer = Telethon()
    secrets = (
        b"hidden person",
        b"hidden_one",
        b"9007001",
        b"7447447",
        b"c2VjcmV0",
        b"964 700",
        b"36.12",
        b"private words",
    )

    def write_samples(self, folder: Path) -> Sequence[Path]:
        made = sources_files.GOLDEN / "telethon"
        return [Path(shutil.copy(made / name, folder)) for name in ("messages.json", "messages.jsonl", "answer.json")]

    def write_large(self, folder: Path, copies: int) -> Path:
        rows = (sources_files.tl_message(n, grouped_id=n // 3 if n % 2 else None) for n in range(1, 2 * copies))
        return sources_files.write_lines(folder / f"large{copies}.jsonl", [sources_files.tl_channel(), *rows])


class TestTgDataset(ImporterContract):
    importer = TgDataset()
    secrets = (b"hidden", b"9007001")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        texts = {
            "3": sources_files.td_entry(message="see https://t.me/hidden_one/5 and @hidden_one", author=9007001),
            "2": sources_files.td_entry(is_forwarded=True, forwarded_from_id=9007001),
        }
        media = {"3": sources_files.td_medium(), "4": sources_files.td_medium(author=9007001)}
        one = sources_files.td_channel(texts, media, description="ask @hidden_one")
        return [
            sources_files.write_json(folder / "a.json", {"1494031694": one, "777": sources_files.td_channel({}, {})})
        ]

    def write_large(self, folder: Path, copies: int) -> Path:
        texts = {str(n): sources_files.td_entry(message=f"post {n}") for n in range(1, copies + 1)}
        media = {str(n): sources_files.td_medium() for n in range(copies, 2 * copies)}
        return sources_files.write_json(folder / "b.json", {"1494031694": sources_files.td_channel(texts, media)})


class TestHandCapture(ImporterContract):
    importer = HandCapture()
    secrets = (b"hidden person", b"hidden.person", b"hidden_one", b"555000111")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        writing.make(
            folder,
            platform="facebook",
            seen_at=SEEN,
            address="https://www.facebook.com/hidden.person/posts/555000111",
            text="says @hidden_one at https://x.com/hidden_one/status/555000111",
            page_name="hidden person",
            screenshot=sources_files.PNG,
        )
        writing.make(
            folder,
            platform="telegram",
            seen_at=SEEN,
            address="https://t.me/sahlara_news/12",
            text="The bridge stands.",
            page_name="Sahlara News",
            account_kind="channel",
        )
        return [folder / "captures.jsonl"]

    def write_large(self, folder: Path, copies: int) -> Path:
        path = folder / f"large{copies}.jsonl"
        with path.open("wb") as stream:
            stream.writelines(
                writing.line_of(platform="facebook", seen_at=SEEN, text=f"post {n}", page_name=f"P {n}")
                for n in range(copies)
            )
        return path
