"""A stand-in for an app: answers 200 on every path of every port it is told; `--litter` leaves a detached child."""

from __future__ import annotations

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class _Ready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Say yes."""
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the polls would fill the log."""


def main() -> None:
    """Listen on the ports given as arguments until killed."""
    if "--litter" in sys.argv:
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    servers = [ThreadingHTTPServer(("127.0.0.1", int(port)), _Ready) for port in sys.argv[1:] if port.isdigit()]
    threads = [Thread(target=server.serve_forever) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
