"""A worker process for the kill test: counts to a number, one effect at a time, and says where it is.

Called with: the parent's import path (as JSON), the workspace, seconds on the clock, how many things
to count, and `step` or `run`. Each line it prints is a place where the parent may kill it; with
`step` it waits there for a line from the parent, so that the place is exact.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta

sys.path[:0] = json.loads(sys.argv[1])
FOLDER, SECONDS, MANY = sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
START = datetime(2026, 5, 17, tzinfo=UTC)


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()
    if sys.argv[5] == "step":
        sys.stdin.readline()


def main() -> None:
    from dalil.app.configuration import configure
    from dalil.settings import Settings

    configure(Settings(workspace=FOLDER))
    from django.db import connection, transaction

    from dalil.jobs import worker
    from dalil.jobs.worker import Work

    def step(at: Work) -> None:
        say(f"begin {at.step}")
        for number in range(at.checkpoint.get("counted", 0), MANY):
            with transaction.atomic():
                say("effect")
                with connection.cursor() as cursor:
                    cursor.execute("INSERT INTO effects (step, number) VALUES (%s, %s)", [at.step, number])
                say("checkpoint")
                at.save({"counted": number + 1}, done=number + 1, total=MANY, unit="things")
                say("commit")
            say("next")

    clock = START + timedelta(seconds=SECONDS)
    worker.run({"first": step, "second": step}, lambda: clock, lease_seconds=10, once=True)
    say("end")


if __name__ == "__main__":
    main()
