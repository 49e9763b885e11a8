"""Ideation's knobs."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from vendors.text_model.settings import TextModelSettings


class Settings(TextModelSettings):
    """What ideation is told besides what every service is."""

    search: Literal["off", "searxng", "brave"] = "off"
    """Where things are looked up before there are ideas. With `off`, and no feeds, ideas say that nothing was."""
    search_url: str = ""
    """The address of the SearXNG instance, or of Brave's API."""
    search_key: SecretStr = SecretStr("")
    """Brave's subscription token, or what the instance wants as a bearer token."""
    search_seconds: float = Field(default=10.0, gt=0)
    """How long one answer of a search or a feed may take."""
    feeds: tuple[str, ...] = ()
    """RSS and Atom feeds to look into as well, as JSON. Redirects are not followed."""
    workflows_dir: str = "workflows"
    """Folders of workflows, the orchestrator's own: here lie the files of agents that operators wrote themselves."""
    agent_model: Literal["off", "real", "sandbox"] = "off"
    """Which kind of model those agents are given. With `off` an agent that asks for one fails and says so."""
    agent_model_url: str = ""
    """The OpenAI-compatible endpoint, such as `http://localhost:11434/v1`."""
    agent_model_name: str = ""
    """The model for agents that name none in `agents.yaml`."""
    agent_model_key: SecretStr = SecretStr("")
    """What the endpoint wants as a bearer token; empty for one that wants none."""
    agent_model_seconds: float = Field(default=60.0, gt=0)
    """How long one answer of the model may take."""

    @model_validator(mode="after")
    def _has_a_whole_search(self) -> Self:
        if self.search != "off" and not self.search_url.startswith(("http://", "https://")):
            raise ValueError(f"GREENLIGHT_SEARCH={self.search} needs GREENLIGHT_SEARCH_URL")
        for feed in self.feeds:
            if not feed.startswith(("http://", "https://")):
                raise ValueError(f"GREENLIGHT_FEEDS names {feed!r}, which is no address on the web")
        return self

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.agent_model == "off":
            return self
        if not self.agent_model_url or not self.agent_model_name:
            raise ValueError(
                f"GREENLIGHT_AGENT_MODEL={self.agent_model} needs GREENLIGHT_AGENT_MODEL_URL and _NAME as well"
            )
        stands_in = self.agent_model == "sandbox" and "agent_model" not in self.allow_stand_ins
        if stands_in and self.environment == "production":
            raise ValueError(
                "a sandbox model in production must be allowed: GREENLIGHT_ALLOW_STAND_INS='[\"agent_model\"]'"
            )
        return self
