"""What a disguised child may do, and what it may not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from embedded.becoming import CANNOT
from embedded.identity import Identity, become, identity_for_postgres
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

pytestmark = pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="root on Linux has disguises")


def spawn(identity: Identity, *command: str) -> str:
    """What a child says."""
    return subprocess.run(become(command, identity=identity), capture_output=True, text=True, check=True).stdout


def report(identity: Identity) -> tuple[int, int, int]:
    """Uid, gid and effective capabilities as the child sees them."""
    uid, gid, capabilities = spawn(
        identity, "/bin/sh", "-c", "id -u; id -g; grep CapEff /proc/self/status"
    ).splitlines()
    return int(uid), int(gid), int(capabilities.split()[1], 16)


def test_nobody_keeps_one_capability() -> None:
    assert report(Identity.NOBODY) == (65_534, 65_534, 1 << 1)


def test_root_in_a_namespace_is_nobody_with_none() -> None:
    if identity_for_postgres() is not Identity.NAMESPACE:
        pytest.skip("this machine refuses user namespaces")
    assert report(Identity.NAMESPACE) == (65_534, 65_534, 0)


def test_a_namespace_still_reads_what_is_roots(tmp_path: Path) -> None:
    if identity_for_postgres() is not Identity.NAMESPACE:
        pytest.skip("this machine refuses user namespaces")
    (tmp_path / "secret").write_text("ours")
    (tmp_path / "secret").chmod(0o600)
    assert spawn(Identity.NAMESPACE, "cat", str(tmp_path / "secret")) == "ours"


def test_why_a_child_could_not_become_it_is_said() -> None:
    asked = subprocess.run(become(["/no/such/program"]), capture_output=True, text=True, check=False)
    assert asked.returncode == CANNOT
    assert "/no/such/program as ourselves: [Errno 2] No such file or directory" in asked.stderr


def test_a_namespace_is_entered_whatever_threads_we_start_in_every_fork() -> None:
    if identity_for_postgres() is not Identity.NAMESPACE:
        pytest.skip("this machine refuses user namespaces")
    # The exporter has a thread in every fork, and who has threads enters no namespace.
    exporter = BatchSpanProcessor(InMemorySpanExporter())
    try:
        assert report(Identity.NAMESPACE)[0] == 65_534
    finally:
        exporter.shutdown()  # type: ignore[no-untyped-call]
