"""What is known about a brief's subject besides the brief: claims, each with its source, or that there are none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from common.bus.step import Step
from common.contracts.ideation import Claim, IdeationInput, Research
from common.contracts.safety import Side
from common.contracts.values import Downgrade, Value
from common.errors import ContentBlocked, Permanent, Transient

from ideation.search import Found, Search

MOST = 8
_QUESTION_LIMIT = 200
NOT_TOLD = "Nothing was looked up: no search and no feed is configured. The ideas rest on the brief alone."


class Asked(Value):
    """What a search was asked."""

    question: str
    most: int


async def look_up(input: IdeationInput, step: Step, *, searches: Sequence[Search]) -> Research:
    """Claims about the brief, at most `MOST`, those that came with the input first.

    Each search is asked once for all attempts. One that fails degrades the run; a claim that the shield stops is left
    out. Nothing of a claim is an order to anybody.
    """
    given = list(input.claims)
    if not searches:
        return Research(claims=tuple(given), said=_said_before(input))
    asked = Asked(question=question_of(input.brief), most=MOST)
    claims: dict[str, Claim] = {claim.url: claim for claim in given}
    brought, stopped = len(claims), 0
    for search in searches:
        found = await step.call(
            search.name,
            f"search:{search.name}",
            partial(_find, search, asked),
            returns=Found,
            kind="vendor",
            request=asked,
        )
        if found.trouble:
            step.degrade(Downgrade(code="research_incomplete", detail=found.trouble[:1000], stage="ideation"))
        for claim in found.claims:
            if claim.url in claims or len(claims) >= MOST:
                continue
            try:
                await step.shield(claim.model_dump(mode="json"), side=Side.INPUT)
            except ContentBlocked:
                stopped += 1
            else:
                claims[claim.url] = claim
    told = _said(asked, searches, len(claims) - brought, stopped)
    return Research(claims=tuple(claims.values()), said=f"{input.looked_up} {told}".strip())


def question_of(brief: str) -> str:
    """What a search is asked about a brief: its beginning, in whole words."""
    words = " ".join(brief.split())
    return words if len(words) <= _QUESTION_LIMIT else words[:_QUESTION_LIMIT].rsplit(" ", 1)[0]


async def _find(search: Search, asked: Asked) -> Found:
    try:
        return await search.find(asked.question, most=asked.most)
    except (Transient, Permanent) as error:
        # It is written down like an answer: a retry that found more would be another question to the writer.
        return Found(trouble=error.detail)


def _said_before(input: IdeationInput) -> str:
    """What is told where nothing is configured to ask."""
    if input.looked_up:
        alone = "" if input.claims else ", so the ideas rest on the brief alone"
        return f"{input.looked_up} No search and no feed is configured{alone}."
    brought = _count(len(input.claims))
    return f"The input brought {brought}; no search is configured." if input.claims else NOT_TOLD


def _said(asked: Asked, searches: Sequence[Search], found: int, stopped: int) -> str:
    where = ", ".join(search.name for search in searches)
    left_out = f" {_count(stopped)} may not be shown and is left out." if stopped else ""
    return f"Asked {where} about {asked.question!r}: {_count(found)}.{left_out}"


def _count(number: int) -> str:
    return {0: "nothing was found", 1: "1 claim"}.get(number, f"{number} claims")
