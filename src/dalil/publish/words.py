"""The few words on public pages, in the languages in which answers are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dalil.schema.words import ClaimVerdict, MediaFindingKind

RIGHT_TO_LEFT: Final = frozenset({"ar", "ckb", "fa", "sdh", "ur"})
_RTL_SCRIPTS: Final = ("-arab",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's labels. `verdicts` and `media` are keyed by the closed vocabularies."""

    claim: str
    verdict: str
    verdicts: dict[ClaimVerdict, str]
    media: dict[MediaFindingKind, str]
    settled: str
    seen: str
    corrects: str
    how: str
    home: str
    nothing: str


_EN: Final = Words(
    claim="The claim",
    verdict="Verdict",
    verdicts={ClaimVerdict.FALSE: "False", ClaimVerdict.UNPROVEN: "Unproven", ClaimVerdict.TRUE: "True"},
    media={
        MediaFindingKind.RECYCLED: "A picture or clip shown with it is older than it says.",
        MediaFindingKind.ALTERED: "A picture or clip shown with it was altered.",
        MediaFindingKind.IMPERSONATED: "It wears the name of an outlet that did not publish it.",
        MediaFindingKind.UNCHANGED: "A picture or clip shown with it is unchanged.",
    },
    settled="Settled on",
    seen="First seen on",
    corrects="Correction: this replaces an earlier answer of ours that was wrong.",
    how="Two working groups reached this verdict separately, neither seeing the other's vote.",
    home="All answers",
    nothing="Nothing has been published yet.",
)
_AR: Final = Words(
    claim="الادعاء",
    verdict="الحكم",
    verdicts={ClaimVerdict.FALSE: "غير صحيح", ClaimVerdict.UNPROVEN: "غير مثبت", ClaimVerdict.TRUE: "صحيح"},
    media={
        MediaFindingKind.RECYCLED: "صورة أو مقطع مرفق به أقدم مما يُقال.",
        MediaFindingKind.ALTERED: "صورة أو مقطع مرفق به جرى تعديله.",
        MediaFindingKind.IMPERSONATED: "يحمل اسم جهة إعلامية لم تنشره.",
        MediaFindingKind.UNCHANGED: "صورة أو مقطع مرفق به غير معدَّل.",
    },
    settled="حُسم في",
    seen="أول ظهور في",
    corrects="تصويب: يحل هذا محل جواب سابق لنا لم يكن صحيحًا.",
    how="توصل فريقان إلى هذا الحكم كلٌّ على حدة، من دون أن يرى أحدهما صوت الآخر.",
    home="كل الأجوبة",
    nothing="لم يُنشر شيء بعد.",
)
_CKB: Final = Words(
    claim="ئیدیعاکە",
    verdict="بڕیار",
    verdicts={ClaimVerdict.FALSE: "ڕاست نییە", ClaimVerdict.UNPROVEN: "نەسەلمێنراوە", ClaimVerdict.TRUE: "ڕاستە"},
    media={
        MediaFindingKind.RECYCLED: "وێنە یان ڤیدیۆیەکی هاوپێچ کۆنترە لەوەی دەوترێت.",
        MediaFindingKind.ALTERED: "وێنە یان ڤیدیۆیەکی هاوپێچ دەستکاری کراوە.",
        MediaFindingKind.IMPERSONATED: "ناوی دەزگایەکی پێوەیە کە بڵاوی نەکردووەتەوە.",
        MediaFindingKind.UNCHANGED: "وێنە یان ڤیدیۆیەکی هاوپێچ دەستکاری نەکراوە.",
    },
    settled="یەکلاکرایەوە لە",
    seen="یەکەم جار بینرا لە",
    corrects="ڕاستکردنەوە: ئەمە جێگەی وەڵامێکی پێشووی هەڵەی ئێمە دەگرێتەوە.",
    how="دوو تیم هەریەکە بە جیا گەیشتنە ئەم بڕیارە، بەبێ ئەوەی دەنگی یەکتر ببینن.",
    home="هەموو وەڵامەکان",
    nothing="هێشتا هیچ بڵاو نەکراوەتەوە.",
)
_KU: Final = Words(
    claim="Îdia",
    verdict="Biryar",
    verdicts={
        ClaimVerdict.FALSE: "Ne rast e",
        ClaimVerdict.UNPROVEN: "Nehatiye îsbatkirin",
        ClaimVerdict.TRUE: "Rast e",
    },
    media={
        MediaFindingKind.RECYCLED: "Wêne an vîdyoya pê re ji ya ku tê gotin kevntir e.",
        MediaFindingKind.ALTERED: "Wêne an vîdyoya pê re hatiye guhertin.",
        MediaFindingKind.IMPERSONATED: "Navê dezgeheke ku ew belav nekiriye hildigire.",
        MediaFindingKind.UNCHANGED: "Wêne an vîdyoya pê re nehatiye guhertin.",
    },
    settled="Di vê rojê de hat yekalîkirin",
    seen="Yekem car di vê rojê de hat dîtin",
    corrects="Rastkirin: ev şûna bersiveke me ya berê ya çewt digire.",
    how="Du koman ev biryar cuda cuda da, bêyî ku dengê hev bibînin.",
    home="Hemû bersiv",
    nothing="Hê tiştek nehatiye weşandin.",
)
_ALL: Final = {"en": _EN, "ar": _AR, "ckb": _CKB, "ku": _KU, "kmr": _KU}


def words(language: str) -> Words:
    """The labels of a language by its first subtag; English where there are none."""
    return _ALL.get(language.partition("-")[0].lower(), _EN)


def direction(language: str) -> str:
    """`rtl` or `ltr`."""
    lower = language.lower()
    return "rtl" if lower.partition("-")[0] in RIGHT_TO_LEFT or lower.endswith(_RTL_SCRIPTS) else "ltr"
