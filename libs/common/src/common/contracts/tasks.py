"""What the orchestrator tells others about tasks: single orders outside of any workflow."""

from __future__ import annotations

from uuid import UUID

from common.contracts.message import Event


class TaskCreated(Event, subject="evt.orchestrator.task_created.v1"):
    """Somebody ordered one capability. Told once for each task; outside it is known as `task.created`."""

    task_id: UUID
    capability: str
    priority: str
    parent_id: UUID | None = None
    created_by: str
