"""`dalil import` on a disk that is too small, again and again, until it is large enough.

    full_disk_command.py TEMPLATE FOLDER SEED TIMES PATH...   → one JSON object on standard output

Each workspace lies on a tmpfs of its own, which this process mounts and enlarges: it must run as root of a
mount namespace (`unshare --user --map-root-user --mount`). How much room there is beyond the template is
drawn at random, up to what the import needs; after two full disks there is enough. Once it was said that the
disk is full, doctor must find no damage while it still is.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

from forked_command import commands, copy, examined, importing, ran, start, waited
from forking import preload

ENOUGH_KIB = 256 << 10
TO_LOOK_KIB = 256
"""Room that `doctor` gets on a full disk: reading SQLite takes a page of shared memory, which is a file too."""
TWICE = 2


def main() -> None:
    template, folder, seed, times = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    preload()
    chance = random.Random(seed)
    paths = sys.argv[5:]
    calm, needed = [], []
    for number, path in enumerate(paths):
        disk = Disk(folder / f"calm-{number}", ENOUGH_KIB)
        workspace = copy(template, disk.folder / "workspace")
        before = disk.used_kib()
        ran(commands(importing(workspace, path)), folder / "out")
        needed.append(disk.used_kib() - before)
        calm.append(examined(workspace))
    full, houses = 0, []
    while full < times:
        of = len(houses) % len(paths)
        disk = Disk(folder / f"house-{len(houses)}", ENOUGH_KIB)
        workspace = copy(template, disk.folder / "workspace")
        rooms = []
        while len(rooms) < TWICE:
            room = chance.randint(0, needed[of])
            disk.resize(disk.used_kib() + room)
            said = tried(workspace, paths[of], folder / "out")
            disk.resize(disk.used_kib() + TO_LOOK_KIB)
            healthy = json.loads(ran(commands(["doctor", "--workspace", str(workspace), "--json"]), folder / "out"))
            assert healthy["damaged"] == [], healthy
            disk.resize(ENOUGH_KIB)
            if said == "done":
                break
            rooms.append(room)
        full += len(rooms)
        assert tried(workspace, paths[of], folder / "out") == "done"
        houses.append({"of": of, "rooms": rooms, "needed": needed[of], **examined(workspace)})
        disk.unmount()
    sys.stdout.write(json.dumps({"calm": calm, "houses": houses, "full": full}))


class Disk:
    """A tmpfs of so many KiB."""

    def __init__(self, folder: Path, kib: int) -> None:
        self.folder = folder
        folder.mkdir()
        self._run("mount", "-t", "tmpfs", "-o", f"size={kib}k", "none", str(folder))

    def resize(self, kib: int) -> None:
        self._run("mount", "-o", f"remount,size={max(kib, 4)}k", str(self.folder))

    def unmount(self) -> None:
        self._run("umount", str(self.folder))

    def used_kib(self) -> int:
        return shutil.disk_usage(self.folder).used >> 10

    def _run(self, *command: str) -> None:
        subprocess.run(command, check=True, capture_output=True)


def tried(workspace: Path, path: str, out: Path) -> str:
    """Run the import: `done`, or the code of the error that it told in words."""
    status = waited(start(commands(importing(workspace, path)), out))
    text = out.read_text()
    assert "Traceback" not in text, text
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, 2), text
    if code == 0:
        return "done"
    [line] = [line for line in text.splitlines() if line.startswith("{")]
    found = json.loads(line)["error"]["code"]
    assert found == "disk-full", text
    return "full"


if __name__ == "__main__":
    main()
