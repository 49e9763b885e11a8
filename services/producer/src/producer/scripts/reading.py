"""From a file to a script: what its name says it is, decoded, read, and held to what a film can be. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from common.contracts.scripts import LONGEST_TEXT, MOST_SCENES, FinishedScene, FinishedScript
from common.contracts.values import Value
from pydantic import Field

from producer.errors import ScriptUnreadable
from producer.scripts.fdx import read_fdx
from producer.scripts.found import Found, FoundScene, LeftOut
from producer.scripts.fountain import read_fountain
from producer.scripts.plain import read_plain
from producer.scripts.table import read_table
from producer.scripts.taking import require_length

_TEXTS: Final[dict[str, Callable[[str], Found]]] = {
    "fountain": read_fountain,
    "spmd": read_fountain,
    "csv": read_table,
    "tsv": read_table,
    "txt": read_plain,
}
ENDINGS = ("fdx", *_TEXTS)
_TITLE_LIMIT, _HEADING_LIMIT, _HEADLINE_LIMIT, _SAID_LIMIT = 120, 160, 90, 200
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class ReadScript(Value):
    """A script as it was read. Nothing is stored; a run is started with `script`."""

    script: FinishedScript
    format: str = Field(description="The ending its file's name has.")
    seconds: float = Field(description="How long its film will be about.")
    left_out: tuple[LeftOut, ...] = Field(description="What the file has and the script has not.")


def read_script(data: bytes, name: str) -> ReadScript:
    """The script in a file of that name. Raises `ScriptUnreadable` or `ScriptTooLong`, with the line if it has one."""
    stem, _, ending = name.rpartition(".")
    ending = ending.lower()
    if ending not in ENDINGS or not stem:
        known = ", ".join(f".{one}" for one in ENDINGS)
        raise ScriptUnreadable(f"Scripts are read from files that end in {known}.")
    found = read_fdx(data) if ending == "fdx" else _TEXTS[ending](_decoded(data))
    if not found.scenes:
        raise ScriptUnreadable("Line 1: there is nothing in it that could be spoken.", line=1)
    if len(found.scenes) > MOST_SCENES:
        line = found.scenes[MOST_SCENES].line
        said = f"Line {line}: it has {len(found.scenes)} scenes; a film has at most {MOST_SCENES}."
        raise ScriptUnreadable(said, line=line)
    script = FinishedScript(title=_short(found.title), scenes=tuple(map(_scene, enumerate(found.scenes, 1))))
    lost = tuple(one.model_copy(update={"text": one.text[:_SAID_LIMIT]}) for one in found.left_out)
    return ReadScript(script=script, format=ending, seconds=require_length(script), left_out=lost)


def _scene(numbered: tuple[int, FoundScene]) -> FinishedScene:
    number, found = numbered
    for what, text, limit in (("says", found.text, LONGEST_TEXT), ("shows", found.headline, _HEADLINE_LIMIT)):
        if len(text) > limit:
            said = f"Line {found.line}: scene {number} {what} {len(text)} characters; {limit} are allowed. Divide it."
            raise ScriptUnreadable(said, line=found.line)
    heading = _short(found.heading, _HEADING_LIMIT)
    return FinishedScene(text=found.text, seconds=found.seconds, headline=found.headline, heading=heading)


def _short(text: str, limit: int = _TITLE_LIMIT) -> str:
    """Of a name that nobody reads to its end, the beginning."""
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0] + "…"


def _decoded(data: bytes) -> str:
    """The text, with line feeds alone. Raises `ScriptUnreadable` for what is neither UTF-8 nor marked as UTF-16."""
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        wrong = f"byte {data[error.start]:#04x} is no {encoding.removesuffix('-sig').upper()}"
        raise ScriptUnreadable(f"Line {line}: {wrong}. Save the file as UTF-8.", line=line) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if strange := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, strange.start()) + 1
        raise ScriptUnreadable(f"Line {line}: it holds the character {strange[0]!r}, which no text has.", line=line)
    return text
