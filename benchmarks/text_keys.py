"""Text keys, language and MinHash bands of 6,000 posts, beside plain Python and whole py3langid.

The posts are invented: words drawn from short lists of Arabic, Sorani and English, about 150
characters each, a fifth with a link, a mention, emoji or vowel signs. The peer for the keys is the
oracle of the tests, plain Python that goes through the characters one by one; for the language it is
py3langid with all its languages, both in the same process.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version

from py3langid.langid import MODEL_FILE, LanguageIdentifier
from unit.signals.slow_keys import slow_norm, slow_skeleton

from benchmarks.measuring import cpu_seconds
from benchmarks.shape import Result
from dalil.signals import minhash, texts, warming
from dalil.signals.key_columns import key_columns
from dalil.signals.language_columns import identify_all

WORDS = {
    "ar": (
        "أعلن السكان أن الجسر في تل نهر مفتوح منذ صباح اليوم ولم تقع اشتباكات قرب السوق القديم حتى الآن وقال شاهد إن الصورة"
        " المتداولة قديمة وتعود إلى العام الماضي عاجل مصدر محلي ينفي خبر السيطرة على المدينة"
    ),
    "ckb": (
        "دانیشتووان دەڵێن پردەکە لە تەل نەهر کراوەیە لە بەیانییەوە و هیچ شەڕێک لە نزیک بازاڕەکە ڕووی نەداوە وێنەکە کۆنە و هی ساڵی"
        " ڕابردووە بۆیە مەیگوازنەوە"
    ),
    "en": (
        "residents say that the bridge at Tel Nahr has been open since this morning and no fighting took place near the old"
        " market; the photo going round is from last year"
    ),
}
EXTRAS = ["https://example.org/a/Bc12d", "@some_one", "@h:0123abcd4567", "😀😀", "عاااااجل", "السَّلامُ", "#تل_نهر", "١٢٣"]
POSTS = 6000
BAR = 15


def posts(seed: int) -> list[str]:
    """Invented posts, two thirds of them Arabic."""
    rng = random.Random(seed)
    made = []
    for _ in range(POSTS):
        words = WORDS[rng.choice(["ar", "ar", "ar", "ar", "ckb", "en"])].split()
        chosen = rng.choices(words, k=150 // 6)
        if rng.random() < 0.2:
            chosen[rng.randrange(len(chosen))] = rng.choice(EXTRAS)
        made.append(" ".join(chosen))
    return made


def results(*, full: bool) -> Iterator[Result]:
    """Each signal, a post."""
    del full
    loading = cpu_seconds(warming.warm_up)
    items = posts(20260517)
    norms = [texts.norm(text) for text in items]
    whole = LanguageIdentifier.from_model_file(MODEL_FILE)
    few = items[:1000]
    plain = _each(lambda some: [slow_skeleton(slow_norm(text)) for text in some], few, rounds=1)
    model = _each(lambda some: [whole.classify(text) for text in some], few, rounds=2)
    yield _row(
        "norm, skeleton and hash, as imports make them",
        _each(key_columns, items),
        bar=BAR,
        peer="plain Python",
        theirs=plain,
    )
    yield _row("the same, one text alone", _each(texts.keys_of, items), peer="plain Python", theirs=plain)
    yield _row("norm with offsets", _each(lambda some: [texts.norm_with_offsets(text) for text in some], few))
    yield _row(
        "language, as imports find it",
        _each(identify_all, items),
        peer=f"py3langid {version('py3langid')}, all languages",
        theirs=model,
    )
    yield _row("MinHash bands", _each(minhash.bands, norms))
    yield Result(what="load the model and tables, once", ours=loading, unit="CPU-s")


def _row(what: str, ours: float, *, bar: float | None = None, peer: str = "", theirs: float | None = None) -> Result:
    return Result(what=what, n="a post", ours=ours, unit="CPU-µs", bar=bar, peer=peer, theirs=theirs)


def _each(work: Callable[[Sequence[str]], object], items: Sequence[str], *, rounds: int = 3) -> float:
    """CPU microseconds an item, the best of some rounds."""
    return cpu_seconds(lambda: work(items), rounds=rounds) / len(items) * 1e6
