"""The locks (whole, of each service, of the extras, of the gateway): written by uv, checked without a network."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from cli.exits import ExitCode
from cli.trouble import Trouble

WHOLE = "requirements.lock"
FOLDER = "deploy/locks"
EXTRAS, EXTENDED = f"{FOLDER}/agents.txt", "ideation"
"""The lock with every extra of the one service that has some: what operators' own agents are written in."""
GATEWAY, GATEWAY_WANTS = f"{FOLDER}/litellm.txt", "deploy/litellm/requirements.in"
"""The lock of the LiteLLM proxy, which runs in a container of its own and shares no package with us."""
_OURS = "greenlight-"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_ADDRESS = re.compile(r"https?://|--(?:extra-)?index-url|--find-links|file:")
_EXPORT = ("--no-emit-workspace", "--format", "requirements-txt", "--quiet")


def write_locks(repository: Path, *, upgrade: bool) -> list[str]:
    """Resolve, and write every lock. → their paths. Raises `Trouble` with what uv said."""
    # The resolution itself names index addresses, so it stays on this machine (it is in .gitignore).
    _uv(repository, "lock", *(["--upgrade"] if upgrade else []))
    _uv(repository, "export", "--frozen", "--all-packages", "--all-groups", *_EXPORT, "-o", WHOLE)
    (repository / FOLDER).mkdir(parents=True, exist_ok=True)
    written = [WHOLE]
    for service in _services(repository):
        path = f"{FOLDER}/{service}.txt"
        _uv(repository, "export", "--frozen", "--package", f"{_OURS}{service}", "--no-dev", *_EXPORT, "-o", path)
        written.append(path)
    extended = ("--package", f"{_OURS}{EXTENDED}", "--all-extras", "--no-dev")
    _uv(repository, "export", "--frozen", *extended, *_EXPORT, "-o", EXTRAS)
    form = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-emit-index-url")
    _uv(
        repository,
        "pip",
        "compile",
        "--quiet",
        *form,
        *(["--upgrade"] if upgrade else []),
        GATEWAY_WANTS,
        "-o",
        GATEWAY,
    )
    return [*written, EXTRAS, GATEWAY]


def list_problems(repository: Path) -> list[str]:
    """What is wrong with the locks, a sentence each: something asked for that is not there or does not fit."""
    whole = (repository / WHOLE).read_text(encoding="utf-8")
    pins = read_pins(whole)
    problems = [*_address_problems(WHOLE, whole)]
    for name, wanted in _all_requirements(repository):
        problems += _unmet(WHOLE, name, wanted, pins)
    for service in _services(repository):
        needs = list(_requirements_below(repository, f"{_OURS}{service}"))
        problems += _lock_problems(repository, f"{FOLDER}/{service}.txt", needs, pins)
    members = _members(repository)
    if extras := list(_extras_of(members.get(f"{_OURS}{EXTENDED}"))):
        problems += _lock_problems(repository, EXTRAS, extras, pins, alone=True)
    if (gateway := repository / GATEWAY_WANTS).exists():
        wanted_there = [(GATEWAY_WANTS, Requirement(line)) for line in gateway.read_text(encoding="utf-8").split()]
        problems += _lock_problems(repository, GATEWAY, wanted_there, {}, alone=True)
    return problems


def read_pins(text: str) -> dict[str, str]:
    """Package → version of a lock, by normal names. A package pinned twice by markers keeps its first pin."""
    pins: dict[str, str] = {}
    for name, version in _PIN.findall(text):
        pins.setdefault(canonicalize_name(name), version)
    return pins


def _lock_problems(
    repository: Path,
    path: str,
    needs: Iterable[tuple[str, Requirement]],
    pins: Mapping[str, str],
    *,
    alone: bool = False,
) -> Iterator[str]:
    """What is wrong with one lock beside the whole one. `alone`: it may hold what the whole one does not."""
    try:
        text = (repository / path).read_text(encoding="utf-8")
    except FileNotFoundError:
        yield f"{path} is missing: ./greenlight dev lock"
        return
    yield from _address_problems(path, text)
    own = read_pins(text)
    for name, wanted in needs:
        yield from _unmet(path, name, wanted, own)
    for name, version in own.items():
        if pins.get(name, version if alone else None) != version:
            yield f"{path} has {name} {version}, {WHOLE} has {pins.get(name, 'none')}: ./greenlight dev lock"


def _unmet(path: str, who: str, wanted: Requirement, pins: dict[str, str]) -> Iterator[str]:
    name = canonicalize_name(wanted.name)
    if name.startswith(_OURS) or (wanted.marker and not wanted.marker.evaluate()):
        return
    if name not in pins:
        yield f"{path} lacks {name}, which {who} needs: ./greenlight dev lock"
    elif not wanted.specifier.contains(Version(pins[name]), prereleases=True):
        yield f"{path} has {name} {pins[name]}, but {who} needs {wanted.specifier}: ./greenlight dev lock"


def _address_problems(path: str, text: str) -> Iterator[str]:
    if _ADDRESS.search("\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))):
        yield f"{path} names an index or another address; a lock holds names, versions and hashes only"


def _all_requirements(repository: Path) -> Iterator[tuple[str, Requirement]]:
    root = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    for group in root.get("dependency-groups", {}).values():
        yield from (("the root", Requirement(text)) for text in group if isinstance(text, str))
    for name, member in _members(repository).items():
        yield from ((name, wanted) for wanted in _requirements_of(member))


def _requirements_below(repository: Path, package: str) -> Iterator[tuple[str, Requirement]]:
    """What a member needs, and what the members it needs do."""
    members = _members(repository)
    seen, waiting = {package}, [package]
    for name in waiting:
        for wanted in _requirements_of(members[name]):
            below = canonicalize_name(wanted.name)
            if below in members and below not in seen:
                seen.add(below)
                waiting.append(below)
            yield name, wanted


def _requirements_of(member: dict[str, Any]) -> Iterator[Requirement]:
    for text in member["project"].get("dependencies", []):
        try:
            yield Requirement(text)
        except InvalidRequirement as error:
            raise Trouble(
                f"{member['project']['name']} asks for {text!r}: {error}", exit_code=ExitCode.USAGE, code="invalid"
            ) from error


def _extras_of(member: dict[str, Any] | None) -> Iterator[tuple[str, Requirement]]:
    project = member["project"] if member else {}
    for extra, wanted in project.get("optional-dependencies", {}).items():
        yield from ((f"{project['name']}[{extra}]", Requirement(text)) for text in wanted)


def _members(repository: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(repository.glob("libs/*/pyproject.toml")) + sorted(repository.glob("services/*/pyproject.toml")):
        member = tomllib.loads(path.read_text(encoding="utf-8"))
        found[canonicalize_name(member["project"]["name"])] = member
    return found


def _services(repository: Path) -> list[str]:
    return sorted(path.parent.name for path in repository.glob("services/*/pyproject.toml"))


def _uv(repository: Path, *arguments: str) -> None:
    command = (str(Path(sys.executable).with_name("uv")), *arguments)
    ended = subprocess.run(command, cwd=repository, check=False, capture_output=True, text=True)
    if ended.returncode:
        raise Trouble(
            ended.stderr.strip() or f"uv {arguments[0]} ended with {ended.returncode}.",
            exit_code=ExitCode.RUN_FAILED,
            code="lock_failed",
            title=f"uv {arguments[0]} failed",
            kept="the locks as they were, unless the message says otherwise",
        )
