"""What a model of the sandbox writes: the answer that the question's schema asks for, by the writer without a model.

It reads a question as any model would, its data from the fence and its shape from the schema, so that a film made with
the sandbox is about its brief.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
from common.contracts.ideation import Idea, IdeationInput
from common.contracts.production import ProductionInput
from common.contracts.screenplay import CharactersInput, ScreenplayInput
from common.contracts.values import Value
from pydantic import BaseModel
from vendors.text_model import BeatRewrite, PostRewrite
from vendors.text_model.offline.characters import develop_characters
from vendors.text_model.offline.ideas import propose_ideas
from vendors.text_model.offline.rewrite import rewrite_beat, rewrite_post
from vendors.text_model.offline.screenplay import write_screenplay
from vendors.text_model.offline.script import write_script
from vendors.text_model.tasks.ideas import ALIKE, IdeaDraft, IdeasDraft, likeness
from vendors.text_model.tasks.rewriting import RewrittenBeatDraft, RewrittenPostDraft
from vendors.text_model.tasks.screenplay import ProfilesDraft, ScreenplayDraft
from vendors.text_model.tasks.script import ScriptDraft, numbers_in, words_of

from sandbox.kit.questions import count_wanted, data_in, members_wanted, said_first

_SAID_LIMIT = 200


def written(body: dict[str, Any]) -> str:
    """The answer to a question, as text: JSON where a shape is asked for that is known here, else plain words."""
    data, members = data_in(body), members_wanted(body)
    for draft, write in _WRITERS.items():
        if members == draft.model_fields.keys():
            return write(data, body).model_dump_json()
    return f"A stand-in of the sandbox answers, not a model. It was asked: {first_words(body, limit=_SAID_LIMIT)}"


def first_words(body: dict[str, Any], *, limit: int = 80) -> str:
    """What a question is about, in a few words of its own: what a tool is asked for."""
    data = data_in(body)
    about = next((data[name] for name in ("brief", "concept", "prompt") if data.get(name)), said_first(body, "user"))
    return str(about)[:limit].strip()


def _ideas(data: dict[str, Any], body: dict[str, Any]) -> IdeasDraft:
    asked = {name: data[name] for name in ("brief", "target_seconds", "platforms", "audience", "tone") if name in data}
    past = [film | {"entry_id": UUID(int=number)} for number, film in enumerate(data.get("past_films", ()))]
    previous = [idea | {"id": str(number)} for number, idea in enumerate(data.get("previous_ideas", ()))]
    variables = IdeationInput.model_validate(
        asked | {"count": count_wanted(body), "feedback": data.get("feedback"), "past": past, "previous": previous}
    )
    value, _ = propose_ideas(variables)
    ideas = [_as(idea, exclude={"id", "score", "resembles"}) | {"sources": []} for idea in value.ideas]
    draft = IdeasDraft.model_validate({"language": value.language, "ideas": ideas, "chosen": value.chosen})
    return draft.model_copy(update={"ideas": _apart(draft.ideas)})


def _apart(ideas: list[IdeaDraft]) -> list[IdeaDraft]:
    """The ideas, each shorter that tells what one before it tells: whoever asks a model wants them to differ."""
    kept: list[IdeaDraft] = []
    for number, idea in enumerate(ideas):
        short = {"summary": idea.angle, "points": [idea.points[number % len(idea.points)]]}
        is_same = any(likeness(idea, other) >= ALIKE for other in kept)
        kept.append(idea.model_copy(update=short) if is_same else idea)
    return kept


def _script(data: dict[str, Any], _: dict[str, Any]) -> ScriptDraft:
    idea = Idea.model_validate(data["idea"] | {"id": "idea"})
    variables = ProductionInput(
        idea=idea,
        brief=data["brief"],
        language=data["language"],
        target_seconds=data["target_seconds"],
        feedback=data.get("feedback"),
    )
    script, _notes = write_script(variables)
    known = numbers_in(orjson.dumps(data).decode())
    # Who asks a model does not take a number that it was not given; the writer without a model has facts of its own.
    told = [beat for beat in script.beats if numbers_in(words_of(beat)) <= known]
    return ScriptDraft.model_validate(_as(script.model_copy(update={"beats": tuple(told)})))


def _beat(data: dict[str, Any], _: dict[str, Any]) -> RewrittenBeatDraft:
    return RewrittenBeatDraft.model_validate(_as(rewrite_beat(BeatRewrite.model_validate(data))))


def _post(data: dict[str, Any], _: dict[str, Any]) -> RewrittenPostDraft:
    return RewrittenPostDraft.model_validate(_as(rewrite_post(PostRewrite.model_validate(data))))


def _screenplay(data: dict[str, Any], _: dict[str, Any]) -> ScreenplayDraft:
    asked = {name: data[name] for name in ("concept", "minutes", "language", "genre", "feedback") if name in data}
    value, _notes = write_screenplay(
        ScreenplayInput.model_validate(asked | {"previous": data.get("previous_screenplay")})
    )
    return ScreenplayDraft.model_validate(_as(value))


def _profiles(data: dict[str, Any], _: dict[str, Any]) -> ProfilesDraft:
    asked = {name: data[name] for name in ("concept", "screenplay", "language", "feedback") if name in data}
    count = {"count": data["at_most"]} if "at_most" in data else {}
    value, _notes = develop_characters(CharactersInput.model_validate(asked | count))
    return ProfilesDraft.model_validate(_as(value))


_WRITERS: dict[type[BaseModel], Callable[[dict[str, Any], dict[str, Any]], BaseModel]] = {
    IdeasDraft: _ideas,
    ScriptDraft: _script,
    RewrittenBeatDraft: _beat,
    RewrittenPostDraft: _post,
    ScreenplayDraft: _screenplay,
    ProfilesDraft: _profiles,
}


def _as(value: Value, *, exclude: set[str] | None = None) -> dict[str, Any]:
    return value.model_dump(mode="json", exclude=exclude)
