"""The workflows that are measured, as an author would write them: folders of YAML."""

from __future__ import annotations

from pathlib import Path

from bench.engine.plan import SEQUENCE, STEPS

EIGHT, FORTY, GATED, HELD, FOUR = "bench_eight", "bench_forty", "bench_gated", "bench_held", "bench_four"
FOUR_STEPS = 4
WAIT = "wait"
"""The brief that makes a step wait as one of the sequence does."""
WORK = "work"
"""The brief that makes a step take a second; with any other than these two it does nothing."""


def write_workflows(folder: Path) -> Path:
    """Write every workflow into the folder. → the folder."""
    check = '  - id: step_{0}\n    run: compliance.check_brief\n    with: {{brief: "${{input.brief}}"}}\n'
    gate = '  - id: agree\n    gate: ideation\n    shows_as: awaiting_agreement\n    holds: {brief: "${input.brief}"}\n'
    think = '  - id: think\n    run: ideation.propose_ideas\n    with: {brief: "${input.brief}"}\n'
    steps = {
        EIGHT: "".join(check.format(number) for number in range(1, STEPS + 1)),
        FOUR: "".join(check.format(number) for number in range(1, FOUR_STEPS + 1)),
        FORTY: "".join(check.format(number) for number in range(1, SEQUENCE + 1)),
        GATED: gate + think,
        HELD: "  - id: hold\n    wait: {signal: go}\n",
    }
    for name, written in steps.items():
        own = folder / name
        own.mkdir(parents=True, exist_ok=True)
        (own / "orchestrator.yaml").write_text(f"workflow_name: {name}\ninput: {{brief: str}}\nsteps:\n{written}")
    return folder
