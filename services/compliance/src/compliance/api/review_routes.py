"""`/v1/airlock`: who looks at what, many at once, and how a tenant reviews."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from common.clock import Clock
from common.service.principal import Principal, Role, current_principal, requires
from fastapi import APIRouter, Depends, Header, Path

from compliance.airlock import Airlock
from compliance.api import review_shapes, shapes
from compliance.bulk import decide_each
from compliance.claims import Claims
from compliance.defining import Definitions
from compliance.reviewing import Reviewing
from compliance.submitting import Submissions

looks = requires(Role.CREATOR, Role.REVIEWER, Role.PUBLISHER, Role.COMPLIANCE_OFFICER, Role.OPERATOR, Role.SERVICE)
arranges = requires(Role.REVIEWER, Role.PUBLISHER, Role.COMPLIANCE_OFFICER, Role.OPERATOR)
defines = requires(Role.COMPLIANCE_OFFICER)
serves = requires(Role.SERVICE)
Gate = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9._-]+$")]


def router(reviewing: Reviewing, *, clock: Clock) -> APIRouter:
    """The routes about reviewing."""
    routes = APIRouter(prefix="/v1/airlock", tags=["airlock"])
    _add_claims(routes, reviewing.claims, clock)
    _add_many(routes, reviewing.airlock, reviewing.submissions, clock)
    _add_definitions(routes, reviewing.definitions)
    return routes


def _add_claims(routes: APIRouter, claims: Claims, clock: Clock) -> None:
    @routes.put("/items/{item_id}/claim", summary="Look at an item: for a while nobody else may decide. Again: renew.")
    async def claim(
        item_id: UUID, body: review_shapes.ClaimBody, principal: Principal = Depends(current_principal)
    ) -> shapes.ItemSummary:
        item = await claims.claim(item_id, principal=principal, takes_over=body.take_over)
        return shapes.summary(item, now=clock())

    @routes.delete("/items/{item_id}/claim", summary="Let others decide again.")
    async def release(item_id: UUID, principal: Principal = Depends(current_principal)) -> shapes.ItemSummary:
        return shapes.summary(await claims.release(item_id, principal=principal), now=clock())

    @routes.patch("/items/{item_id}", summary="Say whom an item is meant for, and how much it presses.")
    async def arrange(
        item_id: UUID, body: review_shapes.ArrangeBody, principal: Principal = Depends(arranges)
    ) -> shapes.ItemSummary:
        item = await claims.arrange(item_id, principal=principal, assigned_to=body.assigned_to, priority=body.priority)
        return shapes.summary(item, now=clock())


def _add_many(routes: APIRouter, airlock: Airlock, submissions: Submissions, clock: Clock) -> None:
    @routes.post("/items/bulk-decision", summary="Decide many items, each for itself.")
    async def decide_many(
        body: review_shapes.BulkBody,
        principal: Principal = Depends(current_principal),
        idempotency_key: str | None = Header(None, max_length=200),
    ) -> review_shapes.BulkResult:
        outcomes = await decide_each(airlock, body.orders(), principal=principal, key=idempotency_key)
        return review_shapes.bulk_result(outcomes)

    @routes.post("/items", status_code=201, summary="Hold content without a gate. The same key is the same item.")
    async def submit(body: review_shapes.SubmitBody, principal: Principal = Depends(serves)) -> shapes.ItemSummary:
        item = await submissions.submit(
            body.key, body.input(), principal=principal, run_id=body.run_id, supersedes=body.supersedes
        )
        return shapes.summary(item, now=clock())


def _add_definitions(routes: APIRouter, definitions: Definitions) -> None:
    @routes.get("/reviews", summary="How the tenant reviews, by gate.")
    async def list_reviews(principal: Principal = Depends(looks)) -> list[review_shapes.ReviewView]:
        found = await definitions.list_newest(principal=principal)
        return [review_shapes.ReviewView.model_validate(each) for each in found]

    @routes.get("/reviews/{gate}", summary="The versions for one gate, the newest first.")
    async def list_versions(gate: Gate, principal: Principal = Depends(looks)) -> list[review_shapes.ReviewView]:
        found = await definitions.list_versions(gate, principal=principal)
        return [review_shapes.ReviewView.model_validate(each) for each in found]

    @routes.put("/reviews/{gate}", summary="Say how a gate is reviewed where its workflow says nothing.")
    async def define(
        gate: Gate, body: review_shapes.ReviewBody, principal: Principal = Depends(defines)
    ) -> review_shapes.ReviewView:
        made = await definitions.define(gate, body.review, principal=principal, seen=body.version)
        return review_shapes.ReviewView.model_validate(made)
