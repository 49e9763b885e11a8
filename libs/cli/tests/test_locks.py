"""Locks that have fallen behind are noticed without a network."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.locks import list_problems, read_pins

LOCK = "# from nobody\nhttpx==0.28.1 \\\n    --hash=sha256:aa\nrich==15.0.0 \\\n    --hash=sha256:bb\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two libraries and a service with locks that fit."""
    write(tmp_path / "pyproject.toml", '[dependency-groups]\ndev = ["rich>=14"]\n')
    write(tmp_path / "libs/common/pyproject.toml", member("common", '"httpx>=0.28"'))
    write(tmp_path / "services/editor/pyproject.toml", member("editor", '"greenlight-common"'))
    write(tmp_path / "requirements.lock", LOCK)
    write(tmp_path / "deploy/locks/editor.txt", "httpx==0.28.1 \\\n    --hash=sha256:aa\n")
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def member(name: str, needs: str) -> str:
    return f'[project]\nname = "greenlight-{name}"\nversion = "0"\ndependencies = [{needs}]\n'


def test_locks_that_fit_have_no_problems(repository: Path) -> None:
    assert list_problems(repository) == []
    assert read_pins(LOCK) == {"httpx": "0.28.1", "rich": "15.0.0"}


def test_the_gateways_lock_holds_what_it_wants_and_no_address(repository: Path) -> None:
    write(repository / "deploy/litellm/requirements.in", "litellm[proxy]==1.106.2\n")
    assert list_problems(repository) == ["deploy/locks/litellm.txt is missing: ./greenlight dev lock"]
    write(repository / "deploy/locks/litellm.txt", "litellm==1.106.2 \\\nhttpx==0.29 \\\n")
    assert list_problems(repository) == []
    write(repository / "deploy/locks/litellm.txt", "--index-url https://example.org\nlitellm==1.100 \\\n")
    address, version = list_problems(repository)
    assert "names an index" in address
    assert "litellm 1.100" in version


def test_a_new_dependency_is_missed_in_both_locks(repository: Path) -> None:
    write(repository / "libs/common/pyproject.toml", member("common", '"httpx>=0.28", "orjson>=3"'))
    problems = list_problems(repository)
    assert len(problems) == 2
    assert all("lacks orjson" in problem for problem in problems)


def test_a_version_that_no_longer_fits_is_told(repository: Path) -> None:
    write(repository / "libs/common/pyproject.toml", member("common", '"httpx>=1"'))
    assert any("needs >=1" in problem for problem in list_problems(repository))


def test_locks_that_disagree_or_name_addresses_are_told(repository: Path) -> None:
    write(repository / "deploy/locks/editor.txt", "--index-url https://example.org/simple\nhttpx==0.29 \\\n")
    problems = " ".join(list_problems(repository))
    assert "names an index" in problems
    assert "has httpx 0.29" in problems
    (repository / "deploy/locks/editor.txt").unlink()
    assert any("is missing" in problem for problem in list_problems(repository))


def test_extras_have_a_lock_of_their_own_that_agrees_with_the_whole(repository: Path) -> None:
    folder = repository / "services/ideation/pyproject.toml"
    write(folder, member("ideation", '"httpx"') + '[project.optional-dependencies]\nadk = ["google-adk>=2"]\n')
    write(repository / "deploy/locks/ideation.txt", "httpx==0.28.1 \\\n")
    assert list_problems(repository) == ["deploy/locks/agents.txt is missing: ./greenlight dev lock"]
    write(repository / "deploy/locks/agents.txt", "google-adk==2.13.0 \\\nhttpx==0.28.1 \\\n")
    assert list_problems(repository) == []
    write(repository / "deploy/locks/agents.txt", "google-adk==1.10.0 \\\nhttpx==0.29 \\\n")
    problems = " ".join(list_problems(repository))
    assert "google-adk 1.10.0, but greenlight-ideation[adk] needs >=2" in problems
    assert "agents.txt has httpx 0.29, requirements.lock has 0.28.1" in problems
