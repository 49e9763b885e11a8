"""What a sentence asks for: a small grammar of English. No I/O, no guesses: what is not in it is not understood.

Only what a person says to the supervisor is read here. No text of a run, a brief or a page ever is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from common.contracts.values import Decision

LONGEST_SECONDS = 180


class Kind(StrEnum):
    """The few things that can be asked of the supervisor."""

    START = "start"
    STATUS = "status"
    LIST = "list"
    WAITING = "waiting"
    DECIDE = "decide"
    CANCEL = "cancel"
    CONFIRM = "confirm"
    DROP = "drop"
    HELP = "help"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Wish:
    """What somebody wants. Which members mean something follows from `kind`."""

    kind: Kind
    film: str = ""
    """Which run is meant, in the speaker's words; empty for the one that was spoken of."""
    words: str = ""
    """The brief, the comment of a decision, or the code of a confirmation, with what it accepts."""
    workflow: str | None = None
    seconds: int | None = None
    status: str | None = None
    decision: Decision | None = None


UNDERSTOOD = (
    "make a 20-second film about how tides work",
    "status of the tides film",
    "list running films",
    "what waits for me?",
    "approve the tides film",
    "ask for changes to the tides film: shorten the end",
    "reject the tides film because it is off topic",
    "cancel the tides film",
    "confirm 1a2b3c4d",
    "confirm 1a2b3c4d accepting voice_stand_in",
)
"""One example of each sentence that is understood, as people are told."""

_START = re.compile(
    r"(?:please )?(?:can you |could you |i want you to |i'd like you to )?"
    r"(?:make|create|produce|film|shoot|start)\s+(?:(?:me|us)\s+)?(?:(?:a|an|another|one more|the)\s+)?(?:new\s+)?(.+)",
    re.I | re.S,
)
_NAMED = re.compile(
    r"(?:please )?(?:start|run)\s+(?!video|film|clip|short\b|reel|movie)([a-z][a-z0-9_]*)\s*:\s*(.+)", re.I | re.S
)
_FILM = r"(?:video|film|clip|short|reel|movie)"
_ABOUT = re.compile(
    rf"(?:.*?\s)?{_FILM}\s*(?::|\babout\b|\bon\b|\bof\b|\bthat explains\b|\bexplaining\b)\s*(.+)", re.I | re.S
)
_KIND_OF = re.compile(rf"(.+?)\s+{_FILM}", re.I | re.S)
_LENGTH = re.compile(r",?\s*\b(?:of |for |in )?(\d{1,3})[\s-]*(seconds?|secs?|s|minutes?|mins?)\b(?:\s+long)?", re.I)
_STATES = {
    "running": "running",
    "waiting": "waiting",
    "failed": "failed",
    "completed": "completed",
    "finished": "completed",
    "done": "completed",
    "paused": "paused",
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "rejected": "rejected",
}
_STATE = "|".join(_STATES)
_LISTS = (
    re.compile(
        rf"(?:please )?(?:list|show)(?: me)?(?: all)?(?: my| the| our)?(?: (?P<state>{_STATE}))? (?:runs|films|videos)",
        re.I,
    ),
    re.compile(
        rf"(?:what|which(?: runs| films| videos)?) (?:is|are|has|have)(?: currently)? (?P<state>{_STATE})", re.I
    ),
)
_WAITING = re.compile(
    r"(?:what(?:'s| is| are)?|is there|anything|is anything|show me what)\s.*?"
    r"\b(?:wait\w*|needs?|to approve|to review|to decide)\b.*"
    r"|(?:show )?(?:me )?my (?:queue|reviews)",
    re.I,
)
_STATUS = (
    re.compile(
        r"(?:please )?(?:what(?:'s| is) |show(?: me)? |tell me )?(?:the )?status(?: of| for)?(?: (?P<film>.+))?", re.I
    ),
    re.compile(r"how (?:is|are|far is|goes) (?P<film>.+?)(?: doing| going| coming along)?", re.I),
    re.compile(r"(?:where is|what about|what(?:'s| is) happening with|show(?: me)?) (?P<film>.+)", re.I),
)
_WHY = r"(?:\s*(?::|\bbecause\b)\s*(?P<words>.+))?"
_DECIDE = (
    (Decision.APPROVED, re.compile(rf"(?:please )?approve(?: (?P<film>[^:]+?))?{_WHY}", re.I | re.S)),
    (Decision.REJECTED, re.compile(rf"(?:please )?reject(?: (?P<film>[^:]+?))?{_WHY}", re.I | re.S)),
    (
        Decision.CHANGES_REQUESTED,
        re.compile(
            rf"(?:please )?(?:request|ask for) changes(?: (?:to|on|for|in) (?P<film>[^:]+?))?{_WHY}", re.I | re.S
        ),
    ),
    (Decision.CHANGES_REQUESTED, re.compile(rf"(?:please )?send (?P<film>[^:]+?) back{_WHY}", re.I | re.S)),
)
_CANCEL = re.compile(r"(?:please )?(?:cancel|abort)(?: (?P<film>.+))?", re.I)
_CONFIRM = re.compile(
    r"(?:yes,? )?(?:i )?confirm(?: (?P<code>[0-9a-f]{8}(?: accepting [a-z0-9_]+(?:, [a-z0-9_]+)*)?))?"
    r"|yes|ok(?:ay)?|do it|go ahead|sure",
    re.I,
)
_DROP = re.compile(r"no|nope|never ?mind|don'?t|drop it|forget it|stop", re.I)
_HELP = re.compile(r"help|hello|hi|what can (?:you|i) (?:do|say)|how does this work", re.I)
_SPOKEN_OF = re.compile(r"(?:it|that|this|that one|this one|the (?:film|run|video)|that film|this film)", re.I)
_ARTICLE = re.compile(rf"(?:the|my|our|run|film)\s+|\s+(?:run|{_FILM})$", re.I)


def wish_in(sentence: str) -> Wish:
    """What the sentence asks for. The whole of it must fit: an order inside of another text is none."""
    said = " ".join(sentence.split())
    bare = said.rstrip(" .!?")
    for read in (_read_answer, _read_question, _read_decision, _read_start):
        if (wish := read(bare)) is not None:
            return wish
    return Wish(Kind.UNKNOWN)


def name_of(film: str) -> str:
    """The words to look for a film by: without articles, and empty for the one that was spoken of."""
    words = film.strip().strip("\"'“”‘’")
    if _SPOKEN_OF.fullmatch(words):
        return ""
    before = None
    while before != words:
        before, words = words, _ARTICLE.sub("", words).strip()
    return words


def _read_answer(said: str) -> Wish | None:
    if found := _CONFIRM.fullmatch(said):
        return Wish(Kind.CONFIRM, words=(found["code"] or "").lower())
    if _DROP.fullmatch(said):
        return Wish(Kind.DROP)
    return Wish(Kind.HELP) if _HELP.fullmatch(said) else None


def _read_question(said: str) -> Wish | None:
    for pattern in _LISTS:
        if found := pattern.fullmatch(said):
            return Wish(Kind.LIST, status=_STATES.get((found["state"] or "").lower()))
    if _WAITING.fullmatch(said):
        return Wish(Kind.WAITING)
    for pattern in _STATUS:
        if found := pattern.fullmatch(said):
            return Wish(Kind.STATUS, film=name_of(found["film"] or ""))
    return None


def _read_decision(said: str) -> Wish | None:
    for decision, pattern in _DECIDE:
        if found := pattern.fullmatch(said):
            film = name_of(found["film"] or "")
            return Wish(Kind.DECIDE, film=film, words=(found["words"] or "").strip(), decision=decision)
    if found := _CANCEL.fullmatch(said):
        return Wish(Kind.CANCEL, film=name_of(found["film"] or ""))
    return None


def _read_start(said: str) -> Wish | None:
    if found := _NAMED.fullmatch(said):
        return Wish(Kind.START, words=found[2].strip(), workflow=found[1].lower())
    if not (found := _START.fullmatch(said)):
        return None
    wanted, seconds = _without_length(found[1])
    about = _ABOUT.fullmatch(wanted) or _KIND_OF.fullmatch(wanted)
    brief = about[1].strip(" ,;:") if about else ""
    return Wish(Kind.START, words=brief, seconds=seconds) if brief else None


def _without_length(wanted: str) -> tuple[str, int | None]:
    """What is wanted without how long it shall be, and that in seconds."""
    found = _LENGTH.search(wanted)
    if found is None:
        return wanted, None
    seconds = int(found[1]) * (60 if found[2].lower().startswith("m") else 1)
    rest = " ".join(f"{wanted[: found.start()]} {wanted[found.end() :]}".split())
    return rest, seconds
