"""The settings all services share. Each service subclasses; the environment is read here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from common.observability.tracing import otlp_headers


class ServiceSettings(BaseSettings):
    """Read from `GREENLIGHT_*` variables; secrets never show in errors or representations."""

    model_config = SettingsConfigDict(
        env_prefix="GREENLIGHT_",
        env_file=None,
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
        populate_by_name=True,
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
    orchestrator_url: str = ""
    edge_url: str = "http://127.0.0.1:8000"
    """How people reach the suite; used in links we hand out."""
    log_level: str = "INFO"
    pool_size: int = Field(default=8, ge=1)
    """Connections to the database for requests and for what capabilities do."""
    loop_pool_size: int = Field(default=6, ge=2)
    """Connections kept for the service's own loops: relay, runner, and in the orchestrator the engine."""
    allow_stand_ins: tuple[str, ...] = ()
    rate_limit_per_minute: int = 2400
    """Requests of one verified principal to one service. Strangers get a quarter of it, by address."""
    safety_mode: Literal["rules", "llama_stack", "moderations"] = "rules"
    """Who looks at text besides the rules that are always on: nobody, a shield of a Llama Stack server, or an endpoint
    that speaks OpenAI's moderations. What cannot be looked at does not pass, and no setting turns the rules off."""
    safety_url: str = ""
    """Where it is: `http://localhost:8321` for Llama Stack, `https://host/v1` for moderations."""
    safety_shield: str = ""
    """The shield's id there, or the model's."""
    safety_key: SecretStr = SecretStr("")
    """What the server wants as a bearer token; empty for one that wants none."""
    otlp_endpoint: str = Field(default="", validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT")
    """Where spans go, by OTLP over HTTP: `http://localhost:4318` of a collector or of Jaeger, or Langfuse's
    `https://host/api/public/otel`. Without it they go nowhere. `/v1/traces` is added."""
    otlp_headers: SecretStr = Field(default=SecretStr(""), validation_alias="OTEL_EXPORTER_OTLP_HEADERS")
    """What that endpoint wants to see: `name=value` pairs with commas between them, values percent-encoded."""
    testing_points: str = ""
    """Test only: places at which this process kills itself (see `common.testing_points`)."""

    @model_validator(mode="after")
    def _has_a_whole_shield(self) -> Self:
        if self.safety_mode != "rules" and not (self.safety_url and self.safety_shield):
            raise ValueError(
                f"GREENLIGHT_SAFETY_MODE={self.safety_mode} needs GREENLIGHT_SAFETY_URL and GREENLIGHT_SAFETY_SHIELD"
            )
        return self

    @model_validator(mode="after")
    def _has_a_whole_way_out(self) -> Self:
        if self.otlp_endpoint and not self.otlp_endpoint.startswith(("http://", "https://")):
            raise ValueError("OTEL_EXPORTER_OTLP_ENDPOINT is no address on the web")
        try:
            otlp_headers(self.otlp_headers.get_secret_value())
        except ValueError as error:
            raise ValueError(f"OTEL_EXPORTER_OTLP_HEADERS is not as it should be: {error}") from None
        return self

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> Self:
        """Settings from these variables before the process's own: several services may share a process."""
        return cls.model_validate(_GivenVariables(cls, variables)())


class _GivenVariables(EnvSettingsSource):
    def __init__(self, settings_cls: type[BaseSettings], variables: Mapping[str, str]) -> None:
        self._variables = variables
        super().__init__(settings_cls)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._variables.items()}
