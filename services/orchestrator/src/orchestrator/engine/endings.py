"""How attempts and runs end, in words and numbers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from common.contracts.values import Problem

from orchestrator.engine.happenings import Decided
from orchestrator.engine.state import Failure, Phase, RunState
from orchestrator.kinds.step import Retry

_LONGEST_PAUSE_MS = 10 * 60_000
LONGEST_AWAY_MS = 60_000
_SHORTEST_AWAY_MS = 500
_AWAY = "unavailable"
"""What `common.errors.Unavailable` is called in an answer."""
_NEXT_ACTIONS = {
    "content_blocked": "Change the brief so that it no longer asks for what the rule forbids, and start again.",
    "brief_not_understood": "Say in a sentence what the film should be about, and start again.",
    "input_too_large": "Give the workflow less, or let its author pass an artifact instead of its content.",
    "invalid_input": "The workflow gives this step what it cannot take; its author has to mend the folder.",
    "goes_in_circles": "Nothing new comes of asking again; its author has to mend the folder, or a person the brief.",
    "money_in_doubt": "A call was lost, and may have spent what the step had. Retry the run; it is given money anew.",
    "over_budget": "Raise the budget, or start something smaller.",
    "timed_out": "Retry the run; what was done is kept.",
    "upload_unknown": "Upload the same file again and retry the run: files are known by what is in them."
    " Or start again without it.",
    "poison": "It ended its worker every time. Look at the dead letter, then retry the run.",
    "expression_failed": "The workflow names something that is not there; its author has to mend the folder.",
}


def pause_ms(retry: Retry, failures: int, problem: Problem, seed: UUID) -> int:
    """The pause before the next attempt: what the vendor asked for, else doubling with jitter.

    The jitter (0.75 to 1.25) comes from the step's id, so that many failed together do not come back together and the
    core stays pure.
    """
    if problem.retry_after_ms is not None:
        return problem.retry_after_ms
    return int(min(retry.backoff_ms * 2 ** (failures - 1), _LONGEST_PAUSE_MS) * _jitter(seed, failures))


def is_away(problem: Problem | None) -> bool:
    """Whether one of our own parts did not answer."""
    return problem is not None and problem.code == _AWAY


def away_pause_ms(away: timedelta, problem: Problem, seed: UUID) -> int:
    """The pause before a part of ours is asked again that has been `away` so long already: a quarter of that.

    So nobody waits much longer than it was away, should its return go unnoticed, and the history stays short.
    """
    if problem.retry_after_ms is not None:
        return problem.retry_after_ms
    quarter = int(away.total_seconds() * 250)
    return int(min(max(quarter, _SHORTEST_AWAY_MS), LONGEST_AWAY_MS) * _jitter(seed, quarter % 64))


def _jitter(seed: UUID, number: int) -> float:
    return 0.75 + (seed.int >> number) % 1000 / 2000


def decision_of(decided: Decided) -> dict[str, Any]:
    """What expressions see as `steps.<gate>.decision`."""
    return {
        "decision": decided.decision.value,
        "decided_by": decided.decided_by,
        "comment": decided.comment,
        "item_id": str(decided.item_id),
        "manifest_sha256": decided.manifest_sha256,
        "policy_version": decided.policy_version,
        "rework": [order.model_dump(mode="json") for order in decided.rework],
    }


def failure_of(state: RunState, stage: str, problem: Problem) -> Failure:
    """The failure as a person reads it: stage, cause, what was kept, cost sunk, next action."""
    kept = [name for name, part in state.steps.items() if part.phase is Phase.DONE and "." not in name]
    general = "Try again later." if problem.retryable else "Look at the cause; starting again will meet it again."
    return Failure(
        stage=stage,
        code=problem.code,
        detail=problem.detail,
        kept=kept,
        cost_usd_micros=state.cost_usd_micros,
        next_action=_NEXT_ACTIONS.get(problem.code, general),
        extra=problem.extra,
    )
