"""The importer of Telegram Desktop exports: public channels and public supergroups, nothing else (law 9)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final

import msgspec

from dalil.plugins import Manifest, Parameter
from dalil.schema.records import Reject
from dalil.sources.formats.telegram_desktop import media, messages, rereads
from dalil.sources.formats.telegram_desktop.albums import grouped
from dalil.sources.formats.telegram_desktop.shapes import Message
from dalil.sources.importer import Ignored, Item, Quarantined, ReadContext, Record
from dalil.sources.json_stream import JsonReader
from dalil.sources.json_values import json_problem
from dalil.sources.reading import BOM, SourceFile
from dalil.sources.rereading import Held, Reread
from dalil.sources.telegram.chats import Chat
from dalil.sources.telegram.ids import chat_id
from dalil.sources.times import zone_option

_PUBLIC: Final = (messages.TYPES[True], messages.TYPES[False])  # no set: a foreign type may be a list
_MESSAGE: Final = msgspec.json.Decoder(Message)
_TYPES: Final = rb"public_channel|public_supergroup|private_channel|private_supergroup|private_group|personal_chat"
_CHAT: Final = re.compile(rb'"type"\s*:\s*"(?:' + _TYPES + rb'|bot_chat|saved_messages)"')
_LIST: Final = re.compile(rb'"(?:messages|list)"\s*:\s*\[')
_ACCOUNT: Final = re.compile(rb'"about"\s*:\s*"[^"]{0,2000}Telegram')
_SECTIONS: Final = re.compile(rb'"(?:personal_information|contacts|chats|left_chats|sessions|frequent_contacts)"\s*:')
_NEXT: Final = re.compile(rb'\{\s*"id"\s*:\s*\d+\s*,\s*"type"\s*:\s*"(?:message|service)"')
_MOST_RECOVERIES: Final = 100


class TelegramDesktop:
    """Telegram's own export: one chat, or a whole account of which only the public channels are read."""

    manifest = Manifest(
        name="telegram-desktop",
        version="3",
        title="Telegram Desktop (result.json, with media)",
        proof="unproven on a real file",
        notes="From an account export only public channels and public supergroups are read.",
        parameters=(Parameter("zone", "", "IANA zone of dates without one, in exports before 2022."),),
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of a chat's type beside its messages, or of an account export's sections."""
        if head.removeprefix(BOM).lstrip()[:1] != b"{":
            return 0.0
        if _CHAT.search(head) and _LIST.search(head):
            return 0.95
        return 0.9 if _ACCOUNT.search(head) and _SECTIONS.search(head) else 0.0

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """The messages of each public chat, in the file's order; all else is counted by what it is."""
        with source.open() as stream:
            yield from _Export(source, context, JsonReader(stream, limit=context.limits.line_bytes)).items()


class _Export:
    """One export while it is read."""

    def __init__(self, source: SourceFile, context: ReadContext, reader: JsonReader) -> None:
        self._source = source
        self._context = context
        self._reader = reader
        self._recoveries = 0
        self._told = False

    def items(self) -> Iterator[Item]:
        """Everything in the file, and, where it does not end as it should, a reject that says so."""
        yield from self._chat("")
        if self._reader.broken and not self._told:
            yield Reject(f"{self._source.label}end", self._reader.broken)

    def _chat(self, where: str) -> Iterator[Item]:
        """A chat object, or the account object around all chats."""
        head: dict[str, object] = {}
        for key in self._reader.fields():
            if key in ("name", "type", "id"):
                head[key] = self._small()
            elif key == "messages":
                yield from self._messages(head, where)
            elif key in ("chats", "left_chats") and not where:
                yield from self._chats(key)
            else:
                self._reader.skip()
                if key != "about":
                    yield Ignored("account-data")

    def _chats(self, section: str) -> Iterator[Item]:
        for key in self._reader.fields():
            if key != "list":
                self._reader.skip()
                continue
            for index in self._reader.elements():
                if self._reader.peek() != b"{":
                    self._reader.skip()
                    continue
                yield from self._chat(f"{section}[{index}] ")

    def _small(self) -> object:
        try:
            return msgspec.json.decode(self._reader.value().data or b"null")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    def _messages(self, head: dict[str, object], where: str) -> Iterator[Item]:
        """The messages of one chat; of one that is not public, or does not say what it is, their number."""
        if head.get("type") not in _PUBLIC:
            count = 0
            for _ in self._reader.elements():
                self._reader.skip()
                count += 1
            yield Ignored("private-chat")
            yield Quarantined("not-public", count)
            return
        yield from self._public(head, where)

    def _public(self, head: dict[str, object], where: str) -> Iterator[Item]:
        chat: Chat | None = None
        zone = zone_option(self._context.options.get("zone"))
        root, limit = self._source.root, self._context.limits.media_bytes
        lost = False
        for group in grouped(self._decoded(where)):
            if lost:
                continue
            if not isinstance(group, list):
                yield group
                continue
            if chat is None:
                chat = self._opened(head, group[0])
                if chat is None:
                    yield Reject(f"{self._source.label}{where}chat", "chat-without-id")
                    lost = True
                    continue
                yield self._account(chat, head)
            found = [(m, media.found(m, root, limit=limit) if m.photo or m.file else None) for m in group]
            yield messages.record_of(found, chat, zone)

    def _opened(self, head: dict[str, object], first: Message) -> Chat | None:
        """The chat, once its first message shows whether the export is an old one with offset ids."""
        old = isinstance(first.from_id, int) or not first.date_unixtime
        native_id = chat_id(head.get("id"), old=old)
        if native_id is None:
            return None
        return Chat(native_id, self._context.privacy, is_channel=head["type"] == messages.TYPES[True])

    def _account(self, chat: Chat, head: dict[str, object]) -> Record:
        name = head.get("name")
        shown = name if isinstance(name, str) else ""
        raw: dict[str, object] = {"id": chat.native_id, "name": shown, "type": head["type"]}
        return chat.record(shown, raw, source_version=messages.SOURCE_VERSION)

    def _decoded(self, where: str) -> Iterator[Message | Reject | Ignored | Quarantined]:
        """The messages that decode, and in their places what does not or is none."""
        reader, context, decode = self._reader, self._context, _MESSAGE.decode
        for index in reader.elements():
            start = reader.offset
            captured = reader.value()
            context.done_bytes = reader.offset
            if captured.data is None:
                self._told = captured.problem == "json-truncated"
                yield Reject(self._place(where, index), captured.problem, captured.sha256)
                self._recover(start)
                continue
            try:
                message = decode(captured.data)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                code = json_problem(error, captured.data)
                yield Reject(self._place(where, index), code, hashlib.sha256(captured.data).hexdigest())
                if code == "json-broken":
                    self._recover(start)
                continue
            if message.type != "message":
                yield Ignored("service-message" if message.type == "service" else "unsupported-message")
            elif message.id <= 0:
                yield Quarantined("not-public")  # of the closed group that this one once was
            else:
                yield message

    def _place(self, where: str, index: int) -> str:
        return f"{self._source.label}{where}messages[{index}]"

    def _recover(self, start: int) -> None:
        """A message whose brackets are wrong may have swallowed what follows: go on at the next one."""
        if self._recoveries < _MOST_RECOVERIES:
            self._recoveries += 1
            self._reader.recover(_NEXT, start + 1)
