"""A film through the edge, with the producer killed while it films."""

from __future__ import annotations

from uuid import UUID

import httpx
from common.contracts.values import Decision

from cli.answers import Run
from cli.client import Client
from cli.compose.site import ComposedSite, broken, until

_FILMING = "awaiting_video_generation"
_FIRST_GATE, _LAST_GATE = "awaiting_ideation_approval", "awaiting_publish_approval"
_SECONDS = 180


def check_film_survives(site: ComposedSite) -> str:
    """Brief to publication, as author and reviewer, while a worker dies; one post, and its bytes are the film's."""
    with Client(site.target) as client:
        run_id = client.start("short_video", {"brief": "How tides work", "target_seconds": 20})
        _until_status(client, run_id, _FIRST_GATE)
        client.decide(run_id, Decision.APPROVED)
        _until_status(client, run_id, _FILMING)
        _kill(site, "producer")
        if (status := client.run(run_id).status) != _FILMING:
            raise broken(f"The producer was killed too late to matter: the run is already {status}.")
        _until_status(client, run_id, _LAST_GATE)
        client.decide(run_id, Decision.APPROVED)
        _until_status(client, run_id, "completed")
        (film,) = (artifact for artifact in client.artifacts(run_id) if artifact.type == "rendered_video")
    size = _check_post(site, run_id, film.id)
    return f"{size / 1e6:.1f} MB, producer restarted {_restarts(site, 'producer')}×"


def _until_status(client: Client, run_id: UUID, status: str) -> Run:
    def look() -> Run | None:
        run = client.run(run_id)
        if run.status == status:
            return run
        if run.is_over:
            raise broken(f"The run is {run.status} instead of {status}: {run.error or run.rejection}")
        return None

    return until(look, seconds=_SECONDS, what=f"the run to be {status}")


def _kill(site: ComposedSite, service: str) -> None:
    """SIGKILL for the process itself: a container killed through the engine would be meant to stay down."""
    container = site.composition.container(service)
    before = _restarts(site, service)
    # The first process is the init, which a container cannot kill from inside; the service is its only child.
    site.composition.inside(container, "sh", "-c", "kill -9 $(cat /proc/1/task/1/children)")
    until(
        lambda: True if _restarts(site, service) > before else None,
        seconds=30,
        what=f"the engine to start {service} again",
    )


def _restarts(site: ComposedSite, service: str) -> int:
    return int(site.composition.inspect(site.composition.container(service), "{{.RestartCount}}"))


def _check_post(site: ComposedSite, run_id: UUID, film: str) -> int:
    """A stranger gets the film from the one post's page, whole and in part. → its size."""
    with httpx.Client(base_url=site.target.url, timeout=30, trust_env=False) as http:
        listed = http.get("/v1/posts", params={"limit": 200}, headers=site.target.author.headers).raise_for_status()
        posts = [post for post in listed.json()["items"] if post["run_id"] == str(run_id)]
        if [post["state"] for post in posts] != ["public"]:
            raise broken(f"The run has not exactly one public post: {posts}")
        address = f"{posts[0]['url']}video.mp4"
        whole = http.get(address)
        part = http.get(address, headers={"Range": "bytes=4-7"})
        same = http.get(f"/v1/artifacts/{film}", headers=site.target.author.headers)
    if whole.content != same.content or part.status_code != httpx.codes.PARTIAL_CONTENT or part.content != b"ftyp":
        raise broken(
            f"{address} is not the film: {whole.status_code}, {len(whole.content)} B; a part: {part.status_code}"
        )
    return len(whole.content)
