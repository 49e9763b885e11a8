"""The orchestrator's knobs."""

from __future__ import annotations

from common.service.settings import ServiceSettings


class Settings(ServiceSettings):
    """What the orchestrator is told besides what every service is."""

    workflows_dir: str = "workflows"
    """Folders of workflows; each is loaded at start. A broken one is listed with its error and cannot be started."""
    poll_ms: int = 250
    """How often backlog and timers are looked at when nothing wakes us."""
