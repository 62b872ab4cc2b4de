"""Write tests/golden/pdq_reference.json with the reference implementation of PDQ.

Run it in an environment of its own, never in the project's: `pdqhash` needs a compiler.

    python -m venv /tmp/pdq && /tmp/pdq/bin/pip install numpy pillow pdqhash
    /tmp/pdq/bin/python benchmarks/make_pdq_reference.py ../shared/data/photos/bsds

The photographs are for evaluation only: their names and hashes are kept, never they themselves.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pdqhash
from PIL import Image

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"
sys.path.insert(0, str(GOLDEN))

import pdq_pictures  # noqa: E402 - lies beside the goldens and is found only now


def reference(picture: np.ndarray) -> dict[str, object]:
    """Hash, quality and the eight variants, in hex; and the hash of the pixels they are of."""
    vector, quality = pdqhash.compute(picture)
    variants, _ = pdqhash.compute_dihedral(picture)
    return {
        "pixels": hashlib.sha256(picture.tobytes()).hexdigest()[:16],
        "hash": packed(vector),
        "quality": int(quality),
        "variants": [packed(one) for one in variants],
    }


def packed(vector: np.ndarray) -> str:
    """256 bits, first most significant, as 64 hex digits."""
    return np.packbits(vector.astype(np.uint8)).tobytes().hex()


def main(photos: Path) -> None:
    """Hash the photographs in `photos` and the made pictures."""
    golden = {
        "reference": f"pdqhash {pdqhash.__version__}",
        "photos": {
            path.name: reference(np.asarray(Image.open(path).convert("RGB"))) for path in sorted(photos.glob("*.jpg"))
        },
        "made": {name: reference(picture) for name, picture in pdq_pictures.pictures()},
    }
    lines = json.dumps(golden, indent=0).replace("\n", "").replace('}, "', '},\n"').replace('},"', '},\n"')
    (GOLDEN / "pdq_reference.json").write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
