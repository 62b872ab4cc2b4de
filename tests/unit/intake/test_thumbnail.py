"""The child's small picture: grey, still, at most 240 pixels, without metadata; refused where it is no picture."""

from __future__ import annotations

import io
from typing import Any

import msgspec
import pytest
from PIL import Image

from dalil.errors import InputError, LimitReached
from dalil.intake.thumbnail import SIDE, answer_to, thumbnail
from dalil.schema.chunks import Failed, PictureOrder


def picture(kind: str = "JPEG", size: tuple[int, int] = (900, 600), **options: Any) -> bytes:
    stream = io.BytesIO()
    image = Image.effect_mandelbrot(size, (-2, -1.5, 1, 1.5), 40).convert("RGB")
    image.paste((200, 30, 30), (0, 0, size[0] // 2, size[1]))
    image.save(stream, kind, **options)
    return stream.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_it_is_small_and_grey(kind: str) -> None:
    small = opened(thumbnail(picture(kind), max_pixels=1_000_000))
    assert (small.format, small.mode, small.size) == ("JPEG", "L", (SIDE, 160))


def test_it_moves_no_more_and_carries_no_metadata() -> None:
    frames = [opened(picture("PNG", (90, 60))), Image.new("RGB", (90, 60))]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    assert getattr(opened(thumbnail(stream.getvalue(), max_pixels=10_000)), "n_frames", 1) == 1
    exif = Image.Exif()
    exif[0x010E] = "somebody's name"
    small = thumbnail(picture(exif=exif), max_pixels=1_000_000)
    assert b"somebody" not in small
    assert not opened(small).getexif()


def test_a_small_picture_is_not_enlarged() -> None:
    assert opened(thumbnail(picture(size=(30, 20)), max_pixels=1_000)).size == (30, 20)


def test_what_is_no_picture_or_too_large_is_refused() -> None:
    with pytest.raises(InputError):
        thumbnail(b"<svg onload='x'/>", max_pixels=1_000)
    with pytest.raises(InputError):
        thumbnail(picture()[:200], max_pixels=1_000_000)
    with pytest.raises(LimitReached):
        thumbnail(picture(), max_pixels=1_000)


def test_the_child_answers_with_the_picture_or_the_failure() -> None:
    def ask(data: bytes) -> Any:
        order = msgspec.msgpack.encode(PictureOrder(data=data, max_pixels=1_000_000))
        return msgspec.msgpack.decode(answer_to(order), type=bytes | Failed)

    assert opened(ask(picture())).size == (SIDE, 160)
    assert ask(b"nothing").code == "picture-format"
    assert ask(picture(size=(1200, 1000))).code == "picture-too-large"
