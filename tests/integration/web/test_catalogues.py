"""The catalogues: complete in Arabic and Sorani, every place kept, the compiled files in step."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dalil.errors import MESSAGES
from dalil.web.catalogues import compiling, extracting
from dalil.web.catalogues.extracting import Sentence

LANGUAGES = (*compiling.COMPLETE, *compiling.STARTED)


@pytest.mark.parametrize("language", compiling.COMPLETE)
def test_arabic_and_sorani_say_everything(language: str) -> None:
    assert compiling.missing(language) == []


def test_every_error_is_in_the_catalogues() -> None:
    said = {sentence.text for sentence in extracting.sentences()}
    for message in MESSAGES.values():
        assert {message.text, message.remedy} <= said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_file_is_in_step(language: str) -> None:
    path = compiling.path_of(language).with_suffix(".mo")
    assert path.read_bytes() == compiling.compiled(language), "run python -m dalil.web.catalogues"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_names_every_sentence_and_no_other(language: str) -> None:
    entries = {
        Sentence(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")
        for entry in compiling.opened(language)
        if not entry.obsolete
    }
    assert entries == set(extracting.sentences()), "run python -m dalil.web.catalogues"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_places_of_the_sentence(language: str) -> None:
    for entry in compiling.opened(language):
        wanted = extracting.places(entry.msgid)
        if entry.msgstr:
            assert extracting.places(entry.msgstr) == wanted, entry.msgid
        forms = entry.msgstr_plural.values()
        for form in forms:
            assert extracting.places(form) <= extracting.places(entry.msgid_plural) | wanted, entry.msgid
        if any(forms):
            assert all(forms), entry.msgid
        stray = re.sub(r"%%|%\(\w+\)s", "", "".join([entry.msgstr, *forms]))
        if "%(" in entry.msgid or "%%" in entry.msgid:
            assert "%" not in stray, entry.msgid


@pytest.mark.parametrize("language", compiling.COMPLETE)
def test_translations_are_written_with_their_own_letters_and_marks(language: str) -> None:
    for entry in compiling.opened(language):
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            bare = re.sub(r"%\(\w+\)s|{\w+}|'[^']*'|https?://", "", text)
            assert "?" not in bare, text
            assert not re.search(r"[؀-ۿ] ?,", bare), text
            assert not re.search(r"[؀-ۿ] ?;", bare), text
            if language == "ckb":
                assert not set("يكةىإأآؤئ".replace("ئ", "")) & set(bare), text
            else:
                assert not set("یکەێۆڵڕڤگچپژ") & set(bare), text


def test_the_circle_is_a_team_and_never_a_cell() -> None:
    for entry in compiling.opened("ar"):
        if "circle" in entry.msgid.lower() and "cell" not in entry.msgid.lower():
            assert "خلية" not in entry.msgstr


def test_templates_are_read_whole() -> None:
    source = (
        '{% translate "One" %} {% translate "95% sure" as x %}'
        "{% blocktranslate count counter=n with n=n|number %}{{ n }} post, 5%{% plural %}{{ n }} posts, 5%{% endblocktranslate %}"
    )
    assert list(extracting.from_template(source)) == [
        Sentence("", "One"),
        Sentence("", "95%% sure"),
        Sentence("", "%(n)s post, 5%%", "%(n)s posts, 5%%"),
    ]


@pytest.mark.parametrize(
    "source",
    ["{% blocktranslate %}open", "{% endblocktranslate %}", "{% blocktranslate %}{% if x %}{% endblocktranslate %}"],
)
def test_a_broken_template_is_told(source: str) -> None:
    with pytest.raises(ValueError, match=r"sentence|block|tag"):
        list(extracting.from_template(source))


def test_modules_are_read() -> None:
    source = 'x = _("a"); y = ngettext("b", "bs", n); z = _in("c", "d"); other("e"); _(name)'
    assert set(extracting.from_module(source)) == {Sentence("", "a"), Sentence("", "b", "bs"), Sentence("c", "d")}


def test_an_update_adds_marks_and_brings_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "LOCALE", tmp_path)
    compiling.path_of("ckb").parent.mkdir(parents=True)
    said = {Sentence("", "One"): ["a.html"], Sentence("", "%(n)s x", "%(n)s xs"): ["b.html"]}
    monkeypatch.setattr(compiling, "sentences", lambda: said)
    made = compiling.update("ckb")
    made.find("One").msgstr = "یەک"
    made.save(str(compiling.path_of("ckb")))
    assert compiling.missing("ckb") == ["%(n)s x"]
    del said[Sentence("", "One")]
    assert compiling.update("ckb").find("One", include_obsolete_entries=True).obsolete
    said[Sentence("", "One")] = ["a.html"]
    assert compiling.update("ckb").find("One").msgstr == "یەک"
