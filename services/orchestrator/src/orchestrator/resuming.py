"""Resuming: one door for whatever a run waits for, be it a person, a signal, or to be let go on."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from common.contracts.gates import AcceptedDowngrades
from common.contracts.values import TERMINAL_STATUSES, Decision, Role, RunStatus
from common.db.work import Work
from common.errors import Conflict, Forbidden, Invalid
from common.service.principal import Principal
from pydantic import BaseModel, ConfigDict, Field, model_validator

from orchestrator.control import Action, Control, RunIsOver
from orchestrator.deciding import Decider, UnknownInterrupt
from orchestrator.engine.interrupts import Interrupt, gates_on_their_way, interrupts_of
from orchestrator.engine.state import Phase, RunState
from orchestrator.forking import Forker, ForkRequest
from orchestrator.library import Library
from orchestrator.repository import get_run, read_history
from orchestrator.webhooks import SignalRequest, Signals

_TELLING = {"gate.opened": "item_id", "step.waiting": "signal", "step.pending": "handle"}


class AlreadyResumed(Conflict):
    """The run does not wait for this any more."""


class NothingToResume(Conflict):
    """The run waits for nothing, or for so much that it has to be said which is meant."""


ResumeAction = Literal["auto", "repair-videos", "repair-render", "fork-from-clips"]
_AFTER_CLIPS = "editing"
"""The step at which a film begins anew from the clips that there are."""
_LOOKS_ITSELF = "The run looks for it itself, and a vendor's signed call wakes it earlier."
_OTHER_ACTIONS = {
    "videos": _LOOKS_ITSELF,
    "render": _LOOKS_ITSELF,
    "publish": "Publishing begins when its gate is approved, and by nothing else.",
}
_OTHER_FIELDS = {
    "force": "A gate is passed by a decision, and a wait by what it waits for.",
    "checkpoint_id": "To begin at an earlier step, fork the run there: POST /v1/runs/{run_id}/fork.",
    "video_indexes": "Which shots are done again is said at the gate before publishing: 'changes' with 'rework'.",
}


class ResumeRequest(BaseModel):
    """What is answered, and how."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"approved": True, "comment": "Good."}]})

    interrupt_id: str | None = Field(default=None, min_length=1, max_length=400, pattern=r"^[^\x00]*$")
    approved: bool | None = Field(default=None, description="At a gate; it has to be said.")
    comment: str = Field(default="", max_length=4_000)
    data: dict[str, Any] | None = Field(default=None, description="At a gate an edit; else what the signal carries.")
    accepts_downgrades: AcceptedDowngrades = ()
    action: ResumeAction | None = Field(
        default=None,
        description="`auto`: try a run again that failed, else as without it. `repair-…`: only the former; what ended "
        "well is kept. `fork-from-clips`: a new run that begins at `editing`.",
    )

    @model_validator(mode="before")
    @classmethod
    def _say_what_else(cls, written: Any) -> Any:
        """What other clients ask for, and has another door here, is refused with a word about that."""
        if not isinstance(written, dict):
            return written
        if isinstance(action := written.get("action"), str) and action in _OTHER_ACTIONS:
            raise ValueError(f"{action!r} is no action here. {_OTHER_ACTIONS[action]}")
        for name, door in _OTHER_FIELDS.items():
            if written.get(name):
                raise ValueError(f"{name!r} is not taken here. {door}")
        return {name: value for name, value in written.items() if name not in _OTHER_FIELDS}


class Resumer:
    """Finds out what a run waits for, and passes the answer to who takes it."""

    def __init__(
        self, work: Work, library: Library, decider: Decider, control: Control, signals: Signals, *, forker: Forker
    ) -> None:
        self._work = work
        self._library = library
        self._decider = decider
        self._control = control
        self._signals = signals
        self._forker = forker

    async def resume(self, run_id: UUID, request: ResumeRequest, caller: Principal, *, key: str | None) -> UUID:
        """Do what is asked for. → the run that goes on: this one, or a new one, of which the same key makes one.

        Raises what `answer`, `Control.steer` and `Forker.fork` do, and `NothingToResume` when nothing has failed.
        """
        if request.action == "fork-from-clips":
            _must_create(caller)
            return (await self._forker.fork(run_id, ForkRequest(from_step=_AFTER_CLIPS), caller, key=key))[0]
        if request.action is not None:
            state, _ = await self._look(run_id, caller.tenant)
            if request.action != "auto" or state.status is RunStatus.FAILED:
                _must_create(caller)
                if state.status is not RunStatus.FAILED:
                    raise NothingToResume("Nothing of the run has failed, so there is nothing to repair.")
                await self._control.steer(run_id, caller, Action.RETRY)
                return run_id
        await self.answer(run_id, request, caller)
        return run_id

    async def answer(self, run_id: UUID, request: ResumeRequest, caller: Principal) -> None:
        """Answer what the run waits for; a paused run that nothing is answered for goes on.

        Raises `UnknownInterrupt`, `AlreadyResumed`, `NothingToResume`, `RunIsOver`, `PausedAbove`, and what
        `Decider` does.
        """
        state, coming = await self._look(run_id, caller.tenant)
        if request.interrupt_id is None and state.held:
            _must_create(caller)
            await self._control.steer(run_id, caller, Action.RESUME)
            return
        meant = await self._meant(run_id, request, state, coming, caller)
        if meant.kind == "hitl":
            await self._decide(run_id, UUID(meant.id), request, caller)
            return
        _must_create(caller)
        _may_be_said(meant, state)
        answer = await self._signals.send(run_id, meant.id, SignalRequest(payload=request.data or {}), caller, key=None)
        if answer.status != "taken":
            # Somebody else was faster since we looked.
            raise AlreadyResumed(f"Run {run_id} does not wait for {meant.id!r} any more.")

    async def _decide(self, run_id: UUID, item: UUID, request: ResumeRequest, caller: Principal) -> None:
        if request.approved is None:
            raise Invalid("The run waits at a gate; say 'approved': true or false.")
        decision = Decision.APPROVED if request.approved else Decision.REJECTED
        body: dict[str, Any] = {"comment": request.comment}
        if request.data is not None:
            body["data"] = request.data
        if request.accepts_downgrades:
            body["accepts_downgrades"] = request.accepts_downgrades
        await self._decider.decide(run_id, caller, decision, body, item=item)

    async def _meant(
        self, run_id: UUID, request: ResumeRequest, state: RunState, coming: list[Interrupt], caller: Principal
    ) -> Interrupt:
        over = state.status in TERMINAL_STATUSES
        waiting = [] if over else interrupts_of(state)
        if request.interrupt_id is not None:
            for one in (*waiting, *coming):
                if one.id == request.interrupt_id:
                    return one
            if await self._was(run_id, request.interrupt_id, caller.tenant):
                raise AlreadyResumed(f"Run {run_id} does not wait for {request.interrupt_id!r} any more.")
            raise UnknownInterrupt(f"Run {run_id} waits for no {request.interrupt_id!r}.")
        if over:
            raise RunIsOver(f"The run is {state.shown}; nothing waits any more.", status_now=state.shown)
        waiting = waiting or coming
        if len(waiting) != 1:
            ids = ", ".join(one.id for one in waiting)
            raise NothingToResume(f"Say which by 'interrupt_id': {ids}." if ids else "The run waits for nothing.")
        return waiting[0]

    async def _was(self, run_id: UUID, interrupt: str, tenant: str) -> bool:
        """Whether the run has ever waited for it."""
        async with self._work.transaction(tenant) as tx:
            entries = await read_history(tx, run_id, types=_TELLING)
        return any(entry["data"].get(_TELLING[entry["type"]]) == interrupt for entry in entries)

    async def _look(self, run_id: UUID, tenant: str) -> tuple[RunState, list[Interrupt]]:
        """The run's state, and the gates that the airlock was asked to open."""
        async with self._work.transaction(tenant) as tx:
            row = await get_run(tx, run_id)
            definition = await self._library.definition(tx, row["definition_digest"])
        state = RunState.model_validate(row["state"])
        over = state.status in TERMINAL_STATUSES
        return state, [] if over else gates_on_their_way(definition, run_id, state)


def _may_be_said(meant: Interrupt, state: RunState) -> None:
    """A signal named `vendor:id` is the vendor's to give, where what it carries counts and is not only a hint to look.

    Raises `Forbidden`.
    """
    counts = any(part.handle == meant.id and part.phase is Phase.WAITING for part in state.steps.values())
    if ":" in meant.id and counts:
        raise Forbidden(f"{meant.id!r} comes by a delivery that the vendor has signed, and by nothing else.")


def _must_create(caller: Principal) -> None:
    if not caller.may(Role.CREATOR):
        raise Forbidden(f"This needs the role {Role.CREATOR.value}.")
