"""The three servers: real processes, killed and started again."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import nats
import psycopg
import pytest
import redis.asyncio
from embedded.errors import StackFailed
from embedded.identity import Identity, identity_for_postgres
from embedded.leftovers import list_at_work_in
from embedded.nats_conf import NatsUser
from embedded.ports import Ports
from embedded.servers import Nats, Postgres, Redis, Server
from embedded.servers.postgres import installed_binaries

Eventually = Callable[[Callable[[], object]], Awaitable[None]]
USERS = (
    NatsUser("ideation", "i", ("evt.ideation.>", "$JS.API.>"), ("_INBOX.>",)),
    NatsUser("orchestrator", "o", ("cmd.>",), (">",)),
    NatsUser("mute", "m", (), ()),
)


@asynccontextmanager
async def running(server: Server) -> AsyncIterator[None]:
    """The server for the length of the block."""
    await server.start()
    try:
        yield
    finally:
        await server.stop()


async def kill(server: Server) -> None:
    """As the kernel does when memory is short."""
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    await server.wait()
    assert not server.alive()


async def query(url: str, statement: str) -> list[tuple[object, ...]]:
    """Run one statement and return its rows, if it has any."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute(statement.encode())
        return await cursor.fetchall() if cursor.description else []


async def test_postgres_keeps_rows_and_address_over_a_kill(tmp_path: Path, ports: Ports) -> None:
    server = Postgres(tmp_path, ports=ports, password="secret")
    async with running(server):
        url = server.url
        await query(url, "create extension vector")
        await query(url, "create table notes as select 'kept' as text, '[1,2,3]'::vector as place")
        await kill(server)
        await server.start()
        assert server.url == url
        assert await query(url, "select text, vector_dims(place) from notes") == [("kept", 3)]
        assert await query(url, "select current_setting('fsync'), current_setting('unix_socket_directories')") == [
            ("on", "")
        ]


async def test_postgres_wants_the_password(tmp_path: Path, ports: Ports) -> None:
    server = Postgres(tmp_path, ports=ports, password="secret")
    async with running(server):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            await query(server.url.replace(":secret@", ":wrong@"), "select 1")


async def test_postgres_ignores_what_an_interrupted_first_start_and_a_reused_pid_left(
    tmp_path: Path, ports: Ports
) -> None:
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18\n")
    async with running(Postgres(tmp_path, ports=ports, password="secret")):
        assert not (tmp_path / "postgres.new").exists()
    # Our own pid: a live process that is no PostgreSQL, as after a container's restart.
    (tmp_path / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}/postgres\n0\n1\n\n\n0 0\nready\n")
    async with running(again := Postgres(tmp_path, ports=ports, password="secret")):
        assert await query(again.url, "select 1") == [(1,)]


async def test_postgres_of_another_release_is_refused(tmp_path: Path, ports: Ports) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(StackFailed, match="was made by PostgreSQL 16"):
        await Postgres(tmp_path, ports=ports, password="secret").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another identity")
async def test_as_root_under_a_closed_home_no_permission_is_touched(tmp_path: Path, ports: Ports) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    package = installed_binaries().parents[1]
    for name in (f"{package.name}/pginstall18", f"{package.name}.libs"):
        shutil.copytree(package.parent / name, home / name, copy_function=_link_or_copy)
    binaries = home / package.name / "pginstall18" / "bin"
    for identity in dict.fromkeys((identity_for_postgres(), Identity.NOBODY, identity_for_postgres())):
        server = Postgres(home / "data", ports=ports, password="secret", identity=identity, binaries=binaries)
        async with running(server):
            await query(server.url, "create table if not exists starts (n int)")
            assert await query(server.url, "select rolsuper from pg_roles where rolname = current_user") == [(True,)]
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert home.stat().st_uid == 0


def _link_or_copy(source: str, target: str) -> None:
    try:
        Path(target).hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)


async def test_redis_keeps_keys_over_a_restart_and_wants_the_password(tmp_path: Path, ports: Ports) -> None:
    server = Redis(tmp_path, ports=ports, password="secret")
    async with running(server):
        url = server.url
        async with redis.asyncio.from_url(url) as client:
            await client.set("kept", "yes")
        # appendfsync everysec: what was written to the file survives a kill, synced or not.
        await kill(server)
        await server.start()
        async with redis.asyncio.from_url(url) as client:
            assert await client.get("kept") == b"yes"
        async with redis.asyncio.from_url(url.replace(":secret@", ":wrong@")) as client:
            with pytest.raises(redis.AuthenticationError):
                await client.ping()


async def test_nats_keeps_messages_over_a_kill(tmp_path: Path, ports: Ports, eventually: Eventually) -> None:
    server = Nats(tmp_path, ports=ports, users=USERS)
    async with running(server):
        client = await nats.connect(server.url, user="ideation", password="i")
        stream = client.jetstream()
        await stream.add_stream(name="EVENTS", subjects=["evt.>"])
        for _ in range(100):
            await stream.publish("evt.ideation.proposed", b"{}")
        await kill(server)
        await server.start()
        await eventually(lambda: client.is_connected)
        assert (await stream.stream_info("EVENTS")).state.messages == 100
        await client.close()


async def test_nats_refuses_a_forbidden_subject(tmp_path: Path, ports: Ports) -> None:
    server = Nats(tmp_path, ports=ports, users=USERS)
    complaints: asyncio.Queue[str] = asyncio.Queue()

    async def complain(error: Exception) -> None:
        complaints.put_nowait(str(error))

    async with running(server), asyncio.timeout(30):
        ideation = await nats.connect(server.url, user="ideation", password="i", error_cb=complain)
        orchestrator = await nats.connect(server.url, user="orchestrator", password="o")
        heard = await orchestrator.subscribe(">")
        # Not `flush`: nats-py writes its PING past the queue in which the subscription still waits.
        await orchestrator.publish("cmd.orchestrator.listening", b"")
        assert (await heard.next_msg(timeout=20)).subject == "cmd.orchestrator.listening"
        for subject in ("cmd.publisher.publish.v1", "evt.publisher.published.v1", "evt.ideation.proposed.v1"):
            await ideation.publish(subject, b"")
        first, second = await complaints.get(), await complaints.get()
        assert "permissions violation" in first
        assert "cmd.publisher.publish" in first
        assert "evt.publisher.published" in second
        assert (await heard.next_msg(timeout=20)).subject == "evt.ideation.proposed.v1"
        mute = await nats.connect(server.url, user="mute", password="m", error_cb=complain)
        await mute.publish("anything", b"")
        assert "permissions violation" in await complaints.get()
        await mute.subscribe("anything")
        assert "permissions violation" in await complaints.get()
        for client in (ideation, orchestrator, mute):
            await client.close()


async def test_a_port_taken_in_between_is_not_the_end(tmp_path: Path) -> None:
    class Late(Ports):
        """Offers a port that somebody took in the meantime, then real ones."""

        def __init__(self, taken: int) -> None:
            super().__init__()
            self.taken = [taken]

        def take(self, preferred: int | None = None, *, host: str = "127.0.0.1") -> int:
            return self.taken.pop() if self.taken else super().take(preferred, host=host)

    for name in ("postgres", "nats", "redis"):
        with socket.create_server(("127.0.0.1", 0)) as somebody:
            somebodys = somebody.getsockname()[1]
            late = Late(somebodys)
            servers: dict[str, Server] = {
                "postgres": Postgres(tmp_path, ports=late, password="x"),
                "nats": Nats(tmp_path, ports=late, users=USERS),
                "redis": Redis(tmp_path, ports=late, password="x"),
            }
            async with running(servers[name]):
                assert f":{somebodys}" not in servers[name].url
                assert late.taken == []
            late.release()


async def test_a_server_of_an_earlier_life_is_ended_first(tmp_path: Path, ports: Ports) -> None:
    earlier = Postgres(tmp_path, ports=ports, password="x")
    await earlier.start()
    later = Postgres(tmp_path, ports=ports, password="x")
    # As when a killed supervisor's PostgreSQL is still writing its checkpoint.
    with suppress(ProcessLookupError):
        os.kill(earlier.pid or 0, signal.SIGINT)
    async with running(later):
        assert not earlier.alive()
        assert await query(later.url, "select 1") == [(1,)]
    assert list_at_work_in(tmp_path / "postgres", program="postgres") == []
