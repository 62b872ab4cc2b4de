"""Who speaks in Sahlara: outlets with their cell and class, pages, groups, channels, and persons.

Ids lie where the platforms have never given any (X between the old counter and the snowflakes,
Facebook above what is in use), so that no sample account can be somebody's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dalil.sample.dice import dice
from dalil.sample.world import REGION, Name, Organisation, named, world
from dalil.schema.casework import Cell

CELL_NAMES: Final = {
    "xa": ("x", "ar"),
    "xk": ("x", "ckb"),
    "xe": ("x", "en"),
    "fa": ("facebook", "ar"),
    "fk": ("facebook", "ckb"),
    "ta": ("telegram", "ar"),
}
"""The panel's six cells, by the short names of `claims.txt`."""

PERSONS_ON_X: Final = 401
GROUP_A_SIZE: Final = 25
GROUP_B_SIZE: Final = 24
SUPERGROUPS: Final = 3
SENDERS: Final = 30


def cell(name: str) -> Cell:
    """The cell behind a short name."""
    platform, language = CELL_NAMES[name]
    return Cell(platform, language, REGION)


@dataclass(frozen=True, slots=True)
class Account:
    """One account. `register` is how it writes; `part` what it does in the sample:
    panel, ours, page, person, group_a, group_b, supergroup, sender or memory."""

    platform: str
    native_id: str
    handle: str
    name: str
    kind: str
    register: str
    part: str
    maker_class: str | None = None
    organisation: str = ""
    cell_name: str = ""
    followers: int = 0
    created: str = "2019-05-01T00:00:00.000Z"

    @property
    def language(self) -> str:
        """Language of its cell: the dialect is Arabic."""
        return "ar" if self.register == "acm" else self.register


@dataclass(slots=True)
class Cast:
    """All accounts of one sample, in a fixed order."""

    accounts: list[Account] = field(default_factory=list)

    def part(self, *parts: str, platform: str = "") -> list[Account]:
        """Those with one of these parts, on that platform or all."""
        return [a for a in self.accounts if a.part in parts and platform in ("", a.platform)]

    def source(self, cell_name: str, organisation: str) -> Account:
        """An outlet's account in a cell.

        Raises:
            KeyError: it has none.
        """
        for account in self.accounts:
            if account.cell_name == cell_name and account.organisation == organisation:
                return account
        raise KeyError(f"{organisation} has no account in {cell_name}")


class _Ids:
    """Native ids that no platform has given to anybody."""

    def __init__(self, seed: int) -> None:
        self._rng = dice(seed, "cast/ids")
        self._used: set[int] = set()

    def take(self, platform: str) -> str:
        low, high = {"x": (9 * 10**11, 10**12), "facebook": (9 * 10**14, 10**15)}.get(
            platform, (79 * 10**8, 85 * 10**8)
        )
        while (number := self._rng.randrange(low, high)) in self._used:
            pass
        self._used.add(number)
        return str(number)


def cast(seed: int) -> Cast:
    """Invent the accounts: 600 on three platforms, ours and the old archive channel among them."""
    ids = _Ids(seed)
    people = Cast()
    people.accounts.extend(_outlets(ids))
    people.accounts.extend(_pages(seed, ids))
    people.accounts.extend(_persons(seed, ids))
    return people


def _outlets(ids: _Ids) -> Iterator[Account]:
    land = world()
    for name, (platform, language) in CELL_NAMES.items():
        for number, org in enumerate(land.organisations):
            yield _outlet(ids, org, name, followers=90_000 - 9_000 * number)
        yield Account(
            platform, ids.take(platform), _handle(platform, land.ours.handle, language), named(land.ours, language),
            _kind(platform), language, "ours", "independent", "ours", name, 12_000,
        )  # fmt: skip


def _outlet(ids: _Ids, org: Organisation, cell_name: str, *, followers: int) -> Account:
    platform, language = CELL_NAMES[cell_name]
    return Account(
        platform, ids.take(platform), _handle(platform, org.handle, language), named(org, language), _kind(platform),
        language, "panel", org.maker_class, org.key, cell_name, followers,
    )  # fmt: skip


def _kind(platform: str) -> str:
    return {"x": "outlet", "facebook": "page"}.get(platform, "channel")


def _handle(platform: str, stem: str, language: str) -> str:
    """X allows 15 characters; the marker `SHL` says that it is of the sample."""
    if platform == "x":
        return f"{stem[:10]}{language[:2].upper()}SHL"
    return f"{stem}.{language}.shl" if platform == "facebook" else f"{stem}_{language}_shl"


def _pages(seed: int, ids: _Ids) -> Iterator[Account]:
    """Pages and public groups on Facebook, ordinary channels and supergroups on Telegram, the old archive."""
    rng = dice(seed, "cast/pages")
    extra = world().extra_pages
    for number in range(48):
        page = extra[number % len(extra)]
        register = ("ar", "ckb", "ar", "acm")[number // len(extra) % 4] if number < 42 else "en"
        group = number % 3 == 2
        yield _page(ids, "facebook", page, register, number, "group" if group else "page", rng.randrange(800, 40_000))
    for number in range(20):
        page, register = extra[number % len(extra)], ("ar", "ckb")[number // len(extra)]
        yield _page(ids, "telegram", page, register, number, "channel", rng.randrange(500, 20_000))
    for number in range(SUPERGROUPS):
        yield _page(ids, "telegram", extra[number], "acm", 40 + number, "supergroup", rng.randrange(300, 4_000))
    memory = Name("أرشيف الوادي القديم", "ئەرشیڤی کۆنی دۆڵ", "Old Valley Archive")
    yield Account(
        "telegram", ids.take("telegram"), "oldvalley_shl", memory.ar, "channel", "ar", "memory", followers=9_000
    )


def _page(ids: _Ids, platform: str, page: Name, register: str, number: int, kind: str, followers: int) -> Account:
    suffix = "" if number < 14 else f" {number // 14 + 1}"
    part = "supergroup" if kind == "supergroup" else "page"
    mark = "_shl" if platform == "telegram" else ".shl"
    return Account(
        platform, ids.take(platform), f"{kind}{number:02d}{mark}", page.inn(register) + suffix, kind, register, part,
        followers=followers,
    )  # fmt: skip


def _persons(seed: int, ids: _Ids) -> Iterator[Account]:
    """Persons on X, the two groups that push together, and those who write in supergroups."""
    rng = dice(seed, "cast/persons")
    registers = ("acm", "acm", "acm", "ar", "ar", "ckb", "ckb", "en")
    parts = ["person"] * PERSONS_ON_X + ["group_a"] * GROUP_A_SIZE
    for number, part in enumerate(parts):
        register = registers[number % len(registers)] if part == "person" else ("ar", "ar", "ckb")[number % 3]
        yield Account(
            "x", ids.take("x"), f"shl{rng.randrange(10**6, 10**7)}x{number}", f"shl {number:03d}", "person", register,
            part, followers=int(rng.paretovariate(1.1) * 20), created=f"20{rng.randrange(14, 26)}-0{rng.randrange(1, 10)}-11T08:00:00.000Z",
        )  # fmt: skip
    for number in range(GROUP_B_SIZE):
        yield Account(
            "telegram", ids.take("telegram"), f"relay{number:02d}_shl", f"ناقل {number + 1}", "channel", "ar", "group_b",
            followers=rng.randrange(50, 900),
        )  # fmt: skip
    for number in range(SENDERS):
        yield Account(
            "telegram", ids.take("telegram"), f"sender{number:02d}", f"shl t{number:02d}", "person", "acm", "sender"
        )
