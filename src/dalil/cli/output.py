"""What a command prints: sentences for people, or with `--json` one object on standard output and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from dalil.errors import DalilError


def clean(text: str) -> str:
    """Text from outside, made safe for a terminal: control and bidi characters are shown as �."""
    unsafe = {*range(32), *range(127, 160), 0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
    return "".join("�" if ord(char) in unsafe and char != "\n" else char for char in text)


def told(error: DalilError) -> dict[str, dict[str, str]]:
    """An error as the field `error` of a command's object."""
    return {"error": {"code": error.code, "message": str(error), "remedy": error.remedy}}


@dataclass(slots=True)
class Output:
    """One command's output. People's sentences go to `console`, progress and errors to standard error."""

    json: bool = False
    console: Console = field(default_factory=lambda: Console(highlight=False, soft_wrap=True))
    aside: Console = field(default_factory=lambda: Console(stderr=True, highlight=False))

    def say(self, text: str = "") -> None:
        """Print a sentence to people; silent with `--json`."""
        if not self.json:
            self.console.print(Text(clean(text)))

    def heading(self, text: str) -> None:
        """Print a line that stands out."""
        if not self.json:
            self.console.print(Text(clean(text), style="bold"))

    def table(self, columns: list[str], rows: list[list[str]]) -> None:
        """Print a table to people; silent with `--json`."""
        if self.json:
            return
        table = Table(box=None, pad_edge=False, header_style="dim")
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(Text(clean(cell)) for cell in row))
        self.console.print(table)

    def result(self, value: object) -> None:
        """Print the one object; silent without `--json`."""
        if self.json:
            sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
            sys.stdout.flush()

    def error(self, code: str, message: str, remedy: str) -> None:
        """Say what went wrong and what to do, in the object too."""
        self.result({"error": {"code": code, "message": message, "remedy": remedy}})
        self._complain(message, remedy)

    def refuse(self, error: DalilError) -> None:
        """Say to people what went wrong, and go on: the command's own object tells it to programs."""
        self._complain(str(error), error.remedy)

    def _complain(self, message: str, remedy: str) -> None:
        self.aside.print(Text(clean(message), style="bold red"))
        self.aside.print(Text(clean(remedy)))

    @contextmanager
    def progress(self, label: str) -> Iterator[Callable[[int, int], bool]]:
        """A progress bar on standard error, moved by calling what is given with (done, total), which answers True to
        go on; nothing where that is no terminal or `--json` is given."""
        hidden = self.json or not self.aside.is_terminal
        with Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.aside,
            disable=hidden,
            transient=True,
        ) as bars:
            task = bars.add_task(label, total=None)

            def move(done: int, total: int) -> bool:
                bars.update(task, completed=done, total=total or None)
                return True

            yield move
