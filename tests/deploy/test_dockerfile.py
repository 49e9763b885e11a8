"""The one recipe for all images, and what it is given to build from."""

from __future__ import annotations

import importlib.util
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "deploy/Dockerfile").read_text()
# Continued lines are one instruction.
INSTRUCTIONS = [line for line in TEXT.replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")]


def _stages() -> Mapping[str, tuple[str, list[str]]]:
    """Stage → what it builds on, and its instructions."""
    found: dict[str, tuple[str, list[str]]] = {}
    below: list[str] = []
    for line in INSTRUCTIONS:
        if begins := re.match(r"FROM (\S+) AS (\S+)", line):
            below = []
            found[begins[2]] = (begins[1], below)
        else:
            below.append(line)
    return found


STAGES = _stages()


def _lineage(stage: str) -> list[str]:
    """The instructions that make a stage, those of the stages it builds on first."""
    parent, below = STAGES[stage]
    return (_lineage(parent) if parent in STAGES else []) + below


def test_tools_stay_in_the_stages_that_build() -> None:
    assert not TEXT.startswith("# syntax")
    assert ":latest" not in TEXT
    assert len(STAGES) > 4
    for stage in ("service", "orchestrator", "migrate", "litellm"):
        assert not [line for line in _lineage(stage) if re.search(r"\b(apt-get|pip install|uv pip|gcc)\b", line)]


@pytest.mark.parametrize("stage", ["service", "orchestrator", "migrate", "litellm"])
def test_what_runs_is_not_root(stage: str) -> None:
    users = [line for line in _lineage(stage) if line.startswith("USER")]
    assert users[-1] == "USER 10001:10001"


@pytest.mark.parametrize("stage", ["service", "orchestrator"])
def test_a_service_says_whether_it_is_ready(stage: str) -> None:
    (check,) = (line for line in _lineage(stage) if line.startswith("HEALTHCHECK"))
    assert "/ready" in check
    assert [line for line in _lineage(stage) if line.startswith("CMD") and "common.service.run" in line]


def test_packages_are_installed_by_hash() -> None:
    installs = [line for line in INSTRUCTIONS if "pip install" in line and "--no-deps" not in line]
    assert installs
    assert [line for line in installs if "--require-hashes" not in line] == []


def test_what_is_copied_is_let_through() -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    copied = [line.split() for line in INSTRUCTIONS if line.startswith("COPY") and "--from=" not in line]
    sources = [word for words in copied for word in words[1:-1] if not word.startswith("--")]
    assert "workflows/" in sources
    for source in sources:
        path = PurePosixPath(source)
        assert (ROOT / path).exists()
        assert [one for one in allowed if one == str(path) or one.startswith(f"{path}/")], source


def _list_members() -> ModuleType:
    spec = importlib.util.spec_from_file_location("list_members", ROOT / "deploy/list_members.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _wheel(folder: Path, name: str, *needs: str) -> None:
    with zipfile.ZipFile(folder / f"greenlight_{name}-0.1.0-py3-none-any.whl", "w") as wheel:
        lines = [f"Name: greenlight-{name}", *(f"Requires-Dist: {need}" for need in needs)]
        wheel.writestr(f"greenlight_{name}-0.1.0.dist-info/METADATA", "\n".join(lines) + "\n")


def test_an_image_gets_the_wheels_of_its_service_and_those_below(tmp_path: Path) -> None:
    _wheel(tmp_path, "common", "fastapi>=0.165")
    _wheel(tmp_path, "media", "greenlight-common", "numpy>=2.2")
    _wheel(tmp_path, "editor", "greenlight-media", "greenlight-common")
    _wheel(tmp_path, "identity", "greenlight-common")
    members = _list_members()
    names = [wheel.name.split("-")[0] for wheel in members.list_members(tmp_path, ["editor"])]
    assert names == ["greenlight_common", "greenlight_editor", "greenlight_media"]
    with pytest.raises(KeyError):
        members.list_members(tmp_path, ["nobody"])
