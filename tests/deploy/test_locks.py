"""An image holds what its lock names: everything its code imports has to be in there."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from cli.locks import EXTRAS, read_pins
from common.contracts.catalogue import SERVICES
from common.contracts.message import Framework
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROVIDERS = packages_distributions()
WITH_EXTRAS = "services/ideation/src/ideation/frameworks"
"""Its modules named after a library are imported only where that extra is installed; `EXTRAS` is their lock."""


@pytest.mark.parametrize("service", SERVICES)
def test_every_import_is_in_the_image(service: str) -> None:
    members = set(_members(ROOT / "services" / service))
    installed = set(read_pins((ROOT / f"deploy/locks/{service}.txt").read_text()))
    available = {member.name for member in members} | sys.stdlib_module_names
    absent = {
        f"{path.relative_to(ROOT)} imports {module}"
        for member in members
        for path in (member / "src").rglob("*.py")
        if path not in _optional()
        for module in _imported(path)
        if module not in available
        and installed.isdisjoint(canonicalize_name(name) for name in PROVIDERS.get(module, [module]))
    }
    assert absent == set()


def test_every_import_of_an_extra_is_in_the_lock_of_the_extras() -> None:
    installed = set(read_pins((ROOT / EXTRAS).read_text()))
    available = {member.name for member in _members(ROOT / "services/ideation")} | sys.stdlib_module_names
    absent = {
        f"{path.name} imports {module}"
        for path in _optional()
        for module in _imported(path)
        # A namespace such as `google` is no distribution's name; its distributions' names begin with it.
        if module not in available and not any(name.startswith(canonicalize_name(module)) for name in installed)
    }
    assert len(_optional()) == len(Framework)
    assert absent == set()


def _optional() -> list[Path]:
    return [path for framework in Framework if (path := ROOT / WITH_EXTRAS / f"{framework.value}.py").exists()]


def _members(folder: Path) -> Iterator[Path]:
    """A member's folder, and those of the libraries it declares, however deep."""
    yield folder
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    for wanted in project["dependencies"]:
        if library := re.fullmatch(r"greenlight-(\w+)", wanted):
            yield from _members(ROOT / "libs" / library[1])


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]
