"""Runs on the screen: lists, one run, its history, its files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from rich.text import Text

from cli.answers import Artifact, Run, RunSteps, StepView, Workflow
from cli.client import Client
from cli.endings import trouble_of
from cli.exits import ExitCode
from cli.facts import facts_of
from cli.journey import title_of
from cli.output import AMBER, GREEN, QUIET, RED, ago, card, console, listing, pairs, say, short_id, show_trouble, size
from cli.places import shown
from cli.trouble import Trouble

_STATE_STYLES = {"completed": GREEN, "failed": RED, "rejected": RED, "cancelled": QUIET, "waiting": AMBER}
_STEP_MARKS = {"done": ("✓", GREEN), "failed": ("✗", RED), "open": ("◆", AMBER), "idle": ("·", QUIET)}
_UNSAFE = re.compile(r"[^A-Za-z0-9._ -]+")
_UNTOLD = {"step_id", "item_id", "input", "manifest_sha256", "policy_version"}
_BRIEF_LENGTH = 40


def show_runs(found: Sequence[Run]) -> None:
    """A table, or a word when there is nothing to list."""
    if not found:
        say("No runs yet. Start one: ./greenlight run “How tides work, in 20 seconds”")
        return
    table = listing("run", "status", "brief", "begun", "workflow")
    table.columns[0].no_wrap = True
    now = datetime.now(UTC)
    for run in found:
        brief = " ".join(run.brief.split())
        table.add_row(
            short_id(run.run_id),
            Text(run.status + (" (degraded)" if run.degraded else ""), style=_STATE_STYLES.get(run.state, "")),
            Text(brief if len(brief) <= _BRIEF_LENGTH else f"{brief[: _BRIEF_LENGTH - 1]}…"),
            Text(ago(run.created_at, now=now), style=QUIET),
            Text(run.workflow, style=QUIET),
        )
    console().print(table)


def _made_by(run: Run) -> str:
    """Who made it, in words."""
    words = {"offline": "offline stand-ins", "sandbox": "the sandbox of vendors", "real": "vendors"}
    return ", ".join(words.get(origin, origin) for origin in run.origins)


def show_run(run: Run, steps: RunSteps, made: Sequence[Artifact]) -> None:
    """One run: what it is, its steps, what it made; and why it failed if it did."""
    facts = facts_of(steps)
    rows = pairs(
        ("run", str(run.run_id)),
        ("status", Text(run.status, style=_STATE_STYLES.get(run.state, ""))),
        ("brief", run.brief or None),
        ("begun", f"{run.created_at:%Y-%m-%d %H:%M:%S} UTC by {run.created_by}"),
        ("made by", _made_by(run) or None),
        ("degraded", "; ".join(str(one.get("detail", one.get("code"))) for one in run.downgrades) or None),
        ("cost", f"${run.cost_usd}" if float(run.cost_usd) else None),
        ("waits for", f"{title_of(run.gate.step)}: ./greenlight approve {short_id(run.run_id)}" if run.gate else None),
    )
    console().print(card(rows, title=run.workflow))
    table = listing("", "step", "state", "")
    for step in steps.steps:
        mark, style = _STEP_MARKS.get(step.state, ("●", AMBER))
        table.add_row(
            Text(mark, style=style), title_of(step.id), _state(step), Text(facts.get(step.id, ""), style=QUIET)
        )
    console().print(table)
    if made:
        console().print()
        files = listing("type", "name", "size", "step")
        for artifact in made:
            files.add_row(artifact.type, artifact.name, size(artifact.size), Text(artifact.step, style=QUIET))
        console().print(files)
    if run.is_over and run.state != "completed":
        show_trouble(trouble_of(run))


def show_history(entries: Sequence[dict[str, Any]]) -> None:
    """Everything that happened, a line each."""
    table = listing("seq", "at", "what", "")
    for entry in entries:
        data = {name: value for name, value in entry["data"].items() if name not in _UNTOLD}
        told = ", ".join(f"{name}={value}" for name, value in data.items() if value not in (None, ""))
        at = datetime.fromisoformat(entry["at"])
        table.add_row(str(entry["seq"]), f"{at:%H:%M:%S.%f}"[:-3], entry["type"], Text(told, style=QUIET))
    console().print()
    console().print(table)


def show_workflows(found: Sequence[Workflow]) -> None:
    """What may be started, its inputs, and why something may not."""
    for workflow in found:
        if workflow.problem:
            console().print(card(Text(workflow.problem, style=RED), title=workflow.name, style=RED))
        if workflow.status == "error":
            continue
        inputs = [_input(name, field) for name, field in workflow.inputs.items()]
        rows = pairs(
            ("what", workflow.description or workflow.title),
            ("inputs", ", ".join(inputs)),
            ("steps", " → ".join(title_of(step) for step in workflow.steps)),
        )
        console().print(card(rows, title=workflow.name))


def put_artifacts(client: Client, run_id: UUID, *, type: str | None, folder: Path | None) -> None:
    """Download the artifacts of a run into a folder and print a path a line. Raises `Trouble` if there are none."""
    made = client.artifacts(run_id)
    wanted = [artifact for artifact in made if type in (None, artifact.type)]
    if not wanted:
        known = ", ".join(sorted({artifact.type for artifact in made}))
        raise Trouble(
            f"Run {run_id} has made no {type}." if made else f"Run {run_id} has made nothing yet.",
            exit_code=ExitCode.NOT_FOUND,
            code="not_found",
            next_step=f"It has: {known}." if known else f"See ./greenlight show {run_id}.",
        )
    place = folder or client.target.data / "films" / str(run_id) / "artifacts"
    taken: set[str] = set()
    for artifact in wanted:
        name = _file_name(artifact, taken)
        say(shown(client.download(artifact, place / name)))


def _file_name(artifact: Artifact, taken: set[str]) -> str:
    """The artifact's name as a plain file name of its own: names come from outside and are never paths."""
    name = _UNSAFE.sub("_", artifact.name).strip(". ")[:100] or artifact.type
    if name in taken:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem or ending}-{artifact.id[:8]}{dot + ending if stem else ''}"
    taken.add(name)
    return name


def _input(name: str, field: dict[str, Any]) -> str:
    default = "" if field.get("required") else f", default {field.get('default')!r}"
    return f"{name} ({field.get('type')}{default})"


def _state(step: StepView) -> str:
    parts = [step.state]
    if step.visit > 1:
        parts.append(f"take {step.visit}")
    if step.children:
        parts.append(f"{sum(child == 'done' for child in step.children)}/{len(step.children)} parts")
    return ", ".join(parts)
