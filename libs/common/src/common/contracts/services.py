"""What the orchestrator tells others about the services themselves."""

from __future__ import annotations

from typing import Literal

from common.contracts.message import Event


class ServiceChanged(Event, subject="evt.orchestrator.service_changed.v1"):
    """A service came or went: outside it is known as `service.up` or `service.down`.

    Told once for each change, however many orchestrators saw it, and under the installation's own tenant.
    """

    service: str
    status: Literal["up", "down"]
    workers: int
    """How many of its processes are heard now."""
