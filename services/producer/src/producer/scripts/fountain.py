"""Fountain, screenplays as plain text, by its published syntax (https://fountain.io/syntax/)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from producer.scripts.found import Found, LeftOut
from producer.scripts.screenplay import Paragraph, Part, scenes_of

_HIDDEN = re.compile(r"/\*.*?\*/|\[\[.*?\]\]", re.S)
_TITLE_KEY = re.compile(r"([A-Za-z][A-Za-z ]*):\s*(.*)")
_TITLE_KEYS = {"title", "credit", "author", "authors", "source", "notes", "draft date", "date", "contact", "copyright"}
"""By which a title page is told from a film that begins with `FADE IN:`."""
_HEADING = re.compile(r"(?:INT|EXT|EST|INT\./EXT|INT/EXT|I/E)[. ]", re.I)
_SCENE_NUMBER = re.compile(r"\s*#[\w.-]+#\s*$")
_TRANSITIONS = ("TO:", "IN:", "OUT:", "OUT.")
"""Fountain knows the first; the others open and end most screenplays, and nobody means them to be spoken."""
_ROLE = re.compile(r"\s*\([^)]*\)\s*")
_EMPHASIS = re.compile(r"(?<!\\)(\*{1,3}|_)(?=\S)(.+?)(?<=[^\s\\])\1")
_ESCAPED = re.compile(r"\\([*_\[\]!@.>~=#\\])")


def read_fountain(text: str) -> Found:
    """The scenes of a Fountain document. Any text is one, so there is nothing to refuse."""
    hidden = [
        LeftOut(line=text.count("\n", 0, match.start()) + 1, what="note", text=" ".join(match[0].split()))
        for match in _HIDDEN.finditer(text)
    ]
    # Its line breaks stay, so that every line keeps its number.
    lines = _HIDDEN.sub(lambda match: "\n" * match[0].count("\n"), text).split("\n")
    title, begins = _title_page(lines)
    return scenes_of(_Body(lines, begins).paragraphs(), title=title, left_out=hidden)


def _title_page(lines: Sequence[str]) -> tuple[str, int]:
    """The title, and the first line behind the title page. → nothing and 0 where there is none."""
    first = _TITLE_KEY.match(lines[0])
    if not first or first[1].strip().lower() not in _TITLE_KEYS:
        return "", 0
    end = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
    key, said = "", []
    for line in lines[:end]:
        if match := _TITLE_KEY.match(line):
            key = match[1].strip().lower()
        if key == "title":
            said.append(match[2] if match else line)
    return _plain(" ".join(said)), end


class _Body:
    """Everything behind the title page, read line by line."""

    def __init__(self, lines: Sequence[str], begins: int) -> None:
        self._lines = lines
        self._at = begins
        self._found: list[Paragraph] = []

    def paragraphs(self) -> list[Paragraph]:
        while self._at < len(self._lines):
            self._read_one()
        return [one for one in self._found if one.text]

    def _read_one(self) -> None:
        line = self._lines[self._at].strip()
        after_blank = self._at == 0 or self._is_blank(self._at - 1)
        if not line or re.fullmatch(r"={3,}", line):
            self._at += 1
        elif line.startswith(("#", "=", "~")):
            self._take(Part.OTHER, line.lstrip("#=~ "))
        elif line.startswith(">"):
            is_centred = line.endswith("<")
            self._take(Part.ACTION if is_centred else Part.TRANSITION, line.strip("<> "))
        elif line.startswith(".") and not line.startswith(".."):
            self._take(Part.HEADING, _SCENE_NUMBER.sub("", line[1:]))
        elif after_blank and _HEADING.match(line):
            self._take(Part.HEADING, _SCENE_NUMBER.sub("", line))
        elif after_blank and line.endswith(_TRANSITIONS) and line.isupper() and self._is_blank(self._at + 1):
            self._take(Part.TRANSITION, line)
        elif after_blank and not self._is_blank(self._at + 1) and _is_name(line):
            self._speech(line)
        else:
            self._action()

    def _speech(self, line: str) -> None:
        self._take(Part.CHARACTER, _ROLE.sub("", line.lstrip("@").rstrip("^ ")).strip())
        said: list[str] = []
        began = self._at
        # A line of two spaces is empty and goes on; one without is the end.
        while self._at < len(self._lines) and (self._lines[self._at].strip() or self._lines[self._at] == "  "):
            spoken = self._lines[self._at].strip()
            if spoken.startswith("(") and spoken.endswith(")"):
                self._found.append(Paragraph(Part.PARENTHETICAL, _plain(spoken), self._at + 1))
            else:
                said.append(spoken)
            self._at += 1
        self._found.append(Paragraph(Part.DIALOGUE, _plain(" ".join(said)), began + 1))

    def _action(self) -> None:
        began, said = self._at, []
        while not self._is_blank(self._at):
            said.append(self._lines[self._at].strip().removeprefix("!"))
            self._at += 1
            if not self._is_blank(self._at) and self._lines[self._at].strip()[:1] in {".", ">", "#", "=", "~", "!"}:
                break
        self._found.append(Paragraph(Part.ACTION, _plain(" ".join(said)), began + 1))

    def _take(self, part: Part, text: str) -> None:
        self._at += 1
        self._found.append(Paragraph(part, _plain(text), self._at))

    def _is_blank(self, at: int) -> bool:
        return at >= len(self._lines) or not self._lines[at].strip()


def _is_name(line: str) -> bool:
    bare = _ROLE.sub("", line.rstrip("^ "))
    return line.startswith("@") or (not line.startswith("!") and bare.isupper())


def _plain(text: str) -> str:
    """In one line, without marks of emphasis."""
    text = " ".join(text.split())
    while (bare := _EMPHASIS.sub(r"\2", text)) != text:
        text = bare
    return _ESCAPED.sub(r"\1", text)
