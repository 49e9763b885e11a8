"""Errors on HTTP: RFC 9457 documents that also carry `error` (a code), `detail` and `request_id`."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response

from common.errors import GreenlightError, Transient
from common.observability.logging import get_logger

log = get_logger(__name__)
MEDIA_TYPE = "application/problem+json"
_CODES = {413: "too_large"}
"""Where our own code is another word than the status has."""


def problem_response(status: int, code: str, detail: str, **extra: Any) -> JSONResponse:
    """A problem document. `extra` adds members such as `stage`, `kept`, `next_action`, `retry_after_seconds`."""
    body = {
        "type": f"urn:greenlight:error:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "error": code,
        "request_id": structlog.contextvars.get_contextvars().get("request_id"),
        **extra,
    }
    headers = {"Retry-After": str(extra["retry_after_seconds"])} if "retry_after_seconds" in extra else None
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def answer_for(error: GreenlightError) -> JSONResponse:
    """One of our own errors as an answer."""
    extra = dict(error.extra)
    if isinstance(error, Transient):
        extra.setdefault("retry_after_seconds", max(1, (error.retry_after_ms or 1000) // 1000))
    return problem_response(error.status, error.code, error.detail, **extra)


def add_problem_handlers(app: FastAPI) -> None:
    """Render every error we foresee as a problem document; the middleware answers for the others (see `broke`)."""

    async def ours(_request: Request, error: Exception) -> Response:
        if not isinstance(error, GreenlightError):
            raise error
        return answer_for(error)

    async def invalid(_request: Request, error: Exception) -> Response:
        if not isinstance(error, RequestValidationError):
            raise error
        fields = [
            {"field": ".".join(str(part) for part in problem["loc"]), "message": problem["msg"]}
            for problem in error.errors()
        ]
        first = fields[0] if fields else {"field": "body", "message": "invalid"}
        return problem_response(422, "invalid", f"{first['field']}: {first['message']}", fields=fields)

    async def http(_request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        phrase = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
        code = _CODES.get(error.status_code, phrase)
        response = problem_response(error.status_code, code, str(error.detail))
        response.headers.update(error.headers or {})
        return response

    async def away(_request: Request, error: Exception) -> Response:
        log.warning("http.database_away", error=repr(error))
        detail = "The database does not answer. Nothing was changed; try again in a moment."
        return problem_response(503, "unavailable", detail, retry_after_seconds=1)

    app.add_exception_handler(GreenlightError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    # What PostgreSQL says when it is stopped, restarted or out of reach; a mistake of ours is another class.
    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.add_exception_handler(kind, away)


def broke(error: Exception, *, path: str) -> JSONResponse:
    """The answer for a bug: the log gets the traceback, the caller the id to find it by."""
    log.exception("http.broke", path=path, exc_info=error)
    return problem_response(500, "internal_error", "Something broke on our side; the log has the details.")
