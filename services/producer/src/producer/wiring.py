"""Everything the producer listens to, answers and leans on."""

from __future__ import annotations

from functools import partial

from common import http
from common.bus.runner import serves
from common.contracts.production import MakeClip, PlanProduction
from common.contracts.scripts import TakeScript
from common.contracts.uploads import UPLOAD_MEGABYTES
from common.contracts.video_content import MakeVideoContent
from common.service.calls import ToldCalls
from common.service.serve import Platform, Wiring
from vendors.text_model.configured import text_model_for

from producer import handlers
from producer.api import designs, scripts, templates, uploads
from producer.crew import crew_of
from producer.models import legal_holds, run_shares
from producer.outside import outside_of
from producer.policy import PolicyDoor
from producer.repository import forget_made
from producer.scripts.taking import take_script
from producer.settings import Settings
from producer.shelf import Shelf
from producer.speakers import voices_of
from producer.studio import studio_of
from producer.uploads.uses import Users
from producer.video_content import make_video_content


def wire(settings: Settings, platform: Platform) -> Wiring:
    """Four capabilities: taking a finished script, planning a film, filming a shot, and having a whole video made."""
    writer = text_model_for(settings, redis=platform.redis, service="producer")
    voices = voices_of(settings)
    scratch = platform.scratch.path
    shelf = Shelf()
    plan = partial(
        handlers.plan_production,
        writer=writer,
        speaker=voices.speaker,
        compute=platform.compute,
        picture=settings.picture,
        scratch=scratch,
        shelf=shelf,
    )
    compliance = http.client(base_url=settings.compliance_url)
    policy = PolicyDoor(compliance, identity=platform.identity)
    users = Users(http.client(base_url=settings.orchestrator_url), compliance, platform.identity)
    crew = crew_of(settings, redis=platform.redis, policy=policy)
    film = partial(handlers.make_clip, compute=platform.compute, scratch=scratch, shelf=shelf, crew=crew)
    studio = studio_of(settings, work=platform.work, compute=platform.compute, scratch=scratch, clock=platform.clock)
    desk = designs.Desk(studio, platform.work, platform.artifacts)
    outside = outside_of(settings, policy=policy)
    make = partial(make_video_content, outside=outside, scratch=scratch)
    told = ToldCalls(platform.work, platform.bus, shares=run_shares, holds=legal_holds, forgets_also=forget_made)
    return Wiring(
        service="producer",
        routers=[
            scripts.router(writer=writer, guard=platform.guard, compute=platform.compute),
            designs.router(desk=desk),
            templates.router(desk=desk, clock=platform.clock),
            uploads.router(
                work=platform.work,
                artifacts=platform.artifacts,
                users=users,
                scratch=scratch,
                room=settings.uploads_bytes,
                clock=platform.clock,
            ),
            told.router(),
        ],
        files_at={uploads.PATH: UPLOAD_MEGABYTES << 20},
        serves=[
            serves(TakeScript, partial(take_script, writer=writer), slots=4),
            serves(PlanProduction, plan, slots=2),
            serves(MakeClip, film, slots=settings.clips_at_once),
            serves(MakeVideoContent, make, slots=4),
        ],
        loops=told.loops,
        notices={"text_model": writer.notice, "design": studio.notice},
        closes=[
            writer.close,
            studio.close,
            compliance.aclose,
            users.close,
            *voices.closes,
            *([crew.maker.close] if crew else []),
            *([outside.maker.close] if outside.maker else []),
        ],
    )
