"""The other engines, and the floor: a database each on the same server, a process a turn; an environment of theirs."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import subprocess
import sys
from asyncio.subprocess import PIPE
from dataclasses import asdict
from pathlib import Path

import psycopg
from psycopg import sql
from testkit.stack import Stack

from bench.engine.client import ROOT
from bench.engine.plan import Level, Turn, TurnTaken

LOCK = Path(__file__).with_name("peers.lock")
BARE = "bare"
PEERS = ("langgraph", "langgraph_one_saver", "dbos", BARE)
_TURN_SECONDS = 900.0


def make_environment(folder: Path) -> Path:
    """An environment with what peers.lock names, made again when that has changed. → its Python.

    Raises `RuntimeError` with what uv said.
    """
    python, stamp = folder / "bin" / "python", folder / "peers.sha256"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    _uv("venv", "--quiet", "--python", sys.executable, str(folder))
    _uv("pip", "install", "--quiet", "--python", str(python), "--require-hashes", "-r", str(LOCK))
    stamp.write_text(wanted, encoding="ascii")
    return python


def make_databases(stack: Stack) -> None:
    """An empty database for each peer, on the server that Greenlight uses."""
    with psycopg.connect(stack.superuser_url, autocommit=True) as connection:
        for peer in PEERS:
            name = sql.Identifier(_database(peer))
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(name))
            connection.execute(sql.SQL("create database {}").format(name))


async def take_peers_turn(peer: str, turn: Turn, *, python: Path, stack: Stack) -> TurnTaken:
    """One peer's turn, in a process of its own. Raises `RuntimeError` with what it said last."""
    server, _, _ = stack.superuser_url.rpartition("/")
    module = peer.removesuffix("_one_saver")
    # The floor is ours: it stands on the servers and clients that Greenlight has.
    command = [sys.executable if peer == BARE else str(python), "-m", f"bench.engine.peer_{module}"]
    command += ["--database", f"{server}/{_database(peer)}", "--folder", str(stack.site.data)]
    more = ["--savers", "1"] if module != peer else []
    process = await asyncio.create_subprocess_exec(
        *command, "--turn", json.dumps(asdict(turn)), *more, cwd=ROOT, stdout=PIPE, stderr=PIPE
    )
    try:
        async with asyncio.timeout(_TURN_SECONDS):
            output, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"{peer} ended with {process.returncode}:\n{said.decode()[-3000:]}")
    read = json.loads(output.decode().splitlines()[-1])
    levels = [Level(**level) for level in read["levels"]]
    return TurnTaken(read["configuration"], levels, read["sequence_seconds"])


def _database(peer: str) -> str:
    return f"bench_{peer}"


def _uv(*arguments: str) -> None:
    uv = str(Path(sys.executable).with_name("uv"))
    ended = subprocess.run([uv, *arguments], check=False, capture_output=True, text=True)
    if ended.returncode:
        raise RuntimeError(f"uv {arguments[0]} ended with {ended.returncode}: {ended.stderr.strip()}")
