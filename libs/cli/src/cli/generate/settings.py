"""`docs/settings.md` and `.env.example`: every knob, from the settings classes and the docstrings under the fields."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from common.contracts.catalogue import SERVICES
from common.db.migrate import MigrationSettings
from common.service.settings import ServiceSettings
from embedded.settings import HostSettings, SupervisorSettings
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python
from pydantic_settings import BaseSettings
from sandbox.settings import Settings as SandboxSettings

from cli.generate.events import type_name
from cli.settings import Settings as CliSettings

DOCS, EXAMPLE = "docs/settings.md", ".env.example"


@dataclass(frozen=True)
class Section:
    """A group of variables that one kind of process reads."""

    title: str
    about: str
    knobs: tuple[Knob, ...]


@dataclass(frozen=True)
class Knob:
    """One variable."""

    variable: str
    kind: str
    default: str | None
    """As it would be written in the environment; None when it has to be given."""
    secret: bool
    about: str


def generate() -> dict[str, str]:
    """Both files."""
    found = list(sections())
    return {DOCS: "\n".join(_document(found)) + "\n", EXAMPLE: "\n".join(_example(found)) + "\n"}


def sections() -> Iterator[Section]:
    """All variables, the shared ones first."""
    yield Section("Every service", _about(ServiceSettings), knobs_of(ServiceSettings))
    shared = set(ServiceSettings.model_fields)
    for service in SERVICES:
        kind: type[BaseSettings] = importlib.import_module(f"{service}.settings").Settings
        own = tuple(knob for knob in knobs_of(kind) if knob.variable not in _variables(kind, shared))
        yield Section(service.capitalize(), _about(kind), own)
    yield Section("Migrations", _about(MigrationSettings), knobs_of(MigrationSettings))
    yield Section("The embedded stack's supervisor", _about(SupervisorSettings), knobs_of(SupervisorSettings))
    yield Section("The embedded stack's app process", _about(HostSettings), knobs_of(HostSettings))
    sandbox = tuple(knob for knob in knobs_of(SandboxSettings) if not knob.variable.endswith("_ENVIRONMENT"))
    yield Section("The sandbox of vendors", _about(SandboxSettings), sandbox)
    yield Section("The command line", _about(CliSettings), knobs_of(CliSettings))


def knobs_of(kind: type[BaseSettings]) -> tuple[Knob, ...]:
    """A settings class's variables in the order of their declaration."""
    prefix = kind.model_config.get("env_prefix", "")
    told = field_docstrings(kind)
    return tuple(
        _knob(_variable(prefix, name, field), field, told.get(name, "")) for name, field in kind.model_fields.items()
    )


def _variable(prefix: str, name: str, field: FieldInfo) -> str:
    """What others have named is called as they named it."""
    return field.validation_alias if isinstance(field.validation_alias, str) else f"{prefix}{name}".upper()


def field_docstrings(kind: type[BaseModel]) -> dict[str, str]:
    """Field → the string literal that stands under it, also for inherited fields."""
    told: dict[str, str] = {}
    for parent in reversed(kind.__mro__):
        if not issubclass(parent, BaseModel) or parent.__module__.startswith("pydantic"):
            continue
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(parent))).body
        body = tree.body if isinstance(tree, ast.ClassDef) else []
        for field, below in pairwise(body):
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(below, ast.Expr)
                and isinstance(below.value, ast.Constant)
                and isinstance(below.value.value, str)
            ):
                told[field.target.id] = " ".join(below.value.value.split())
    return told


def _knob(variable: str, field: FieldInfo, about: str) -> Knob:
    kind = type_name(field.annotation)
    secret = SecretStr.__name__ in kind
    default = None if field.is_required() else _written(field.get_default(call_default_factory=True))
    return Knob(
        variable, kind.replace(SecretStr.__name__, "secret"), default, secret, about or (field.description or "")
    )


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple | list | dict | bool):
        return json.dumps(to_jsonable_python(value))
    return str(value)


def _variables(kind: type[BaseSettings], names: set[str]) -> set[str]:
    prefix = kind.model_config.get("env_prefix", "")
    return {_variable(prefix, name, kind.model_fields[name]) for name in names}


def _document(found: list[Section]) -> Iterator[str]:
    yield "<!-- Written by `./greenlight dev gen` from the settings classes. Do not edit. -->"
    yield ""
    yield "# Settings"
    yield ""
    yield "Everything is read from the environment, once, at start. Lists and objects are JSON; secrets never show in"
    yield "logs. The embedded stack sets all of this by itself; `.env.example` is for Compose."
    for section in found:
        yield ""
        yield f"## {section.title}"
        yield ""
        yield section.about
        if not section.knobs:
            continue
        yield ""
        yield "| variable | type | default | |"
        yield "|---|---|---|---|"
        for knob in section.knobs:
            default = "**needed**" if knob.default is None else f"`{knob.default}`" if knob.default else "–"
            yield f"| `{knob.variable}` | {_cell(knob.kind)} | {_cell(default)} | {_cell(knob.about)} |"


def _example(found: list[Section]) -> Iterator[str]:
    yield "# Written by `./greenlight dev gen` from the settings classes. What is empty, a service run by hand needs;"
    yield "# Compose gets its .env from `./greenlight dev compose-env`, and the embedded stack needs none."
    yield "# A line that is commented out shows the default."
    for section in found:
        if not section.knobs:
            continue
        yield ""
        yield f"# --- {section.title}"
        for knob in section.knobs:
            for line in textwrap.wrap(knob.about, 110):
                yield f"# {line}"
            yield f"{knob.variable}=" if knob.default is None else f"# {knob.variable}={knob.default}"


def _about(kind: type[BaseSettings]) -> str:
    return " ".join((inspect.getdoc(kind) or "").split())


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
