"""Whatever happens to a run, in whatever order: rules that hold for all sequences of happenings."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from common.contracts.message import Finished, Outcome
from common.contracts.values import TERMINAL_STATUSES, Decision, Downgrade, Problem
from hypothesis import given, settings
from hypothesis import strategies as st
from orchestrator.definitions.loader import load_workflow
from orchestrator.definitions.model import Definition
from orchestrator.engine.advance import advance
from orchestrator.engine.effects import Effect, Order, Record, Retract
from orchestrator.engine.happenings import (
    Answered,
    CancelRequested,
    Decided,
    Happening,
    Signalled,
    Started,
    TimerFired,
)
from orchestrator.engine.state import RunFacts, RunState, step_id

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
RUN = UUID(int=7)
FACTS = RunFacts(id=RUN, tenant="t", workflow="tale", input={"brief": "bees"}, created_by="ann", created_at=NOW)
STEPS = ("think", "film", "agree", "join", "each")
WORKFLOW = """
workflow_name: tale
input: {brief: str}
steps:
  - id: think
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
    retry: {attempts: 2, backoff: 1s}
  - id: film
    run: producer.plan_production
    with: {idea: "${steps.think.output.ideas[0]}", brief: "${input.brief}"}
    starts: {each: "${steps.film.output.shots}", run: producer.make_clip, with: {shot: "${item}"}}
  - id: agree
    gate: publish
    holds: {ideas: "${steps.think.output.ideas}"}
    decisions: {changes: {go_to: think, at_most: 2}}
  - id: join
    wait: {for: film}
    shows_as: awaiting_clips
    timeout: 1h
  - id: each
    foreach: "${steps.join.output}"
    run: compliance.check_brief
    with: {brief: "${input.brief}"}
"""


def load() -> Definition:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tale"
        path.mkdir()
        (path / "orchestrator.yaml").write_text(WORKFLOW)
        return load_workflow(path)


DEFINITION = load()
opened = {
    "item_id": str(step_id(RUN, "agree", 1)), "manifest_sha256": "0" * 64,
    "verdict": {"level": "allowed", "policy_version": "1"},
}  # fmt: skip
ids = st.builds(
    lambda step, visit, child: step_id(RUN, step, visit, child),
    st.sampled_from(STEPS), st.integers(1, 4), st.sampled_from([None, 0, 1]),
)  # fmt: skip
outputs: st.SearchStrategy[Any] = st.sampled_from(
    [None, {}, [], "text", opened, {"ideas": [{"id": "1"}], "shots": [1, 2]}, {"ideas": [], "shots": "no list"}]
)
problems = st.builds(
    Problem, code=st.just("away"), detail=st.just("It is away."), retryable=st.booleans(),
    retry_after_ms=st.sampled_from([None, 5]),
)  # fmt: skip
handles = st.sampled_from(["vendor:1", "vendor:2"])
answers = st.builds(
    Finished, outcome=st.sampled_from(list(Outcome)), output=st.just(None),
    problem=st.none() | problems, handle=st.none() | handles, cost_usd_micros=st.integers(0, 9),
    check_after=st.sampled_from([None, NOW]), deadline=st.sampled_from([None, NOW]),
    downgrades=st.sampled_from([(), (Downgrade(code="d", detail="d", stage="s"),)]),
).flatmap(lambda finished: outputs.map(lambda output: finished.model_copy(update={"output": output})))  # fmt: skip
instants = st.integers(0, 9).map(lambda minutes: NOW + timedelta(minutes=minutes))
happenings: st.SearchStrategy[Happening] = st.one_of(
    st.builds(Started, at=instants),
    st.builds(Answered, at=instants, step_id=ids, attempt=st.integers(1, 4), finished=answers),
    st.builds(
        Decided, at=instants, item_id=ids, decision=st.sampled_from(list(Decision)), decided_by=st.just("rob"),
        comment=st.sampled_from(["", "again"]), content=st.sampled_from([{}, {"ideas": [{"id": "1"}]}]),
        manifest_sha256=st.just("0" * 64), policy_version=st.just("1"),
    ),
    st.builds(Signalled, at=instants, handle=handles, payload=st.just({})),
    st.builds(
        TimerFired, at=instants, purpose=st.sampled_from(["retry", "check", "give_up"]), step_id=ids,
        attempt=st.integers(1, 4),
    ),
)  # fmt: skip
# Blind happenings alone seldom get far. `NEXT` answers well what was ordered last, `FIRST` what was ordered first, and
# a decision is one at the gate as it stands: so the sequences reach all steps.
NEXT, FIRST = "next", "first"
going_on = st.sampled_from([NEXT, NEXT, NEXT, FIRST, *Decision])
cancels = st.builds(CancelRequested, at=instants, by=st.just("ann"))
sequences = st.lists(st.one_of(going_on, happenings, cancels), max_size=25)
mostly_going_on = st.lists(st.one_of(going_on, going_on, going_on, happenings), max_size=25)


def play(sequence: list[Any]) -> list[tuple[RunState, list[Effect], RunState]]:
    """Each step as (before, effects, after)."""
    state, orders, played = RunState(), list[Order](), []
    for one in [Started(at=NOW), *sequence]:
        happening = one if isinstance(one, Happening) else meant(one, state, orders)
        if happening is None:
            continue
        before = state.model_copy(deep=True)
        after, effects = advance(DEFINITION, FACTS, state, happening)
        assert state == before, "advance changed what it was given"
        played.append((before, effects, after))
        closed = {effect.step_id for effect in effects if isinstance(effect, Retract)}
        orders = [order for order in orders if order.step_id not in closed]
        orders += [effect for effect in effects if isinstance(effect, Order)]
        state = after
    return played


def meant(word: str, state: RunState, orders: list[Order]) -> Happening | None:
    """What a word of a sequence means in this state."""
    if word not in {NEXT, FIRST}:
        visit = state.steps["agree"].visit
        return Decided(
            at=NOW, item_id=step_id(RUN, "agree", visit), decision=Decision(word), decided_by="rob", comment="again",
            content={}, manifest_sha256="0" * 64, policy_version="1",
        )  # fmt: skip
    if not orders:
        return None
    order = orders[-1 if word == NEXT else 0]
    good: Any = {"ideas": [{"id": "1"}], "shots": [1, 2]}
    if order.capability == "compliance.open_gate":
        good = opened | {"item_id": str(order.step_id)}
    finished = Finished(outcome=Outcome.DONE, output=good)
    return Answered(at=NOW, step_id=order.step_id, attempt=order.attempt, finished=finished)


def check(sequence: list[Any]) -> None:
    played = play(sequence)
    ordered: list[tuple[UUID, int]] = []
    standing: dict[UUID, int] = {}
    for before, effects, after in played:
        if before.status in TERMINAL_STATUSES:
            assert (after, effects) == (before, []), "a run that is over changed"
        if not effects and after == before:
            continue
        for effect in effects:
            if isinstance(effect, Order):
                ordered.append((effect.step_id, effect.attempt))
                standing[effect.step_id] = effect.attempt
            elif isinstance(effect, Retract):
                standing.pop(effect.step_id, None)
        # What the backlog holds is what the run waits for: no slot is ever held by what nobody wants any more.
        assert set(standing) == wanted(after)
        assert after.cost_usd_micros >= before.cost_usd_micros
    assert len(ordered) == len(set(ordered)), "an attempt was ordered twice"
    ends = [effect for _, effects, _ in played for effect in effects if isinstance(effect, Record)]
    assert sum(one.type in {"run.completed", "run.failed", "run.rejected", "run.cancelled"} for one in ends) <= 1


def wanted(state: RunState) -> set[UUID]:
    """The steps and children that are with a worker, or on their way to one."""
    if state.status in TERMINAL_STATUSES:
        return set()
    return {
        step_id(RUN, name, step.visit, child)
        for name, step in state.steps.items()
        for child, part in [(None, step), *enumerate(step.children or ())]
        if part.phase == "ordered"
    }


@settings(max_examples=300, deadline=None)
@given(sequences)
def test_anything_may_happen(sequence: list[Any]) -> None:
    check(sequence)


@settings(max_examples=300, deadline=None)
@given(mostly_going_on)
def test_anything_may_happen_to_a_run_that_gets_on(sequence: list[Any]) -> None:
    check(sequence)


@settings(max_examples=60, deadline=None)
@given(mostly_going_on)
def test_the_same_happenings_give_the_same_run(sequence: list[Any]) -> None:
    assert play(sequence) == play(sequence)


@settings(max_examples=60, deadline=None)
@given(mostly_going_on)
def test_a_state_survives_being_stored(sequence: list[Any]) -> None:
    for _, _, after in play(sequence):
        assert RunState.model_validate_json(after.model_dump_json()) == after


def test_the_words_lead_through_the_whole_workflow() -> None:
    """Otherwise the sequences above would not reach what they are for."""
    once = [NEXT, NEXT, NEXT]
    states = [after for _, _, after in play([*once, Decision.CHANGES_REQUESTED, *once, Decision.APPROVED, *[NEXT] * 6])]
    assert states[-1].status == "completed"
    assert states[-1].steps["agree"].visit == 2
    check([*once, Decision.CHANGES_REQUESTED, *once, Decision.APPROVED, *[NEXT] * 6])
