"""Frames folded into stages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cli.answers import Frame
from cli.journey import Journey, StageState
from cli.progress import StageView
from rich.console import Console

STEPS = ("ideation", "ideation_approval", "production", "wait_for_videos", "editing")
BEGAN = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


class Teller:
    """Makes frames a second apart and feeds them in."""

    def __init__(self) -> None:
        self.journey = Journey(STEPS)
        self.seq = 0

    def tell(self, type: str, **data: Any) -> bool:
        self.seq += 1
        at = BEGAN + timedelta(seconds=self.seq)
        return self.journey.take(Frame(type=type, run_id="r", seq=self.seq, at=at, data=data))

    def live(self, step_id: str, done: float, message: str = "") -> None:
        self.journey.take(Frame(type="progress", data={"step_id": step_id, "done": done, "message": message}))

    def state(self, step: str) -> StageState:
        return self.journey.stages[step].state


def at_clips(parts: int = 2) -> Teller:
    """A run whose clips are being made."""
    teller = Teller()
    teller.tell("run.created", workflow="short_video")
    teller.tell("agent.started", step="ideation", step_id="i", attempt=1)
    teller.tell("agent.completed", step="ideation")
    teller.tell("agent.started", step="ideation_approval", step_id="g", attempt=1)
    teller.tell("gate.opened", step="ideation_approval", gate="ideation", item_id="item-1", verdict="allowed")
    teller.tell("gate.decided", step="ideation_approval", decision="approved")
    teller.tell("agent.started", step="production", step_id="p", attempt=1)
    teller.tell("agent.completed", step="production")
    for index in range(parts):
        teller.tell("agent.started", step="production", step_id=f"c{index}", index=index, attempt=1)
    teller.tell("step.waiting", step="wait_for_videos", **{"for": "production"})
    return teller


def test_stages_begin_end_and_take_time() -> None:
    teller = at_clips()
    assert teller.state("ideation") is StageState.DONE
    assert teller.journey.stages["ideation"].seconds == 1
    assert teller.state("wait_for_videos") is StageState.RUNNING
    assert teller.state("editing") is StageState.AHEAD


def test_a_wait_shows_the_parts_it_waits_for_and_ends_when_the_next_step_begins() -> None:
    teller = at_clips()
    teller.live("c0", 0.5, "frame 30")
    wait = teller.journey.stages["wait_for_videos"]
    assert [part.done for part in teller.journey.parts_of(wait)] == [0.5, 0.0]
    teller.tell("agent.completed", step="production", index=0)
    # Live frames may come late and out of order; what is finished stays so.
    teller.live("c0", 0.7)
    assert [part.finished for part in teller.journey.parts_of(wait)] == [True, False]
    teller.tell("agent.completed", step="production", index=1)
    teller.tell("agent.started", step="editing", step_id="e", attempt=1)
    assert teller.state("wait_for_videos") is StageState.DONE


def test_a_gate_is_there_until_it_is_decided() -> None:
    teller = Teller()
    assert teller.tell("gate.opened", step="ideation_approval", gate="ideation", item_id="item-1", verdict="allowed")
    assert teller.journey.gate is not None
    assert teller.journey.gate.item_id == "item-1"
    teller.tell("gate.decided", step="ideation_approval", decision="approved")
    assert teller.journey.gate is None


def test_changes_lead_back_and_count_takes() -> None:
    teller = at_clips()
    teller.tell("agent.started", step="ideation", step_id="i2", attempt=1)
    assert teller.state("ideation") is StageState.RUNNING
    assert {step: stage.visit for step, stage in teller.journey.stages.items()} == {
        "ideation": 2,
        "ideation_approval": 2,
        "production": 2,
        "wait_for_videos": 2,
        "editing": 1,
    }
    assert teller.journey.stages["production"].parts == {}


def test_a_repeated_frame_changes_nothing() -> None:
    teller = at_clips()
    again = Frame(type="gate.opened", seq=5, at=BEGAN, data={"step": "ideation_approval", "item_id": "item-1"})
    assert teller.journey.take(again) is False
    assert teller.journey.gate is None


def test_hidden_steps_and_unknown_events_are_passed_over() -> None:
    teller = Teller()
    teller.tell("agent.started", step="brief_check", step_id="b", attempt=1)
    teller.tell("agent.completed", step="brief_check")
    teller.tell("something.new", step="ideation")
    teller.live("b", 0.5)
    assert {stage.state for stage in teller.journey.stages.values()} == {StageState.AHEAD}


def test_the_end_settles_everything() -> None:
    done, failed, cancelled = at_clips(), at_clips(), at_clips()
    done.tell("run.completed")
    failed.tell("run.failed", stage="wait_for_videos")
    cancelled.tell("run.cancelled", by="admin")
    assert {stage.state for stage in done.journey.stages.values() if stage.began_at} == {StageState.DONE}
    assert failed.state("wait_for_videos") is StageState.FAILED
    assert cancelled.state("wait_for_videos") is StageState.STOPPED
    assert (done.journey.ended, failed.journey.ended, cancelled.journey.ended) == ("completed", "failed", "cancelled")


def test_the_view_says_where_things_are() -> None:
    teller = at_clips(3)
    teller.live("c1", 0.5)
    teller.tell("agent.completed", step="production", index=0)
    screen = Console(width=100, record=True, file=None, force_terminal=False)
    with screen.capture() as capture:
        screen.print(StageView().draw(teller.journey, {"ideation": "3 ideas"}, now=BEGAN + timedelta(seconds=20)))
    said = capture.get()
    assert "3 ideas" in said
    assert "1 of 3" in said
    assert "Clips" in said
