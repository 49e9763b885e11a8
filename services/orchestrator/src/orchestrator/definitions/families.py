"""What can only be checked when all folders are known: workflows that start each other."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.definitions.files import WorkflowInvalid
from orchestrator.definitions.loader import Loaded
from orchestrator.kinds.subrun import SubrunStep


def check_family(loaded: Mapping[str, Loaded]) -> dict[str, WorkflowInvalid]:
    """What is wrong with workflows because of others, by name: a subrun of none that there is, or one that leads back
    to itself, so that a run of it would never end."""
    problems: dict[str, WorkflowInvalid] = {}
    for name, one in loaded.items():
        for step in _subruns(one):
            if step.workflow not in loaded:
                known = ", ".join(sorted(loaded))
                problem = f"there is no workflow {step.workflow!r} that can be loaded; there are {known}"
            elif way := _way(loaded, step.workflow, name):
                chain = ", ".join(f"{a} starts {b}" for a, b in zip([name, *way], way, strict=False))
                problem = f"{chain}: a run of it would never end"
            else:
                continue
            problems.setdefault(name, one.nodes[step.id].place("subrun").error(problem))
    return problems


def _subruns(one: Loaded) -> list[SubrunStep]:
    return [step for step in one.definition.steps if isinstance(step, SubrunStep)]


def _way(loaded: Mapping[str, Loaded], start: str, end: str) -> list[str]:
    """A way from one workflow to another along what each starts; empty when there is none."""
    before: dict[str, str | None] = {start: None}
    coming = [start]
    for name in coming:
        if name == end:
            way: list[str] = []
            step: str | None = name
            while step is not None:
                way.insert(0, step)
                step = before[step]
            return way
        for following in (step.workflow for step in _subruns(loaded[name]) if step.workflow in loaded):
            if following not in before:
                before[following] = name
                coming.append(following)
    return []
