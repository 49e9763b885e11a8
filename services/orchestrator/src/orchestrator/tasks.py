"""Tasks: one order of one capability, outside of any workflow. Each is a run of a built-in workflow with one step, so
it is as durable as any, is paid for, limited and recorded like any, and can be looked at as a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from common.clock import Clock
from common.contracts.catalogue import CAPABILITIES
from common.contracts.gates import OpenGate
from common.contracts.publishing import Publish
from common.contracts.tasks import TaskCreated
from common.contracts.values import TERMINAL_STATUSES, RunStatus
from common.db.work import Transaction, Work
from common.errors import Conflict, Invalid, NotFound
from common.ids import new_id
from common.service.idempotency import answer_once
from common.service.principal import Principal
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import ColumnElement, and_, exists, not_, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert

from orchestrator.announcer import Announcer
from orchestrator.audit import run_entry
from orchestrator.budgets import cap_run
from orchestrator.control import Action, Control
from orchestrator.definitions.model import Definition, InputField
from orchestrator.engine.happenings import Started
from orchestrator.engine.state import LIVE, At, Phase, RunFacts, RunState, step_id
from orchestrator.inputs import check_input
from orchestrator.kinds.run import Cost, RunStep
from orchestrator.models import definitions, ready_steps, runs
from orchestrator.repository import get_run
from orchestrator.starting import Priority
from orchestrator.transitions import Birth, Happened, Transitions
from orchestrator.visibility import is_visible

PREFIX = "task:"
"""Begins the workflow's name of every task; no folder can have such a name."""
_STEP = "do"
_NOT_ALONE = frozenset({OpenGate.name, Publish.name})
"""What only a run's own course may order: nothing leaves without its gates."""


class TaskState(StrEnum):
    """Where a task is: it waits for a worker, has one, or is over."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


_OVER = {
    RunStatus.COMPLETED: TaskState.COMPLETED,
    RunStatus.FAILED: TaskState.FAILED,
    RunStatus.REJECTED: TaskState.FAILED,
    RunStatus.CANCELLED: TaskState.CANCELLED,
}
_ENDED = {
    Phase.DONE: TaskState.COMPLETED,
    Phase.SKIPPED: TaskState.COMPLETED,
    Phase.TIMED_OUT: TaskState.FAILED,
    Phase.FAILED: TaskState.FAILED,
    Phase.CANCELLED: TaskState.CANCELLED,
}


class IllegalTransition(Conflict):
    """A task that is over stays as it is."""


class TaskRequest(BaseModel):
    """What to have done, and with what."""

    model_config = ConfigDict(extra="forbid")

    capability: str = Field(max_length=100, examples=["ideation.propose_ideas"])
    input: dict[str, Any] = Field(examples=[{"brief": "How tides work"}])
    priority: Priority = Priority.MEDIUM
    parent_id: UUID | None = Field(default=None, description="The task or run this one belongs to.")
    estimate_usd: Decimal | None = Field(
        default=None, ge=0, max_digits=12, decimal_places=6, description="What it may cost; set aside before it begins."
    )
    budget_usd: Decimal | None = Field(default=None, ge=0, max_digits=12, decimal_places=6, description="Its own cap.")


@dataclass(frozen=True)
class Task:
    """A task, or a step of a run seen as one."""

    id: UUID
    name: str
    state: TaskState
    priority: int
    parent_id: UUID | None
    input: dict[str, Any] | None
    output: Any
    error: dict[str, Any] | None
    cost_usd_micros: int
    created_by: str
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None


class Tasks:
    """Starts tasks, and looks at them."""

    def __init__(
        self, work: Work, transitions: Transitions, announcer: Announcer, control: Control, *, clock: Clock
    ) -> None:
        self._work = work
        self._transitions = transitions
        self._announcer = announcer
        self._control = control
        self._clock = clock
        self._definitions = {name: _definition(name) for name in CAPABILITIES if name not in _NOT_ALONE}

    async def load(self) -> None:
        """Store the built-in workflows, so that any orchestrator can go on with a task."""
        rows = [
            {"digest": one.digest, "name": one.name, "compiled": one.model_dump(mode="json")}
            for one in self._definitions.values()
        ]
        async with self._work.system() as tx:
            await tx.session.execute(upsert(definitions).on_conflict_do_nothing(), rows)

    async def create(self, request: TaskRequest, caller: Principal, *, key: str | None) -> UUID:
        """The id of the task. The same `Idempotency-Key` makes one task, however often it comes.

        Raises `Invalid` for an unknown capability or an input that does not fit, `NotFound` for an unknown parent.
        """
        definition = self._definition(request.capability)
        task_id, now = new_id(), self._clock()
        facts = RunFacts(
            id=task_id,
            tenant=caller.tenant,
            workflow=definition.name,
            input=_input(definition, request),
            created_by=caller.user_id,
            created_at=now,
        )
        async with self._work.transaction(caller.tenant) as tx:
            if key is not None:
                answer = {"task_id": str(task_id)}
                stored = await answer_once(
                    tx, principal=caller.user_id, route="POST /v1/tasks", key=key, request=request, response=answer
                )
                if stored is not None:
                    return UUID(stored["task_id"])
            private_of = None
            if request.parent_id is not None:
                private_of = (await get_run(tx, request.parent_id, to_steer=True))["private_of"]
            birth = Birth(priority=request.priority.rank, private_of=private_of)
            await self._transitions.begin(tx, facts, definition, birth)
            if request.budget_usd is not None:
                await cap_run(tx, task_id, at_most=int(request.budget_usd * 1_000_000), today=now.date())
            aftermath = await self._transitions.apply(tx, [Happened(task_id, Started(at=now))])
            created = TaskCreated(
                task_id=task_id,
                capability=request.capability,
                priority=request.priority.value,
                parent_id=request.parent_id,
                created_by=caller.user_id,
            )
            tx.tell(created, run=task_id, cause=task_id)
            tx.audit(run_entry("task.created", task_id, actor=caller.user_id, at=now, detail=_said(request)))
        await self._announcer.tell(aftermath)
        return task_id

    async def get(self, task_id: UUID, tenant: str) -> Task:
        """One task. Raises `NotFound`, also for a run that is none."""
        async with self._work.transaction(tenant) as tx:
            return await self._get(tx, task_id)

    async def cancel(self, task_id: UUID, caller: Principal) -> Task:
        """Cancel a task, also one at work. Again changes nothing. Raises `IllegalTransition` when it has ended."""
        task = await self.get(task_id, caller.tenant)
        if task.state is not TaskState.CANCELLED:
            _, changed = await self._control.steer(task_id, caller, Action.CANCEL)
            task = await self.get(task_id, caller.tenant)
            if not changed and task.state is not TaskState.CANCELLED:
                raise IllegalTransition(
                    f"The task is {task.state.value}; it cannot be cancelled.", state=task.state.value
                )
        return task

    async def list_tasks(
        self,
        tenant: str,
        *,
        state: TaskState | None,
        capability: str | None,
        priority: Priority | None,
        parent: UUID | None,
        limit: int,
        after: tuple[datetime, UUID] | None,
    ) -> Sequence[Task]:
        """The next tasks, newest first."""
        wanted: list[ColumnElement[bool]] = [runs.c.workflow.like(f"{PREFIX}%"), is_visible()]
        if capability is not None:
            wanted.append(runs.c.workflow == PREFIX + capability)
        if state is not None:
            wanted.append(_in_state(state))
        if priority is not None:
            wanted.append(runs.c.priority == priority.rank)
        if parent is not None:
            wanted.append(runs.c.input["parent_id"].astext == str(parent))
        if after is not None:
            wanted.append(tuple_(runs.c.created_at, runs.c.id) < after)
        newest = (runs.c.created_at.desc(), runs.c.id.desc())
        query = select(runs, _WAITS.label("waits")).where(*wanted).order_by(*newest).limit(limit)
        async with self._work.transaction(tenant) as tx:
            return [_task(row) for row in (await tx.session.execute(query)).mappings()]

    async def of_run(self, tx: Transaction, run_id: UUID, definition: Definition) -> Sequence[Task]:
        """The steps of a run as tasks of it, in the order of its file. Raises `NotFound`."""
        row = await get_run(tx, run_id)
        unsent = select(ready_steps.c.step_id).where(ready_steps.c.run_id == run_id, ready_steps.c.sent_at.is_(None))
        waiting = set((await tx.session.execute(unsent)).scalars())
        state = RunState.model_validate(row["state"])
        tasks = []
        for step in definition.steps:
            keys = [key for key in state.steps if At.read(key).step == step.id]
            if step.is_own and not step.hidden:
                tasks += [_step_task(row, state, At.read(key), waiting) for key in keys or [step.id]]
        return tasks

    async def _get(self, tx: Transaction, task_id: UUID) -> Task:
        found = await tx.session.execute(
            select(runs, _WAITS.label("waits")).where(
                runs.c.id == task_id, runs.c.workflow.like(f"{PREFIX}%"), is_visible()
            )
        )
        row = found.mappings().first()
        if row is None:
            raise NotFound(f"There is no task {task_id}.")
        return _task(row)

    def _definition(self, capability: str) -> Definition:
        if capability in _NOT_ALONE:
            raise Invalid(f"{capability} is only done in the course of a run, behind its gates.")
        if capability not in self._definitions:
            raise Invalid(
                f"There is no capability {capability!r} for tasks; there are {', '.join(sorted(self._definitions))}."
            )
        return self._definitions[capability]


_WAITS: ColumnElement[bool] = exists().where(ready_steps.c.run_id == runs.c.id, ready_steps.c.sent_at.is_(None))
"""Whether the task's order waits for a worker."""


def _definition(capability: str) -> Definition:
    fields = CAPABILITIES[capability].input.model_fields
    step = RunStep(
        id=_STEP,
        capability=capability,
        inputs={name: f"${{input.order.{name}}}" for name in fields},
        cost=Cost(estimate="${input.estimate_usd}"),
    )
    return Definition(
        name=PREFIX + capability,
        title=capability,
        hidden=True,
        inputs={
            "order": InputField(type="object"),
            "estimate_usd": InputField(type="float", required=False, default=0),
            "parent_id": InputField(type="str", required=False),
        },
        steps=(step,),
    )


def _input(definition: Definition, request: TaskRequest) -> dict[str, Any]:
    """The input of the run, with every field of the order. Raises `Invalid` naming what does not fit."""
    try:
        order = CAPABILITIES[request.capability].input.model_validate(request.input)
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, one['loc'])) or 'input'}: {one['msg']}" for one in error.errors()]
        raise Invalid(f"{request.capability} cannot take this input: {'; '.join(wrong)}.") from error
    values: dict[str, Any] = {"order": order.model_dump(mode="json"), "estimate_usd": float(request.estimate_usd or 0)}
    if request.parent_id is not None:
        values["parent_id"] = str(request.parent_id)
    return check_input(definition, values)


def _said(request: TaskRequest) -> dict[str, Any]:
    return {"capability": request.capability, "priority": request.priority.value}


def _in_state(state: TaskState) -> ColumnElement[bool]:
    over = [status.value for status in TERMINAL_STATUSES]
    match state:
        case TaskState.PENDING:
            return and_(runs.c.status.not_in(over), _WAITS)
        case TaskState.IN_PROGRESS:
            return and_(runs.c.status.not_in(over), not_(_WAITS))
        case _:
            return runs.c.status.in_([status.value for status, shown in _OVER.items() if shown is state])


def _task(row: Any) -> Task:
    status = RunStatus(row["status"])
    state = _OVER.get(status, TaskState.PENDING if row["waits"] else TaskState.IN_PROGRESS)
    parent = row["input"].get("parent_id")
    run = RunState.model_validate(row["state"])
    return Task(
        id=row["id"],
        name=row["workflow"].removeprefix(PREFIX),
        state=state,
        priority=row["priority"],
        parent_id=UUID(parent) if parent else None,
        input=row["input"]["order"],
        output=run.output,
        error=run.error.model_dump(mode="json") if run.error else None,
        cost_usd_micros=row["cost_usd_micros"],
        created_by=row["created_by"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        finished_at=row["finished_at"],
    )


def _step_task(row: Any, state: RunState, at: At, waiting: set[UUID]) -> Task:
    part = state.at(at)
    visit = step_id(row["id"], at, part.visit)
    return Task(
        id=visit,
        name=at.key,
        state=_step_state(part.phase, over=state.status in TERMINAL_STATUSES, waits=visit in waiting),
        priority=row["priority"],
        parent_id=row["id"],
        input=None,
        output=part.output,
        error=part.problem.model_dump(mode="json") if part.problem else None,
        cost_usd_micros=part.cost_usd_micros,
        created_by=row["created_by"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        finished_at=None,
    )


def _step_state(phase: Phase, *, over: bool, waits: bool) -> TaskState:
    if phase in _ENDED:
        return _ENDED[phase]
    if over:
        return TaskState.CANCELLED
    return TaskState.IN_PROGRESS if phase in LIVE and not waits else TaskState.PENDING
