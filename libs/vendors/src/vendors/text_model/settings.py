"""The knobs of every service that writes: who does, and where that is."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from common.service.settings import ServiceSettings
from pydantic import Field, SecretStr, model_validator

from vendors.text_model.models_file import ModelsFile, one_model, read_models_file

STAND_IN = "text_model"


class TextModelSettings(ServiceSettings):
    """What a service that writes is told besides what every service is."""

    text_model: Literal["offline", "real", "sandbox", "off"] = "offline"
    """Who writes. `offline` is the rule-based writer and `sandbox` a stand-in for a vendor, both marked as such
    wherever they show; `real` is a language model. With `off` whatever has to be written fails and says so."""
    models_file: str = ""
    """A YAML file of endpoints, models, prices and routes (docs/models.md), for `real` and `sandbox`."""
    text_model_url: str = ""
    """Instead of a file, for a single model: its endpoint, such as `http://localhost:11434/v1`."""
    text_model_name: str = ""
    """That model, as the endpoint calls it."""
    text_model_speaks: Literal["openai", "llama_stack"] = "openai"
    """What that endpoint speaks: OpenAI's chat completions, or Llama Stack (whose address has no `/v1`)."""
    text_model_key: SecretStr = SecretStr("")
    """What that endpoint wants as a bearer token; empty for one that wants none."""
    text_model_keys: dict[str, SecretStr] = Field(default_factory=dict)
    """The same for the endpoints of the models' file, by their names there, as JSON."""
    text_model_cache_seconds: int = Field(default=86_400, ge=0)
    """How long an answer is kept for the same question of the same tenant, which then costs nothing; 0: not at all."""

    @model_validator(mode="after")
    def _has_a_whole_text_model(self) -> Self:
        allowed = self.environment != "production" or STAND_IN in self.allow_stand_ins
        if self.text_model in {"offline", "sandbox"} and not allowed:
            raise ValueError(
                f"a text model that is {self.text_model} must be allowed in production:"
                f" GREENLIGHT_ALLOW_STAND_INS='[\"{STAND_IN}\"]'"
            )
        if self.text_model not in {"real", "sandbox"}:
            return self
        if bool(self.models_file) == bool(self.text_model_url):
            raise ValueError(
                f"GREENLIGHT_TEXT_MODEL={self.text_model} needs either GREENLIGHT_MODELS_FILE or"
                " GREENLIGHT_TEXT_MODEL_URL and GREENLIGHT_TEXT_MODEL_NAME"
            )
        if self.text_model_url and not self.text_model_name:
            raise ValueError("GREENLIGHT_TEXT_MODEL_URL needs GREENLIGHT_TEXT_MODEL_NAME as well")
        models = self.models
        if unknown := sorted(set(self.text_model_keys) - set(models.endpoints)):
            raise ValueError(f"GREENLIGHT_TEXT_MODEL_KEYS names {unknown[0]!r}, which is no endpoint of the file")
        if models.uses_offline and not allowed:
            raise ValueError(
                "a route names 'offline', which must be allowed in production:"
                f" GREENLIGHT_ALLOW_STAND_INS='[\"{STAND_IN}\"]'"
            )
        return self

    @property
    def models(self) -> ModelsFile:
        """What may be asked, from the file or from the single model. Raises `BadModelsFile`."""
        if self.models_file:
            return read_models_file(Path(self.models_file))
        return one_model(speaks=self.text_model_speaks, url=self.text_model_url, name=self.text_model_name)

    def key_of(self, endpoint: str) -> str:
        """The endpoint's bearer token; empty when it wants none."""
        secret = self.text_model_keys.get(endpoint) or (SecretStr("") if self.models_file else self.text_model_key)
        return secret.get_secret_value()
