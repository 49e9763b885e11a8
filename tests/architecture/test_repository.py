"""Properties of the repository itself: sizes, names, licences, secrets, documents."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from common.contracts.catalogue import SERVICES

ROOT = Path(__file__).parents[2]
LIBS = ("common", "media", "safety", "sandbox", "vendors", "verify", "embedded", "cli", "testkit")
MODULE_LIMIT, TEST_LIMIT, TSX_LIMIT = 400, 600, 250


def tracked(*patterns: str) -> list[Path]:
    """Files git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout  # fmt: skip
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def test_files_are_short_enough_to_read() -> None:
    """One test, not one for each file: a worker collects, runs and reports a thousand tests in ten seconds."""
    # A migration is read once.
    paths = [path for path in tracked("*.py", "*.tsx") if "versions" not in path.parts]
    long = {}
    for path in paths:
        limit = TSX_LIMIT if path.suffix == ".tsx" else TEST_LIMIT if "tests" in path.parts else MODULE_LIMIT
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > limit:
            long[str(path.relative_to(ROOT))] = lines
    assert len(paths) > 1000
    assert long == {}


@pytest.mark.parametrize("name", [*SERVICES, *LIBS])
def test_each_of_ours_is_imported_from_this_repository(name: str) -> None:
    """A badly made wheel could shadow a name as plain as `common`."""
    assert ROOT in Path(str(import_module(name).__file__)).parents


@pytest.mark.parametrize("folder", [*(f"services/{name}" for name in SERVICES), *(f"libs/{name}" for name in LIBS)])
def test_each_member_is_a_distribution_of_its_own(folder: str) -> None:
    project = tomllib.loads((ROOT / folder / "pyproject.toml").read_text())["project"]
    assert project["name"] == f"greenlight-{Path(folder).name}"
    assert project["license"] == "MIT"


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_has_the_same_files(service: str) -> None:
    package = ROOT / "services" / service / "src" / service
    for name in ("main.py", "wiring.py", "settings.py", "migrations/env.py"):
        assert (package / name).exists(), name
    assert (package / "models.py").exists() or (package / "models" / "__init__.py").exists()
    assert (ROOT / "services" / service / "README.md").exists()


def test_only_work_commits() -> None:
    """`Work` alone ends transactions; a commit in the middle would half-save (docs/adr/0003)."""
    allowed = {ROOT / "libs/common/src/common/db/work.py"}
    found = [path for path in tracked("*/src/*.py") if ".commit()" in path.read_text() and path not in allowed]
    assert found == []


@pytest.mark.feature("P31")
def test_models_are_asked_by_the_registry_alone() -> None:
    """Whoever wants a model's answer goes through `vendors.text_model`: its limits, prices, routes and record."""
    asks = re.compile(
        r"^\s*(?:import|from) (?:openai|litellm|anthropic|llama_stack_client|ogx_client)\b"
        r"|chat/completions|/v1/responses",
        re.M,
    )
    # The sandbox and the testkit play a model; operators' own agents ask through `Calls`, in their own library.
    allowed = {"libs/vendors/src/vendors/text_model", "libs/sandbox/src", "libs/testkit/src"}
    allowed |= {"services/ideation/src/ideation/frameworks"}
    sources = tracked("libs/*/src/**/*.py", "services/*/src/**/*.py")
    asking = {str(path.relative_to(ROOT)) for path in sources if asks.search(path.read_text(encoding="utf-8"))}
    assert len(sources) > 500
    assert sorted(path for path in asking if not path.startswith(tuple(allowed))) == []
    assert "libs/vendors/src/vendors/text_model/adapters/openai_compatible.py" in asking, (
        "the rule finds what it is for"
    )


def test_nothing_that_must_not_be_tracked_is() -> None:
    names = [path.name for path in tracked()]
    assert not {".env", "secrets.json", "id_rsa", "uv.lock"} & set(names)
    assert not any("node_modules" in path.parts for path in tracked())


def test_no_registry_address_or_machine_path_is_written_down() -> None:
    # An index of packages, a file it serves, and where this clone happens to be.
    forbidden = re.compile(
        r"https?://(?!example\.)[^\s\"'<>]*(?:/simple\b|\.whl\b|\.tgz\b)|https?://(?:[\w-]+\.)*(?:registry|pypi|mirror|proxy)[\w.-]*"
        rf"|/root[/]|/home/\w|{re.escape(str(ROOT))}"
    )
    texts = {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".lock", ".conf", ".json", ".sh", ""}
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix in texts and forbidden.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []


def test_no_generic_module_names() -> None:
    banned = {"utils", "helpers", "misc", "manager", "base", "core"}
    assert [path for path in tracked("*/src/*.py") if path.stem in banned] == []


def test_journeys_are_in_their_folder() -> None:
    """Their lane looks nowhere else."""
    marked = [path for path in tracked("*.py") if re.search(r"mark\.journey\b", path.read_text(encoding="utf-8"))]
    assert marked
    assert [path for path in marked if path.parent != ROOT / "tests/journeys"] == []


LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


@pytest.mark.feature("M1")
def test_links_in_documents_lead_somewhere() -> None:
    broken = [
        (str(page.relative_to(ROOT)), target)
        for page in tracked("*.md")
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_adr_is_in_the_index() -> None:
    folder = ROOT / "docs" / "adr"
    pages = {path.name for path in folder.glob("[0-9]*.md")}
    listed = set(re.findall(r"\(([0-9]{4}-[a-z0-9-]+\.md)\)", (folder / "README.md").read_text()))
    assert pages == listed
