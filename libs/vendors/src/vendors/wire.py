"""Asking a vendor over HTTP: what it answers is validated, and what goes wrong becomes one of our errors.

The table is the same for all vendors. Whether a request may be made again is decided by whether it was taken:

    not connected · 425 · 429 · 503    nothing was taken                          Transient
    400 402 403 404 409 413 422        understood and refused                     VendorRefused
    401                                our key is not good                        VendorAuthFailed
    no answer · 408 499 5xx · nonsense a look: Transient · what cannot be undone: OutcomeUnknown
    it has moved (3xx)                 a look: VendorRefused · what cannot be undone: OutcomeUnknown

A port where one number means something else says so, in `means`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx
from common.errors import (
    GreenlightError,
    OutcomeUnknown,
    Permanent,
    Transient,
    VendorAuthFailed,
    VendorRateLimited,
    VendorRefused,
    VendorUnavailable,
)
from pydantic import BaseModel, ValidationError

Answer = TypeVar("Answer", bound=BaseModel)
ANSWER_LIMIT = 8 << 20
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_PACKING = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_SAID_LIMIT = 300


class VendorOff(Permanent):
    """The vendor is switched off by a setting; nothing was asked."""


class VendorKeyMissing(VendorAuthFailed):
    """The vendor is chosen and there is no key for it; nothing was asked."""


class VendorGone(VendorRefused):
    """The vendor does not know, or not any more, what was asked about."""


class VendorOutOfCredit(VendorRefused):
    """The vendor wants to be paid first."""


Meanings = Mapping[int, type[Permanent | Transient]]
_REFUSALS: dict[int, type[Permanent]] = {
    401: VendorAuthFailed,
    402: VendorOutOfCredit,
    404: VendorGone,
    410: VendorGone,
}
_NOT_TAKEN: dict[int, type[Transient]] = {425: VendorUnavailable, 429: VendorRateLimited, 503: VendorUnavailable}
_PASSING = frozenset({408, 499})


async def ask(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    *,
    vendor: str,
    returns: type[Answer],
    undoable: bool = True,
    headers: Mapping[str, str] | None = None,
    **sends: Any,
) -> Answer:
    """The validated answer. `undoable=False` marks a request that must not be made twice."""
    answer = await send(client, method, path, vendor=vendor, undoable=undoable, headers=headers, **sends)
    return understood(answer, vendor=vendor, returns=returns, undoable=undoable)


def understood(answer: httpx.Response, *, vendor: str, returns: type[Answer], undoable: bool = True) -> Answer:
    """What a success says. Nonsense is as good as no answer."""
    try:
        return returns.model_validate_json(answer.content)
    except ValidationError as error:
        said = f"{vendor} answered what is not understood: {error.error_count()} things are wrong with it."
        raise _in_doubt(said, undoable=undoable) from error


async def send(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    *,
    vendor: str,
    undoable: bool = True,
    headers: Mapping[str, str] | None = None,
    means: Meanings | None = None,
    **sends: Any,
) -> httpx.Response:
    """The answer as it came, read to its end, if it is one of success. Raises what the table says."""
    answer = await exchange(client, method, path, vendor=vendor, undoable=undoable, headers=headers, **sends)
    if not answer.is_success:
        raise refusal_of(answer, vendor=vendor, undoable=undoable, means=means)
    return answer


async def exchange(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    *,
    vendor: str,
    undoable: bool = True,
    headers: Mapping[str, str] | None = None,
    limit: int = ANSWER_LIMIT,
    **sends: Any,
) -> httpx.Response:
    """Whatever was answered, read to its end. Raises what the table says about no answer, or one beyond the limit."""

    def broke(name: str) -> GreenlightError:
        return _in_doubt(f"{vendor} did not answer: {name}.", undoable=undoable)

    async with answering(client, method, path, vendor=vendor, broke=broke, headers=headers, **sends) as answer:
        return await read_whole(answer, vendor=vendor, limit=limit, undoable=undoable)


@asynccontextmanager
async def answering(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    *,
    vendor: str,
    broke: Callable[[str], GreenlightError],
    **sends: Any,
) -> AsyncIterator[httpx.Response]:
    """An answer, whatever it is, to be read inside. Raises `VendorUnavailable` when nothing was sent.

    What goes wrong later, to the end of the reading, is what `broke` makes of its name.
    """
    with as_ours(vendor, broke=broke):
        async with client.stream(method, path, **sends) as answer:
            yield answer


@contextmanager
def as_ours(vendor: str, *, broke: Callable[[str], GreenlightError]) -> Iterator[None]:
    """What HTTP raises inside, as our errors: see `answering`."""
    try:
        yield
    except _NOT_SENT as error:
        raise VendorUnavailable(f"{vendor} cannot be reached: {type(error).__name__}.") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise broke(type(error).__name__) from error


def refusal_of(
    answer: httpx.Response, *, vendor: str, undoable: bool = True, means: Meanings | None = None
) -> GreenlightError:
    """Our error for an answer that is none of success; its body has been read."""
    where = f"It has moved to {answer.headers['location']}." if answer.has_redirect_location else spoken_by(answer)
    said = f"{vendor} answered {answer.status_code}: {where}"
    return error_for(answer.status_code, answer.headers, said, undoable=undoable, means=means)


def error_for(
    status: int, headers: httpx.Headers, said: str, *, undoable: bool = True, means: Meanings | None = None
) -> GreenlightError:
    """Our error for a status that is none of success, by the table. `said` is its sentence."""
    kind = (means or {}).get(status) or _NOT_TAKEN.get(status)
    if kind is None and 300 <= status < 400 and undoable:
        kind = VendorRefused
    if kind is None and 400 <= status < 500 and status not in _PASSING:
        kind = _REFUSALS.get(status, VendorRefused)
    if kind is None:
        return _in_doubt(said, undoable=undoable, retry_after_ms=retry_after_ms(headers))
    if issubclass(kind, Transient):
        return kind(said, retry_after_ms=retry_after_ms(headers))
    return kind(said)


def spoken_by(answer: httpx.Response) -> str:
    """What a vendor says is wrong, in whichever of the known shapes it says so; short."""
    try:
        body = answer.json()
    except ValueError:
        return answer.text.strip()[:_SAID_LIMIT] or "nothing more."
    return _sentence(body)[:_SAID_LIMIT] or "nothing more."


def retry_after_ms(headers: httpx.Headers) -> int | None:
    """How long the vendor wants us to wait, if it says so: in milliseconds, in seconds, or by an instant."""
    for header, unit in (("retry-after-ms", 1), ("retry-after", 1000)):
        try:
            return max(0, round(float(headers[header]) * unit))
        except (KeyError, ValueError, OverflowError):
            continue
    try:
        instant = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    at = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return max(0, int((at - datetime.now(UTC)).total_seconds() * 1000))


def _sentence(body: Any) -> str:
    if isinstance(body, str):
        return body
    if isinstance(body, list):
        return "; ".join(filter(None, map(_sentence, body)))
    if not isinstance(body, dict):
        return ""
    for name in ("error", "detail", "message", "msg"):
        if said := _sentence(body.get(name)):
            code = body.get("code")
            return f"{said} ({code})" if isinstance(code, str) and code and code not in said else said
    return str(body.get("code") or body.get("status") or "")


async def read_whole(
    answer: httpx.Response, *, vendor: str, limit: int = ANSWER_LIMIT, undoable: bool = True
) -> httpx.Response:
    """An answer, read to its end. Pieces are counted as they come: one without an end must not fill the memory."""
    data = bytearray()
    async for piece in answer.aiter_bytes():
        data += piece
        if len(data) > limit:
            raise _in_doubt(f"{vendor} answers more than {limit} bytes.", undoable=undoable)
    # It is unpacked by now.
    plain = [(name, value) for name, value in answer.headers.multi_items() if name.lower() not in _PACKING]
    return httpx.Response(answer.status_code, headers=plain, content=bytes(data), request=answer.request)


def _in_doubt(said: str, *, undoable: bool, retry_after_ms: int | None = None) -> GreenlightError:
    if undoable:
        return VendorUnavailable(said, retry_after_ms=retry_after_ms)
    return OutcomeUnknown(f"{said} It may have taken the order all the same.")
