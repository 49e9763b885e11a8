"""Compliance's answer to whether a vendor may be given a prompt, over HTTP. Fails closed: no clear yes is a no."""

from __future__ import annotations

import httpx
from common.bus.step import Step
from common.contracts.values import JsonObject, Value
from common.errors import ContentBlocked, Unavailable
from common.service.auth import ServiceIdentity
from pydantic import ConfigDict, ValidationError

from producer.errors import PolicyDoorClosed

_YES = 204


class _Problem(Value):
    model_config = ConfigDict(extra="allow")

    error: str = "unknown"
    detail: str = "Compliance gave no reason."

    @property
    def said(self) -> JsonObject:
        """What a refusal says besides its sentence."""
        shown = ("reason", "rules", "remedy", "policy_version", "findings")
        return {name: value for name, value in (self.model_extra or {}).items() if name in shown}


class PolicyDoor:
    """Asks as this service, on behalf of the step's tenant, whose policy in force decides."""

    def __init__(self, client: httpx.AsyncClient, *, identity: ServiceIdentity) -> None:
        self._client = client
        self._identity = identity

    async def pass_through(self, prompt: str, step: Step) -> None:
        """Return when a vendor may be given the prompt.

        Raises `ContentBlocked` with rules and remedy, which is on record by then; `Unavailable` when nobody answers,
        `PolicyDoorClosed` when compliance does not take the question.
        """
        asked = {"prompt": prompt, "run_id": str(step.run_id), "step_id": str(step.id)}
        token = await self._identity.token(step.tenant)
        try:
            answer = await self._client.post(
                "/v1/policies/check", json=asked, headers={"authorization": f"Bearer {token}"}
            )
        except httpx.HTTPError as error:
            raise Unavailable("Compliance does not answer, so no vendor is given anything.") from error
        if answer.status_code == _YES:
            return
        problem = _problem_of(answer)
        if answer.status_code == ContentBlocked.status and problem.error == ContentBlocked("").code:
            raise ContentBlocked(problem.detail, **problem.said)
        if answer.is_client_error and answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
            raise PolicyDoorClosed(f"Compliance does not take the question: {problem.detail}")
        raise Unavailable(f"Compliance cannot answer now ({answer.status_code}): {problem.detail}")


def _problem_of(answer: httpx.Response) -> _Problem:
    try:
        return _Problem.model_validate_json(answer.content)
    except ValidationError:
        return _Problem()
