"""Exit codes: what a script may rely on."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    OK = 0
    RUN_FAILED = 1
    USAGE = 2
    NO_STACK = 3
    REFUSED = 4
    NOT_FOUND = 5
    INTERRUPTED = 130


MEANINGS: dict[ExitCode, str] = {
    ExitCode.OK: "done",
    ExitCode.RUN_FAILED: "the run failed, or was rejected or cancelled; for checks: one of them failed",
    ExitCode.USAGE: "wrong usage, or a person is needed and none is here",
    ExitCode.NO_STACK: "no stack can be started or reached",
    ExitCode.REFUSED: "refused: not allowed, or not now",
    ExitCode.NOT_FOUND: "there is no such thing",
    ExitCode.INTERRUPTED: "interrupted",
}
