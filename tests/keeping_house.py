"""An unlocked workspace with the circles blue and green and some records of four formats, for what is done to them."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from import_inputs import crowdtangle_file, picture, telegram_folder
from sources_files import write_lines, x_mention, x_response, x_tweet, x_user

NOW = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)
PRIVATE = ("hidden_one", "hidden_two")


@dataclass
class Clock:
    """A clock that the test moves."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Keeping:
    """The house, its clock, and the acts that its tests need."""

    house: Any
    clock: Clock
    folder: Path
    files: dict[str, Path] = field(default_factory=dict)

    def bring(self, name: str, path: Path) -> Any:
        """Import one file or folder."""
        from dalil.actions.importing import import_path
        from dalil.people.actor import LOCAL

        self.files[name] = path
        return import_path(LOCAL, path, house=self.house)

    def member(self, colour: str, role: str = "keeper", status: str = "active") -> Any:
        """A member of a circle."""
        from dalil.people import queries
        from dalil.people.actor import Actor, Role, Status
        from dalil.people.models import Member

        (circle,) = [row for row in queries.circles() if row.colour == colour]
        row = Member.objects.create(
            circle_id=circle.circle_id,
            pseudonym=f"{colour}-{Member.objects.count()}",
            role=role,
            status=status,
            passphrase="-",
        )
        return Actor(row.pk, row.circle_id, Role(role), row.pseudonym, Status(status))

    def rows(self, table: str, *columns: str) -> list[Any]:
        """The rows of a table as the archive shows them now."""
        found = self.house.archive.table(table).to_pyarrow().to_pylist()
        return [row[columns[0]] for row in found] if len(columns) == 1 else found

    def ids(self) -> set[str]:
        return set(self.rows("observations", "obs_id"))

    def post(self, text: str) -> dict[str, Any]:
        """The one post whose text holds `text`."""
        (row,) = [row for row in self.rows("posts") if text in row["text"]]
        return row

    def damages(self) -> list[str]:
        """What doctor finds wrong or left over."""
        from dalil.archive import doctor

        return [str(item) for item in doctor.examine(self.house.workspace)]

    def bytes_of_everything(self) -> bytes:
        """All that lies in the workspace's archive, unpacked as far as we pack it."""
        from dalil.archive import raw

        parts = []
        workspace = self.house.workspace
        for path in workspace.folder.rglob("*"):
            if path.is_file() and path.parent != workspace.keys:
                parts.append(path.read_bytes())
            if path.parent == workspace.raw and path.is_file():
                parts += [record for _, record in raw.read_all(path)]
        for name in ("observations", "posts", "accounts", "edges", "text_signals", "media"):
            parts.append(str(self.house.archive.table(name).to_pyarrow().to_pylist()).encode())
        return b"\n".join(parts)


@contextlib.contextmanager
def keeping(folder: Path, *, circles: tuple[str, ...] = ("blue", "green")) -> Iterator[Keeping]:
    """An empty workspace in `folder`; Django's database must be there."""
    from dalil.actions.beginning import found_circle
    from dalil.actions.house import House, set_current
    from dalil.archive.keys import Cost
    from dalil.archive.reading import Archive
    from dalil.archive.workspace import create
    from dalil.people.sealing import SECRET, new_secret
    from dalil.settings import Settings

    workspace = create(folder / "w", zone="Asia/Baghdad", passphrase="p", encrypted_ok=True, cost=Cost(1, 64, 1))
    keys = workspace.unlock("p")
    keys.put(SECRET, new_secret())
    clock = Clock()
    with Archive(workspace, memory_mib=256, threads=1) as archive:
        made = House(workspace=workspace, archive=archive, keys=keys, settings=Settings(), clock=clock)
        set_current(made)
        for colour in circles:
            found_circle(made, colour)
        yield Keeping(made, clock, folder)


def x_posts(path: Path, first: int = 1, last: int = 8) -> Path:
    """Posts of X by private accounts that mention one another, each an answer to the one before."""
    rows = []
    for number in range(first, last):
        author = 9_007_001 + number % 2
        text = f"Report {number} from the bridge, @{PRIVATE[number % 2]} was there"
        tweet = x_tweet(
            1_600_000_000_000_000 + number,
            author,
            text,
            entities={"mentions": [x_mention(text, PRIVATE[number % 2], 9_007_001 + number % 2)]},
            referenced_tweets=[{"type": "replied_to", "id": str(1_600_000_000_000_000 + number - 1)}],
            in_reply_to_user_id=str(9_007_001 + (number - 1) % 2),
        )
        rows.append(x_response([tweet], [x_user(9_007_001 + n, name) for n, name in enumerate(PRIVATE)]))
    return write_lines(path, rows)


def hand_folder(folder: Path, text: str = "The market at Dalya is open, says @hidden_one") -> Path:
    """One capture with a screenshot."""
    from dalil.sources.formats.hand_capture import writing

    return writing.make(
        folder,
        screenshot=picture(5),
        platform="facebook",
        seen_at=NOW,
        text=text,
        page_name="Dalya Today",
        account_kind="page",
        posted_at=NOW,
    )


def four_formats(keeping: Keeping) -> None:
    """Bring in some of each."""
    folder = keeping.folder
    keeping.bring("x", x_posts(folder / "tweets.jsonl"))
    keeping.bring("ct", crowdtangle_file(folder / "pages.csv", 0, 6))
    telegram_folder(folder / "channel", 1, 8)
    keeping.bring("tg", folder / "channel" / "result.json")
    hand_folder(folder / "hand")
    keeping.bring("hand", folder / "hand")


class Child:
    """Stands in for the limited child of a second reading: the same work, in this process."""

    def __init__(self, module: str, order: bytes, *, limits: object) -> None:
        import msgspec

        from dalil.intake.rereading import run
        from dalil.intake.signals_port import RealSignals
        from dalil.schema.chunks import RereadOrder

        del limits
        assert module == "dalil.intake.reread"
        self.stdout = io.BytesIO()
        run(msgspec.msgpack.decode(order, type=RereadOrder), self.stdout, RealSignals())
        self.stdout.seek(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass
