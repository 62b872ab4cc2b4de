"""Prints the API's description, for the golden file that is checked in: `python -m dalil.app.openapi`."""

from __future__ import annotations

import json
import sys
import tempfile

from dalil.app.configuration import configure
from dalil.settings import Settings


def description() -> str:
    """The OpenAPI document as JSON text; Django must be configured."""
    from dalil.api.routes import api

    return json.dumps(api.get_openapi_schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    configure(Settings(workspace=tempfile.gettempdir()))
    sys.stdout.write(description())
