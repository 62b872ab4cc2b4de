"""Search over a small archive: the right posts, held against a slow search through everything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import search_posts
from hypothesis import given, settings
from hypothesis import strategies as st
from search_posts import AT, Made

from dalil.archive import workspace
from dalil.archive.keys import Cost
from dalil.archive.reading import Archive
from dalil.archive.search import asking, building, words
from dalil.archive.search.asking import look, names, sources
from dalil.archive.search.index import SearchIndex
from dalil.archive.search.questions import Found, Question
from dalil.archive.workspace import Workspace
from dalil.signals.texts import norm


def ask(house: Workspace, *some: str, **filters: object) -> Found:
    return look(SearchIndex(house), Question(words=tuple(norm(" ".join(some)).split()), **filters), norm)  # type: ignore[arg-type]


def texts(found: Found) -> list[str]:
    return [hit.document.text for hit in found.hits]


def indexed(house: Workspace, archive: Archive, *posts: Made) -> None:
    search_posts.store(house, posts)
    building.refresh(archive)


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


BRIDGE = Made("سيطر الرتل على جسر تل نهر", number=1)
MARKET = Made("احترق سوق المدينة الكبير", number=2)
ENGLISH = Made("The bridges at Tel Nahr are open", "en", number=3)
SORANI = Made("شارەکە ئارامە و پردەکە کراوەیە", "ckb", number=4)


@pytest.fixture
def four(house: Workspace, archive: Archive) -> Workspace:
    indexed(house, archive, BRIDGE, MARKET, ENGLISH, SORANI)
    return house


@pytest.mark.parametrize(
    ("looked_for", "found"),
    [
        ("الجسر", BRIDGE),
        ("وبالجسر", BRIDGE),
        ("مدينتهم", MARKET),
        ("bridge", ENGLISH),
        ("BRIDGE", ENGLISH),
        ("شارەکە", SORANI),
        ("تل نهر", BRIDGE),
        ("نهر تل", BRIDGE),
    ],
)
def test_a_word_is_found_in_its_other_forms(four: Workspace, looked_for: str, found: Made) -> None:
    answer = ask(four, looked_for)
    assert texts(answer) == [found.text]
    assert answer.total == 1
    assert answer.hits[0].found_by == "all"
    assert answer.documents == 4


def test_sorani_is_not_stemmed(four: Workspace) -> None:
    assert ask(four, "شار").total == 0


def test_what_is_not_there_is_not_found(four: Workspace) -> None:
    answer = ask(four, "helicopter")
    assert answer.hits == ()
    assert answer.total == 0


def test_some_words_come_behind_all_words(four: Workspace) -> None:
    answer = ask(four, "bridges market nahr")
    assert answer.total == 0
    assert [hit.found_by for hit in answer.hits] == ["some"]
    assert texts(answer) == [ENGLISH.text]


def test_similar_spelling_comes_last_and_says_so(four: Workspace) -> None:
    for wrong in ("bridgse", "bridgws", "brdges"):
        answer = ask(four, wrong)
        assert answer.total == 0
        assert [(hit.found_by, hit.document.text) for hit in answer.hits] == [("similar", ENGLISH.text)]
    both = ask(four, "bridgws", "nahr")
    assert both.hits[0].document.text == ENGLISH.text


def test_words_in_a_row_beginnings_and_exceptions(four: Workspace) -> None:
    index = SearchIndex(four)
    assert look(index, Question(phrases=(("tel", "nahr"),)), norm).total == 1
    assert look(index, Question(phrases=(("nahr", "tel"),)), norm).total == 0
    assert look(index, Question(phrases=(tuple(norm("جسر تل").split()),)), norm).total == 1
    assert look(index, Question(beginnings=("brid",)), norm).total == 1
    assert look(index, Question(words=("nahr",), without=("bridge",)), norm).total == 0


def kinds_of_post() -> tuple[Made, ...]:
    return (
        Made("one word", "en", number=1),
        Made("one word", "en", number=2, way="reply"),
        Made("one word", "en", number=3, way="quote", links=1),
        Made("one word", "en", number=4, way="forward", media=(("ab" * 32, "video/mp4"),)),
        Made("one word", "en", number=5, media=(("cd" * 32, "image/jpeg"), ("ef" * 32, "audio/ogg"))),
        Made("one word", "en", number=6, state="deleted", media=(("aa" * 32, "application/pdf"),)),
    )


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        ("post", {1, 5, 6}),
        ("reply", {2}),
        ("quote", {3}),
        ("forward", {4}),
        ("picture", {5}),
        ("video", {4}),
        ("sound", {5}),
        ("file", {6}),
        ("link", {3}),
        ("gone", {6}),
    ],
)
def test_kinds(house: Workspace, archive: Archive, kind: str, numbers: set[int]) -> None:
    made = kinds_of_post()
    indexed(house, archive, *made)
    found = {hit.document.obs_id.hex() for hit in ask(house, "word", kinds=(kind,)).hits}
    assert found == {post.obs_id for post in made if post.number in numbers}


def test_filters_by_platform_language_and_source(house: Workspace, archive: Archive) -> None:
    indexed(
        house,
        archive,
        Made("one word", "en", platform="x", author="x:1", number=1, name="Radio Nahr"),
        Made(
            "one word", "ar", platform="telegram", author="telegram:h:9", public=False, container="telegram:5", number=2
        ),
        Made("one word", "kmr-Arab", platform="x", author="x:h:77", public=False, number=3),
    )
    assert ask(house, "word", platforms=("telegram",)).total == 1
    assert ask(house, "word", platforms=("telegram", "x")).total == 3
    assert ask(house, "word", languages=("kmr-Arab",)).total == 1
    assert ask(house, "word", languages=("kmr",)).total == 0
    assert ask(house, "word", sources=("x:1",)).total == 1
    assert ask(house, "word", sources=("telegram:5",)).total == 1
    assert ask(house, sources=("x:1",)).total == 1, "a filter alone is a question"


def test_nobody_can_list_what_a_private_account_wrote(house: Workspace, archive: Archive) -> None:
    indexed(house, archive, Made("one word", author="x:h:77", public=False, container="x:h:3"))
    for source in ("x:h:77", "x:h:3"):
        assert ask(house, "word", sources=(source,)).total == 0


def test_public_accounts_are_found_by_name_and_named_by_their_last(house: Workspace, archive: Archive) -> None:
    later = datetime(2026, 5, 12, tzinfo=UTC)
    indexed(
        house,
        archive,
        Made("a", author="x:1", name="Radio Nahr 100%", number=1),
        Made("b", author="x:1", name="Radio Sahlara 100%", number=2, captured=later),
        Made("c", author="x:h:2", name="Somebody Private", number=3),
    )
    index = SearchIndex(house)
    assert sources(index, "SAHLARA") == ["x:1"]
    assert sources(index, "nahr") == []
    assert sources(index, "100%") == ["x:1"]
    assert sources(index, "1%0") == sources(index, "_adio") == []
    assert sources(index, "private") == []
    assert names(index, ["x:1", "x:h:2", "x:9"]) == {"x:1": "Radio Sahlara 100%"}
    assert names(index, []) == {}


def test_time_is_exact_within_the_hour(house: Workspace, archive: Archive) -> None:
    moments = [AT + timedelta(minutes=n) for n in range(0, 180, 20)]
    indexed(house, archive, *(Made("word", "en", at=at, number=n) for n, at in enumerate(moments)))
    for since in (AT - timedelta(seconds=1), AT, AT + timedelta(seconds=1), AT + timedelta(minutes=61)):
        for until in (AT + timedelta(minutes=60), AT + timedelta(minutes=119, seconds=59), AT + timedelta(minutes=120)):
            found = ask(house, "word", since=seconds(since), until=seconds(until), newest=True)
            right = [at for at in reversed(moments) if since <= at <= until]
            assert [hit.document.at for hit in found.hits] == [seconds(at) for at in right]
            assert found.total == len(right)


def test_a_post_without_a_time_lies_at_its_capture(house: Workspace, archive: Archive) -> None:
    indexed(house, archive, Made("word", "en", at=None))
    (hit,) = ask(house, "word").hits
    assert not hit.document.dated
    assert hit.document.at == hit.document.captured == seconds(Made("").captured)


@pytest.mark.parametrize("year", [1, 1960, 9999])
def test_absurd_times_are_kept_as_they_are(house: Workspace, archive: Archive, year: int) -> None:
    at = datetime(year, 6, 1, tzinfo=UTC)
    indexed(house, archive, Made("word", "en", at=at))
    (hit,) = ask(house, "word").hits
    assert hit.document.at == seconds(at)
    assert ask(house, "word", since=0, until=seconds(AT)).total == 0 or year < 1970


def test_captures_of_one_post_are_one_find(house: Workspace, archive: Archive) -> None:
    first = Made("the same word", "en", uid="x:7", number=1)
    later = Made("the same word, edited", "en", uid="x:7", number=2, captured=datetime(2026, 5, 12, tzinfo=UTC))
    indexed(house, archive, first, later, Made("another word", "en", uid="x:8"))
    found = ask(house, "word")
    assert sorted((hit.document.uid, hit.captures) for hit in found.hits) == [("x:7", 2), ("x:8", 1)]
    assert found.total == 3


def test_bounds_are_told(house: Workspace, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "COUNTED", 5)
    monkeypatch.setattr(asking, "RANKED", 3)
    made = [Made("word", "en", at=AT + timedelta(hours=n), number=n) for n in range(8)]
    indexed(house, archive, *made)
    found = ask(house, "word", limit=2)
    assert (found.total, found.at_least, found.ranked, len(found.hits)) == (5, True, 3, 2)
    newest = ask(house, "word", limit=2, newest=True)
    assert newest.ranked is None
    assert [hit.document.at for hit in newest.hits] == [seconds(made[7].at or AT), seconds(made[6].at or AT)]


def test_a_word_that_is_everywhere_is_known_to_be(
    house: Workspace, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_SAMPLE", 4)
    posts = [
        Made("common" + (" rare" if n == 3 else ""), "en", at=AT + timedelta(hours=n), number=n) for n in range(40)
    ]
    indexed(house, archive, *posts)
    with SearchIndex(house).reading() as connection:
        facts = dict(connection.execute("SELECT name, value FROM facts"))
        corpus = asking._Corpus(connection, Question(), facts)
        common, rare = (asking.word_group(word) for word in ("common", "rare"))
        assert 30 <= corpus.holding(common) <= 40
        assert corpus.holding(rare) == 1


# The same questions by a slow search through everything.

ROOTS = ["جسر", "سوق", "مدينة", "قصر", "bridge", "market", "شار", "پرد"]
made_posts = st.lists(
    st.builds(
        Made,
        text=st.lists(st.sampled_from(ROOTS), min_size=1, max_size=5).map(" ".join),
        lang=st.sampled_from(["ar", "en", "ckb", "unknown"]),
        at=st.one_of(st.none(), st.integers(0, 96).map(lambda n: AT + timedelta(minutes=45 * n))),
        platform=st.sampled_from(["x", "telegram"]),
        number=st.integers(0, 10**6),
    ),
    min_size=1,
    max_size=14,
    unique_by=lambda post: post.obs_id,
)


def naive(posts: list[Made], question: Question) -> set[str]:
    stems = words.Stems()
    found = set()
    for post in posts:
        held = stems.tokens(norm(post.text), post.lang)
        at = seconds(post.at or post.captured)
        if (
            all(set(words.forms(word)) & set(held) for word in question.words)
            and (not question.platforms or post.platform in question.platforms)
            and (not question.languages or post.lang in question.languages)
            and (question.since is None or question.since <= at)
            and (question.until is None or at <= question.until)
        ):
            found.add(post.obs_id)
    return found


questions = st.builds(
    Question,
    words=st.lists(st.sampled_from(ROOTS).map(norm), min_size=1, max_size=2, unique=True).map(tuple),
    platforms=st.sampled_from([(), ("x",)]),
    languages=st.sampled_from([(), ("ar",), ("en", "ckb")]),
    since=st.one_of(st.none(), st.integers(0, 96).map(lambda n: seconds(AT) + 2700 * n)),
    until=st.one_of(st.none(), st.integers(0, 96).map(lambda n: seconds(AT) + 2700 * n + 1)),
    newest=st.booleans(),
)


@settings(max_examples=25, deadline=None)
@given(posts=made_posts, asked=st.lists(questions, min_size=1, max_size=6), cut=st.integers(0, 14))
def test_found_is_what_a_slow_search_finds(
    tmp_path_factory: pytest.TempPathFactory, posts: list[Made], asked: list[Question], cut: int
) -> None:
    house = workspace.create(
        tmp_path_factory.mktemp("search") / "w", zone="UTC", passphrase="p", demo=True, cost=Cost(1, 64, 1)
    )
    with Archive(house, memory_mib=256, threads=1) as archive:
        for part in (posts[:cut], posts[cut:]):
            if part:
                search_posts.store(house, part)
                building.refresh(archive)
    for question in asked:
        found = look(SearchIndex(house), question, norm)
        exact = [hit for hit in found.hits if hit.found_by == "all"]
        assert {hit.document.obs_id.hex() for hit in exact} == naive(posts, question)
        assert found.total == len(naive(posts, question))
        if question.newest:
            assert [hit.document.at for hit in exact] == sorted((hit.document.at for hit in exact), reverse=True)
