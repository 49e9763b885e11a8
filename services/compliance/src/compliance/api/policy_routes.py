"""`/v1/policies`: the rules everybody's content is held to, for everybody to read."""

from __future__ import annotations

from common.service.principal import Principal, current_principal
from fastapi import APIRouter, Depends
from pydantic import BaseModel

from compliance.policy import Policy, Severity


class RuleView(BaseModel):
    """One rule."""

    id: str
    severity: Severity
    text: str
    remedy: str


class PolicyView(BaseModel):
    """The policy in force."""

    version: str
    rules: list[RuleView]


def router(policy: Policy) -> APIRouter:
    """The policies' routes."""
    routes = APIRouter(prefix="/v1/policies", tags=["policies"])
    view = PolicyView(
        version=policy.version,
        rules=[
            RuleView(id=rule.id, severity=rule.severity, text=rule.text, remedy=rule.remedy) for rule in policy.rules
        ],
    )

    @routes.get("", summary="The policy in force.")
    async def show(_principal: Principal = Depends(current_principal)) -> PolicyView:
        return view

    return routes
