"""What runs of a period cost, and how far they came: added up from their rows, private ones of others left out.

Money is that of the runs which began in the period. A step's cost is what the answer that ended it says, with all its
attempts; what failed steps and stopped work cost belongs to no agent, and is the rest. Nothing is estimated.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, LiteralString

from common.contracts.values import RunStatus
from common.db.work import Transaction
from sqlalchemy import ColumnElement, select

from orchestrator.definitions.model import Definition
from orchestrator.models import runs
from orchestrator.visibility import is_visible

RUNS_AT_MOST = 10_000
"""So many runs, the newest, are added up; an answer says when there were more."""
_SPENT: LiteralString = """
    select coalesce({name}, '') as name, sum((done.data->>'cost_usd_micros')::bigint)::bigint as cost,
        count(distinct done.run_id)::int as runs
    from orchestrator.run_events done
    where done.run_id = any(%(runs)s::uuid[]) and done.type = 'agent.completed' and done.data ? 'cost_usd_micros'
    group by 1 order by 2 desc, 1
"""
_AGENT: LiteralString = """(
        select e.data->>'agent' from orchestrator.run_events e
        where e.run_id = done.run_id and e.seq < done.seq and e.type = 'agent.started'
            and e.data->>'step' = done.data->>'step' and e.data->>'place' is not distinct from done.data->>'place'
        order by e.seq desc limit 1
    )"""
_MODEL: LiteralString = """(
        select string_agg(distinct made.made_by, ' + ') from orchestrator.run_artifacts made
        where made.run_id = done.run_id and made.step = done.data->>'step'
    )"""
_PASSED: LiteralString = """
    select run_id, array_agg(distinct data->>'step') as steps from orchestrator.run_events
    where run_id = any(%(runs)s::uuid[]) and type in ('agent.completed', 'step.completed')
    group by 1
"""


class By(StrEnum):
    """What money is added up by. `model` is who made what the step made: a model, a voice, a renderer."""

    DAY = "day"
    WORKFLOW = "workflow"
    USER = "user"
    RUN = "run"
    AGENT = "agent"
    MODEL = "model"


@dataclass(frozen=True)
class Share:
    """Money under one name: a day (UTC), a workflow, who began it, a run's id, an agent, or who made it.

    Empty where nobody is named.
    """

    name: str
    title: str
    cost_usd_micros: int
    runs: int


@dataclass(frozen=True)
class Costs:
    """Shares, the largest first (days in order), and what of the total is in none of them."""

    shares: Sequence[Share]
    total_usd_micros: int
    rest_usd_micros: int
    runs: int
    """How many that cost anything were added up."""
    is_whole: bool


@dataclass(frozen=True)
class Stage:
    """A step of a workflow: how many runs are past it, are at it now, and ended at it without a film."""

    step: str
    kind: str
    passed: int
    here: int
    ended: int


@dataclass(frozen=True)
class Funnel:
    """Runs that began in a period, step by step. Who came further counts as past everything before."""

    began: int
    stages: Sequence[Stage]
    is_whole: bool


async def add_up(tx: Transaction, by: By, *, since: datetime, until: datetime, limit: int) -> Costs:
    """What the visible runs which began from `since` until before `until` cost, by something; the `limit` largest."""
    rows = await _runs_of(tx, since, until, runs.c.cost_usd_micros > 0)
    whole, rows = len(rows) <= RUNS_AT_MOST, rows[:RUNS_AT_MOST]
    total = sum(_own(row) for row in rows)
    match by:
        case By.DAY | By.WORKFLOW | By.USER:
            shares = _grouped(rows, by)
        case By.RUN:
            shares = [Share(str(row["id"]), _title(row), _own(row), 1) for row in rows]
        case By.AGENT | By.MODEL:
            statement = _SPENT.replace("{name}", _AGENT if by is By.AGENT else _MODEL)
            found = await tx.run(statement, {"runs": [row["id"] for row in rows]})
            shares = [Share(one["name"], one["name"], one["cost"], one["runs"]) for one in found]
    if by is not By.DAY:
        shares = sorted(shares, key=lambda one: (-one.cost_usd_micros, one.name))[:limit]
    rest = total - sum(one.cost_usd_micros for one in shares)
    return Costs(shares, total, rest, len(rows), whole)


async def follow(tx: Transaction, definition: Definition, *, since: datetime, until: datetime) -> Funnel:
    """How far the visible runs of a workflow came that began in a period, by the steps it has now."""
    rows = await _runs_of(tx, since, until, runs.c.workflow == definition.name)
    whole, rows = len(rows) <= RUNS_AT_MOST, rows[:RUNS_AT_MOST]
    steps = [step for step in definition.outline() if not step.hidden]
    places = {step.id: place for place, step in enumerate(steps)}
    furthest: Counter[int] = Counter()
    for one in await tx.run(_PASSED, {"runs": [row["id"] for row in rows]}):
        furthest[max((places[step] for step in one["steps"] if step in places), default=-1)] += 1
    here: Counter[str | None] = Counter()
    ended: Counter[str | None] = Counter()
    for row in rows:
        if row["status"] in _ENDED:
            ended[row["current_step"]] += 1
        elif row["status"] != RunStatus.COMPLETED.value:
            here[row["current_step"]] += 1
    stages = [
        Stage(
            step=step.id,
            kind=step.kind,
            passed=sum(count for place, count in furthest.items() if place >= places[step.id]),
            here=here[step.id],
            ended=ended[step.id],
        )
        for step in steps
    ]
    return Funnel(len(rows), stages, whole)


_ENDED = frozenset({RunStatus.FAILED.value, RunStatus.REJECTED.value, RunStatus.CANCELLED.value})


async def _runs_of(tx: Transaction, since: datetime, until: datetime, wanted: ColumnElement[bool]) -> Sequence[Any]:
    """The newest of them, one more than are added up."""
    row = runs.c
    query = (
        select(
            row.id,
            row.workflow,
            row.status,
            row.current_step,
            row.created_by,
            row.created_at,
            row.cost_usd_micros,
            row.input["brief"].astext.label("brief"),
            row.state["spent_below"].label("below"),
        )
        .where(row.created_at >= since, row.created_at < until, wanted, is_visible())
        .order_by(row.created_at.desc(), row.id.desc())
        .limit(RUNS_AT_MOST + 1)
    )
    return (await tx.session.execute(query)).mappings().all()


def _own(row: Any) -> int:
    """What the run's own steps cost: those of runs it started are counted where they were done."""
    below = sum(int(one.get("cost_usd_micros", 0)) for one in (row["below"] or {}).values())
    return max(0, int(row["cost_usd_micros"]) - below)


def _title(row: Any) -> str:
    return str(row["brief"] or row["workflow"])


def _grouped(rows: Sequence[Any], by: By) -> list[Share]:
    costs: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        match by:
            case By.DAY:
                name = row["created_at"].astimezone(UTC).date().isoformat()
            case By.USER:
                name = row["created_by"]
            case _:
                name = row["workflow"]
        costs[name].append(_own(row))
    return [Share(name, name, sum(each), len(each)) for name, each in sorted(costs.items())]
