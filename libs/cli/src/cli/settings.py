"""What the environment tells the command line."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from `GREENLIGHT_URL`, `GREENLIGHT_TOKEN` and `GREENLIGHT_DATA`."""

    model_config = SettingsConfigDict(
        env_prefix="GREENLIGHT_", env_file=None, env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    url: str | None = None
    """The edge of a stack somewhere else; without it the commands use the local one."""
    token: SecretStr | None = None
    """A token or an API key. With it everything, decisions included, is done as that principal."""
    data: Path | None = None
    """The local stack's data folder; `.greenlight` in the repository if it is not set."""
