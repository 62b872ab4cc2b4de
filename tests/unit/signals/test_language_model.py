"""The tables that are shipped are py3langid's own, and both ways through them say what it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier
from unit.signals.awkward import ANY_TEXT
from unit.signals.test_language import SENTENCES

from dalil.signals import language_model
from dalil.signals.language_model import ARABIC, CODES, LATIN, classify, classify_many

SAMPLES = st.lists(st.sampled_from([text for some in SENTENCES.values() for text in some]) | ANY_TEXT, max_size=6)


@pytest.fixture(scope="module")
def whole() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE)


def test_the_tables_are_those_of_the_package(whole: LanguageIdentifier) -> None:
    """Where this fails, the package has a new model: make the tables anew and raise `language.VERSION`."""
    found = {
        name: np.frombuffer(data, dtype=language_model.PARTS[name]) for name, data in language_model._unpacked().items()
    }
    columns = [whole.nb_classes.index(code) for code in CODES]
    assert np.array_equal(found["moves"], whole.tk_nextmove)
    assert np.array_equal(found["rows"], whole.tk_row)
    assert np.array_equal(found["features"], whole.tk_output)
    assert np.array_equal(found["scores"].reshape(-1, len(CODES)), whole.nb_ptc[:, columns])
    assert np.array_equal(found["priors"], whole.nb_pc[columns])


def test_one_text_is_told_as_the_package_tells_it(whole: LanguageIdentifier) -> None:
    for codes, script in ((ARABIC, "arabic"), (LATIN, "latin")):
        columns = [whole.nb_classes.index(code) for code in codes]
        scores = np.ascontiguousarray(whole.nb_ptc[:, columns], dtype=np.float32)
        priors = whole.nb_pc[columns]
        theirs = LanguageIdentifier(
            scores, priors, list(codes), whole.tk_nextmove, whole.tk_output, tk_row=whole.tk_row
        )
        for text in [text for some in SENTENCES.values() for text in some] + ["", "x", "橋"]:
            assert classify(text, script) == theirs.classify(text)[0]


@given(SAMPLES)
def test_many_are_told_as_one_or_left_open(samples: list[str]) -> None:
    lower = [text.lower() for text in samples]
    encoded = [language_model._identifier("latin")._encode(text) for text in lower]
    lengths = np.array([len(data) for data in encoded], dtype=np.int64)
    data = np.frombuffer(b"".join(encoded), dtype=np.uint8)
    for codes, script in ((ARABIC, "arabic"), (LATIN, "latin")):
        found = classify_many(data, np.cumsum(lengths) - lengths, lengths, script)
        for text, answer in zip(lower, found.tolist(), strict=True):
            assert answer == -1 or codes[answer] == classify(text, script)


def test_a_file_that_is_none_is_refused(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "languages.bin"
    wrong.write_bytes(b"something else")
    monkeypatch.setattr(language_model, "FILE", wrong)
    with pytest.raises(ValueError, match="no table of languages"):
        language_model._unpacked()
