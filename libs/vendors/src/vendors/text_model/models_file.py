"""The models' file: which endpoints there are, which models they have, what those cost, and who asks which."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from pkgutil import resolve_name
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from vendors.text_model.wire import AnswersAs

OFFLINE = "offline"
"""In a route: the rule-based writer. It is a stand-in, and a run in which it stood in is degraded."""
_Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
_Usd = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
_Class = Annotated[str, Field(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")]


class BadModelsFile(ValueError):
    """The models' file cannot be used; the text says file, line, field and what is wrong."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class EndpointEntry(_Entry):
    """A server that has models."""

    speaks: Literal["openai", "llama_stack"] | _Class = "openai"
    """`module:Class` is a `ChatModel` of your own, installed beside Greenlight, made of an `httpx.AsyncClient` and a
    `Named`; docs/examples/ollama_chat.py is one."""
    url: str = Field(pattern=r"^https?://[^\s]+$")
    """For `openai` it ends where `/chat/completions` begins; for `llama_stack` it is the server's, without `/v1`."""

    @field_validator("speaks")
    @classmethod
    def _is_there(cls, speaks: str) -> str:
        if ":" in speaks:
            try:
                resolve_name(speaks)
            except (ImportError, AttributeError) as error:
                raise ValueError(f"there is no such class here: {error}") from error
        return speaks


class Price(_Entry):
    """US dollars for a million tokens, and since when that is known."""

    input: _Usd
    output: _Usd
    as_of: date


class ModelEntry(_Entry):
    """One model, and how it is treated."""

    endpoint: str | Annotated[tuple[str, ...], Field(min_length=1)]
    """Where it is. Several have the same model each: they share its questions, and one that fails is left alone."""
    name: str = Field(min_length=1)
    """As the endpoint calls it."""
    answers_as: AnswersAs = AnswersAs.JSON_SCHEMA
    """How it is told the shape of an answer; `prompt` for one that knows neither of the other ways."""
    max_output_tokens: int = Field(default=4000, ge=16)
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, gt=0, le=1)
    seed: int | None = None
    """An agent's own `sampling` in `agents.yaml` goes before these."""
    seconds: float = Field(default=60.0, gt=0, le=600)
    """How long one answer may take."""
    corrections: int = Field(default=2, ge=0, le=5)
    """How often a wrong answer is asked for again, with what is wrong about it; each time is paid for."""
    at_once: int = Field(default=4, ge=1)
    """Questions in flight in one process, at each endpoint."""
    per_minute: int | None = Field(default=None, ge=1)
    """Questions a minute, of all processes together, at each endpoint."""
    tokens_per_minute: int | None = Field(default=None, ge=1)
    """Tokens of questions and answers a minute, counted likewise; what is under way when they are used up may end."""
    price: Price | None = None
    """Goes before the table of prices that comes with Greenlight. A model of your own costs `0`, if you say so."""
    priced_as: str | None = None
    """The name under which that table has it, if it is not `name`."""

    @property
    def endpoints(self) -> tuple[str, ...]:
        """All its endpoints, as the file names them."""
        return (self.endpoint,) if isinstance(self.endpoint, str) else self.endpoint


class Routes(_Entry):
    """Which models are asked, the first one first; the others stand in for it, visibly."""

    default: tuple[str, ...] = Field(min_length=1)
    tasks: dict[str, tuple[str, ...]] = {}
    agents: dict[str, tuple[str, ...]] = {}

    @property
    def uses_offline(self) -> bool:
        """Whether the rule-based writer may stand in anywhere."""
        return any(OFFLINE in route for route in (self.default, *self.tasks.values(), *self.agents.values()))


class ModelsFile(_Entry):
    """The whole file."""

    endpoints: dict[_Id, EndpointEntry]
    models: dict[_Id, ModelEntry]
    routes: Routes

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if OFFLINE in self.models:
            raise ValueError(f"no model may be called {OFFLINE!r}: that is the writer without a model")
        for name, model in self.models.items():
            for endpoint in model.endpoints:
                if endpoint not in self.endpoints:
                    raise ValueError(f"model {name!r} names the endpoint {endpoint!r}, which is not declared")
            if len(set(model.endpoints)) < len(model.endpoints):
                raise ValueError(f"model {name!r} names an endpoint twice")
        for route in (self.routes.default, *self.routes.tasks.values(), *self.routes.agents.values()):
            if not route:
                raise ValueError("a route is empty: name one model at least")
            for name in route:
                if name != OFFLINE and name not in self.models:
                    raise ValueError(f"a route names the model {name!r}, which is not declared")
        return self

    @property
    def uses_offline(self) -> bool:
        """Whether the rule-based writer may stand in anywhere."""
        return self.routes.uses_offline


def read_models_file(path: Path) -> ModelsFile:
    """The file, strictly read: duplicate and unknown keys are errors. Raises `BadModelsFile`."""
    try:
        text = path.read_text(encoding="utf-8")
        value = _yaml().load(text)
        return ModelsFile.model_validate({} if value is None else value)
    except OSError as error:
        raise BadModelsFile(f"{path} cannot be read: {error.strerror}") from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadModelsFile(f"{path}:{line}: {error.problem or error.context}") from error
    except ValidationError as error:
        said = (
            f"{path}:{_line_of(text, each['loc'])}: {'.'.join(map(str, each['loc']))}: {each['msg']}"
            for each in error.errors(include_url=False, include_input=False)
        )
        raise BadModelsFile("; ".join(said)) from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise BadModelsFile(f"{path}: this is no YAML: {error}") from error


def one_model(*, speaks: Literal["openai", "llama_stack"], url: str, name: str) -> ModelsFile:
    """What a file would say of a single model that everybody asks."""
    return ModelsFile(
        endpoints={"endpoint": EndpointEntry(speaks=speaks, url=url)},
        models={"model": ModelEntry(endpoint="endpoint", name=name)},
        routes=Routes(default=("model",)),
    )


def _line_of(text: str, field: tuple[int | str, ...]) -> int:
    """Where a field stands, counted from 1; for one that is missing, where it should stand."""
    node: Node | None = _yaml().compose(text)
    line = 1
    for part in field:
        if isinstance(node, MappingNode):
            found = [(key, value) for key, value in node.value if key.value == str(part)]
            if not found:
                break
            line, node = found[0][0].start_mark.line + 1, found[0][1]
        elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line


def _yaml() -> YAML:
    return YAML(typ="safe", pure=True)
