"""Files that are text: which they are, and what of them a viewer reads. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import orjson
from common.contracts.values import ArtifactRef
from common.errors import Invalid
from common.merging import may_be_walked
from safety.rules.passage import Passage, passages_of

_VTT = "text/vtt"
CAPTION_TYPES = frozenset({_VTT, "application/x-subrip"})
_JSON = "application/json"
_PLAIN = "text/plain"
_UTF8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\";\s]*)", re.IGNORECASE)
_INSTANT = r"[\d:.,]{5,16}"
_CUE_TIMES = re.compile(rf"[ \t]*{_INSTANT}[ \t]*-->[ \t]*{_INSTANT}(?:[ \t].*)?")
_STYLE = re.compile(r"\{\\[^{}\n]{0,200}\}")


class Unreadable(ValueError):
    """It is not the text it is said to be."""


def kind_of(ref: ArtifactRef) -> str:
    """The media type without parameters, in small letters."""
    return ref.media_type.partition(";")[0].strip().lower()


def is_text(ref: ArtifactRef) -> bool:
    """Whether the rules for text read the file. What is neither that nor media nobody looks at."""
    kind = kind_of(ref)
    return kind.startswith("text/") or kind in CAPTION_TYPES or kind == _JSON


def passages_in(ref: ArtifactRef, data: bytes, *, where: str) -> list[Passage]:
    """What the file says, as it is read by people. Raises `Unreadable`.

    Captions are read without cue times and identifiers, so that a phrase over two cues is one phrase. What may be shown
    as markup is read without it, and where a reader may see it as it stands, that way as well.
    """
    kind, text = kind_of(ref), _decoded(ref, data)
    if kind == _JSON:
        return _in_json(data, where)
    if kind in CAPTION_TYPES:
        text = "\n\n".join(_cues(text))
    # Whether SubRip's and other tags are shown or obeyed depends on the player; WebVTT's never are shown.
    read = {_PLAIN: (text,), _VTT: (_shown(text),)}.get(kind, (_shown(text), text))
    return [Passage(where, each) for each in dict.fromkeys(read)]


def _decoded(ref: ArtifactRef, data: bytes) -> str:
    charset = _CHARSET.search(ref.media_type)
    if charset and charset[1].lower() not in _UTF8:
        raise Unreadable(f"it is said to be {charset[1]}")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Unreadable("it is not UTF-8") from error
    # UTF-16 of plain letters decodes as well, with one of these between each two.
    if "\0" in text:
        raise Unreadable("it holds NUL characters")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _in_json(data: bytes, where: str) -> list[Passage]:
    try:
        value = orjson.loads(data)
        may_be_walked(value)
    except (orjson.JSONDecodeError, Invalid) as error:
        raise Unreadable("it is not JSON") from error
    return list(passages_of(value, "" if where == "/" else where))


def _cues(captions: str) -> Iterator[str]:
    """What each cue says, tags included; so do notes and styles, which nobody sees."""
    for block in re.split(r"\n[ \t]*\n", captions):
        lines = block.split("\n")
        times = [number for number, line in enumerate(lines) if _CUE_TIMES.fullmatch(line)]
        # What stands alone above a cue's times is its name, which nobody sees.
        dropped = {*times, 0} if times and times[0] == 1 else set(times)
        yield "\n".join(line for number, line in enumerate(lines) if number not in dropped)


def _shown(marked: str) -> str:
    """Markup as it is shown: without tags, characters written by name or number as themselves."""
    parts: list[str] = []
    for paragraph in marked.split("\n\n"):
        # A tag ends with its paragraph at the latest; what is no tag is text.
        at = 0
        while (start := paragraph.find("<", at)) >= 0 and (end := paragraph.find(">", start)) >= 0:
            parts.append(paragraph[at:start])
            at = end + 1
        parts.append(paragraph[at:] + "\n\n")
    return html.unescape(_STYLE.sub("", "".join(parts).removesuffix("\n\n")))
