"""Who else names an upload: the orchestrator is asked for runs and schedules, compliance for brand kits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import httpx
from common.contracts.values import Value
from common.errors import Unavailable
from common.service.auth import ServiceIdentity
from pydantic import ValidationError


class _Named(Value):
    runs: tuple[UUID, ...]
    private_runs: int
    schedules: tuple[str, ...]
    is_kept: bool


class _Kits(Value):
    kits: tuple[str, ...]


@dataclass(frozen=True)
class Uses:
    """What would miss the file, in words; and whether its bytes are also a run's, which keeps them."""

    by: tuple[str, ...]
    is_kept: bool


@dataclass(frozen=True)
class Users:
    """The services whose records may name an upload. Nobody's silence counts as a no."""

    orchestrator: httpx.AsyncClient
    compliance: httpx.AsyncClient
    identity: ServiceIdentity

    async def of(self, tenant: str, sha256: str) -> Uses:
        """Who uses these bytes now. Raises `Unavailable` when one of them does not say."""
        headers = {"authorization": f"Bearer {await self.identity.token(tenant)}"}
        try:
            runs = await self.orchestrator.get("/v1/artifacts/uses", params={"sha256": sha256}, headers=headers)
            packs = await self.compliance.get("/v1/policies/kits", params={"logo": sha256}, headers=headers)
            named = _Named.model_validate_json(runs.raise_for_status().content)
            kits = _Kits.model_validate_json(packs.raise_for_status().content)
        except (httpx.HTTPError, ValidationError) as error:
            raise Unavailable("Nobody can say what uses this upload, so it stays. Try again in a moment.") from error
        return Uses(by=tuple(_told(named, kits)), is_kept=named.is_kept)

    async def close(self) -> None:
        """Close the connections to the orchestrator. Those to compliance are the policy's."""
        await self.orchestrator.aclose()


def _told(named: _Named, kits: _Kits) -> Iterator[str]:
    yield from (f"run {run}" for run in named.runs)
    if named.private_runs:
        yield "a private run" if named.private_runs == 1 else f"{named.private_runs} private runs"
    yield from (f"schedule {name!r}" for name in named.schedules)
    yield from (f"brand kit {name!r}" for name in kits.kits)
