"""`/v1/limits` and `/v1/budgets`: what a tenant may have at most, and what of it is used."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from common.clock import Clock
from common.contracts.values import PublicMoney
from common.db.work import Work
from common.errors import Invalid
from common.service.pages import STORABLE
from common.service.principal import Principal, Role, requires
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from orchestrator import limits
from orchestrator.budgets import MONEY
from orchestrator.limits import Budget, Limited
from orchestrator.models import LimitKind

Operator = Annotated[Principal, Depends(requires(Role.OPERATOR))]
Looker = Annotated[Principal, Depends(requires(Role.OPERATOR, Role.CREATOR))]
Name = Annotated[str, Query(max_length=64, pattern=STORABLE)]
Usd = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=6)]


class LimitRequest(BaseModel):
    """A limit: `at_most` steps at work at once, or `at_most_usd` dollars."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"kind": "usd_micros_of_a_day", "at_most_usd": "25"}]}
    )

    kind: LimitKind
    name: str = Field(
        default="",
        max_length=64,
        pattern=STORABLE,
        description="The workflow or capability, for the kinds that name one.",
    )
    at_most: int | None = Field(default=None, ge=0, le=1_000_000, description="Steps.")
    at_most_usd: Usd | None = None


class LimitAnswer(BaseModel):
    """A limit and its use now. Steps or dollars, as its kind says."""

    kind: LimitKind
    name: str
    at_most: int | None = None
    in_use: int | None = None
    at_most_usd: PublicMoney | None = None
    in_use_usd: PublicMoney | None = Field(
        default=None, description="Given to runs; what they do not spend comes back."
    )


class BudgetAnswer(BaseModel):
    """Money of a run, a day (UTC) or all time (`total`)."""

    of: str
    cap_usd: PublicMoney | None
    allotted_usd: PublicMoney = Field(description="Given out; counts against the cap.")
    reserved_usd: PublicMoney = Field(description="Of that, set aside for steps under way.")
    spent_usd: PublicMoney = Field(description="Of that, booked.")


class RunBudgetRequest(BaseModel):
    """A run's own cap; null takes it away. The tenant's caps count besides."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"budget_usd": "5"}]})

    budget_usd: Usd | None


def router(*, work: Work, clock: Clock) -> APIRouter:
    """Routes of limits and budgets. Setting them is an operator's."""
    routes = APIRouter(tags=["limits"])
    _add_limits(routes, work, clock)
    _add_budgets(routes, work, clock)
    return routes


def _add_limits(routes: APIRouter, work: Work, clock: Clock) -> None:
    @routes.get("/v1/limits", summary="The tenant's limits, and how much of each is in use", responses=refusals(403))
    async def index(caller: Operator) -> list[LimitAnswer]:
        async with work.transaction(caller.tenant) as tx:
            return [_limit_answer(one) for one in await limits.list_limits(tx, today=clock().date())]

    @routes.put(
        "/v1/limits", summary="Set a limit. What is over it goes on; nothing more begins", responses=refusals(403, 422)
    )
    async def put(request: LimitRequest, caller: Operator) -> LimitAnswer:
        at_most = _amount(request)
        async with work.transaction(caller.tenant) as tx:
            await limits.set_limit(tx, request.kind, request.name, at_most=at_most, actor=caller.user_id, at=clock())
            found = await limits.list_limits(tx, today=clock().date())
        [now] = [one for one in found if (one.kind, one.name) == (request.kind, request.name)]
        return _limit_answer(now)

    @routes.delete(
        "/v1/limits",
        status_code=204,
        summary="Take a limit away. Repeating it changes nothing",
        responses=refusals(403, 422),
    )
    async def remove(kind: LimitKind, caller: Operator, name: Name = "") -> None:
        async with work.transaction(caller.tenant) as tx:
            await limits.remove_limit(tx, kind, name, actor=caller.user_id, at=clock())


def _add_budgets(routes: APIRouter, work: Work, clock: Clock) -> None:
    @routes.get("/v1/budgets", summary="Money: all time first, then the last days", responses=refusals(403, 422))
    async def index(caller: Looker, days: Annotated[int, Query(ge=1, le=366)] = 7) -> list[BudgetAnswer]:
        async with work.transaction(caller.tenant) as tx:
            return [_budget_answer(one) for one in await limits.list_budgets(tx, today=clock().date(), days=days)]

    @routes.get(
        "/v1/budgets/runs/{run_id}",
        summary="Money of one run; a run it started has its own",
        responses=refusals(403, 404, 422),
    )
    async def show(run_id: UUID, caller: Looker) -> BudgetAnswer:
        async with work.transaction(caller.tenant) as tx:
            return _budget_answer(await limits.get_run_budget(tx, run_id))

    @routes.put(
        "/v1/budgets/runs/{run_id}",
        summary="Change a run's own cap; a failed run can then be retried",
        responses=refusals(403, 404, 422),
    )
    async def put(run_id: UUID, request: RunBudgetRequest, caller: Operator) -> BudgetAnswer:
        at_most = None if request.budget_usd is None else int(request.budget_usd * 1_000_000)
        async with work.transaction(caller.tenant) as tx:
            await limits.set_run_budget(tx, run_id, at_most=at_most, actor=caller.user_id, at=clock())
            return _budget_answer(await limits.get_run_budget(tx, run_id))


def _amount(request: LimitRequest) -> int:
    if request.kind in MONEY:
        if request.at_most_usd is None or request.at_most is not None:
            raise Invalid(f"A limit on {request.kind.value} says 'at_most_usd', in dollars, and no 'at_most'.")
        return int(request.at_most_usd * 1_000_000)
    if request.at_most is None or request.at_most_usd is not None:
        raise Invalid(f"A limit on {request.kind.value} says 'at_most', a number of steps, and no 'at_most_usd'.")
    return request.at_most


def _limit_answer(one: Limited) -> LimitAnswer:
    if one.kind in MONEY:
        in_use = None if one.in_use is None else _usd(one.in_use)
        return LimitAnswer(kind=one.kind, name=one.name, at_most_usd=_usd(one.at_most), in_use_usd=in_use)
    return LimitAnswer(kind=one.kind, name=one.name, at_most=one.at_most, in_use=one.in_use)


def _budget_answer(one: Budget) -> BudgetAnswer:
    return BudgetAnswer(
        of=one.of,
        cap_usd=None if one.cap is None else _usd(one.cap),
        allotted_usd=_usd(one.allotted),
        reserved_usd=_usd(one.reserved),
        spent_usd=_usd(one.spent),
    )


def _usd(micros: int) -> Decimal:
    return Decimal(micros) / 1_000_000
