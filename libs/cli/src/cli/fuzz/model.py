"""What a run has to do: a simple model, written without the engine's code, that is told the same and compared with it.

The engine is a function over stored rows. The model is the opposite: living objects that call each other, which know
nothing of storing, ids, attempts that are late, or purity. What they agree on is what a run means.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from cli.fuzz.plan import Condition, Node, Plan

WELL = frozenset({"done", "skipped", "timed_out"})
OVER = frozenset({"completed", "failed", "rejected", "cancelled"})
WORKING = frozenset({"ordered", "retrying", "pending"})
_SAME_LIMIT = 8


class Broken(Exception):
    """A condition that cannot be worked out; the text says which."""


class Act:
    """One visit of one step. `state` is live or how it ended; `phase` is what a live leaf waits for."""

    def __init__(self, run: Run, node: Node, index: tuple[int, ...]) -> None:
        self.run, self.node, self.index = run, node, index
        self.state = "idle"
        self.phase = ""
        self.attempt = self.failures = self.series = self.rounds = self.sent_back = 0
        self.told = self.asked = 0
        self.handle = ""
        self.parts: dict[str, str] | None = None
        self.problem = ""
        self.approved = False
        self.reopened = 0
        self.items: list[int] = []

    @property
    def place(self) -> tuple[str, tuple[int, ...]]:
        """Where it is."""
        return self.node.id, self.index

    @property
    def shown(self) -> str:
        """How the engine calls it."""
        return (self.phase or "active") if self.state == "live" else self.state

    def beside(self, node: Node) -> Act:
        """Another step of the same block, or one around it."""
        return self.run.act(node, self.index[: len(node.numbered_by)])

    def outer(self) -> tuple[Act, str]:
        """What it is inside of, and in which part."""
        assert self.node.parent is not None
        outer = self.beside(self.node.parent)
        return outer, str(self.index[-1]) if outer.node.kind == "foreach" else self.node.part

    def part(self, name: str) -> list[Act]:
        """The steps of one of its parts."""
        if self.node.kind == "foreach":
            return [self.run.act(each, (*self.index, int(name))) for each in self.node.blocks["each"]]
        return [self.run.act(each, self.index) for each in self.node.blocks[name]]

    def live_parts(self) -> list[str]:
        """Its parts that have not ended."""
        return [name for name, state in (self.parts or {}).items() if state == "live"]


class Run:
    """A run of a plan: its steps, and how it moves between them."""

    def __init__(
        self,
        plan: Plan,
        flags: dict[str, bool],
        rules: Mapping[str, Any],
        *,
        first: Node | None = None,
        kept: Sequence[Act] = (),
    ) -> None:
        """A run that begins, at its first step or, with what another one has done, at another."""
        self.plan, self.flags, self.rules = plan, flags, rules
        self.status = "running"
        self.paused = False
        self.cost = 0
        self.output: Any = None
        self.acts: dict[tuple[str, tuple[int, ...]], Act] = {}
        self.outputs: dict[tuple[str, tuple[int, ...]], Any] = {}
        self.kept: dict[str, dict[str, Any]] = {}
        self.decided_early: dict[Act, tuple[str, Any]] = {}
        self.same: dict[tuple[str, tuple[int, ...]], tuple[int, int]] = {}
        self.downgrades: set[tuple[str, str, str]] = set()
        self.coming: deque[Act] = deque()
        for act in kept:
            self._keep(act)
        self.coming.append(self.act(first or plan.steps[0], ()))
        self.settle()

    def _keep(self, act: Act) -> None:
        before, place = act.run, act.place
        self.acts[place] = copy.copy(act)
        self.acts[place].run = self
        if place in before.outputs:
            self.outputs[place] = before.outputs[place]
        if place in before.same:
            self.same[place] = before.same[place]
        self.downgrades |= {one for one in before.downgrades if one[0] == act.node.label}

    def act(self, node: Node, index: tuple[int, ...]) -> Act:
        """The present visit of a step at a place."""
        if (node.id, index) not in self.acts:
            self.acts[node.id, index] = Act(self, node, index)
        return self.acts[node.id, index]

    # Conditions

    def holds(self, condition: Condition, act: Act, *, inside: bool = False) -> bool:
        """Whether it holds for a step. Raises `Broken`."""
        match condition.about:
            case "flag":
                return self.flags[condition.name]
            case "index":
                return self.index_of(act, inside=inside) >= condition.number
            case "item":
                return self.item_of(act) % 2 == condition.number % 2
            case "done":
                return self._seen(condition, act).state == "done"
        said = self.outputs.get(self._seen(condition, act).place)
        if said is None and condition.about == "bare":
            raise Broken(condition.text)
        return said is not None and said["n"] >= condition.number

    def _seen(self, condition: Condition, act: Act) -> Act:
        node = self.plan.nodes[condition.name]
        return self.act(node, act.index[: len(node.numbered_by)])

    def item_of(self, act: Act) -> int:
        """What the nearest foreach around it gives it."""
        outer = next(one for one in act.node.around() if one.kind == "foreach")
        around = act.beside(outer)
        return around.items[act.index[len(around.index)]]

    def index_of(self, act: Act, *, inside: bool = False) -> int:
        """The number of the round, or of the item, that it is in."""
        for outer in (act.node, *act.node.around()) if inside else act.node.around():
            around = act if outer is act.node else act.beside(outer)
            if outer.kind == "loop":
                return around.rounds - 1
            if outer.kind == "foreach":
                return act.index[len(around.index)]
        raise AssertionError("nothing is numbered there")

    # Coming and going

    def settle(self) -> None:
        """Come to all that is due, the blocks side by side, each one step at a time."""
        while self.coming:
            place = self.coming.popleft().place
            act = self.acts[place]
            if self.status not in OVER and self._wanted(act):
                self._come(act)

    def _wanted(self, act: Act) -> bool:
        if act.node.parent is None:
            return True
        outer, part = act.outer()
        if act.node.part == "started":
            return self._kept(outer)
        return outer.state == "live" and (outer.parts or {}).get(part) == "live"

    def _kept(self, act: Act) -> bool:
        """Whether no loop around it was left, and nothing else ended early."""
        if act.node.parent is None:
            return True
        outer, part = act.outer()
        return (outer.parts or {}).get(part) in {"live", "done"} and self._kept(outer)

    def _come(self, act: Act) -> None:
        if act.state != "idle":
            self.renew(act)
            act = self.acts[act.place]
        try:
            if act.node.when is None or self.holds(act.node.when, act):
                self.rules[act.node.kind].start(self, act)
            else:
                self.finish(act, None, how="skipped")
        except Broken as problem:
            self.fail(act, str(problem))

    def finish(self, act: Act, output: Any, *, how: str = "done") -> None:
        """It ended well: on to the next step, or out of the loop, or out of the block."""
        act.state, act.phase, act.problem = how, "", ""
        self.outputs[act.place] = output
        node = act.node
        try:
            leaves = node.leaves is not None and how != "skipped" and self.holds(node.leaves, act)
        except Broken as problem:
            self.fail(act, str(problem))
            return
        block = self.plan.block_of(node)
        following = block[block.index(node) + 1 :]
        if leaves:
            loop = act.beside(next(outer for outer in node.around() if outer.kind == "loop"))
            self.cancel_inside(loop)
            self.finish(loop, output)
        elif following:
            self.coming.append(self.act(following[0], act.index))
        elif node.parent is None:
            self.status, self.output = "completed", output
        else:
            outer, part = act.outer()
            try:
                self.rules[outer.node.kind].part_done(self, outer, part, output)
            except Broken as problem:
                self.fail(outer, str(problem))

    def fail(self, act: Act, problem: str) -> None:
        """It failed for good."""
        act.state, act.phase, act.problem = "failed", "", problem
        if act.node.parent is None:
            if self.status not in OVER:
                self.status = "failed"
        else:
            outer, part = act.outer()
            self.rules[outer.node.kind].part_failed(self, outer, part, problem)

    def start_part(self, act: Act, name: str) -> None:
        """Begin one of its parts."""
        act.state = "live"
        act.parts = {**(act.parts or {}), name: "live"}
        self.coming.append(act.part(name)[0])

    def cancel(self, act: Act) -> None:
        """It is not wanted any more."""
        if act.state == "live":
            act.state, act.phase = "cancelled", ""
            act.parts = {name: "cancelled" if one == "live" else one for name, one in (act.parts or {}).items()} or None

    def _inside(self, act: Act) -> list[Act]:
        names = self.plan.inside(act.node)
        return [one for one in self.acts.values() if one.node.id in names and one.index[: len(act.index)] == act.index]

    def cancel_inside(self, act: Act) -> None:
        """All inside of it is not wanted any more."""
        for one in self._inside(act):
            self.cancel(one)
        for name in act.live_parts():
            act.parts = {**(act.parts or {}), name: "cancelled"}

    def renew(self, act: Act) -> None:
        """The next visit of it, and of all inside, has nothing to do with this one."""
        for one in (act, *self._inside(act)):
            if one.state != "idle":
                self.acts[one.place] = Act(self, one.node, one.index)

    def come_back_to(self, act: Act) -> None:
        """What came behind a step is as if the run had not come there; what is around it goes on."""
        block = self.plan.block_of(act.node)
        for later in block[block.index(act.node) + 1 :]:
            self.renew(self.act(later, act.index))
        if act.node.parent is not None:
            outer, part = act.outer()
            outer.state, outer.phase = "live", ""
            outer.reopened += (outer.parts or {}).get(part) != "live"
            outer.parts = {**(outer.parts or {}), part: "live"}
            self.come_back_to(outer)

    def goes_in_circles(self, act: Act) -> bool:
        """Whether it asked for the same too often. What a gate asks changes with what is known to be missing."""
        asked = len(self.downgrades) if act.node.kind == "gate" else 0
        before, times = self.same.get(act.place, (asked, 0))
        self.same[act.place] = (asked, times + 1 if before == asked else 1)
        return self.same[act.place][1] > _SAME_LIMIT

    # Trying again

    def revive(self, act: Act) -> None:
        """Go on at a step that did not end well."""
        if self.status in OVER or act.state in WELL:
            return
        if act.state == "idle":
            self.coming.append(act)
            return
        try:
            self.rules[act.node.kind].revive(self, act)
        except Broken as problem:
            self.fail(act, str(problem))

    def revive_block(self, block: list[Act]) -> bool:
        """Go on at the first step of a block that did not end well, and with what those before it had started.
        → whether there is one."""
        for act in block:
            if act.state not in WELL:
                self.revive(act)
                return True
            self.revive_background(act)
        return False

    def revive_background(self, act: Act) -> None:
        """Go on with what a step that ended well has started, or one inside of it."""
        if "started" in act.node.blocks and act.state == "done":
            self.revive(self.act(act.node.blocks["started"][0], act.index))
        for name, state in (act.parts or {}).items():
            for inner in act.part(name) if state in WELL else ():
                self.revive_background(inner)
