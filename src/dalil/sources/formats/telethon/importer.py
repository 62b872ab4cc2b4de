"""The importer of Telethon dumps: messages of public channels and supergroups, from whatever wrapped them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec

from dalil.errors import InputError
from dalil.plugins import Manifest, Parameter
from dalil.schema.records import Reject
from dalil.sources.formats.telethon import channels, messages, peers, rereads
from dalil.sources.formats.telethon.albums import Albums
from dalil.sources.formats.telethon.channels import Channels
from dalil.sources.formats.telethon.shapes import Batch, Message, Typed
from dalil.sources.importer import Ignored, Item, Quarantined, ReadContext, Record
from dalil.sources.json_stream import JsonReader
from dalil.sources.json_values import json_problem, values
from dalil.sources.reading import BOM, HEAD_BYTES, SourceFile
from dalil.sources.rereading import Held, Reread

_MESSAGE: Final = msgspec.json.Decoder(Message)
_TYPED: Final = msgspec.json.Decoder(Typed)
_BATCH: Final = msgspec.json.Decoder(Batch)
_KIND: Final = re.compile(rb'"_"\s*:\s*"[Mm]essage(?:Service|Empty)?"')
_HOME: Final = re.compile(rb'"(?:peer_id|to_id)"\s*:')
_ANSWER: Final = re.compile(rb'"_"\s*:\s*"(?:messages\.)?(?:[Cc]hannelM|M|m)essages(?:Slice)?"')
_LIST: Final = re.compile(rb'(?<!\\)"messages"\s*:\s*\[')
_MESSAGES: Final = frozenset({"Message", "message"})
_OTHERS: Final = {
    "MessageService": "service-message",
    "messageService": "service-message",
    "MessageEmpty": "empty-message",
    "messageEmpty": "empty-message",
    "User": "account-data",
    "user": "account-data",
}
_BATCHES: Final = frozenset(
    {f"{begin}{kind}" for kind in ("ChannelMessages", "Messages", "MessagesSlice") for begin in ("", "messages.")}
    | {"messages.channelMessages", "messages.messages", "messages.messagesSlice"}
)


class _Value(NamedTuple):
    where: str
    data: bytes | None
    problem: str
    sha256: str
    end: int


class Telethon:
    """Telegram's own objects, as `to_dict` and `to_json` of Telethon write them."""

    manifest = Manifest(
        name="telethon",
        version="2",
        title="Telethon dump (JSON, JSON Lines)",
        proof="unproven on a real file; samples written by Telethon 1.45.0 itself, in tests/golden/sources/telethon",
        notes="Channels with a public name in the dump or in the public list. Of others posts are read under keyed hashes, "
        "messages of groups not at all.",
        parameters=(
            Parameter("public", "", "`yes`: anybody can read the channels and groups that the dump does not describe."),
        ),
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of a message's type beside the chat it stands in."""
        if head.removeprefix(BOM).lstrip()[:1] not in (b"{", b"["):
            return 0.0
        if _KIND.search(head) and _HOME.search(head):
            return 0.95
        return 0.6 if _ANSWER.search(head) and _LIST.search(head) else 0.0

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """The public channels that the dump describes, then its messages; all else is counted by what it is."""
        option = context.options.get("public", "")
        if option not in ("", "yes", "no"):
            raise InputError("value-wrong", name="public", value=option[:60], kind="yes | no")
        with source.open() as stream:
            known = channels.described(stream)
        opened = Channels(context.privacy, known, all_public=option == "yes")
        for native_id in known:
            record = opened.record(native_id)
            if record is not None:
                yield record
        yield from _Dump(source, context, opened).items()


class _Dump:
    """One dump while it is read."""

    def __init__(self, source: SourceFile, context: ReadContext, opened: Channels) -> None:
        self._source = source
        self._context = context
        self._channels = opened
        self._albums = Albums()

    def items(self) -> Iterator[Item]:
        context, label = self._context, self._source.label
        for where, data, problem, sha256, end in _values(self._source, context):
            context.done_bytes = end
            if data is None:
                yield Reject(label + where, problem, sha256)
                continue
            try:
                message = _MESSAGE.decode(data)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                yield from self._other(error, data, label + where)
                continue
            if message.kind in _MESSAGES:
                yield from self._message(message)
            else:
                yield from self._known(message.kind, data, label + where)
        for group in self._albums.rest():
            yield from self._records(group)

    def _message(self, message: Message) -> Iterator[Item]:
        home = peers.home(message)
        chat = self._channels.of(message, home)
        if chat is None or home is None:
            yield Quarantined("not-public")
        elif message.grouped_id is None:
            yield messages.record_of((message,), chat)
        else:
            for group in self._albums.add(home.native_id, message):
                yield from self._records(group)

    def _records(self, group: list[Message]) -> Iterator[Item]:
        chat = self._channels.of(group[0], peers.home(group[0]))
        if chat is not None:
            yield messages.record_of(group, chat)

    def _known(self, kind: str, data: bytes, where: str) -> Iterator[Item]:
        """What is no message by its type: an answer with messages in it, an account, a service message."""
        if kind in _BATCHES:
            yield from self._batch(data, where)
        elif kind not in channels.KINDS:
            yield Ignored(_OTHERS.get(kind, "other-object"))

    def _other(self, error: Exception, data: bytes, where: str) -> Iterator[Item]:
        """What did not decode as a message: of another type, or a broken one."""
        code = json_problem(error, data)
        if code == "shape-unknown":
            try:
                kind = _TYPED.decode(data).kind
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                kind = "Message"
            if kind and kind not in _MESSAGES:
                yield from self._known(kind, data, where)
                return
        yield Reject(where, code, hashlib.sha256(data).hexdigest())

    def _batch(self, data: bytes, where: str) -> Iterator[Item]:
        try:
            batch = _BATCH.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            yield Reject(where, json_problem(error, data), hashlib.sha256(data).hexdigest())
            return
        for index, raw in enumerate(batch.messages):
            place, body = f"{where} messages[{index}]", bytes(raw)
            try:
                message = _MESSAGE.decode(body)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                yield from self._other(error, body, place)
                continue
            yield from self._message(message) if message.kind in _MESSAGES else self._known(message.kind, body, place)


def _values(source: SourceFile, context: ReadContext) -> Iterator[_Value]:
    """The objects of a dump. One answer, or one object around a list of messages, is walked into."""
    limit = context.limits.line_bytes
    with source.open() as stream:
        head = stream.read(HEAD_BYTES)
        stream.seek(0)
        first = head.removeprefix(BOM).lstrip()
        if first[:1] == b"{" and _LIST.search(head) and not _KIND.match(first[1:].lstrip()):
            yield from _wrapped(JsonReader(stream, limit=limit))
        else:
            for value in values(stream, limit=limit):
                yield _Value(*value)


def _wrapped(reader: JsonReader) -> Iterator[_Value]:
    """The elements of each list of an object, and its objects; what else it holds is passed over."""
    number, told = 0, False
    while first := reader.peek():
        if first != b"{":
            if first in (b"}", b"]", b",", b":"):
                reader.take()
            else:
                reader.skip()
            continue
        for key in reader.fields():
            first = reader.peek()
            if first == b"[" and key not in ("users", "topics"):
                for index in reader.elements():
                    captured = reader.value()
                    told = told or captured.problem == "json-truncated"
                    where = f"value {number + 1} {'messages' if key == 'messages' else 'list'}[{index}]"
                    yield _Value(where, captured.data, captured.problem, captured.sha256, reader.offset)
            elif first == b"{":
                captured = reader.value()
                if captured.data is not None and b'"_"' in captured.data[:200]:
                    yield _Value(f"value {number + 1}", captured.data, "", "", reader.offset)
            else:
                reader.skip()
        number += 1
    if reader.broken and not told:
        yield _Value("end", None, reader.broken, "", reader.offset)
