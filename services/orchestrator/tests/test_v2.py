"""`/v2/runs`: the same runs as a graph with nodes, checkpoints and interrupts."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from common.bus.step import Step
from common.contracts.gates import GateDecided, GateInput, GateOpened, OpenGate, Verdict, VerdictLevel
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.values import Decision
from common.errors import ContentBlocked
from orchestrator.api.v2_shapes import VideoWorkflowState
from pydantic import ValidationError
from testkit.engine import Engine, think, write_workflow, write_workflows
from testkit.workshop import Rows, Worker

# The outline of short_video with other orders: two gates, two joins, a hidden step before and behind.
CHAIN = """workflow_name: chain
input: {brief: str}
steps:
  - id: brief_check
    hidden: true
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
  - id: ideation
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
  - id: ideation_approval
    gate: ideation
    shows_as: awaiting_ideation_approval
    holds: {brief: "${input.brief}"}
    decisions: {changes: {go_to: ideation, at_most: 2}}
  - id: production
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
    starts:
      each: "${['a', 'b']}"
      run: ideation.propose_ideas
      with: {brief: "${item}"}
  - id: wait_for_videos
    wait: {for: production}
  - id: publishing
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
  - id: archive
    hidden: true
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
"""
WAITING = """workflow_name: waiting
input: {brief: str}
steps:
  - id: nod
    wait: {signal: nod}
"""
VENDORS = """workflow_name: vendors
input: {brief: str}
steps:
  - id: paid
    wait: {signal: "shop:42"}
"""
FILM = """workflow_name: film
input: {brief: str}
steps:
  - id: clips
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
  - id: editing
    run: ideation.propose_ideas
    with: {brief: "${input.brief} cut"}
"""
PARENT = """workflow_name: parent
input: {brief: str}
steps:
  - id: child
    subrun: thought
    with: {brief: "${input.brief}"}
"""


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The usual ones and these."""
    folder = write_workflows(tmp_path_factory.mktemp("workflows"))
    for steps in (CHAIN, WAITING, VENDORS, FILM, PARENT):
        write_workflow(folder, steps)
    return folder


async def open_gate(input: GateInput, step: Step) -> GateOpened:
    """An airlock that holds everything; the test decides."""
    return GateOpened(
        item_id=step.id, manifest_sha256="0" * 64, verdict=Verdict(level=VerdictLevel.ALLOWED, policy_version="1")
    )


async def decide(worker: Worker, engine: Engine, run: dict[str, Any], decision: Decision) -> None:
    """As compliance tells it."""
    decided = GateDecided(
        item_id=UUID(run["interrupts"][0]["id"]), gate="ideation", decision=decision, decided_by="rob",
        comment="why", content={"brief": "edited"}, manifest_sha256="0" * 64, policy_version="1",
    )  # fmt: skip
    async with worker.work.transaction(engine.tenant) as tx:
        tx.send(decided.subject, decided, run=UUID(run["run_id"]))


async def v2(engine: Engine, run_id: object, path: str = "") -> Any:
    """The answer of a look."""
    answer = await engine.get(f"/v2/runs/{run_id}{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def resume(engine: Engine, run_id: object, **body: Any) -> tuple[int, str | None]:
    """Resume as the creator. → status and error."""
    answer = await engine.post(f"/v2/runs/{run_id}/resume", body)
    return answer.status_code, answer.json().get("error")


@pytest.mark.feature("M27")
@pytest.mark.feature("M31")
@pytest.mark.feature("M32")
async def test_a_run_is_shown_as_a_graph_from_start_to_end(engine: Engine, rows: Rows) -> None:
    async with engine.on_duty(), engine.on_duty(open_gate, capability=OpenGate) as worker:
        body = {"workflow": "chain", "brief": "Bees", "user_id": "ann"}
        answer = await engine.post("/v2/runs/start", body)
        begun = answer.json()
        assert (answer.status_code, begun["thread_id"], begun["interrupt"]) == (202, begun["run_id"], None)
        assert (begun["state"]["brief"], begun["state"]["approvals"], begun["next"]) == ("Bees", [], ["ideation"])
        run_id = UUID(begun["run_id"])
        for decision in (Decision.CHANGES_REQUESTED, Decision.APPROVED):
            held = await engine.shows(run_id, "awaiting_ideation_approval")
            stands = await v2(engine, run_id, "/state")
            assert (stands["state"]["status"], stands["next"]) == ("awaiting_ideation_approval", ["ideation_approval"])
            [waits] = stands["interrupts"]
            assert (waits["kind"], waits["gate"]) == ("hitl", "ideation_approval")
            assert waits["payload"]["item_id"] == waits["id"]
            await decide(worker, engine, held, decision)
            await engine.shows(run_id, "completed" if decision is Decision.APPROVED else "awaiting_ideation_approval")
    stands = await v2(engine, run_id, "/state")
    assert set(stands) == {"state", "next", "interrupts"}
    state = VideoWorkflowState.model_validate(stands["state"])
    assert [(one.gate, one.decision, one.decided_by, one.comment) for one in state.approvals] == [
        ("ideation_approval", "changes_requested", "rob", "why"),
        ("ideation_approval", "approved", "rob", "why"),
    ]
    assert (state.status, state.errors, stands["next"], stands["interrupts"]) == ("completed", [], [], [])
    with pytest.raises(ValidationError):
        VideoWorkflowState.model_validate(stands["state"] | {"colour": "red"})
    history = await v2(engine, run_id, "/history")
    nodes = [entry["node"] for entry in history]
    assert nodes == [
        "ideation", "ideation_approval", "ideation", "ideation_approval",
        "production", "wait_for_videos", "publishing",
    ]  # fmt: skip
    assert [entry["next"] for entry in history] == [*([node] for node in nodes[1:]), []]
    numbers = [int(entry["checkpoint_id"].removeprefix(f"{run_id}:")) for entry in history]
    assert numbers == sorted(set(numbers))
    kept = rows("select seq from orchestrator.run_events where run_id = %s order by seq", run_id)
    assert {(number,) for number in numbers} <= set(kept)
    assert rows("select (state ->> 'seq')::int from orchestrator.runs where id = %s", run_id) == kept[-1:]
    assert [entry["values"]["output"] is None for entry in history] == [True, True, *[False] * 5]
    assert [entry["values"]["decision"]["decision"] for entry in history if entry["node"] == "ideation_approval"] == [
        "changes_requested",
        "approved",
    ]


@pytest.mark.feature("M29")
async def test_a_rejected_run_ends_with_the_comment(engine: Engine) -> None:
    async with engine.on_duty(), engine.on_duty(open_gate, capability=OpenGate) as worker:
        run_id = await engine.start("chain")
        await decide(worker, engine, await engine.shows(run_id, "awaiting_ideation_approval"), Decision.REJECTED)
        run = await engine.shows(run_id, "rejected")
    stands = await v2(engine, run_id, "/state")
    assert (run["rejection"], stands["next"], stands["interrupts"]) == ("why", [], [])
    assert [entry["node"] for entry in await v2(engine, run_id, "/history")] == ["ideation", "ideation_approval"]


@pytest.mark.feature("M30")
async def test_a_signal_is_an_interrupt_that_is_resumed_once(engine: Engine) -> None:
    run_id = await engine.start("waiting")
    [waits] = (await v2(engine, run_id, "/state"))["interrupts"]
    assert (waits["id"], waits["kind"], waits["node"]) == ("nod", "webhook", "nod")
    assert await resume(engine, run_id, interrupt_id="nobody") == (404, "unknown_interrupt")
    assert await resume(engine, run_id, interrupt_id=str(uuid4())) == (404, "unknown_interrupt")
    answer = await engine.post(f"/v2/runs/{run_id}/resume", {"interrupt_id": "nod", "data": {"n": 7}})
    assert (answer.status_code, answer.json()["status"]) == (200, "completed"), answer.text
    assert answer.json()["state"]["output"] == {"n": 7}
    assert await resume(engine, run_id, interrupt_id="nod") == (409, "already_resumed")
    assert await resume(engine, run_id) == (409, "run_is_over")


@pytest.mark.feature("M30")
@pytest.mark.feature("M32")
async def test_a_gate_is_an_interrupt_that_is_decided_once(engine: Engine) -> None:
    async with engine.on_duty(), engine.on_duty(open_gate, capability=OpenGate) as worker:
        run_id = await engine.start("chain")
        held = await engine.shows(run_id, "awaiting_ideation_approval")
        gate = held["interrupts"][0]["id"]
        # A decision has to be said, and compliance, which is away here, alone takes it.
        assert await resume(engine, run_id, interrupt_id=gate) == (422, "invalid")
        for path, body in (
            ("resume", {"interrupt_id": gate, "approved": True}),
            ("resume", {"approved": False}),
            ("approve", {"interrupt_id": gate}),
            ("approve/hitl", {}),
            ("reject", {"comment": "no"}),
        ):
            assert (await engine.post(f"/v2/runs/{run_id}/{path}", body)).status_code == 503, path
        for path, body in (
            ("resume", {"interrupt_id": str(uuid4()), "approved": True}),
            ("approve", {"interrupt_id": str(uuid4())}),
            ("reject", {"interrupt_id": str(uuid4()), "comment": "no"}),
        ):
            answer = await engine.post(f"/v2/runs/{run_id}/{path}", body)
            assert (answer.status_code, answer.json()["error"]) == (404, "unknown_interrupt"), path
        await decide(worker, engine, held, Decision.APPROVED)
        await engine.shows(run_id, "completed")
    assert await resume(engine, run_id, interrupt_id=gate, approved=True) == (409, "already_resumed")


async def test_what_a_vendor_says_nobody_else_may_say(engine: Engine) -> None:
    run_id = await engine.start("vendors")
    assert await resume(engine, run_id, interrupt_id="shop:42", data={"paid": True}) == (403, "forbidden")
    reviewer = await engine.person("reviewer")
    plain = await engine.start("waiting")
    answer = await engine.client.post(f"/v2/runs/{plain}/resume", json={}, headers=reviewer.headers)
    assert answer.status_code == 403
    for one in (run_id, plain):
        assert (await engine.run(one))["status"] == "waiting"
        await engine.post(f"/v1/runs/{one}/cancel")


async def test_a_paused_run_goes_on(engine: Engine) -> None:
    async with engine.on_duty():
        run_id = await engine.start("checked")
        assert await resume(engine, run_id) == (409, "nothing_to_resume")
        await engine.post(f"/v1/runs/{run_id}/pause")
        assert (await v2(engine, run_id))["status"] == "paused"
        assert (await resume(engine, run_id))[0] == 200
        assert (await v2(engine, run_id))["status"] == "running"
        await engine.post(f"/v1/runs/{run_id}/cancel")


async def test_what_failed_is_repaired_and_what_was_made_is_cut_anew(engine: Engine) -> None:
    """The originals' actions, where they mean something here."""
    asked: list[str] = []

    async def refuse_a_cut(input: IdeationInput, step: Step) -> IdeationOutput:
        asked.append(input.brief)
        if asked.count("Bees cut") in {1, 2} and input.brief == "Bees cut":
            raise ContentBlocked("Rule 7 forbids it.")
        return await think(input, step)

    async with engine.on_duty(refuse_a_cut):
        run_id = await engine.start("film", brief="Bees")
        for action in ("repair-render", "auto"):
            await engine.shows(run_id, "failed")
            assert (await resume(engine, run_id, action=action))[0] == 200
        await engine.shows(run_id, "completed")
        assert asked == ["Bees", *["Bees cut"] * 3]
        assert await resume(engine, run_id, action="repair-videos") == (409, "nothing_to_resume")
        assert await resume(engine, run_id, action="auto") == (409, "run_is_over")
        forks = [
            (await engine.post(f"/v2/runs/{run_id}/resume", {"action": "fork-from-clips"}, **{"Idempotency-Key": "k"}))
            for _ in range(2)
        ]
        [fork] = {one.json()["run_id"] for one in forks}
        await engine.shows(UUID(fork), "completed")
    assert fork != str(run_id)
    assert asked[4:] == ["Bees cut"]
    reviewer = await engine.person("reviewer")
    for action in ("fork-from-clips", "repair-render"):
        body = {"action": action}
        refused = await engine.client.post(f"/v2/runs/{run_id}/resume", json=body, headers=reviewer.headers)
        assert (refused.status_code, refused.json()["error"]) == (403, "forbidden"), action


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"action": "publish"}, "gate is approved"),
        ({"action": "videos"}, "looks for it itself"),
        ({"action": "render"}, "looks for it itself"),
        ({"action": "auto", "force": True}, "passed by a decision"),
        ({"action": "auto", "checkpoint_id": "c1"}, "/fork"),
        ({"action": "repair-videos", "video_indexes": [1, 2]}, "'rework'"),
        ({"action": "explode"}, "repair-render"),
        ({"action": ["publish"]}, "repair-render"),
    ],
)
async def test_what_has_another_door_is_refused_with_a_word_about_it(
    engine: Engine, body: dict[str, Any], word: str
) -> None:
    answer = await engine.post(f"/v2/runs/{uuid4()}/resume", body)
    assert answer.status_code == 422
    assert word in answer.text


async def test_another_tenants_graph_is_not_there(engine: Engine) -> None:
    run_id = await engine.start("waiting")
    other = f"{engine.tenant}-b"
    for path in ("", "/state", "/history"):
        assert (await engine.get(f"/v2/runs/{run_id}{path}", tenant=other)).status_code == 404, path
    for path in ("approve", "approve/hitl", "resume"):
        assert (await engine.post(f"/v2/runs/{run_id}/{path}", {}, tenant=other)).status_code == 404, path
    await engine.post(f"/v1/runs/{run_id}/cancel")


async def test_the_runs_a_run_has_started_are_its_children(engine: Engine) -> None:
    async with engine.on_duty():
        run_id = await engine.start("parent", brief="Bees")
        await engine.shows(run_id, "completed")
    [child] = (await engine.get(f"/v1/runs/{run_id}/children")).json()["items"]
    assert (child["parent_run_id"], child["depth"], child["workflow"]) == (str(run_id), 1, "thought")
    assert (await engine.get(f"/v1/runs/{child['run_id']}/children")).json()["items"] == []
    assert (await engine.get(f"/v1/runs/{run_id}/children", tenant=f"{engine.tenant}-b")).status_code == 404
