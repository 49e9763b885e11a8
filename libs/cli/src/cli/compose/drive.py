"""`./greenlight dev compose-test`: the composed suite, built and driven for real, and nothing left of it afterwards."""

from __future__ import annotations

import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from embedded.files import private_folder
from pydantic import SecretStr

from cli.compose.containers import check_containers, check_migrations, wait_until_healthy
from cli.compose.engine import Composition, find_engine
from cli.compose.environment import complete, read_variables
from cli.compose.film import check_film_survives
from cli.compose.observing import check_dashboards, check_edge, check_replicas
from cli.compose.queries import Prometheus
from cli.compose.site import ComposedSite
from cli.exits import ExitCode
from cli.output import GREEN, RED, console, notes, remark, say, span
from cli.places import REPOSITORY, data_folder, shown
from cli.settings import Settings
from cli.target import Credential, Target
from cli.trouble import Trouble

_TAG = "compose-test"
_BUILD_MINUTES = 30
Act = Callable[[], str]


def run_compose_test(settings: Settings, *, keep: bool) -> ExitCode:
    """Build, start and try everything the composed layout promises. Raises `Trouble` at the first thing that fails."""
    engine = find_engine()
    logs = private_folder(data_folder(settings) / "compose-test")
    log = logs / "commands.log"
    log.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="greenlight-compose-") as folder:
        env_file, site_of = _prepare(Path(folder))
        composition = Composition(engine, project=f"gltest{uuid4().hex[:6]}", env_file=env_file, log=log)
        try:
            with _standing(composition, keep=keep, logs=logs):
                site = site_of(composition)
                try:
                    for title, act in _story(site):
                        _report(title, act)
                finally:
                    site.prometheus.close()
        except Trouble:
            say(f"✗ The composed suite does not hold; logs are in {shown(logs)}.", style=RED)
            raise
    say("The composed suite holds.", style=GREEN)
    return ExitCode.OK


def _story(site: ComposedSite) -> list[tuple[str, Act]]:
    composition = site.composition
    return [
        ("images built", lambda: _build(composition)),
        ("everything started and ready", lambda: _start(composition)),
        ("migrations a second time change nothing", lambda: check_migrations(composition)),
        ("containers run without root, read-only", lambda: check_containers(composition)),
        ("the edge shows nothing of the inside", lambda: check_edge(site)),
        ("two ideation replicas, both scraped", lambda: check_replicas(site)),
        ("a film is published though the producer is killed", lambda: check_film_survives(site)),
        ("every dashboard query has data, every alert is sound", lambda: check_dashboards(site)),
    ]


def _prepare(folder: Path) -> tuple[Path, Callable[[Composition], ComposedSite]]:
    """An environment of its own: fresh secrets, free ports, previews instead of full-size films."""
    env_file = folder / "env"
    complete(env_file)
    edge, prometheus = _free_port(), _free_port()
    url = f"http://127.0.0.1:{edge}"
    with env_file.open("a", encoding="utf-8") as file:
        file.write(f"GREENLIGHT_TAG={_TAG}\nGREENLIGHT_RENDER_SCALE=0.25\nGREENLIGHT_EDGE_URL={url}\n")
        file.write(f"GREENLIGHT_EDGE_PORT={edge}\nGREENLIGHT_PROMETHEUS_PORT={prometheus}\n")
    secrets = read_variables(env_file.read_text(encoding="utf-8"))
    author, reviewer = (Credential(SecretStr(secrets[f"GREENLIGHT_{who}_KEY"])) for who in ("ADMIN", "REVIEWER"))
    target = Target(url, author, reviewer, "reviewer", folder)

    def site_of(composition: Composition) -> ComposedSite:
        return ComposedSite(composition, target, Prometheus(f"http://127.0.0.1:{prometheus}"))

    return env_file, site_of


@contextmanager
def _standing(composition: Composition, *, keep: bool, logs: Path) -> Iterator[None]:
    """Whatever happens in the block, the project is gone after it, unless it is to be kept for looking at."""
    try:
        yield
    except BaseException:
        _save_logs(composition, logs)
        raise
    finally:
        if keep:
            remark(f"Kept as project {composition.project}; its secrets are gone with this command.")
        else:
            _report("everything removed", lambda: _remove(composition))


def _build(composition: Composition) -> str:
    composition.compose("build", minutes=_BUILD_MINUTES)
    return ""


def _start(composition: Composition) -> str:
    composition.compose("up", "-d", minutes=5)
    return wait_until_healthy(composition)


def _remove(composition: Composition) -> str:
    composition.compose("down", "--volumes", "--remove-orphans", "--timeout", "10")
    images = composition.docker("image", "ls", "--quiet", "--filter", f"reference=greenlight/*:{_TAG}").split()
    if images:
        composition.docker("image", "rm", "--force", *sorted(set(images)))
    return ""


def _save_logs(composition: Composition, logs: Path) -> None:
    try:
        (logs / "services.log").write_text(composition.compose("logs", "--no-color"), encoding="utf-8")
    except Trouble as trouble:
        remark(f"The services' logs could not be had: {trouble.cause}")


def _report(title: str, act: Act) -> None:
    began = time.monotonic()
    with notes().status(f"{title} …", spinner="dots"):
        said = act()
    took = span(time.monotonic() - began)
    console().print(f"[{GREEN}]✓[/] {title:<54}{took:>10}   [dim]{said}[/]", soft_wrap=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def write_environment(path: Path = REPOSITORY / ".env") -> ExitCode:
    """Write or complete `.env` beside docker-compose.yml, and say what changed."""
    added = complete(path)
    said = f"{len(added)} values added" if added else "nothing was missing"
    say(f"{shown(path)}: {said}. Next: docker compose up -d --build")
    return ExitCode.OK
