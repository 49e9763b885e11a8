"""A folder of files becomes a `Definition`. Strict: what cannot work is refused here, not in the middle of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from common.errors import Invalid

from orchestrator.definitions.agents import load_agents
from orchestrator.definitions.checks import check_definition, check_template
from orchestrator.definitions.files import Node, Place, WorkflowInvalid, read_yaml
from orchestrator.definitions.model import Definition, InputField
from orchestrator.definitions.reading import NAME, Reading
from orchestrator.inputs import check_default

_TYPES = ("str", "int", "float", "bool", "object", "list[str]", "list[object]")
_FILES = frozenset({"orchestrator.yaml", "agents.yaml", "ui_config.yaml"})
_LATER = frozenset({"handoffs.yaml", "tools.yaml", "context_variables.yaml", "structured_outputs.yaml", "hooks.yaml"})


@dataclass(frozen=True)
class Loaded:
    """A definition, and where in its file each step stands."""

    definition: Definition
    nodes: Mapping[str, Node]


def load_workflow(folder: Path) -> Definition:
    """The definition in `folder`. Raises `WorkflowInvalid` naming file, line and field."""
    return load_folder(folder).definition


def load_folder(folder: Path) -> Loaded:
    """The same, for who has to say where something stands that was found out later."""
    for path in sorted(folder.glob("*.yaml")):
        if path.name in _LATER:
            raise Place(path.name, 1, "").error("this file is not read by this version; remove it")
        if path.name not in _FILES:
            raise Place(path.name, 1, "").error("no workflow file has this name")
    top = read_yaml(folder / "orchestrator.yaml")
    name = top.take("workflow_name", str)
    if not NAME.match(name) or name != folder.name:
        raise top.place("workflow_name").error(f"{name!r} must be the folder's name, in lower_snake_case")
    reading = Reading()
    reading.block(top, "steps", parent=None, block="")
    display_name, hidden = _display(folder / "ui_config.yaml")
    definition = Definition(
        name=name,
        description=top.take("description", str, ""),
        title=display_name or name,
        hidden=hidden,
        inputs=_inputs(top),
        steps=tuple(reading.steps),
        agents=load_agents(folder),
        output=top.take("output", (str, dict), None),
        timeout_ms=reading.duration(top, "timeout"),
    )
    top.finish()
    check_definition(definition, reading.nodes)
    if definition.output is not None:
        check_template(definition, definition.output, top.place("output"))
    return Loaded(definition, reading.nodes)


def _inputs(top: Node) -> dict[str, InputField]:
    declared = top.child("input")
    fields: dict[str, InputField] = {}
    for name in declared.keys() if declared else ():
        assert declared is not None
        written = declared.take(name, (str, dict))
        options = {"type": written} if isinstance(written, str) else dict(written)
        kind = options.pop("type", None)
        required = "default" not in options
        default, choices = options.pop("default", None), options.pop("choices", [])
        if kind not in _TYPES or options or not isinstance(choices, list):
            raise declared.place(name).error(f"expected one of {', '.join(_TYPES)}, or {{type, default, choices}}")
        whole = {"type": kind, "required": required, "default": default, "choices": choices}
        fields[name] = InputField.model_validate(whole)
        try:
            check_default(name, fields[name])
        except Invalid as error:
            raise declared.place(name, "default").error(error.detail) from error
    return fields


def _display(path: Path) -> tuple[str | None, bool]:
    """The name people see, and whether the workflow is left out where they choose one."""
    if not path.exists():
        return None, False
    top = read_yaml(path)
    ui = top.child("ui")
    if ui is None:
        raise top.place().error("'ui' is missing")
    name: str = ui.take("display_name", str)
    hidden: bool = ui.take("hidden", bool, False)
    ui.take("description", str, "")
    ui.take("icon", str, "")
    ui.finish()
    top.finish()
    return name, hidden


__all__ = ["Loaded", "WorkflowInvalid", "load_folder", "load_workflow"]
