"""The words that stand in cells, in English, Arabic and Sorani: kinds of account, who can see a post, its state."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from dalil.schema.words import AccountKind, State, Visibility
from dalil.sources.platforms import platform_named
from dalil.sources.written_times import latin_digits

_SPACES: Final = re.compile(r"[\s_\-./:؟?]+")
_LOOK_ALIKE: Final = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ھ": "ه", "ة": "ه", "ـ": ""}
)

_PLATFORMS: Final = {
    "facebook": ("فيسبوك", "فيس بوك", "الفيسبوك", "فەیسبووک", "فەیسبوک"),
    "instagram": ("انستغرام", "انستقرام", "إنستغرام", "ئینستاگرام", "ئینستگرام"),
    "telegram": ("تلغرام", "تيليغرام", "تليجرام", "تيليجرام", "تێلێگرام", "تەلەگرام"),
    "tiktok": ("تيك توك", "تیک تۆک", "تیکتۆک"),
    "youtube": ("يوتيوب", "یوتیوب", "یوتوب"),
    "x": ("تويتر", "إكس", "اكس", "تویتەر", "ئێکس"),
    "whatsapp": ("واتساب", "واتسآب", "وەتسئاپ"),
    "other": ("أخرى", "غير ذلك", "هی تر", "یتر"),
}
_KINDS: Final = {
    AccountKind.PAGE: ("page", "fan page", "صفحة", "پەڕە", "لاپەڕە", "پەیج"),
    AccountKind.GROUP: ("group", "مجموعة", "جروب", "كروب", "گروپ", "گرووپ"),
    AccountKind.CHANNEL: ("channel", "قناة", "کەناڵ", "کەناڵێک"),
    AccountKind.OUTLET: ("outlet", "news outlet", "media", "وسيلة إعلام", "وسيلة إعلامية", "مؤسسة إعلامية", "دەزگای ڕاگەیاندن", "دەزگا"),
    AccountKind.PERSON: ("person", "profile", "user", "personal", "شخص", "حساب شخصي", "ملف شخصي", "کەس", "هەژماری کەسی"),
}  # fmt: skip
_VISIBILITIES: Final = {
    Visibility.PUBLIC: ("public", "everyone", "all", "open", "عام", "الجميع", "عامة", "گشتی", "هەمووان"),
    Visibility.UNLISTED: ("unlisted", "غير مدرج", "بێ لیست"),
    Visibility.FOLLOWERS: ("members", "followers", "friends", "private group", "closed", "الأعضاء", "أعضاء المجموعة", "الأصدقاء", "المتابعون", "خاصة", "ئەندامان", "هاوڕێیان", "شوێنکەوتووان", "داخراو"),
    Visibility.DIRECT: ("direct", "private", "message", "خاص", "رسالة", "تایبەت", "نامە"),
}  # fmt: skip
_STATES: Final = {
    State.LIVE: ("live", "online", "visible", "منشور", "موجود", "ماوە"),
    State.DELETED: ("deleted", "removed", "gone", "محذوف", "حذف", "سڕاوەتەوە", "سڕاوە"),
    State.EDITED: ("edited", "معدل", "دەستکاریکراو"),
    State.UNAVAILABLE: ("unavailable", "غير متاح", "بەردەست نییە"),
}


def plain(text: str) -> str:
    """A word as it is compared: any case, any form of alef and ya, without marks, signs and doubled spaces."""
    folded = unicodedata.normalize("NFKC", latin_digits(text)).casefold().translate(_LOOK_ALIKE)
    bare = "".join(char for char in folded if unicodedata.category(char) not in ("Mn", "Cf"))
    return _SPACES.sub(" ", bare).strip()


_PLATFORM_OF: Final = {plain(word): name for name, words in _PLATFORMS.items() for word in words}
_KIND_OF: Final = {plain(word): kind for kind, words in _KINDS.items() for word in words}
_VISIBILITY_OF: Final = {plain(word): seen for seen, words in _VISIBILITIES.items() for word in words}
_STATE_OF: Final = {plain(word): state for state, words in _STATES.items() for word in words}


def platform(text: str) -> str | None:
    """Our name of a platform; None where it cannot be one."""
    return _PLATFORM_OF.get(plain(text)) or platform_named(text)


def kind(text: str) -> AccountKind | None:
    """The kind of account; None for a word that we do not know."""
    return _KIND_OF.get(plain(text))


def visibility(text: str) -> Visibility | None:
    """Who can see it; None for a word that we do not know."""
    return _VISIBILITY_OF.get(plain(text))


def state(text: str) -> State | None:
    """What became of it; None for a word that we do not know."""
    return _STATE_OF.get(plain(text))
