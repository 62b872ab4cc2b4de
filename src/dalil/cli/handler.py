"""Turns what was raised into a sentence, a remedy and an exit code: 0 ok, 1 ours, 2 the user's, 3 a missing part."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable

import typer

from dalil.cli.output import Output
from dalil.errors import DalilError


def run_command(command: Callable[[], None], output: Output) -> int:
    """Run `command`; answer the exit code after saying what went wrong, if anything did."""
    try:
        command()
    except DalilError as error:
        output.error(error.code, str(error), error.remedy)
        return error.exit_code
    except typer.Exit as leaving:
        return leaving.exit_code
    except (KeyboardInterrupt, typer.Abort):
        output.error("stopped", "Stopped.", "Run the same command again: it goes on where it stopped.")
        return 1
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing is wrong with us.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except Exception as error:  # noqa: BLE001 - the last door: no trace may print what a file held
        from dalil.archive.disk import said_of_disk

        known = said_of_disk(error)
        if known is not None:
            output.error(known.code, str(known), known.remedy)
            return known.exit_code
        place = traceback.extract_tb(error.__traceback__)[-1]
        output.error(
            "ours",
            f"Something in Dalil itself went wrong ({type(error).__name__} in {place.name}, line {place.lineno}).",
            "Your data is as it was before this command. Please report the sentence above; it holds nothing of yours.",
        )
        return 1
    return 0
