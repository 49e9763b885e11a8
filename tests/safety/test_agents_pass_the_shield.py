"""What each agent is given and says passes the shield: one that says what may not be said fails its step, there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from common.artifacts import Artifacts
from common.clock import utc_now
from common.compute import ComputePool
from common.contracts.editing import AssembleTimeline, RenderCut
from common.contracts.ideation import Idea, IdeationOutput, ProposeIdeas
from common.contracts.message import Capability, Finished, Outcome
from common.contracts.production import Beat, BeatKind, Format, PlanProduction, PostCopy, Script
from common.contracts.publishing import Publish
from common.contracts.safety import ContentViolated
from common.contracts.values import Origin
from editor import handlers as editing
from ideation import handlers as thinking
from producer import handlers as producing
from producer.shelf import EmptyShelf
from publisher import handlers as publishing
from publisher.domain import ReleaseOutcome
from publisher.ports import Found
from sqlalchemy import select
from testkit.orders import Orders
from testkit.stack import Stack
from testkit.workshop import open_work, working
from vendors.speech.port import SpokenText
from vendors.text_model import Asking, TextRequest, Written
from vendors.text_model.port import Out

MARKER = "Here is how to build a pipe bomb"
IDEA = Idea(id="1", title="Tides", hook="The sea breathes.", angle="plain", summary="Why.", points=("a",), why="Short.")
POST = PostCopy(title="Tides", caption="How they work.")
SCRIPT = Script(
    title="Tides", beats=(Beat(kind=BeatKind.HOOK, narration="The sea breathes.", headline="Tides"),), post=POST
)
BY_TASK = {
    "propose_ideas": IdeationOutput(ideas=(IDEA.model_copy(update={"summary": MARKER}),)),
    "write_script": SCRIPT.model_copy(update={"post": POST.model_copy(update={"caption": MARKER})}),
}


class TalkedInto:
    """A model that writes what may not be said, and counts how often it was asked."""

    name = "stand-in/talked-into"
    models: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.asked = 0

    async def write(self, request: TextRequest[Out], *, asking: Asking) -> Written[Out]:
        self.asked += 1
        value = BY_TASK[request.task]
        assert isinstance(value, request.output)
        return Written(value=value, origin=Origin.OFFLINE, model=self.name)

    async def notice(self) -> None:
        return

    async def close(self) -> None:
        return


class Mute:
    """A voice that must not be used."""

    name = "stand-in/mute"
    origin = Origin.OFFLINE

    about = "mute"

    def usd_micros_for(self, text: str) -> int:
        return 0

    async def speak(self, text: str, *, language: str, pace: float = 1.0) -> SpokenText:
        raise AssertionError("what the shield stopped was about to be spoken")


class Shut:
    """A door to compliance that must not be knocked at."""

    async def ask(self, tenant: str, *, item_id: UUID, manifest_sha256: str, found: Found | None = None) -> UUID:
        raise AssertionError("a release was asked for")

    async def check(self, tenant: str, *, item_id: UUID, manifest_sha256: str, found: Found) -> None:
        raise AssertionError("a release was asked about")

    async def finish(self, tenant: str, *, permit_id: UUID, outcome: ReleaseOutcome) -> None:
        raise AssertionError("a release was finished")


class Shop:
    """The four services' own handlers behind the shield, with that model."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.model = TalkedInto()
        self.compute = ComputePool(1)
        self._stack = stack
        self._folder = folder
        picture = Format(width=270, height=480)
        self._acts: dict[Capability[Any, Any], Any] = {
            ProposeIdeas: partial(thinking.propose_ideas, writer=self.model),
            PlanProduction: partial(
                producing.plan_production,
                writer=self.model,
                speaker=Mute(),
                compute=self.compute,
                picture=picture,
                scratch=folder,
                shelf=EmptyShelf(),
            ),
            AssembleTimeline: editing.assemble_timeline,
            RenderCut: partial(editing.render_cut, scratch=folder, segments=folder),
            Publish: partial(publishing.publish, platforms={}, door=Shut(), clock=utc_now),
        }

    @asynccontextmanager
    async def open(self, capability: Capability[Any, Any]) -> AsyncIterator[None]:
        """While it is entered, that capability is served."""
        store = Artifacts((self._folder / "artifacts").as_uri())
        async with working(self._stack, self._acts[capability], artifacts=store, capability=capability):
            yield

    async def told(self, tenant: str, *, service: str) -> list[ContentViolated]:
        """The violations that service has told of this tenant."""
        work = open_work(self._stack, service)
        outbox = work.tables.outbox
        mine = (outbox.c.tenant_id == tenant) & (outbox.c.subject == ContentViolated.subject)
        async with work.system() as tx:
            found = await tx.session.execute(select(outbox.c.body).where(mine))
            events = [ContentViolated.model_validate_json(body) for body in found.scalars()]
        await work.close()
        return events


@pytest.fixture
def shop(stack: Stack, tmp_path: Path) -> Any:
    opened = Shop(stack, tmp_path)
    yield opened
    opened.compute.close()


def refused(finished: Finished) -> dict[str, Any]:
    assert finished.problem is not None
    assert (finished.outcome, finished.problem.code) == (Outcome.REFUSED, "content_blocked"), finished.problem
    assert finished.problem.extra["rules"] == ["dangerous.explosives"]
    assert finished.artifacts == ()
    return finished.problem.extra


@pytest.mark.feature("M64")
@pytest.mark.parametrize(
    ("capability", "given"),
    [
        (ProposeIdeas, {"brief": "How tides work"}),
        (PlanProduction, {"idea": IDEA.model_dump(), "brief": "How tides work"}),
    ],
    ids=["ideator", "scriptwriter"],
)
async def test_what_a_model_says_is_stopped_before_anything_is_made_of_it(
    shop: Shop, orders: Orders, tenant: str, capability: Capability[Any, Any], given: dict[str, Any]
) -> None:
    async with shop.open(capability):
        extra = refused(await orders.order(capability, given, tenant=tenant))
    assert (extra["side"], shop.model.asked) == ("output", 1)
    told = await shop.told(tenant, service=capability.service)
    assert [event.resource for event in told] == [capability.name]


@pytest.mark.feature("M64")
@pytest.mark.parametrize("capability", [ProposeIdeas, PlanProduction, AssembleTimeline, RenderCut, Publish])
async def test_what_an_agent_is_given_is_stopped_before_it_reads_it(
    shop: Shop, orders: Orders, tenant: str, capability: Capability[Any, Any], production: dict[str, Any]
) -> None:
    by_capability: dict[Capability[Any, Any], dict[str, Any]] = {
        ProposeIdeas: {"brief": "Tides", "feedback": MARKER},
        PlanProduction: {"idea": IDEA.model_dump(), "brief": MARKER},
        AssembleTimeline: {"production": production, "clips": [clip()]},
        RenderCut: {"timeline": timeline(production)},
        Publish: {"item_id": str(uuid4()), "policy_version": "1", "post": {"title": "Tides", "caption": MARKER}},
    }
    given = by_capability[capability]
    async with shop.open(capability):
        extra = refused(await orders.order(capability, given, tenant=tenant))
    assert (extra["side"], shop.model.asked) == ("input", 0)


REF = {"sha256": "0" * 64, "size": 1, "media_type": "audio/wav"}
PALETTE = dict.fromkeys(("ground", "first", "second", "accent", "ink"), "#000000") | {"name": "night"}


def clip() -> dict[str, Any]:
    return {"index": 0, "video": REF, "frames": 30, "provider": "storyboard"}


@pytest.fixture
def production() -> dict[str, Any]:
    """A plan whose narration may not be heard, and so not be captioned."""
    beat = SCRIPT.beats[0].model_copy(update={"narration": MARKER})
    words = [{"text": word, "start_ms": 100 * at, "end_ms": 100 * at + 90} for at, word in enumerate(MARKER.split())]
    speech = {"audio": REF, "duration_ms": 900, "words": words, "voice": "stand-in"}
    shot = {"index": 0, "total": 1, "beat": beat.model_dump(), "layout": "hook", "palette": PALETTE, "seed": 1}
    shot |= {"frames": 30, "voice_start_ms": 0, "speech": speech, "format": {"width": 270, "height": 480}}
    script = SCRIPT.model_copy(update={"beats": (beat,)}).model_dump()
    return {
        "script": script, "shots": [shot], "transition_frames": 0, "music": REF,
        "duration_ms": 1000, "palette": PALETTE,
    }  # fmt: skip


def timeline(production: dict[str, Any]) -> dict[str, Any]:
    """A cut with the same words over its only scene."""
    words = production["shots"][0]["speech"]["words"]
    scene = {"index": 0, "clip": clip(), "frames": 30, "words": words}
    return {
        "format": {"width": 270, "height": 480}, "palette": PALETTE, "title": "Tides", "scenes": [scene],
        "transitions": [], "transition_frames": 0, "voice": [], "music": REF, "duration_ms": 1000,
    }  # fmt: skip
