"""Run a program as somebody other than root, without touching a permission on the way to it.

PostgreSQL refuses to run as root. In a user namespace it sees an ordinary uid while its files stay root's, so even a
clone under a closed home works. Where namespaces are refused (some containers) it becomes `nobody` and keeps the one
capability that lets it reach its files through closed folders.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import sys
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from common.forkserver import die_with

_NOBODY = 65_534
_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CLONE_NEWUSER = 0x10000000
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522
# Loaded here and not in the child: between fork and exec nothing may be imported or allocated in earnest.
_LIBC = ctypes.CDLL(None, use_errno=True)


class Identity(StrEnum):
    """Who a child is."""

    OURSELVES = "ourselves"
    NAMESPACE = "namespace"
    NOBODY = "nobody"

    @property
    def owner(self) -> int | None:
        """The uid that must own the child's data as seen from here; None where the question does not arise."""
        if self is Identity.NOBODY:
            return _NOBODY
        return os.geteuid() if os.geteuid() == 0 else None


def identity_for_postgres() -> Identity:
    """Ourselves for a normal user; for root, or a uid without an account, the best disguise this machine allows."""
    if sys.platform != "linux" or (os.geteuid() != 0 and _has_account(os.geteuid())):
        return Identity.OURSELVES
    if _may_use_namespaces():
        return Identity.NAMESPACE
    return Identity.NOBODY if os.geteuid() == 0 else Identity.OURSELVES


@dataclass(frozen=True)
class Become:
    """What a child does between fork and exec: take on its identity, and ask to be signalled when we die.

    A namespace is entered by a process with one thread only. So who spawns such a child may have nothing that starts a
    thread in every fork, as OpenTelemetry's exporter does.
    """

    identity: Identity = Identity.OURSELVES
    death_signal: signal.Signals | None = None
    parent: int = 0

    def __call__(self) -> None:
        """Runs in the child. An exception here is the spawn's error in the parent; its cause goes to standard error."""
        try:
            self._become()
        except OSError as error:
            os.write(2, f"{self.identity}: {error}\n".encode())
            raise

    def _become(self) -> None:
        if self.identity is Identity.NAMESPACE:
            _enter_namespace(_NOBODY)
        elif self.identity is Identity.NOBODY:
            _become_nobody()
        if self.death_signal is not None:
            # After the change of identity, which clears it.
            die_with(self.parent, self.death_signal)()


def die_with_parent(death_signal: signal.Signals = signal.SIGKILL) -> Become:
    """A `preexec_fn` for programs we own: the kernel sends the signal when the *thread* that spawned them ends."""
    return Become(death_signal=death_signal, parent=os.getpid())


def _has_account(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


@cache
def _may_use_namespaces() -> bool:
    child = os.fork()
    if child == 0:
        try:
            _enter_namespace(_NOBODY)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _enter_namespace(inner: int) -> None:
    uid, gid = os.geteuid(), os.getegid()
    _checked(_LIBC.unshare(_CLONE_NEWUSER), "unshare")
    # An unprivileged process may map its group only after giving up setgroups.
    for name, text in (("setgroups", "deny"), ("uid_map", f"{inner} {uid} 1"), ("gid_map", f"{inner} {gid} 1")):
        Path("/proc/self", name).write_text(text, encoding="ascii")


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilitySet(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def _become_nobody() -> None:
    # PostgreSQL asks `access` about its own binaries, which leaves capabilities out unless this bit is set. Where it
    # may not be set, the binaries have to be in a folder that others may enter; the data need not.
    _LIBC.prctl(_PR_SET_SECUREBITS, _NO_SETUID_FIXUP, 0, 0, 0)
    # After the bit above, which it is stored beside.
    _checked(_LIBC.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0), "prctl(PR_SET_KEEPCAPS)")
    os.setgroups([])
    os.setgid(_NOBODY)
    os.setuid(_NOBODY)
    bit = 1 << _CAP_DAC_OVERRIDE
    sets = (_CapabilitySet * 2)(_CapabilitySet(bit, bit, bit), _CapabilitySet(0, 0, 0))
    _checked(_LIBC.capset(ctypes.byref(_CapabilityHeader(_CAPABILITY_VERSION_3, 0)), sets), "capset")
    raised = _LIBC.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)
    _checked(raised, "prctl(PR_CAP_AMBIENT)")


def _checked(result: int, what: str) -> None:
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
