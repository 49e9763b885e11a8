"""The servers of a test session, migrated, with identity beside them: `python -m testkit.stack --data DIR`."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from embedded.environment import Site, service_environment, site_of
from embedded.identity import become
from embedded.programs import Layout, Program, host_programs, preloads
from embedded.secrets import StackSecrets
from embedded.stack import StackPhase, read_stack
from embedded.supervisor import main

_READY_SECONDS = 90.0


@dataclass(frozen=True)
class Stack:
    """Running servers with every schema migrated."""

    site: Site

    @property
    def secrets(self) -> StackSecrets:
        """The secrets of this session's data folder."""
        return self.site.secrets

    @property
    def superuser_url(self) -> str:
        """The database as a superuser sees it: for looking behind row-level security, never for code under test."""
        return self.site.database_url

    def environment(self, service: str) -> dict[str, str]:
        """The variables `service` would be started with."""
        return service_environment(service, self.site)


@contextmanager
def running_stack(data: Path) -> Iterator[Stack]:
    """Servers with their data in `data`, stopped at the end. Raises `RuntimeError` with the log when they fail."""
    log = data / "supervisor.log"
    data.mkdir(parents=True, exist_ok=True)
    command = (sys.executable, "-P", "-m", "testkit.stack", "--data", str(data), "--port", "0")
    with log.open("wb") as output:
        process = subprocess.Popen(
            # Whoever kills pytest ends its stack; the fixture is set up and torn down in pytest's main thread.
            become(command, death_signal=signal.SIGTERM),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield Stack(_wait_until_ready(process, data, log))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def stop_flushing(stack: Stack) -> None:
    """For tests, which kill processes and never the machine: what PostgreSQL wrote outlives those without a flush.

    Nothing may be measured on such a stack.
    """
    with psycopg.connect(stack.superuser_url, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.execute(f"alter system set {setting} = off".encode())
        connection.execute("select pg_reload_conf()")


def _wait_until_ready(process: subprocess.Popen[bytes], data: Path, log: Path) -> Site:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        state = read_stack(data)
        if state and state.phase is StackPhase.READY and state.supervisor_pid == process.pid:
            return site_of(data)
        if process.poll() is not None:
            break
        # The stack is another process and tells its state in a file; there is nothing to wait on but the file.
        time.sleep(0.02)
    raise RuntimeError(f"the test stack did not come up:\n{log.read_text()[-4000:]}")


def _identity_only(site: Site, layout: Layout) -> tuple[Program, ...]:
    [identity] = (program for program in host_programs(site, "each") if program.name == "identity")
    # All tests join people with the same administrator's key.
    unlimited = {"GREENLIGHT_RATE_LIMIT_PER_MINUTE": "100000"}
    return (replace(identity, environment={**identity.environment, **unlimited}),)


if __name__ == "__main__":
    raise SystemExit(main(apps=_identity_only, preload=lambda: preloads(["identity"])))
