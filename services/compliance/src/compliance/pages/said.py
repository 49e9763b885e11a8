"""Short pages: on the way in, thanks, and what could not be done."""

from __future__ import annotations

from http import HTTPStatus

from fastapi.responses import HTMLResponse
from markupsafe import Markup

from compliance.pages.shell import FOOT, document

_TICK = Markup(
    '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"'
    ' stroke-linejoin="round" aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="m7.5 12.3 3 3 6-6.4"/></svg>'
)
_SIGN = Markup(
    '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"'
    ' aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="M12 7v6.2M12 16.6v.2"/></svg>'
)
_QUIET = Markup(
    '<main class="wrap"><div class="quiet{looks}">{picture}<h1>{title}</h1><p>{words}</p>{after}</div></main>{foot}'
)


def on_the_way(place: str) -> HTMLResponse:
    """The answer to a link: the browser goes on by itself, with its cookie and without the link's address.

    A redirect would not do: a cookie for this site alone is not sent along when the way here began on another one.
    """
    after = Markup('<p><a class="button" href="{}">Open the review</a></p>').format(place)
    body = _quiet("Opening your review", "One moment.", after=after)
    return document("Opening your review", body, refresh=(0, place))


def gone() -> HTMLResponse:
    """The one page for links that are unknown, revoked, expired or used up."""
    words = (
        "This link does not work, or does not work any more. Ask the person who sent it to you for a new one."
        " If you opened it in another browser before, try that one."
    )
    body = _quiet("There is nothing here", words, is_sad=True)
    return document("There is nothing here", body, status=HTTPStatus.NOT_FOUND)


def busy(*, retry_after_seconds: int) -> HTMLResponse:
    """Too much was asked."""
    words = "That was a lot in a short time. Wait a minute, then try again."
    answer = document(
        "Too many requests", _quiet("One moment, please", words, is_sad=True), status=HTTPStatus.TOO_MANY_REQUESTS
    )
    answer.headers["Retry-After"] = str(retry_after_seconds)
    return answer


def thanks(title: str, words: str, *, back: str) -> HTMLResponse:
    """What was done."""
    after = Markup('<p><a class="button plain" href="{}">Back to the review</a></p>').format(back)
    return document(title, _quiet(title, words, after=after))


def refused(words: str, *, status: int, back: str) -> HTMLResponse:
    """What was not done, and why."""
    after = Markup('<p><a class="button plain" href="{}">Back to the review</a></p>').format(back)
    body = _quiet("That did not work", words, after=after, is_sad=True)
    return document("That did not work", body, status=status)


def left() -> HTMLResponse:
    """The browser knows nothing of the review any more."""
    words = "This browser has forgotten the review. With the link you can open it again, as long as that works."
    return document("You have left the review", _quiet("You have left the review", words))


def _quiet(title: str, words: str, *, after: Markup | None = None, is_sad: bool = False) -> Markup:
    return _QUIET.format(
        title=title,
        words=words,
        after=after or Markup(),
        picture=_SIGN if is_sad else _TICK,
        looks=" stop" if is_sad else "",
        foot=FOOT.format(leave=""),
    )
