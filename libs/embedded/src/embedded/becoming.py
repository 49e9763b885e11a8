"""`python -I -S becoming.py IDENTITY SIGNAL PARENT PROGRAM ARGUMENT…`: takes on an identity, and becomes the program.

It does between two `exec`s what a hook would do between fork and exec, but in a process that has one thread, whatever
the one that spawned it has: no namespace is entered with two. It costs 20 ms, for it imports next to nothing. The
other end is `embedded.identity`.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

OURSELVES, NAMESPACE, NOBODY = "ourselves", "namespace", "nobody"
NOBODYS_ID = 65_534
CANNOT = 126
"""The exit code of whoever could not become what was asked; why is on standard error."""
_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CLONE_NEWUSER = 0x10000000
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522
_LIBC = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Become the program, or end with `CANNOT`."""
    identity, number, parent, *command = sys.argv[1:]
    try:
        if identity == NAMESPACE:
            _enter_namespace(NOBODYS_ID)
        elif identity == NOBODY:
            _become_nobody()
        # After the change of identity, which clears it.
        _die_with(int(parent), int(number))
        # Python ignores them, and what is ignored stays so in whatever a process becomes.
        for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(ignored, signal.SIG_DFL)
        os.execvp(command[0], command)  # noqa: S606
    except OSError as error:
        print(f"{command[0]} as {identity}: {error}", file=sys.stderr)  # noqa: T201 — all the way it has to say it
        sys.exit(CANNOT)


def _die_with(parent: int, number: int) -> None:
    """Have the kernel send us the signal when the thread ends that spawned us. Only Linux knows this."""
    if number and sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            sys.exit(CANNOT)


def _enter_namespace(inner: int) -> None:
    uid, gid = os.geteuid(), os.getegid()
    _checked(_LIBC.unshare(_CLONE_NEWUSER), "unshare")
    # An unprivileged process may map its group only after giving up setgroups.
    for name, text in (("setgroups", "deny"), ("uid_map", f"{inner} {uid} 1"), ("gid_map", f"{inner} {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123 — pathlib takes as long as all else
            file.write(text)


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
    os.setgid(NOBODYS_ID)
    os.setuid(NOBODYS_ID)
    bit = 1 << _CAP_DAC_OVERRIDE
    sets = (_CapabilitySet * 2)(_CapabilitySet(bit, bit, bit), _CapabilitySet(0, 0, 0))
    _checked(_LIBC.capset(ctypes.byref(_CapabilityHeader(_CAPABILITY_VERSION_3, 0)), sets), "capset")
    raised = _LIBC.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)
    _checked(raised, "prctl(PR_CAP_AMBIENT)")


def _checked(result: int, what: str) -> None:
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


if __name__ == "__main__":
    main()
