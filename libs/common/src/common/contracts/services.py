"""What services say of themselves, and what the orchestrator tells others of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from common.contracts.message import Event
from common.contracts.values import Value


class Heartbeat(Value):
    """The body of `ctl.worker.<service>`: what each process of a service says of itself every second."""

    worker: str
    slots: Mapping[str, int]
    """How many steps of each capability it can work on at once."""
    leaves: bool = False
    version: str = ""
    unsent: int = 0
    """Messages that are committed and not published yet, as counted within the last seconds."""
    unsent_since: datetime | None = None
    """When the oldest of these was committed."""
    unwell: Mapping[str, str] = {}
    """What it leans on that does not answer as it should, with a word on what is wrong."""


class ServiceChanged(Event, subject="evt.orchestrator.service_changed.v1"):
    """A service came or went: outside it is known as `service.up` or `service.down`.

    Told once for each change, however many orchestrators saw it, and under the installation's own tenant.
    """

    service: str
    status: Literal["up", "down"]
    workers: int
    """How many of its processes are heard now."""
