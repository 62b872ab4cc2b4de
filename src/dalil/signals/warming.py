"""Load what the signals need once, before the first item waits for it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dalil.signals import key_columns, language_columns, minhash, pdq, texts

Report = Callable[[str, int, int], None]
"""Called with the step's name, steps done, and steps in all."""

_ASKS_THE_MODEL = "four plain words here"


def warm_up(report: Report | None = None) -> None:
    """Make the tables and load the language model: about a tenth of a CPU-second, 60 MB, in this process.

    Nothing is compiled and nothing is written. Calling it again costs nothing.

    Args:
        report: told before each step and once at the end.
    """
    steps: list[tuple[str, Callable[[], object]]] = [
        ("text-keys", lambda: (key_columns.key_columns(["\u0627\u0301 a"]), texts.norm_ckb("ە"))),
        ("minhash", lambda: minhash.bands(["a" * texts.SHORT_TEXT])),
        ("pdq", lambda: pdq.pdq(np.zeros((pdq.SIDE, pdq.SIDE), dtype=np.uint8))),
        ("language", lambda: language_columns.identify_all([_ASKS_THE_MODEL])),
    ]
    for done, (name, step) in enumerate(steps):
        if report is not None:
            report(name, done, len(steps))
        step()
    if report is not None:
        report("done", len(steps), len(steps))
