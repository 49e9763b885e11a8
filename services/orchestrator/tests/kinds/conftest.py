"""One run in memory: what happens to it is told to the core, what follows is kept. No servers here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from common.contracts.message import Finished, Outcome
from common.contracts.values import Decision, Problem, RunStatus
from orchestrator.definitions.loader import load_workflow
from orchestrator.definitions.model import Definition
from orchestrator.engine.advance import advance
from orchestrator.engine.effects import Effect, SetTimer
from orchestrator.engine.happenings import (
    Answered,
    Decided,
    Happening,
    RetryRequested,
    Signalled,
    Started,
    SubrunEnded,
    TimerFired,
)
from orchestrator.engine.state import At, RunFacts, RunState, step_id

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
RUN = UUID(int=7)
HEAD = "workflow_name: tale\ninput: {n: {type: int, default: 0}, list: {type: 'list[object]', default: []}}\nsteps:\n"
OPENED = {"manifest_sha256": "0" * 64, "verdict": {"level": "allowed", "policy_version": "1"}}


class Story:
    """A run of a workflow. Places are written as keys: `clip`, `clip#3`."""

    def __init__(self, definition: Definition, input: dict[str, Any], *, depth: int = 0) -> None:
        self.definition = definition
        self.facts = RunFacts(
            id=RUN, tenant="t", workflow="tale", input={"n": 0, "list": []} | input, created_by="ann", created_at=NOW,
            depth=depth,
        )  # fmt: skip
        self.state = RunState()
        self.effects: list[Effect] = []

    def begin(self) -> Story:
        """Start it."""
        self.tell(Started(at=NOW))
        return self

    def tell(self, happening: Happening) -> list[Effect]:
        """→ what follows. In between it was stored and read again, as it is in production."""
        stored = RunState.model_validate(self.state.compact())
        self.state, effects = advance(self.definition, self.facts, stored, happening)
        self.effects += effects
        return effects

    def phase(self, place: str) -> str:
        """Where a step is."""
        return self.state.at(At.read(place)).phase.value

    def output(self, place: str) -> Any:
        """What it gave."""
        return self.state.at(At.read(place)).output

    def id_of(self, place: str) -> UUID:
        """The id of its present visit."""
        at = At.read(place)
        return step_id(self.facts.id, at, self.state.at(at).visit)

    def shows(self, status: RunStatus) -> bool:
        """Whether the run has this status now."""
        return self.state.status is status

    @property
    def ordered(self) -> list[str]:
        """The places that wait for a worker."""
        return [key for key, part in self.state.steps.items() if part.phase == "ordered"]

    def answer(self, place: str, output: Any = None, **finished: Any) -> list[Effect]:
        """A worker answers the newest attempt, well unless something else is said."""
        outcome = finished.pop("outcome", Outcome.DONE)
        answer = Finished(outcome=outcome, output={"n": output} if isinstance(output, int) else output, **finished)
        attempt = self.state.at(At.read(place)).attempt
        return self.tell(Answered(at=NOW, step_id=self.id_of(place), attempt=attempt, finished=answer))

    def fail(self, place: str, *, retryable: bool = False) -> list[Effect]:
        """A worker says that it did not work."""
        problem = Problem(code="vendor_unavailable", detail="It is away.", retryable=retryable)
        return self.answer(place, outcome=Outcome.FAILED, problem=problem)

    def open(self, place: str) -> list[Effect]:
        """The airlock holds a gate's content."""
        return self.answer(place, OPENED | {"item_id": str(self.id_of(place))})

    def decide(self, place: str, decision: Decision = Decision.APPROVED, **content: Any) -> list[Effect]:
        """A person decides at a gate."""
        return self.tell(
            Decided(
                at=NOW, item_id=self.id_of(place), decision=decision, decided_by="rob", comment="why", content=content,
                manifest_sha256="0" * 64, policy_version="1",
            )
        )  # fmt: skip

    def signal(self, handle: str, **payload: Any) -> list[Effect]:
        """Something comes from outside."""
        return self.tell(Signalled(at=NOW, handle=handle, payload=payload))

    def subrun(self, place: str, status: RunStatus, output: Any = None, **more: Any) -> list[Effect]:
        """The run that a step started is over."""
        run = self.id_of(place)
        return self.tell(SubrunEnded(at=NOW, step_id=run, run_id=run, status=status, output=output, **more))

    def retry(self) -> list[Effect]:
        """Somebody tries a failed run again."""
        return self.tell(RetryRequested(at=NOW, by="ann"))

    def timers(self, purpose: str, effects: list[Effect] | None = None) -> list[TimerFired]:
        """Those that were set, the oldest first."""
        found = [one.timer for one in (self.effects if effects is None else effects) if isinstance(one, SetTimer)]
        return [timer for timer in found if timer.purpose == purpose]


@pytest.fixture
def begin(tmp_path: Path) -> Callable[..., Story]:
    """`begin(steps, …input)` → a run of these steps that has started. `WORK` stands for an order to a worker."""

    def make(steps: str, *, tail: str = "", depth: int = 0, **input: Any) -> Story:
        folder = tmp_path / "tale"
        folder.mkdir(exist_ok=True)
        (folder / "orchestrator.yaml").write_text(HEAD + steps.replace("WORK", _WORK) + tail)
        return Story(load_workflow(folder), input, depth=depth).begin()

    return make


_WORK = 'run: compliance.check_brief, with: {brief: "x"}, retry: {attempts: 2, backoff: 1s}'
