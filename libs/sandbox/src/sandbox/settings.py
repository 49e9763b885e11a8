"""The sandbox's knobs."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from sandbox.kit.callbacks import Listener


class Settings(BaseSettings):
    """Read from `GREENLIGHT_SANDBOX_*`; the environment's kind from `GREENLIGHT_ENVIRONMENT`, as everywhere."""

    model_config = SettingsConfigDict(env_prefix="GREENLIGHT_SANDBOX_", env_file=None, env_ignore_empty=True)

    environment: Literal["embedded", "development", "production", "test"] = Field(
        default="development", validation_alias="GREENLIGHT_ENVIRONMENT"
    )
    """In `production` there is no sandbox: it does not start."""
    host: str = "127.0.0.1"
    port: int = 8090
    key: SecretStr = SecretStr("sandbox-key")
    """What every simulated vendor wants as its key. It opens nothing else."""
    speed: float = Field(default=1.0, gt=0)
    """How much faster time runs here than outside."""
    job_seconds: float = Field(default=2.0, ge=0)
    """How long a film takes from its order to its end, in the sandbox's time."""
    listeners: dict[str, Listener] = Field(default_factory=dict)
    """Vendor → `{"url": "…", "secret": "…"}`: who is called when a job ends. Only addresses of this machine."""

    @model_validator(mode="after")
    def _not_in_production(self) -> Self:
        if self.environment == "production":
            raise ValueError("the sandbox of vendors does not run in production")
        return self
