"""Word differences are exact, and small."""

from __future__ import annotations

from itertools import pairwise

from compliance.words import Piece, PieceKind, compare, compare_all, compare_one
from hypothesis import given
from hypothesis import strategies as st

texts = st.text(alphabet="ab cé.,'-\n漢", max_size=60)


@given(texts, texts)
def test_the_pieces_make_both_texts(before: str, after: str) -> None:
    pieces = compare(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind is not PieceKind.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.kind is not PieceKind.REMOVED) == after
    assert all(piece.text for piece in pieces)
    assert all(one.kind is not other.kind for one, other in pairwise(pieces))


def test_only_the_changed_word_is_marked() -> None:
    assert compare("The moon pulls the sea.", "The moon draws the sea.") == (
        Piece(PieceKind.SAME, "The moon "),
        Piece(PieceKind.REMOVED, "pulls"),
        Piece(PieceKind.ADDED, "draws"),
        Piece(PieceKind.SAME, " the sea."),
    )


def test_only_changed_sentences_are_listed() -> None:
    before, after = ["One.", "Two.", "Three."], ["One.", "Two two.", "Three.", "Four."]
    changes = compare_all("/narration", before, after)
    assert [(change.path, change.before, change.after) for change in changes] == [
        ("/narration/1", "Two.", "Two two."),
        ("/narration/3", None, "Four."),
    ]
    assert compare_all("/narration", before, before) == ()
    assert [change.path for change in compare_all("/narration", before, before[:1])] == ["/narration/1", "/narration/2"]
    assert compare_one("/title", "a", "a") == ()
    assert compare_one("/title", None, "a")[0].before is None


def test_a_very_long_text_is_shown_as_replaced() -> None:
    long = "word " * 3_000
    assert [piece.kind for piece in compare(long, long + "more")] == [PieceKind.REMOVED, PieceKind.ADDED]
