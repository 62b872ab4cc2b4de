"""Public pages: escaped, directed, fact first, complete without a script or anything from elsewhere."""

from __future__ import annotations

import json
import re
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.desk.rows import SettledAnswer
from dalil.errors import InputError
from dalil.publish import claimreview, words
from dalil.publish.site import MARKER, Site, contents, page_name
from dalil.schema.words import ClaimType, ClaimVerdict, MediaFindingKind

SITE = Site(name="The Two Rivers Desk", address="https://example.org/answers", language="ar")
TODAY = date(2026, 5, 18)
ATOM = "{http://www.w3.org/2005/Atom}"
VOID = {"meta", "link", "img", "br"}


def answer(**changes):
    values = {
        "answer_id": "a" * 32,
        "sentence": "The Grey Column says it holds the bridge at Tel Nahr.",
        "sentence_lang": "en",
        "claim_type": ClaimType.VICTORY,
        "verdict": ClaimVerdict.FALSE,
        "settled_on": date(2026, 5, 16),
        "first_seen_on": date(2026, 5, 15),
        "text": "الجسر في الصورة هو جسر قصر عدلان.\nالصورة منشورة منذ تشرين الثاني ٢٠٢٣.",
        "language": "ar",
        "platform": "facebook",
        "posted_on": date(2026, 5, 17),
        "media": (MediaFindingKind.RECYCLED,),
        "corrects": False,
    }
    return SettledAnswer(**{**values, **changes})


class Reader(HTMLParser):
    """Collects tags and text, and refuses what is not closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if data.strip():
            self.texts.append((self.open[-1] if self.open else "", data.strip()))


def page_of(one, site=SITE):
    return contents([one], site=site, today=TODAY)[page_name(one)].decode()


def review_of(page):
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1])


def test_the_fact_comes_first_and_the_claim_is_worded_as_one():
    page = Reader(page_of(answer()))
    told = [text for tag, text in page.texts if tag not in ("title", "script")]
    assert told[0] == "الجسر في الصورة هو جسر قصر عدلان."
    assert told.index("The Grey Column says it holds the bridge at Tel Nahr.") > told.index("الادعاء")
    assert any("الحكم: غير صحيح" in text for text in told)


def test_direction_follows_each_text_s_language():
    tags = Reader(page_of(answer())).tags
    assert dict(tags)["html"] == {"lang": "ar", "dir": "rtl"}
    assert dict(tags)["blockquote"] == {"lang": "en", "dir": "ltr"}
    english = Reader(page_of(answer(language="en", text="Another bridge.", sentence_lang="ckb")))
    assert dict(english.tags)["html"]["dir"] == "ltr"
    assert dict(english.tags)["blockquote"]["dir"] == "rtl"


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("ar", "rtl"),
        ("ar-IQ", "rtl"),
        ("ckb", "rtl"),
        ("kmr-Arab", "rtl"),
        ("kmr", "ltr"),
        ("ku", "ltr"),
        ("en", "ltr"),
    ],
)
def test_directions(language, direction):
    assert words.direction(language) == direction


def test_each_language_has_every_word():
    for language in ("en", "ar", "ckb", "ku", "tr"):
        label = words.words(language)
        assert set(label.verdicts) == set(ClaimVerdict)
        assert set(label.media) == set(MediaFindingKind)
    assert words.words("tr") is words.words("en")


def test_a_correction_stands_above_the_answer():
    texts = [text for _, text in Reader(page_of(answer(corrects=True))).texts]
    assert words.words("ar").corrects in texts[:3]
    feed = contents([answer(corrects=True)], site=SITE, today=TODAY)["feed.atom"].decode()
    assert words.words("ar").corrects in feed


def test_no_script_runs_and_nothing_comes_from_elsewhere():
    files = contents([answer(), answer(answer_id="b" * 32, language="en")], site=SITE, today=TODAY)
    for name, data in files.items():
        if not name.endswith(".html"):
            continue
        for tag, attributes in Reader(data.decode()).tags:
            assert not [key for key in attributes if key.startswith("on")]
            assert tag not in ("iframe", "object", "embed", "form", "base", "style")
            assert tag != "script" or attributes == {"type": "application/ld+json"}
            for key in ("src", "href", "srcset", "action"):
                target = attributes.get(key)
                assert target is None or target in files
        assert "default-src 'none'" in data.decode()
    assert b"url(" not in files["site.css"]
    assert b"@import" not in files["site.css"]
    assert sum(map(len, files.values())) < 20_000


hostile = st.text(
    alphabet=st.one_of(st.sampled_from("<>&\"'`/-!{}\n"), st.characters(exclude_categories=["Cs", "Cc"])),
    min_size=1,
    max_size=80,
).map(lambda text: text + "x")


@given(hostile, hostile, hostile)
def test_no_text_breaks_out_of_its_place(text, sentence, name):
    one = answer(text=text, sentence=sentence, sentence_lang="en", language="en")
    site = Site(name=name, address="https://example.org", language="en")
    files = contents([one], site=site, today=TODAY)
    plain = Reader(page_of(answer(text="x", sentence="y"), site))
    page = Reader(files[page_name(one)].decode())
    count = sum(tag != "p" for tag, _ in page.tags)
    assert count == sum(tag != "p" for tag, _ in plain.tags)
    assert review_of(files[page_name(one)].decode())["text"] == text
    assert len(ET.fromstring(files["feed.atom"]).findall(f"{ATOM}entry")) == 1
    Reader(files["index.html"].decode())


def test_a_script_end_in_a_text_stays_text():
    page = page_of(answer(text="</script><script>alert(1)</script><!--", language="en"))
    assert page.count("<script") == 1
    assert review_of(page)["text"] == "</script><script>alert(1)</script><!--"


@pytest.mark.parametrize(
    ("verdict", "value", "word"),
    [(ClaimVerdict.FALSE, 1, "غير صحيح"), (ClaimVerdict.UNPROVEN, 3, "غير مثبت"), (ClaimVerdict.TRUE, 5, "صحيح")],
)
def test_claim_review_has_what_importers_read(verdict, value, word):
    review = review_of(page_of(answer(verdict=verdict)))
    assert review["@context"] == "https://schema.org"
    assert review["@type"] == "ClaimReview"
    assert review["claimReviewed"] == answer().sentence
    assert review["headline"] == "الجسر في الصورة هو جسر قصر عدلان."
    assert review["reviewRating"] == {
        "@type": "Rating", "ratingValue": value, "bestRating": 5, "worstRating": 1, "alternateName": word,
    }  # fmt: skip
    assert review["image"] == f"https://example.org/answers/mark-{verdict.value}.svg"
    assert review["keywords"] == f"victory, {verdict.value}"
    assert review["url"] == f"https://example.org/answers/{page_name(answer())}"
    assert (review["datePublished"], review["inLanguage"]) == ("2026-05-17", "ar")
    assert review["itemReviewed"] == {"@type": "Claim", "datePublished": "2026-05-15"}
    assert review["associatedMediaReview"][0]["mediaAuthenticityCategory"].endswith("DecontextualizedContent")


def test_a_claim_never_links_to_where_it_is_live():
    review = json.dumps(review_of(page_of(answer())))
    for name in ("appearance", "firstAppearance", "originalMediaLink", "contentUrl"):
        assert name not in review
    assert set(re.findall(r"https?://[^/\"]+", review)) == {"https://schema.org", "https://example.org"}


def test_headlines_are_cut_at_a_word():
    long = "word " * 60
    assert len(claimreview.headline(long)) <= claimreview.HEADLINE_CHARACTERS
    assert claimreview.headline(long).endswith("word…")
    assert claimreview.headline(" one line \nmore") == "one line"


def test_the_feed_is_atom():
    answers = [answer(answer_id=f"{n:032x}", posted_on=date(2026, 5, n + 1)) for n in range(3)][::-1]
    feed = ET.fromstring(contents(answers, site=SITE, today=TODAY)["feed.atom"])
    assert feed.tag == f"{ATOM}feed"
    for required in ("id", "title", "updated", "author"):
        assert len(feed.findall(f"{ATOM}{required}")) == 1
    assert feed.find(f"{ATOM}author/{ATOM}name").text == SITE.name
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == "https://example.org/answers/feed.atom"
    stamp = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.find(f"{ATOM}id").text for entry in entries]
    assert ids == [f"https://example.org/answers/{page_name(one)}" for one in answers]
    assert len(set(ids)) == 3
    for entry in entries:
        for required in ("id", "title", "updated", "content"):
            assert len(entry.findall(f"{ATOM}{required}")) == 1
        assert stamp.fullmatch(entry.find(f"{ATOM}updated").text)
        assert entry.find(f"{ATOM}content").get("type") == "text"
        assert entry.find(f"{ATOM}link[@rel='alternate']") is not None
    assert feed.find(f"{ATOM}updated").text == "2026-05-16T00:00:00Z"


def test_an_empty_site_says_so():
    files = contents([], site=SITE, today=TODAY)
    assert words.words("ar").nothing in files["index.html"].decode()
    assert b"2026-05-18T00:00:00Z" in files["feed.atom"]
    assert set(files) == {"index.html", "feed.atom", "site.css", MARKER, *(f"mark-{v.value}.svg" for v in ClaimVerdict)}


def test_marks_are_drawings_without_scripts():
    for verdict in ClaimVerdict:
        root = ET.fromstring(contents([], site=SITE, today=TODAY)[f"mark-{verdict.value}.svg"])
        assert {child.tag.rpartition("}")[2] for child in root} == {"circle", "path"}


@pytest.mark.parametrize("address", ["", "example.org", "javascript:x", "file:///x"])
def test_the_address_is_one(address):
    with pytest.raises(InputError):
        contents([], site=Site(name="x", address=address), today=TODAY)
