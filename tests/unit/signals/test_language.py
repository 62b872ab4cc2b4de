"""Which language a text is in: the promises of the method card, on invented sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from unit.signals.awkward import ANY_TEXT

from dalil.signals.language import CODES, SAMPLE, UNKNOWN, Language, identify

SENTENCES = {
    "ar": [
        "أعلن سكان تل نهر أن الجسر مفتوح منذ صباح اليوم ولم تقع أي اشتباكات",
        "الجسر مفتوح من الصبح وماكو أي شي والناس بالسوق",
        "قالت الصفحة إن الصورة قديمة وتعود إلى العام الماضي",
        "شنو هاي الصوره قديمه مو من اليوم لا تصدكون",
        "يا جماعة الصورة دي قديمة ومفيش أي حاجة حصلت النهارده",
    ],
    "ckb": [
        "لە شاری تەل نەهر ڕێگاکە کراوەیە و هیچ شەڕێک نییە",
        "ئەم وێنەیە کۆنە و هی ساڵی ڕابردووە",
        "خەڵکی شارەکە دەڵێن پردەکە لە بەیانییەوە کراوەیە",
    ],
    "kmr-Arab": [
        "ژ ئەڤرۆ پێ د ئاڤاهی دا هەر کەس دشێت بێت",
        "ئەڤ وێنە یێ کەڤنە و ژ سالا بۆری یە",
        "پشتی هنگی خەلک هاتیە دەرێ و گەلەک کەس ل بازاری بوون",
    ],
    "kmr": [
        "Li bajarê Tel Nehr rê vekirî ye û şer tune",
        "Ev wêne kevn e û ji sala borî ye",
        "Xelk dibêjin pir ji sibehê ve vekirî ye",
    ],
    "fa": [
        "پل از امروز صبح باز است و درگیری وجود ندارد",
        "این عکس قدیمی است و به سال گذشته مربوط می‌شود",
    ],
    "tr": [
        "Köprü bu sabahtan beri açık ve çatışma yok",
        "Bu fotoğraf eski, geçen yıla ait olduğu söyleniyor",
    ],
    "az": ["Körpü bu səhərdən açıqdır və heç bir döyüş yoxdur"],
    "tk": ["Köpri şu irden bäri açyk we söweş ýok", "Bu surat köne, geçen ýylyň suraty"],
    "en": [
        "The bridge has been open since this morning and there was no fighting",
        "This photo is old, it was taken on the 2nd of May at 5pm, 3km away",
    ],
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in SENTENCES.items() for text in texts])
def test_each_language_is_told(code: str, text: str) -> None:
    found = identify(text)
    assert found.code == code
    assert not found.arabizi


@pytest.mark.parametrize(("code", "text"), [(code, texts[0]) for code, texts in SENTENCES.items()])
def test_links_mentions_and_signs_do_not_matter(code: str, text: str) -> None:
    dressed = f"@someone @h:0123abcd 😀 {text} https://example.org/the-news-of-the-day www.example.org"
    assert identify(dressed).code == code


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("ڕێگا کراوەیە", "alphabet"),
        ("لە شاری تەل نەهر ڕێگاکە کراوەیە", "alphabet"),
        ("ئەڤ وێنە یێ کەڤنە", "words"),
        ("أعلن السكان أن المدينة مفتوحة", "alphabet"),
        ("الجسر مفتوح من الصبح وماكو شي", "model"),
        ("The bridge has been open since morning", "model"),
        ("خبر عاجل", "short"),
        ("breaking news now", "short"),
        ("Мост открыт с самого утра", "script"),
        ("كۆۋرۈك بۈگۈن ئەتىگەندىن بېرى ئوچۇق", "script"),
        ("橋は今朝から開いている", "script"),
        ("😀 123 !!", "none"),
        ("", "none"),
        ("https://example.org/a @h:0123abcd", "none"),
        ("\ud800", "none"),
    ],
)
def test_the_basis_says_why(text: str, basis: str) -> None:
    found = identify(text)
    assert found.basis == basis
    assert (found.code == UNKNOWN) == (basis in ("short", "script", "none"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("عاجل", UNKNOWN),
        ("مدينة", "ar"),
        ("إلى الجسر", "ar"),
        ("ڕێگا", "ckb"),
        ("Çi bû? Wêne!", "kmr"),
        ("xəbər", "az"),
        ("گزارش تازه", UNKNOWN),
    ],
)
def test_under_four_words_only_an_alphabet_decides(text: str, code: str) -> None:
    assert identify(text).code == code


def test_a_kurdish_name_in_an_arabic_text_does_not_make_it_kurdish() -> None:
    text = "قال السيد گۆران في تصريح صحفي إن الجسر مفتوح أمام السيارات منذ ساعات الصباح الأولى"
    assert identify(text) == Language("ar", "model", arabizi=False)


@pytest.mark.parametrize(
    "text",
    [
        "wallah el 7ayat 7elwa w ma3 el nas",
        "el jisr mafto7 men el sobo7 w ma fi ay 7arb",
        "3ajel 3ajel el soura 2adeema",
        "sho hay el soora 2adeema mesh men el yom ya jama3a",
    ],
)
def test_arabic_in_latin_letters_and_digits_is_flagged(text: str) -> None:
    assert identify(text) == Language("ar-Latn", "alphabet", arabizi=True)


@pytest.mark.parametrize(
    "text",
    [
        "the 2nd and 3rd of may at 5pm it is 35km and 7mm",
        "an f16 and a b2b mp3 of the g20 at 9am",
        "covid19 is in the news of 2022",
        "the wi7 password is in the file and it is not for you",
    ],
)
def test_digits_in_english_are_not_arabizi(text: str) -> None:
    assert not identify(text).arabizi


@given(ANY_TEXT)
def test_no_text_fails_and_every_answer_is_in_the_list(text: str) -> None:
    found = identify(text)
    assert found.code in CODES
    assert found.basis in ("alphabet", "words", "model", "short", "script", "none")
    assert found.arabizi == (found.code == "ar-Latn")


@given(ANY_TEXT)
def test_only_the_beginning_counts(text: str) -> None:
    begin = "The bridge has been open since this morning and there was no fighting at all anywhere in the town. "
    assert len(begin) > SAMPLE - 2
    assert identify(begin + begin + text.replace("@", "")) == identify(begin + begin)


def test_a_very_long_text_is_no_burden() -> None:
    assert identify("الجسر مفتوح من الصبح " * 100_000).code == "ar"
