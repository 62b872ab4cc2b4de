"""Cuts py3langid's model down to the ten languages that are asked about: src/dalil/signals/data/languages.bin.

    python -m benchmarks.make_language_tables

Needed when the model of py3langid changes, which a test notices; then raise `language.VERSION` too. What
the file holds, and why it is shipped: docs/decisions/0128-language-tables-of-our-own.md.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from dalil.signals import language_model

_LEVEL = 19


def tables() -> dict[str, np.ndarray]:
    """The tables, as `language_model` names them."""
    whole = LanguageIdentifier.from_model_file(MODEL_FILE)
    columns = [whole.nb_classes.index(code) for code in language_model.CODES]
    return {
        "moves": np.asarray(whole.tk_nextmove),
        "rows": np.asarray(whole.tk_row),
        "features": np.asarray(whole.tk_output),
        "scores": whole.nb_ptc[:, columns],
        "priors": whole.nb_pc[columns],
    }


def main() -> None:
    """Write the file."""
    codec = pa.Codec("zstd", compression_level=_LEVEL)
    parts = [language_model.MAGIC]
    made = tables()
    for name, kind in language_model.PARTS.items():
        data = np.ascontiguousarray(made[name], dtype=kind).tobytes()
        packed = codec.compress(data, asbytes=True)
        parts += (language_model.HEAD.pack(len(packed), len(data)), packed)
    Path(language_model.FILE).write_bytes(b"".join(parts))


if __name__ == "__main__":
    main()
