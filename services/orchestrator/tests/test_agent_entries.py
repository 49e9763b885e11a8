"""Where an agent acted, the record says which one, and by which version of its prompt."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.errors import ContentBlocked
from testkit.engine import Engine, think, write_workflow, write_workflows
from testkit.listening import eventually
from testkit.workshop import Rows

AGENTED = """workflow_name: agented
input: {brief: str}
steps:
  - id: first
    run: ideation.propose_ideas
    agent: pitcher
    with: {brief: "${input.brief}"}
"""
PROMPT = "Pitch boldly."
TOLD = (
    "select convert_from(body, 'utf8') from ideation.outbox where run_id = %s"
    " and subject = 'cmd.compliance.audit.v1' order by seq"
)


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One step that runs as an agent, besides the usual ones."""
    folder = write_workflows(tmp_path_factory.mktemp("workflows"))
    own = write_workflow(folder, AGENTED)
    (own / "agents.yaml").write_text(f"agents:\n  - name: pitcher\n    instructions: {PROMPT}\n")
    return folder


async def refuse(_input: IdeationInput, _step: object) -> IdeationOutput:
    raise ContentBlocked("Not that.", reason="no_that")


@pytest.mark.parametrize(
    ("act", "status", "result"), [(think, "completed", "ok"), (refuse, "failed", "content_blocked")]
)
async def test_an_agents_attempt_is_on_record(
    engine: Engine, rows: Rows, act: object, status: str, result: str
) -> None:
    async with engine.on_duty(act):  # type: ignore[arg-type]  # both are acts
        run_id = await engine.start("agented", brief="Bees")
        await engine.shows(run_id, status)
    await eventually(lambda: rows(TOLD, run_id))
    [entry] = [json.loads(body) for (body,) in rows(TOLD, run_id)]
    assert (entry["actor"], entry["action"], entry["result"]) == ("agent:pitcher", "agent.acted", result)
    assert entry["prompt_sha256"] == hashlib.sha256(PROMPT.encode()).hexdigest()
    assert (entry["agent"], entry["detail"]["capability"]) == ("pitcher", "ideation.propose_ideas")
