"""From a file's bytes to its fingerprint: what is decoded, what is refused, and how it is seen."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from golden.pdq_pictures import PATTERNS, Picture
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dalil.errors import InputError, LimitReached
from dalil.signals import pdq
from dalil.signals.pictures import FORMATS, SQUARE, VERSION, decode, picture_signal, scale, sniff

MEGAPIXEL = 1_000_000


def scene(rows: int = 240, columns: int = 320) -> Picture:
    y, x = np.mgrid[0:rows, 0:columns].astype(np.int64)
    return np.stack(PATTERNS["scene"](y, x, rows, columns), axis=2).astype(np.uint8)


def saved(picture: Picture | Image.Image, name: str, **options: object) -> bytes:
    out = io.BytesIO()
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    image.save(out, name, **options)
    return out.getvalue()


def png_that_says(width: int, height: int) -> bytes:
    """A PNG with any size in its header and one line of data behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("name", ["PNG", "BMP"])
def test_a_lossless_file_gives_its_pixels(name: str) -> None:
    decoded = decode(saved(scene(), name), max_pixels=MEGAPIXEL)
    assert np.array_equal(decoded.rgb, scene())
    assert (decoded.width, decoded.height, decoded.mime) == (320, 240, f"image/{name.lower()}")


@pytest.mark.parametrize("mime", FORMATS)
def test_every_format_that_is_let_in_has_a_signal_near_the_original(mime: str) -> None:
    data = saved(scene(), FORMATS[mime])
    signal = picture_signal(data, max_pixels=MEGAPIXEL)
    assert sniff(data) == signal.mime == mime
    assert (signal.width, signal.height, signal.method, signal.version) == (320, 240, "pdq", VERSION)
    assert len(signal.variants) == 8
    assert all(len(one) == 32 for one in signal.variants)
    assert signal.pdq == signal.variants[0]
    original = picture_signal(saved(scene(), "PNG"), max_pixels=MEGAPIXEL)
    assert pdq.distance(signal.pdq, original.pdq) <= 16
    assert signal.quality > 50


@pytest.mark.parametrize("size", [150, 320, 500, 900, 1600])
def test_the_same_picture_in_another_size_is_near(size: int) -> None:
    large = scene(960, 1280)
    resized = cv2.resize(large, (size, size * 3 // 4), interpolation=cv2.INTER_AREA)
    first = picture_signal(saved(large, "PNG"), max_pixels=4 * MEGAPIXEL)
    again = picture_signal(saved(resized, "JPEG", quality=80), max_pixels=4 * MEGAPIXEL)
    assert pdq.distance(first.pdq, again.pdq) <= 12


@pytest.mark.parametrize("shape", [(10, 2000, 3), (2000, 10, 3), (320, 320, 3), (3, 1, 3), (1, 9000, 3), (640, 400, 3)])
def test_the_scaler_brings_every_picture_to_its_square(shape: tuple[int, int, int]) -> None:
    scaled = scale(np.full(shape, 77, dtype=np.uint8))
    assert scaled.shape == (SQUARE, SQUARE, 3)
    assert scaled.dtype == np.uint8
    assert (scaled == 77).all()


@pytest.mark.parametrize(
    ("variant", "turn"),
    [
        ("rotate-90", np.rot90),
        ("rotate-180", lambda picture: np.rot90(picture, 2)),
        ("rotate-270", lambda picture: np.rot90(picture, 3)),
        ("flip-x", lambda picture: picture[::-1]),
        ("flip-y", lambda picture: picture[:, ::-1]),
        ("flip-plus", lambda picture: picture.swapaxes(0, 1)),
        ("flip-minus", lambda picture: np.rot90(picture, 2).swapaxes(0, 1)),
    ],
)
def test_a_turned_picture_has_the_hash_of_its_variant(variant: str, turn: Callable[[Picture], Picture]) -> None:
    first = picture_signal(saved(scene(), "PNG"), max_pixels=MEGAPIXEL)
    turned = picture_signal(saved(np.ascontiguousarray(turn(scene())), "PNG"), max_pixels=MEGAPIXEL)
    assert pdq.distance(first.variants[pdq.VARIANTS.index(variant)], turned.pdq) <= 2


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_the_camera_noted(orientation: int) -> None:
    upright = Image.fromarray(scene())
    stored = {
        1: upright,
        2: upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: upright.transpose(Image.Transpose.ROTATE_180),
        4: upright.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: upright.transpose(Image.Transpose.TRANSPOSE),
        6: upright.transpose(Image.Transpose.ROTATE_90),
        7: upright.transpose(Image.Transpose.TRANSVERSE),
        8: upright.transpose(Image.Transpose.ROTATE_270),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    decoded = decode(saved(stored, "PNG", exif=exif.tobytes()), max_pixels=MEGAPIXEL)
    assert np.array_equal(decoded.rgb, scene())


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_large_jpeg_is_decoded_smaller_and_still_says_its_size(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(scene(1500, 2000), "JPEG", quality=90, exif=exif.tobytes())
    whole = decode(data, max_pixels=10 * MEGAPIXEL)
    small = decode(data, max_pixels=10 * MEGAPIXEL, enough=2 * SQUARE)
    size = (2000, 1500) if orientation == 1 else (1500, 2000)
    assert (small.width, small.height) == (whole.width, whole.height) == size
    assert small.rgb.shape[:2] == (whole.rgb.shape[0] // 2, whole.rgb.shape[1] // 2)
    assert min(small.rgb.shape[:2]) >= 2 * SQUARE
    assert pdq.distance(pdq.pdq(scale(small.rgb))[0].tobytes(), pdq.pdq(scale(whole.rgb))[0].tobytes()) <= 6


def test_a_broken_note_of_the_camera_is_passed_over() -> None:
    data = saved(scene(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff\x01")
    assert decode(data, max_pixels=MEGAPIXEL).width == 320


def test_what_is_see_through_is_seen_on_white() -> None:
    layer = np.dstack([scene(), np.zeros((240, 320), np.uint8)])
    layer[100:, :, 3] = 255
    seen = decode(saved(layer, "PNG"), max_pixels=MEGAPIXEL).rgb
    assert (seen[:100] == 255).all()
    assert np.array_equal(seen[100:], scene()[100:])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel_becomes_red_green_blue(mode: str) -> None:
    if mode == "I;16":
        image = Image.fromarray(scene()[:, :, 0].astype(np.uint16) * 257)
    else:
        image = Image.fromarray(scene()).convert(mode)
    decoded = decode(saved(image, "JPEG" if mode == "CMYK" else "PNG"), max_pixels=MEGAPIXEL)
    assert decoded.rgb.shape == (240, 320, 3)
    assert decoded.rgb.dtype == np.uint8
    if mode == "I;16":
        assert np.array_equal(decoded.rgb[:, :, 1], scene()[:, :, 0])


@pytest.mark.parametrize("name", ["GIF", "PNG", "WEBP"])
def test_of_a_moving_picture_the_first_frame_counts(name: str) -> None:
    frames = [Image.fromarray(np.full((40, 50, 3), level, np.uint8)) for level in (10, 250)]
    options = {"save_all": True, "append_images": frames[1:], **({"lossless": True} if name == "WEBP" else {})}
    decoded = decode(saved(frames[0], name, **options), max_pixels=MEGAPIXEL)
    assert decoded.rgb.shape == (40, 50, 3)
    assert np.abs(decoded.rgb.astype(int) - 10).max() <= 2


def test_a_picture_over_the_limit_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(LimitReached) as caught:
        decode(png_that_says(100_000, 100_000), max_pixels=MEGAPIXEL)
    assert caught.value.code == "picture-too-large"
    assert caught.value.facts == {"pixels": 10_000_000_000, "limit": MEGAPIXEL}
    decode(saved(scene(), "PNG"), max_pixels=240 * 320)
    with pytest.raises(LimitReached):
        decode(saved(scene(), "PNG"), max_pixels=240 * 320 - 1)


def test_a_header_that_promises_more_than_there_is_is_broken() -> None:
    with pytest.raises(InputError) as caught:
        decode(png_that_says(900, 900), max_pixels=MEGAPIXEL)
    assert caught.value.code == "picture-broken"


@pytest.mark.parametrize("mime", FORMATS)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.8])
def test_a_cut_off_file_is_refused_with_its_code(mime: str, share: float) -> None:
    data = saved(scene(), FORMATS[mime])
    with pytest.raises(InputError) as caught:
        picture_signal(data[: int(len(data) * share)], max_pixels=MEGAPIXEL)
    assert caught.value.code in ("picture-broken", "picture-format")


@pytest.mark.parametrize(
    "data", [b"", b"text", b"%PDF-1.4", saved(scene(), "TIFF"), b"<svg/>", b"\x89PNG\r\n\x1a\n", b"BM"]
)
def test_what_is_no_picture_of_ours_is_refused(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        decode(data, max_pixels=MEGAPIXEL)
    assert caught.value.code in ("picture-broken", "picture-format")
    assert caught.value.remedy


def test_a_text_chunk_that_unpacks_to_hundreds_of_megabytes_is_refused() -> None:
    bomb = b"k\0\0" + zlib.compress(bytes(300_000_000), 9)
    chunk = struct.pack(">I", len(bomb)) + b"zTXt" + bomb + struct.pack(">I", zlib.crc32(b"zTXt" + bomb))
    data = saved(scene(), "PNG")
    with pytest.raises(InputError):
        decode(data[:33] + chunk + data[33:], max_pixels=MEGAPIXEL)


SMALL = {mime: saved(scene(48, 64), name) for mime, name in FORMATS.items()}


@given(
    st.sampled_from(list(SMALL)),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=8),
    st.data(),
)
@settings(max_examples=300, deadline=None)
def test_damaged_bytes_are_a_picture_or_an_error_of_ours(
    mime: str, changes: list[tuple[int, int]], data: st.DataObject
) -> None:
    damaged = bytearray(SMALL[mime])
    for place, value in changes:
        damaged[place % len(damaged)] = value
    cut = data.draw(st.integers(0, len(damaged)))
    with contextlib.suppress(InputError, LimitReached):
        assert len(picture_signal(bytes(damaged[:cut]), max_pixels=MEGAPIXEL).pdq) == 32


def test_the_border_is_not_part_of_the_fingerprint() -> None:
    plain = picture_signal(saved(scene(), "PNG"), max_pixels=MEGAPIXEL)
    boxed = np.pad(scene(), ((60, 60), (0, 0), (0, 0)))
    found = picture_signal(saved(boxed, "PNG"), max_pixels=MEGAPIXEL)
    assert found.pdq == plain.pdq
    assert (found.width, found.height) == (320, 360)
