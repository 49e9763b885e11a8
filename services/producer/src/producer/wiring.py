"""Everything the producer listens to, answers and leans on."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from common.bus.runner import serves
from common.contracts.production import MakeClip, PlanProduction
from common.service.serve import Platform, Wiring
from vendors.speech.espeak import EspeakSpeaker
from vendors.text_model.configured import text_model_for

from producer import api, handlers
from producer.settings import Settings


def wire(settings: Settings, platform: Platform) -> Wiring:
    """Two capabilities: planning a film, and filming one of its shots."""
    writer = text_model_for(settings, redis=platform.redis, service="producer")
    speaker = EspeakSpeaker()
    scratch = Path(settings.data_dir) / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    plan = partial(
        handlers.plan_production,
        writer=writer,
        speaker=speaker,
        compute=platform.compute,
        picture=settings.picture,
    )
    film = partial(handlers.make_clip, compute=platform.compute, scratch=scratch)
    return Wiring(
        service="producer",
        routers=[api.router(writer=writer, guard=platform.guard)],
        serves=[serves(PlanProduction, plan, slots=2), serves(MakeClip, film, slots=settings.clips_at_once)],
        notices={"text_model": writer.notice},
        closes=[speaker.close, writer.close],
    )
