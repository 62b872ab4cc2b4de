"""The keys of texts: examples, then the promises that hold for every string."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.signals.awkward import ANY_TEXT

from dalil.signals import texts
from dalil.signals.folding import IGNORABLE
from dalil.signals.texts import keys_of, norm, norm_ckb, skeleton, skeleton_hash, text_keys

ARABIC_TEXT = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهوي ", max_size=60)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", ""),
        ("  The BRIDGE, at Tel-Nahr!  ", "the bridge at tel nahr"),
        ("السَّلامُ عليــــكم", "السلام عليكم"),
        ("أنا إلى آخر الجسرِ", "انا الي اخر الجسر"),
        ("مدينة على الضفّة", "مدينه علي الضفه"),
        ("كتاب کتاب", "كتاب كتاب"),
        ("ڕۆژی چاکە", "روژي چاكه"),
        ("۱۲۳ ١٢٣ 123", "123 123 123"),
        ("نهرررررر", "نهر"),
        ("Nooooo! nooo noo", "no no noo"),
        ("1000000 و ١٠٠٠", "1000000 و 1000"),
        ("ＦＵＬＬ ﷲ ﬁn", "full الله fin"),
        ("can\u00adnot\u200b re\u202ead\ufe0f", "cannot read"),
        ("İstanbul ISTANBUL ıstanbul", "istanbul istanbul istanbul"),
        ("Straße STRASSE", "strasse strasse"),
        ("#تل_نهر", "تل نهر"),
        ("😀 🏴\U000e0067\U000e007f", ""),
        ("see https://example.org/a?b=c، then", "see then"),
        ("نصhttp://example.org/x", "نص"),
        ("www.example.org/x and t.co/Ab1 and and/or", "and and and or"),
        ("thanks @some_one and @h:0af312, @name.example.social!", "thanks and"),
        ("mail bob@example.org", "mail bob example org"),
        ("@سارة_ن قالت", "قالت"),
        ("Москва держится", "москва держится"),
        ("\u0431\u0440\u0438dge", "\u0431p\u0438dge"),
        ("br\u0456dge \u0440\u0430ge", "bridge page"),
        ("a\0b\x1ec", "a b c"),
        ("a\ud800b", "a b"),
    ],
)
def test_norm_by_example(text: str, key: str) -> None:
    assert norm(text) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("The bridge fell", "thebridgefel"),
        ("الله أكبر", "الهاكبر"),
        ("k1ll3d 5oldier5", "kiledsoldiers"),
        ("100 1000 fell", "1001000fel"),
        ("f16 t72 mh370", "f16t72mh370"),
        ("bell low", "below"),
        ("@someone https://example.org", ""),
    ],
)
def test_skeleton_by_example(text: str, key: str) -> None:
    assert skeleton(text) == key


def test_numbers_that_differ_never_share_a_skeleton() -> None:
    assert skeleton("100 fell") != skeleton("1000 fell") != skeleton("10000 fell")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ڕۆژی چاکە بۆ گەڵا", "ڕۆژی چاکە بۆ گەڵا"),
        ("ئه\u200cو کوڕه\u200cي", "ئەو کوڕەی"),
        ("كوردي", "کوردی"),
        ("رۆژ ڕۆژ", "رۆژ ڕۆژ"),
    ],
)
def test_the_kurdish_form_keeps_kurdish_letters(text: str, key: str) -> None:
    assert norm_ckb(text) == key


def test_the_kurdish_form_tells_words_apart_that_norm_merges() -> None:
    assert norm("کوڕ") == norm("کور")
    assert norm_ckb("کوڕ") != norm_ckb("کور")


def test_the_hash_is_the_same_on_every_machine() -> None:
    assert skeleton_hash("") == 0xE4A6A0577479B2B4
    assert text_keys("عاجل: Tel Nahr").skeleton_hash == 0x6E5905DFFC076CDC  # b2sum -l 64


def test_many_texts_at_once_are_the_same_as_one_by_one() -> None:
    some = ["عاجل", "", "The bridge", "\ud800"]
    assert keys_of(some) == [text_keys(text) for text in some]


@given(ANY_TEXT)
def test_no_text_fails_and_keys_hold_together(text: str) -> None:
    keys = text_keys(text)
    assert keys.norm == norm(text)
    assert keys.skeleton == skeleton(text) == skeleton(keys.norm)
    assert keys.skeleton_hash == skeleton_hash(keys.skeleton)
    assert 0 <= keys.skeleton_hash < 2**64
    assert norm_ckb(text) == norm_ckb(norm_ckb(text))


@given(ANY_TEXT)
def test_norm_of_norm_is_norm(text: str) -> None:
    assert norm(norm(text)) == norm(text)


@given(ANY_TEXT)
def test_keys_hold_letters_digits_and_single_spaces_only(text: str) -> None:
    key = norm(text)
    assert key == " ".join(key.split(" "))
    assert key == key.strip()
    assert "  " not in key
    assert not any(character in "@/._#\0\x1e" or "\ud800" <= character <= "\udfff" for character in key)
    assert IGNORABLE.search(key) is None
    assert " " not in skeleton(text)


@given(ANY_TEXT, st.data())
def test_invisible_characters_anywhere_change_nothing(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    hidden = data.draw(
        st.sampled_from(["\u200b", "\u200d", "\u202e", "\u2069", "\ufe0f", "\U000e0041", "\u0640", "\ufeff"])
    )
    assert norm(text[:place] + hidden + text[place:]) == norm(text)


@given(ARABIC_TEXT, st.data())
def test_vowel_signs_anywhere_change_nothing(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    sign = data.draw(st.sampled_from("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"))
    assert norm(text[:place] + sign + text[place:]) == norm(text)


@given(ARABIC_TEXT, st.data())
def test_stretching_a_letter_changes_no_skeleton(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    again = text[:place] + text[max(place - 1, 0) : place] * data.draw(st.integers(0, 9)) + text[place:]
    assert skeleton(again) == skeleton(text)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz ", max_size=60))
def test_case_and_width_change_nothing(text: str) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter != " " else "\u3000" for letter in text)
    assert norm(text.upper()) == norm(wide) == norm(wide.upper()) == norm(text)


@given(ARABIC_TEXT, st.from_regex(r"[a-z0-9_]{1,15}", fullmatch=True), st.from_regex(r"[0-9a-f]{6,64}", fullmatch=True))
def test_a_mention_and_its_keyed_hash_give_the_same_key(text: str, handle: str, keyed: str) -> None:
    for before, after in (("", " " + text), (text + " ", ""), (text + " ", "، " + text), (text + " ", text)):
        assert text_keys(f"{before}@{handle}{after}") == text_keys(f"{before}@h:{keyed}{after}")


@given(ANY_TEXT)
def test_an_address_at_the_end_changes_nothing(text: str) -> None:
    assert norm(text + " https://example.org/" + "ab1") == norm(text + " ")


def test_every_single_character_settles_at_once() -> None:
    for start in range(0, 0x20000, 64):
        line = " ".join(map(chr, range(start, start + 64)))
        assert norm(norm(line)) == norm(line), hex(start)


@pytest.mark.parametrize(
    "hostile",
    [
        "\u0316\u0301" * 100_000,
        "\u302e\U0001d165" * 100_000,
        "a-" * 100_000,
        "a." * 100_000,
        "@a" * 100_000,
        "a" * 200_000,
        "aа" * 100_000,
        "www." * 50_000,
        "http://" * 30_000,
        "a1" * 100_000,
        "\u1100\u1161" * 100_000,
    ],
)
def test_long_hostile_texts_take_no_time_to_speak_of(hostile: str) -> None:
    """With anything quadratic in it this test would run for minutes."""
    assert isinstance(text_keys(hostile), texts.TextKeys)


def test_what_lies_beyond_thirty_marks_is_still_read() -> None:
    text = "e" + "\u0316" * 2000 + " bridge"
    assert norm(text) == "e bridge"
