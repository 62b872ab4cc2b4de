"""The server and the worker of one workspace, in one process or two."""

from __future__ import annotations

import signal
import tempfile
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dalil.actions.house import House


def work(house: House, once: bool) -> int:  # noqa: FBT001 - handed over as a plain callable
    """Run waiting jobs; answer how many were done. With `once`, stop when none waits."""
    from dalil.actions.housekeeping import hourly
    from dalil.actions.steps import steps
    from dalil.actions.watching import watcher
    from dalil.jobs import worker

    seconds, often = house.settings.lease_seconds, watcher(house)
    return worker.run(
        steps(house), clock=house.clock, lease_seconds=seconds, once=once, hourly=hourly(house), often=often
    )


def serve(house: House, announce: Callable[[str], None]) -> None:
    """Serve the console on the settings' address until interrupted or told to end, with a worker beside it.

    Args:
        announce: called once with the address, when connections are taken.
    """
    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    from dalil.actions.housekeeping import hourly
    from dalil.actions.steps import steps
    from dalil.actions.watching import watcher
    from dalil.jobs import worker

    settings = house.settings
    # What is coming in is buffered where the workspace lies, on its own volume, not where the system keeps such files.
    tempfile.tempdir = str(house.workspace.tmp)
    server = create_server(
        get_wsgi_application(),
        host=settings.host,
        port=settings.port,
        threads=4,
        ident="",
        max_request_body_size=settings.upload_bytes,
        clear_untrusted_proxy_headers=True,
    )
    stop = threading.Event()
    background = threading.Thread(
        target=worker.run,
        args=(steps(house),),
        kwargs={
            "clock": house.clock,
            "lease_seconds": settings.lease_seconds,
            "stop": stop,
            "hourly": hourly(house),
            "often": watcher(house),
        },
        daemon=True,
    )
    background.start()
    # A shell that starts us in the background has us ignore the interrupt: `kill` must end us as calmly.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        announce(f"http://{settings.host}:{server.effective_port}")
        server.run()
    except KeyboardInterrupt:
        pass  # the way to end it, also in the moment before waitress listens for it
    finally:
        stop.set()
        server.close()
        background.join(timeout=5)
