"""OpenAI's videos: `/openai/v1/videos`, as the SDK and everybody who copied the shape speak it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.datastructures import UploadFile

from sandbox.kit.callbacks import standard_webhooks
from sandbox.kit.faults import FaultKind
from sandbox.kit.jobs import Job, Jobs
from sandbox.kit.site import Site, planted

PREFIX = "/openai/v1"
NAME = "openai"
MODELS = {"sora-2": 0.10, "sora-2-pro": 0.30}
"""Model → dollars a second."""
SECONDS = ("4", "8", "12")
SIZES = ("720x1280", "1280x720", "1024x1792", "1792x1024")
FORBIDDEN = "forbidden"
"""A prompt with this word in it does not get through the vendor's moderation."""
_FIELDS = frozenset({"prompt", "model", "seconds", "size", "input_reference"})
_EXPIRES = 3_600.0
_STATES = {"queued": "queued", "working": "in_progress", "done": "completed", "failed": "failed"}
_SAID = {"moderation_blocked": "Your request was blocked by our moderation system."}


def router(site: Site) -> APIRouter:
    """The vendor's routes."""
    routes = APIRouter(prefix=PREFIX, tags=["openai videos"])
    jobs = Jobs(site.clock, seconds=site.job_seconds)

    @routes.post("/videos")
    async def create(request: Request) -> Response:
        if not site.is_bearer(request):
            return _unauthorised()
        if not request.headers.get("content-type", "").startswith("multipart/form-data"):
            return refusal(400, "Invalid content type: expected multipart/form-data.", code="invalid_request")
        form = dict((await request.form()).items())
        if problem := _complaint(form):
            return problem
        asked = {name: str(form.get(name) or default) for name, default in _DEFAULTS.items()}
        blocked = "moderation_blocked" if FORBIDDEN in asked["prompt"].lower() else None
        job = jobs.make(f"video_{uuid4().hex}", asked, faults=planted(request), failure=blocked)
        cost = MODELS[asked["model"]] * int(asked["seconds"])
        site.note("video.created", vendor=NAME, id=job.id, prompt=asked["prompt"], cost_usd=cost)
        site.callbacks.follow(job, site.listeners.get(NAME), lambda: _event(site, job), standard_webhooks)
        if job.has(FaultKind.EARLY_WEBHOOK) and site.listeners.get(NAME):
            await site.callbacks.first_call(job)
        return JSONResponse(_video(site, job))

    @routes.get("/videos")
    async def listed(request: Request, after: str = "", limit: int = 20, order: str = "desc") -> Response:
        if not site.is_bearer(request):
            return _unauthorised()
        found = jobs.all() if order == "desc" else jobs.all()[::-1]
        ids = [job.id for job in found]
        found = found[ids.index(after) + 1 :] if after in ids else found
        page = [_video(site, job) for job in found[: min(limit, 100)]]
        ends = {"first_id": page[0]["id"] if page else None, "last_id": page[-1]["id"] if page else None}
        return JSONResponse({"object": "list", "data": page, "has_more": len(found) > len(page)} | ends)

    @routes.get("/videos/{id}")
    async def retrieve(request: Request, id: str) -> Response:
        if not site.is_bearer(request):
            return _unauthorised()
        job = jobs.find(id)
        return JSONResponse(_video(site, job), headers={"openai-poll-after-ms": "500"}) if job else _absent(id)

    @routes.delete("/videos/{id}")
    async def delete(request: Request, id: str) -> Response:
        if not site.is_bearer(request):
            return _unauthorised()
        job = jobs.find(id)
        if job is None:
            return _absent(id)
        job.deleted = True
        site.note("video.deleted", vendor=NAME, id=id)
        return JSONResponse({"id": id, "object": "video.deleted", "deleted": True})

    @routes.get("/videos/{id}/content")
    async def content(request: Request, id: str, variant: str = "video") -> Response:
        if not site.is_bearer(request):
            return _unauthorised()
        job = jobs.find(id)
        if job is None or site.clock.now() > job.ends + _EXPIRES:
            return _absent(id)
        if job.stage(site.clock.now()) != "done":
            return refusal(400, "Video is not ready yet, use GET /v1/videos/{id} to check status.", code="not_ready")
        if job.has(FaultKind.BAD_FILM):
            return Response(b"<html>this is no film</html>", media_type="video/mp4")
        width, height = (int(side) for side in job.asked["size"].split("x"))
        if variant != "video":
            return FileResponse(await site.films.still(job.asked["prompt"], width=width, height=height))
        seconds = int(job.asked["seconds"])
        film = await site.films.film(job.asked["prompt"], width=width, height=height, seconds=seconds)
        return FileResponse(film, media_type="video/mp4")

    return routes


_DEFAULTS = {"prompt": "", "model": "sora-2", "seconds": "4", "size": "720x1280"}


def _complaint(form: dict[str, Any]) -> Response | None:
    for name in form:
        if name not in _FIELDS:
            return refusal(400, f"Unknown parameter: '{name}'.", param=name, code="unknown_parameter")
    if not str(form.get("prompt") or "").strip():
        return refusal(400, "Missing required parameter: 'prompt'.", param="prompt", code="missing_required_parameter")
    for name, allowed in (("model", tuple(MODELS)), ("seconds", SECONDS), ("size", SIZES)):
        if name in form and form[name] not in allowed:
            said = f"Invalid value: '{form[name]}'. Supported values are: {', '.join(allowed)}."
            return refusal(400, said, param=name, code="invalid_value")
    if "input_reference" in form and not isinstance(form["input_reference"], UploadFile):
        said = "Invalid type for 'input_reference': expected a file, but got a string instead."
        return refusal(400, said, param="input_reference", code="invalid_type")
    return None


def _video(site: Site, job: Job) -> dict[str, Any]:
    now = site.clock.now()
    stage = job.stage(now)
    over = stage in {"done", "failed"}
    code = job.failure or ""
    error = {"code": code, "message": _SAID.get(code, f"The video could not be made: {code}.")}
    return {
        "id": job.id,
        "object": "video",
        "status": _STATES[stage],
        "progress": job.progress(now),
        "model": job.asked["model"],
        "prompt": job.asked["prompt"],
        "seconds": job.asked["seconds"],
        "size": job.asked["size"],
        "created_at": int(job.created),
        "completed_at": int(job.ends) if stage == "done" else None,
        "expires_at": int(job.ends + _EXPIRES) if stage == "done" else None,
        "remixed_from_video_id": None,
        "error": error if over and job.failure else None,
    }


def _event(site: Site, job: Job) -> bytes:
    kind = "video.failed" if job.failure else "video.completed"
    about = {"id": f"evt_{uuid4().hex}", "object": "event", "created_at": int(site.clock.now())}
    return orjson.dumps(about | {"type": kind, "data": {"id": job.id}})


def refusal(status: int, message: str, *, code: str | None = None, param: str | None = None) -> Response:
    """An error as OpenAI writes it."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    error = {"message": message, "type": kind, "param": param, "code": code}
    return JSONResponse({"error": error}, status_code=status, headers={"x-request-id": f"req_{uuid4().hex}"})


def _unauthorised() -> Response:
    return refusal(401, "Incorrect API key provided.", code="invalid_api_key")


def _absent(id: str) -> Response:
    return refusal(404, f"Video with id '{id}' not found.", code="not_found")
