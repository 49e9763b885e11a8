"""Forking: a new run from a step of another one, which keeps what was done before that step."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from common.clock import Clock
from common.contracts.catalogue import CAPABILITIES
from common.db.work import Transaction, Work
from common.errors import Conflict, Invalid
from common.ids import new_id
from common.merging import may_be_walked, merge_patch
from common.service.idempotency import answer_once
from common.service.principal import Principal
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import insert, literal, select

from orchestrator.announcer import Announcer
from orchestrator.audit import run_entry
from orchestrator.budgets import cap_run
from orchestrator.definitions.model import Definition
from orchestrator.engine.forking import CannotFork, forked
from orchestrator.engine.happenings import Forked
from orchestrator.engine.state import At, RunFacts, RunState
from orchestrator.inputs import check_input
from orchestrator.kinds.run import RunStep
from orchestrator.library import Library
from orchestrator.models import run_accounts, run_artifacts
from orchestrator.repository import get_run
from orchestrator.sharing import copy_shares
from orchestrator.transitions import Birth, Happened, Transitions


class CannotBeForked(Conflict):
    """Something before the step has not ended well, or is another step in the definition to go on by."""


class ForkRequest(BaseModel):
    """Where the new run begins, and what is to be different."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"from_step": "production", "input": {"target_seconds": 30}}]},
    )

    from_step: str = Field(min_length=1, max_length=200, description="One of the workflow's outermost steps.")
    input: dict[str, Any] | None = Field(default=None, description="JSON merge patch of the other run's input.")
    with_: dict[str, Any] | None = Field(
        default=None, alias="with", description="Members that replace what the step is given, once."
    )
    definition: Literal["same", "current"] = Field(
        default="same", description="The version the other run goes by, or the one that is started now."
    )


class Forker:
    """Forks runs."""

    def __init__(
        self, work: Work, library: Library, transitions: Transitions, announcer: Announcer, *, clock: Clock
    ) -> None:
        self._work = work
        self._library = library
        self._transitions = transitions
        self._announcer = announcer
        self._clock = clock

    async def check(self, source_id: UUID, request: ForkRequest, caller: Principal) -> None:
        """Raises what `fork` would, and changes nothing."""
        async with self._work.transaction(caller.tenant) as tx:
            source = await get_run(tx, source_id, to_steer=True)
            definition, _ = await self._prepare(tx, source, request)
            _input_of(definition, source, request)

    async def fork(
        self, source_id: UUID, request: ForkRequest, caller: Principal, *, key: str | None
    ) -> tuple[UUID, bool]:
        """The id of the new run, and whether it is new: the same key forks once.

        It has the other's priority, session, cap and shares, costs nothing yet, and is the caller's own. Raises
        `NotFound`, `Invalid` for a step or input that does not fit, and `CannotBeForked`.
        """
        run_id, now = new_id(), self._clock()
        async with self._work.transaction(caller.tenant) as tx:
            source = await get_run(tx, source_id, to_steer=True)
            if key is not None:
                stored = await answer_once(
                    tx,
                    principal=caller.user_id,
                    route=f"POST /v1/runs/{source_id}/fork",
                    key=key,
                    request=request,
                    response={"run_id": str(run_id)},
                )
                if stored is not None:
                    return UUID(stored["run_id"]), False
            definition, state = await self._prepare(tx, source, request)
            facts = RunFacts(
                id=run_id,
                tenant=caller.tenant,
                workflow=definition.name,
                input=_input_of(definition, source, request),
                created_by=caller.user_id,
                created_at=now,
                depth=source["depth"],
            )
            private_of = run_id if source["private_of"] else None
            birth = Birth(
                priority=source["priority"],
                forked_from=source_id,
                session=source["session_id"],
                private_of=private_of,
                state=state,
            )
            await self._transitions.begin(tx, facts, definition, birth)
            if private_of:
                await copy_shares(tx, source["private_of"], run_id, owner=caller.user_id, at=now)
            await _copy_artifacts(
                tx, source_id, run_id, steps={At.read(at).step.partition(".")[0] for at in state.steps}
            )
            if (cap := await _cap_of(tx, source_id)) is not None:
                await cap_run(tx, run_id, at_most=cap, today=now.date())
            begun = Forked(at=now, by=caller.user_id, step=request.from_step, source=source_id)
            aftermath = await self._transitions.apply(tx, [Happened(run_id, begun)])
            detail = {"from_run": str(source_id), "from_step": request.from_step, "definition": definition.digest}
            tx.audit(run_entry("run.forked", run_id, actor=caller.user_id, at=now, detail=detail))
        await self._announcer.tell(aftermath)
        return run_id, True

    async def _prepare(self, tx: Transaction, source: Any, request: ForkRequest) -> tuple[Definition, RunState]:
        """The definition to go on by, and the state before the step."""
        old = await self._library.definition(tx, source["definition_digest"])
        definition = old if request.definition == "same" else self._library.get(source["workflow"])
        _check_step(definition, request)
        try:
            before = RunState.model_validate(source["state"])
            state = forked(definition, before, from_step=request.from_step, edits=request.with_)
        except CannotFork as error:
            raise CannotBeForked(str(error)) from error
        _check_kept(old, definition, state)
        return definition, state


def _check_step(definition: Definition, request: ForkRequest) -> None:
    """The step is one to begin at, and takes what it is to be given."""
    outline = [step.id for step in definition.outline() if step.is_own]
    if request.from_step not in outline:
        raise Invalid(f"{definition.name} cannot be begun at {request.from_step!r}; it can at {', '.join(outline)}.")
    if request.with_ is None:
        return
    step = definition.step(request.from_step)
    # What a gate is given says who may decide about what: that is the workflow's to say.
    if not isinstance(step, RunStep):
        raise Invalid(f"{step.id!r} is given nothing that could be replaced; only steps that order work are.")
    may_be_walked(request.with_)
    fields = CAPABILITIES[step.capability].input.model_fields
    if unknown := sorted(set(request.with_) - set(fields)):
        known = ", ".join(sorted(fields))
        raise Invalid(f"{step.capability} takes no {', '.join(unknown)}; it takes {known}.")


def _check_kept(old: Definition, new: Definition, state: RunState) -> None:
    """What is kept was done by a step of the same kind."""
    for step in sorted({At.read(key).step for key in state.steps}):
        if not old.has(step) or old.step(step).kind != new.step(step).kind:
            raise CannotBeForked(f"{step!r} is another kind of step now; what it gave cannot be kept.")


def _input_of(definition: Definition, source: Any, request: ForkRequest) -> dict[str, Any]:
    may_be_walked(request.input)
    return check_input(definition, merge_patch(source["input"], request.input or {}))


async def _copy_artifacts(tx: Transaction, source: UUID, run_id: UUID, *, steps: set[str]) -> None:
    """What the kept steps made is listed for the new run, too."""
    columns = [column.name for column in run_artifacts.c]
    kept = select(*(literal(run_id) if name == "run_id" else run_artifacts.c[name] for name in columns)).where(
        run_artifacts.c.run_id == source, run_artifacts.c.step.in_(steps)
    )
    await tx.session.execute(insert(run_artifacts).from_select(columns, kept))


async def _cap_of(tx: Transaction, run_id: UUID) -> int | None:
    found = await tx.session.execute(select(run_accounts.c.at_most_usd_micros).where(run_accounts.c.run_id == run_id))
    cap: int | None = found.scalar_one_or_none()
    return cap
