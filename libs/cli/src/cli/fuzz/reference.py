"""The model as the outside talks to it: every method says whether what it was told changed anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cli.fuzz.model import OVER, WELL, WORKING, Act, Run
from cli.fuzz.plan import Node, Plan
from cli.fuzz.rules import RULES

GATE_ATTEMPTS = 3


class Reference(Run):
    """What the engine is compared with."""

    def __init__(
        self, plan: Plan, flags: dict[str, bool], *, first: Node | None = None, kept: Sequence[Act] = ()
    ) -> None:
        super().__init__(plan, flags, RULES, first=first, kept=kept)

    def forked(self, step: str) -> Reference | None:
        """Another run that begins at one of the outermost steps, with what was done before; None if it cannot."""
        outline = [node.id for node in self.plan.steps]
        first = outline.index(f"{step}.spending" if f"{step}.spending" in outline else step)
        before = self.plan.steps[:first]
        names = {node.id for node in before}.union(*(self.plan.inside(node) for node in before))
        kept = [act for act in self.acts.values() if act.node.id in names]
        if any(self.act(node, ()).state not in WELL for node in before) or any(map(_is_open, kept)):
            return None
        return Reference(self.plan, self.flags, first=self.plan.steps[first], kept=kept)

    @property
    def over(self) -> bool:
        """Whether the run has ended."""
        return self.status in OVER

    def live(self, act: Act) -> bool:
        """Whether this visit still goes on."""
        return not self.over and self.acts[act.place] is act and act.state == "live"

    def answered(
        self,
        act: Act,
        attempt: int,
        outcome: str,
        *,
        output: Any = None,
        handle: str = "",
        cost: int,
        needs: int = 0,
        first: bool,
    ) -> bool:
        """A worker answered; of one attempt only the first answer counts, and a late one only costs."""
        if not first:
            return False
        wanted = self.live(act) and act.phase in WORKING and act.attempt == attempt
        self.cost += cost
        if not wanted:
            return bool(cost)
        match outcome:
            case "done":
                self.rules[act.node.kind].done(self, act, output)
            case "pending":
                act.phase, act.handle = "pending", handle
                if handle in self.kept:
                    del self.kept[handle]
                    RULES["run"].order(act)
            case "short" if not act.node.dear and (needs > act.asked or cost):
                act.asked = needs
                RULES["run"].order(act)
            case _:
                self._attempt_failed(act, retryable=outcome == "away")
        self.settle()
        return True

    def _attempt_failed(self, act: Act, *, retryable: bool) -> None:
        act.failures += 1
        attempts = act.node.attempts if act.node.kind == "run" else GATE_ATTEMPTS
        if retryable and act.failures < attempts:
            act.phase = "retrying"
        else:
            self.fail(act, "away")

    def timer(self, act: Act, purpose: str, attempt: int) -> bool:
        """A time has come. Below zero, the attempt is the first of those that the limit is for."""
        if not self.live(act) or attempt not in {act.attempt, -act.series}:
            return False
        match purpose, act.phase:
            case ("retry", "retrying") | ("check", "pending"):
                RULES["run"].order(act)
            case "wake", "waiting":
                self.finish(act, None)
            case "give_up", "waiting" if act.node.kind == "wait":
                RULES["wait"].given_up(self, act)
            case "give_up", "ordered" | "retrying" | "pending":
                self.fail(act, f"time {act.node.label}")
            case _:
                return False
        self.settle()
        return True

    def signal(self, handle: str, payload: dict[str, Any]) -> bool:
        """Something came: for who waits for it, or to be kept for who will."""
        if self.over and self.status != "failed":
            return False
        waits = [act for act in self.acts.values() if self.live(act) and act.handle == handle]
        waits = [act for act in waits if act.phase in {"pending", "waiting"}]
        if waits and waits[0].phase == "pending":
            RULES["run"].order(waits[0])
        elif waits:
            self.finish(waits[0], payload)
        elif handle in self.kept:
            return False
        else:
            self.kept[handle] = payload
        self.settle()
        return True

    def decided(self, act: Act, decision: str, content: Any) -> bool:
        """A person decided; the first decision counts, also one made while the run had failed."""
        if self.status == "failed":
            known = act in self.decided_early
            self.decided_early.setdefault(act, (decision, content))
            return not known
        if not self.live(act) or act.phase not in WORKING | {"open"}:
            return False
        RULES["gate"].decide(self, act, decision, content)
        self.settle()
        return True

    def reopened(self, act: Act) -> bool:
        """What was approved at a gate is so no more; who failed behind it, and only there, goes on."""
        if self.over and self.status != "failed":
            return False
        early = self.decided_early.pop(act, None) is not None
        if not act.approved or act.state != "done" or self.acts[act.place] is not act:
            return early
        self.come_back_to(act)
        act.state, act.phase = "live", "open"
        if self.status == "failed" and not any(one.state == "failed" for one in self.acts.values()):
            self.status = "running"
            self.revive_block([self.act(node, ()) for node in self.plan.steps])
        self.settle()
        return True

    def subrun_spent(self, act: Act, cost: int) -> bool:
        """The run that a step started has cost so much so far; what was told before, or more of it, counts once."""
        new = max(0, cost - act.told)
        act.told += new
        self.cost += new
        return bool(new)

    def subrun_ended(self, act: Act, status: str, output: Any, cost: int) -> bool:
        """The run that a step started is over, whatever has become of the step."""
        new = self.subrun_spent(act, cost)
        if not self.live(act):
            return new
        if status == "completed":
            self.finish(act, output)
        else:
            self.fail(act, f"sub {status}")
        self.settle()
        return True

    def over_budget(self, act: Act, attempt: int) -> bool:
        """There is no money for an attempt."""
        if not self.live(act) or act.phase != "ordered" or act.attempt != attempt:
            return False
        self.fail(act, "money")
        self.settle()
        return True

    def pause(self) -> bool:
        """Hold back what would go out."""
        changes = not self.over and not self.paused
        self.paused = self.paused or changes
        return changes

    def resume(self) -> bool:
        """Let it out again."""
        changes = not self.over and self.paused
        self.paused = self.paused and not changes
        return changes

    def end(self) -> bool:
        """Nobody wants the run any more."""
        if self.over:
            return False
        self.status = "cancelled"
        return True

    def retry(self) -> bool:
        """Try a failed run again."""
        if self.status != "failed":
            return False
        self.status = "running"
        outline = [self.act(node, ()) for node in self.plan.steps]
        if outline[-1].state in WELL:
            raise AssertionError("a run whose last step ended well has not failed")
        self.revive_block(outline)
        self.settle()
        return True


def _is_open(act: Act) -> bool:
    """Whether it goes on, or failed and nothing around it took that in."""
    if act.state != "failed":
        return act.state == "live"
    while act.node.parent is not None and act.node.part != "started":
        act, _ = act.outer()
        if act.state in WELL:
            return False
    return True
