"""A writer that needs no model: it reads the brief and tells it by rules."""

from __future__ import annotations

from collections.abc import Callable

from common.contracts.ideation import IdeationInput
from common.contracts.production import ProductionInput
from common.contracts.screenplay import CharactersInput, ScreenplayInput
from common.contracts.values import Downgrade, Origin, Value

from vendors.text_model.errors import UnknownTask, require_offered
from vendors.text_model.models_file import OFFLINE
from vendors.text_model.offline.characters import develop_characters
from vendors.text_model.offline.ideas import propose_ideas
from vendors.text_model.offline.rewrite import rewrite_beat, rewrite_post
from vendors.text_model.offline.screenplay import write_screenplay
from vendors.text_model.offline.script import write_script
from vendors.text_model.port import (
    DEVELOP_CHARACTERS,
    PROPOSE_IDEAS,
    WRITE_SCREENPLAY,
    WRITE_SCRIPT,
    Asked,
    Asking,
    Out,
    TextRequest,
    Written,
    written_class,
)
from vendors.text_model.rewriting import REWRITE_BEAT, REWRITE_POST, BeatRewrite, PostRewrite

Answer = tuple[Value, tuple[Downgrade, ...]]


class OfflineTextModel:
    """Writes from the brief's own words and a small fact base; the same input always gives the same output.

    It costs nothing, reads no instructions, obeys nothing in the brief and says openly what it cannot do (`notes`).
    """

    name = "offline/rules-1"
    models: tuple[str, ...] = (OFFLINE,)

    async def write(self, request: TextRequest[Out], *, asking: Asking) -> Written[Out]:
        """The answer to one of its tasks. It is written down too: a later version may write something else."""
        require_offered(request.model, self.models)
        answer = _TASKS.get(request.task)
        if answer is None:
            known = ", ".join(sorted(_TASKS))
            raise UnknownTask(f"The offline writer does not know the task {request.task!r}; it knows {known}.")

        async def work() -> Written[Out]:
            value, notes = answer(request.variables)
            if not isinstance(value, request.output):
                raise UnknownTask(f"{request.task!r} gives {type(value).__name__}, not {request.output.__name__}.")
            return Written(value=value, origin=Origin.OFFLINE, model=self.name, notes=notes)

        returns = written_class(request.output)
        return await asking.call(
            Asked(self.name, "", returns, request.variables, lambda _: 0, at_most_usd_micros=0), work
        )

    async def notice(self) -> None:
        """All is well: it needs nobody."""

    async def close(self) -> None:
        """There is nothing to close."""


def _ideas(variables: Value) -> Answer:
    if not isinstance(variables, IdeationInput):
        raise UnknownTask(f"{PROPOSE_IDEAS!r} takes IdeationInput, not {type(variables).__name__}.")
    return propose_ideas(variables)


def _script(variables: Value) -> Answer:
    if not isinstance(variables, ProductionInput):
        raise UnknownTask(f"{WRITE_SCRIPT!r} takes ProductionInput, not {type(variables).__name__}.")
    return write_script(variables)


def _beat(variables: Value) -> Answer:
    if not isinstance(variables, BeatRewrite):
        raise UnknownTask(f"{REWRITE_BEAT!r} takes BeatRewrite, not {type(variables).__name__}.")
    return rewrite_beat(variables), ()


def _post(variables: Value) -> Answer:
    if not isinstance(variables, PostRewrite):
        raise UnknownTask(f"{REWRITE_POST!r} takes PostRewrite, not {type(variables).__name__}.")
    return rewrite_post(variables), ()


def _screenplay(variables: Value) -> Answer:
    if not isinstance(variables, ScreenplayInput):
        raise UnknownTask(f"{WRITE_SCREENPLAY!r} takes ScreenplayInput, not {type(variables).__name__}.")
    return write_screenplay(variables)


def _characters(variables: Value) -> Answer:
    if not isinstance(variables, CharactersInput):
        raise UnknownTask(f"{DEVELOP_CHARACTERS!r} takes CharactersInput, not {type(variables).__name__}.")
    return develop_characters(variables)


_TASKS: dict[str, Callable[[Value], Answer]] = {
    PROPOSE_IDEAS: _ideas,
    WRITE_SCRIPT: _script,
    REWRITE_BEAT: _beat,
    REWRITE_POST: _post,
    WRITE_SCREENPLAY: _screenplay,
    DEVELOP_CHARACTERS: _characters,
}
