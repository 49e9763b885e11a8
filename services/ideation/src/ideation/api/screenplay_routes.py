"""HTTP in: a screenplay without a run, as clients of the film agents know it, and whose models may be named there.

A real model answers, or the stand-in that says that it is one: `origin` tells which. Nothing is stored.
"""

from __future__ import annotations

from typing import Annotated

from common.contracts.ideation import BRIEF_LIMIT
from common.contracts.screenplay import ACTS, LANGUAGE_TAG, Act, Part, ScreenplayInput, WriteScreenplay
from common.contracts.values import Downgrade, Money, Origin, PublicMoney
from common.service.principal import Principal, Role, requires
from common.service.problems import refusals
from common.shield import Guard
from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from vendors.text_model import TextModel

from ideation.trying import try_screenplay

_KEEPER = "A lonely lighthouse keeper discovers that her light draws ships from the past."


class GenerateScreenplay(BaseModel):
    """A concept, and who is to write."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"concept": _KEEPER, "model": None, "genre": "mystery", "minutes": 12}]}
    )

    concept: str = Field(min_length=1, max_length=BRIEF_LIMIT)
    model: str | None = Field(
        default=None, min_length=1, max_length=64, description="One of `GET /v1/models`; null: as the routes say."
    )
    language: str = Field(default="", pattern=LANGUAGE_TAG, description="BCP 47 tag; empty: that of the concept.")
    genre: str = Field(default="", max_length=60)
    minutes: int = Field(default=10, ge=1, le=240)


class GeneratedScreenplay(BaseModel):
    """A screenplay in outline that nobody decided about yet; nothing is stored."""

    title: str = Field(examples=["The Lighthouse Keeper and the Light"])
    logline: str = Field(examples=[_KEEPER])
    genre: str
    language: str
    three_act_structure: tuple[Act, ...] = Field(min_length=ACTS, max_length=ACTS)
    characters: tuple[Part, ...] = Field(description="Whole profiles come with a run of the workflow `screenplay`.")
    agent_used: str = Field(description="The capability that wrote it.", examples=[WriteScreenplay.name])
    model_used: str = Field(examples=["offline/rules-1"])
    origin: Origin = Field(description="`offline` and `sandbox` are stand-ins.")
    cost_usd: PublicMoney
    notes: tuple[Downgrade, ...] = Field(description="In which ways it is less than was asked for.")


class Models(BaseModel):
    """Which models may be asked for by name."""

    models: tuple[str, ...] = Field(examples=[["large", "small", "offline"]])
    default: str = Field(description="Who writes when nobody is named: the adapter and its model.")


def router(*, writer: TextModel, guard: Guard) -> APIRouter:
    """Both routes; the first has the same path at the edge and at the own port."""
    routes = APIRouter()

    @routes.post(
        "/api/screenplay/generate",
        summary="Outline a film in three acts",
        tags=["compatible"],
        responses=refusals(400, 401, 403, 422, 429, 502, 503),
    )
    async def generate_screenplay(
        wanted: GenerateScreenplay, caller: Annotated[Principal, Depends(requires(Role.CREATOR))]
    ) -> GeneratedScreenplay:
        asked = ScreenplayInput.model_validate(wanted.model_dump())
        written = await try_screenplay(asked, caller, writer=writer, guard=guard, by="POST /api/screenplay/generate")
        screenplay = written.value
        return GeneratedScreenplay(
            **screenplay.model_dump(include={"title", "logline", "genre", "language"}),
            three_act_structure=screenplay.acts,
            characters=screenplay.characters,
            agent_used=WriteScreenplay.name,
            model_used=written.model,
            origin=written.origin,
            cost_usd=Money(usd_micros=written.cost_usd_micros).usd,
            notes=written.notes,
        )

    @routes.get(
        "/v1/models",
        summary="Which models may be asked for by name",
        tags=["models"],
        responses=refusals(401, 403),
    )
    async def models(_: Annotated[Principal, Depends(requires(Role.CREATOR, Role.OPERATOR))]) -> Models:
        return Models(models=writer.models, default=writer.name)

    return routes
