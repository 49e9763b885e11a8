"""Cursors bring back their key to the last bit; any other word is refused."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from common.cursors import Key, Part, cut, decode_cursor, encode_cursor
from common.errors import Invalid
from hypothesis import given
from hypothesis import strategies as st

AT = datetime(2026, 11, 21, 9, 30, 0, 123456, UTC)
ID = UUID("0194c1d2-0000-7000-8000-000000000001")

texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=64)
bigints = st.integers(-(1 << 63), (1 << 63) - 1)
ranks = st.floats(allow_nan=False, allow_infinity=False)
instants = st.datetimes(timezones=st.just(UTC))


def forged(*values: object) -> str:
    """A word of our shape with content of somebody else's making."""
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


@given(texts)
def test_a_text_comes_back(text: str) -> None:
    assert decode_cursor(encode_cursor(text), str) == (text,)


@given(bigints)
def test_a_number_comes_back(number: int) -> None:
    assert decode_cursor(encode_cursor(number), int) == (number,)


@given(instants, st.uuids())
def test_an_instant_and_an_id_come_back(at: datetime, row_id: UUID) -> None:
    assert decode_cursor(encode_cursor(at, row_id), datetime, UUID) == (at, row_id)


@given(ranks, instants, st.uuids())
def test_a_rank_keeps_every_bit(rank: float, at: datetime, row_id: UUID) -> None:
    key = decode_cursor(encode_cursor(rank, at, row_id), float, datetime, UUID)
    assert key == (rank, at, row_id)
    assert key[0].hex() == rank.hex()


def test_an_instant_of_another_zone_is_the_same_instant() -> None:
    local = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert encode_cursor(local) == encode_cursor(AT)


def test_without_a_cursor_it_begins_at_the_beginning() -> None:
    assert decode_cursor(None, str) is None


@given(st.text(max_size=60))
def test_any_other_word_is_refused(word: str) -> None:
    for kinds in ((str,), (datetime, UUID), (float, datetime, UUID)):
        try:
            key: Key | None = decode_cursor(word, *kinds)
        except Invalid:
            continue
        assert key is not None
        assert encode_cursor(*key) == word


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "é",
        "%%%",
        "a" * 399,
        forged("2026-11-21T09:30:00Z"),
        forged("2026-11-21T09:30:00", str(ID)),
        forged("0001-01-01T00:00:00+23:59", str(ID)),
        forged("2026-11-21", str(ID)),
        forged("2026-11-21T10:30:00+01:00", str(ID)),
        forged("2026-11-21T09:30:00Z", ID.hex),
        forged("2026-11-21T09:30:00Z", str(ID), "more"),
        forged(1, 2),
        forged(None, None),
        forged([["2026-11-21T09:30:00Z"], str(ID)]),
        encode_cursor(AT, ID) + "=",
        encode_cursor(AT, ID)[:-1],
        base64.urlsafe_b64encode(b"[" * 300).decode(),
    ],
)
def test_what_is_no_instant_and_id_of_ours_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid):
        decode_cursor(cursor, datetime, UUID)


@pytest.mark.parametrize(
    "number", ["9223372036854775808", "-9223372036854775809", "１", " 1", "1_0", "0x1", "1.0", "9" * 200]
)
def test_a_number_that_no_bigint_holds_is_refused(number: str) -> None:
    with pytest.raises(Invalid):
        decode_cursor(forged(number), int)


@pytest.mark.parametrize("rank", ["nan", "inf", "-inf", "0.5", "0x1p-1", "0x1p+99999"])
def test_a_rank_that_is_no_finite_number_of_ours_is_refused(rank: str) -> None:
    with pytest.raises(Invalid):
        decode_cursor(forged(rank), float)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_a_text_that_the_database_would_not_take_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        decode_cursor(forged(text), str)


@pytest.mark.parametrize("part", ["a\x00b", "\ud800", 1 << 63, True, float("nan"), AT.replace(tzinfo=None)])
def test_what_could_not_be_read_again_is_never_written(part: Part) -> None:
    with pytest.raises(ValueError, match=r"cannot be part|surrogates"):
        encode_cursor(part)


@given(st.lists(st.integers(0, 100), unique=True, max_size=12).map(sorted), st.integers(1, 5))
def test_page_after_page_gives_every_row_once(rows: list[int], limit: int) -> None:
    seen: list[int] = []
    cursor: str | None = None
    while True:
        key = decode_cursor(cursor, int)
        found = [row for row in rows if key is None or row > key[0]][: limit + 1]
        page, cursor = cut(found, limit=limit, key=lambda row: (row,))
        seen += page
        if cursor is None:
            break
    assert seen == rows
