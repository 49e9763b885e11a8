"""From `agent.py:build` to the function itself: the operator's file, found again and run by its path."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from common.contracts.message import AgentSpec

from ideation.errors import AgentBroke, AgentNotFound

Build = Callable[..., Any]
_FOLDER = re.compile(r"^[a-z][a-z0-9_]{0,63}$")


def load_build(agent: AgentSpec, workflows: Path) -> Build:
    """The function that builds the agent. A file is run once, and again after it changed.

    The loader of workflows looked at folder, file and function when the workflow was loaded; they are looked at again,
    because an order comes over the wire and files may have changed since. Raises `AgentNotFound` and `AgentBroke`.
    """
    name, _, function = (agent.entry or "").partition(":")
    if not _FOLDER.match(agent.folder or ""):
        raise AgentNotFound(f"Agent {agent.name!r} names no workflow folder.")
    folder = (workflows / str(agent.folder)).resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or path.suffix != ".py" or not path.is_file():
        raise AgentNotFound(
            f"Agent {agent.name!r} has no file {name!r} in {agent.folder!r} here; its folder must be below"
            " GREENLIGHT_WORKFLOWS_DIR of ideation, too."
        )
    build = getattr(_module(path, agent), function, None)
    if not callable(build):
        raise AgentNotFound(
            f"{agent.folder}/{name} has no function {function!r}, which agent {agent.name!r} is built by."
        )
    found: Build = build
    return found


def _module(path: Path, agent: AgentSpec) -> Any:
    written = hashlib.sha256(str(path).encode() + path.read_bytes()).hexdigest()
    # The name holds the content: a changed file is another module, and one that runs is not changed under its feet.
    name = f"greenlight_agent_{written[:16]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise AgentNotFound(f"{path.name} of agent {agent.name!r} cannot be imported.")
    module = importlib.util.module_from_spec(spec)
    # Libraries look up the type hints of tools and states through `sys.modules`.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise AgentBroke(f"{agent.folder}/{path.name} cannot be imported: {type(error).__name__}: {error}") from error
    return module
