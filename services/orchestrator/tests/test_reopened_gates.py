"""A gate that opens again takes its run back, whatever the run was doing, and a cancelled run takes its items back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from common.contracts.gates import WAITS_FOR_GATE, GateInput, GateOpened, ReviewStage, Verdict, VerdictLevel
from common.contracts.message import Finished, Outcome
from common.contracts.values import Decision, Problem, RunStatus
from orchestrator.definitions.files import WorkflowInvalid
from orchestrator.definitions.loader import load_workflow
from orchestrator.definitions.model import Definition
from orchestrator.engine.advance import advance
from orchestrator.engine.effects import Effect, Order, Record, Retract, WithdrawGate
from orchestrator.engine.happenings import (
    Answered,
    CancelRequested,
    Decided,
    Happening,
    Reopened,
    RetryRequested,
    Started,
)
from orchestrator.engine.state import At, Phase, RunFacts, RunState, step_id

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
FLAT = """
workflow_name: flat
input: {brief: str}
steps:
  - {id: think, run: ideation.propose_ideas, with: {brief: "${input.brief}"}}
  - id: agree
    gate: publish
    shows_as: awaiting_publish_approval
    holds: {ideas: "${steps.think.output.ideas}"}
    decisions: {changes: {go_to: think}}
  - {id: send, run: compliance.check_brief, with: {brief: "${input.brief}"}}
  - {id: archive, run: compliance.check_brief, with: {brief: "again"}}
"""
NESTED = """
workflow_name: nested
input: {brief: str}
steps:
  - id: both
    parallel:
      left:
        - {id: agree, gate: publish, holds: {brief: "${input.brief}"}}
      right:
        - {id: think, run: ideation.propose_ideas, with: {brief: "${input.brief}"}}
  - {id: send, run: compliance.check_brief, with: {brief: "${input.brief}"}}
"""


class Play:
    """A run under test."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.facts = RunFacts(
            id=uuid4(), tenant="t", workflow="w", input={"brief": "bees"}, created_by="ann", created_at=NOW
        )
        self.state = RunState()
        self.tell(Started(at=NOW))

    def tell(self, happening: Happening) -> list[Effect]:
        self.state, effects = advance(self.definition, self.facts, self.state, happening)
        return effects

    def id_of(self, step: str, visit: int | None = None) -> UUID:
        return step_id(self.facts.id, At(step), visit or self.state.at(At(step)).visit)

    def answer(self, step: str, finished: Finished, *, visit: int | None = None, attempt: int | None = None) -> Any:
        number = attempt or self.state.at(At(step)).attempt
        return self.tell(Answered(at=NOW, step_id=self.id_of(step, visit), attempt=number, finished=finished))

    def finish(self, step: str, output: Any) -> list[Effect]:
        effects: list[Effect] = self.answer(step, Finished(outcome=Outcome.DONE, output=output))
        return effects

    def open_gate(self) -> None:
        verdict = Verdict(level=VerdictLevel.ALLOWED, policy_version="1")
        opened = GateOpened(item_id=self.id_of("agree"), manifest_sha256="0" * 64, verdict=verdict)
        self.finish("agree", opened.model_dump(mode="json"))

    def decide(self, decision: Decision = Decision.APPROVED) -> list[Effect]:
        return self.tell(
            Decided(
                at=NOW,
                item_id=self.id_of("agree"),
                decision=decision,
                decided_by="rob",
                comment="so",
                content={"ideas": []},
                manifest_sha256="0" * 64,
                policy_version="1",
            )
        )

    def reopen(self) -> list[Effect]:
        change = {"path": "/hashtags/0", "kind": "changed", "before": "a", "after": "b"}
        return self.tell(
            Reopened(at=NOW, item_id=self.id_of("agree"), cause="Look again.", actor="officer", changes=[change])
        )

    def refuse(self, *, visit: int | None = None, waits: bool = True) -> list[Effect]:
        extra = {WAITS_FOR_GATE: str(self.id_of("agree"))} if waits else {}
        problem = Problem(code="content_changed", detail="It differs.", extra=extra)
        effects: list[Effect] = self.answer(
            "send", Finished(outcome=Outcome.REFUSED, problem=problem), visit=visit, attempt=1
        )
        return effects

    def at_send(self) -> Play:
        self.finish("think", {"ideas": []})
        self.open_gate()
        self.decide()
        return self


def load(tmp_path: Path, text: str) -> Definition:
    """The workflow of that file."""
    folder = tmp_path / text.split("workflow_name: ")[1].split("\n", maxsplit=1)[0]
    folder.mkdir()
    (folder / "orchestrator.yaml").write_text(text)
    return load_workflow(folder)


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """A run that has just begun."""
    return Play(load(tmp_path, FLAT))


def records(effects: list[Effect]) -> list[str]:
    """The types of what goes into the history."""
    return [effect.type for effect in effects if isinstance(effect, Record)]


@pytest.mark.parametrize("heard_first", ["the refusal", "the airlock"])
def test_a_refused_release_takes_the_run_back_to_its_gate(play: Play, heard_first: str) -> None:
    play.at_send()
    told = [play.refuse, play.reopen] if heard_first == "the refusal" else [play.reopen, lambda: play.refuse(visit=1)]
    effects = [effect for tell in told for effect in tell()]
    assert play.state.shown == "awaiting_publish_approval"
    assert play.state.at(At("agree")).handle == str(play.id_of("agree"))
    assert "run.failed" not in records(effects)
    reopened = next(effect for effect in effects if isinstance(effect, Record) and effect.type == "gate.reopened")
    assert reopened.data["changes"][0]["path"] == "/hashtags/0"
    ordered = [effect for effect in play.decide() if isinstance(effect, Order)]
    assert [order.step for order in ordered] == ["send"]
    assert ordered[0].step_id == play.id_of("send") != play.id_of("send", 1)
    assert play.refuse(visit=1) == []
    play.finish("send", {})
    play.finish("archive", {})
    assert play.state.status is RunStatus.COMPLETED


def test_what_came_behind_the_gate_is_called_back(play: Play) -> None:
    play.at_send()
    sent = play.id_of("send")
    effects = play.reopen()
    assert Retract(sent) in effects
    assert play.state.at(At("send")).phase is Phase.IDLE


def test_hearing_it_twice_changes_nothing(play: Play) -> None:
    play.at_send()
    play.reopen()
    assert play.reopen() == []


def test_a_run_that_has_failed_for_it_waits_again(play: Play) -> None:
    play.at_send()
    play.refuse(waits=False)
    assert play.state.status is RunStatus.FAILED
    play.reopen()
    assert (play.state.status, play.state.error) == (RunStatus.WAITING, None)
    assert [effect.step for effect in play.decide() if isinstance(effect, Order)] == ["send"]


def test_a_run_that_has_failed_elsewhere_stays_failed_and_forgets_the_approval(tmp_path: Path) -> None:
    play = Play(load(tmp_path, NESTED))
    play.open_gate()
    problem = Problem(code="away", detail="It is away.")
    play.answer("think", Finished(outcome=Outcome.FAILED, problem=problem))
    assert play.state.status is RunStatus.FAILED
    play.decide()
    play.reopen()
    play.tell(RetryRequested(at=NOW, by="ann"))
    play.finish("think", {"ideas": []})
    play.open_gate()
    assert play.state.at(At("agree")).phase is Phase.OPEN
    assert [effect.step for effect in play.decide() if isinstance(effect, Order)] == ["send"]


def test_what_is_around_the_gate_goes_on_again(tmp_path: Path) -> None:
    play = Play(load(tmp_path, NESTED))
    play.finish("think", {"ideas": []})
    play.open_gate()
    play.decide()
    assert play.state.at(At("both")).phase is Phase.DONE
    play.reopen()
    assert play.state.at(At("both")).phase is Phase.ACTIVE
    assert [effect.step for effect in play.decide() if isinstance(effect, Order)] == ["send"]
    play.finish("send", {})
    assert play.state.status is RunStatus.COMPLETED


def test_an_older_visit_or_an_ended_run_is_left_alone(play: Play) -> None:
    play.at_send()
    play.tell(CancelRequested(at=NOW, by="ann"))
    assert play.reopen() == []
    stranger = Reopened(at=NOW, item_id=uuid4(), cause="x", actor="y")
    assert play.tell(stranger) == []


def test_a_cancelled_run_takes_back_what_waits_and_what_was_approved(tmp_path: Path, play: Play) -> None:
    play.finish("think", {"ideas": []})
    play.open_gate()
    effects = play.tell(CancelRequested(at=NOW, by="ann"))
    (withdrawn,) = [effect for effect in effects if isinstance(effect, WithdrawGate)]
    assert (withdrawn.item_id, withdrawn.reason) == (play.id_of("agree"), "The run was cancelled.")
    later = Play(load(tmp_path / "flat", FLAT)).at_send()
    effects = later.tell(CancelRequested(at=NOW, by="ann"))
    assert [effect.item_id for effect in effects if isinstance(effect, WithdrawGate)] == [later.id_of("agree")]


@pytest.mark.parametrize("decision", [Decision.REJECTED, Decision.CHANGES_REQUESTED])
def test_what_was_refused_need_not_be_taken_back(play: Play, decision: Decision) -> None:
    play.finish("think", {"ideas": []})
    play.open_gate()
    assert [effect for effect in play.decide(decision) if isinstance(effect, WithdrawGate)] == []


def test_a_gate_says_who_looks_and_what_a_no_would_cost(tmp_path: Path) -> None:
    text = FLAT.replace(
        "    decisions: {changes: {go_to: think}}",
        """    content_type: post
    priority: high
    due: 8h
    remind: 2h
    require_reason: [reject]
    escalate: {after: 6h, to: [admin, u-carla]}
    stages:
      - {name: internal, reviewers: [reviewer], quorum: 2}
      - {name: client, any_of: [u-ann, u-ben], quorum: all}
    decisions: {changes: {go_to: think}}""",
    )
    play = Play(load(tmp_path, text))
    finished = Finished(outcome=Outcome.DONE, output={"ideas": []}, cost_usd_micros=700)
    (order,) = [effect for effect in play.answer("think", finished) if isinstance(effect, Order)]
    asked = GateInput.model_validate(order.input)
    assert asked.review is not None
    assert asked.review.stages == (
        ReviewStage(name="internal", reviewers=("reviewer",), quorum=2),
        ReviewStage(name="client", any_of=("u-ann", "u-ben"), quorum="all"),
    )
    assert asked.review.require_reason == (Decision.REJECTED,)
    assert asked.review.escalate is not None
    assert (asked.review.escalate.after_ms, asked.review.escalate.to) == (6 * 3600_000, ("admin", "u-carla"))
    assert (asked.review.remind_after_ms, asked.review.due_after_ms) == (2 * 3600_000, 8 * 3600_000)
    assert (asked.content_type, asked.priority, asked.place) == ("post", "high", "agree")
    assert (asked.spent_usd_micros, asked.redo_usd_micros) == (700, 700)


def test_a_gate_that_says_nothing_leaves_it_to_the_tenant(play: Play) -> None:
    (order,) = [effect for effect in play.finish("think", {"ideas": []}) if isinstance(effect, Order)]
    review = GateInput.model_validate(order.input).review
    assert review is not None
    assert (review.stages, review.require_reason, review.escalate) == (None, None, None)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("stages: []", "line 10, 'steps[1].stages': between 1 and 10 stages"),
        ("stages: [{name: a, reviewers: [boss]}]", "'steps[1].stages[0].reviewers[0]': 'boss' is no role"),
        ("stages: [{name: a}]", "a stage needs 'reviewers' (roles), 'any_of' (user ids), or both"),
        ("stages: [{name: a, reviewers: [reviewer], quorum: all}]", "'all' means everybody in 'any_of'"),
        ("stages: [{name: a, any_of: [u], quorum: 2}]", "[0].quorum': 2 of 1 people can never approve"),
        ("stages: [{name: a, reviewers: [reviewer]}, {name: a, reviewers: [admin]}]", "there are two stages 'a'"),
        ("stages: [{name: a, reviewers: [reviewer], quroum: 2}]", "[0].quroum': this key is not known here"),
        ("reviewers: []", "name at least one role"),
        ("reviewers: [service]", "'service' is no role"),
        ("require_reason: [maybe]", "'steps[1].require_reason[0]': one of approve, changes, reject"),
        ("escalate: {after: 1h, to: []}", "'steps[1].escalate.to': name at least one role or user id"),
        ("escalate: {after: 1h, to: [service]}", "a service cannot decide"),
        ("escalate: {to: [admin]}", "'after' is missing"),
        ("due: 0h", "'steps[1].due': longer than no time at all"),
        ("priority: extreme", "'steps[1].priority': one of low, medium, high, urgent"),
        ("content_type: poem", "'steps[1].content_type': one of ideas, script, image, cut, post, campaign"),
        ("timeout: {after: 1h, then: approve}", "it never approves"),
    ],
)
def test_a_review_that_could_not_work_is_refused_where_it_is_written(
    tmp_path: Path, written: str, problem: str
) -> None:
    text = FLAT.replace("    decisions: {changes: {go_to: think}}", f"    {written}")
    with pytest.raises(WorkflowInvalid) as refused:
        load(tmp_path, text)
    assert problem in str(refused.value)
    assert "line " in str(refused.value)
