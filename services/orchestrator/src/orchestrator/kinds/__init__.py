"""The kinds of steps. A new one is a file here and its line in this list."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from orchestrator.kinds.branch import BranchStep
from orchestrator.kinds.foreach import ForeachStep
from orchestrator.kinds.gate import GateStep
from orchestrator.kinds.loop import LoopStep
from orchestrator.kinds.parallel import ParallelStep
from orchestrator.kinds.run import RunStep
from orchestrator.kinds.sleep import SleepStep
from orchestrator.kinds.step import StepKind
from orchestrator.kinds.subrun import SubrunStep
from orchestrator.kinds.wait import WaitStep

Step = Annotated[
    RunStep | GateStep | WaitStep | BranchStep | ParallelStep | ForeachStep | LoopStep | SubrunStep | SleepStep,
    Field(discriminator="kind"),
]
KEYWORDS: dict[str, type[StepKind]] = {
    # `foreach` with `run` is the short form of a foreach with one step, so it is looked for first.
    "foreach": ForeachStep,
    "run": RunStep,
    "gate": GateStep,
    "wait": WaitStep,
    "branch": BranchStep,
    "parallel": ParallelStep,
    "loop": LoopStep,
    "subrun": SubrunStep,
    "sleep": SleepStep,
}
"""The word in a file → the kind it makes."""
