"""OpenRouter's videos: `/openrouter/api/v1/videos`. JSON, four final states, and calls signed with a comma."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from sandbox.kit.callbacks import Listener, comma_signed, is_local
from sandbox.kit.faults import FaultKind
from sandbox.kit.jobs import Job, Jobs
from sandbox.kit.site import Site, object_in, origin_of, planted
from sandbox.openai_videos import FORBIDDEN

PREFIX = "/openrouter/api/v1"
NAME = "openrouter"
MODELS: dict[str, dict[str, Any]] = {
    "sandbox/reef-1": {"durations": [4, 6, 8], "ratios": ["9:16", "16:9", "1:1"], "usd": 0.08},
    "sandbox/dune-2": {"durations": [5, 10], "ratios": ["9:16", "16:9"], "usd": 0.12},
}
"""Model → what it can do, and what a second costs. Each can do something else."""
RESOLUTIONS = {"480p": 480, "720p": 720, "1080p": 1080}
_FIELDS = frozenset(
    {
        *("model", "prompt", "duration", "resolution", "aspect_ratio", "size", "seed", "generate_audio"),
        *("frame_images", "input_references", "callback_url", "previous_job_id", "provider"),
        *("session_id", "user", "trace"),
    }
)
_STATES = {"queued": "pending", "working": "in_progress", "done": "completed", "failed": "failed"}


def router(site: Site) -> APIRouter:
    """The vendor's routes."""
    routes = APIRouter(prefix=PREFIX, tags=["openrouter videos"])
    jobs = Jobs(site.clock, seconds=site.job_seconds)

    @routes.get("/videos/models")
    async def models() -> dict[str, Any]:
        return {"data": [_model(name) for name in MODELS]}

    @routes.post("/videos")
    async def create(request: Request) -> Response:
        if not site.is_bearer(request):
            return refusal(401, "No auth credentials found")
        body = await object_in(request)
        if problem := _complaint(body):
            return problem
        if FORBIDDEN in body["prompt"].lower():
            flagged = {"reasons": ["violence"], "flagged_input": body["prompt"][:100], "provider_name": "sandbox"}
            return refusal(403, "The prompt was flagged by moderation.", flagged)
        job = jobs.make(uuid4().hex, body, faults=planted(request))
        job.more["cost"] = MODELS[body["model"]]["usd"] * body["duration"]
        site.note("video.created", vendor=NAME, id=job.id, prompt=body["prompt"], cost_usd=job.more["cost"])
        listener = _listener(site, body)
        site.callbacks.follow(job, listener, lambda: _event(site, job, origin_of(request)), _sign_for(job))
        if job.has(FaultKind.EARLY_WEBHOOK) and listener:
            await site.callbacks.first_call(job)
        # Half of the addresses are relative: both are met in the vendor's documents.
        root = "" if len(jobs.all()) % 2 else origin_of(request)
        answer = {"id": job.id, "polling_url": f"{root}{PREFIX}/videos/{job.id}", "status": "pending"}
        return JSONResponse(answer, status_code=202)

    @routes.get("/videos/{id}")
    async def retrieve(request: Request, id: str) -> Response:
        if not site.is_bearer(request):
            return refusal(401, "No auth credentials found")
        job = jobs.find(id)
        return JSONResponse(_video(site, job, origin_of(request))) if job else refusal(404, "Video job not found")

    @routes.get("/videos/{id}/content")
    async def content(request: Request, id: str, index: int = 0) -> Response:
        if not site.is_bearer(request):
            return refusal(401, "No auth credentials found")
        job = jobs.find(id)
        if job is None or index != 0 or job.stage(site.clock.now()) != "done":
            return refusal(404, "There is no such content")
        if job.has(FaultKind.BAD_FILM):
            return Response(b"<html>this is no film</html>", media_type="video/mp4")
        width, height = _size(job.asked)
        seconds = job.asked["duration"]
        film = await site.films.film(job.asked["prompt"], width=width, height=height, seconds=seconds)
        return FileResponse(film, media_type="video/mp4")

    return routes


def refusal(status: int, message: str, metadata: dict[str, Any] | None = None) -> Response:
    """An error as OpenRouter writes it: its code is a number."""
    return JSONResponse({"error": {"code": status, "message": message, "metadata": metadata or {}}}, status_code=status)


def _complaint(body: dict[str, Any]) -> Response | None:
    if unknown := set(body) - _FIELDS:
        return refusal(400, f"Unrecognized key: {sorted(unknown)[0]}")
    model = MODELS.get(str(body.get("model")))
    if model is None:
        return refusal(404, f"No endpoints found for {body.get('model')}.")
    wrong = {
        "prompt": not isinstance(body.get("prompt"), str) or not body["prompt"].strip(),
        "duration": body.get("duration") not in model["durations"],
        "aspect_ratio": body.get("aspect_ratio", "9:16") not in model["ratios"],
        "resolution": body.get("resolution", "720p") not in RESOLUTIONS,
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            return refusal(400, f"Invalid {name} for {body['model']}.")
    return None


def _model(name: str) -> dict[str, Any]:
    able = MODELS[name]
    return {
        "id": name,
        "supported_durations": able["durations"],
        "supported_resolutions": list(RESOLUTIONS),
        "supported_aspect_ratios": able["ratios"],
        "pricing_skus": {"duration_seconds": str(able["usd"])},
        "allowed_passthrough_parameters": [],
    }


def _video(site: Site, job: Job, root: str) -> dict[str, Any]:
    stage = job.stage(site.clock.now())
    video: dict[str, Any] = {"id": job.id, "status": _STATES[stage], "model": job.asked["model"]}
    if stage == "done":
        video |= {
            "generation_id": f"gen-{job.id}",
            "unsigned_urls": [f"{root}{PREFIX}/videos/{job.id}/content?index=0"],
            "usage": {"cost": job.more["cost"], "is_byok": False},
        }
    if stage == "failed":
        video["error"] = f"{job.failure}"
    return video


def _event(site: Site, job: Job, root: str) -> bytes:
    data = {"generation_id": None} | _video(site, job, root)
    kind = "failed" if job.failure else "completed"
    event = {"type": f"video.generation.{kind}", "created_at": int(site.clock.now()), "data": data}
    return orjson.dumps(event)


def _sign_for(job: Job) -> Any:
    """One and the same delivery id for a job and its state, however often it is sent."""
    state = "failed" if job.failure else "completed"
    return lambda _, at, body, secret: comma_signed(f"{job.id}-{state}", at, body, secret)


def _listener(site: Site, body: dict[str, Any]) -> Listener | None:
    """Who is called: whom the order names, with the workspace's secret, or the workspace's own."""
    known = site.listeners.get(NAME)
    wanted = body.get("callback_url")
    if isinstance(wanted, str) and known is not None and is_local(wanted):
        return known.model_copy(update={"url": wanted})
    return known


def _size(asked: dict[str, Any]) -> tuple[int, int]:
    short = RESOLUTIONS[asked.get("resolution", "720p")]
    across, down = (int(side) for side in asked.get("aspect_ratio", "9:16").split(":"))
    scale = short / min(across, down)
    return round(across * scale / 2) * 2, round(down * scale / 2) * 2
