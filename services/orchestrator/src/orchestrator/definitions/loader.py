"""A folder of files becomes a `Definition`. Strict: what cannot work is refused here, not in the middle of a run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from common.contracts.catalogue import CAPABILITIES
from common.contracts.gates import Accepts
from common.contracts.message import AgentSpec

from orchestrator.definitions.checks import check_condition, check_definition
from orchestrator.definitions.files import Node, Place, WorkflowInvalid, read_yaml
from orchestrator.definitions.model import (
    ChangesRule,
    Children,
    Definition,
    ForeachStep,
    GateStep,
    InputField,
    Retry,
    RunStep,
    Step,
    WaitStep,
)

_DURATION = re.compile(r"^(\d+)\s*(ms|s|m|h|d)$")
_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_NAME = re.compile(r"^[a-z][a-z0-9_]{0,63}$")
_TYPES = ("str", "int", "float", "bool", "list[str]")
_FILES = frozenset({"orchestrator.yaml", "agents.yaml", "ui_config.yaml"})
_LATER = frozenset({"handoffs.yaml", "tools.yaml", "context_variables.yaml", "structured_outputs.yaml", "hooks.yaml"})


def load_workflow(folder: Path) -> Definition:
    """The definition in `folder`. Raises `WorkflowInvalid` naming file, line and field."""
    for path in sorted(folder.glob("*.yaml")):
        if path.name in _LATER:
            raise Place(path.name, 1, "").error("this file is not read by this version; remove it")
        if path.name not in _FILES:
            raise Place(path.name, 1, "").error("no workflow file has this name")
    top = read_yaml(folder / "orchestrator.yaml")
    name = top.take("workflow_name", str)
    if not _NAME.match(name) or name != folder.name:
        raise top.place("workflow_name").error(f"{name!r} must be the folder's name, in lower_snake_case")
    places: dict[str, Node] = {}
    steps = tuple(_step(node, places) for node in top.children("steps"))
    definition = Definition(
        name=name,
        description=top.take("description", str, ""),
        title=_display_name(folder / "ui_config.yaml") or name,
        inputs=_inputs(top),
        steps=steps,
        agents=_agents(folder / "agents.yaml"),
    )
    top.finish()
    check_definition(definition, {step_id: node.place() for step_id, node in places.items()})
    return definition


def _inputs(top: Node) -> dict[str, InputField]:
    declared = top.child("input")
    fields: dict[str, InputField] = {}
    for name in declared.keys() if declared else ():
        assert declared is not None
        written = declared.take(name, (str, dict))
        options = {"type": written} if isinstance(written, str) else dict(written)
        kind = options.pop("type", None)
        required = "default" not in options
        default = options.pop("default", None)
        if kind not in _TYPES or options:
            raise declared.place(name).error(f"expected one of {', '.join(_TYPES)}, or {{type, default}}")
        fields[name] = InputField.model_validate({"type": kind, "required": required, "default": default})
    return fields


def _agents(path: Path) -> dict[str, AgentSpec]:
    if not path.exists():
        return {}
    top = read_yaml(path)
    agents: dict[str, AgentSpec] = {}
    for node in top.children("agents"):
        name = node.take("name", str)
        if name in agents:
            raise node.place("name").error(f"agent {name!r} is declared twice")
        agents[name] = AgentSpec(
            name=name,
            role=node.take("role", str, ""),
            instructions=node.take("instructions", str),
            model=node.take("model", str, None),
            tools=tuple(node.take("tools", list, [])),
            sampling=node.take("sampling", dict, {}),
        )
        node.finish()
    top.finish()
    return agents


def _display_name(path: Path) -> str | None:
    if not path.exists():
        return None
    top = read_yaml(path)
    ui = top.child("ui")
    if ui is None:
        raise top.place().error("'ui' is missing")
    name: str = ui.take("display_name", str)
    ui.take("description", str, "")
    ui.take("icon", str, "")
    ui.finish()
    top.finish()
    return name


def _step(node: Node, places: dict[str, Node]) -> Step:
    step_id = node.take("id", str)
    if not _NAME.match(step_id):
        raise node.place("id").error(f"{step_id!r} is not a step id (lower_snake_case)")
    if step_id in places:
        raise node.place("id").error(f"step {step_id!r} is declared twice")
    places[step_id] = node
    shared = {"id": step_id, "shows_as": node.take("shows_as", str, None), "hidden": node.take("hidden", bool, False)}
    kinds = [kind for kind in ("foreach", "run", "gate", "wait") if node.has(kind)]
    if kinds not in (["run"], ["gate"], ["wait"], ["foreach", "run"]):
        raise node.place().error("a step has exactly one of 'run', 'gate', 'wait', or 'foreach' with 'run'")
    step: Step
    match kinds[0]:
        case "run":
            step = _run_step(node, shared)
        case "foreach":
            step = ForeachStep(**shared, children=_children(node, each=node.take("foreach", str)))
        case "gate":
            step = _gate_step(node, shared)
        case _:
            step = _wait_step(node, shared)
    node.finish()
    return step


def _run_step(node: Node, shared: dict[str, Any]) -> RunStep:
    started = node.child("starts")
    children = None
    if started is not None:
        children = _children(started, each=started.take("each", str))
        started.finish()
    return RunStep(
        **shared,
        capability=_capability(node),
        agent=node.take("agent", str, None),
        inputs=node.take("with", dict, {}),
        retry=_retry(node),
        starts=children,
    )


def _children(node: Node, *, each: str) -> Children:
    return Children(
        each=each,
        capability=_capability(node),
        agent=node.take("agent", str, None),
        inputs=node.take("with", dict),
        retry=_retry(node),
    )


def _gate_step(node: Node, shared: dict[str, Any]) -> GateStep:
    timeout = node.child("timeout")
    timeout_ms = None
    if timeout is not None:
        timeout_ms = _duration(timeout, "after")
        if timeout.take("then", str) != "reject":
            raise timeout.place("then").error("a gate's time-out can only 'reject'; it never approves")
        timeout.finish()
    holds = node.take("holds", (str, dict))
    return GateStep(
        **shared,
        gate=node.take("gate", str),
        title=node.take("title", str, ""),
        holds=holds,
        reviewers=tuple(node.take("reviewers", list, ["reviewer"])),
        remind_ms=_duration(node, "remind") if node.has("remind") else None,
        timeout_ms=timeout_ms,
        changes=_changes(node),
        accepts=tuple(_accepts(each, holds) for each in node.children("accepts")) if node.has("accepts") else (),
    )


def _accepts(node: Node, holds: str | dict[str, Any]) -> Accepts:
    condition = Accepts(when=node.take("when", str), otherwise=node.take("else", str).strip())
    node.finish()
    check_condition(condition.when, holds, node.place("when"))
    if not condition.otherwise:
        raise node.place("else").error("say in a sentence what a reviewer can do about it")
    return condition


def _changes(node: Node) -> ChangesRule | None:
    decisions = node.child("decisions")
    if decisions is None:
        return None
    if decisions.take("reject", str, "rejected") != "rejected":
        raise decisions.place("reject").error("a rejected gate ends the run as 'rejected'")
    changes = decisions.child("changes")
    decisions.finish()
    if changes is None:
        return None
    rule = ChangesRule(go_to=changes.take("go_to", str), at_most=changes.take("at_most", int, 5))
    changes.finish()
    return rule


def _wait_step(node: Node, shared: dict[str, Any]) -> WaitStep:
    wait = node.child("wait")
    if wait is None:
        raise node.place("wait").error("expected {for: step}")
    joins = wait.take("for", str)
    wait.finish()
    return WaitStep(**shared, joins=joins, timeout_ms=_duration(node, "timeout") if node.has("timeout") else None)


def _capability(node: Node) -> str:
    name: str = node.take("run", str)
    if name not in CAPABILITIES:
        raise node.place("run").error(f"there is no capability {name!r}; known are {', '.join(sorted(CAPABILITIES))}")
    return name


def _retry(node: Node) -> Retry:
    written = node.child("retry")
    if written is None:
        return Retry()
    attempts = written.take("attempts", int, 3)
    backoff_ms = _duration(written, "backoff") if written.has("backoff") else 2_000
    if not 1 <= attempts <= 20:
        raise written.place("attempts").error("between 1 and 20 attempts")
    written.finish()
    return Retry(attempts=attempts, backoff_ms=backoff_ms)


def _duration(node: Node, key: str) -> int:
    """A duration such as `4h` in milliseconds."""
    written = node.take(key, str)
    match = _DURATION.match(written)
    if match is None:
        raise node.place(key).error(f"{written!r} is not a duration such as 500ms, 30s, 5m, 4h or 3d")
    return int(match[1]) * _UNITS[match[2]]


__all__ = ["WorkflowInvalid", "load_workflow"]
