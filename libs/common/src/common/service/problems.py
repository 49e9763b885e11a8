"""Errors on HTTP: RFC 9457 documents that also carry `error` (a code), `detail` and `request_id`."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response

from common.asking import current_asking
from common.errors import GreenlightError, Transient
from common.observability.logging import get_logger

log = get_logger(__name__)
MEDIA_TYPE = "application/problem+json"
_CODES = {413: "too_large"}
"""Where our own code is another word than the status has."""

_REFUSALS = {
    400: "The content is refused.",
    401: "No credentials, or none that can be verified.",
    403: "You may not.",
    404: "There is no such thing, or it is another tenant's.",
    409: "Not now: somebody was first, or it is not in a state for this.",
    413: "It is too large.",
    416: "The range lies outside of it.",
    422: "It cannot be understood, or is out of bounds.",
    429: "Too many requests.",
    502: "A vendor refused, or cannot do it; trying again changes nothing.",
    503: "One of our own parts, or a vendor, is away; nothing was changed.",
}


class ProblemDocument(BaseModel):
    """What every refusal looks like. Some have members of their own besides."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:greenlight:error:not_found"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(description="A sentence for people.", examples=["There is no run 0194b7f0-…."])
    error: str = Field(description="A code for machines.", examples=["not_found"])
    request_id: str | None = None


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route that may refuse with these, for its documentation."""
    schema = {"$ref": f"#/components/schemas/{ProblemDocument.__name__}"}
    return {
        status: {"description": _REFUSALS[status], "content": {MEDIA_TYPE: {"schema": schema}}} for status in statuses
    }


def problem_response(status: int, code: str, detail: str, **extra: Any) -> JSONResponse:
    """A problem document. `extra` adds members such as `stage`, `kept`, `next_action`, `retry_after_seconds`."""
    if asking := current_asking():
        asking.code = code
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

    _document_problems(app)
    app.add_exception_handler(GreenlightError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    # What PostgreSQL says when it is stopped, restarted or out of reach; a mistake of ours is another class.
    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.add_exception_handler(kind, away)


def _document_problems(app: FastAPI) -> None:
    """Put the schema that `refusals` points at into the app's OpenAPI document."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.setdefault(ProblemDocument.__name__, ProblemDocument.model_json_schema())
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to add to the document


def broke(error: Exception, *, path: str) -> JSONResponse:
    """The answer for a bug: the log gets the traceback, the caller the id to find it by."""
    log.exception("http.broke", path=path, exc_info=error)
    return problem_response(500, "internal_error", "Something broke on our side; the log has the details.")
