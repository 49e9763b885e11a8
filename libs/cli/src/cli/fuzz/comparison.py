"""Whether the engine's state and the model agree."""

from __future__ import annotations

from typing import Any

from common.contracts.values import TERMINAL_STATUSES, RunStatus
from orchestrator.engine.state import At, Phase, RunState

from cli.fuzz.reference import Reference


class Disagreement(AssertionError):
    """The engine did something else than the model, or broke a rule that holds for every run."""


def compare(state: RunState, model: Reference) -> None:
    """Raises `Disagreement` where they differ in anything that can be seen from outside."""
    status = state.status.value if state.status in TERMINAL_STATUSES else "running"
    same("status", status, model.status)
    same("paused", state.paused, model.paused)
    if state.status not in TERMINAL_STATUSES:
        same("whether it shows as paused", state.status is RunStatus.PAUSED, model.paused)
    same("cost", state.cost_usd_micros, model.cost)
    same("signals", set(state.signals) & set(model.kept), set(model.kept))
    mine = {At.read(key): part.phase.value for key, part in state.steps.items() if part.phase is not Phase.IDLE}
    theirs = {At(*act.place): act.shown for act in model.acts.values() if act.state != "idle"}
    same("steps", _readable(mine), _readable(theirs))
    outputs = {At.read(key): part.output for key, part in state.steps.items() if part.output is not None}
    said = {At(*place): output for place, output in model.outputs.items() if output is not None}
    same("outputs", _readable(outputs), _readable(said))
    same("the run's output", state.output, model.output)
    same("how much is missing", len(state.downgrades), len(model.downgrades))
    for act in model.acts.values():
        limit = act.node.at_once
        busy = [one for one in (state.at(At(*act.place)).parts or {}).values() if one is Phase.ACTIVE]
        # What a gate opens again goes on at once: nobody can take back that people are asked.
        require(limit is None or len(busy) <= limit + act.reopened, f"{act.place} does more than {limit} at once")


def same(what: str, engine: Any, model: Any) -> None:
    """Raises `Disagreement` unless both say the same."""
    require(engine == model, f"{what}: the engine says {engine}, the model {model}")


def require(holds: bool, problem: str) -> None:
    """Raises `Disagreement` unless it holds."""
    if not holds:
        raise Disagreement(problem)


def _readable(by_place: dict[At, Any]) -> dict[str, Any]:
    return {at.key: by_place[at] for at in sorted(by_place, key=lambda at: at.key)}
