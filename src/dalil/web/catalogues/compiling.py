"""Writes the catalogues: missing entries into the `.po` files, and the `.mo` files from them.

The `.po` files are edited by hand. An entry that nothing says any more stays, marked obsolete, so
that a sentence that comes back finds its translation.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polib

from dalil.web.catalogues.extracting import ROOM, Sentence, sentences

LOCALE: Final = ROOM / "locale"
COMPLETE: Final = ("ar", "ckb")
"""Languages that say everything; English is the source, and Kurmanji in Latin letters has begun."""
STARTED: Final = ("ku",)
PLURALS: Final[Mapping[str, str]] = {
    "ar": (
        "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;"
    ),
    "ckb": "nplurals=2; plural=(n != 1);",
    "ku": "nplurals=2; plural=(n != 1);",
}
_WIDTH: Final = 110


def path_of(language: str) -> Path:
    """The `.po` file of a language; the `.mo` lies beside it."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def opened(language: str) -> polib.POFile:
    """The catalogue of a language, or a new one."""
    path = path_of(language)
    if path.is_file():
        return polib.pofile(str(path), wrapwidth=_WIDTH)
    made = polib.POFile(wrapwidth=_WIDTH)
    made.metadata = {
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": PLURALS[language],
    }
    return made


def update(language: str) -> polib.POFile:
    """Add what pages say and the catalogue lacks, mark what they no longer say; written to disk."""
    catalogue, said = opened(language), sentences()
    known = {Sentence(entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""): entry for entry in catalogue}
    forms = int(PLURALS[language][len("nplurals=")])
    for sentence, where in said.items():
        entry = known.get(sentence)
        if entry is None:
            entry = polib.POEntry(msgctxt=sentence.context or None, msgid=sentence.text)
            if sentence.plural:
                entry.msgid_plural, entry.msgstr_plural = sentence.plural, dict.fromkeys(range(forms), "")
            catalogue.append(entry)
        entry.occurrences, entry.obsolete = [(place, "") for place in where], False
    for sentence, entry in known.items():
        if sentence not in said:
            entry.obsolete = True
    catalogue.sort(key=lambda entry: (entry.obsolete, entry.occurrences[:1], entry.msgid))
    catalogue.save(str(path_of(language)))
    return catalogue


def compiled(language: str) -> bytes:
    """The bytes of the `.mo` file."""
    return bytes(opened(language).to_binary())


def compile_all() -> None:
    """Write every `.mo` file."""
    for language in (*COMPLETE, *STARTED):
        path_of(language).with_suffix(".mo").write_bytes(compiled(language))


def missing(language: str) -> list[str]:
    """What pages say and the catalogue does not translate in full."""
    translated = {
        Sentence(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")
        for entry in opened(language)
        if not entry.obsolete and entry.translated()
    }
    return [sentence.text for sentence in sentences() if sentence not in translated]
