"""What a person needs to know when something did not work."""

from __future__ import annotations

from typing import Any

from cli.exits import ExitCode


class Trouble(Exception):
    """A command cannot go on. Shown as a small panel: stage, cause, what was kept, next step; never a traceback."""

    def __init__(
        self,
        cause: str,
        *,
        exit_code: ExitCode,
        code: str = "trouble",
        title: str = "That did not work",
        stage: str | None = None,
        kept: str | None = None,
        next_step: str | None = None,
    ) -> None:
        super().__init__(cause)
        self.cause = cause
        self.exit_code = exit_code
        self.code = code
        self.title = title
        self.stage = stage
        self.kept = kept
        self.next_step = next_step

    def document(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "error": self.code,
            "detail": self.cause,
            "stage": self.stage,
            "kept": self.kept,
            "next_action": self.next_step,
            "exit_code": int(self.exit_code),
        }
