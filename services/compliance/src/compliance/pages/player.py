"""The film's own small page inside of the review: it asks again by itself until the marked copy is there.

It is a page of its own so that asking again does not take away what somebody is writing beside it.
"""

from __future__ import annotations

from fastapi.responses import HTMLResponse
from markupsafe import Markup

from compliance.guests import PreviewState
from compliance.pages.shell import document

ASK_SECONDS = 3
_FORM_TOKEN = Markup('<input type="hidden" name="form" value="{}">')
# A time in the address makes phones show the first picture, where there is no poster to show.
_VIDEO = Markup(
    '<video controls playsinline preload="metadata" controlslist="nodownload" aria-label="The film">'
    '<source src="{place}/film/{number}#t=0.1" type="video/mp4"></video>'
)
_WAIT = Markup('<div><div class="spin" role="status"></div><p>{words}</p></div>')
_FAILED = Markup(
    "<div><h2>There is no preview</h2><p>It could not be made. Try again, or tell the people who sent you the link.</p>"
    '<form method="post" action="{place}/player/{number}">{token}<button>Try again</button></form></div>'
)


def player(state: PreviewState, *, place: str, number: int, form_token: str) -> HTMLResponse:
    """The film, or how far it is."""
    match state:
        case PreviewState.READY:
            return document("Film", _VIDEO.format(place=place, number=number), is_player=True)
        case PreviewState.FAILED:
            token = _FORM_TOKEN.format(form_token)
            body = _FAILED.format(place=place, number=number, token=token)
            return document("No preview", body, is_player=True)
        case PreviewState.MAKING:
            words = "Your copy of the film is being made. This takes a moment."
        case _:
            words = "Other films are made first. Yours is next."
    return document("One moment", _WAIT.format(words=words), refresh=(ASK_SECONDS, ""), is_player=True)
