"""The edge's one route table: path prefix → service. nginx.conf and the embedded router are generated from it."""

from __future__ import annotations

from dataclasses import dataclass

from common.contracts.uploads import UPLOAD_MEGABYTES


@dataclass(frozen=True)
class Route:
    """A path prefix and the service that owns it. The longest prefix that matches wins."""

    prefix: str
    service: str
    websocket: bool = False
    body_megabytes: int = 1
    """How large a request may be; only who takes files takes more than one."""


PORTS: dict[str, int] = {
    "orchestrator": 8010,
    "ideation": 8001,
    "producer": 8002,
    "editor": 8030,
    "publisher": 8004,
    "compliance": 8005,
    "knowledge": 8008,
    "identity": 8020,
}
"""Each service's own port, where it is free to be had."""

EDGE_PORT = 8000

ROUTES: tuple[Route, ...] = (
    Route("/v1/tokens", "identity"),
    Route("/v1/sessions", "identity"),
    Route("/v1/sign-in-links", "identity"),
    Route("/v1/me", "identity"),
    Route("/v1/users", "identity"),
    Route("/v1/roles", "identity"),
    Route("/v1/keys", "identity"),
    Route("/v1/tenants", "identity"),
    Route("/v1/signing-keys", "identity"),
    Route("/.well-known/jwks.json", "identity"),
    Route("/v1/runs", "orchestrator"),
    Route("/v2/runs", "orchestrator"),
    Route("/v1/artifacts", "orchestrator"),
    Route("/v1/workflows", "orchestrator"),
    Route("/v1/tickets", "orchestrator"),
    Route("/v1/services", "orchestrator"),
    Route("/v1/schedules", "orchestrator"),
    # A vendor whose adapter lives in another service gets a longer prefix of its own.
    Route("/v1/webhooks", "orchestrator"),
    Route("/admin/dlq", "orchestrator"),
    Route("/admin/drills", "orchestrator"),
    Route("/v1/limits", "orchestrator"),
    Route("/v1/budgets", "orchestrator"),
    Route("/v1/insights", "orchestrator"),
    Route("/v1/tasks", "orchestrator"),
    Route("/v1/chat", "orchestrator"),
    Route("/compat/agent-os/create-video-content", "orchestrator"),
    Route("/ws", "orchestrator", websocket=True),
    Route("/v1/airlock", "compliance"),
    Route("/v1/permits", "compliance"),
    Route("/v1/audit", "compliance"),
    Route("/v1/policies", "compliance"),
    Route("/compat/agent-os/api/v1/airlock", "compliance", websocket=True),
    Route("/compat/agent-os/validate-action", "compliance"),
    Route("/compat/agent-os/check-compliance", "compliance"),
    Route("/compat/agent-os/rules", "compliance"),
    Route("/compat/agent-os/compliance-rules", "compliance"),
    Route("/compat/agent-os/log-event", "compliance"),
    Route("/compat/agent-os/query-logs", "compliance"),
    Route("/compat/agent-os/audit-logs", "compliance"),
    Route("/compat/agent-os/stats", "compliance"),
    Route("/review", "compliance"),
    Route("/v1/posts", "publisher"),
    Route("/feed", "publisher"),
    Route("/v1/library", "knowledge"),
    Route("/v1/ideas", "ideation"),
    Route("/v1/calls/ideation", "ideation"),
    Route("/v1/models", "ideation"),
    Route("/compat/agent-os/generate-ideas", "ideation"),
    # Clients of the film agents know this path at the address they know.
    Route("/api/screenplay/generate", "ideation"),
    Route("/v1/scripts", "producer"),
    Route("/v1/calls/producer", "producer"),
    Route("/v1/designs", "producer"),
    Route("/v1/templates", "producer"),
    Route("/v1/uploads", "producer", body_megabytes=UPLOAD_MEGABYTES),
    Route("/compat/agent-os/create-design", "producer"),
)

SECRET_PATHS: tuple[str, ...] = ("/review/open/",)
"""What is below these is a secret: whoever reads it in a log may do what it was meant for."""


def shown_path(path: str) -> str:
    """The path as it may be written down, in logs, spans and audit entries."""
    for prefix in SECRET_PATHS:
        if path.startswith(prefix):
            return f"{prefix}***"
    return path


def owner_of(path: str) -> Route | None:
    """The route that serves `path`: its prefix is the path itself or a parent folder of it."""
    owners = [route for route in ROUTES if path == route.prefix or path.startswith(route.prefix + "/")]
    return max(owners, key=lambda route: len(route.prefix), default=None)
