"""Asking a vendor over HTTP: what it answers is validated, and what goes wrong becomes one of our errors.

The table is the same for all vendors. Whether a request may be made again is decided by whether it was taken:

    not connected · 429 · 503          nothing was taken                          Transient
    400 402 403 404 409 413 422        understood and refused                     VendorRefused
    401                                our key is not good                        VendorAuthFailed
    no answer · 408 5xx · nonsense     a look: Transient · what cannot be undone: OutcomeUnknown
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import httpx
from common.errors import (
    GreenlightError,
    OutcomeUnknown,
    Permanent,
    VendorAuthFailed,
    VendorRateLimited,
    VendorRefused,
    VendorUnavailable,
)
from pydantic import BaseModel, ValidationError

Answer = TypeVar("Answer", bound=BaseModel)
ANSWER_LIMIT = 8 << 20
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_SAID_LIMIT = 300


class VendorOff(Permanent):
    """The vendor is switched off by a setting; nothing was asked."""


class VendorKeyMissing(VendorAuthFailed):
    """The vendor is chosen and there is no key for it; nothing was asked."""


class VendorGone(VendorRefused):
    """The vendor does not know, or not any more, what was asked about."""


class VendorOutOfCredit(VendorRefused):
    """The vendor wants to be paid first."""


_REFUSALS: dict[int, type[Permanent]] = {
    401: VendorAuthFailed,
    402: VendorOutOfCredit,
    404: VendorGone,
    410: VendorGone,
}


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
    **sends: Any,
) -> httpx.Response:
    """The answer as it came, read to its end, if it is one of success. Raises what the table says."""
    try:
        async with client.stream(method, path, headers=headers, **sends) as answer:
            await _read(answer, vendor)
    except _NOT_SENT as error:
        raise VendorUnavailable(f"{vendor} cannot be reached: {type(error).__name__}.") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _in_doubt(f"{vendor} did not answer: {type(error).__name__}.", undoable=undoable) from error
    if not answer.is_success:
        raise refusal_of(answer, vendor=vendor, undoable=undoable)
    return answer


def refusal_of(answer: httpx.Response, *, vendor: str, undoable: bool = True) -> GreenlightError:
    """Our error for an answer that is none of success; its body has been read."""
    status, said = answer.status_code, f"{vendor} answered {answer.status_code}: {spoken_by(answer)}"
    if status in {429, 503}:
        kind = VendorRateLimited if status == 429 else VendorUnavailable
        return kind(said, retry_after_ms=retry_after_ms(answer))
    if status == 408 or not 400 <= status < 500:
        return _in_doubt(said, undoable=undoable)
    return _REFUSALS.get(status, VendorRefused)(said)


def spoken_by(answer: httpx.Response) -> str:
    """What a vendor says is wrong, in whichever of the known shapes it says so; short."""
    try:
        body = answer.json()
    except ValueError:
        return answer.text.strip()[:_SAID_LIMIT] or "nothing more."
    return _sentence(body)[:_SAID_LIMIT] or "nothing more."


def retry_after_ms(answer: httpx.Response) -> int | None:
    """How long the vendor wants us to wait, if it says so in a number."""
    for header, unit in (("retry-after-ms", 1), ("retry-after", 1000)):
        try:
            return max(0, round(float(answer.headers[header]) * unit))
        except (KeyError, ValueError):
            continue
    return None


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


async def _read(answer: httpx.Response, vendor: str) -> None:
    announced = answer.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > ANSWER_LIMIT:
        raise VendorUnavailable(f"{vendor} answers {announced} bytes; {ANSWER_LIMIT} are read.")
    await answer.aread()


def _in_doubt(said: str, *, undoable: bool) -> GreenlightError:
    return VendorUnavailable(said) if undoable else OutcomeUnknown(f"{said} It may have taken the order all the same.")
