"""The dashboard's files as they were built, at the edge's own paths: what belongs to no service is a page of it."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

_READS = frozenset({"GET", "HEAD"})
_ASSETS = "/assets/"
"""Files whose names hold the hash of their bytes."""
SECURITY_HEADERS = {
    # Everything is ours: scripts, styles and fonts are files, data and films come from the same origin.
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline';"
        " connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Greenlight</title>
<body style="font:16px/1.5 system-ui;max-width:36rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark">
<h1 style="font-size:1.25rem">The dashboard was not built</h1>
<p>Everything else runs: the API, the command line and the feed. To have the dashboard, install Node 20 or newer and
run <code>./greenlight dev dashboard</code>; then load this page again.</p>
"""


class Dashboard:
    """Serves the folder a build was written to, or says that there is none. It may be built while this runs."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def serves(self, scope: Scope) -> bool:
        """Whether a path without an owner is ours: a file of the build, or a page that somebody opens in a browser."""
        if scope["type"] != "http" or scope["method"] not in _READS:
            return False
        return self._file(scope["path"]) is not None or "text/html" in Headers(scope=scope).get("accept", "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> ASGIApp:
        path = scope["path"]
        found = self._file(path) or self._file("/index.html")
        if found is None:
            return HTMLResponse(_NOT_BUILT, status_code=503, headers={"Cache-Control": "no-store"})
        lasts = path.startswith(_ASSETS) and found.name != "index.html"
        headers = {
            **SECURITY_HEADERS,
            "Cache-Control": "public, max-age=31536000, immutable" if lasts else "no-cache",
            "Vary": "Accept-Encoding",
        }
        media_type = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
        packed = found.with_name(found.name + ".gz")
        if "gzip" in Headers(scope=scope).get("accept-encoding", "") and packed.is_file():
            headers["Content-Encoding"] = "gzip"
            found = packed
        answer: Response = FileResponse(found, headers=headers, media_type=media_type)
        return answer

    def _file(self, path: str) -> Path | None:
        """The file of the build at a path; None for anything outside of it, and for folders."""
        if self._folder is None or "\x00" in path:
            return None
        folder = self._folder.resolve()
        found = (folder / path.lstrip("/")).resolve()
        return found if found.is_relative_to(folder) and found.is_file() else None
