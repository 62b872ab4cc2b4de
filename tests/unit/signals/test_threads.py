"""The server looks at texts and pictures from several threads at once: the answers are those of one by one."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dalil.errors import LimitReached
from dalil.signals import language, language_model, pictures, texts
from dalil.signals.minhash import bands

TEXTS = [
    "سقط الجسر في تل نهر صباح اليوم حسب شهود",
    "پردەکە لە تەل نەهر کەوت و خەڵک دەڵێن ئەوە ڕاستە",
    "the bridge at Tel Nahr is held by the Grey Column, it says",
    "el jesr 2l kbeer mafto7 lel nas w el souq kaman",
    "Pira li Tel Nehrê îro hatiye girtin û kes nikare derbas bibe",
]
ASKED: list[Callable[[str], Any]] = [
    texts.text_keys,
    language.identify,
    lambda text: bands([texts.norm(text)]).tolist(),
]


def photo(seed: int) -> bytes:
    blobs = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    sink = io.BytesIO()
    Image.fromarray(np.kron(blobs, np.ones((16, 16, 1), dtype=np.uint8))).save(sink, "PNG")
    return sink.getvalue()


def at_once(ask: Callable[[Any], Any], given: list[Any]) -> list[Any]:
    """All answers, each asked from a thread of its own that waits until all have begun."""
    gate = Barrier(len(given))

    def answer(one: Any) -> Any:
        gate.wait()
        return ask(one)

    with ThreadPoolExecutor(len(given)) as pool:
        return list(pool.map(answer, given))


@pytest.mark.parametrize("ask", ASKED, ids=["keys", "language", "bands"])
def test_texts_do_not_disturb_each_other(ask: Callable[[str], Any]) -> None:
    assert at_once(ask, TEXTS * 3) == [ask(text) for text in TEXTS] * 3


def test_pictures_do_not_disturb_each_other() -> None:
    photos = [photo(seed) for seed in range(4)]
    alone = [pictures.picture_signal(data, max_pixels=10**6) for data in photos]
    assert len({signal.pdq for signal in alone}) == 4
    assert at_once(lambda data: pictures.picture_signal(data, max_pixels=10**6), photos * 3) == alone * 3


def test_one_threads_limit_is_not_anothers() -> None:
    """An upload on the phone page and an import may have different ones."""
    data = photo(1)
    alone = pictures.picture_signal(data, max_pixels=10**6)

    def ask(limit: int) -> Any:
        try:
            return pictures.picture_signal(data, max_pixels=limit)
        except LimitReached as error:
            return error.code

    found = at_once(ask, [100, 10**6] * 6)
    assert found[1::2] == [alone] * 6
    assert set(found[0::2]) == {ask(100)}
    assert isinstance(ask(100), str)


def test_the_model_is_loaded_once_however_many_ask_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[int] = []
    load = language_model._unpacked
    monkeypatch.setattr(language_model, "_unpacked", lambda: loads.append(1) or load())
    language_model._loaded.cache_clear()
    language_model._identifier.cache_clear()
    assert len({found.code for found in at_once(language.identify, TEXTS[:4])}) == 4
    assert len(loads) == 1


def test_nobodys_warnings_are_switched_off_by_the_way() -> None:
    before = list(warnings.filters)
    at_once(lambda data: pictures.decode(data, max_pixels=10**6), [photo(2)] * 24)
    assert list(warnings.filters) == before
