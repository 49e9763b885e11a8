"""Plays a random sequence of happenings to the engine and to the model, and compares them after each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from common.contracts.message import Finished, Outcome
from common.contracts.values import TERMINAL_STATUSES, Decision, Problem, RunStatus
from orchestrator.definitions.model import Definition
from orchestrator.engine.advance import advance
from orchestrator.engine.effects import Effect, EndRun, Order, Record, Retract, SetTimer, StartRun, TellCancelled
from orchestrator.engine.happenings import (
    Answered,
    CancelRequested,
    Decided,
    Happening,
    Migrated,
    OverBudget,
    PauseRequested,
    Reopened,
    ResumeRequested,
    RetryRequested,
    Signalled,
    Started,
    SubrunEnded,
    SubrunSpent,
    TimerFired,
)
from orchestrator.engine.state import At, Phase, RunFacts, RunState, step_id

from cli.fuzz.beginnings import NOW, RUN, Beginning
from cli.fuzz.comparison import Disagreement, compare, require, same
from cli.fuzz.model import Act
from cli.fuzz.plan import NAME

_ENDS = {"run.completed", "run.failed", "run.rejected", "run.cancelled"}
_OPENED = {"manifest_sha256": "0" * 64, "verdict": {"level": "allowed", "policy_version": "1"}}
_CALM_AFTER = 60
"""Happenings after which nothing goes wrong any more, so that the run comes to its end."""
_LIMIT = 3_000


@dataclass(frozen=True)
class Ordered:
    """An attempt that is with a worker."""

    step_id: UUID
    attempt: int
    act: Act


@dataclass(frozen=True)
class Timed:
    """A timer, and whose it is."""

    timer: TimerFired
    act: Act


Told = Callable[[], bool]


class Player:
    """One run: in the engine, in the model, and in between whatever can go wrong."""

    def __init__(self, definition: Definition, beginning: Beginning, random: Random) -> None:
        self._random = random
        self._definition = definition
        self._beginning = beginning
        self.state, self.model = beginning.state, beginning.model
        self._facts = RunFacts(
            id=RUN, tenant="t", workflow=NAME, input=dict(self.model.flags), created_by="ann", created_at=NOW
        )
        self.script = list(beginning.script)
        self._backlog: dict[UUID, Ordered] = {}
        self._gone: list[Ordered] = []
        self._timers: list[Timed] = []
        self._runs: dict[UUID, Act] = {}
        self._begun: dict[UUID, Act] = {}
        self._past: list[tuple[str, Happening, Told]] = []
        self._count = self._ends = 0
        self._newest: dict[UUID, int] = {}

    def play(self) -> None:
        """Tell it one thing after another until it is over. Raises `Disagreement`."""
        self._tell("start", self._beginning.happening, lambda: True)
        while True:
            calm = self._count > _CALM_AFTER
            if self.state.status in TERMINAL_STATUSES and (calm or not self._after_the_end()):
                return
            if self._count > _LIMIT:
                raise Disagreement(f"after {_LIMIT} happenings the run is not over")
            self._next(calm=calm)

    def _after_the_end(self) -> bool:
        """Whether to go on with a run that is over: mostly with one that failed."""
        return self._random.random() < (0.85 if self.state.status is RunStatus.FAILED else 0.5)

    # What happens next

    def _next(self, *, calm: bool) -> None:
        going_on = list(self._going_on(calm=calm))
        if self.state.status not in TERMINAL_STATUSES and not going_on:
            raise Disagreement("the run is stuck: it is not over, and nothing outside is under way")
        trouble = [self._repeat, self._late, self._early, self._unknown, self._steer, self._no_money]
        trouble = [] if calm else [*trouble, self._reopen, self._spend]
        if trouble and (not going_on or self._random.random() < 0.3):
            self._random.choice(trouble)()
        elif going_on:
            self._random.choice(going_on)()

    def _going_on(self, *, calm: bool) -> Iterator[Callable[[], None]]:
        """What the outside owes this run."""
        if self.state.status in TERMINAL_STATUSES:
            yield self._retry
            return
        if self.state.paused:
            yield self._resume
        for ordered in self._backlog.values():
            yield partial(self._answer, ordered, calm=calm)
        for timed in self._timers:
            if not calm or self._is_needed(timed):
                yield partial(self._fire, timed)
        for run_id, act in self._runs.items():
            yield partial(self._end_run, run_id, act, calm=calm)
        for act in list(self.model.acts.values()):
            if act.phase == "open" and self.model.live(act):
                yield partial(self._decide, act, calm=calm)
            elif act.handle and act.phase in {"pending", "waiting"} and self.model.live(act):
                yield partial(self._signal, act.handle)

    def _is_needed(self, timed: Timed) -> bool:
        return timed.timer.purpose in {"wake", "retry"} and self.model.live(timed.act)

    def _answer(self, ordered: Ordered, *, calm: bool) -> None:
        outcomes = ["done"] * 4 if calm else [*["done"] * 4, "away", "away", "no", "short", "pending"]
        outcome = self._random.choice(outcomes)
        self._send_answer(ordered, outcome, cost=self._random.randint(0, 3), first=True)

    def _send_answer(self, ordered: Ordered, outcome: str, *, cost: int, first: bool) -> None:
        act, gate = ordered.act, ordered.act.node.kind == "gate"
        output: dict[str, Any] = {"n": self._random.randint(0, 3)}
        handle = f"job-{act.node.id}-{act.index}"
        needs = self._random.randint(1, 3) if outcome == "short" else 0
        finished = Finished(
            outcome={"done": Outcome.DONE, "pending": Outcome.PENDING}.get(outcome, Outcome.FAILED),
            output=_OPENED | {"item_id": str(ordered.step_id)} if gate else output,
            problem=Problem(code="away", detail="away", retryable=outcome == "away"),
            cost_usd_micros=cost,
            needs_usd_micros=needs,
            handle=handle if outcome == "pending" else None,
            check_after=NOW if outcome == "pending" and self._random.random() < 0.5 else None,
            deadline=NOW if outcome == "pending" and self._random.random() < 0.5 else None,
        )
        happening = Answered(
            at=NOW, step_id=ordered.step_id, attempt=ordered.attempt, finished=finished, outstanding=first
        )
        self._backlog = {key: one for key, one in self._backlog.items() if one != ordered}
        self._tell(
            f"{outcome} {act.place} attempt {ordered.attempt}{'' if first else ' again'}",
            happening,
            lambda: self.model.answered(
                act, ordered.attempt, outcome, output=output, handle=handle, cost=cost, needs=needs, first=first
            ),
        )

    def _fire(self, timed: Timed) -> None:
        self._timers = [one for one in self._timers if one is not timed]
        timer, act = timed.timer, timed.act
        self._tell(
            f"timer {timer.purpose} {act.place} attempt {timer.attempt}",
            timer,
            lambda: self.model.timer(act, timer.purpose, timer.attempt),
        )

    def _signal(self, handle: str) -> None:
        payload = {"n": self._random.randint(0, 3)}
        self._tell(
            f"signal {handle}",
            Signalled(at=NOW, handle=handle, payload=payload),
            lambda: self.model.signal(handle, payload),
        )

    def _decide(self, act: Act, *, calm: bool) -> None:
        decision = Decision.APPROVED if calm else self._random.choice([*Decision, *[Decision.APPROVED] * 4])
        if decision is Decision.REJECTED and self._random.random() < 0.7:
            decision = Decision.CHANGES_REQUESTED
        content = {"n": self._random.randint(0, 3)}
        decided = Decided(
            at=NOW, item_id=step_id(RUN, At(*act.place), self._visit(act)), decision=decision, decided_by="rob",
            comment="why", content=content, manifest_sha256="0" * 64, policy_version="1",
        )  # fmt: skip
        self._tell(f"{decision} {act.place}", decided, lambda: self.model.decided(act, decision.value, content))

    def _visit(self, act: Act) -> int:
        return self.state.at(At(*act.place)).visit

    def _end_run(self, run_id: UUID, act: Act, *, calm: bool) -> None:
        status = RunStatus.COMPLETED if calm or self._random.random() < 0.7 else self._random.choice(_BAD_ENDS)
        output, cost = {"n": self._random.randint(0, 3)}, self._random.randint(0, 3)
        ended = SubrunEnded(at=NOW, step_id=run_id, run_id=run_id, status=status, output=output, cost_usd_micros=cost)
        del self._runs[run_id]
        self._tell(
            f"subrun {status} {act.place}",
            ended,
            lambda: self.model.subrun_ended(act, status.value, output, cost),
        )

    # What goes wrong, and what people do

    def _repeat(self) -> None:
        word, happening, told = self._random.choice(self._past)
        if isinstance(happening, Answered):
            happening = happening.model_copy(update={"outstanding": False})
            told = _nothing
        self._tell(f"again: {word}", happening, told)

    def _late(self) -> None:
        if self._gone:
            first = self._random.random() < 0.7
            late = self._gone.pop(self._random.randrange(len(self._gone)))
            outcome = self._random.choice(("done", "away", "no", "short", "pending"))
            self._send_answer(late, outcome, cost=self._random.randint(0, 3), first=first)

    def _early(self) -> None:
        acts = [act for act in self.model.acts.values() if act.handle] or list(self.model.acts.values())
        act = self._random.choice(acts)
        if act.node.kind == "gate" and act.state in {"live", "cancelled"} and self.model.acts[act.place] is act:
            self._decide(act, calm=False)
        else:
            self._signal(act.handle or act.node.id)

    def _unknown(self) -> None:
        nobody = UUID(int=self._random.randint(1, 9))
        stray: list[tuple[Happening, Told]] = [
            (Started(at=NOW), _nothing),
            (TimerFired(at=NOW, purpose="retry", step_id=nobody, attempt=1), _nothing),
            (Answered(at=NOW, step_id=nobody, attempt=1, finished=Finished(outcome=Outcome.DONE)), _nothing),
            (SubrunEnded(at=NOW, step_id=nobody, run_id=nobody, status=RunStatus.COMPLETED), _nothing),
        ]
        happening, told = self._random.choice(stray)
        if isinstance(happening, TimerFired) and happening.step_id == RUN:
            return
        self._tell(f"stray {type(happening).__name__}", happening, told)

    def _no_money(self) -> None:
        ordered = list(self._backlog.values())
        if ordered and self._random.random() < 0.3:
            one = self._random.choice(ordered)
            del self._backlog[one.step_id]
            refused = OverBudget(at=NOW, step_id=one.step_id, attempt=one.attempt, detail="money")
            self._tell(f"no money {one.act.place}", refused, lambda: self.model.over_budget(one.act, one.attempt))

    def _steer(self) -> None:
        word, happening, told = self._random.choice(
            [
                ("pause", PauseRequested(at=NOW, by="ann"), self.model.pause),
                ("pause", PauseRequested(at=NOW, by="ann"), self.model.pause),
                ("resume", ResumeRequested(at=NOW, by="ann"), self.model.resume),
                ("retry", RetryRequested(at=NOW, by="ann"), self.model.retry),
                ("migrate", Migrated(at=NOW, by="ann", from_digest="a", to_digest="b"), lambda: True),
                ("cancel", CancelRequested(at=NOW, by="ann"), self.model.end),
                ("terminate", CancelRequested(at=NOW, by="ann", now=True), self.model.end),
            ]
        )
        if not isinstance(happening, CancelRequested) or self._random.random() < 0.1:
            self._tell(word, happening, told)

    def _reopen(self) -> None:
        """An approval does not hold any more; now and then that is said of a gate where it is not so."""
        gates = [act for act in self.model.acts.values() if act.node.kind == "gate"]
        gates = [act for act in gates if act.state == "done" or act in self.model.decided_early] or gates
        if gates:
            act = self._random.choice(gates)
            item = step_id(RUN, At(*act.place), self._visit(act))
            reopened = Reopened(at=NOW, item_id=item, cause="policy", actor="rob")
            self._tell(f"reopened {act.place}", reopened, lambda: self.model.reopened(act))

    def _spend(self) -> None:
        """A run that was started says what it has cost so far, also late."""
        if self._begun:
            run_id, act = self._random.choice(list(self._begun.items()))
            cost = self._random.randint(0, 5)
            spent = SubrunSpent(at=NOW, step_id=run_id, run_id=run_id, cost_usd_micros=cost)
            self._tell(f"subrun of {act.place} spent {cost}", spent, lambda: self.model.subrun_spent(act, cost))

    def _retry(self) -> None:
        if self.state.status is RunStatus.FAILED:
            self._tell("retry", RetryRequested(at=NOW, by="ann"), self.model.retry)

    def _resume(self) -> None:
        self._tell("resume", ResumeRequested(at=NOW, by="ann"), self.model.resume)

    # Telling both, and comparing

    def _tell(self, word: str, happening: Happening, told: Told) -> None:
        self._count += 1
        self.script.append(word)
        self._past.append((word, happening, told))
        before = self.state.compact()
        after, effects = advance(self._definition, self._facts, self.state, happening)
        require(self.state.compact() == before, "advance changed what it was given")
        if self._random.random() < 0.1:
            again = advance(self._definition, self._facts, self.state, happening)
            require(again == (after, effects), "the same happening gave something else the second time")
        at_once = isinstance(happening, CancelRequested) and happening.now
        stops = [effect for effect in effects if isinstance(effect, EndRun | TellCancelled)]
        require(all(stop.now is at_once for stop in stops), "who is ended at once, and who may clean up, is mixed up")
        changed = told()
        if not changed:
            require(not effects and after.compact() == before, "what should be ignored changed something")
        require(after.seq == self.state.seq, "advance counts the history, which is not its business")
        self._note(after, effects)
        if self._random.random() < 0.3:
            # A process ended here, and another one goes on.
            self.state = RunState.model_validate(json.loads(json.dumps(self.state.compact())))
        self._compare()

    def _note(self, after: RunState, effects: list[Effect]) -> None:
        count = sum(isinstance(effect, Record) for effect in effects)
        over_before = self.state.status in TERMINAL_STATUSES
        ends = [effect.type for effect in effects if isinstance(effect, Record) and effect.type in _ENDS]
        require(len(ends) <= 1, f"it ended more than once: {ends}")
        was_failed = self.state.status is RunStatus.FAILED
        require(not over_before or was_failed or after.status == self.state.status, "an ended run went on")
        self.state = after.model_copy(update={"seq": after.seq + count})
        present = {step_id(RUN, At.read(key), part.visit): At.read(key) for key, part in self.state.steps.items()}
        for effect in effects:
            self._note_effect(effect, present)

    def _note_effect(self, effect: Effect, present: dict[UUID, At]) -> None:
        match effect:
            case Order():
                require(effect.step_id not in self._backlog, f"{effect.step} is ordered twice at once")
                newer = effect.attempt > self._newest.get(effect.step_id, 0)
                require(newer, f"{effect.step}: attempt {effect.attempt} is not new")
                self._newest[effect.step_id] = effect.attempt
                if (at := present.get(effect.step_id)) is not None:
                    act = self.model.acts.get((at.step, at.index))
                    require(act is not None, f"{at.key} is ordered, which the model never came to")
                    assert act is not None
                    self._backlog[effect.step_id] = Ordered(effect.step_id, effect.attempt, act)
            case Retract():
                if (gone := self._backlog.pop(effect.step_id, None)) is not None:
                    self._gone.append(gone)
            case SetTimer():
                if (at := present.get(effect.timer.step_id)) is not None:
                    self._timers.append(Timed(effect.timer, self.model.acts[at.step, at.index]))
            case StartRun():
                if (at := present.get(effect.id)) is not None:
                    self._runs[effect.id] = self._begun[effect.id] = self.model.acts[at.step, at.index]
            case EndRun():
                self._runs.pop(effect.id, None)
            case _:
                pass

    def _compare(self) -> None:
        compare(self.state, self.model)
        over = self.state.status in TERMINAL_STATUSES
        ordered = {key for key, part in self.state.steps.items() if part.phase is Phase.ORDERED and not over}
        backlog = {At(*one.act.place).key for one in self._backlog.values()}
        same("the backlog", sorted(backlog), sorted(ordered))
        require(not over or not self._runs, "the run is over and one that it started goes on")


_BAD_ENDS = (RunStatus.FAILED, RunStatus.REJECTED, RunStatus.CANCELLED)


def _nothing() -> bool:
    return False
