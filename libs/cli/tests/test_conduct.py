"""Going along with a run: which gates are answered, and what the exit code says."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from cli import conduct
from cli.answers import Frame
from cli.client import Client
from cli.conduct import Companion, exit_code_of
from cli.exits import ExitCode
from cli.gates import Answer, Held
from cli.stream import BOUNDARY
from cli.target import Credential, Target
from common.contracts.values import Decision
from pydantic import SecretStr

if TYPE_CHECKING:
    from libs.cli.tests.conftest import SmallApi

RUN_ID = UUID("0194b7f0-5a7e-7cc3-98c4-dc0c0c07398f")
OLD, OPEN = "6f0e6a0e-0e65-5d0a-9b1a-0d1f5b8a7c11", "6f0e6a0e-0e65-5d0a-9b1a-0d1f5b8a7c12"


class Story:
    """The frames of one run, told through the stream's place in `conduct`."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []

    def tell(self, type: str, **data: Any) -> Story:
        at = f"2026-11-21T08:00:{len(self.frames):02d}Z"
        self.frames.append(Frame.model_validate({"type": type, "seq": len(self.frames) + 1, "at": at, "data": data}))
        return self

    def boundary(self) -> Story:
        self.frames.append(Frame(type=BOUNDARY))
        return self

    def watch(self, _target: Target, _run_id: UUID) -> Generator[Frame | None, None, None]:
        yield from self.frames


@pytest.fixture
def client(api: SmallApi, tmp_path: Path) -> Client:
    """A client of the small stack, whose run waits at a second gate after the first was decided."""
    verdict = {"level": "allowed", "findings": [], "policy_version": "1", "checked_rules": 3}
    held = {"content": {"title": "A film"}, "verdict": verdict, "policy_version": "1"}
    for item in (OLD, OPEN):
        api.answer("GET", f"/v1/airlock/items/{item}", held)
    api.answer("POST", f"/v1/runs/{RUN_ID}/approve", {"decision": "approved"})
    api.answer("GET", "/v1/workflows", [{"name": "short_video", "status": "ready", "steps": ["first", "second"]}])
    key = Credential(SecretStr("k"))
    return Client(Target(api.url, key, key, "reviewer", tmp_path))


@pytest.fixture
def story(monkeypatch: pytest.MonkeyPatch) -> Story:
    """A run that was at its first gate once and is at its second now."""
    story = Story()
    story.tell("gate.opened", step="first", item_id=OLD).tell("gate.decided", step="first", decision="approved")
    story.tell("gate.opened", step="second", item_id=OPEN).boundary()
    monkeypatch.setattr(conduct, "watch", story.watch)
    return story


def test_only_gates_that_are_open_now_are_answered(client: Client, story: Story, api: SmallApi) -> None:
    story.tell("gate.decided", step="second", decision="approved").tell("run.completed")
    asked: list[Held] = []

    def decide(held: Held) -> Answer:
        asked.append(held)
        return Answer(Decision.APPROVED)

    with client:
        _, journey = Companion(client, RUN_ID, decide=decide).accompany()
    assert [held.step for held in asked] == ["second"]
    sent = [body for method, _, _, body in api.asked if method == "POST"]
    assert sent == [{"comment": "", "interrupt_id": OPEN}]
    assert journey.ended == "completed"


def test_with_nobody_here_the_run_is_left_waiting(client: Client, story: Story, api: SmallApi) -> None:
    api.answer("GET", f"/v1/runs/{RUN_ID}", api.run(state="waiting", status="awaiting"))
    with client:
        stands, journey = Companion(client, RUN_ID, decide=None).accompany()
    assert exit_code_of(stands) is ExitCode.USAGE
    assert journey.gate is not None
    assert all(method == "GET" for method, *_ in api.asked)


def test_somebody_else_may_be_faster(client: Client, story: Story, api: SmallApi) -> None:
    story.tell("gate.decided", step="second", decision="rejected").tell("run.rejected")
    api.refuse("POST", f"/v1/runs/{RUN_ID}/approve", 409, "gate_already_decided", "Ann was first.")
    with client:
        _, journey = Companion(client, RUN_ID, decide=lambda _: Answer(Decision.APPROVED)).accompany()
    assert journey.ended == "rejected"


@pytest.mark.parametrize(("state", "code"), [("completed", 0), ("failed", 1), ("cancelled", 1), ("waiting", 2)])
def test_where_a_run_stands_is_the_exit_code(client: Client, api: SmallApi, state: str, code: int) -> None:
    api.answer("GET", f"/v1/runs/{RUN_ID}", api.run(state=state))
    with client:
        assert exit_code_of(client.run(RUN_ID)) == code
