"""CSV: a header that names at least the text, then one row a scene (RFC 4180; also with semicolons or tabs)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from producer.errors import ScriptUnreadable
from producer.scripts.found import Found, FoundScene, LeftOut, seconds_of

_MEANS = {
    "text": {"text", "narration", "voice-over", "voice over", "voiceover", "dialogue", "script"},
    "heading": {"scene", "heading", "shot", "slug"},
    "seconds": {"duration", "seconds", "length", "time"},
    "headline": {"headline", "on-screen text", "on screen text", "title"},
}


def read_table(text: str) -> Found:
    """A scene for each row with a text. Raises `ScriptUnreadable` for a table that cannot be understood."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        columns, left_out = _columns(next(rows, []))
        scenes = []
        for line, row in _numbered(rows):
            if len(row) > len(columns):
                said = f"Line {line} has {len(row)} values, and the header names {len(columns)}."
                raise ScriptUnreadable(said, line=line)
            cells = {name: " ".join(cell.split()) for name, cell in zip(columns, row, strict=False) if name}
            if cells.get("text"):
                scenes.append(_scene(cells, line))
            elif said := " ".join(cell.strip() for cell in row if cell.strip()):
                left_out.append(LeftOut(line=line, what="row without text", text=said))
    except csv.Error as error:
        raise ScriptUnreadable(f"Line {rows.line_num}: it is no CSV ({error}).", line=rows.line_num) from None
    return Found(tuple(scenes), tuple(left_out))


def _numbered(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, with the line they begin on: a quoted cell may go over several."""
    begins = rows.line_num + 1  # type: ignore[attr-defined]
    for row in rows:
        if any(cell.strip() for cell in row):
            yield begins, row
        begins = rows.line_num + 1  # type: ignore[attr-defined]


def _scene(cells: Mapping[str, str], line: int) -> FoundScene:
    seconds = seconds_of(cells.get("seconds", ""), line=line)
    return FoundScene(line, cells["text"], cells.get("heading", ""), cells.get("headline", ""), seconds)


def _columns(header: list[str]) -> tuple[list[str], list[LeftOut]]:
    """What each column holds, empty for one that is not read; and those."""
    columns, unread = [], []
    for named in header:
        means = next((what for what, names in _MEANS.items() if named.strip().lower() in names), "")
        if means in columns and means:
            raise ScriptUnreadable(f"Line 1: two columns hold the {means}; the second is {named!r}.", line=1)
        columns.append(means)
        if not means and named.strip():
            unread.append(LeftOut(line=1, what="column", text=named.strip()))
    if "text" not in columns:
        known = ", ".join(sorted(_MEANS["text"]))
        said = f"Line 1: no column holds what is spoken. Name one of them text (or {known}); the others may be scene,"
        raise ScriptUnreadable(f"{said} duration and headline.", line=1)
    return columns, unread


def _delimiter(text: str) -> str:
    header = text.split("\n", 1)[0]
    return max((",", ";", "\t"), key=header.count)
