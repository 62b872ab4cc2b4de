"""A picture's fingerprint: the eight hashes beside the reference's, and the whole way from a file's bytes.

The reference, pdqhash, needs a compiler to install. Pictures are made, one of the photographs of
../shared/data/photos in addition where it is there.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from golden.pdq_pictures import PATTERNS, Picture
from PIL import Image

from benchmarks import environments
from benchmarks.measuring import cpu_seconds
from benchmarks.shape import Result
from dalil.signals import pdq, warming
from dalil.signals.pictures import decode, picture_signal, scale, trim_border

SHARED = Path(os.environ.get("DALIL_SHARED", Path(__file__).resolve().parents[2] / "shared"))
PHOTOS = SHARED / "data" / "photos" / "bsds"
SIZES = ((341, 512), (1000, 1000), (3000, 4000))
PIXELS = 100_000_000
REFERENCE = """
import io, json, sys, time, numpy, pdqhash
picture = numpy.load(io.BytesIO(sys.stdin.buffer.read()))
def cost():
    start = time.process_time(); pdqhash.compute_dihedral(picture); return time.process_time() - start
print(json.dumps({"ms": min(cost() for _ in range(5)) * 1000}))
"""


def results(*, full: bool) -> Iterator[Result]:
    """The hashes of a scaled picture, and the whole way for pictures of several sizes."""
    del full
    warming.warm_up()
    there = environments.peer("pdqhash")
    pictures = [scene(rows, columns) for rows, columns in SIZES]
    pictures += [np.array(Image.open(path).convert("RGB")) for path in sorted(PHOTOS.glob("*.jpg"))[:1]]
    small = scale(trim_border(pictures[1]))
    yield Result(
        what="eight hashes of a scaled picture",
        n=_size(small),
        ours=_ms(lambda: pdq.dihedral(small)),
        unit="CPU-ms",
        peer=environments.version("pdqhash"),
        theirs=_reference_ms(there, small),
        note=there.note or "the peer is C++; ours needs no compiler and is equal bit for bit",
    )
    for picture in pictures:
        yield _whole_way(picture, there)


def _whole_way(picture: Picture, there: environments.Peer) -> Result:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=85)
    data = out.getvalue()
    decoding = _ms(lambda: decode(data, max_pixels=PIXELS))
    return Result(
        what="a JPEG's bytes to its fingerprint",
        n=_size(picture),
        ours=_ms(lambda: picture_signal(data, max_pixels=PIXELS)),
        unit="CPU-ms",
        peer=f"{environments.version('pdqhash')}, hashing alone",
        theirs=_reference_ms(there, picture),
        note=there.note
        or f"{_size(picture)}: decoding it whole, which the peer's figure leaves out, {decoding:.1f} ms",
    )


def _reference_ms(there: environments.Peer, picture: Picture) -> float | None:
    if there.python is None:
        return None
    out = io.BytesIO()
    np.save(out, picture)
    return float(there.ask(REFERENCE, stdin=out.getvalue())["ms"])


def _ms(work: Callable[[], object]) -> float:
    return cpu_seconds(work, rounds=5) * 1000


def _size(picture: Picture) -> str:
    return f"{picture.shape[1]} × {picture.shape[0]}"


def scene(rows: int, columns: int) -> Picture:
    """A made picture of any size."""
    y, x = np.mgrid[0:rows, 0:columns].astype(np.int64)
    return np.stack(PATTERNS["scene"](y, x, rows, columns), axis=2).astype(np.uint8)
