"""How a run begins: with its first step, or as a fork of one that was played."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID

from orchestrator.definitions.loader import load_workflow
from orchestrator.definitions.model import Definition
from orchestrator.engine.forking import CannotFork, forked
from orchestrator.engine.happenings import Forked, Happening, Started
from orchestrator.engine.state import RunState

from cli.fuzz.comparison import require
from cli.fuzz.plan import FLAGS, NAME, Plan
from cli.fuzz.reference import Reference

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
RUN = UUID(int=7)


@dataclass(frozen=True)
class Beginning:
    """What the engine and the model begin with, and what the engine is told."""

    state: RunState
    model: Reference
    happening: Happening
    script: tuple[str, ...] = ()
    """What had happened to the run that it is a fork of."""


def load(plan: Plan) -> Definition:
    """The plan as the engine reads it. Raises `WorkflowInvalid`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        path.mkdir()
        (path / "orchestrator.yaml").write_text(plan.text())
        return load_workflow(path)


def begin(plan: Plan, random: Random) -> Beginning:
    """A run on a random input."""
    flags = {name: random.random() < 0.5 for name in FLAGS}
    return Beginning(RunState(), Reference(plan, flags), Started(at=NOW))


def fork(definition: Definition, state: RunState, model: Reference, random: Random) -> Beginning | None:
    """A fork of a run at a random step; None where both say that it cannot be. Raises `Disagreement`."""
    step = random.choice([node.id for node in model.plan.steps if not node.spending])
    after = model.forked(step)
    try:
        before = forked(definition, state, from_step=step, edits=None)
    except CannotFork as problem:
        require(after is None, f"it cannot be forked at {step}, and the model says it can: {problem}")
        return None
    if after is None:
        require(False, f"it was forked at {step}, and the model says it cannot be")
        return None
    return Beginning(before, after, Forked(at=NOW, by="ann", step=step, source=RUN), (f"forked at {step}",))
