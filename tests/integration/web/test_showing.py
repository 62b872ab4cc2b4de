"""Pictures from outside are shown only as what the limited child draws: small, still, grey, without metadata."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import web_fakes
from PIL import Image

from dalil.errors import InputError, LimitReached, NotAllowed, NotAvailable
from dalil.intake.thumbnail import SIDE


def picture(kind: str = "JPEG", size: tuple[int, int] = (900, 600), **options: Any) -> bytes:
    stream = io.BytesIO()
    image = Image.effect_mandelbrot(size, (-2, -1.5, 1, 1.5), 40).convert("RGB")
    image.paste((200, 30, 30), (0, 0, size[0] // 2, size[1]))
    image.save(stream, kind, **options)
    return stream.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.fixture
def house(django_workspace: Path, tmp_path: Path) -> Any:
    """As much of a house as showing needs; it holds one picture."""
    from dalil.settings import Settings

    held = tmp_path / "held"
    held.write_bytes(picture("PNG"))

    def media_path(sha256: str) -> Path:
        if sha256 != web_fakes.PICTURE:
            raise NotAvailable("no-such-thing")
        return held

    return SimpleNamespace(archive=SimpleNamespace(media_path=media_path), settings=Settings(picture_pixels=700_000))


def test_the_child_draws_it(house: Any) -> None:
    from dalil.actions import showing

    small = showing.thumbnail(web_fakes.SPOTTER, web_fakes.PICTURE, house=house)
    assert opened(small).size == (SIDE, 160)
    with pytest.raises(InputError):
        showing.thumbnail_of(web_fakes.SPOTTER, b"GIF89a nothing", house=house)
    with pytest.raises((InputError, LimitReached)):
        showing.thumbnail_of(web_fakes.SPOTTER, picture(size=(1000, 1000)), house=house)


def test_what_is_not_held_and_who_may_not_get_the_same_answer(house: Any) -> None:
    from dalil.actions import showing
    from dalil.people.actor import Actor, Role, Status

    revoked = Actor("m9", "circle-blue", Role.KEEPER, "fern-02", Status.REVOKED)
    for actor, sha256 in ((web_fakes.SPOTTER, "0" * 64), (revoked, web_fakes.PICTURE)):
        with pytest.raises(NotAllowed) as refused:
            showing.thumbnail(actor, sha256, house=house)
        assert refused.value.code == "no-such-thing"


def test_only_a_demo_that_was_built_has_an_example(tmp_path: Path, django_workspace: Path) -> None:
    from dalil.actions import demo, showing

    def at(folder: Path, *, demo: bool) -> Any:
        return SimpleNamespace(workspace=SimpleNamespace(folder=folder, demo=demo))

    assert showing.example(at(tmp_path, demo=False)) is None
    assert showing.example(at(tmp_path, demo=True)) is None
    path = demo.example(at(tmp_path, demo=True))
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    assert showing.example(at(tmp_path, demo=True)) == path
