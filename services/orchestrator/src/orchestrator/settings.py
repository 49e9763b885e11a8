"""The orchestrator's knobs."""

from __future__ import annotations

from typing import Self

from common.service.settings import ServiceSettings
from common.service.signatures import WebhookVendor
from pydantic import Field, field_validator, model_validator

TRACE = "{trace}"
"""Stands for a trace's id in `trace_url`."""


class Settings(ServiceSettings):
    """What the orchestrator is told besides what every service is."""

    workflows_dir: str = "workflows"
    """Folders of workflows; each is loaded at start, and again when a file of it is changed. A broken one is
    listed with its error; one that was read before stays as it was."""
    poll_ms: int = 250
    """How often backlog and timers are looked at when nothing wakes us."""
    platform_tenant: str = "default"
    """The tenant whose operators also see dead letters that name no tenant."""
    webhook_secrets: dict[str, WebhookVendor] = Field(default_factory=dict)
    """Outside systems that may resolve a `wait`: a JSON object, name → `{"secrets": ["…"], "tenant": "…"}` and how it
    signs (`scheme`, `algorithm`, `header`, `version`, `separator`, `tolerance_seconds`, `delivery_header`, `id_field`).
    """

    trace_url: str = ""
    """Where people look at traces, with `{trace}` for the id: `http://localhost:16686/trace/{trace}` of Jaeger. Without
    it runs have no link to theirs."""

    @field_validator("trace_url")
    @classmethod
    def _leads_to_a_trace(cls, url: str) -> str:
        if url and not (url.startswith(("http://", "https://")) and TRACE in url):
            raise ValueError(f"trace_url: an http address with {TRACE} in it")
        return url

    @model_validator(mode="after")
    def _name_their_tenants(self) -> Self:
        if ownerless := sorted(name for name, vendor in self.webhook_secrets.items() if vendor.tenant is None):
            raise ValueError(f"webhook_secrets: {', '.join(ownerless)} needs a tenant")
        return self
