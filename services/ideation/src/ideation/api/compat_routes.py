"""What clients of the agent suite before us ask of its ideation agent: `POST /generate-ideas`.

Their shape, our truth: what nobody can know about an idea (how it will do) is null, and who wrote it is said.
On this service's own port the path is as it was; at the edge it is under `/compat/agent-os`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from common.clock import Clock
from common.contracts.ideation import BRIEF_LIMIT, Idea, IdeationInput
from common.contracts.values import Downgrade, Money, Origin, PublicMoney
from common.ids import new_id
from common.service.principal import Principal, Role, requires
from common.shield import Guard
from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from vendors.text_model import TextModel

from ideation.trying import try_out

PREFIX = "/compat/agent-os"
NOT_LOOKED_UP = "Nothing was looked up: sources are found in runs, where they can be paid for and kept."


class GenerateIdeas(BaseModel):
    """A topic, and for whom."""

    topic: str = Field(min_length=1, max_length=BRIEF_LIMIT)
    target_audience: str = Field(default="general", max_length=200)
    content_type: str = Field(default="blog_post", max_length=100)
    industry: str = Field(default="technology", max_length=200)
    tone: str = Field(default="professional", max_length=200)
    count: int = Field(default=5, ge=1, le=8)


class ContentIdea(BaseModel):
    """One idea."""

    title: str
    description: str
    key_points: tuple[str, ...]
    target_audience: str
    content_type: str
    estimated_engagement: str | None = Field(default=None, description="Nobody knows it beforehand: null.")
    trending_score: float | None = Field(default=None, description="Nobody measured it: null.")


class MarketInsights(BaseModel):
    """What the ideas rest on besides the topic."""

    sources: tuple[str, ...] = ()
    said: str


class GenerationMetadata(BaseModel):
    """How the ideas came about."""

    timestamp: datetime
    request_id: UUID
    model_used: str
    ideas_generated: int
    origin: Origin
    cost_usd: PublicMoney
    notes: tuple[Downgrade, ...]


class GeneratedIdeas(BaseModel):
    """Ideas nobody decided about yet; nothing is stored."""

    ideas: tuple[ContentIdea, ...]
    market_insights: MarketInsights
    generation_metadata: GenerationMetadata


def router(*, writer: TextModel, guard: Guard, clock: Clock) -> APIRouter:
    """The route, at both places."""
    routes = APIRouter(tags=["compatible"])
    for prefix in ("", PREFIX):
        _add(routes, prefix, writer=writer, guard=guard, clock=clock)
    return routes


def _add(routes: APIRouter, prefix: str, *, writer: TextModel, guard: Guard, clock: Clock) -> None:
    # The edge's path is the documented one; that of the own port is the same under its old name.
    @routes.post(f"{prefix}/generate-ideas", summary="Ideas about a topic", include_in_schema=bool(prefix))
    async def generate_ideas(
        wanted: GenerateIdeas, caller: Annotated[Principal, Depends(requires(Role.CREATOR))]
    ) -> GeneratedIdeas:
        asked = IdeationInput(
            brief=wanted.topic,
            count=wanted.count,
            audience=f"{wanted.target_audience}; industry: {wanted.industry}; content: {wanted.content_type}",
            tone=wanted.tone,
        )
        written = await try_out(asked, caller, writer=writer, guard=guard, by="POST /generate-ideas")
        return GeneratedIdeas(
            ideas=tuple(_content_idea(idea, wanted) for idea in written.value.ideas),
            market_insights=MarketInsights(said=NOT_LOOKED_UP),
            generation_metadata=GenerationMetadata(
                timestamp=clock(),
                request_id=new_id(),
                model_used=written.model,
                ideas_generated=len(written.value.ideas),
                origin=written.origin,
                cost_usd=Money(usd_micros=written.cost_usd_micros).usd,
                notes=written.notes,
            ),
        )


def _content_idea(idea: Idea, wanted: GenerateIdeas) -> ContentIdea:
    return ContentIdea(
        title=idea.title,
        description=f"{idea.hook} {idea.summary}".strip(),
        key_points=idea.points,
        target_audience=wanted.target_audience,
        content_type=wanted.content_type,
    )
