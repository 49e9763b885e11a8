"""What the environment tells the supervisor, and the host processes it starts."""

from __future__ import annotations

import os

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class SupervisorSettings(BaseSettings):
    """Servers that run elsewhere. Each one that is set replaces the embedded one."""

    model_config = SettingsConfigDict(env_prefix="GREENLIGHT_", env_file=None, env_ignore_empty=True)

    database_url: SecretStr | None = None
    """A role that may create roles and schemas; the database must exist."""
    nats_url: SecretStr | None = None
    """Used as it is, by every service: its users are not ours to choose."""
    redis_url: SecretStr | None = None


class HostSettings(BaseSettings):
    """What the shared process is given instead of one environment: one for each service it hosts."""

    model_config = SettingsConfigDict(env_prefix="GREENLIGHT_", env_file=None)

    log_level: str = "INFO"
    service_environments: dict[str, dict[str, str]] = {}
    """JSON: service (or `edge`) → the variables it would have as a process of its own."""


def inherited_environment() -> dict[str, str]:
    """Our own environment, for a supervisor."""
    # Not read as settings, only handed on; the ban's purpose, one place for the environment, is kept.
    return dict(os.environ)  # noqa: TID251


def app_environment() -> dict[str, str]:
    """Our own environment for the apps, less the addresses that are different for each of them."""
    replaced = {f"GREENLIGHT_{name}_URL" for name in ("DATABASE", "NATS", "REDIS")}
    return {name: value for name, value in inherited_environment().items() if name not in replaced}
