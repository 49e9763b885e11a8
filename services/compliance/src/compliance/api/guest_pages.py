"""`/review/…`: what people without an account see and send. HTML in and out; whoever has no right sees one page."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from common.contracts.safety import Side
from common.contracts.values import ArtifactRef, Decision
from common.errors import GreenlightError, Invalid, NotFound, RateLimited
from common.service.files import file_response
from common.service.recording import address_of
from common.shield import About
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from compliance.api.guest_forms import DecisionForm, Form, HoldForm, NoteForm, parsed, read_form
from compliance.errors import ContentChanged, ItemClaimed, LinkGone
from compliance.guesting import Guesting
from compliance.guests import PREFIX, Guest, read_key
from compliance.links import asks_externals
from compliance.pages import said
from compliance.pages.content import films_in
from compliance.pages.player import player
from compliance.pages.review import Review, Typed, place_of, review_page
from compliance.pages.shell import FILE_HEADERS
from compliance.pages.words import refusal_in_words
from compliance.previews import MEDIA_TYPE
from compliance.repository.items import Item

COOKIE = "greenlight_review"
_AGENT_LIMIT = 300
_THANKS = {
    Decision.APPROVED.value: ("Thank you", "You approved it. The people you got the link from know it now."),
    Decision.CHANGES_REQUESTED.value: (
        "Thank you",
        "You asked for changes. You will be asked again when they are made.",
    ),
    Decision.REJECTED.value: ("Thank you", "You rejected it. Nothing of it goes out."),
    "note": ("Noted", "Your note is with the people you got the link from."),
    "held": ("It is on hold", "Nothing of it goes out until you, or the people you got the link from, let it go on."),
    "let-go": ("It may go on", "The hold is off."),
}
_FILM_HEADERS = {
    **FILE_HEADERS,
    "cache-control": "private, no-cache",
    "content-security-policy": "default-src 'none'; media-src 'self'; sandbox",
    "content-disposition": "inline",
}
Handler = Callable[[Guest], Awaitable[Response]]


def router(guests: Guesting) -> APIRouter:
    """Every page. None of them is in the API's document: they are for people."""
    routes = APIRouter(prefix="/review", include_in_schema=False)
    _add_door(routes, guests)
    _add_views(routes, guests)
    _add_film(routes, guests)
    _add_forms(routes, guests)
    return routes


def _add_door(routes: APIRouter, guests: Guesting) -> None:
    @routes.get("/open/{token:path}")
    async def open_link(request: Request, token: str) -> Response:
        try:
            await guests.opens.count(f"review-open:{address_of(request.scope)}", known=True)
            if key := read_key(token.removeprefix(PREFIX)):
                await guests.opens.count(f"review-open:{key.id}", known=True)
            opened = await guests.links.open(token, user_agent=_agent(request))
        except GreenlightError as error:
            return _refusal(error, place=None)
        place = f"/review/{opened.link_id}"
        answer = said.on_the_way(place)
        answer.set_cookie(
            COOKIE,
            opened.cookie,
            max_age=opened.seconds,
            path=place,
            secure=guests.is_secure,
            httponly=True,
            samesite="strict",
        )
        return answer


def _add_views(routes: APIRouter, guests: Guesting) -> None:
    @routes.get("/{link_id}")
    async def show(request: Request, link_id: str) -> Response:
        async def answer(guest: Guest) -> Response:
            return review_page(await _review(guests, guest, await guests.links.show(guest)))

        return await _as_guest(guests, request, link_id, answer)

    @routes.get("/{link_id}/done/{what}")
    async def done(request: Request, link_id: str, what: str) -> Response:
        async def answer(guest: Guest) -> Response:
            if what not in _THANKS:
                raise LinkGone("There is no such page.")
            title, words = _THANKS[what]
            return said.thanks(title, words, back=place_of(guest))

        return await _as_guest(guests, request, link_id, answer)


def _add_film(routes: APIRouter, guests: Guesting) -> None:
    @routes.get("/{link_id}/player/{number}")
    async def show_player(request: Request, link_id: str, number: str) -> Response:
        async def answer(guest: Guest) -> Response:
            return await _player(guests, guest, number, again=False)

        return await _as_guest(guests, request, link_id, answer)

    @routes.post("/{link_id}/player/{number}")
    async def make_again(request: Request, link_id: str, number: str) -> Response:
        async def answer(guest: Guest) -> Response:
            await read_form(request, guest)
            await _player(guests, guest, number, again=True)
            return RedirectResponse(f"{place_of(guest)}/player/{number}", HTTPStatus.SEE_OTHER)

        return await _as_guest(guests, request, link_id, answer)

    @routes.get("/{link_id}/film/{number}")
    @routes.head("/{link_id}/film/{number}")
    async def film(request: Request, link_id: str, number: str) -> Response:
        async def answer(guest: Guest) -> Response:
            source = _film(await guests.links.show(guest), number)
            found = await guests.previews.find(guest.tenant, source, person=guest.link.person)
            if found is None or found.sha256 is None or found.size is None:
                raise LinkGone("There is no copy yet.")
            copy = ArtifactRef(sha256=found.sha256, size=found.size, media_type=MEDIA_TYPE)
            try:
                return await file_response(
                    request,
                    guests.artifacts,
                    tenant=guest.tenant,
                    ref=copy,
                    media_type=MEDIA_TYPE,
                    headers=_FILM_HEADERS,
                )
            except NotFound:
                await guests.previews.lost(guest.tenant, source, person=guest.link.person)
                raise

        return await _as_guest(guests, request, link_id, answer)


def _add_forms(routes: APIRouter, guests: Guesting) -> None:
    @routes.post("/{link_id}/decision")
    async def decide(request: Request, link_id: str) -> Response:
        async def answer(guest: Guest) -> Response:
            form = parsed(DecisionForm, await _fields(guests, request, guest))
            order = form.order(await guests.links.show(guest))
            try:
                await guests.links.decide(guest, order, key=form.key)
            except (Invalid, ContentChanged, ItemClaimed) as refusal:
                # It can still be decided, so nothing that was typed is lost.
                item = await guests.links.show(guest)
                review = await _review(guests, guest, item, typed=form.typed(item, refusal))
                return review_page(review, status=refusal.status)
            return _done(guest, form.decision.value)

        return await _as_guest(guests, request, link_id, answer)

    @routes.post("/{link_id}/note")
    async def note(request: Request, link_id: str) -> Response:
        async def answer(guest: Guest) -> Response:
            form = parsed(NoteForm, await _fields(guests, request, guest))
            draft = form.draft(await guests.links.show(guest))
            await guests.links.note(guest, guests.notes, draft, key=form.key, request=form)
            return _done(guest, "note")

        return await _as_guest(guests, request, link_id, answer)

    @routes.post("/{link_id}/hold")
    async def hold(request: Request, link_id: str) -> Response:
        async def answer(guest: Guest) -> Response:
            form = parsed(HoldForm, await _fields(guests, request, guest))
            await guests.links.hold(guest, reason=form.reason)
            return _done(guest, "held")

        return await _as_guest(guests, request, link_id, answer)

    @routes.post("/{link_id}/let-go")
    async def let_go(request: Request, link_id: str) -> Response:
        async def answer(guest: Guest) -> Response:
            parsed(Form, await _fields(guests, request, guest))
            await guests.links.lift_hold(guest)
            return _done(guest, "let-go")

        return await _as_guest(guests, request, link_id, answer)

    @routes.post("/{link_id}/leave")
    async def leave(request: Request, link_id: str) -> Response:
        async def answer(guest: Guest) -> Response:
            await read_form(request, guest)
            await guests.links.leave(guest)
            gone = said.left()
            gone.delete_cookie(COOKIE, path=place_of(guest), secure=guests.is_secure, httponly=True, samesite="strict")
            return gone

        return await _as_guest(guests, request, link_id, answer)


async def _as_guest(guests: Guesting, request: Request, link_id: str, answer: Handler) -> Response:
    """What the handler answers whoever comes with a visit's cookie, and a page for everybody else."""
    place = None
    try:
        guest = await guests.links.enter(_id(link_id), request.cookies.get(COOKIE, ""), user_agent=_agent(request))
        # Whatever is put on record about this request is about them.
        request.scope["principal"] = guest.principal
        place = place_of(guest)
        await guests.requests.count(f"review:{guest.link.id}", known=True)
        return await answer(guest)
    except GreenlightError as error:
        return _refusal(error, place=place)


async def _fields(guests: Guesting, request: Request, guest: Guest) -> dict[str, Any]:
    """A form's fields, once what was written has passed the shield."""
    fields = await read_form(request, guest)
    written = [text for name in ("text", "reason", "comment", "at") if (text := fields.get(name))]
    if written:
        about = About(guest.tenant, Side.REQUEST, guest.link.actor, f"airlock_item:{guest.link.item_id}")
        await guests.guard.pass_through({"body": written}, about)
    return fields


async def _review(guests: Guesting, guest: Guest, item: Item, *, typed: Typed | None = None) -> Review:
    return Review(
        guest=guest,
        item=item,
        films=films_in(item.content),
        notes=await guests.list_notes(guest, item),
        asks_externals=asks_externals(item),
        key=secrets.token_urlsafe(24),
        typed=typed,
    )


async def _player(guests: Guesting, guest: Guest, number: str, *, again: bool) -> HTMLResponse:
    source = _film(await guests.links.show(guest), number)
    found = await guests.previews.look(guest.tenant, source, person=guest.link.person, again=again)
    return player(found.state, place=place_of(guest), number=int(number), form_token=guest.form_token)


def _film(item: Item, number: str) -> ArtifactRef:
    films = films_in(item.content)
    if not (number.isascii() and number.isdigit() and len(number) < 3 and int(number) < len(films)):
        raise LinkGone("There is no such film.")
    return films[int(number)]


def _done(guest: Guest, what: str) -> Response:
    return RedirectResponse(f"{place_of(guest)}/done/{what}", HTTPStatus.SEE_OTHER)


def _refusal(error: GreenlightError, *, place: str | None) -> Response:
    if isinstance(error, RateLimited):
        return said.busy(retry_after_seconds=int(error.extra.get("retry_after_seconds", 60)))
    if isinstance(error, NotFound) or place is None:
        return said.gone()
    return said.refused(refusal_in_words(error.code, error.detail), status=error.status, back=place)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise LinkGone("The link does not work.") from None


def _agent(request: Request) -> str:
    said_ = request.headers.get("user-agent", "")[:_AGENT_LIMIT]
    return "".join(letter if letter.isprintable() else "?" for letter in said_)
