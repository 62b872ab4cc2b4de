"""Groups of texts and pictures: what joins them, what must not, and what stays when the archive grows."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.findings.archives import T0, flipped, image_signal, post, random_hash, table, text_signal, texts

from dalil.findings.duplicates import media_groups, text_groups
from dalil.findings.duplicates.texts import leaders, similarity
from dalil.signals.texts import norm, text_keys

CLAIM = "The Grey Column says that since this morning it holds the bridge at Tel Nahr and the road beyond"
ARABIC = "الرتل الرمادي يقول إنه يسيطر منذ الصباح على جسر تل نهر وعلى الطريق الذي خلفه"
WORDS = [
    "market",
    "road",
    "bridge",
    "river",
    "school",
    "baker",
    "water",
    "grain",
    "mast",
    "north",
    "south",
    "village",
    "trader",
    "harvest",
    "clinic",
    "bus",
    "driver",
    "meeting",
    "market",
    "council",
    "evening",
    "rain",
    "dust",
    "goat",
    "orchard",
    "teacher",
    "football",
    "radio",
    "engine",
    "cable",
    "ferry",
    "mayor",
    "festival",
    "flour",
    "bread",
    "onion",
    "price",
    "truck",
    "depot",
    "tower",
    "wall",
    "garden",
    "singer",
    "library",
    "stamp",
]


def said(*sentences: str) -> list[dict[str, Any]]:
    return [post(n, text=sentence) for n, sentence in enumerate(sentences)]


def grouped(*sentences: str, similar: float = 0.85) -> list[set[int]]:
    """Which of some sentences stand together."""
    return [{int(uid[2:]) for uid in group.uids} for group in text_groups(*texts(said(*sentences)), similar=similar)]


@pytest.mark.parametrize(
    "copy",
    [
        CLAIM,
        CLAIM.upper(),
        CLAIM + " !!! https://example.org/x @somebody",
        CLAIM.replace("o", "о"),  # Cyrillic look-alike
        "\u200f" + CLAIM.replace(" ", "\u200b "),
        "BREAKING: " + CLAIM,
        CLAIM.replace("morning", "dawn"),
        CLAIM.replace("holds", "hoolds").replace("road", "raod"),
        " ".join(CLAIM.split()[9:] + CLAIM.split()[:9]),  # halves in the other order
    ],
)
def test_an_edited_copy_joins(copy: str) -> None:
    other = "Bakers in the old market say that flour is dearer again and ask the council for a meeting"
    assert grouped(CLAIM, other, copy) == [{0, 2}]


def test_arabic_copies_join_whatever_their_spelling() -> None:
    tatweel, urgent = ARABIC.replace("الرتل", "الرتـــل").replace("إنه", "انه"), "عاجل | " + ARABIC
    assert grouped(ARABIC, "خبر آخر لا علاقة له بما سبق من الأخبار عن السوق والطحين والخبز", tatweel, urgent) == [
        {0, 2, 3}
    ]


def test_short_texts_join_by_skeleton_alone() -> None:
    assert grouped("Good morning", "good  MORNING!", "Good evening", "Good mornings") == [{0, 1}]


@pytest.mark.parametrize("empty", ["", "https://example.org/a", "@a @b", "🙂🙂", "!!!"])
def test_texts_that_say_nothing_are_no_copies(empty: str) -> None:
    assert grouped(empty, empty, empty) == []


def test_a_post_captured_twice_is_no_duplicate() -> None:
    first, again = post(1, text=CLAIM), post(2, text=CLAIM, uid="x:1")
    assert text_groups(*texts([first, again])) == []


def test_a_group_tells_who_when_and_what() -> None:
    rows = [
        post(3, text=CLAIM, collected_at=T0),
        post(1, text=CLAIM + "!", author_ref="x:author-3"),
        post(2, text=CLAIM, created_at=None),
        post(4, text=CLAIM, author_ref=None),
    ]
    (group,) = text_groups(*texts(rows))
    assert group.uids == ("x:3", "x:1", "x:2", "x:4")
    assert group.accounts == 2
    assert (group.first_at, group.last_at) == (T0 + timedelta(hours=1), T0 + timedelta(hours=4))
    assert group.sample == CLAIM
    assert group.key == f"text:{text_keys(CLAIM).skeleton_hash:016x}"


def test_the_key_stays_while_the_group_grows() -> None:
    rows = said(CLAIM, "BREAKING: " + CLAIM)
    (before,) = text_groups(*texts(rows))
    late = post(9, text="Look: " + CLAIM, created_at=T0 - timedelta(days=400))
    (after,) = text_groups(*texts([late, *rows]))
    assert after.key == before.key
    assert set(before.uids) < set(after.uids)


def test_the_newest_method_alone_is_used() -> None:
    rows = said(CLAIM, CLAIM)
    old = [text_signal(row, method_version="9", skeleton="x", skeleton_hash=n) for n, row in enumerate(rows)]
    new = [text_signal(row, method_version="10") for row in rows]
    groups = text_groups(table("text_signals", old + new), table("posts", rows))
    assert [len(group.uids) for group in groups] == [2]
    assert len(groups[0].observation_ids) == 2


def test_small_edits_do_not_chain_from_one_text_to_another() -> None:
    """Each step changes one word; the first and the last share none. No group may hold both."""
    rng = random.Random(4)
    words = rng.sample(WORDS, 14)
    other = rng.sample([word for word in WORDS if word not in words], 14)
    steps = [" ".join(other[:n] + words[n:]) for n in range(15)]
    for group in grouped(*steps):
        for place in group:
            assert similarity(norm(steps[min(group)]), norm(steps[place])) >= 0.85
        assert not {0, 14} <= group


@settings(max_examples=25)
@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_unicode_can_be_grouped(sentences: list[str]) -> None:
    for group in text_groups(*texts(said(*[s.encode("utf-8", "replace").decode() for s in sentences]))):
        assert len(group.uids) >= 2


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_members_are_all_close_to_their_leader_and_leaders_are_older(seed: int) -> None:
    rng = random.Random(seed)
    bases = [rng.sample(WORDS, 16) for _ in range(6)]
    norms = []
    for _ in range(40):
        words = list(rng.choice(bases))
        for _ in range(rng.choice([0, 1, 2, 5])):
            words[rng.randrange(16)] = rng.choice(WORDS)
        norms.append(" ".join(words))
    norms = list(dict.fromkeys(norms))
    found = leaders(norms)
    for place, leader in enumerate(found.tolist()):
        assert leader <= place
        assert found[leader] == leader
        assert leader == place or similarity(norms[place], norms[leader]) >= 0.85


def test_copies_with_edits_are_found_among_many_texts() -> None:
    """Recall and precision on planted copies: one to three of twenty words changed, a prefix, or halves turned."""
    rng = random.Random(20)
    texts_, truth = [], []
    for base in range(300):
        words = [rng.choice(WORDS) + rng.choice(["", "s", "er"]) for _ in range(20)]
        texts_.append(" ".join(words))
        truth.append(base)
    for base in range(300):
        words = texts_[base].split()
        match base % 3:
            case 0:
                for _ in range(1 + base % 2):
                    words[rng.randrange(20)] = rng.choice(WORDS)
            case 1:
                words = ["breaking", "news", *words]
            case 2:
                words = words[10:] + words[:10]
        texts_.append(" ".join(words))
        truth.append(base)
    found = leaders(texts_)
    joined = [place for place in range(300, 600) if found[place] != place]
    right = sum(truth[place] == truth[int(found[place])] for place in joined)
    assert right == len(joined)
    assert right / 300 >= 0.97


def test_similar_is_a_share() -> None:
    with pytest.raises(ValueError, match="similar is in"):
        text_groups(*texts(said(CLAIM)), similar=0.0)


def test_one_joins_equal_skeletons_alone() -> None:
    assert grouped(CLAIM, CLAIM.upper(), "BREAKING: " + CLAIM, similar=1.0) == [{0, 1}]


def pictures(*signals: dict[str, Any], media: list[dict[str, Any]] | None = None) -> list[set[str]]:
    return [
        set(group.sha256s)
        for group in media_groups(
            table("image_signals", list(signals)), table("media", media) if media is not None else None
        )
    ]


ORIGINAL = random_hash(1)


@pytest.mark.parametrize(("bits", "joined"), [(0, True), (31, True), (32, False), (72, False)])
def test_pictures_within_31_bits_join(bits: int, joined: bool) -> None:
    found = pictures(image_signal("a", ORIGINAL), image_signal("b", flipped(ORIGINAL, bits)))
    assert found == ([{"a", "b"}] if joined else [])


def test_turned_and_mirrored_pictures_join() -> None:
    from dalil.findings.hamming import turned, words_of

    ways = turned(words_of([ORIGINAL]))[0]
    signals = [image_signal(f"s{n}", way.tobytes()) for n, way in enumerate(ways)]
    assert pictures(*signals, image_signal("other", random_hash(2))) == [{f"s{n}" for n in range(8)}]


def test_plain_pictures_are_left_alone() -> None:
    assert pictures(image_signal("a", ORIGINAL, 49), image_signal("b", ORIGINAL, 49)) == []


def test_pictures_do_not_chain() -> None:
    middle = flipped(ORIGINAL, 25, seed=3)
    far = flipped(middle, 25, seed=4)
    assert pictures(image_signal("a", ORIGINAL), image_signal("b", middle), image_signal("c", far)) == [{"a", "b"}]


def test_the_picture_captured_first_gives_the_key() -> None:
    signals = table("image_signals", [image_signal("b", ORIGINAL), image_signal("a", ORIGINAL)])
    media = [{"obs_id": "1", "sha256": "b", "collected_at": T0}]
    later = {"obs_id": "2", "sha256": "a", "collected_at": T0 + timedelta(days=1)}
    (group,) = media_groups(signals, table("media", [*media, later]))
    assert (group.key, group.sha256s) == ("picture:b", ("b", "a"))
    assert media_groups(signals)[0].key == "picture:a"


def test_an_empty_archive_has_no_groups() -> None:
    assert text_groups(*texts([])) == []
    assert pictures() == []
