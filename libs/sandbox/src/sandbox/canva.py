"""Canva Connect: `/canva/rest/v1`. Brand templates are filled, designs exported; both take their time.

Whoever comes has an access token, got at `/oauth/token` for a refresh token that is good once.
"""

from __future__ import annotations

import base64
from typing import Annotated, Any
from uuid import uuid4

import orjson
from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from sandbox.kit.faults import FaultKind
from sandbox.kit.grants import Grants
from sandbox.kit.jobs import Job, Jobs
from sandbox.kit.site import Site, object_in, origin_of, planted

PREFIX = "/canva/rest/v1"
TEMPLATES: dict[str, dict[str, str]] = {
    "sandbox-poster": {"Headline": "text", "Kicker": "text", "Detail": "text", "Backdrop": "image"},
    "sandbox-picture": {"Backdrop": "image"},
}
"""Brand template → its fields and their types."""
_LINK_SECONDS = 24 * 3600
_LARGEST = 8_000


def router(site: Site) -> APIRouter:
    """The vendor's routes, and where its exports lie."""
    routes = APIRouter(tags=["canva"])
    fills = Jobs(site.clock, seconds=site.job_seconds)
    exports = Jobs(site.clock, seconds=site.job_seconds)
    designs: dict[str, Job] = {}
    grants = Grants(site.clock, site.key)

    def is_let_in(request: Request) -> bool:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        return kind == "Bearer" and grants.is_good(token)

    @routes.post(f"{PREFIX}/oauth/token")
    async def renew(
        request: Request, grant_type: Annotated[str, Form()] = "", refresh_token: Annotated[str, Form()] = ""
    ) -> Response:
        if not _is_client(request, site.key):
            return _no_token(401, "invalid_client", "The client is not known, or not by that secret.")
        if grant_type != "refresh_token":
            return _no_token(400, "unsupported_grant_type", "The sandbox renews access, and gives none.")
        pair = grants.renew(refresh_token)
        site.note("access.renewed" if pair else "access.refused", vendor="canva")
        return JSONResponse(pair) if pair else _no_token(400, "invalid_grant", "The refresh token is not valid.")

    @routes.get(f"{PREFIX}/brand-templates/{{id}}/dataset")
    async def dataset(request: Request, id: str) -> Response:
        if not is_let_in(request):
            return _stranger()
        if id not in TEMPLATES:
            return refusal(404, "not_found", "Brand template not found.")
        return JSONResponse({"dataset": {name: {"type": kind} for name, kind in TEMPLATES[id].items()}})

    @routes.post(f"{PREFIX}/autofills")
    async def autofill(request: Request) -> Response:
        if not is_let_in(request):
            return _stranger()
        body = await object_in(request)
        if problem := _complaint(body):
            return problem
        job = fills.make(uuid4().hex, body, faults=planted(request))
        job.more["design"] = f"D{job.id[:10]}"
        designs[job.more["design"]] = job
        site.note("design.created", vendor="canva", id=job.more["design"], title=body["title"])
        return JSONResponse({"job": _filled(site, job, origin_of(request))})

    @routes.get(f"{PREFIX}/autofills/{{id}}")
    async def filled(request: Request, id: str) -> Response:
        if not is_let_in(request):
            return _stranger()
        job = fills.find(id)
        found = {"job": _filled(site, job, origin_of(request))} if job else None
        return JSONResponse(found) if found else refusal(404, "not_found", "Job not found.")

    @routes.post(f"{PREFIX}/exports")
    async def export(request: Request) -> Response:
        if not is_let_in(request):
            return _stranger()
        body = await object_in(request)
        design = designs.get(str(body.get("design_id")))
        if design is None or design.stage(site.clock.now()) != "done":
            return refusal(404, "not_found", "Design not found.")
        if not _is_jpg(body.get("format")):
            return refusal(400, "invalid_field", "'format' is not valid.")
        job = exports.make(uuid4().hex, body | {"words": design.asked}, faults=planted(request))
        return JSONResponse({"job": _exported(site, job, origin_of(request))})

    @routes.get(f"{PREFIX}/exports/{{id}}")
    async def exported(request: Request, id: str) -> Response:
        if not is_let_in(request):
            return _stranger()
        job = exports.find(id)
        found = {"job": _exported(site, job, origin_of(request))} if job else None
        return JSONResponse(found) if found else refusal(404, "not_found", "Job not found.")

    @routes.get("/canva/files/{id}.jpg")
    async def file(request: Request, id: str) -> Response:
        job = exports.find(id)
        if job is None or site.clock.now() > job.ends + _LINK_SECONDS:
            return Response("Request has expired", status_code=403)
        site.note("design.fetched", id=id, keyed=bool(request.headers.get("authorization")))
        if job.has(FaultKind.BAD_FILM):
            return Response(b"<html>this is no picture</html>", media_type="image/jpeg")
        words = orjson.dumps(job.asked["words"]["data"]).decode()
        asked = job.asked["format"]
        still = await site.films.still(words, width=asked.get("width", 1080), height=asked.get("height", 1080))
        return FileResponse(still, media_type="image/jpeg")

    return routes


def refusal(status: int, code: str, message: str) -> Response:
    """An error as Canva writes it."""
    return JSONResponse({"code": code, "message": message}, status_code=status)


def _no_token(status: int, code: str, message: str) -> Response:
    """A refusal of the token endpoint, which says it in OAuth's words and in Canva's."""
    said = {"error": code, "error_description": message, "code": code, "message": message}
    return JSONResponse(said, status_code=status)


def _is_client(request: Request, secret: str) -> bool:
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        name, _, shown = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return False
    return kind == "Basic" and name != "" and shown == secret


def _stranger() -> Response:
    return refusal(401, "invalid_access_token", "Access token is invalid.")


def _complaint(body: dict[str, Any]) -> Response | None:
    fields = TEMPLATES.get(str(body.get("brand_template_id")))
    if set(body) - {"type", "brand_template_id", "title", "data"}:
        return refusal(400, "invalid_field", "There is a field that is not known.")
    if fields is None:
        return refusal(404, "not_found", "Brand template not found.")
    title, data = body.get("title"), body.get("data")
    if not isinstance(title, str) or not 1 <= len(title) <= 255 or not isinstance(data, dict) or not data:
        return refusal(400, "invalid_field", "'title' or 'data' is not valid.")
    for name, value in data.items():
        fits = isinstance(value, dict) and name in fields and value.get("type") == fields[name]
        if not fits or (fields[name] == "text" and not isinstance(value.get("text"), str)):
            return refusal(400, "autofill_data_invalid", f"Field {name!r} does not fit the template.")
    return None


def _is_jpg(format: Any) -> bool:
    if not isinstance(format, dict) or format.get("type") != "jpg" or not 1 <= format.get("quality", 0) <= 100:
        return False
    return all(40 <= format.get(side, 1080) <= _LARGEST for side in ("width", "height"))


def _state(site: Site, job: Job) -> dict[str, Any]:
    stage = job.stage(site.clock.now())
    state: dict[str, Any] = {"id": job.id, "status": "in_progress"}
    if stage == "failed":
        state |= {"status": "failed", "error": {"code": job.failure, "message": "The job failed."}}
    if stage == "done":
        state["status"] = "success"
    return state


def _filled(site: Site, job: Job, root: str) -> dict[str, Any]:
    state, design_id = _state(site, job), job.more["design"]
    if state["status"] == "success":
        urls = {
            "edit_url": f"{root}/canva/design/{design_id}/edit",
            "view_url": f"{root}/canva/design/{design_id}/view",
        }
        design = {"id": design_id, "title": job.asked["title"], "url": urls["view_url"], "urls": urls}
        state["result"] = {"type": "create_design", "design": design}
    return state


def _exported(site: Site, job: Job, root: str) -> dict[str, Any]:
    state = _state(site, job)
    if state["status"] == "success":
        state["urls"] = [f"{root}/canva/files/{job.id}.jpg"]
    return state
