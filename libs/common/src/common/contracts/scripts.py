"""A finished script that comes in from outside, and what the producer makes of it: the same words, as beats."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from common.contracts.ideation import BRIEF_LIMIT, Idea
from common.contracts.message import Capability
from common.contracts.production import Script
from common.contracts.provenance import Source, Untrusted
from common.contracts.rework import Rework, Reworked
from common.contracts.screenplay import LANGUAGE_TAG
from common.contracts.values import Value

MOST_SCENES = 60
LONGEST_TEXT = 600
"""Characters that one scene may say: more is no scene any more, but a lecture over one picture."""


class FinishedScene(Value):
    """One scene of somebody's own script."""

    text: str = Field(min_length=1, max_length=LONGEST_TEXT, description="Spoken word for word.")
    seconds: float | None = Field(default=None, gt=0, le=60, description="How long it is at least; null: as its words.")
    headline: str = Field(default="", max_length=90, description="Shown large; empty: words of the text.")
    heading: str = Field(default="", max_length=160, description="What the script calls it. It is not shown.")


class FinishedScript(Value):
    """A script that is written already: nobody thinks up ideas for it, and nobody writes it anew."""

    title: str = Field(default="", max_length=120)
    language: str = Field(default="", pattern=LANGUAGE_TAG, description="BCP 47 tag; empty: that of its words.")
    scenes: tuple[FinishedScene, ...] = Field(min_length=1, max_length=MOST_SCENES)


class TakeScriptInput(Value):
    """A finished script, and the brief it came with; or, sent back by a reviewer, what they saw and want other."""

    script: Annotated[FinishedScript, Untrusted(Source.BRIEF)]
    brief: Annotated[str, Untrusted(Source.BRIEF)] = Field(min_length=1, max_length=BRIEF_LIMIT)
    feedback: Annotated[str | None, Untrusted(Source.COMMENT)] = Field(
        default=None, description="What a reviewer wants other in `previous`."
    )
    rework: Annotated[tuple[Rework, ...], Untrusted(Source.COMMENT)] = Field(
        default=(), description="What their notes want; then only that is done, and all else of `previous` stays."
    )
    previous: Annotated[Script | None, Untrusted(Source.AGENT)] = Field(
        default=None, description="What the reviewer saw; null: nobody has seen the script yet."
    )


class TakenScript(Value):
    """It as a film: each scene a beat with its own words, and what is shown beside them chosen by rule."""

    script: Script
    idea: Idea = Field(description="What the film is about, in the script's own words.")
    narration: str = Field(description="All that is spoken.")
    seconds: float = Field(description="How long it will be about. The voice is measured only when it is spoken.")
    remarks: tuple[Reworked, ...] = Field(default=(), description="What became of each thing a reviewer wanted other.")


TakeScript = Capability("producer.take_script", TakeScriptInput, TakenScript)
