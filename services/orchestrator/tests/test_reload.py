"""An edited prompt or workflow counts from the next run on; a broken edit is shown and changes nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from testkit.engine import Engine, write_workflow
from testkit.listening import eventually

TALE = """workflow_name: tale
input: {brief: str}
steps:
  - {id: nap, sleep: 1h}
  - {id: think, run: ideation.propose_ideas, agent: teller, with: {brief: "${input.brief}"}}
"""
AGENTS = "agents:\n  - name: teller\n    instructions: {}\n"


async def tale(engine: Engine) -> dict[str, Any]:
    listed = (await engine.get("/v1/workflows")).json()
    return next((one for one in listed if one["name"] == "tale"), {})


async def prompts(engine: Engine) -> list[str]:
    return [agent["instructions"] for agent in (await tale(engine)).get("agents", [])]


@pytest.mark.feature("M9")
async def test_an_edited_prompt_is_the_next_runs_and_a_broken_edit_changes_nothing(
    engine: Engine, workflows: Path
) -> None:
    folder = write_workflow(workflows, TALE)
    (folder / "agents.yaml").write_text(AGENTS.format("Tell it plainly."))

    async def says(prompt: str) -> None:
        async def look() -> bool:
            return await prompts(engine) == [prompt]

        await eventually(look, seconds=30)

    await says("Tell it plainly.")
    first = await engine.start("tale", brief="Tides")
    (folder / "agents.yaml").write_text(AGENTS.format("Tell it in verse."))
    await says("Tell it in verse.")
    second = await engine.start("tale", brief="Tides")
    digests = [(await engine.run(run))["definition_digest"] for run in (first, second)]
    assert digests[0] != digests[1] == (await tale(engine))["digest"]

    (folder / "agents.yaml").write_text("agents:\n  - name: teller\n    instruction: Sing it.\n")

    async def broken() -> bool:
        return "agents.yaml, line" in ((await tale(engine)).get("problem") or "")

    await eventually(broken, seconds=30)
    shown = await tale(engine)
    assert (shown["status"], shown["digest"]) == ("ready", digests[1]), "the last good version stays"
    third = await engine.start("tale", brief="Tides")
    assert (await engine.run(third))["definition_digest"] == digests[1]
    assert (await engine.run(first))["definition_digest"] == digests[0], "a run keeps the version it was started with"

    (folder / "agents.yaml").write_text(AGENTS.format("Sing it."))
    await says("Sing it.")
    assert (await tale(engine))["problem"] is None
    shutil.rmtree(folder)

    async def gone() -> bool:
        return await tale(engine) == {}

    await eventually(gone, seconds=30)
    assert (await engine.run(first))["status"] in {"running", "waiting"}
