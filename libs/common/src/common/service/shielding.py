"""Every write passes the shield before its handler sees it. Pure ASGI.

What a request carries is read whole here (it is bounded by then), looked at, and handed on as it came. A file is no
text and is not read: what is said about it is in the query, and is looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.contracts.safety import Side
from common.errors import GreenlightError, Invalid, Unavailable
from common.service.cookies import SAFE_METHODS
from common.service.middleware import is_open
from common.service.principal import Principal
from common.service.problems import answer_for, problem_response
from common.shield import About, Guard

READS = SAFE_METHODS
STRANGER = "stranger"
_FORM = "application/x-www-form-urlencoded"
DEPTH_LIMIT = 200
"""Lists and objects inside of each other. No body of ours has ten."""


class Exemptions:
    """Routes that are not looked at: those whose senders sign, and those listed with a reason."""

    def __init__(self, listed: Mapping[str, str], *, signed_paths: Iterable[str]) -> None:
        self._signed = tuple(signed_paths)
        self._listed = [(route.split(" ", 1)[0], compile_path(route.split(" ", 1)[1])[0]) for route in listed]

    def cover(self, method: str, path: str) -> bool:
        """Whether a request to that path is not looked at."""
        if is_open(path, self._signed):
            return True
        return any(method == listed and pattern.match(path) for listed, pattern in self._listed)


class Shielding:
    """The middleware. It stands behind the gatekeeper: who asks is known, and how much they may send is bounded."""

    def __init__(
        self, app: ASGIApp, *, guard: Guard, exemptions: Exemptions, files_at: frozenset[str] = frozenset()
    ) -> None:
        self._app = app
        self._guard = guard
        self._exemptions = exemptions
        self._files_at = files_at

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or scope["method"] in READS
            or self._exemptions.cover(scope["method"], scope["path"])
        ):
            await self._app(scope, receive, send)
            return
        try:
            is_file = scope["path"] in self._files_at
            body = b"" if is_file else await _whole(receive)
            if body is None:
                return
            content = _texts(scope, body)
            if content:
                await self._guard.pass_through(content, _about(scope))
        except GreenlightError as error:
            await answer_for(error)(scope, receive, send)
            return
        except (OperationalError, InterfaceError, PoolTimeout):
            # It may not pass, and that cannot be put on record now: the answer is for later.
            away = Unavailable("The database does not answer. Nothing was changed; try again in a moment.")
            await answer_for(away)(scope, receive, send)
            return
        except HTTPException as error:
            refusal = problem_response(error.status_code, "too_large", str(error.detail))
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive if is_file else _again(body, receive), send)


async def _whole(receive: Receive) -> bytes | None:
    """The body; None when the caller went away before the end."""
    pieces: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(pieces)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, and after it whatever comes."""
    given = False

    async def once_more() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once_more


def _texts(scope: Scope, body: bytes) -> dict[str, object]:
    """All strings that the request carries, in the shape it has them."""
    content: dict[str, object] = {}
    if scope["query_string"]:
        content["query"] = parse_qsl(scope["query_string"].decode("latin-1"))
    if body:
        content["body"] = _read(body, media_type=Headers(scope=scope).get("content-type", ""))
    return content


def _read(body: bytes, *, media_type: str) -> object:
    """What the handler will read, whatever the media type says: JSON where it is JSON, else its characters.

    Python's own reader, because FastAPI uses it: another one would read some bodies otherwise than the handler does.
    """
    try:
        value: object = json.loads(body)
    except RecursionError:
        raise Invalid("The body has too many lists and objects inside of each other.") from None
    except ValueError:
        text = body.decode(errors="replace")
        return parse_qsl(text) if media_type.startswith(_FORM) else text
    if _is_deeper_than(value, DEPTH_LIMIT):
        raise Invalid(f"The body may have at most {DEPTH_LIMIT} lists and objects inside of each other.")
    return value


def _is_deeper_than(value: object, limit: int) -> bool:
    level = [value]
    for _ in range(limit + 1):
        below: list[object] = []
        for one in level:
            if isinstance(one, dict):
                below += one.values()
            elif isinstance(one, list):
                below += one
        level = [one for one in below if isinstance(one, dict | list)]
        if not level:
            return False
    return True


def said_to(caller: Principal, *, by: str) -> About:
    """About text that the route `by` is going to answer `caller` with."""
    return About(tenant=caller.tenant, side=Side.OUTPUT, actor=caller.user_id, resource=by)


def _about(scope: Scope) -> About:
    principal = scope.get("principal")
    known = isinstance(principal, Principal)
    return About(
        tenant=principal.tenant if isinstance(principal, Principal) else "",
        side=Side.REQUEST,
        actor=principal.user_id if isinstance(principal, Principal) else STRANGER,
        resource=f"{scope['method']} {scope['path']}"[:200] if known else "a stranger's request",
    )
