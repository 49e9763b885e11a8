"""The orchestrator's tables, a module for each part of it."""

from orchestrator.models.conversations import conversation_turns, conversations
from orchestrator.models.dead_letters import LetterState, letters
from orchestrator.models.definitions import definitions
from orchestrator.models.drills import drills
from orchestrator.models.limits import LimitKind, limits, run_accounts, tenant_accounts
from orchestrator.models.runs import (
    ShareLevel,
    forgotten_later,
    legal_holds,
    run_artifacts,
    run_events,
    run_shares,
    runs,
)
from orchestrator.models.schedules import CatchUp, Overlap, StartOutcome, schedule_starts, schedules
from orchestrator.models.schema import metadata, tables
from orchestrator.models.services import Presence, service_changes, service_states
from orchestrator.models.steps import awaited, ready_steps, timers, webhook_deliveries

__all__ = [
    "CatchUp",
    "LetterState",
    "LimitKind",
    "Overlap",
    "Presence",
    "ShareLevel",
    "StartOutcome",
    "awaited",
    "conversation_turns",
    "conversations",
    "definitions",
    "drills",
    "forgotten_later",
    "legal_holds",
    "letters",
    "limits",
    "metadata",
    "ready_steps",
    "run_accounts",
    "run_artifacts",
    "run_events",
    "run_shares",
    "runs",
    "schedule_starts",
    "schedules",
    "service_changes",
    "service_states",
    "tables",
    "tenant_accounts",
    "timers",
    "webhook_deliveries",
]
