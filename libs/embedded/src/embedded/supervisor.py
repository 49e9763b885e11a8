"""`python -m embedded.supervisor`: brings a whole stack up, keeps it up, and leaves nothing behind."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import structlog
from common.forking import ForkServer, can_fork
from pydantic import SecretStr

from embedded.app import App
from embedded.backoff import Backoff
from embedded.environment import EDGE, Site
from embedded.errors import DataFolderInUse, StackFailed
from embedded.files import exclusive_lock, private_folder
from embedded.leftovers import OWNER_VARIABLE, end_all, find_birth, list_owned, owner_tag
from embedded.ports import PREFERRED_PORTS, Ports
from embedded.programs import Apps, Layout, Migration, Preload, host_programs, migration_command, nats_users, preloads
from embedded.sandbox import NAME as SANDBOX
from embedded.sandbox import PORT as SANDBOX_PORT
from embedded.sandbox import SandboxSite
from embedded.secrets import StackSecrets, load_secrets
from embedded.servers import Nats, Postgres, Redis, Server
from embedded.servers.protocol import Unit
from embedded.settings import SupervisorSettings, app_environment
from embedded.stack import ProcessPhase, ProcessState, StackPhase, StackState, write_stack
from embedded.urls import without_credentials

FORK_SERVER = "forkserver"
"""What `stack.json` calls the process that all apps are forked from."""
IN_USE = 3
"""The exit code when another supervisor owns the data folder."""
_MIGRATION_SECONDS = 300.0
_START_ATTEMPTS = 3
log = structlog.get_logger("embedded.supervisor")


@dataclass(frozen=True)
class StackOptions:
    """What to run and where."""

    data: Path
    layout: Layout = "one"
    port: int = PREFERRED_PORTS[EDGE]
    edge_host: str = "127.0.0.1"
    sandbox: bool = False
    apps: Apps = field(default=host_programs)
    migration: Migration = field(default=migration_command)
    preload: Preload = field(default=preloads)
    """What the fork server has in memory; None: no fork server, every app is a Python of its own."""


class Supervisor:
    """One data folder's stack. Run it once, in the main thread."""

    def __init__(self, options: StackOptions, *, outside: SupervisorSettings) -> None:
        self._options = options
        self._data = private_folder(options.data).resolve()
        self._outside = outside
        self._ports = Ports()
        self._servers: list[Server] = []
        self._forks = self._fork_server(options.preload())
        self._apps: list[App] = []
        self._keepers: list[asyncio.Task[None]] = []
        self._state = StackState(
            version=version("greenlight-embedded"),
            phase=StackPhase.STARTING,
            supervisor_pid=os.getpid(),
            supervisor_born=find_birth(os.getpid()),
            started_at=datetime.now(UTC),
        )

    def _fork_server(self, preload: Sequence[str] | None) -> ForkServer | None:
        if preload is None or not can_fork():
            return None
        environment = app_environment() | {OWNER_VARIABLE: owner_tag(self._data, FORK_SERVER)}
        log = private_folder(self._data / "logs") / f"{FORK_SERVER}.log"
        return ForkServer(FORK_SERVER, preload=preload, environment=environment, log=log)

    async def run(self) -> None:
        """Keep the stack up until this task is cancelled, then stop it in order.

        Raises `DataFolderInUse` before anything is touched, and `StackFailed` when the stack cannot come up; no
        process is left in either case.
        """
        with exclusive_lock(self._data / "lock"):
            problem: str | None = None
            try:
                # What a killed supervisor's apps had started, and nobody has ended since.
                await end_all(list_owned(self._data))
                await self._start()
                await asyncio.gather(*self._keepers)
            except StackFailed as exc:
                problem = str(exc)
                raise
            finally:
                await self._stop(problem)

    async def _start(self) -> None:
        self._update(phase=StackPhase.STARTING)
        if self._forks is not None:
            # Before the servers: it imports while they start.
            await self._bring_up(self._forks)
        site = await self._start_servers()
        self._update(
            edge_url=site.edge_url,
            services=dict(site.services) | ({SANDBOX: site.sandbox.url} if site.sandbox else {}),
            database_url=without_credentials(site.database_url),
            nats_url=without_credentials(site.nats_url),
            redis_url=without_credentials(site.redis_url),
        )
        if program := self._options.migration(site):
            migration = App(program, data=self._data, forks=self._forks)
            try:
                await migration.run(timeout_seconds=_MIGRATION_SECONDS)
            finally:
                await migration.stop()
        programs = self._options.apps(site, self._options.layout)
        self._apps = [App(program, data=self._data, forks=self._forks) for program in programs]
        await self._bring_up_all(self._apps)
        self._update(phase=StackPhase.READY)
        log.info("stack.ready", edge_url=site.edge_url, data=str(self._data))

    async def _start_servers(self) -> Site:
        secrets = load_secrets(self._data)
        outside = self._outside
        postgres = nats = redis = None
        if outside.database_url is None:
            postgres = Postgres(self._data, ports=self._ports, password=secrets.derive("database", "greenlight"))
        if outside.nats_url is None:
            nats = Nats(self._data, ports=self._ports, users=nats_users(secrets))
        if outside.redis_url is None:
            redis = Redis(self._data, ports=self._ports, password=secrets.derive("redis", "greenlight"))
        self._servers = [server for server in (postgres, nats, redis) if server is not None]
        await self._bring_up_all(self._servers)
        return Site(
            data=self._data,
            secrets=secrets,
            database_url=_address(postgres, outside.database_url),
            nats_url=_address(nats, outside.nats_url),
            redis_url=_address(redis, outside.redis_url),
            services=self._choose_addresses(),
            edge_host=self._options.edge_host,
            outside_nats=nats is None,
            sandbox=self._open_sandbox(secrets) if self._options.sandbox else None,
        )

    def _choose_addresses(self) -> dict[str, str]:
        wanted = PREFERRED_PORTS | {EDGE: self._options.port}
        addresses = {}
        for name, preferred in wanted.items():
            host = self._options.edge_host if name == EDGE else "127.0.0.1"
            port = self._ports.take(preferred, host=host)
            if name == EDGE and port != preferred != 0:
                log.warning("stack.port_taken", wanted=preferred, used=port)
            # An edge that listens on every interface is reached through loopback from here.
            addresses[name] = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"  # noqa: S104
        return addresses

    def _open_sandbox(self, secrets: StackSecrets) -> SandboxSite:
        return SandboxSite.at(f"http://127.0.0.1:{self._ports.take(SANDBOX_PORT)}", secrets)

    async def _bring_up_all(self, units: Sequence[Unit]) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for unit in units:
                    group.create_task(self._bring_up(unit))
        except* StackFailed as failures:
            # One sentence is enough to act on; the others are in the log.
            raise failures.exceptions[0] from None

    async def _bring_up(self, unit: Unit) -> None:
        """Start for the first time; what fails three times will not get better, and whoever waits is told why."""
        backoff = Backoff()
        for attempt in range(1, _START_ATTEMPTS + 1):
            self._note(unit, ProcessPhase.STARTING)
            try:
                await unit.start()
            except StackFailed as exc:
                log.warning("stack.start_failed", process=unit.name, attempt=attempt, reason=str(exc))
                if attempt == _START_ATTEMPTS:
                    raise
                await asyncio.sleep(backoff.after(0))
            else:
                break
        self._note(unit, ProcessPhase.READY)
        # Kept from here on: a server that dies while the apps come up is healed as well.
        self._keepers.append(asyncio.create_task(self._keep(unit), name=f"keep {unit.name}"))

    async def _keep(self, unit: Unit) -> None:
        backoff, clock = Backoff(), asyncio.get_running_loop().time
        ready_at = clock()
        while True:
            code = await unit.wait()
            uptime = clock() - ready_at
            pause = backoff.after(uptime)
            self._note(unit, ProcessPhase.RESTARTING, died=code)
            log.warning("stack.process_died", process=unit.name, code=code, uptime_s=round(uptime, 1), pause_s=pause)
            await asyncio.sleep(pause)
            try:
                await unit.start()
            except (StackFailed, OSError) as exc:
                log.error("stack.start_failed", process=unit.name, reason=str(exc))
                ready_at = clock()
                continue
            ready_at = clock()
            self._note(unit, ProcessPhase.READY)
            log.info("stack.process_back", process=unit.name, pid=unit.pid)

    async def _stop(self, problem: str | None) -> None:
        self._update(phase=StackPhase.STOPPING)
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await self._stop_units(self._apps)
        if self._forks is not None:
            await self._stop_units([self._forks])
        await end_all(list_owned(self._data))
        await self._stop_units(self._servers)
        self._ports.release()
        self._update(phase=StackPhase.STOPPED if problem is None else StackPhase.FAILED, problem=problem)
        log.info("stack.stopped", data=str(self._data))

    async def _stop_units(self, units: Sequence[Unit]) -> None:
        async def stop(unit: Unit) -> None:
            await unit.stop()
            self._note(unit, ProcessPhase.STOPPED)

        await asyncio.gather(*(stop(unit) for unit in units))

    def _note(self, unit: Unit, phase: ProcessPhase, *, died: int | None = None) -> None:
        before = self._state.processes.get(unit.name, ProcessState(phase=phase))
        after = before.model_copy(
            update={
                "phase": phase,
                "pid": unit.pid,
                "restarts": before.restarts + (phase is ProcessPhase.RESTARTING),
                "last_exit": before.last_exit if died is None else died,
            }
        )
        self._update(processes=self._state.processes | {unit.name: after})

    def _update(self, **changes: object) -> None:
        self._state = self._state.model_copy(update=changes)
        write_stack(self._data, self._state)


def _address(server: Server | None, outside: SecretStr | None) -> str:
    if server is not None:
        return server.url
    return "" if outside is None else outside.get_secret_value()


async def _run_until_signalled(supervisor: Supervisor) -> None:
    """Run until SIGTERM, SIGINT or SIGHUP. Further signals change nothing: the stop is under way, and bounded."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    signalled = asyncio.Event()

    def stop() -> None:
        if task is not None and not signalled.is_set():
            signalled.set()
            task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop)
    try:
        await supervisor.run()
    except asyncio.CancelledError:
        if not signalled.is_set():
            raise


def main(
    arguments: Sequence[str] | None = None,
    *,
    apps: Apps = host_programs,
    migration: Migration = migration_command,
    preload: Preload = preloads,
) -> int:
    """The process: 0 after an ordered stop, 1 when the stack could not run, 3 when the data folder is in use."""
    parser = argparse.ArgumentParser(prog="embedded.supervisor", description="Run a whole Greenlight stack.")
    parser.add_argument("--data", type=Path, default=Path(".greenlight"), help="the data folder")
    parser.add_argument("--processes", choices=("one", "each"), default="one", help="one app process, or one a service")
    parser.add_argument("--port", type=int, default=PREFERRED_PORTS[EDGE], help="the edge's port if it is free; 0: any")
    parser.add_argument("--edge-host", default="127.0.0.1", help="the interface the edge listens on")
    parser.add_argument("--sandbox", action="store_true", help="also the sandbox of vendors, and talk to it")
    chosen = parser.parse_args(arguments)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    _watch_children_without_threads()
    options = StackOptions(
        chosen.data,
        chosen.processes,
        port=chosen.port,
        edge_host=chosen.edge_host,
        sandbox=chosen.sandbox,
        apps=apps,
        migration=migration,
        preload=preload,
    )
    try:
        asyncio.run(_run_until_signalled(Supervisor(options, outside=SupervisorSettings())))
    except StackFailed as exc:
        sys.stderr.write(f"{exc}\n")
        return IN_USE if isinstance(exc, DataFolderInUse) else 1
    return 0


def _watch_children_without_threads() -> None:
    """Python 3.11 waits for every child in a thread of its own; later releases use pidfd by themselves."""
    if sys.version_info < (3, 12) and sys.platform == "linux":
        try:
            os.close(os.pidfd_open(os.getpid()))
        except OSError:
            return
        asyncio.set_child_watcher(asyncio.PidfdChildWatcher())


if __name__ == "__main__":
    raise SystemExit(main())
