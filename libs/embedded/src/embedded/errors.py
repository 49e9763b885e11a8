"""What can go wrong with a stack, each as a sentence somebody can act on."""

from __future__ import annotations


class StackFailed(Exception):
    """The stack cannot run; the text says why and what to do."""


class DataFolderInUse(StackFailed):
    """Another supervisor owns this data folder."""


class ProcessExited(StackFailed):
    """A process ended before it was ready; the text ends with the last lines of its log."""


class ProcessNotReady(StackFailed):
    """A process runs but did not become ready in time."""


class NoFreePort(StackFailed):
    """No loopback port could be found."""
