"""Text keys, language and MinHash bands: CPU microseconds a post, beside plain Python and whole py3langid.

    python benchmarks/text_keys.py

The posts are invented: words drawn from short lists of Arabic, Sorani and English, about 150
characters each, a fifth with a link, a mention, emoji or vowel signs. The peer for the keys is the
oracle of the tests, plain Python that goes through the characters one by one; for the language it is
py3langid with all its languages.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from py3langid.langid import MODEL_FILE, LanguageIdentifier

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from unit.signals.slow_keys import slow_norm, slow_skeleton

from dalil.signals import language, minhash, texts, warming

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


def microseconds(work: Callable[[Sequence[str]], object], items: Sequence[str], rounds: int = 3) -> float:
    """CPU time an item, the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work(items)
        best = min(best, time.process_time() - start)
    return best / len(items) * 1e6


def main() -> None:
    """Print the table."""
    items = posts(20260517)
    start = time.process_time()
    warming.warm_up()
    print(
        f"loading once: {time.process_time() - start:.2f} CPU-s; {POSTS} posts of {sum(map(len, items)) // POSTS} characters"
    )
    norms = [texts.norm(text) for text in items]
    whole = LanguageIdentifier.from_model_file(MODEL_FILE)
    few = items[:1000]
    rows = [
        ("norm, skeleton and hash", microseconds(texts.keys_of, items)),
        ("  in plain Python", microseconds(lambda some: [slow_skeleton(slow_norm(text)) for text in some], few, 1)),
        ("norm with offsets", microseconds(lambda some: [texts.norm_with_offsets(text) for text in some], few, 1)),
        ("language", microseconds(lambda some: [language.identify(text) for text in some], items)),
        ("  py3langid, all languages", microseconds(lambda some: [whole.classify(text) for text in some], few, 2)),
        ("MinHash bands", microseconds(minhash.bands, norms)),
    ]
    for name, cost in rows:
        print(f"{name:28s}{cost:9.1f} µs a post")


if __name__ == "__main__":
    main()
