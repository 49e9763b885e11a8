"""`agents.yaml`: who a workflow's steps may run as, and the files of agents that operators wrote themselves."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from common.contracts.agents import AgentTool
from common.contracts.message import AgentSpec, Framework

from orchestrator.definitions.files import Node, Place, read_yaml

FILE = "agents.yaml"
_ENTRY = re.compile(r"^(?P<file>[A-Za-z0-9_][A-Za-z0-9_./-]*\.py):(?P<function>[A-Za-z_][A-Za-z0-9_]*)$")


def load_agents(folder: Path) -> dict[str, AgentSpec]:
    """The agents of a workflow folder by name; none without an `agents.yaml`. Raises `WorkflowInvalid`."""
    path = folder / FILE
    if not path.exists():
        return {}
    top = read_yaml(path)
    agents: dict[str, AgentSpec] = {}
    for node in top.children("agents"):
        name = node.take("name", str)
        if name in agents:
            raise node.place("name").error(f"agent {name!r} is declared twice")
        agents[name] = _agent(node, name, folder)
        node.finish()
    top.finish()
    return agents


def _agent(node: Node, name: str, folder: Path) -> AgentSpec:
    framework = _framework(node)
    return AgentSpec(
        name=name,
        role=node.take("role", str, ""),
        instructions=node.take("instructions", str),
        model=node.take("model", str, None),
        tools=_tools(node, framework),
        sampling=node.take("sampling", dict, {}),
        framework=framework,
        entry=_entry(node, folder) if framework else None,
        folder=folder.name if framework else None,
    )


def _tools(node: Node, framework: Framework | None) -> tuple[str, ...]:
    """The tools as written: those that there are, each once. An operator's own agent may have others, of its own."""
    written = node.take("tools", list, [])
    for number, name in enumerate(written, 1):
        if not isinstance(name, str):
            raise node.place("tools").error(f"tool {number} is no name")
        if framework is None and name not in tuple(AgentTool):
            raise node.place("tools").error(f"there is no tool {name!r}; there are {', '.join(AgentTool)}")
        if name in written[: number - 1]:
            raise node.place("tools").error(f"tool {name!r} is named twice")
    return tuple(written)


def _framework(node: Node) -> Framework | None:
    if not node.has("framework"):
        if node.has("entry"):
            raise node.place("entry").error("an 'entry' needs the 'framework' its agent is written in")
        return None
    written = node.take("framework", str)
    if written not in tuple(Framework):
        raise node.place("framework").error(f"expected one of {', '.join(Framework)}, found {written!r}")
    return Framework(written)


def _entry(node: Node, folder: Path) -> str:
    """The entry as written, once its file and function are known to be there. Nothing of the file is run."""
    written: str = node.take("entry", str)
    place = node.place("entry")
    match = _ENTRY.match(written)
    if match is None:
        raise place.error(f"{written!r} is not a file of this folder and a function in it, such as 'agent.py:build'")
    path = (folder / match["file"]).resolve()
    # A link that leads out of the folder is outside of it, however it is written.
    if not path.is_relative_to(folder.resolve()):
        raise place.error(f"{match['file']!r} is outside of the workflow's folder")
    if not path.is_file():
        raise place.error(f"there is no file {match['file']!r} in the workflow's folder")
    if match["function"] not in _functions(path, match["file"], place):
        raise place.error(f"{match['file']} defines no function {match['function']!r} at its top level")
    return written


def _functions(path: Path, name: str, place: Place) -> set[str]:
    try:
        tree = ast.parse(path.read_bytes(), filename=name)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise place.error(f"{name}, line {line}, is not Python: {getattr(error, 'msg', error)}") from error
    return {each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
