"""Stock footage: Pexels under `/pexels` and Pixabay under `/pixabay`, over one small catalogue of generated films."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from sandbox.kit.faults import FaultKind
from sandbox.kit.site import Site, origin_of, planted


@dataclass(frozen=True)
class Footage:
    """One film of the catalogue, and what it shows."""

    id: int
    words: str
    seconds: int
    width: int
    height: int
    author: str


CATALOGUE = (
    Footage(101, "sea tide wave beach water", 9, 720, 1280, "Ada Shore"),
    Footage(102, "sea tide coast moon", 6, 1280, 720, "Ben Reef"),
    Footage(103, "moon night sky", 12, 720, 1280, "Cleo Dusk"),
    Footage(104, "tide sea foam", 14, 720, 1280, "Dan Sound"),
    Footage(105, "bread oven kitchen", 7, 720, 1280, "Eve Stone"),
)


def router(site: Site) -> APIRouter:
    """The routes of both, and of where their files are."""
    routes = APIRouter(tags=["stock"])

    @routes.get("/pexels/v1/videos/search")
    async def pexels(
        request: Request, query: str = "", orientation: str = "", page: int = 1, per_page: int = 15
    ) -> Response:
        if request.headers.get("authorization") != site.key:
            return JSONResponse({"error": "Unauthorized"}, status_code=401)
        if not query or per_page > 80 or orientation not in {"", "portrait", "landscape", "square"}:
            return JSONResponse({"error": "Bad request"}, status_code=400)
        found = [
            one for one in _find(query) if not orientation or (one.height > one.width) == (orientation == "portrait")
        ]
        shown = found[(page - 1) * per_page : page * per_page]
        root = origin_of(request)
        answer: dict[str, Any] = {
            "page": page,
            "per_page": per_page,
            "total_results": len(found),
            "url": f"{root}/pexels/videos/",
            "videos": [_pexels(one, root) for one in shown],
        }
        if page * per_page < len(found):
            answer["next_page"] = f"{root}/pexels/v1/videos/search?query={query}&page={page + 1}"
        return JSONResponse(answer, headers={"x-ratelimit-limit": "20000", "x-ratelimit-remaining": "19999"})

    @routes.get("/pixabay/api/videos/")
    async def pixabay(request: Request, key: str = "", q: str = "", page: int = 1, per_page: int = 20) -> Response:
        # What it refuses, it refuses in plain text.
        if key != site.key:
            return PlainTextResponse("[ERROR 400] Invalid or missing API key", status_code=400)
        if not 3 <= per_page <= 200 or len(q) > 100:
            return PlainTextResponse('[ERROR 400] "per_page" is out of valid range.', status_code=400)
        found = _find(q)
        shown = found[(page - 1) * per_page : page * per_page]
        hits = [_pixabay(one, origin_of(request)) for one in shown]
        return JSONResponse({"total": len(found), "totalHits": len(found), "hits": hits})

    @routes.get("/stock/files/{id}.mp4")
    async def file(request: Request, id: int) -> Response:
        one = next((film for film in CATALOGUE if film.id == id), None)
        if one is None:
            return PlainTextResponse("Not found", status_code=404)
        if any(fault.kind is FaultKind.BAD_FILM for fault in planted(request)):
            return Response(b"<html>this is no film</html>", media_type="video/mp4")
        site.note("stock.fetched", id=id, keyed="authorization" in request.headers or "key" in request.query_params)
        film = await site.films.film(one.words, width=one.width, height=one.height, seconds=one.seconds)
        return FileResponse(film, media_type="video/mp4")

    return routes


def _find(query: str) -> list[Footage]:
    wanted = set(query.lower().split())
    return [one for one in CATALOGUE if wanted & set(one.words.split())]


def _pexels(one: Footage, root: str) -> dict[str, Any]:
    link = f"{root}/stock/files/{one.id}.mp4"
    kind = {"file_type": "video/mp4", "fps": 24.0}
    return {
        "id": one.id,
        "width": one.width,
        "height": one.height,
        "url": f"{root}/pexels/video/{one.id}/",
        "image": f"{root}/pexels/video/{one.id}.jpg",
        "duration": one.seconds,
        "user": {"id": one.id, "name": one.author, "url": f"{root}/pexels/@{one.id}"},
        "video_files": [
            {"id": 1, "quality": "hls", "width": None, "height": None, "link": f"{root}/stock/none.m3u8"} | kind,
            {"id": 2, "quality": "hd", "width": one.width, "height": one.height, "link": link} | kind,
        ],
        "video_pictures": [],
    }


def _pixabay(one: Footage, root: str) -> dict[str, Any]:
    empty = {"url": "", "width": 0, "height": 0, "size": 0}
    file = {"url": f"{root}/stock/files/{one.id}.mp4", "width": one.width, "height": one.height, "size": 1}
    return {
        "id": one.id,
        "pageURL": f"{root}/pixabay/videos/id-{one.id}/",
        "type": "film",
        "tags": ", ".join(one.words.split()),
        "duration": one.seconds,
        "videos": {"large": empty, "medium": file, "small": file, "tiny": file},
        "user_id": one.id,
        "user": one.author,
    }
