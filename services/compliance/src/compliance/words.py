"""What became of a text, word by word: small enough to be read, and exact enough to be put together again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

COMPARED_WORDS = 2_000
"""Finding what stayed takes about the product of both lengths; longer texts are shown as replaced."""

_PIECE = re.compile(r"\s+|\w+(?:['’\-]\w+)*|[^\w\s]")


class PieceKind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    """Some words in a row. All but the added ones make the old text, all but the removed ones the new."""

    kind: PieceKind
    text: str


@dataclass(frozen=True)
class TextChange:
    """One text that is another now. `before` or `after` is None where there was, or is, none."""

    path: str
    before: str | None
    after: str | None
    pieces: tuple[Piece, ...]


def compare(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both texts in order; neighbours are of different kinds, and none is empty."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    if len(old) > COMPARED_WORDS or len(new) > COMPARED_WORDS:
        whole = [Piece(PieceKind.REMOVED, before), Piece(PieceKind.ADDED, after)] if before != after else []
        return _joined(whole or [Piece(PieceKind.SAME, before)])
    found: list[Piece] = []
    for what, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Piece(PieceKind.SAME, "".join(old[old_start:old_end])))
            continue
        found.append(Piece(PieceKind.REMOVED, "".join(old[old_start:old_end])))
        found.append(Piece(PieceKind.ADDED, "".join(new[new_start:new_end])))
    return _joined(found)


def compare_all(path: str, before: Sequence[str], after: Sequence[str]) -> tuple[TextChange, ...]:
    """The texts of a list that changed, came or went; a changed one is named by its place in the new list."""
    changes: list[TextChange] = []
    for old, new in _blocks(before, after):
        both = min(len(old), len(new))
        changes += [
            TextChange(f"{path}/{there}", before[here], after[there], compare(before[here], after[there]))
            for here, there in zip(old[:both], new[:both], strict=True)
        ]
        changes += [_gone(f"{path}/{here}", before[here]) for here in old[both:]]
        changes += [_came(f"{path}/{there}", after[there]) for there in new[both:]]
    return tuple(changes)


def compare_one(path: str, before: str | None, after: str | None) -> tuple[TextChange, ...]:
    """The change of one text; none when it is the same."""
    if before == after:
        return ()
    if before is None or after is None:
        return (_came(path, after or ""),) if before is None else (_gone(path, before),)
    return (TextChange(path, before, after, compare(before, after)),)


def _gone(path: str, text: str) -> TextChange:
    return TextChange(path, text, None, _joined([Piece(PieceKind.REMOVED, text)]))


def _came(path: str, text: str) -> TextChange:
    return TextChange(path, None, text, _joined([Piece(PieceKind.ADDED, text)]))


def _blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[range, range]]:
    for what, old_start, old_end, new_start, new_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if what != "equal":
            yield range(old_start, old_end), range(new_start, new_end)


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    full = [piece for piece in pieces if piece.text]
    return tuple(
        Piece(kind, "".join(piece.text for piece in run)) for kind, run in groupby(full, key=lambda piece: piece.kind)
    )
