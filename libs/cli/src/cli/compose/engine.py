"""A Docker engine, and one project of `docker-compose.yml` on it, through the ordinary commands."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from embedded.settings import inherited_environment

from cli.exits import ExitCode
from cli.places import REPOSITORY, shown
from cli.trouble import Trouble

_MINUTE = 60.0


@dataclass(frozen=True)
class Engine:
    """What to call, and with which environment."""

    compose: tuple[str, ...]
    environment: Mapping[str, str]


def find_engine() -> Engine:
    """The engine of this machine. Raises `Trouble` when none answers or Compose is not installed."""
    inherited = inherited_environment()
    # The shell's own settings would win over the file's.
    kept = {name: value for name, value in inherited.items() if not name.startswith("GREENLIGHT_")}
    # A distribution's client builds with the BuildKit of its engine; a newer one elsewhere wants a plug-in for that.
    path = f"/usr/bin:{inherited.get('PATH', '')}"
    environment = kept | {"PATH": path, "DOCKER_BUILDKIT": "1", "COMPOSE_DOCKER_CLI_BUILD": "1"}
    if not _succeeds(("docker", "version"), environment):
        raise _missing("No Docker engine answers.", "Install and start one (Debian: apt install docker.io).")
    for compose in (("docker", "compose"), ("docker-compose",)):
        if shutil.which(compose[0], path=path) and _succeeds((*compose, "version"), environment):
            return Engine(compose, environment)
    raise _missing("Docker Compose is not installed.", "Install it (Debian: apt install docker-compose).")


class Composition:
    """One project: its containers, volumes and networks belong to nobody else."""

    def __init__(self, engine: Engine, *, project: str, env_file: Path, log: Path) -> None:
        self.project = project
        self._engine = engine
        self._log = log
        file = REPOSITORY / "docker-compose.yml"
        self._compose = (*engine.compose, "--project-name", project, "--env-file", str(env_file), "-f", str(file))

    def compose(self, *arguments: str, minutes: float = 3) -> str:
        """What a Compose command says on standard output. Raises `Trouble` with the end of what it said."""
        return self._run((*self._compose, *arguments), minutes=minutes)

    def docker(self, *arguments: str, minutes: float = 1, both: bool = False) -> str:
        """The same for a docker command; with `both`, what it says on standard error as well."""
        return self._run(("docker", *arguments), minutes=minutes, both=both)

    def containers(self, service: str) -> list[str]:
        """The ids of a service's containers, ended ones included."""
        # By the labels that every Compose sets: asking Compose itself takes its older version a second.
        labels = {"project": self.project, "service": service, "oneoff": "False"}
        filters = [f"--filter=label=com.docker.compose.{name}={value}" for name, value in labels.items()]
        return self.docker("ps", "--all", "--quiet", *filters).split()

    def container(self, service: str) -> str:
        """The id of one of them."""
        return self.containers(service)[0]

    def inspect(self, container: str, template: str) -> str:
        """A value of `docker inspect`, by a Go template."""
        return self.docker("inspect", "--format", template, container).strip()

    def inside(self, container: str, *command: str) -> str:
        """What a command says in a running container."""
        return self.docker("exec", container, *command)

    def _run(self, command: Sequence[str], *, minutes: float, both: bool = False) -> str:
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"\n$ {' '.join(command)}\n")
            log.flush()
            begins = log.tell()
            try:
                ended = subprocess.run(
                    command,
                    cwd=REPOSITORY,
                    env=dict(self._engine.environment),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT if both else log,
                    text=True,
                    check=False,
                    timeout=minutes * _MINUTE,
                )
                code: int | str = ended.returncode
                log.write(ended.stdout)
            except subprocess.TimeoutExpired:
                code = f"nothing for {minutes:g} min"
        if code != 0:
            raise self._failed(command, code, begins)
        return ended.stdout

    def _failed(self, command: Sequence[str], code: int | str, begins: int) -> Trouble:
        with self._log.open(encoding="utf-8") as log:
            log.seek(begins)
            said = log.read().strip().splitlines()
        short = " ".join(word for word in command if word not in self._compose)
        return Trouble(
            f"`{short}` ended with {code}:\n" + "\n".join(said[-12:]),
            exit_code=ExitCode.RUN_FAILED,
            code="docker_failed",
            next_step=f"All of it is in {shown(self._log)}.",
        )


def _succeeds(command: tuple[str, ...], environment: Mapping[str, str]) -> bool:
    try:
        ended = subprocess.run(command, env=dict(environment), capture_output=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0


def _missing(cause: str, next_step: str) -> Trouble:
    return Trouble(cause, exit_code=ExitCode.NO_STACK, code="no_engine", next_step=next_step)
