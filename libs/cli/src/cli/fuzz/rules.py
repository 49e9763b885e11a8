"""What each kind of step means, in the model."""

from __future__ import annotations

from typing import Any

from cli.fuzz.model import Act, Run

_STOPPED = frozenset({"live", "failed", "cancelled"})


class Rule:
    """What a kind does when it is come to, when a part of it ends, and when a failed run is tried again."""

    def start(self, run: Run, act: Act) -> None:
        """The run came to it."""
        raise NotImplementedError

    def part_done(self, run: Run, act: Act, part: str, output: Any) -> None:
        """One of its parts ended well."""
        act.parts = {**(act.parts or {}), part: "done"}
        run.finish(act, output)

    def part_failed(self, run: Run, act: Act, part: str, problem: str) -> None:
        """One of its parts failed for good."""
        run.fail(act, problem)

    def goes_on(self, act: Act) -> frozenset[str]:
        """Which of its parts go on when the run is tried again."""
        return _STOPPED

    def revive(self, run: Run, act: Act) -> None:
        """Try it again."""
        act.failures = 0
        asked, _ = run.same.get(act.place, (0, 0))
        run.same[act.place] = (asked, 0)
        if act.parts is None:
            if act.node.when is not None and not act.attempt and not act.rounds:
                run.coming.append(act)
            else:
                self.start(run, act)
            return
        again = [name for name, state in act.parts.items() if state in self.goes_on(act)]
        for name in act.parts:
            for inner in act.part(name) if name not in again else ():
                run.revive_background(inner)
        if not again:
            run.finish(act, run.outputs.get(act.place))
            return
        act.state, act.problem = "live", ""
        act.parts = act.parts | dict.fromkeys(again, "live")
        for name in again:
            if act.state == "live" and act.parts[name] == "live":
                block = act.part(name)
                if not run.revive_block(block):
                    self.part_done(run, act, name, run.outputs.get(block[-1].place))


class Working(Rule):
    """What a worker does."""

    def start(self, run: Run, act: Act) -> None:
        fresh = act.state == "idle"
        if fresh and run.goes_in_circles(act):
            run.fail(act, f"circles {act.node.id}")
            return
        self.order(act)
        act.series = act.attempt

    def order(self, act: Act) -> None:
        """One more attempt."""
        act.state, act.phase, act.handle = "live", "ordered", ""
        act.attempt += 1

    def done(self, run: Run, act: Act, output: Any) -> None:
        """A worker did it."""
        if "started" in act.node.blocks:
            run.coming.append(run.act(act.node.blocks["started"][0], act.index))
        run.finish(act, output)

    def part_done(self, run: Run, act: Act, part: str, output: Any) -> None:
        self._joined(run, act)

    def part_failed(self, run: Run, act: Act, part: str, problem: str) -> None:
        self._joined(run, act)

    def _joined(self, run: Run, act: Act) -> None:
        for node in run.plan.nodes.values():
            if node.joins == act.node.id and (waits := run.act(node, act.index)).phase == "waiting":
                RULES["wait"].look(run, waits)


class Gate(Working):
    """What a person decides."""

    def done(self, run: Run, act: Act, output: Any) -> None:
        act.phase = "open"
        self.take_early(run, act)

    def decide(self, run: Run, act: Act, decision: str, content: Any) -> None:
        """A person decided."""
        act.approved = decision == "approved"
        if act.approved:
            run.finish(act, content)
        elif decision == "rejected" or act.node.target is None or act.sent_back >= act.node.at_most:
            run.status = "rejected"
        else:
            run.outputs[act.place] = content
            self._go_back(run, act, run.plan.nodes[act.node.target])

    def _go_back(self, run: Run, act: Act, target: Any) -> None:
        block = run.plan.block_of(target)
        start = block.index(target)
        if start and block[start - 1].id == f"{target.id}.spending":
            start -= 1
        mine = act
        while mine.node not in block:
            mine = mine.outer()[0]
        times, index = act.sent_back + 1, mine.index
        for node in block[start : block.index(mine.node) + 1]:
            run.renew(run.act(node, index))
        run.act(act.node, act.index).sent_back = times
        run.coming.append(run.act(block[start], index))

    def take_early(self, run: Run, act: Act) -> bool:
        """Take what was decided while the run had failed."""
        early = run.decided_early.pop(act, None)
        if early is not None:
            self.decide(run, act, *early)
        return early is not None

    def revive(self, run: Run, act: Act) -> None:
        if not self.take_early(run, act) and act.phase != "open":
            super().revive(run, act)


class Wait(Rule):
    """What waits for a signal, or for what another step started."""

    def start(self, run: Run, act: Act) -> None:
        act.state, act.phase, act.parts = "live", "waiting", None
        act.attempt += 1
        if act.node.joins:
            self.look(run, act)
            return
        act.handle = f"{act.node.id}-{run.item_of(act)}" if act.node.numbered_by else act.node.id
        if act.handle in run.kept:
            run.finish(act, run.kept.pop(act.handle))

    def look(self, run: Run, act: Act) -> None:
        """Whether what it waits for has ended."""
        starter = run.act(run.plan.nodes[str(act.node.joins)], act.index)
        started = run.act(starter.node.blocks["started"][0], act.index)
        if starter.state == "skipped":
            run.finish(act, None, how="skipped")
        elif started.state == "done":
            run.finish(act, run.outputs[started.place])
        elif started.state == "failed":
            run.fail(act, started.problem)

    def given_up(self, run: Run, act: Act) -> None:
        """It took too long."""
        act.phase = ""
        match act.node.then:
            case "fail":
                run.fail(act, f"time {act.node.label}")
            case "continue":
                run.finish(act, None, how="timed_out")
            case _:
                run.start_part(act, "late")

    def part_done(self, run: Run, act: Act, part: str, output: Any) -> None:
        act.parts = {"late": "done"}
        run.finish(act, output, how="timed_out")


class Sleep(Rule):
    """What waits for a time."""

    def start(self, run: Run, act: Act) -> None:
        act.state, act.phase = "live", "waiting"
        act.attempt += 1


class Subrun(Sleep):
    """What waits for another run."""

    def revive(self, run: Run, act: Act) -> None:
        run.renew(act)
        self.start(run, run.act(act.node, act.index))


class Branch(Rule):
    """The first way that is open."""

    def start(self, run: Run, act: Act) -> None:
        for name, condition in act.node.cases.items():
            if condition is None or run.holds(condition, act):
                run.start_part(act, name)
                return
        run.finish(act, None, how="skipped")


class Parallel(Rule):
    """All at once."""

    def start(self, run: Run, act: Act) -> None:
        for name in act.node.blocks:
            run.start_part(act, name)

    def part_done(self, run: Run, act: Act, part: str, output: Any) -> None:
        act.parts = {**(act.parts or {}), part: "done"}
        self._look(run, act)

    def part_failed(self, run: Run, act: Act, part: str, problem: str) -> None:
        for one in [act] if act.node.on_failure == "stop" else act.part(part):
            run.cancel_inside(one)
            if one is not act:
                run.cancel(one)
        act.parts = {**(act.parts or {}), part: "failed"}
        act.problem = problem
        if act.node.on_failure == "stop":
            run.fail(act, problem)
        else:
            self._look(run, act)

    def _look(self, run: Run, act: Act) -> None:
        parts = act.parts or {}
        done = [name for name in act.node.blocks if parts[name] == "done"]
        failed = [name for name in act.node.blocks if parts[name] == "failed"]
        accepts = act.node.on_failure == "accept"
        if len(done) >= act.node.join or (accepts and done and not act.live_parts()):
            run.cancel_inside(act)
            if failed and accepts:
                run.downgrades.add((act.node.id, ", ".join(failed), act.problem))
            run.finish(act, {name: run.outputs.get(act.part(name)[-1].place) for name in done})
        elif not act.live_parts():
            run.fail(act, act.problem)


class Foreach(Rule):
    """The same for each."""

    def goes_on(self, act: Act) -> frozenset[str]:
        return _STOPPED - {"failed"} if act.node.on_failure == "accept" else _STOPPED

    def start(self, run: Run, act: Act) -> None:
        count = 0 if act.node.grows and run.index_of(act) % 2 == 0 else act.node.items
        above = run.item_of(act) * 10 if act.node.numbered_by else 0
        act.items = [above + number for number in range(count)]
        act.state, act.parts = "live", {str(number): "idle" for number in range(count)}
        self._go_on(run, act)

    def part_done(self, run: Run, act: Act, part: str, output: Any) -> None:
        act.parts = {**(act.parts or {}), part: "done"}
        self._go_on(run, act)

    def part_failed(self, run: Run, act: Act, part: str, problem: str) -> None:
        for one in [act] if act.node.on_failure == "stop" else act.part(part):
            run.cancel_inside(one)
            if one is not act:
                run.cancel(one)
        act.parts = {**(act.parts or {}), part: "failed"}
        act.problem = problem
        if act.node.on_failure == "stop":
            run.fail(act, problem)
        else:
            self._go_on(run, act)

    def _go_on(self, run: Run, act: Act) -> None:
        parts = dict(act.parts or {})
        failed = [name for name, state in parts.items() if state == "failed"]
        for name, state in parts.items():
            room = act.node.at_once is None or len(act.live_parts()) < act.node.at_once
            if state == "idle" and room and not (failed and act.node.on_failure == "finish"):
                run.start_part(act, name)
        if act.live_parts():
            return
        if failed and act.node.on_failure != "accept":
            run.fail(act, act.problem)
            return
        if failed:
            run.downgrades.add((act.node.label, ", ".join(failed), act.problem))
        outputs = [None if name in failed else run.outputs.get(act.part(name)[-1].place) for name in parts]
        run.finish(act, outputs)


class Loop(Rule):
    """Again and again."""

    def start(self, run: Run, act: Act) -> None:
        act.rounds = 0
        self._round(run, act)

    def _round(self, run: Run, act: Act) -> None:
        act.rounds += 1
        for one in act.part("body"):
            run.renew(one)
        run.start_part(act, "body")

    def part_done(self, run: Run, act: Act, part: str, output: Any) -> None:
        act.parts = {"body": "done"}
        until = act.node.until
        if until is not None and run.holds(until, act, inside=True):
            run.finish(act, output)
        elif act.rounds < act.node.at_most:
            self._round(run, act)
        elif act.node.then == "continue":
            run.finish(act, output)
        else:
            run.fail(act, f"rounds {act.node.id}")

    def revive(self, run: Run, act: Act) -> None:
        if act.parts == {"body": "done"}:
            self._round(run, act)
        else:
            super().revive(run, act)


RULES: dict[str, Any] = {
    "run": Working(), "gate": Gate(), "wait": Wait(), "sleep": Sleep(), "subrun": Subrun(), "branch": Branch(),
    "parallel": Parallel(), "foreach": Foreach(), "loop": Loop(),
}  # fmt: skip
