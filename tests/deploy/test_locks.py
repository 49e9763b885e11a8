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
from cli.locks import read_pins
from common.contracts.catalogue import SERVICES
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROVIDERS = packages_distributions()


@pytest.mark.parametrize("service", SERVICES)
def test_every_import_is_in_the_image(service: str) -> None:
    members = set(_members(ROOT / "services" / service))
    installed = set(read_pins((ROOT / f"deploy/locks/{service}.txt").read_text()))
    available = {member.name for member in members} | sys.stdlib_module_names
    absent = {
        f"{path.relative_to(ROOT)} imports {module}"
        for member in members
        for path in (member / "src").rglob("*.py")
        for module in _imported(path)
        if module not in available
        and installed.isdisjoint(canonicalize_name(name) for name in PROVIDERS.get(module, [module]))
    }
    assert absent == set()


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
