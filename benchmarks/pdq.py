"""PDQ and the whole way from a file's bytes to its fingerprint: CPU milliseconds, beside the reference.

    python benchmarks/pdq.py [photos]

The reference runs in the environment that make_pdq_reference.py describes, if it is there, as a
child in the same run. Without photographs (../shared/data/photos/bsds) a made picture stands in.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from golden.pdq_pictures import PATTERNS, Picture  # noqa: E402 - the tests' own pictures, found only now

from dalil.signals import pdq, warming  # noqa: E402
from dalil.signals.pictures import decode, picture_signal, scale, trim_border  # noqa: E402

PEER = ROOT / "benchmarks" / ".envs" / "pdq" / "bin" / "python"
PEER_CODE = """
import io, sys, time, numpy, pdqhash
picture = numpy.load(io.BytesIO(sys.stdin.buffer.read()))
def cost():
    start = time.process_time(); pdqhash.compute_dihedral(picture); return time.process_time() - start
print(min(cost() for _ in range(5)) * 1000)
"""
PIXELS = 100_000_000


def scene(rows: int, columns: int) -> Picture:
    """A made picture of any size."""
    y, x = np.mgrid[0:rows, 0:columns].astype(np.int64)
    return np.stack(PATTERNS["scene"](y, x, rows, columns), axis=2).astype(np.uint8)


def milliseconds(work: Callable[[], object], rounds: int = 5) -> float:
    """CPU time, the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best * 1000


def reference(picture: Picture) -> str:
    """What the reference takes for the eight hashes, in its own process."""
    if not PEER.exists():
        return "not installed"
    out = io.BytesIO()
    np.save(out, picture)
    run = subprocess.run([PEER, "-c", PEER_CODE], input=out.getvalue(), capture_output=True, check=True)
    return f"{float(run.stdout):.1f}"


def main(photos: Path) -> None:
    """Print the table."""
    warming.warm_up()
    files = sorted(photos.glob("*.jpg"))
    pictures = [scene(341, 512), scene(1000, 1000), scene(3000, 4000)]
    print("size            decode   trim  scale  8 hashes  all together  reference's 8 hashes, unscaled (ms)")
    for picture in [*(np.array(Image.open(path).convert("RGB")) for path in files[:1]), *pictures]:
        out = io.BytesIO()
        Image.fromarray(picture).save(out, "JPEG", quality=85)
        data = out.getvalue()
        seen = decode(data, max_pixels=PIXELS).rgb
        small = scale(trim_border(seen))
        costs = (
            milliseconds(lambda data=data: decode(data, max_pixels=PIXELS)),
            milliseconds(lambda seen=seen: trim_border(seen)),
            milliseconds(lambda seen=seen: scale(seen)),
            milliseconds(lambda small=small: pdq.dihedral(small)),
            milliseconds(lambda data=data: picture_signal(data, max_pixels=PIXELS)),
        )
        row = f"{costs[0]:8.1f}{costs[1]:7.1f}{costs[2]:7.1f}{costs[3]:10.1f}{costs[4]:14.1f}"
        print(f"{picture.shape[1]:5d} × {picture.shape[0]:<6d}{row}  {reference(picture):>10s}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data" / "photos" / "bsds")
