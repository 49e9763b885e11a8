"""A run keeps the version of its workflow that it was started with, until somebody moves it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from testkit.engine import Engine, write_workflows
from testkit.workshop import Rows

Engines = Callable[[], AbstractAsyncContextManager[Engine]]
HEAD = "workflow_name: tale\ninput: {brief: str, much: {type: 'list[str]', default: []}}\nsteps:\n"
NOD = """  - id: nod
    wait: {signal: nod}
    shows_as: awaiting_nod
"""
THINK = """  - id: think
    run: ideation.propose_ideas
    with: {brief: "BRIEF"}
"""
OLD, NEW, MENDED = (THINK.replace("BRIEF", text) for text in ("${input.much[0]}", "New", "${input.brief}"))


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The usual ones, and one that changes."""
    folder = write_workflows(tmp_path_factory.mktemp("workflows"))
    (folder / "tale").mkdir()
    return folder


@pytest.fixture
async def engine(engines: Engines, workflows: Path) -> AsyncIterator[Engine]:
    """One that knows the folder as it was, and is there when it changes."""
    write(workflows, NOD + OLD)
    async with engines() as started:
        yield started


def write(folder: Path, steps: str) -> None:
    """Change the workflow's file; only an orchestrator that starts later sees it."""
    (folder / "tale" / "orchestrator.yaml").write_text(HEAD + steps)


async def migrate(engine: Engine, run_id: UUID, *, dry_run: bool = False, status: int = 200) -> dict[str, Any]:
    """Ask as the creator. → the answer."""
    answer = await engine.post(f"/v1/runs/{run_id}/migrate", {"dry_run": dry_run})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def title(engine: Engine, run_id: UUID) -> str:
    """What the completed run gave."""
    return str((await engine.shows(run_id, "completed"))["output"]["ideas"][0]["title"])


async def test_a_run_goes_by_its_own_version_until_it_is_moved(
    engine: Engine, engines: Engines, workflows: Path, rows: Rows
) -> None:
    stays, moves = [await engine.start("tale", much=["Old"]) for _ in range(2)]
    write(workflows, NOD.replace("awaiting_nod", "awaiting_a_nod") + NEW)
    async with engines() as later, later.on_duty():
        told = await migrate(later, moves, dry_run=True)
        assert (told["applied"], told["report"]["possible"]) == (False, True)
        assert [(one["step"], one["change"], one["members"]) for one in told["report"]["changes"]] == [
            ("nod", "changed", ["shows_as"]),
            ("think", "changed", ["inputs"]),
        ]
        assert (await later.run(moves))["status"] == "awaiting_nod"
        assert [(await migrate(later, moves))["applied"] for _ in range(2)] == [True, False]
        assert (await later.run(moves))["status"] == "awaiting_a_nod"
        for run_id in (stays, moves):
            await later.post(f"/v1/runs/{run_id}/signals/nod")
        assert (await title(later, stays), await title(later, moves)) == ("Old", "New")
        # The orchestrator that knows only the old file goes on with both.
        assert (await engine.run(moves))["definition_digest"] == told["report"]["to_digest"]
    assert (await engine.history(moves)).count("run.migrated") == 1
    audited = rows(
        "select count(*) from orchestrator.outbox where run_id = %s and subject = 'cmd.compliance.audit.v1'"
        " and convert_from(body, 'utf8')::jsonb ->> 'action' = 'run.migrated'",
        moves,
    )
    assert audited == [(1,)]


async def test_a_failed_run_goes_on_by_the_mended_folder(engine: Engine, engines: Engines, workflows: Path) -> None:
    run_id = await engine.start("tale", brief="Bees")
    await engine.post(f"/v1/runs/{run_id}/signals/nod")
    assert (await engine.shows(run_id, "failed"))["error"]["code"] == "expression_failed"
    write(workflows, NOD + MENDED)
    async with engines() as later, later.on_duty():
        await later.post(f"/v1/runs/{run_id}/retry")
        assert (await later.shows(run_id, "failed"))["error"]["code"] == "expression_failed"
        assert (await migrate(later, run_id))["applied"]
        await later.post(f"/v1/runs/{run_id}/retry")
        assert await title(later, run_id) == "Bees"


async def test_what_cannot_be_moved_stays_and_says_why(engine: Engine, engines: Engines, workflows: Path) -> None:
    waiting, running = await engine.start("tale", much=["Old"]), await engine.start("tale", much=["Old"])
    await engine.post(f"/v1/runs/{running}/signals/nod")
    write(workflows, NEW)
    async with engines() as later:
        gone = await migrate(later, waiting, status=409)
        assert (gone["error"], gone["report"]["possible"]) == ("cannot_be_migrated", False)
        assert "'nod'" in gone["detail"]
        busy = await migrate(later, running, status=409)
        assert "Pause it first." in busy["report"]["obstacles"][0]
        told = await migrate(later, running, dry_run=True)
        assert told["report"] == busy["report"]
        # At rest it may be moved, though a worker has yet to answer: to the same capability.
        await later.post(f"/v1/runs/{running}/pause")
        assert (await migrate(later, running))["applied"]
        await later.post(f"/v1/runs/{running}/cancel")
        over = await migrate(later, running, status=200, dry_run=True)
        assert "It is over." in over["report"]["obstacles"][0]
        foreign = await later.post(f"/v1/runs/{waiting}/migrate", {}, tenant=f"{engine.tenant}-b")
        assert foreign.status_code == 404
        await later.post(f"/v1/runs/{waiting}/cancel")
