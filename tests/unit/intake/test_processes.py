"""The two entries of the child as processes, with the real signals."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest
import sources_files
from PIL import Image

from dalil.errors import InputError
from dalil.intake.pictures import answer_to, read_answer
from dalil.intake.signals_port import PICTURE_METHOD, TEXT_METHOD, RealSignals
from dalil.schema.chunks import Begin, Chunk, Done, End, Failed, PictureOrder
from dalil.schema.frames import read_frames
from dalil.signals import language, texts
from dalil.signals.joined import Strings
from dalil.signals.pictures import picture_signal


def picture() -> bytes:
    noise = np.random.default_rng(3).integers(0, 255, (12, 12, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).resize((240, 200), Image.Resampling.BICUBIC).save(out, "PNG")
    return out.getvalue()


def run(module: str, data: bytes) -> bytes:
    found = subprocess.run(
        [sys.executable, "-m", module],
        input=data,
        stdout=subprocess.PIPE,
        check=True,
        env=os.environ | {"PYTHONPATH": "src"},
    )
    return found.stdout


def test_an_import_in_a_process_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(picture())
    text = "قالت المصادر إن الجسر في تل نهر ما زال قائما والطريق مفتوح"
    messages = [
        sources_files.tg_message(1, text, photo="p.png"),
        sources_files.tg_message(3, "The bridge at Tel Nahr stands."),
    ]
    sources_files.write_json(tmp_path / "result.json", sources_files.tg_chat(messages))
    order = sources_files.order_of(tmp_path)
    begin, chunk, end, done = read_frames(io.BytesIO(run("dalil.intake", msgspec.msgpack.encode(order))))
    assert isinstance(done, Done)
    assert [(row.code, row.count) for row in done.skipped] == [("media-file", 1)]
    assert isinstance(begin, Begin)
    assert isinstance(end, End)
    assert isinstance(chunk, Chunk)
    signals = chunk.tables["text_signals"].to_pylist()
    assert [row["norm"] for row in signals] == [texts.text_keys(text).norm, "the bridge at tel nahr stands"]
    assert [row["lang"] for row in signals] == ["ar", "en"]
    assert {row["method"] for row in signals} == {TEXT_METHOD}
    [image] = chunk.tables["image_signals"].to_pylist()
    wanted = picture_signal(picture(), max_pixels=1 << 20)
    assert (image["pdq"], image["quality"], image["width"], image["method"]) == (
        wanted.pdq,
        wanted.quality,
        240,
        PICTURE_METHOD,
    )
    assert (end.read, end.includes) == (2, 1)


def test_orders_in_one_process_answer_one_after_another_as_each_would_alone(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("first", "nothing", "second")]
    for number, folder in enumerate(folders):
        folder.mkdir()
        if number != 1:
            message = sources_files.tg_message(number + 1, "The bridge at Tel Nahr stands.")
            sources_files.write_json(folder / "result.json", sources_files.tg_chat([message]))
    (folders[1] / "result.json").write_text("neither this nor that")
    orders = [sources_files.order_of(folder) for folder in folders]
    together = io.BytesIO(run("dalil.intake", msgspec.msgpack.encode(orders)))
    alone = b"".join(run("dalil.intake", msgspec.msgpack.encode(order)) for order in orders)
    assert together.getvalue() == alone
    kinds = [[type(frame) for frame in read_frames(together)] for _ in orders]
    assert kinds == [[Begin, Chunk, End, Done], [Failed], [Begin, Chunk, End, Done]]


def test_a_picture_in_a_process_of_its_own() -> None:
    answer = read_answer(run("dalil.intake.picture", msgspec.msgpack.encode(PictureOrder(data=picture()))))
    assert answer == picture_signal(picture(), max_pixels=1 << 20)


def test_a_picture_as_it_is_or_in_an_order() -> None:
    wanted = picture_signal(picture(), max_pixels=1 << 20)
    assert read_answer(answer_to(picture())) == wanted
    assert read_answer(answer_to(msgspec.msgpack.encode(PictureOrder(data=picture())))) == wanted


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (b"", "picture-format"),
        (b"PK\x03\x04", "picture-format"),
        (picture()[:200], "picture-broken"),
        (msgspec.msgpack.encode(PictureOrder(data=picture(), max_pixels=10)), "picture-too-large"),
    ],
)
def test_what_is_no_picture_is_a_failure_with_its_code(given: bytes, code: str) -> None:
    answer = read_answer(answer_to(given))
    assert isinstance(answer, Failed)
    assert answer.code == code


def test_an_answer_that_is_none_is_refused() -> None:
    bad = picture_signal(picture(), max_pixels=1 << 20)._replace(variants=(b"x",) * 8)
    for data in (b"", b"\xc1", msgspec.msgpack.encode([1, 2]), msgspec.msgpack.encode(bad)):
        with pytest.raises(InputError):
            read_answer(data)


def test_the_port_gives_what_the_signals_give() -> None:
    given = ["The bridge at Tel Nahr stands.", "", "😀"]
    found = RealSignals().of_texts(given)
    assert isinstance(found.norm, Strings)
    assert isinstance(found.skeleton, Strings)
    columns = (found.norm.texts(), found.skeleton.texts(), *map(list, found[2:]))
    for text, *signal in zip(given, *columns, strict=True):
        assert signal[:3] == list(texts.text_keys(text))
        assert signal[3:] == list(language.identify(text))
