"""The dashboard is built once for each state of its sources, and its absence is said plainly."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from cli import dashboard, node

if TYPE_CHECKING:
    from libs.cli.tests.conftest import Invoke, SmallApi


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dashboard of two files, not built."""
    folder = tmp_path / "dashboard"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "main.tsx").write_text("start()")
    (folder / "package-lock.json").write_text("{}")
    monkeypatch.setattr(dashboard, "FOLDER", folder)
    monkeypatch.setattr(dashboard, "BUILT", folder / "dist")
    return folder


def machine(folder: Path, monkeypatch: pytest.MonkeyPatch, *, version: str) -> None:
    """A PATH on which nothing is but a Node of this version, and its npm."""
    folder.mkdir()
    for name in ("node", "npm"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho {version}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(folder / "nowhere"))


def test_what_is_built_is_built_until_a_source_changes(sources: Path) -> None:
    assert not dashboard.is_built()
    (sources / "dist").mkdir()
    (sources / "dist" / ".source").write_text(dashboard.source_hash())
    assert dashboard.is_built()
    (sources / "src" / "main.test.tsx").write_text("a test is no source")
    assert dashboard.is_built()
    (sources / "src" / "main.tsx").write_text("start(1)")
    assert not dashboard.is_built()


def test_names_count_as_well_as_bytes(sources: Path) -> None:
    before = dashboard.source_hash()
    (sources / "src" / "main.tsx").rename(sources / "src" / "other.tsx")
    assert dashboard.source_hash() != before


@pytest.mark.parametrize(
    ("version", "enough"), [("v18.20.1", False), ("v20.18.0", False), ("v20.19.0", True), ("?", False)]
)
def test_a_node_has_to_be_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, enough: bool
) -> None:
    machine(tmp_path / "bin", monkeypatch, version=version)
    assert (node.find_node() is not None) == enough


@pytest.mark.parametrize(
    ("installed", "omitted"),
    [(None, True), ({"node_modules/vite": {}}, True), ({"node_modules/vitest": {"dev": True}}, False)],
)
def test_building_leaves_a_developers_tools_where_they_are(
    sources: Path, tmp_path: Path, installed: dict[str, object] | None, omitted: bool
) -> None:
    modules = sources / "node_modules"
    modules.mkdir()
    if installed is not None:
        (modules / ".package-lock.json").write_text(json.dumps({"packages": installed}))
    npm = tmp_path / "npm"
    npm.write_text('#!/bin/sh\necho "$@" >> asked\n')
    npm.chmod(0o755)
    for _ in range(2):
        node.install(node.Node(npm, (str(npm),)), folder=sources, to_build=True)
    asked = (sources / "asked").read_text().splitlines()
    assert ["--omit=dev" in one for one in asked] == [omitted]


def test_without_a_node_it_says_what_to_do_and_keeps_what_was_built(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, greenlight: Invoke
) -> None:
    (sources / "dist").mkdir()
    (sources / "dist" / "index.html").write_text("the one before")
    machine(tmp_path / "bin", monkeypatch, version="v12.0.0")
    ended = greenlight("dev", "dashboard")
    assert ended.exit_code == 1
    assert "apt install nodejs" in ended.stderr
    assert (sources / "dist" / "index.html").read_text() == "the one before"


def test_sign_in_prints_a_link_and_nothing_else(greenlight: Invoke, api: SmallApi) -> None:
    link = f"{api.url}/sign-in#gls_something"
    api.answer("POST", "/v1/sign-in-links", {"url": link, "token": "gls_something"}, status=201)
    ended = greenlight("sign-in", "--user", "anna")
    assert ended.exit_code == 0
    assert ended.stdout.strip() == link
    assert urlsplit(link).fragment == "gls_something"
    assert api.asked[-1][3] == {"user_id": "anna"}


@pytest.mark.feature("F46")
def test_a_client_of_other_documents_is_stale_without_any_node(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard, "REPOSITORY", sources.parent)
    document, client = sources / "openapi" / "identity.json", sources / "src" / "api" / "schema" / "identity.ts"
    document.parent.mkdir()
    document.write_text("{}")
    assert dashboard.list_stale_clients() == ["dashboard/src/api/schema/identity.ts"]
    client.parent.mkdir(parents=True)
    client.write_text(f"// Written from identity.json {hashlib.sha256(b'{}').hexdigest()}.\n")
    assert dashboard.list_stale_clients() == []
    document.write_text('{"openapi": "3.1.0"}')
    assert dashboard.list_stale_clients() == ["dashboard/src/api/schema/identity.ts"]
