"""One key, one line: what a person types at a gate."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection

from cli.output import notes


def somebody_is_here() -> bool:
    """Whether there is a terminal on both sides: one to type on and one to read from."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def read_key(allowed: Collection[str]) -> str:
    """The next key that is one of `allowed`; others are passed over. Ctrl-C interrupts, Ctrl-D is `q`."""
    while True:
        key = _raw_key()
        if key in {"\x04", ""}:
            key = "q"
        if key.lower() in allowed:
            return key.lower()


def forget_typed() -> None:
    """Drop what was typed so far: a key pressed before something was on the screen was not meant for it."""
    try:
        import termios
    except ImportError:
        return
    termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


def read_line(prompt: str) -> str:
    """A line of text, stripped; empty when the person has changed their mind."""
    try:
        return notes().input(f"{prompt} ").strip()
    except EOFError:
        return ""


def _raw_key() -> str:
    try:
        import termios
        import tty
    except ImportError:
        return sys.stdin.readline()[:1]
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        # cbreak, not raw: Ctrl-C must go on being an interruption.
        tty.setcbreak(descriptor)
        # Unbuffered: what is typed after this key belongs to the next question, which may be read another way.
        return os.read(descriptor, 1).decode("ascii", "replace")
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
