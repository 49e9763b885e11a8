"""A random workflow: as the fuzzer thinks of it, and as an author would write it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

FLAGS = ("a", "b", "c")
NAME = "fuzzed"
SIZE_LIMIT = 16
DEPTH_LIMIT = 3


@dataclass(frozen=True)
class Condition:
    """A condition in two tongues: CEL for the engine, a few words for the model."""

    about: str
    """`flag`, `index`, `item`, `done` (a step's state), `said` (its output), `bare` (the same, but fails on null)."""
    name: str = ""
    number: int = 0

    @property
    def text(self) -> str:
        """CEL."""
        match self.about:
            case "flag":
                return f"input.{self.name}"
            case "index":
                return f"index >= {self.number}"
            case "item":
                return f"item % 2 == {self.number % 2}"
            case "done":
                return f"steps.{self.name}.state == 'done'"
            case "bare":
                return f"steps.{self.name}.output.n >= {self.number}"
            case _:
                return f"steps.{self.name}.output != null && steps.{self.name}.output.n >= {self.number}"


@dataclass(eq=False)
class Node:
    """One step. Which members count depends on the kind."""

    id: str
    kind: str
    when: Condition | None = None
    leaves: Condition | None = None
    """Its `exit_loop_when`."""
    blocks: dict[str, list[Node]] = field(default_factory=dict)
    parent: Node | None = None
    part: str = ""
    attempts: int = 3
    limited: bool = False
    """Whether it has a time limit."""
    target: str | None = None
    """Where a gate goes back to."""
    at_most: int = 1
    then: str = "fail"
    join: int = 1
    on_failure: str = "stop"
    at_once: int | None = None
    items: int = 0
    grows: bool = False
    """Whether the list of a foreach is empty in every other round of the loop around it."""
    joins: str | None = None
    until: Condition | None = None
    cases: dict[str, Condition | None] = field(default_factory=dict)
    dear: bool = False
    """Whether a person has to agree to what it costs."""
    spending: bool = False
    """Whether it is the gate at which a person agrees to what the next step costs."""

    def around(self) -> Iterator[Node]:
        """The steps around it, the nearest first."""
        outer = self.parent
        while outer is not None:
            yield outer
            outer = outer.parent

    @property
    def label(self) -> str:
        """The step as its author calls it."""
        return self.id.partition(".")[0]

    @property
    def numbered_by(self) -> tuple[str, ...]:
        """The ids of the foreach around it, the outermost first."""
        return tuple(reversed([outer.id for outer in self.around() if outer.kind == "foreach"]))


@dataclass
class Plan:
    """A workflow."""

    steps: list[Node]

    def __post_init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        for node in self.steps:
            self._adopt(node, None, "")

    def _adopt(self, node: Node, parent: Node | None, part: str) -> None:
        node.parent, node.part = parent, part
        self.nodes[node.id] = node
        for name, block in node.blocks.items():
            for each in block:
                self._adopt(each, node, name)

    def block_of(self, node: Node) -> list[Node]:
        """The steps it stands among."""
        return node.parent.blocks[node.part] if node.parent else self.steps

    def inside(self, node: Node) -> set[str]:
        """The ids of all that is inside of a step."""
        return {each.id for each in self.nodes.values() if node in each.around()}

    def text(self) -> str:
        """The file, as JSON: all JSON is YAML."""
        written = {
            "workflow_name": NAME,
            "input": dict.fromkeys(FLAGS, "bool"),
            "steps": [_written(node) for node in self.steps if not node.spending],
        }
        return json.dumps(written, indent=1)


def _written(node: Node) -> dict[str, Any]:
    step: dict[str, Any] = {"id": node.id} if "." not in node.id else {}
    if node.when:
        step["when"] = node.when.text
    if node.leaves:
        step["exit_loop_when"] = node.leaves.text
    return step | _WRITE[node.kind](node)


def _block(node: Node, name: str) -> list[dict[str, Any]]:
    return [_written(each) for each in node.blocks[name] if not each.spending]


def _run(node: Node) -> dict[str, Any]:
    step: dict[str, Any] = {
        "run": "compliance.check_brief",
        "with": {"brief": "item ${item}" if node.numbered_by else "bees"},
        "retry": {"attempts": node.attempts, "backoff": "1s"},
    }
    if node.limited:
        step["timeout"] = "1h"
    if node.dear:
        step["cost"] = {"estimate": 2, "approve_above": 1}
    if "started" in node.blocks:
        started = _foreach(node.blocks["started"][0])
        step["starts"] = {"each": started.pop("foreach"), **started}
    return step


def _gate(node: Node) -> dict[str, Any]:
    step: dict[str, Any] = {"gate": "ideation", "holds": {"n": "1"}}
    if node.target:
        step["decisions"] = {"changes": {"go_to": node.target, "at_most": node.at_most}}
    return step


def _wait(node: Node) -> dict[str, Any]:
    if node.joins:
        return {"wait": {"for": node.joins}}
    step: dict[str, Any] = {"wait": {"signal": f"{node.id}-${{item}}" if node.numbered_by else node.id}}
    if node.then == "late":
        step["timeout"] = {"after": "1h", "steps": _block(node, "late")}
    elif node.limited:
        step["timeout"] = {"after": "1h", "then": node.then}
    return step


def _branch(node: Node) -> dict[str, Any]:
    return {
        "branch": [
            {"when": condition.text, "steps": _block(node, name)} if condition else {"else": _block(node, name)}
            for name, condition in node.cases.items()
        ]
    }


def _parallel(node: Node) -> dict[str, Any]:
    return {
        "parallel": {name: _block(node, name) for name in node.blocks},
        "join": node.join,
        "on_failure": node.on_failure,
    }


def _foreach(node: Node) -> dict[str, Any]:
    numbers = str(list(range(node.items)))
    if node.numbered_by:
        # Nobody shares an item with another one, however deep it is.
        numbers = f"{numbers}.map(x, item * 10 + x)"
    each = f"index % 2 == 0 ? [] : {numbers}" if node.grows else numbers
    step: dict[str, Any] = {"foreach": f"${{{each}}}", "on_failure": node.on_failure}
    if node.at_once:
        step["at_once"] = node.at_once
    body = node.blocks["each"]
    return step | (_written(body[0]) if body[0].id == f"{node.id}.each" else {"steps": _block(node, "each")})


def _loop(node: Node) -> dict[str, Any]:
    body: dict[str, Any] = {"at_most": node.at_most, "then": node.then, "steps": _block(node, "body")}
    return {"loop": body | ({"until": node.until.text} if node.until else {})}


def _subrun(node: Node) -> dict[str, Any]:
    return {"subrun": "other", "with": {"n": "1"}}


def _sleep(node: Node) -> dict[str, Any]:
    return {"sleep": "10m"}


_WRITE = {
    "run": _run, "gate": _gate, "wait": _wait, "branch": _branch, "parallel": _parallel, "foreach": _foreach,
    "loop": _loop, "subrun": _subrun, "sleep": _sleep,
}  # fmt: skip


class Author:
    """Writes random workflows."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._count = 0
        self._known: list[tuple[str, tuple[str, ...]]] = []

    def write(self) -> Plan:
        """A workflow of up to about `SIZE_LIMIT` steps, nested up to `DEPTH_LIMIT` deep."""
        return Plan(self._block(()))

    def _block(self, outer: tuple[Node, ...], prior: tuple[str, ...] = ()) -> list[Node]:
        block: list[Node] = []
        for _ in range(self._random.choice((1, 1, 2, 2, 3) if outer else (2, 3, 3, 4))):
            earlier = (*prior, *(node.id for node in block if not node.spending))
            made = self._step(outer, earlier)
            block += made
            if "started" in made[-1].blocks:
                block += [*self._between(outer, earlier), self._node("wait", joins=made[-1].id)]
        return block

    def _between(self, outer: tuple[Node, ...], earlier: tuple[str, ...]) -> list[Node]:
        return self._step(outer, earlier) if self._random.random() < 0.4 and self._count < SIZE_LIMIT else []

    def _node(self, kind: str, **members: Any) -> Node:
        self._count += 1
        return Node(f"{kind}{self._count}", kind, **members)

    def _step(self, outer: tuple[Node, ...], earlier: tuple[str, ...]) -> list[Node]:
        leaves = ("run", "run", "run", "gate", "wait", "sleep", "subrun")
        kinds = leaves if len(outer) >= DEPTH_LIMIT or self._count >= SIZE_LIMIT else (*leaves, *_NESTING)
        kind = self._random.choice(kinds)
        node = self._node(kind)
        chain = tuple(one.id for one in outer if one.kind == "foreach")
        if self._random.random() < 0.25:
            node.when = self._condition(outer, chain)
        before = self._spending(node) if kind == "run" and self._random.random() < 0.1 else []
        getattr(self, f"_make_{kind}")(node, outer, earlier)
        if any(one.kind == "loop" for one in outer) and self._random.random() < 0.2:
            node.leaves = self._condition(outer, chain)
        if kind in {"run", "gate", "subrun"} or (kind == "wait" and node.then != "late"):
            self._known.append((node.id, chain))
        return [*before, node]

    def _spending(self, node: Node) -> list[Node]:
        node.dear = True
        return [Node(f"{node.id}.spending", "gate", when=node.when, spending=True)]

    def _condition(self, outer: tuple[Node, ...], chain: tuple[str, ...]) -> Condition:
        about = ["flag", "flag"]
        about += ["index"] if any(one.kind in {"loop", "foreach"} for one in outer) else []
        about += ["item"] if chain else []
        seen = [step for step, needed in self._known if chain[: len(needed)] == needed]
        about += ["said", "said", "done", "bare"] if seen else []
        chosen = self._random.choice(about)
        name = self._random.choice(FLAGS if chosen == "flag" else seen or FLAGS)
        return Condition(chosen, name, self._random.randint(0, 3))

    def _make_run(self, node: Node, outer: tuple[Node, ...], earlier: tuple[str, ...]) -> None:
        node.attempts = self._random.randint(1, 3)
        node.limited = self._random.random() < 0.2
        if self._random.random() < 0.2:
            work = Node(f"{node.id}.started.each", "run", attempts=self._random.randint(1, 2))
            started = Node(f"{node.id}.started", "foreach", items=self._random.randint(0, 3), blocks={"each": [work]})
            self._fan_out(started)
            node.blocks = {"started": [started]}

    def _make_gate(self, node: Node, outer: tuple[Node, ...], earlier: tuple[str, ...]) -> None:
        if earlier and self._random.random() < 0.7:
            node.target, node.at_most = self._random.choice(earlier), self._random.randint(1, 2)

    def _make_wait(self, node: Node, outer: tuple[Node, ...], earlier: tuple[str, ...]) -> None:
        node.limited = self._random.random() < 0.7
        if node.limited:
            node.then = self._random.choice(("fail", "continue", "late") if len(outer) < DEPTH_LIMIT else ("continue",))
        if node.then == "late":
            node.blocks = {"late": self._block((*outer, node), earlier)}

    def _make_branch(self, node: Node, outer: tuple[Node, ...], earlier: tuple[str, ...]) -> None:
        chain = tuple(one.id for one in outer if one.kind == "foreach")
        for number in range(self._random.randint(1, 3)):
            node.cases[f"case_{number + 1}"] = self._condition(outer, chain)
        if self._random.random() < 0.5:
            node.cases[list(node.cases)[-1]] = None
        node.blocks = {name: self._block((*outer, node), earlier) for name in node.cases}

    def _make_parallel(self, node: Node, outer: tuple[Node, ...], earlier: tuple[str, ...]) -> None:
        names = ("left", "middle", "right")[: self._random.randint(2, 3)]
        node.blocks = {name: self._block((*outer, node), earlier) for name in names}
        node.join = self._random.randint(1, len(names))
        node.on_failure = self._random.choice(("stop", "finish", "accept"))

    def _make_foreach(self, node: Node, outer: tuple[Node, ...], earlier: tuple[str, ...]) -> None:
        node.items = self._random.randint(0, 3)
        node.grows = bool(outer) and outer[-1].kind == "loop" and self._random.random() < 0.4
        self._fan_out(node)
        if self._random.random() < 0.3:
            node.blocks = {"each": [Node(f"{node.id}.each", "run", attempts=2)]}
        else:
            node.blocks = {"each": self._block((*outer, node), earlier)}

    def _fan_out(self, node: Node) -> None:
        node.at_once = self._random.choice((None, None, 1, 2))
        node.on_failure = self._random.choice(("stop", "finish", "accept"))

    def _make_loop(self, node: Node, outer: tuple[Node, ...], earlier: tuple[str, ...]) -> None:
        node.at_most = self._random.randint(1, 3)
        node.then = self._random.choice(("continue", "continue", "fail"))
        node.blocks = {"body": self._block((*outer, node), earlier)}
        if self._random.random() < 0.6:
            node.until = self._condition((*outer, node), tuple(one.id for one in outer if one.kind == "foreach"))

    def _make_subrun(self, node: Node, outer: tuple[Node, ...], earlier: tuple[str, ...]) -> None:
        """Nothing but its name."""

    def _make_sleep(self, node: Node, outer: tuple[Node, ...], earlier: tuple[str, ...]) -> None:
        """Nothing but its time."""


_NESTING = ("branch", "parallel", "foreach", "loop", "loop", "foreach", "parallel")
