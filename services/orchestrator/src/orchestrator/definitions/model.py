"""What a workflow is once it is loaded: frozen data, stored as JSON, all the engine ever reads."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import Any, Literal

from common.contracts.message import AgentSpec
from pydantic import Field

from orchestrator.kinds import Step
from orchestrator.kinds.run import SPENDING
from orchestrator.kinds.step import Part


class InputField(Part):
    """One declared input of a workflow."""

    type: Literal["str", "int", "float", "bool", "object", "list[str]", "list[object]"]
    required: bool = True
    default: Any = None
    choices: tuple[Any, ...] = ()
    """What it, or each item of a list, may be; none: anything of its type."""


class Definition(Part):
    """A workflow, whole and checked. `steps` has all of them, those inside of others right behind these."""

    name: str
    description: str = ""
    title: str = ""
    hidden: bool = False
    """Not shown where people choose what to start."""
    inputs: dict[str, InputField]
    steps: tuple[Step, ...] = Field(min_length=1)
    agents: dict[str, AgentSpec] = Field(default_factory=dict)
    output: Any = None
    """Template of what a completed run gives; null stands for the output of the last step."""
    timeout_ms: int | None = None
    """For a whole run."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the whole; a run keeps the one it was started with. The same when it was stored and read again."""
        # The table keeps JSON in an order of its own.
        whole = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(whole.encode()).hexdigest()

    def step(self, step_id: str) -> Step:
        """The step with this id. Raises `KeyError`."""
        return self._by_id[step_id]

    def has(self, step_id: str) -> bool:
        """Whether there is such a step."""
        return step_id in self._by_id

    def position(self, step_id: str) -> int:
        """Where the step stands in the list of all, from 0. Raises `KeyError`."""
        return self._positions[step_id]

    def block(self, parent: str | None, block: str = "") -> tuple[Step, ...]:
        """The steps of one block, in order; without a parent, those of the workflow itself."""
        return self._blocks[parent, block]

    def after(self, step: Step) -> Step | None:
        """The next step of the same block, or None at its end."""
        return self._after[step.id]

    def begins_at(self, step_id: str) -> str:
        """Where to begin so as to come to a step anew: at the gate for its spending, where there may be one."""
        asked = f"{step_id}.{SPENDING}"
        return asked if self.has(asked) else step_id

    def outline(self) -> tuple[Step, ...]:
        """The steps that are inside of no other."""
        return self.block(None)

    def inside(self, step_id: str) -> frozenset[str]:
        """The ids of everything inside of a step, at any depth."""
        return self._inside[step_id]

    def around(self, step_id: str) -> tuple[Step, ...]:
        """The steps around a step, the nearest first."""
        return self._around[step_id]

    def numbered_by(self, step_id: str) -> tuple[str, ...]:
        """The ids of the steps around it that run once for each item, the outermost first."""
        return self._numbered_by[step_id]

    @cached_property
    def _by_id(self) -> dict[str, Step]:
        return {step.id: step for step in self.steps}

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {step.id: position for position, step in enumerate(self.steps)}

    @cached_property
    def _blocks(self) -> dict[tuple[str | None, str], tuple[Step, ...]]:
        blocks: dict[tuple[str | None, str], tuple[Step, ...]] = {}
        for step in self.steps:
            blocks[step.parent, step.block] = (*blocks.get((step.parent, step.block), ()), step)
        return blocks

    @cached_property
    def _after(self) -> dict[str, Step | None]:
        following: dict[str, Step | None] = {}
        for block in self._blocks.values():
            for step, after in zip(block, (*block[1:], None), strict=True):
                following[step.id] = after
        return following

    @cached_property
    def _around(self) -> dict[str, tuple[Step, ...]]:
        around: dict[str, tuple[Step, ...]] = {}
        for step in self.steps:
            around[step.id] = (self.step(step.parent), *around[step.parent]) if step.parent else ()
        return around

    @cached_property
    def _inside(self) -> dict[str, frozenset[str]]:
        inside: dict[str, set[str]] = {step.id: set() for step in self.steps}
        for step in self.steps:
            for outer in self._around[step.id]:
                inside[outer.id].add(step.id)
        return {step: frozenset(ids) for step, ids in inside.items()}

    @cached_property
    def _numbered_by(self) -> dict[str, tuple[str, ...]]:
        return {
            step.id: tuple(outer.id for outer in reversed(self._around[step.id]) if outer.numbers_items)
            for step in self.steps
        }
