"""What a run can show for itself: gathered here, made into a signed pack by compliance, which alone has the key."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx
from common.artifacts import Artifacts
from common.contracts.evidence import EvidenceArtifact, EvidenceOrder, RunRecord
from common.contracts.message import AgentSpec
from common.contracts.publishing import Publish
from common.contracts.values import TERMINAL_STATUSES, ArtifactRef, JsonObject
from common.db.work import Transaction, Work
from common.errors import Forbidden, Invalid, Unavailable
from common.ids import new_id
from common.manifest import canonical_json
from common.service.auth import ServiceIdentity
from common.service.principal import Principal, Role
from sqlalchemy import select

from orchestrator.api.shapes import HistoryAnswer, run_answer
from orchestrator.definitions.model import Definition
from orchestrator.engine.state import At, RunState
from orchestrator.kinds.run import RunStep
from orchestrator.models import definitions
from orchestrator.repository import HISTORY_PAGE, get_run, list_artifacts, list_history

AUDITORS = (Role.COMPLIANCE_OFFICER, Role.ADMIN)


class Evidence:
    """Packs of evidence about runs of the caller's tenant."""

    def __init__(self, work: Work, artifacts: Artifacts, *, door: httpx.AsyncClient, identity: ServiceIdentity) -> None:
        self._work = work
        self._artifacts = artifacts
        self._door = door
        self._identity = identity

    @asynccontextmanager
    async def pack(self, run_id: UUID, caller: Principal, *, full: bool) -> AsyncIterator[AsyncIterator[bytes]]:
        """The pack's bytes as they come. Nothing of it is kept here.

        Raises `NotFound`, `Forbidden` for whoever is neither the author, an officer nor an admin, `Invalid` when it
        would be too large, or `Unavailable`.
        """
        async with self._work.transaction(caller.tenant) as tx:
            row = await get_run(tx, run_id)
            if row["created_by"] != caller.user_id and not caller.may(*AUDITORS):
                raise Forbidden("The evidence of a run is for its author, compliance officers and administrators.")
            record = await _gather(tx, row)
        data = (await asyncio.to_thread(record.model_dump_json)).encode()
        ref = await self._artifacts.put(caller.tenant, data, media_type="application/json")
        try:
            order = EvidenceOrder(run_id=run_id, requested_by=caller.user_id, record=ref, full=full)
            async with self._asked(caller.tenant, order) as answer:
                yield answer.aiter_bytes()
        finally:
            await self._artifacts.discard(caller.tenant, ref.sha256)

    @asynccontextmanager
    async def _asked(self, tenant: str, order: EvidenceOrder) -> AsyncIterator[httpx.Response]:
        token = await self._identity.token(tenant)
        body = order.model_dump(mode="json")
        headers = {"authorization": f"Bearer {token}"}
        try:
            async with self._door.stream("POST", "/v1/airlock/evidence", json=body, headers=headers) as answer:
                if answer.is_error:
                    await answer.aread()
                    if answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
                        raise Invalid(_detail(answer))
                    raise Unavailable(f"Compliance could not make the pack: {_detail(answer)}")
                yield answer
        except httpx.HTTPError as error:
            raise Unavailable("Compliance does not answer, so there is no pack. Try again.") from error


def _detail(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"it answered {answer.status_code}."


async def _gather(tx: Transaction, row: Mapping[str, Any]) -> RunRecord:
    """Everything there is. What happens meanwhile may be in the history already, which is read after the run."""
    run_id = row["id"]
    state = RunState.model_validate(row["state"])
    found = await tx.session.execute(
        select(definitions.c.compiled).where(definitions.c.digest == row["definition_digest"])
    )
    compiled = found.scalar_one()
    definition = Definition.model_validate(compiled)
    history = await _history(tx, run_id)
    return RunRecord(
        id=new_id(),
        run_id=run_id,
        finished=state.status in TERMINAL_STATUSES,
        run=run_answer(row).model_dump(mode="json"),
        # As the digest is made (`Definition.digest`), from what was stored then: later code may write it otherwise.
        definition=json.dumps(compiled, sort_keys=True),
        steps=_steps(state),
        history=tuple(history),
        prompts=_prompts(definition, history, state),
        posts=_posts(definition, state),
        artifacts=tuple(_artifact(each) for each in await list_artifacts(tx, run_id)),
    )


async def _history(tx: Transaction, run_id: UUID) -> list[JsonObject]:
    read: list[JsonObject] = []
    while True:
        page = await list_history(tx, run_id, after_seq=read[-1]["seq"] if read else 0)
        read += [HistoryAnswer.model_validate(dict(row)).model_dump(mode="json") for row in page]
        if len(page) < HISTORY_PAGE:
            return read


def _steps(state: RunState) -> tuple[JsonObject, ...]:
    shown = {"phase", "visit", "attempt", "output", "decision", "problem", "cost_usd_micros"}
    return tuple({"step": key, **step.model_dump(mode="json", include=shown)} for key, step in state.steps.items())


def _prompts(definition: Definition, history: Sequence[JsonObject], state: RunState) -> JsonObject:
    """The agents the steps ran as, each with the hash of its specification, and the attempts that used them."""
    started = [entry for entry in history if entry["type"] == "agent.started"]
    return {
        "agents": [_agent(spec) for _, spec in sorted(definition.agents.items())],
        "attempts": [{"seq": entry["seq"], "at": entry["at"], **entry["data"]} for entry in started],
        "origins": list(state.origins),
    }


def _agent(spec: AgentSpec) -> JsonObject:
    value = spec.model_dump(mode="json")
    return {"version_sha256": hashlib.sha256(canonical_json(value)).hexdigest(), **value}


def _posts(definition: Definition, state: RunState) -> tuple[JsonObject, ...]:
    posts: list[JsonObject] = []
    for key, part in state.steps.items():
        step = definition.step(At.read(key).step)
        if isinstance(step, RunStep) and step.capability == Publish.name and isinstance(part.output, dict):
            manifest = part.output.get("manifest_sha256")
            posts += [{**post, "manifest_sha256": manifest} for post in part.output.get("posts", [])]
    return tuple(posts)


def _artifact(row: Mapping[str, Any]) -> EvidenceArtifact:
    ref = ArtifactRef(sha256=row["sha256"], size=row["size"], media_type=row["media_type"])
    return EvidenceArtifact(ref=ref, **{name: row[name] for name in EvidenceArtifact.model_fields if name != "ref"})
