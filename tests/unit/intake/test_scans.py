"""A picture made ready to be read, in the child; its answer is checked by the parent."""

from __future__ import annotations

import msgspec
import pytest
import sources_files

from dalil.errors import InputError
from dalil.intake.scans import answer_to, read_answer
from dalil.jobs.sandbox import Limits, run
from dalil.schema.chunks import Failed, PictureOrder
from dalil.signals.scans import PREPARATIONS


def order(data: bytes, most: int = 10**6) -> bytes:
    return msgspec.msgpack.encode(PictureOrder(data=data, max_pixels=most))


def test_the_child_hands_over_each_preparation() -> None:
    with run("dalil.intake.scan", order(sources_files.PNG), limits=Limits()) as child:
        pages = read_answer(child.stdout.read())
        child.finish()
    assert not isinstance(pages, Failed)
    assert [name for name, _ in pages] == list(PREPARATIONS)


@pytest.mark.parametrize(
    ("given", "code"), [(order(b"no picture"), "picture-format"), (order(sources_files.PNG, 0), "picture-too-large")]
)
def test_what_cannot_be_decoded_fails_with_its_code(given: bytes, code: str) -> None:
    answer = read_answer(answer_to(given))
    assert isinstance(answer, Failed)
    assert answer.code == code


@pytest.mark.parametrize(
    "data", [b"", b"\xff", msgspec.msgpack.encode([]), msgspec.msgpack.encode([("black", b"P5\n")]),
             msgspec.msgpack.encode([(name, b"no page") for name in PREPARATIONS])],
)  # fmt: skip
def test_an_answer_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_answer(data)
    assert caught.value.code == "child-stream-broken"
