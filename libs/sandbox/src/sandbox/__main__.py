"""`python -m sandbox`: the sandbox as a process of its own."""

from __future__ import annotations

import sys

import uvicorn
from pydantic import ValidationError

from sandbox.app import app
from sandbox.settings import Settings


def main() -> int:
    """Serve until a signal comes. 2 when it may not run here."""
    try:
        settings = Settings()
    except ValidationError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    uvicorn.run(app(settings), host=settings.host, port=settings.port, access_log=False, log_level="warning")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
