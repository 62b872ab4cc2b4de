"""Two workspaces on two machines without a network: what is carried between them is bytes on a stick."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parents[1] / "src"


class Machine:
    """A workspace's process. A refusal comes back as its code."""

    def __init__(self, folder: Path, colour: str) -> None:
        paths = os.pathsep.join([str(SOURCES), *filter(None, sys.path)])
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "workspace_driver.py"), str(folder), colour],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": paths, "PATH": os.environ.get("PATH", "")},
        )

    def __call__(self, *command: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["code"] if "code" in answer else answer["ok"]

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    """Green and blue, who compared their keys in person. Green calls blue azure: colours are each one's own."""
    green, blue = Machine(tmp_path / "green", "green"), Machine(tmp_path / "blue", "blue")
    cards = {name: machine("card") for name, machine in (("green", green), ("blue", blue))}
    green("trust", "azure", cards["blue"]["sign_public"], cards["blue"]["seal_recipient"])
    blue("trust", "green", cards["green"]["sign_public"], cards["green"]["seal_recipient"])
    yield green, blue
    green.close()
    blue.close()


def test_a_claim_travels_is_voted_on_and_comes_back_settled(machines: tuple[Machine, Machine]) -> None:
    green, blue = machines
    claim = green("claim")
    green("vote", claim, "false")
    blue("claim")  # so that numbers differ: each workspace counts its own

    outward = green("pack", claim)
    assert b"as found" not in base64.b64decode(outward)  # green's vote is sealed
    assert blue("read", outward) == {"new": 4, "circle": "green", "settled": []}
    there = blue("page", claim)
    assert there["votes"] == {"green": None}
    assert (there["state"], there["next_step"], there["number"]) == ("proposed", "second_vote", 2)
    assert (there["checks"], there["uncoded"]) == ([["cd" * 32]], 0)  # hashes travel, addresses and posts do not

    blue("vote", claim, "false")
    assert blue("page", claim)["votes"] == {"green": None, "blue": "false"}  # told, because both are bound now
    assert blue("page", claim)["verdict"] is None

    back = green("read", blue("pack", claim))
    assert back == {"new": 2, "circle": "azure", "settled": [claim]}
    home = green("page", claim)
    assert (home["state"], home["verdict"]) == ("settled", "false")
    assert home["votes"] == {"green": "false", "azure": "false"}

    assert blue("read", green("pack", claim))["settled"] == [claim]
    assert blue("page", claim)["verdict"] == "false"


def test_disagreement_travels_and_a_third_circle_decides(machines: tuple[Machine, Machine], tmp_path: Path) -> None:
    green, blue = machines
    red = Machine(tmp_path / "red", "red")
    everyone = {"green": green, "blue": blue, "red": red}
    cards = {name: machine("card") for name, machine in everyone.items()}
    for name in ("green", "blue"):
        red("trust", name, *cards[name].values())
        everyone[name]("trust", "red", *cards["red"].values())
    claim = green("claim")
    green("vote", claim, "false")
    blue("read", green("pack", claim))
    blue("vote", claim, "true")
    green("read", blue("pack", claim))
    assert green("page", claim)["next_step"] == "third_vote"
    red("read", green("pack", claim))
    assert red("page", claim)["votes"] == {"green": "false", "blue": "true"}
    red("vote", claim, "true")
    for machine in (green, blue):
        assert machine("read", red("pack", claim))["settled"] == [claim]
        assert machine("page", claim)["verdict"] == "true"
    red.close()


def test_what_is_forged_replayed_stale_or_cut_changes_nothing(
    machines: tuple[Machine, Machine], tmp_path: Path
) -> None:
    green, blue = machines
    claim = green("claim")
    green("vote", claim, "false")
    good = base64.b64decode(green("pack", claim))
    stranger = Machine(tmp_path / "grey", "silver")
    unknown = base64.b64decode(stranger("pack", stranger("claim")))
    stranger.close()
    flipped = good[:200] + bytes([good[200] ^ 1]) + good[201:]
    cases = [
        (flipped, 0, "packet-forged"),
        (good[:-64] + unknown[-64:], 0, "packet-forged"),
        (unknown, 0, "packet-unknown-circle"),
        (good[:-10], 0, "packet-truncated"),
        (good[: len(good) // 2], 0, "packet-truncated"),
        (good + b"\x00" * (9 * 1024 * 1024), 0, "packet-too-large"),
        (b"not a packet at all", 0, "packet-unknown"),
        (good, 40, "packet-stale"),
        (good, -3, "packet-from-future"),
    ]
    untouched = blue("digest")
    for data, days, code in cases:
        assert blue("read", base64.b64encode(data).decode(), days) == code
        assert blue("digest") == untouched
    assert blue("read", base64.b64encode(good).decode())["new"] == 4
    held = blue("digest")
    assert blue("read", base64.b64encode(good).decode()) == "packet-replayed"
    assert blue("digest") == held
