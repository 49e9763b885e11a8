"""Compliance's door for release permits, over HTTP. Fails closed: no clear yes is a no."""

from __future__ import annotations

from uuid import UUID

import httpx
from common.contracts.gates import WAITS_FOR_GATE
from common.contracts.values import JsonObject, Value
from common.errors import GreenlightError, Unavailable
from common.service.auth import ServiceIdentity
from pydantic import ValidationError

from publisher.domain import ReleaseOutcome
from publisher.errors import (
    AlreadyReleased,
    ContentChanged,
    NotApproved,
    OnHold,
    PermitDoorClosed,
    PermitRefused,
    PermitTakenBack,
    PublishingStopped,
    WindowClosed,
)
from publisher.ports import Found

_REFUSALS: dict[str, type[GreenlightError]] = {
    "not_approved": NotApproved,
    "content_changed": ContentChanged,
    "window_closed": WindowClosed,
    "on_hold": OnHold,
    "already_released": AlreadyReleased,
    "not_found": NotApproved,
}

_REOPENS = frozenset({"content_changed", "window_closed"})
"""With these the item waits for a decision again; so it does when it is not approved because it is open."""
_OPEN = "open"
_HOLDS = "on_hold"
_TOO_EARLY = "window_not_open"
_EARLY_RETRY_MS = 5_000
"""We only ask when it is time, so the clocks differ by a little."""


class _Permit(Value):
    permit_id: UUID


class _Problem(Value):
    error: str = "unknown"
    detail: str = "Compliance gave no reason."
    status_now: str | None = None
    stopped: bool = False
    permit_id: UUID | None = None


class ComplianceDoor:
    """Asks as this service, on behalf of the item's tenant."""

    def __init__(self, client: httpx.AsyncClient, *, identity: ServiceIdentity) -> None:
        self._client = client
        self._identity = identity

    async def ask(self, tenant: str, *, item_id: UUID, manifest_sha256: str, found: Found | None = None) -> UUID:
        """See `ReleaseDoor.ask`."""
        answer = await self._post(tenant, "/v1/permits", _asked(item_id, manifest_sha256, found), item_id=item_id)
        try:
            return _Permit.model_validate_json(answer.content).permit_id
        except ValidationError as error:
            raise Unavailable("Compliance's answer is no release permit.") from error

    async def check(self, tenant: str, *, item_id: UUID, manifest_sha256: str, found: Found) -> None:
        """See `ReleaseDoor.check`."""
        await self._post(tenant, "/v1/permits/check", _asked(item_id, manifest_sha256, found), item_id=item_id)

    async def finish(self, tenant: str, *, permit_id: UUID, outcome: ReleaseOutcome) -> None:
        """See `ReleaseDoor.finish`."""
        await self._post(tenant, f"/v1/permits/{permit_id}/finish", {"outcome": outcome.value})

    async def _post(self, tenant: str, path: str, body: JsonObject, *, item_id: UUID | None = None) -> httpx.Response:
        token = await self._identity.token(tenant)
        try:
            answer = await self._client.post(path, json=body, headers={"authorization": f"Bearer {token}"})
        except httpx.HTTPError as error:
            raise Unavailable("Compliance does not answer, so nothing may be released.") from error
        if answer.is_success:
            return answer
        problem = _problem_of(answer)
        if answer.status_code in {401, 403}:
            raise PermitDoorClosed(f"Compliance does not accept the publisher: {problem.detail}")
        if answer.status_code == 429 or answer.status_code >= 500 or not answer.is_client_error:
            raise Unavailable(f"Compliance cannot answer now ({answer.status_code}): {problem.detail}")
        raise _refusal(problem, item_id)


def _asked(item_id: UUID, manifest_sha256: str, found: Found | None) -> JsonObject:
    body: JsonObject = {"item_id": str(item_id), "manifest_sha256": manifest_sha256}
    if found is not None:
        body |= {"content": found.content, "policy_version": found.policy_version}
    return body


def _refusal(problem: _Problem, item_id: UUID | None) -> GreenlightError:
    if problem.error == _TOO_EARLY:
        return Unavailable(problem.detail, retry_after_ms=_EARLY_RETRY_MS)
    if problem.stopped:
        stopped = PublishingStopped if problem.error == _HOLDS else PermitTakenBack
        return stopped(problem.detail, permit_id=problem.permit_id)
    refusal = _REFUSALS.get(problem.error)
    if refusal is None:
        return PermitRefused(problem.detail, reason=problem.error)
    if item_id is not None and (problem.error in _REOPENS or problem.status_now == _OPEN):
        return refusal(problem.detail, **{WAITS_FOR_GATE: str(item_id)})
    return refusal(problem.detail)


def _problem_of(answer: httpx.Response) -> _Problem:
    try:
        return _Problem.model_validate_json(answer.content)
    except ValidationError:
        return _Problem()
