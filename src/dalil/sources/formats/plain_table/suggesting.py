"""A first guess at what the columns of a strange table mean: by their headers in three languages, and by their cells.

Only a proposal: a person looks at it and at a preview before anything is read by it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, cast

from dalil.schema.mappings import COUNTS, REPEATABLE, Delimiter, TableField, TableMapping, Thousands, TimeOrder
from dalil.sources import addresses
from dalil.sources.formats.plain_table import template, vocabulary
from dalil.sources.formats.plain_table.vocabulary import plain
from dalil.sources.table_text import DELIMITERS, Shape
from dalil.sources.written_times import order_in, read

F = TableField
_HEADERS: Final[dict[TableField, str]] = {
    F.PLATFORM: "platform|network|site|source platform|المنصة|الموقع|الشبكة|پلاتفۆرم|تۆڕ",
    F.ACCOUNT_KIND: "kind|account kind|account type|page type|النوع|نوع الحساب|جۆر|جۆری هەژمار",
    F.ACCOUNT_HANDLE: "handle|username|user name|screen name|user screen name|screenname|account|author username|author|user|المعرف|اسم المستخدم|الحساب|ناوی بەکارهێنەر|هەژمار",
    F.ACCOUNT_NAME: "page|page name|group|group name|page or group|channel|channel name|display name|name|account name|author name|publisher|source|الصفحة|اسم الصفحة|المجموعة|القناة|الاسم|الناشر|المصدر|پەڕە|ناوی پەڕە|گروپ|کەناڵ|ناو|سەرچاوە",
    F.ACCOUNT_ID: "account id|user id|userid|author id|page id|channel id|facebook id|from id|معرف الحساب|معرف الصفحة|ناسنامەی هەژمار",
    F.ADDRESS: "url|link to post|post url|post link|permalink|address|tweet url|tweet link|status url|post address|الرابط|رابط|رابط المنشور|رابط البوست|بەستەر|بەستەری پۆست|لینک",
    F.POST_ID: "id|post id|tweet id|tweetid|status id|message id|video id|item id|معرف المنشور|رقم المنشور|ناسنامەی پۆست",
    F.TEXT: "text|message|body|content|tweet|tweet text|full text|caption|post|description|post text|title|headline|النص|نص المنشور|المنشور|المحتوى|الرسالة|العنوان|دەق|پۆست|ناوەڕۆک|نامە|سەردێڕ",
    F.POSTED_AT: "date|posted at|posted|created at|created|published|published at|publish date|timestamp|datetime|tweet time|post created|creation time|time posted|التاريخ|تاريخ النشر|وقت النشر|بەروار|کاتی بڵاوکردنەوە|ڕێکەوت",
    F.POSTED_TIME: "time|hour|time of day|الوقت|الساعة|کات|کاتژمێر",
    F.SEEN_AT: "seen at|seen|captured at|collected at|collected|date collected|retrieved|retrieved at|scraped at|وقت المشاهدة|تاريخ الجمع|وقت الرصد|تاريخ الرصد|کاتی بینین|کاتی کۆکردنەوە",
    F.VISIBILITY: "visibility|privacy|audience|who can see it|الخصوصية|الجمهور|من يراه|بینەران",
    F.STATE: "state|status|deleted|الحالة|دۆخ",
    F.LINK: "link|links|external link|shared link|urls|shared url|روابط|روابط خارجية|بەستەرەکان",
    F.HASHTAGS: "hashtags|tags|hashtag|وسوم|الوسوم|هاشتاغ|هاشتاگ",
    F.LANGUAGE: "language|lang|tweet language|اللغة|زمان",
    F.SCREENSHOT: "screenshot|screenshots|screenshot file|screenshot files|image file|picture file|لقطة|لقطة الشاشة|لقطات الشاشة|صورة|وێنە|وێنەی شاشە",
    F.REPLY_TO: "reply to|in reply to|in reply to id|in reply to tweetid|parent id|parent|رد على|وەڵام بۆ",
    F.LIKES: "likes|like count|like|favorites|favourites|favorite count|hearts|الإعجابات|إعجابات|لایک|بەدڵبوون",
    F.COMMENTS: "comments|comment count|replies|reply count|التعليقات|تعليقات|الردود|کۆمێنت|وەڵامەکان",
    F.SHARES: "shares|share count|retweets|retweet count|reposts|forwards|المشاركات|مشاركات|إعادة النشر|هاوبەشکردن|شەیر",
    F.REACTIONS: "reactions|total reactions|interactions|total interactions|engagement|التفاعلات|تفاعلات|التفاعل|کاردانەوە",
    F.VIEWS: "views|view count|plays|play count|impressions|impression count|المشاهدات|مشاهدات|بینین|بینراو",
    F.FOLLOWERS: "followers|follower count|followers count|subscribers|member count|المتابعون|المتابعين|عدد المتابعين|شوێنکەوتوو|ئەندامان",
}
_FIELD_OF: Final = {plain(word): field for field, words in _HEADERS.items() for word in words.split("|")}
_GROUPED: Final = re.compile(r"\d{1,3}([.,'])\d{3}(?:\1\d{3})*")
_WORDY: Final = 30


def propose(first: Sequence[str], samples: Sequence[Sequence[str]], shape: Shape, *, name: str = "") -> TableMapping:
    """A mapping for a table, which may still lack what `mappings.checked` asks for.

    Args:
        first: the first record, taken for the header. samples: some of those after it.
    """
    own = template.mapping_of(first)
    if own is not None:
        return own
    cells = {column: _cells(samples, number) for number, column in enumerate(first)}
    columns: dict[str, TableField] = {}
    for column in first:
        field = _FIELD_OF.get(plain(column))
        if field is not None and column.strip() and _is_free(field, columns):
            columns[column] = field
    if F.ADDRESS not in columns.values():  # a "link" that is a post's own
        for column, field in columns.items():
            if field is F.LINK and cells[column] and all(map(_is_post, cells[column])):
                columns[column] = F.ADDRESS
                break
    for column in first:
        field = None if column in columns or not column.strip() else _by_cells(cells[column], columns)
        if field is not None:
            columns[column] = field
    dates = [cell for column, field in columns.items() if field in (F.POSTED_AT, F.SEEN_AT) for cell in cells[column]]
    return TableMapping(
        name=name,
        columns={column: columns[column] for column in first if column in columns},
        platform=None if F.PLATFORM in columns.values() else _platform(columns, cells),
        times=order_in(dates),
        thousands=_thousands([cell for column, field in columns.items() if field in COUNTS for cell in cells[column]]),
        delimiter=cast("Delimiter", shape.delimiter if shape.delimiter in DELIMITERS else ""),
    )


def _cells(samples: Sequence[Sequence[str]], number: int) -> list[str]:
    return [row[number].strip() for row in samples if number < len(row) and row[number].strip()]


def _is_free(field: TableField, columns: dict[str, TableField]) -> bool:
    return field in REPEATABLE or field not in columns.values()


def _by_cells(cells: list[str], columns: dict[str, TableField]) -> TableField | None:
    """What the cells of a column look like, where no header told and the field is still free."""
    if not cells:
        return None
    named = columns.values()
    if F.ADDRESS not in named and all(_is_post(cell) for cell in cells):
        return F.ADDRESS
    if F.ACCOUNT_KIND not in named and all(vocabulary.kind(cell) for cell in cells):
        return F.ACCOUNT_KIND
    if F.POSTED_AT not in named and all(read(cell, TimeOrder.DAY_FIRST, None) for cell in cells):
        return F.POSTED_AT
    if F.TEXT not in named and sum(len(cell) > _WORDY and " " in cell for cell in cells) * 2 > len(cells):
        return F.TEXT
    return None


def _is_post(text: str) -> bool:
    match = addresses.PERSONAL.fullmatch(text)
    return match is not None and addresses.parse(text, match).post is not None


def _platform(columns: dict[str, TableField], cells: dict[str, list[str]]) -> str | None:
    """The platform that every address of the samples is on."""
    found = {
        addresses.parse(cell).platform
        for column, field in columns.items()
        if field is F.ADDRESS
        for cell in cells[column]
        if addresses.PERSONAL.match(cell)
    }
    return found.pop() if len(found) == 1 and found != {"web"} else None


def _thousands(cells: list[str]) -> Thousands:
    """The only sign that groups thousands in the samples; still a guess, which the preview shows."""
    signs = {match[1] for cell in cells if (match := _GROUPED.fullmatch(cell))}
    return cast("Thousands", signs.pop()) if len(signs) == 1 else ""
