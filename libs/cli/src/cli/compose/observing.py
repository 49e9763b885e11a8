"""What is checked from outside: the edge, the replicas as Prometheus sees them, and the dashboards' queries."""

from __future__ import annotations

import httpx

from cli.compose.queries import dashboard_queries
from cli.compose.site import ComposedSite, broken, until

_INSIDE_ONLY = ("/metrics", "/health", "/healthz", "/docs", "/openapi.json", "/v1/runs/../../metrics")
_SCRAPED_SECONDS = 90
_DATA_SECONDS = 120


def check_edge(site: ComposedSite) -> str:
    """The edge serves what it should, asks who is there, and shows nothing of what is for operators only."""
    with httpx.Client(base_url=site.target.url, timeout=10, trust_env=False) as stranger:
        for path in _INSIDE_ONLY:
            answer = stranger.get(path)
            if answer.status_code != httpx.codes.NOT_FOUND:
                raise broken(f"{path} is on the edge: {answer.status_code}")
        if (status := stranger.get("/v1/runs").status_code) != httpx.codes.UNAUTHORIZED:
            raise broken(f"a stranger who asks for /v1/runs gets {status}")
        known = stranger.get("/v1/runs", headers=site.target.author.headers)
        if known.status_code != httpx.codes.OK:
            raise broken(f"the administrator's key is refused: {known.text[:300]}")
    return f"{len(_INSIDE_ONLY)} inner paths are not there"


def check_replicas(site: ComposedSite) -> str:
    """Scale ideation to two; Prometheus finds and scrapes both."""
    site.composition.compose("up", "-d", "--no-recreate", "--no-deps", "--scale", "ideation=2", "ideation")
    asked = 'count(up{job="greenlight", service="ideation"} == 1)'

    def look() -> str | None:
        return "2 of 2 up" if _answers(site, asked) == [2.0] else None

    return until(look, seconds=_SCRAPED_SECONDS, what="Prometheus to scrape two ideation replicas")


def check_dashboards(site: ComposedSite) -> str:
    """Ask Prometheus what the dashboards would ask, until each question has an answer."""
    waiting = dashboard_queries()
    total = len(waiting)

    def look() -> bool | None:
        nonlocal waiting
        waiting = [query for query in waiting if not _answers(site, query.expression)]
        return None if waiting else True

    def missing() -> str:
        return "".join(f"\n{query.dashboard} · {query.panel}: {query.expression}" for query in waiting)

    until(look, seconds=_DATA_SECONDS, what="every dashboard query to return data", missing=missing)
    rules = site.prometheus.rules()
    if unsound := {name: health for name, health in rules.items() if health != "ok"}:
        raise broken(f"alerts that cannot be evaluated: {unsound}")
    return f"{total} queries, {len(rules)} alerts"


def _answers(site: ComposedSite, expression: str) -> list[float]:
    try:
        return site.prometheus.ask(expression)
    except httpx.TransportError:
        return []
