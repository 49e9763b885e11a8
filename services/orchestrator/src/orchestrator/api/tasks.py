"""`/v1/tasks`: single orders outside of any workflow; and the steps of a run seen as its tasks."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from common.contracts.values import PublicMoney
from common.cursors import decode_cursor
from common.db.work import Work
from common.service.pages import Cursor, Limit, Page, Word, page_of
from common.service.principal import Principal, Role, current_principal, requires
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Header, Response
from pydantic import BaseModel, Field

from orchestrator.library import Library
from orchestrator.repository import get_run
from orchestrator.starting import Priority
from orchestrator.tasks import Task, TaskRequest, Tasks, TaskState

Caller = Annotated[Principal, Depends(current_principal)]
Creator = Annotated[Principal, Depends(requires(Role.CREATOR))]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


class TaskAnswer(BaseModel):
    """A task, as people see it."""

    task_id: UUID
    name: str = Field(description="The capability; for a step of a run, the step.")
    state: TaskState
    priority: Priority
    parent_id: UUID | None
    input: dict[str, Any] | None
    output: Any
    error: dict[str, Any] | None
    cost_usd: PublicMoney
    created_by: str
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None


def router(*, work: Work, tasks: Tasks, library: Library) -> APIRouter:
    """Routes of tasks. A task is also a run, with its history at `/v1/runs/{id}`."""
    routes = APIRouter(tags=["tasks"])

    @routes.post("/v1/tasks", status_code=202, summary="Have one thing done", responses=refusals(403, 404, 422))
    async def create(request: TaskRequest, caller: Creator, response: Response, key: Key = None) -> TaskAnswer:
        task_id = await tasks.create(request, caller, key=key)
        response.headers["Location"] = f"/v1/tasks/{task_id}"
        return _answer(await tasks.get(task_id, caller.tenant))

    @routes.get("/v1/tasks", summary="Tasks, newest first", responses=refusals(422))
    async def index(  # noqa: PLR0917 — FastAPI passes all by name
        caller: Caller,
        state: TaskState | None = None,
        capability: Word = None,
        priority: Priority | None = None,
        parent_id: UUID | None = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Page[TaskAnswer]:
        found = await tasks.list_tasks(
            caller.tenant,
            state=state,
            capability=capability,
            priority=priority,
            parent=parent_id,
            limit=limit + 1,
            after=decode_cursor(cursor, datetime, UUID),
        )
        return page_of(found, limit=limit, view=_answer, key=lambda task: (task.created_at, task.id))

    @routes.get("/v1/tasks/{task_id}", summary="One task", responses=refusals(404, 422))
    async def show(task_id: UUID, caller: Caller) -> TaskAnswer:
        return _answer(await tasks.get(task_id, caller.tenant))

    @routes.post(
        "/v1/tasks/{task_id}/cancel",
        summary="Cancel a task. Repeating it changes nothing",
        responses=refusals(403, 404, 409, 422),
    )
    async def cancel(task_id: UUID, caller: Creator) -> TaskAnswer:
        return _answer(await tasks.cancel(task_id, caller))

    @routes.get("/v1/runs/{run_id}/tasks", summary="The steps of a run, as its tasks", responses=refusals(404, 422))
    async def of_run(run_id: UUID, caller: Caller) -> list[TaskAnswer]:
        async with work.transaction(caller.tenant) as tx:
            row = await get_run(tx, run_id)
            definition = await library.definition(tx, row["definition_digest"])
            return [_answer(task) for task in await tasks.of_run(tx, run_id, definition)]

    return routes


def _answer(task: Task) -> TaskAnswer:
    return TaskAnswer(
        task_id=task.id,
        name=task.name,
        state=task.state,
        priority=list(Priority)[task.priority],
        parent_id=task.parent_id,
        input=task.input,
        output=task.output,
        error=task.error,
        cost_usd=Decimal(task.cost_usd_micros) / 1_000_000,
        created_by=task.created_by,
        created_at=task.created_at,
        updated_at=task.updated_at,
        finished_at=task.finished_at,
    )
