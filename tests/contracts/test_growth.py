"""What crosses the bus only ever grows: another service may be a release behind or ahead."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Literal

import pytest
from cli.generate.schemas import FOLDER, generate
from common.contracts.catalogue import CAPABILITIES, SERVICES
from common.contracts.message import CATALOGUE
from pydantic import BaseModel, Field, create_model
from testkit.growth import narrowings

ROOT = Path(__file__).parents[2]
SCHEMAS = generate()


@pytest.mark.parametrize("path", sorted(SCHEMAS), ids=lambda path: Path(path).stem)
def test_the_committed_schema_is_that_of_the_class(path: str) -> None:
    assert (ROOT / path).read_text() == SCHEMAS[path], "run `./greenlight dev gen`"


def test_no_schema_is_left_over() -> None:
    assert {f"{FOLDER}/{file.name}" for file in (ROOT / FOLDER).iterdir()} == set(SCHEMAS)


def committed() -> dict[str, str]:
    """The schemas of the last commit."""
    names = git("ls-tree", "--name-only", "HEAD", f"{FOLDER}/").split()
    return {name: git("show", f"HEAD:{name}") for name in names}


def git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True).stdout.decode()


def test_no_contract_became_narrower_than_it_was_committed() -> None:
    before = committed()
    assert set(before) <= set(SCHEMAS), "a contract is gone; make a `.v2` beside it instead"
    found = {
        name: broken
        for name, text in before.items()
        if (broken := narrowings(json.loads(text), json.loads(SCHEMAS[name])))
    }
    assert found == {}


def test_every_subject_has_the_form_that_permissions_rely_on() -> None:
    for subject in CATALOGUE:
        kind, service, fact, version = subject.split(".")
        assert (kind, service in SERVICES, fact.replace("_", "").isalpha(), version) == ("evt", True, True, "v1")
    for name, capability in CAPABILITIES.items():
        assert name == f"{capability.service}.{capability.verb}"
        assert capability.service in SERVICES


# The checker itself


class Inner(BaseModel):
    name: str
    parts: list[int] = []


class Before(BaseModel):
    title: str = Field(max_length=100)
    count: int = 0
    kind: Literal["a", "b"] = "a"
    inner: Inner | None = None
    notes: tuple[Inner, ...] = ()
    sizes: dict[str, int] = {}


def schema(**changes: Any) -> dict[str, Any]:
    """The schema of `Before` with these fields instead; None takes one away."""
    fields: dict[str, Any] = {name: (field.annotation, field) for name, field in Before.model_fields.items()}
    fields |= changes
    after: type[BaseModel] = create_model("After", **{name: field for name, field in fields.items() if field})
    return after.model_json_schema()


class Grown(Inner):
    more: str = ""


class Shrunk(BaseModel):
    name: str


class Demanding(Inner):
    more: str


class Retyped(BaseModel):
    name: int
    parts: list[int] = []


class RetypedDeep(BaseModel):
    name: str
    parts: list[str] = []


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"more": (int, 5)},
        {"more": (Inner | None, None)},
        {"kind": (Literal["a", "b", "c"], "a")},
        {"title": (str, Field(max_length=200))},
        {"title": (str, Field(max_length=100, description="Better said."))},
        {"inner": (Grown | None, None)},
        {"inner": (Inner | str | None, None)},
        {"notes": (tuple[Grown, ...], ())},
    ],
)
def test_growth_is_allowed(changes: dict[str, Any]) -> None:
    assert narrowings(Before.model_json_schema(), schema(**changes)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"count": None}, "/count is gone"),
        ({"more": (int, ...)}, "/more is required now"),
        ({"count": (int, ...)}, "/count is required now"),
        ({"count": (str, "0")}, "/count has another type"),
        ({"title": (str, Field(max_length=99))}, "/title has a tighter maxLength"),
        ({"title": (str, Field(max_length=100, min_length=1))}, "/title has a tighter minLength"),
        ({"title": (str, Field(max_length=100, pattern="^x"))}, "/title has another pattern"),
        ({"kind": (Literal["a"], "a")}, "/kind"),
        ({"inner": (Inner, Inner(name=""))}, "/inner may no longer be its alternative 2"),
        ({"inner": (Shrunk | None, None)}, "/inner may no longer be its alternative 1"),
        ({"inner": (Demanding | None, None)}, "/inner may no longer be its alternative 1"),
        ({"notes": (tuple[Shrunk, ...], ())}, "/notes/[]/parts is gone"),
        ({"notes": (tuple[Demanding, ...], ())}, "/notes/[]/more is required now"),
        ({"notes": (tuple[Retyped, ...], ())}, "/notes/[]/name has another type"),
        ({"notes": (tuple[RetypedDeep, ...], ())}, "/notes/[]/parts/[] has another type"),
        ({"sizes": (dict[str, str], {})}, "/sizes/{} has another type"),
    ],
)
def test_anything_else_is_refused(changes: dict[str, Any], expected: str) -> None:
    found = narrowings(Before.model_json_schema(), schema(**changes))
    assert [one for one in found if one.startswith(expected)], found


def test_a_class_inside_of_itself_is_compared_too() -> None:
    recursive = {
        "$ref": "#/$defs/Tree",
        "$defs": {"Tree": {"type": "object", "properties": {"left": {"$ref": "#/$defs/Tree"}}}},
    }
    assert narrowings(recursive, recursive) == []
