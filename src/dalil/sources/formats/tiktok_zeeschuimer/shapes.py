"""What of a TikTok post is read.

Never read: addresses of videos, sounds and pictures, which are signed for the collector's session
and expire; `secUid`; places but for the country; what the collector did with the post.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

_LARGEST = 1 << 62
Id = str | int | float
Whole = Annotated[int, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)]
Number = str | Whole | float | None


class Person(msgspec.Struct, omit_defaults=True):
    """An account, as answers of the API give it."""

    id: Id | UnsetType | None = UNSET
    unique_id: str | UnsetType | None = msgspec.field(default=UNSET, name="uniqueId")
    nickname: str | UnsetType | None = UNSET
    signature: str | UnsetType | None = UNSET
    verified: bool | UnsetType | None = UNSET
    private_account: bool | UnsetType | None = msgspec.field(default=UNSET, name="privateAccount")
    secret: bool | UnsetType | None = UNSET


class Extra(msgspec.Struct, omit_defaults=True):
    """A hashtag or mention; positions count UTF-16 units."""

    start: Number | UnsetType = UNSET
    end: Number | UnsetType = UNSET
    hashtag_name: str | UnsetType | None = msgspec.field(default=UNSET, name="hashtagName")
    user_id: Id | UnsetType | None = msgspec.field(default=UNSET, name="userId")
    user_unique_id: str | UnsetType | None = msgspec.field(default=UNSET, name="userUniqueId")


class Challenge(msgspec.Struct, omit_defaults=True):
    """What TikTok calls a hashtag."""

    id: Id | UnsetType | None = UNSET
    title: str | UnsetType | None = UNSET


class Music(msgspec.Struct, omit_defaults=True):
    """The sound under a video. Its title and author are not read: an original sound is named after a person."""

    id: Id | UnsetType | None = UNSET
    original: bool | UnsetType | None = UNSET
    duration: Number | UnsetType = UNSET


class Video(msgspec.Struct, omit_defaults=True):
    """A video's size."""

    id: Id | UnsetType | None = UNSET
    width: Number | UnsetType = UNSET
    height: Number | UnsetType = UNSET
    duration: Number | UnsetType = UNSET


class Image(msgspec.Struct, omit_defaults=True):
    """One picture of a post of pictures."""

    image_width: Number | UnsetType = msgspec.field(default=UNSET, name="imageWidth")
    image_height: Number | UnsetType = msgspec.field(default=UNSET, name="imageHeight")


class Images(msgspec.Struct, omit_defaults=True):
    """A post of pictures: one post (law 7)."""

    images: list[Image] | UnsetType | None = UNSET


class Duet(msgspec.Struct, omit_defaults=True):
    """The post beside which this one plays; `0` where there is none."""

    duet_from_id: Id | UnsetType | None = msgspec.field(default=UNSET, name="duetFromId")


class Sticker(msgspec.Struct, omit_defaults=True):
    """Words on the video."""

    sticker_text: list[str] | UnsetType | None = msgspec.field(default=UNSET, name="stickerText")


class Warn(msgspec.Struct, omit_defaults=True):
    """A label that TikTok put on a post."""

    text: str | UnsetType | None = UNSET


class Item(msgspec.Struct, omit_defaults=True):
    """A post. `author` is an account, or its handle with `authorId` and `nickname` beside it."""

    id: Id
    desc: str | UnsetType | None = UNSET
    create_time: Number | UnsetType = msgspec.field(default=UNSET, name="createTime")
    author: Person | str | UnsetType | None = UNSET
    author_id: Id | UnsetType | None = msgspec.field(default=UNSET, name="authorId")
    nickname: str | UnsetType | None = UNSET
    author_stats: dict[str, Number | bool] | UnsetType | None = msgspec.field(default=UNSET, name="authorStats")
    stats: dict[str, Number | bool] | UnsetType | None = UNSET
    stats_v2: dict[str, Number | bool] | UnsetType | None = msgspec.field(default=UNSET, name="statsV2")
    music: Music | UnsetType | None = UNSET
    challenges: list[Challenge] | UnsetType | None = UNSET
    text_extra: list[Extra] | UnsetType | None = msgspec.field(default=UNSET, name="textExtra")
    video: Video | UnsetType | None = UNSET
    image_post: Images | UnsetType | None = msgspec.field(default=UNSET, name="imagePost")
    duet_info: Duet | UnsetType | None = msgspec.field(default=UNSET, name="duetInfo")
    stickers: list[Sticker] | UnsetType | None = msgspec.field(default=UNSET, name="stickersOnItem")
    warnings: list[Warn] | UnsetType | None = msgspec.field(default=UNSET, name="warnInfo")
    language: str | UnsetType | None = msgspec.field(default=UNSET, name="textLanguage")
    country: str | UnsetType | None = msgspec.field(default=UNSET, name="locationCreated")
    is_ad: bool | UnsetType | None = msgspec.field(default=UNSET, name="isAd")
    private_item: bool | UnsetType | None = msgspec.field(default=UNSET, name="privateItem")
    secret: bool | UnsetType | None = UNSET
    for_friend: bool | UnsetType | None = msgspec.field(default=UNSET, name="forFriend")
