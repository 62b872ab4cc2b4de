"""Many `dalil import` at once into one workspace, of files that overlap.

    crowded_command.py TEMPLATE FOLDER PATH...   → one JSON object on standard output

Every import is a process of its own, and all are let go at the same moment. Beside them, one workspace into
which the same files were brought one after the other.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from forked_command import commands, copy, examined, importing, ran, start, waited
from forking import preload


def main() -> None:
    template, folder, paths = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    preload()
    house, calm = copy(template, folder / "house"), copy(template, folder / "calm")
    ready, go = os.pipe()

    def wait() -> None:
        os.close(go)
        os.read(ready, 1)  # comes back when the last writer has closed it

    outs = [folder / f"{number}.out" for number in range(len(paths))]
    crowd = [start(commands(importing(house, path)), out, wait) for path, out in zip(paths, outs, strict=True)]
    os.close(go)
    codes = [os.waitstatus_to_exitcode(waited(child)) for child in crowd]
    told = [out.read_text() for out in outs]
    told_calm = [ran(commands(importing(calm, path)), folder / "calm.out") for path in paths]
    found = {"codes": codes, "told": told, "told calm": told_calm, "house": examined(house), "calm": examined(calm)}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
