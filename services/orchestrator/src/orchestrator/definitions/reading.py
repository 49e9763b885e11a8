"""Reads the steps of a file: nested blocks become one list, in which every step says what it is inside of."""

from __future__ import annotations

import re
from typing import Any, Literal, overload

from orchestrator.definitions.durations import read_duration
from orchestrator.definitions.expressions import constant_in
from orchestrator.definitions.files import Node
from orchestrator.kinds import KEYWORDS, Step
from orchestrator.kinds.foreach import ForeachStep
from orchestrator.kinds.gate import GateStep
from orchestrator.kinds.run import SPENDING, RunStep
from orchestrator.kinds.step import OnFailure, Retry, StepKind

NAME = re.compile(r"^[a-z][a-z0-9_]{0,63}$")
_MODES: dict[str, OnFailure] = {"stop": "stop", "finish": "finish", "accept": "accept"}


class Reading:
    """Collects the steps of one file, and where each stands. What kinds of steps share is read here."""

    def __init__(self, nodes: dict[str, Node] | None = None) -> None:
        self.steps: list[Any] = []
        self.nodes: dict[str, Node] = {} if nodes is None else nodes

    def block(self, node: Node, key: str, *, parent: str | None, block: str) -> None:
        """Read a list of steps. Raises `WorkflowInvalid`, also for an empty one."""
        written = node.children(key)
        if not written:
            raise node.place(key).error("expected at least one step")
        for each in written:
            self._step(each, parent=parent, block=block)

    def foreach(self, node: Node, *, id: str, parent: str, block: str) -> None:
        """Read what a step starts: a foreach without a name of its own, which says `each` for its list."""
        nested = Reading(self.nodes)
        shared = {"id": id, "parent": parent, "block": block}
        self.nodes[id] = node
        step = ForeachStep.read(node, nested, shared)
        node.finish()
        self.steps += [step, *nested.steps]

    def single(self, node: Node, *, id: str, parent: str, block: str) -> None:
        """Read the one `run` that stands in the place of a block."""
        if not node.has("run"):
            raise node.place().error("'foreach' needs 'run' or 'steps'")
        self.nodes[id] = node
        self.steps.append(RunStep.read(node, self, {"id": id, "parent": parent, "block": block}))

    def retry(self, node: Node) -> Retry:
        """How often a step is tried."""
        written = node.child("retry")
        if written is None:
            return Retry()
        attempts = written.take("attempts", int, 3)
        if not 1 <= attempts <= 20:
            raise written.place("attempts").error("between 1 and 20 attempts")
        backoff_ms = self.duration(written, "backoff")
        retry = Retry(
            attempts=attempts,
            backoff_ms=2_000 if backoff_ms is None else backoff_ms,
            never_on=_codes(written),
        )
        written.finish()
        return retry

    def on_failure(self, node: Node) -> OnFailure:
        """What a failed part does to the others."""
        written = node.take("on_failure", str, "stop")
        if written not in _MODES:
            raise node.place("on_failure").error(f"one of {', '.join(_MODES)}")
        return _MODES[written]

    @overload
    def duration(self, node: Node, key: str) -> int | None: ...

    @overload
    def duration(self, node: Node, key: str, *, required: Literal[True]) -> int: ...

    def duration(self, node: Node, key: str, *, required: bool = False) -> int | None:
        """A duration such as `4h`, in milliseconds."""
        if not required and not node.has(key):
            return None
        written = node.take(key, str)
        pause = read_duration(written)
        if pause is None:
            raise node.place(key).error(f"{written!r} is no duration such as 500ms, 5m or 4h, of ten years at most")
        return int(pause.total_seconds() * 1000)

    def _step(self, node: Node, *, parent: str | None, block: str) -> None:
        step_id = node.take("id", str)
        if not NAME.match(step_id):
            raise node.place("id").error(f"{step_id!r} is not a step id (lower_snake_case)")
        if step_id in self.nodes:
            raise node.place("id").error(f"step {step_id!r} is declared twice")
        self.nodes[step_id] = node
        nested = Reading(self.nodes)
        step = _kind_of(node).read(node, nested, _shared(node, step_id, parent=parent, block=block))
        node.finish()
        if isinstance(step, RunStep) and step.cost is not None and step.cost.approve_above is not None:
            self.steps.append(_spending_gate(step))
            self.nodes[f"{step_id}.{SPENDING}"] = node
        self.steps += [step, *nested.steps]


def _codes(retry: Node) -> tuple[str, ...]:
    codes = retry.take("never_on", list, [])
    for position, code in enumerate(codes):
        if not isinstance(code, str):
            raise retry.place("never_on", position).error("expected the code of a problem, such as 'vendor_refused'")
    return tuple(codes)


def _kind_of(node: Node) -> type[StepKind]:
    found = [keyword for keyword in KEYWORDS if node.has(keyword)]
    if found == ["foreach", "run"]:
        found = ["foreach"]
    if len(found) != 1:
        raise node.place().error(f"a step has exactly one of {', '.join(KEYWORDS)} (or 'foreach' with 'run')")
    return KEYWORDS[found[0]]


def _shared(node: Node, step_id: str, *, parent: str | None, block: str) -> dict[str, Any]:
    when = node.take("when", str, None)
    if when is not None and constant_in(when) is not None:
        raise node.place("when").error(f"{when!r} is always the same, so it decides nothing")
    leaves = node.take("exit_loop_when", str, None)
    if leaves is not None and when is None and constant_in(leaves) is not None:
        problem = "is always the same: what follows in the loop is never reached, or it decides nothing"
        raise node.place("exit_loop_when").error(f"{leaves!r} {problem}")
    return {
        "id": step_id,
        "parent": parent,
        "block": block,
        "when": when,
        "exit_loop_when": leaves,
        "shows_as": node.take("shows_as", str, None),
        "hidden": node.take("hidden", bool, False),
    }


def _spending_gate(step: RunStep) -> Step:
    """A person has to agree before something this dear is done."""
    assert step.cost is not None
    estimate, above = _as_expression(step.cost.estimate), _as_expression(str(step.cost.approve_above))
    needed = f"double({estimate}) > double({above})"
    return GateStep(
        id=f"{step.id}.{SPENDING}",
        parent=step.parent,
        block=step.block,
        when=f"({step.when}) && {needed}" if step.when else needed,
        gate="spending",
        title=f"May {step.id} spend this?",
        holds={"step": step.id, "capability": step.capability, "estimate_usd": step.cost.estimate},
        shows_as="awaiting_spending_approval",
        hidden=True,
    )


def _as_expression(amount: str) -> str:
    return amount[2:-1] if amount.startswith("${") and amount.endswith("}") else f"'{amount}'"
