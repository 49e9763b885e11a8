"""What a disguised child may do, and what it may not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from embedded.identity import Become, Identity, identity_for_postgres

pytestmark = pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="root on Linux has disguises")


def report(identity: Identity) -> tuple[int, int, int]:
    """Uid, gid and effective capabilities as the child sees them."""
    done = subprocess.run(
        ["/bin/sh", "-c", "id -u; id -g; grep CapEff /proc/self/status"],
        preexec_fn=Become(identity, signal.SIGKILL, os.getpid()),
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    )
    uid, gid, capabilities = done.stdout.splitlines()
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
    command = ["cat", str(tmp_path / "secret")]
    assert subprocess.check_output(command, preexec_fn=Become(Identity.NAMESPACE)) == b"ours"
