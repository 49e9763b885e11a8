"""What a run may cost and how long it may take, before it is started or from where it is on: what its file declares,
what was measured before, and what nobody knows. Nothing is made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, LiteralString

from common.db.work import Transaction

from orchestrator.definitions.dollars import micros
from orchestrator.definitions.expressions import ExpressionFailed, evaluate, fill, named_in
from orchestrator.definitions.model import Definition
from orchestrator.engine.state import ENDED_WELL, LIVE, At, RunState
from orchestrator.kinds import Step
from orchestrator.kinds.foreach import ForeachStep
from orchestrator.kinds.run import RunStep

RUNS_LOOKED_AT = 200
NOT_BEGUN = RunState()
_MEASURED: LiteralString = """
    with recent as (
        select id from orchestrator.runs order by created_at desc, id desc limit %(runs)s
    )
    select done.data->>'capability' as capability, count(*)::int as samples,
        percentile_cont(0.5) within group (order by extract(epoch from done.at - asked.at) * 1000)::bigint as ms,
        percentile_disc(0.5) within group (order by coalesce((done.data->>'cost_usd_micros')::bigint, 0)) as cost
    from orchestrator.run_events done cross join lateral (
        select e.at from orchestrator.run_events e
        where e.run_id = done.run_id and e.seq < done.seq and e.type = 'agent.started'
            and e.data->>'step' = done.data->>'step' and e.data->>'place' is not distinct from done.data->>'place'
        order by e.seq desc limit 1
    ) asked
    where done.run_id in (select id from recent) and done.type = 'agent.completed'
        and done.data->>'capability' = any(%(capabilities)s)
    group by 1
"""


class Source(StrEnum):
    """Where a number comes from."""

    DECLARED = "declared"
    """The workflow's file says so, at most."""
    MEASURED = "measured"
    """The median of this tenant's answers of the same capability."""
    FREE = "free"
    """A person decides, or something is waited for: nobody is paid."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Measured:
    """Medians over `samples` answers of a capability, from its order to its answer, waiting included."""

    samples: int
    duration_ms: int
    cost_usd_micros: int


@dataclass(frozen=True)
class StepEstimate:
    """What one step may cost and take, each time it runs. `times` is None when it depends on what the run finds."""

    step: str
    capability: str | None
    times: int | None
    cost_usd_micros: int | None
    cost_source: Source
    duration_ms: int | None
    duration_source: Source
    samples: int

    @property
    def is_known(self) -> bool:
        """Whether its part of the run's cost is known."""
        return self.times == 0 or (self.times is not None and self.cost_usd_micros is not None)


async def measure(tx: Transaction, capabilities: set[str]) -> dict[str, Measured]:
    """Medians of what these took in the tenant's last runs; one that has no answers there is left out."""
    found = await tx.run(_MEASURED, {"runs": RUNS_LOOKED_AT, "capabilities": sorted(capabilities)})
    return {row["capability"]: Measured(row["samples"], row["ms"], row["cost"]) for row in found}


def estimate(
    definition: Definition,
    values: Mapping[str, Any],
    measured: Mapping[str, Measured],
    *,
    state: RunState = NOT_BEGUN,
) -> list[StepEstimate]:
    """One for each step that a worker or another run does, in the order of the file.

    With the `state` of a run, of what is still to come there: `times` is 0 for a step that has ended well.
    """
    return [
        _of_step(definition, step, values, measured, state)
        for step in definition.steps
        if isinstance(step, RunStep) or step.kind in {"gate", "wait", "subrun"}
    ]


def capabilities_of(definition: Definition) -> set[str]:
    """What the workflow's steps order."""
    return {step.capability for step in definition.steps if isinstance(step, RunStep)}


def _of_step(
    definition: Definition, step: Step, values: Mapping[str, Any], measured: Mapping[str, Measured], state: RunState
) -> StepEstimate:
    times = _times(definition, step, values, state)
    if not isinstance(step, RunStep):
        # What another run costs is that run's to say.
        cost, source = (None, Source.UNKNOWN) if step.kind == "subrun" else (0, Source.FREE)
        return StepEstimate(step.id, None, times, cost, source, None, Source.UNKNOWN, 0)
    known = measured.get(step.capability)
    declared = _declared(step, values)
    cost = declared if declared is not None or known is None else known.cost_usd_micros
    measured_source = Source.MEASURED if known else Source.UNKNOWN
    return StepEstimate(
        step=step.id,
        capability=step.capability,
        times=times,
        cost_usd_micros=cost,
        cost_source=Source.DECLARED if declared is not None else measured_source,
        duration_ms=known.duration_ms if known else None,
        duration_source=measured_source,
        samples=known.samples if known else 0,
    )


def _declared(step: RunStep, values: Mapping[str, Any]) -> int | None:
    """What the file says it may cost; None when it says nothing, or the run has to find it out."""
    if step.cost is None:
        return None
    try:
        return micros(fill(step.cost.estimate, lambda _: {"input": values}))
    except ExpressionFailed:
        return None


def _times(definition: Definition, step: Step, values: Mapping[str, Any], state: RunState) -> int | None:
    """How often the step runs if all goes well; None when that depends on more than the input and the state."""
    times = 1
    for one in (step, *definition.around(step.id)):
        # What is done once for each item has a state for each of them; the list around it knows how many are left.
        here = None if definition.numbered_by(one.id) else state.at(At(one.id))
        if here and here.phase in ENDED_WELL:
            return 0
        holds = True if here and here.phase in LIVE else _holds(one.when, values)
        if holds is False:
            return 0
        if holds is None or one.kind in {"branch", "loop"}:
            return None
        if isinstance(one, ForeachStep) and one is not step:
            parts = here.parts if here else None
            left = _count(one, values) if parts is None else sum(phase not in ENDED_WELL for phase in parts.values())
            if left is None:
                return None
            times *= left
    return times


def _holds(condition: str | None, values: Mapping[str, Any]) -> bool | None:
    if condition is None:
        return True
    if named_in(condition).names - {"input"}:
        return None
    try:
        return bool(evaluate(condition, {"input": values}))
    except ExpressionFailed:
        return None


def _count(step: ForeachStep, values: Mapping[str, Any]) -> int | None:
    try:
        items = fill(step.each, lambda _: {"input": values})
    except ExpressionFailed:
        return None
    return len(items) if isinstance(items, list) else None
