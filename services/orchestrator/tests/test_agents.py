"""Agents of an operator's own, as `agents.yaml` declares them: what cannot work is refused when it is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from common.contracts.message import Framework
from orchestrator.definitions.agents import load_agents
from orchestrator.definitions.files import WorkflowInvalid
from orchestrator.definitions.loader import load_workflow

HEAD = "agents:\n  - name: pitcher\n    instructions: Pitch.\n"


def write(folder: Path, members: str, code: str = "def build(kit):\n    return None\n") -> Path:
    (folder / "agents.yaml").write_text(HEAD + members)
    (folder / "agent.py").write_text(code)
    return folder


def test_an_agent_of_ones_own_knows_its_file_and_folder(tmp_path: Path) -> None:
    found = load_agents(write(tmp_path, "    framework: langgraph\n    entry: agent.py:build\n"))["pitcher"]
    assert (found.framework, found.entry, found.folder) == (Framework.LANGGRAPH, "agent.py:build", tmp_path.name)


def test_an_agent_without_a_framework_has_neither(tmp_path: Path) -> None:
    found = load_agents(write(tmp_path, ""))["pitcher"]
    assert (found.framework, found.entry, found.folder) == (None, None, None)
    assert load_agents(tmp_path / "nowhere") == {}


def test_an_async_function_in_a_folder_below_is_found(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "pitch.py").write_text("async def make(kit):\n    return None\n")
    found = load_agents(write(tmp_path, "    framework: ag2\n    entry: parts/pitch.py:make\n"))
    assert found["pitcher"].entry == "parts/pitch.py:make"


@pytest.mark.parametrize(
    ("members", "line", "field", "problem"),
    [
        ("    framework: crewai\n    entry: agent.py:build\n", 4, "framework", "langgraph, ag2, adk"),
        ("    entry: agent.py:build\n", 4, "entry", "needs the 'framework'"),
        ("    framework: adk\n", 2, "", "'entry' is missing"),
        ("    framework: adk\n    entry: agent.py\n", 5, "entry", "such as 'agent.py:build'"),
        ("    framework: adk\n    entry: /etc/agent.py:build\n", 5, "entry", "such as 'agent.py:build'"),
        ("    framework: adk\n    entry: parts/../../other/agent.py:build\n", 5, "entry", "outside"),
        ("    framework: adk\n    entry: link.py:build\n", 5, "entry", "outside"),
        ("    framework: adk\n    entry: gone.py:build\n", 5, "entry", "no file 'gone.py'"),
        ("    framework: adk\n    entry: agent.py:make\n", 5, "entry", "no function 'make'"),
        ("    framework: adk\n    entry: [agent.py]\n", 5, "entry", "expected str"),
    ],
)
def test_an_entry_that_cannot_work_is_refused_with_its_place(
    tmp_path: Path, members: str, line: int, field: str, problem: str
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (tmp_path / "elsewhere.py").write_text("def build(kit):\n    return None\n")
    (folder / "link.py").symlink_to(tmp_path / "elsewhere.py")
    with pytest.raises(WorkflowInvalid) as refused:
        load_agents(write(folder, members))
    said = str(refused.value)
    assert said.startswith(f"agents.yaml, line {line}")
    assert field in said
    assert problem in said


def test_a_file_that_is_not_python_is_refused_with_its_own_line(tmp_path: Path) -> None:
    members = "    framework: adk\n    entry: agent.py:build\n"
    with pytest.raises(WorkflowInvalid, match=r"agents\.yaml, line 5, .*agent\.py, line 2, is not Python"):
        load_agents(write(tmp_path, members, "x = 1\ndef build(:\n"))


def test_nothing_of_the_file_is_run(tmp_path: Path) -> None:
    members = "    framework: adk\n    entry: agent.py:build\n"
    raising = "raise SystemExit('run at load time')\ndef build(kit):\n    return None\n"
    assert load_agents(write(tmp_path, members, raising))["pitcher"].entry == "agent.py:build"


@pytest.mark.feature("M7")
@pytest.mark.parametrize(
    ("tools", "problem"),
    [
        ("[search_web, publish]", "no tool 'publish'; there are search_web, read_feeds"),
        ("[search_web, search_web]", "named twice"),
        ("[{search_web: true}]", "tool 1 is no name"),
        ("search_web", "expected list"),
    ],
)
def test_a_tool_that_there_is_not_is_refused_with_its_place(tmp_path: Path, tools: str, problem: str) -> None:
    with pytest.raises(WorkflowInvalid) as refused:
        load_agents(write(tmp_path, f"    role: A scout.\n    tools: {tools}\n"))
    assert str(refused.value).startswith("agents.yaml, line 5")
    assert "tools" in str(refused.value)
    assert problem in str(refused.value)


def test_an_agent_of_ones_own_has_tools_of_its_own(tmp_path: Path) -> None:
    own = "    framework: adk\n    entry: agent.py:build\n    tools: [reading_time]\n"
    assert load_agents(write(tmp_path, own))["pitcher"].tools == ("reading_time",)
    assert load_agents(write(tmp_path, "    tools: [read_feeds]\n"))["pitcher"].tools == ("read_feeds",)


@pytest.mark.parametrize(("capability", "works"), [("ideation.run_agent", True), ("ideation.propose_ideas", False)])
def test_tools_are_for_steps_that_let_an_agent_use_them(tmp_path: Path, capability: str, *, works: bool) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    write(folder, "    tools: [search_web]\n")
    given = "prompt" if works else "brief"
    (folder / "orchestrator.yaml").write_text(
        "workflow_name: mine\ninput: {brief: str}\nsteps:\n  - id: think\n"
        f'    run: {capability}\n    agent: pitcher\n    with: {{{given}: "${{input.brief}}"}}\n'
    )
    if works:
        assert load_workflow(folder).agents["pitcher"].tools == ("search_web",)
        return
    with pytest.raises(WorkflowInvalid, match=r"orchestrator\.yaml, line 6.*has tools, which only these let it use"):
        load_workflow(folder)
