"""The pure core: what happens to a run, step by step. No servers here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from common.contracts.gates import Accepts, GateInput, GateOpened, OpenGate, Verdict, VerdictLevel
from common.contracts.message import Finished, Outcome
from common.contracts.values import Decision, Downgrade, Problem, RunStatus
from orchestrator.definitions.loader import load_workflow
from orchestrator.definitions.model import Definition
from orchestrator.engine.advance import advance
from orchestrator.engine.draft import Draft
from orchestrator.engine.effects import Effect, Order, Record, Retract, SetTimer, TellCancelled
from orchestrator.engine.happenings import (
    Answered,
    CancelRequested,
    Decided,
    Happening,
    Signalled,
    Started,
    TimerFired,
)
from orchestrator.engine.state import At, Phase, RunFacts, RunState, step_id

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WORKFLOW = """
workflow_name: tale
input: {brief: str}
steps:
  - id: think
    run: ideation.propose_ideas
    with:
      brief: "${input.brief}"
      feedback: "${steps.agree.decision == null ? null : steps.agree.decision.comment}"
      previous: "${steps.agree.output == null ? [] : steps.agree.output.ideas}"
    retry: {attempts: 3, backoff: 2s}
  - id: agree
    gate: ideation
    shows_as: awaiting_agreement
    holds: {ideas: "${steps.think.output.ideas}"}
    accepts: [{when: "size(content.ideas) > 0", else: "Keep an idea."}]
    timeout: {after: 72h, then: reject}
    decisions: {changes: {go_to: think, at_most: 2}, reject: rejected}
  - id: plan
    run: producer.plan_production
    with: {idea: "${steps.agree.output.ideas[0]}", brief: "${input.brief}"}
    starts:
      each: "${steps.plan.output.shots}"
      run: producer.make_clip
      with: {shot: "${item}"}
  - id: clips
    wait: {for: plan}
    shows_as: awaiting_clips
  - id: archive
    hidden: true
    run: compliance.check_brief
    with: {brief: "${input.brief}"}
"""


@pytest.fixture
def definition(tmp_path: Path) -> Definition:
    folder = tmp_path / "tale"
    folder.mkdir()
    (folder / "orchestrator.yaml").write_text(WORKFLOW)
    return load_workflow(folder)


def place(step: str, child: int | None) -> At:
    """The step itself, or the n-th of what it starts."""
    return At(step) if child is None else At(f"{step}.started.each", (child,))


class Tale:
    """A run under test: feeds happenings to the core and keeps what follows."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.facts = RunFacts(
            id=uuid4(), tenant="t", workflow="tale", input={"brief": "bees"}, created_by="ann", created_at=NOW
        )
        self.state = RunState()
        self.effects: list[Effect] = []
        self.tell(Started(at=NOW))

    def tell(self, happening: Happening) -> list[Effect]:
        self.state, effects = advance(self.definition, self.facts, self.state, happening)
        self.effects += effects
        return effects

    def id_of(self, step: str, child: int | None = None, visit: int | None = None) -> UUID:
        at = place(step, child)
        return step_id(self.facts.id, at, visit or self.state.at(at).visit)

    def finish(self, step: str, output: Any = None, child: int | None = None, **finished: Any) -> list[Effect]:
        part = self.state.at(place(step, child))
        outcome = finished.pop("outcome", Outcome.DONE)
        answer = Finished(outcome=outcome, output=output, **finished)
        return self.tell(Answered(at=NOW, step_id=self.id_of(step, child), attempt=part.attempt, finished=answer))

    def fail(self, step: str, *, retryable: bool, child: int | None = None) -> list[Effect]:
        problem = Problem(code="vendor_unavailable", detail="It is away.", retryable=retryable)
        return self.finish(step, child=child, outcome=Outcome.FAILED, problem=problem)

    def open_gate(self) -> None:
        verdict = Verdict(level=VerdictLevel.ALLOWED, policy_version="1")
        opened = GateOpened(item_id=self.id_of("agree"), manifest_sha256="0" * 64, verdict=verdict)
        self.finish("agree", opened.model_dump(mode="json"))

    def decide(self, decision: Decision, comment: str = "", content: dict[str, Any] | None = None) -> list[Effect]:
        return self.tell(
            Decided(
                at=NOW,
                item_id=self.id_of("agree"),
                decision=decision,
                decided_by="rob",
                comment=comment,
                content=content or {"ideas": [{"id": "1"}]},
                manifest_sha256="0" * 64,
                policy_version="1",
            )
        )

    def at_gate(self) -> Tale:
        self.finish("think", {"ideas": [{"id": "1"}]})
        self.open_gate()
        return self

    def takes_changes(self) -> bool:
        """What the airlock was told of the present gate."""
        orders = [one for one in self.effects if isinstance(one, Order) and one.capability == OpenGate.name]
        return bool(orders[-1].input["takes_changes"])

    def at_clips(self, shots: int = 2) -> Tale:
        self.at_gate().decide(Decision.APPROVED)
        self.finish("plan", {"shots": list(range(shots))})
        return self


def orders(effects: list[Effect]) -> list[tuple[str, int]]:
    return [(effect.capability, effect.attempt) for effect in effects if isinstance(effect, Order)]


def records(effects: list[Effect]) -> list[str]:
    return [effect.type for effect in effects if isinstance(effect, Record)]


@pytest.mark.feature("A19")
def test_a_run_goes_from_step_to_step_and_is_completed(definition: Definition) -> None:
    tale = Tale(definition).at_clips()
    tale.finish("plan", {"clip": "b"}, child=1)
    assert tale.state.shown == "awaiting_clips"
    tale.finish("plan", {"clip": "a"}, child=0)
    assert tale.state.steps["clips"].output == [{"clip": "a"}, {"clip": "b"}]
    tale.finish("archive", {})
    assert tale.state.status is RunStatus.COMPLETED
    assert records(tale.effects)[0] == "run.started"
    assert records(tale.effects)[-1] == "run.completed"


def test_a_gate_is_ordered_with_what_it_holds_and_what_it_accepts(definition: Definition) -> None:
    (order,) = [effect for effect in Tale(definition).finish("think", {"ideas": []}) if isinstance(effect, Order)]
    asked = GateInput.model_validate(order.input)
    assert asked.content == {"ideas": []}
    assert asked.accepts == (Accepts(when="size(content.ideas) > 0", otherwise="Keep an idea."),)


def test_what_people_and_models_wrote_is_never_worked_out(definition: Definition) -> None:
    hostile = "${run.id} ${steps.agree.decision.comment} $${input.brief} ${1 / 0}"
    tale = Tale(definition)
    (held,) = [effect for effect in tale.finish("think", {"ideas": [hostile]}) if isinstance(effect, Order)]
    assert held.input["content"] == {"ideas": [hostile]}
    tale.open_gate()
    went_on = tale.decide(Decision.APPROVED, comment=hostile, content={"ideas": [hostile]})
    (plan,) = [effect for effect in went_on if isinstance(effect, Order)]
    assert plan.input["idea"] == hostile


def test_only_the_opened_gate_shows_its_status(definition: Definition) -> None:
    tale = Tale(definition)
    tale.finish("think", {"ideas": []})
    assert tale.state.shown == "running"
    tale.open_gate()
    assert tale.state.shown == "awaiting_agreement"
    assert tale.state.status is RunStatus.WAITING


@pytest.mark.feature("M10")
def test_nothing_is_ordered_while_a_gate_is_closed(definition: Definition) -> None:
    tale = Tale(definition).at_gate()
    late = tale.finish("think", {"ideas": ["again"]}) + tale.tell(Started(at=NOW))
    assert late == []
    assert tale.state.current == "agree"


def test_a_second_decision_changes_nothing(definition: Definition) -> None:
    tale = Tale(definition).at_gate()
    assert orders(tale.decide(Decision.APPROVED)) == [("producer.plan_production", 1)]
    assert tale.decide(Decision.REJECTED, "too late") == []
    assert tale.state.status is RunStatus.RUNNING


def test_a_decision_that_overtakes_the_opening_counts(definition: Definition) -> None:
    tale = Tale(definition)
    tale.finish("think", {"ideas": [1]})
    tale.decide(Decision.APPROVED)
    assert tale.state.current == "plan"
    tale.open_gate()
    assert tale.state.current == "plan"


@pytest.mark.feature("M29")
def test_a_rejected_gate_ends_the_run_with_the_comment(definition: Definition) -> None:
    tale = Tale(definition).at_gate()
    tale.decide(Decision.REJECTED, "not our style")
    assert (tale.state.status, tale.state.rejection) == (RunStatus.REJECTED, "not our style")
    assert tale.finish("think", {"ideas": ["late"]}) == []


@pytest.mark.feature("M29")
def test_requested_changes_go_back_with_the_comment_and_a_new_visit(definition: Definition) -> None:
    tale = Tale(definition).at_gate()
    first_visit = tale.id_of("think")
    effects = tale.decide(Decision.CHANGES_REQUESTED, "shorter")
    (order,) = [effect for effect in effects if isinstance(effect, Order)]
    assert order.input["feedback"] == "shorter"
    assert order.step_id == tale.id_of("think") != first_visit
    assert tale.tell(Answered(at=NOW, step_id=first_visit, attempt=1, finished=Finished(outcome=Outcome.DONE))) == []


def test_what_was_edited_before_changes_were_requested_is_what_the_steps_begin_with(definition: Definition) -> None:
    tale = Tale(definition).at_gate()
    effects = tale.decide(Decision.CHANGES_REQUESTED, "shorter", content={"ideas": ["edited"]})
    (order,) = [effect for effect in effects if isinstance(effect, Order)]
    assert order.input["previous"] == ["edited"]


def test_changes_beyond_the_limit_reject(definition: Definition) -> None:
    tale = Tale(definition)
    for _ in range(2):
        assert tale.at_gate().takes_changes()
        tale.decide(Decision.CHANGES_REQUESTED, "again")
    assert not tale.at_gate().takes_changes()
    tale.decide(Decision.CHANGES_REQUESTED, "and again")
    assert tale.state.status is RunStatus.REJECTED


def test_a_retryable_failure_pauses_and_tries_again(definition: Definition) -> None:
    tale = Tale(definition)
    effects = tale.fail("think", retryable=True)
    (timer,) = [effect for effect in effects if isinstance(effect, SetTimer)]
    assert timedelta(seconds=1.5) <= timer.due_at - NOW <= timedelta(seconds=2.5)
    assert orders(tale.tell(timer.timer)) == [("ideation.propose_ideas", 2)]
    assert tale.tell(timer.timer) == []


def test_attempts_run_out(definition: Definition) -> None:
    tale = Tale(definition)
    for _ in range(3):
        timers = [effect for effect in tale.fail("think", retryable=True) if isinstance(effect, SetTimer)]
        for effect in timers:
            tale.tell(effect.timer)
    assert tale.state.status is RunStatus.FAILED
    assert tale.state.error is not None
    assert (tale.state.error.stage, tale.state.error.code) == ("think", "vendor_unavailable")
    assert tale.state.error.next_action


def test_what_cannot_get_better_fails_at_once(definition: Definition) -> None:
    tale = Tale(definition)
    tale.fail("think", retryable=False)
    assert tale.state.status is RunStatus.FAILED


def test_an_answer_to_an_older_attempt_is_ignored(definition: Definition) -> None:
    tale = Tale(definition)
    (timer,) = [effect for effect in tale.fail("think", retryable=True) if isinstance(effect, SetTimer)]
    tale.tell(timer.timer)
    late = Finished(outcome=Outcome.DONE, output={"ideas": ["late"]})
    assert tale.tell(Answered(at=NOW, step_id=tale.id_of("think"), attempt=1, finished=late)) == []


def test_a_pending_step_wakes_by_its_signal_early_late_and_twice(definition: Definition) -> None:
    tale = Tale(definition).at_clips(shots=2)
    tale.tell(Signalled(at=NOW, handle="sora:1", payload={}))
    woken = tale.finish("plan", child=0, outcome=Outcome.PENDING, handle="sora:1")
    assert orders(woken) == [("producer.make_clip", 2)]
    waiting = tale.finish("plan", child=1, outcome=Outcome.PENDING, handle="sora:2", check_after=NOW)
    assert orders(waiting) == []
    assert orders(tale.tell(Signalled(at=NOW, handle="sora:2", payload={}))) == [("producer.make_clip", 2)]
    assert orders(tale.tell(Signalled(at=NOW, handle="sora:2", payload={}))) == []


def test_a_pending_step_is_looked_at_again_and_given_up_in_the_end(definition: Definition) -> None:
    tale = Tale(definition).at_clips(shots=1)
    due = NOW + timedelta(minutes=5)
    effects = tale.finish("plan", child=0, outcome=Outcome.PENDING, handle="sora:1", check_after=due, deadline=due)
    check, give_up = [effect.timer for effect in effects if isinstance(effect, SetTimer)]
    assert (check.purpose, give_up.purpose) == ("check", "give_up")
    tale.tell(give_up)
    assert tale.state.status is RunStatus.FAILED


def test_children_start_together_and_their_order_is_kept(definition: Definition) -> None:
    tale = Tale(definition).at_clips(shots=3)
    started = [effect for effect in tale.effects if isinstance(effect, Order) and effect.capability.endswith("clip")]
    assert [order.input["shot"] for order in started] == [0, 1, 2]
    for child in (2, 0, 1):
        tale.finish("plan", {"n": child}, child=child)
    assert tale.state.steps["clips"].output == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_no_children_is_an_empty_list(definition: Definition) -> None:
    tale = Tale(definition).at_clips(shots=0)
    assert tale.state.steps["clips"].output == []
    assert tale.state.current == "archive"


def test_a_child_that_fails_for_good_fails_the_join(definition: Definition) -> None:
    tale = Tale(definition).at_clips(shots=2)
    effects = tale.fail("plan", retryable=False, child=1)
    assert tale.state.status is RunStatus.FAILED
    assert Retract(tale.id_of("plan", 0)) in effects
    assert TellCancelled(steps=(tale.id_of("plan", 0),)) in effects


def test_cancel_retracts_what_was_ordered_and_is_final(definition: Definition) -> None:
    tale = Tale(definition)
    effects = tale.tell(CancelRequested(at=NOW, by="ann"))
    assert Retract(tale.id_of("think")) in effects
    assert any(isinstance(effect, TellCancelled) for effect in effects)
    assert tale.finish("think", {"ideas": []}) == []
    assert tale.state.status is RunStatus.CANCELLED


def test_a_downgrade_makes_the_run_degraded_and_reaches_the_next_gate(definition: Definition) -> None:
    tale = Tale(definition)
    downgrade = Downgrade(code="language_limited", detail="Only English is written well.", stage="think")
    effects = tale.finish("think", {"ideas": []}, downgrades=(downgrade,))
    (gate,) = [effect for effect in effects if isinstance(effect, Order)]
    assert gate.input["downgrades"] == [downgrade.model_dump(mode="json")]
    assert tale.state.downgrades == [downgrade]
    again, other = (
        downgrade.model_copy(update={"stage": "make"}),
        downgrade.model_copy(update={"detail": "Nor German."}),
    )
    draft = Draft(definition, tale.facts, tale.state, NOW)
    draft.add_downgrades((again, other))
    assert draft.state.downgrades == [downgrade, other], "what two steps met alike is told once"


def test_an_expression_that_cannot_be_worked_out_fails_the_step_with_its_text(definition: Definition) -> None:
    tale = Tale(definition).at_gate()
    tale.decide(Decision.APPROVED, content={"nothing": "here"})
    assert tale.state.error is not None
    assert tale.state.error.code == "expression_failed"


def test_the_core_is_pure(definition: Definition) -> None:
    tale = Tale(definition).at_gate()
    before = tale.state.model_dump_json()
    happening = TimerFired(at=NOW, purpose="retry", step_id=uuid4(), attempt=1)
    first = advance(definition, tale.facts, tale.state, happening)
    assert first == advance(definition, tale.facts, tale.state, happening)
    assert tale.state.model_dump_json() == before
    assert tale.state.steps["agree"].phase is Phase.OPEN
