"""What all pages have: the frame of the document, the style, and headers that let nothing else in or out.

Every value goes through `Markup.format`, which escapes it; there is no other way in.
"""

from __future__ import annotations

import secrets
from http import HTTPStatus

from common.pages import ICON, house_style
from fastapi.responses import HTMLResponse
from markupsafe import Markup

_STYLE = house_style(__package__)
_DOCUMENT = Markup(
    """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
{refresh}<title>{title}</title>
<link rel="icon" href="{icon}">
<style nonce="{nonce}">{style}</style>
</head>
<body{kind}>
{body}
</body>
</html>
"""
)
_REFRESH = Markup('<meta http-equiv="refresh" content="{seconds}{to}">\n')
FOOT = Markup('<footer><div class="wrap"><span>Nothing leaves without a green light.</span>{leave}</div></footer>')


def document(
    title: str,
    body: Markup,
    *,
    status: int = HTTPStatus.OK,
    refresh: tuple[int, str] | None = None,
    is_player: bool = False,
) -> HTMLResponse:
    """A page as an answer. `refresh`: seconds, and where to go on then; an empty place is the page itself.

    No script runs on it, no other site is asked for anything, told where the reader came from, or may frame it.
    """
    nonce = secrets.token_urlsafe(16)
    again = Markup()
    if refresh:
        seconds, to = refresh
        again = _REFRESH.format(seconds=seconds, to=f"; url={to}" if to else "")
    html = _DOCUMENT.format(
        title=title,
        icon=ICON,
        nonce=nonce,
        style=_STYLE,
        refresh=again,
        kind=Markup(' class="player"') if is_player else "",
        body=body,
    )
    return HTMLResponse(html, status, headers=_headers(nonce, is_player=is_player))


def _headers(nonce: str, *, is_player: bool) -> dict[str, str]:
    framed = "'self'" if is_player else "'none'"
    return {
        "content-security-policy": (
            f"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; media-src 'self'; frame-src 'self';"
            f" form-action 'self'; base-uri 'none'; frame-ancestors {framed}"
        ),
        "x-frame-options": "SAMEORIGIN" if is_player else "DENY",
        "cache-control": "no-store",
        **FILE_HEADERS,
    }


FILE_HEADERS = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "cross-origin-resource-policy": "same-origin",
}
"""Of pages and of the marked film alike."""
