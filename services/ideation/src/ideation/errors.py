"""Why an agent of an operator's own could not be run, or did not end well."""

from __future__ import annotations

from common.errors import Permanent


class FrameworkNotInstalled(Permanent):
    """The agent's library is not part of this installation; the sentence says how it gets there."""


class AgentNotFound(Permanent):
    """The file or function that the agent's `entry` names is not there (any more)."""


class AgentBroke(Permanent):
    """The agent's own code raised, or built or answered something that is not what it should be."""


class AgentInterrupted(Permanent):
    """A graph asked for a person and stopped. People are asked by a workflow's gates, which are bound to bytes."""


class ToolNotConfigured(Permanent):
    """The agent was given a tool that this installation has bound to nothing."""
