"""Descript: `/descript/v1`. An agent makes projects of prompts, projects are published; callbacks carry no signature.

The token is good for one drive with so many AI credits; a video takes ten of them.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from sandbox.kit.faults import FaultKind
from sandbox.kit.jobs import Job, Jobs
from sandbox.kit.site import Site, object_in, origin_of, planted
from sandbox.openai_videos import FORBIDDEN

PREFIX = "/descript/v1"
CREDITS = 1_000
A_VIDEO = 10
PARTIAL = "partial"
"""The reason of a planted failure by which a job ends with a part of what was asked for."""
_AGENT = frozenset({"project_id", "project_name", "composition_id", "prompt", "model", "callback_url"})
_PUBLISH = frozenset({"project_id", "composition_id", "media_type", "resolution", "access_level", "callback_url"})
_RESOLUTIONS = {"480p": (480, 854), "720p": (720, 1280), "1080p": (1080, 1920)}
_LINK_SECONDS = 24 * 3600
_FILM_SECONDS = 6
_STATES = {"queued": "queued", "working": "running", "done": "stopped", "failed": "stopped"}


def router(site: Site) -> APIRouter:
    """The vendor's routes, and where its files lie."""
    routes = APIRouter(tags=["descript"])
    jobs = Jobs(site.clock, seconds=site.job_seconds)
    projects: dict[str, Job] = {}
    spent = {"credits": 0}

    @routes.post(f"{PREFIX}/jobs/agent")
    async def agent(request: Request) -> Response:
        if not site.is_bearer(request):
            return _stranger()
        body = await object_in(request)
        named, prompt = body.get("project_name"), body.get("prompt")
        if set(body) - _AGENT or not isinstance(prompt, str) or not prompt.strip() or not isinstance(named, str):
            return refusal(422, "invalid_request", "project_name and prompt are needed, and nothing that is unknown.")
        if spent["credits"] + A_VIDEO > CREDITS:
            return refusal(402, "insufficient_credits", "There are no AI credits left.")
        if FORBIDDEN in prompt.lower():
            return refusal(403, "content_policy", "The prompt is not allowed.")
        spent["credits"] += A_VIDEO
        job = jobs.make(uuid4().hex, body, faults=planted(request))
        job.more |= {"kind": "agent", "project": uuid4().hex}
        projects[job.more["project"]] = job
        site.note("project.created", vendor="descript", id=job.more["project"], name=named, credits=A_VIDEO)
        return JSONResponse(_begun(job, origin_of(request)), status_code=201)

    @routes.post(f"{PREFIX}/jobs/publish")
    async def publish(request: Request) -> Response:
        if not site.is_bearer(request):
            return _stranger()
        body = await object_in(request)
        project = projects.get(str(body.get("project_id")))
        if project is None or project.stage(site.clock.now()) != "done":
            return refusal(404, "not_found", "There is no such project.")
        if set(body) - _PUBLISH or body.get("resolution", "1080p") not in _RESOLUTIONS:
            return refusal(422, "invalid_request", "There is something unknown in it.")
        job = jobs.make(uuid4().hex, body | {"prompt": project.asked["prompt"]}, faults=planted(request))
        job.more |= {"kind": "publish", "project": project.more["project"]}
        site.note("project.published", vendor="descript", id=job.more["project"])
        return JSONResponse(_begun(job, origin_of(request)), status_code=201)

    @routes.get(f"{PREFIX}/jobs/{{id}}")
    async def look(request: Request, id: str) -> Response:
        if not site.is_bearer(request):
            return _stranger()
        job = jobs.find(id)
        return JSONResponse(_job(site, job, origin_of(request))) if job else refusal(404, "not_found", "No such job.")

    @routes.get("/descript/files/{id}.mp4")
    async def file(request: Request, id: str) -> Response:
        job = jobs.find(id)
        if job is None or site.clock.now() > job.ends + _LINK_SECONDS:
            return Response("Request has expired", status_code=403)
        site.note("video.fetched", id=id, keyed=bool(request.headers.get("authorization")))
        if job.has(FaultKind.BAD_FILM):
            return Response(b"<html>this is no film</html>", media_type="video/mp4")
        width, height = _RESOLUTIONS[job.asked.get("resolution", "1080p")]
        film = await site.films.film(job.asked["prompt"], width=width, height=height, seconds=_FILM_SECONDS)
        return FileResponse(film, media_type="video/mp4")

    return routes


def refusal(status: int, error: str, message: str) -> Response:
    """An error as Descript writes it."""
    return JSONResponse({"error": error, "message": message}, status_code=status)


def _stranger() -> Response:
    return refusal(401, "unauthorized", "The token is not valid.")


def _begun(job: Job, root: str) -> dict[str, Any]:
    project = job.more["project"]
    url = f"{root}/descript/projects/{project}"
    return {"job_id": job.id, "drive_id": "sandbox-drive", "project_id": project, "project_url": url}


def _job(site: Site, job: Job, root: str) -> dict[str, Any]:
    now = site.clock.now()
    stage = job.stage(now)
    told: dict[str, Any] = {
        "job_id": job.id,
        "job_type": job.more["kind"],
        "job_state": _STATES[stage],
        "progress": {"label": stage, "percent": job.progress(now)},
    }
    if stage == "failed":
        status = "partial" if job.failure == PARTIAL else "error"
        told["result"] = {"status": status, "error_message": f"It could not be done ({job.failure})."}
    if stage == "done":
        told["result"] = {"status": "success"} | _made(site, job, root)
    return told


def _made(site: Site, job: Job, root: str) -> dict[str, Any]:
    if job.more["kind"] == "agent":
        return {"agent_response": "The video is made.", "project_changed": True, "ai_credits_used": A_VIDEO}
    expires = site.clock.now() + _LINK_SECONDS
    share = f"{root}/descript/share/{job.more['project']}"
    link = f"{root}/descript/files/{job.id}.mp4"
    return {"share_url": share, "download_url": link, "download_url_expires_at": int(expires)}
