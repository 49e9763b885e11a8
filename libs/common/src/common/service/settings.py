"""The settings all services share. Each service subclasses; the environment is read here and nowhere else."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Read from `GREENLIGHT_*`; `GREENLIGHT_*_FILE` is not needed because secrets folders are read too."""

    model_config = SettingsConfigDict(
        env_prefix="GREENLIGHT_", env_file=None, extra="ignore", secrets_dir=None, hide_input_in_errors=True
    )

    environment: Literal["embedded", "development", "production", "test"] = "development"
    """In `production` offline and sandbox vendors are refused unless `allow_stand_ins` names them."""

    host: str = "127.0.0.1"
    port: int = 0
    database_url: SecretStr
    """`postgresql+psycopg://<service>:…@host:port/database`; the role is the service's own login role."""
    nats_url: SecretStr
    redis_url: SecretStr
    artifacts_url: str
    """Where bytes live: `file:///path`, `s3://bucket/prefix`, `gs://…`, `az://…`."""
    data_dir: str = "."
    """Local scratch space: render segments, compiled caches. Losing it costs time, never truth."""
    service_key: SecretStr
    """This service's own API key, known to identity by its hash."""
    identity_url: str
    compliance_url: str = ""
    edge_url: str = "http://127.0.0.1:8000"
    """How people reach the suite; used in links we hand out."""
    log_level: str = "INFO"
    pool_size: int = Field(default=4, ge=1)
    allow_stand_ins: tuple[str, ...] = ()
    rate_limit_per_minute: int = 2400
    """Requests of one verified principal to one service. Strangers get a quarter of it, by address."""
    testing_points: str = ""
    """Test only: places at which this process kills itself (see `common.testing_points`)."""
