"""What a run shows: whether it works, or waits, and for what."""

from __future__ import annotations

from common.contracts.values import TERMINAL_STATUSES, RunStatus

from orchestrator.engine.draft import Draft
from orchestrator.engine.state import LIVE, WORKING, At, Phase
from orchestrator.kinds import Step
from orchestrator.kinds.run import STARTED


def show(run: Draft) -> None:
    """Set the run's status, and the word of the file for what it waits for, by where its steps are."""
    state = run.state
    if state.status in TERMINAL_STATUSES:
        state.shown_status = None
        return
    if not run.changed or not state.steps:
        return
    works, waiting = _foreground(run)
    shown = [step.shows_as for step, phase in waiting if step.shows_as and (phase is Phase.OPEN or not works)]
    state.shown_status = shown[0] if shown else None
    if state.held:
        state.status, state.shown_status = RunStatus.PAUSED, None
    elif waiting and not works:
        state.status = RunStatus.WAITING
    else:
        state.status = RunStatus.RUNNING


def _foreground(run: Draft) -> tuple[bool, list[tuple[Step, Phase]]]:
    """Whether something is worked on that no `wait` covers; and the steps that wait, in the order of the file."""
    works = False
    waiting: list[tuple[Step, Phase]] = []
    for key, part in run.state.steps.items():
        if part.phase not in LIVE or part.phase is Phase.ACTIVE:
            continue
        step = run.definition.step(At.read(key).step)
        if f".{STARTED}" in step.id or any(outer.block == STARTED for outer in run.definition.around(step.id)):
            continue
        if part.phase in WORKING or step.works:
            works = True
        else:
            waiting.append((step, part.phase))
    return works, sorted(waiting, key=lambda one: run.definition.position(one[0].id))
