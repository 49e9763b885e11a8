"""What a run's steps looked up before they wrote, and the sources they found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from common.contracts.ideation import Research
from common.contracts.values import JsonObject
from pydantic import ValidationError

from compliance.evidence import words


def sources_of(steps: Sequence[JsonObject]) -> JsonObject:
    """Each claim once, with its address and the step that found it; without any, a note that says so.

    `searches` tells how looking went, also where it found nothing.
    """
    sources: list[JsonObject] = []
    searches: list[JsonObject] = []
    for each in steps:
        research = _research(each.get("output"))
        if research is None:
            continue
        searches.append({"step": each["step"], "said": research.said})
        known = [{name: value for name, value in source.items() if name != "step"} for source in sources]
        found = [claim.model_dump(mode="json") for claim in research.claims]
        sources += [{"step": each["step"], **claim} for claim in found if claim not in known]
    return {"sources": sources, "searches": searches, **({} if sources else {"note": words.NO_SOURCES})}


def _research(output: Any) -> Research | None:
    """What a step says that it looked up; an agent of somebody's own may use the word for something else."""
    if not isinstance(output, dict) or output.get("research") is None:
        return None
    try:
        return Research.model_validate(output["research"])
    except ValidationError:
        return None
