"""Starting a run: its input is checked against the workflow's declaration, and the same key starts it once."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from common.clock import Clock
from common.contracts.ideation import BRIEF_LIMIT
from common.db.work import Work
from common.errors import Invalid
from common.ids import new_id
from common.service.idempotency import answer_once
from common.service.principal import Principal
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.announcer import Announcer
from orchestrator.audit import run_entry
from orchestrator.definitions.model import Definition, InputField
from orchestrator.engine.happenings import Started
from orchestrator.engine.state import RunFacts
from orchestrator.library import Library
from orchestrator.transitions import Happened, Transitions

_KINDS: dict[str, type | tuple[type, ...]] = {"str": str, "int": int, "float": (int, float), "bool": bool}
_LIST_LIMIT = 100


class StartRequest(BaseModel):
    """What to run, and on what."""

    model_config = ConfigDict(extra="forbid")

    workflow: str = Field(default="short_video", pattern=r"^[a-z0-9_]{1,64}$", examples=["short_video"])
    input: dict[str, Any] = Field(examples=[{"brief": "How tides work", "target_seconds": 20}])


class Starter:
    """Starts runs."""

    def __init__(
        self, work: Work, library: Library, transitions: Transitions, announcer: Announcer, *, clock: Clock
    ) -> None:
        self._work = work
        self._library = library
        self._transitions = transitions
        self._announcer = announcer
        self._clock = clock

    async def start(self, request: StartRequest, principal: Principal, *, key: str | None) -> UUID:
        """The id of the run. The same `Idempotency-Key` starts one run, however often and at once it comes.

        Raises `NotFound` for an unknown workflow and `Invalid` for an input that does not fit it.
        """
        definition = self._library.get(request.workflow)
        values = check_input(definition, request.input)
        run_id = new_id()
        now = self._clock()
        facts = RunFacts(
            id=run_id,
            tenant=principal.tenant,
            workflow=definition.name,
            input=values,
            created_by=principal.user_id,
            created_at=now,
        )
        async with self._work.transaction(principal.tenant) as tx:
            if key is not None:
                answer = {"run_id": str(run_id)}
                route = "POST /v1/runs"
                stored = await answer_once(
                    tx, principal=principal.user_id, route=route, key=key, request=request, response=answer
                )
                if stored is not None:
                    return UUID(stored["run_id"])
            await self._transitions.begin(tx, facts, definition)
            aftermath = await self._transitions.apply(tx, [Happened(run_id, Started(at=now))])
            started = {"workflow": definition.name, "definition": definition.digest}
            tx.audit(run_entry("run.started", run_id, actor=principal.user_id, at=now, detail=started))
        await self._announcer.tell(aftermath)
        return run_id


def check_input(definition: Definition, given: Mapping[str, Any]) -> dict[str, Any]:
    """The input with defaults filled in. Raises `Invalid` naming the field."""
    if unknown := sorted(set(given) - set(definition.inputs)):
        raise Invalid(
            f"{definition.name} takes no {', '.join(unknown)}; it takes {', '.join(sorted(definition.inputs))}."
        )
    values: dict[str, Any] = {}
    for name, declared in definition.inputs.items():
        if name in given and given[name] is not None:
            values[name] = _check_value(name, declared, given[name])
        elif declared.required:
            raise Invalid(f"{name!r} is missing.")
        else:
            values[name] = declared.default
    return values


def _check_value(name: str, declared: InputField, value: Any) -> Any:
    if declared.type == "list[str]":
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value) or len(value) > _LIST_LIMIT:
            raise Invalid(f"{name!r} must be a list of at most {_LIST_LIMIT} strings.")
        return [_check_text(name, item) for item in value]
    if not isinstance(value, _KINDS[declared.type]) or (isinstance(value, bool) and declared.type != "bool"):
        raise Invalid(f"{name!r} must be of type {declared.type}.")
    return _check_text(name, value) if isinstance(value, str) else value


def _check_text(name: str, value: str) -> str:
    """The text in one Unicode form, without control characters. Raises `Invalid` when too long, or empty then."""
    if len(value) > BRIEF_LIMIT:
        raise Invalid(f"{name!r} has {len(value)} characters; at most {BRIEF_LIMIT} are allowed.")
    kept = "".join(letter for letter in value if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"})
    clean = unicodedata.normalize("NFC", kept).strip()
    if not clean:
        raise Invalid(f"{name!r} is empty.")
    return clean
