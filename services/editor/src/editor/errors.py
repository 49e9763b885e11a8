"""What can go wrong in the cutting room. None of these gets better by trying the same again."""

from __future__ import annotations

from common.errors import Invalid, Permanent


class CannotAssemble(Invalid):
    """The production and its clips do not make a film."""


class MissingClip(CannotAssemble):
    """A shot of the production was never filmed."""


class DoubledClip(CannotAssemble):
    """Two clips, or two shots, claim the same place in the film."""


class UnexpectedClip(CannotAssemble):
    """A clip belongs to no shot of the production."""


class ClipLengthWrong(CannotAssemble):
    """A clip has another number of frames than its shot asked for."""


class ShotTooShort(CannotAssemble):
    """A shot is used up by its transitions: nothing of it would stand on its own."""


class MixedFormats(CannotAssemble):
    """The shots of one film differ in size or frame rate."""


class UnknownTransition(CannotAssemble):
    """The timeline names a transition that the editor does not have, or too few or too many of them."""


class ClipHasNoSound(CannotAssemble):
    """A scene asks for its clip's own sound and the clip has none."""


class CutFailedChecks(Permanent):
    """The finished file is not what the timeline asked for; `findings` says in which ways. It must not leave."""

    def __init__(self, findings: tuple[str, ...]) -> None:
        super().__init__("The cut failed its checks: " + " ".join(findings))
        self.findings = findings
