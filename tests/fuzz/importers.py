"""Coverage-guided fuzzing of one importer: whatever a file holds, only its own errors come out.

    python tests/fuzz/importers.py FORMAT --seconds 600     # a long run; new finds are kept in tests/fuzz/corpus/FORMAT
    python tests/fuzz/importers.py FORMAT --runs 400        # the short run of CI

Each input is read as a file of that format. It may raise `InputError` or `LimitReached`; it may yield
nothing that cannot be handed over; it may take no more than a few seconds. A find that breaks this is
written to tests/fuzz/finds and ends the run with an error.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import atheris
import msgspec

with atheris.instrument_imports(include=["dalil.sources"]):
    from dalil.sources import registry
    from dalil.sources.importer import Limits, ReadContext
    from dalil.sources.privacy import Pseudonymiser
    from dalil.sources.reading import SourceFile

from dalil.errors import InputError, LimitReached

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "contracts" / "sources")]
from fuzz_mutations import mutated  # noqa: E402 - the tests' own folder is put on the path first
from importer_contracts import contract_of  # noqa: E402 - the same

CORPUS = Path(__file__).parent / "corpus"
FINDS = Path(__file__).parent / "finds"
LONGEST = 32 << 10
_KEY = bytes(range(32))


def main() -> None:
    """Read the arguments, lay the seeds out, run libFuzzer."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("format")
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--runs", type=int, default=-1)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    importer = registry.named(given.format)
    contract = contract_of(given.format)
    kept = CORPUS / given.format
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seeds, found, place = folder / "seeds", folder / "found", folder / "input"
        for made in (seeds, found):
            made.mkdir()
        for number, sample in enumerate(contract.write_samples(folder)):
            shutil.copyfile(sample, seeds / f"sample-{number}")
        public = contract.public

        def once(data: bytes) -> None:
            place.write_bytes(data)
            context = ReadContext(Pseudonymiser(_KEY, public), Limits(line_bytes=LONGEST, media_bytes=LONGEST))
            importer.detect(data)
            try:
                for item in importer.read(SourceFile(place, folder), context):
                    msgspec.msgpack.encode(item)  # what holds half a character cannot be handed over
            except (InputError, LimitReached):
                pass

        corpora = [str(found if given.seconds == 0 else _made(kept)), str(seeds), str(kept)]
        options = [
            f"-max_len={LONGEST}",
            "-timeout=10",
            "-rss_limit_mb=4096",
            f"-artifact_prefix={_made(FINDS)}/{given.format}-",
            "-verbosity=0",
        ]
        options += [f"-max_total_time={given.seconds}"] if given.seconds else [f"-runs={given.runs}"]
        options += [f"-seed={given.seed}"] if given.seed else []
        arguments = [sys.argv[0], *options, *(one for one in corpora if Path(one).is_dir())]
        atheris.Setup(arguments, once, custom_mutator=_mutate)
        atheris.Fuzz()


def _mutate(data: bytes, most: int, seed: int) -> bytes:
    """Three times in four a value is changed, else bytes are."""
    found = mutated(data, seed) if seed % 4 else None
    return found if found is not None and len(found) <= most else atheris.Mutate(data, most)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    main()
