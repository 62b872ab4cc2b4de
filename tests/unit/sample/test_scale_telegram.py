"""Big files of Telegram are what their formats are: as many messages as asked for, all of them read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sources_files

from dalil.sample.scale_telegram import desktop, telethon
from dalil.sources.reading import head_of
from dalil.sources.registry import detect

WRITERS = ((desktop, "telegram-desktop"), (telethon, "telethon"))


@pytest.mark.parametrize(("write", "name"), WRITERS)
@pytest.mark.parametrize("n", [0, 1, 250])
def test_every_message_is_read(tmp_path: Path, write: Callable[[int, Path], int], name: str, n: int) -> None:
    path = tmp_path / "d"
    assert write(n, path) == path.stat().st_size
    if n == 0:
        return
    importer = detect(head_of(path))
    assert importer is not None
    assert importer.manifest.name == name
    found = sources_files.items(importer, path)
    assert sources_files.rejects(found) == []
    assert len(sources_files.records(found, included=False)) == n
    kinds = [record.kind for record in sources_files.records(found, included=False)]
    assert kinds.count("repost") == n // 7


@pytest.mark.parametrize(("write", "name"), WRITERS)
def test_the_same_seed_gives_the_same_file(tmp_path: Path, write: Callable[..., int], name: str) -> None:
    for file, seed in (("a", 1), ("b", 1), ("c", 2)):
        write(50, tmp_path / file, seed=seed)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a").read_bytes() != (tmp_path / "c").read_bytes()


def test_both_say_the_same_words(tmp_path: Path) -> None:
    desktop(40, tmp_path / "a")
    telethon(40, tmp_path / "b")
    messages = json.loads((tmp_path / "a").read_text())["messages"]
    joined = ["".join(p if isinstance(p, str) else p["text"] for p in m["text"]) for m in messages]
    lines = [json.loads(line) for line in (tmp_path / "b").read_text().splitlines()[1:]]
    assert joined == [line["message"] for line in lines]
