"""Serves the pages over the fake rooms, in a process of its own: prints its address, ends with its input.

Run as `python pages_driver.py`; the tests' folder must be importable.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from pathlib import Path


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from dalil.app.configuration import configure
    from dalil.settings import Settings

    with tempfile.TemporaryDirectory() as folder:
        configure(Settings(workspace=folder))
        _serve()


def _serve() -> None:
    import web_fakes
    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    from dalil.web import rooms

    rooms.set_current(web_fakes.rooms())  # type: ignore[arg-type]  # held against the real ones by test_rooms.py
    server = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=4, ident="")
    threading.Thread(target=server.run, daemon=True).start()
    sys.stdout.write(f"http://127.0.0.1:{server.effective_port}\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.close()


if __name__ == "__main__":
    main()
