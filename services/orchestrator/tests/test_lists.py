"""Lists of runs: filters, the choice of members, text in briefs, and that no list reads the whole table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from common.contracts.values import RunStatus
from orchestrator import repository
from orchestrator.repository import RunFilter, select_runs
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from testkit.engine import Engine, write_workflows
from testkit.stack import Stack
from testkit.workshop import Rows, open_work

MANY = 10_000
MIDDLE = datetime(2026, 1, 1, tzinfo=UTC)
FILTERS = {
    "all": RunFilter(),
    "status": RunFilter(status=(RunStatus.WAITING, RunStatus.FAILED)),
    "workflow": RunFilter(workflow="rare"),
    "created": RunFilter(created_after=datetime(2025, 12, 31, tzinfo=UTC), created_before=MIDDLE),
    "created_by": RunFilter(created_by="ann"),
    "session": RunFilter(session_id=UUID(int=7)),
    "parent": RunFilter(parent_run_id=UUID(int=8)),
    "degraded": RunFilter(degraded=True),
    "duration": RunFilter(min_seconds=60, max_seconds=600),
    "text": RunFilter(text="bees"),
    "ids": RunFilter(ids=(UUID(int=1), UUID(int=2))),
}


async def listed(engine: Engine, query: str, **headers: str) -> list[dict[str, Any]]:
    """The items of one page."""
    answer = await engine.get(f"/v1/runs?{query}", **headers)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def ids(engine: Engine, query: str) -> list[UUID]:
    """The runs on one page."""
    return [UUID(item["run_id"]) for item in await listed(engine, query)]


@pytest.mark.feature("A130", "P82")
async def test_filters_leave_out_what_they_say(engine: Engine, rows: Rows) -> None:
    session = uuid4()
    plain = await engine.start("checked", brief="How tides work")
    thought = await engine.start("thought", brief="Why bees DANCE")
    body = {"workflow": "checked", "input": {"brief": "Élan vital"}, "session_id": str(session)}
    of_session = UUID((await engine.post("/v1/runs", body)).json()["run_id"])
    await engine.post(f"/v1/runs/{plain}/cancel")
    rows(
        'update orchestrator.runs set state = state || \'{"downgrades": [{"code": "c", "detail": "d",'
        ' "stage": "s"}]}\' where id = %s',
        thought,
    )
    # It took five minutes, and is over; the others began a moment ago.
    rows(
        "update orchestrator.runs set finished_at = created_at + interval '5 minutes' where id = %s",
        thought,
    )
    run = await engine.run(of_session)
    instant = run["created_at"].replace("+", "%2B")
    for query, wanted in (
        ("", [of_session, thought, plain]),
        ("status=cancelled", [plain]),
        ("status=cancelled&status=running", [of_session, thought, plain]),
        ("workflow=checked&status=running", [of_session]),
        (f"created_after={instant}", []),
        (f"created_before={instant}", [thought, plain]),
        (f"created_by={run['created_by']}", [of_session, thought, plain]),
        ("created_by=nobody", []),
        (f"session_id={session}", [of_session]),
        (f"parent_run_id={plain}", []),
        ("degraded=true", [thought]),
        ("degraded=false", [of_session, plain]),
        ("min_seconds=60", [thought]),
        ("max_seconds=60", [of_session, plain]),
        ("min_seconds=60&max_seconds=120", []),
        ("q=bees%20dance", [thought]),
        ("q=%C3%A9LAN", [of_session]),
        ("q=100%25", []),
        ("q=tides&status=running", []),
    ):
        assert await ids(engine, query) == wanted, query
    for wrong in (
        "status=asleep", "q=x", "q=%00%00", "workflow=%00", "created_after=yesterday",
        "created_after=2026-01-01T00:00:00", "session_id=7", "degraded=perhaps", "min_seconds=-1", "max_seconds=nan",
    ):  # fmt: skip
        assert (await engine.get(f"/v1/runs?{wrong}")).status_code == 422, wrong
    for run_id in (thought, of_session):
        await engine.post(f"/v1/runs/{run_id}/cancel")


async def test_only_the_members_asked_for_are_sent(engine: Engine) -> None:
    run_id = await engine.start("checked")
    whole = await engine.run(run_id)
    [few] = await listed(engine, "fields=run_id,status,cost_usd,created_at")
    assert few == {name: whole[name] for name in ("run_id", "status", "cost_usd", "created_at")}
    answer = await engine.get("/v1/runs?fields=run_id,colour")
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid")
    assert "no colour; it has" in answer.json()["detail"]
    assert "definition_digest" in answer.json()["detail"]
    await engine.post(f"/v1/runs/{run_id}/cancel")


async def test_a_search_goes_on_where_it_stopped_looking(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "SEARCHED", 2)
    wanted = [
        await engine.start("checked", brief=brief) for brief in ("bees", "x", "y", "z", "more bees", "bees again")
    ]
    found, cursor, pages = [], "", 0
    while pages < 9:
        page = (await engine.get(f"/v1/runs?q=bees&limit=1{cursor}")).json()
        found += [UUID(item["run_id"]) for item in page["items"]]
        pages += 1
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == [wanted[5], wanted[4], wanted[0]]
    for run_id in wanted:
        await engine.post(f"/v1/runs/{run_id}/cancel")


@pytest.fixture
def crowd(tenant: str, rows: Rows) -> Iterator[str]:
    """A tenant with as many runs as make an index worth it. → the tenant."""
    rows(
        """
        insert into orchestrator.runs (id, tenant_id, workflow, definition_digest, status, shown_status, input, state,
            created_by, session_id, parent_run_id, created_at, updated_at)
        select gen_random_uuid(), %(tenant)s, case when n %% 500 = 0 then 'rare' else 'tale' end, 'd',
            (array['running', 'waiting', 'completed', 'failed'])[1 + n %% 4], 'x',
            jsonb_build_object('brief', repeat('word ', 60)), '{}', case when n %% 500 = 1 then 'ann' else 'bob' end,
            case when n %% 500 = 2 then '00000000-0000-0000-0000-000000000007'::uuid end,
            case when n %% 500 = 3 then '00000000-0000-0000-0000-000000000008'::uuid end,
            timestamptz '2026-01-01Z' + (n - 5000) * interval '1 minute', now()
        from generate_series(1, %(many)s) as n
        """.replace("%(tenant)s", "%s").replace("%(many)s", "%s"),
        tenant, MANY,
    )  # fmt: skip
    rows("analyze orchestrator.runs")
    yield tenant
    rows("delete from orchestrator.runs where tenant_id = %s", tenant)
    rows("analyze orchestrator.runs")


@pytest.mark.parametrize("after", [None, (MIDDLE, UUID(int=0))], ids=["first", "next"])
async def test_no_list_reads_the_whole_table(crowd: str, stack: Stack, after: tuple[datetime, UUID] | None) -> None:
    work = open_work(stack, "orchestrator")
    try:
        for name, wanted in FILTERS.items():
            query = select_runs(wanted, limit=51, after=after)
            literal = query.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})  # type: ignore[no-untyped-call]
            async with work.transaction(crowd) as tx:
                plan = [line for (line,) in await tx.session.execute(text(f"explain {literal}"))]
            assert not [line for line in plan if "Seq Scan on runs" in line], (name, plan)
            assert [line for line in plan if "Index" in line], (name, plan)
    finally:
        await work.close()


async def test_a_hidden_workflow_is_listed_on_request_and_starts_by_name(
    engines: Callable[..., AbstractAsyncContextManager[Engine]], tmp_path: Path
) -> None:
    workflows = write_workflows(tmp_path)
    (workflows / "thought" / "ui_config.yaml").write_text("ui: {display_name: For machines, hidden: true}\n")
    async with engines(workflows_dir=str(workflows)) as engine:
        shown = {one["name"]: one["hidden"] for one in (await engine.get("/v1/workflows")).json()}
        assert shown == dict.fromkeys(["greedy", "checked", "gated"], False)
        every = {one["name"]: one["hidden"] for one in (await engine.get("/v1/workflows?hidden=true")).json()}
        assert every == shown | {"thought": True}
        run_id = await engine.start("thought")
        assert (await engine.run(run_id))["workflow"] == "thought"
        body = {"workflow": "nowhere", "input": {"brief": "x"}}
        assert "known are checked, gated, greedy." in (await engine.post("/v1/runs", body)).json()["detail"]
        await engine.post(f"/v1/runs/{run_id}/cancel")
