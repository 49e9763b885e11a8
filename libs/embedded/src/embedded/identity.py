"""Run a program as somebody other than root, without touching a permission on the way to it.

PostgreSQL refuses to run as root. In a user namespace it sees an ordinary uid while its files stay root's, so even a
clone under a closed home works. Where namespaces are refused (some containers) it becomes `nobody` and keeps the one
capability that lets it reach its files through closed folders.
"""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path

from embedded import becoming

_PYTHON = (sys.executable, "-I", "-S")


class Identity(StrEnum):
    """Who a child is."""

    OURSELVES = becoming.OURSELVES
    NAMESPACE = becoming.NAMESPACE
    NOBODY = becoming.NOBODY

    @property
    def owner(self) -> int | None:
        """The uid that must own the child's data as seen from here; None where the question does not arise."""
        if self is Identity.NOBODY:
            return becoming.NOBODYS_ID
        return os.geteuid() if os.geteuid() == 0 else None


def identity_for_postgres() -> Identity:
    """Ourselves for a normal user; for root, or a uid without an account, the best disguise this machine allows."""
    if sys.platform != "linux" or (os.geteuid() != 0 and _has_account(os.geteuid())):
        return Identity.OURSELVES
    if _may_use_namespaces():
        return Identity.NAMESPACE
    return Identity.NOBODY if os.geteuid() == 0 else Identity.OURSELVES


def become(
    command: Sequence[str | Path],
    *,
    identity: Identity = Identity.OURSELVES,
    death_signal: signal.Signals | None = signal.SIGKILL,
) -> tuple[str | Path, ...]:
    """What to spawn for `command` to run as `identity`, with the same pid.

    The kernel sends it `death_signal` when the *thread* ends that spawned it. Who could not become it ends with 126 and
    says why on standard error. No `preexec_fn`: that runs in a copy of us, with whatever our libraries start in every
    fork, and is no good in a process with threads.
    """
    if identity is Identity.OURSELVES and death_signal is None:
        return tuple(command)
    return (*_PYTHON, becoming.__file__, identity.value, str(int(death_signal or 0)), str(os.getpid()), *command)


def _has_account(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


@cache
def _may_use_namespaces() -> bool:
    command = become((*_PYTHON, "-c", ""), identity=Identity.NAMESPACE)
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
