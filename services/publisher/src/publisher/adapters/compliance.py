"""Compliance's door for release permits, over HTTP. Fails closed: no clear yes is a no."""

from __future__ import annotations

from uuid import UUID

import httpx
from common.contracts.values import Value
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
)

_REFUSALS: dict[str, type[GreenlightError]] = {
    "not_approved": NotApproved,
    "content_changed": ContentChanged,
    "on_hold": OnHold,
    "already_released": AlreadyReleased,
    "not_found": NotApproved,
}


class _Permit(Value):
    permit_id: UUID


class _Problem(Value):
    error: str = "unknown"
    detail: str = "Compliance gave no reason."


class ComplianceDoor:
    """Asks as this service, on behalf of the item's tenant."""

    def __init__(self, client: httpx.AsyncClient, *, identity: ServiceIdentity) -> None:
        self._client = client
        self._identity = identity

    async def ask(self, tenant: str, *, item_id: UUID, manifest_sha256: str) -> UUID:
        """See `ReleaseDoor.ask`."""
        body = {"item_id": str(item_id), "manifest_sha256": manifest_sha256}
        answer = await self._post(tenant, "/v1/permits", body)
        try:
            return _Permit.model_validate_json(answer.content).permit_id
        except ValidationError as error:
            raise Unavailable("Compliance's answer is no release permit.") from error

    async def finish(self, tenant: str, *, permit_id: UUID, outcome: ReleaseOutcome) -> None:
        """See `ReleaseDoor.finish`."""
        await self._post(tenant, f"/v1/permits/{permit_id}/finish", {"outcome": outcome.value})

    async def _post(self, tenant: str, path: str, body: dict[str, str]) -> httpx.Response:
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
        refusal = _REFUSALS.get(problem.error)
        if refusal is None:
            raise PermitRefused(problem.detail, reason=problem.error)
        raise refusal(problem.detail)


def _problem_of(answer: httpx.Response) -> _Problem:
    try:
        return _Problem.model_validate_json(answer.content)
    except ValidationError:
        return _Problem()
