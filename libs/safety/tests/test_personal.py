"""Personal data: what must be found, and what only looks like it."""

from __future__ import annotations

import time

import pytest
from safety.masking import mask
from safety.rules.passage import Passage
from safety.rules.personal import FINDERS

FOUND = {
    "email": ["jane.doe@example.com", "a+b@mail.example.co.uk", "ü@example.org", "jörg@müller.example"],
    "phone": [
        "+49 30 901820", "+1 (415) 555-2671", "+44 20 7946 0958", "+33 1 42 68 53 00", "+86 138 0013 8000",
        "(415) 555-2671", "415-555-2671", "020 7946 0958", "(020) 7946 0958", "0151 23456789", "030/901820",
        "01 42 68 53 00", "01.42.68.53.00", "0412 345 678",
    ],
    "card": ["4242 4242 4242 4242", "4242424242424242", "5555-5555-5555-4444", "3782 822463 10005", "6011111111111117"],
    "iban": ["DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819", "FR1420041010050500013M02606",
        "UA21 3223 1300 0002 6007 2335 6600 1", "IL62 0108 0000 0009 9999 999", "BR1800360305000010009795493C1",
        "KZ86 125K ZT50 0410 0100", "QA58DOHB00001234567890ABCDEFG"],
    "us_ssn": ["536-90-4399", "212-11-4567"],
    "ip_address": ["203.0.113.9", "2001:db8::1", "2001:0db8:85a3:0000:0000:8a2e:0370:7334"],
}  # fmt: skip
ONLY_LOOKS_LIKE_IT = [
    "ISBN 978-3-16-148410-0", "order 1234567890123456", "+10 000 000 views", "version 1.2.3.4", "at 12:30:45 sharp",
    "from 01-02-2024 to 05-06-2024", "2024-11-05", "01.02.2024", "0815 4711", "serial 0123-4567", "in 0.5 to 0.75",
    "at 09 30 12 45", "score 03 04 05 06 07", "123-456-7890", "384,400 km", "3.141592653", "1969-2024", "000-12-3456",
    "666-12-3456", "457-55-5462", "XX89 3704 0044 0532 0130 00", "DE00 0000 0000 0000 0000 00", "@nasa #tides",
    "a @ b", "1:0:0", "::", "127.0.0.1", "0:00:07.4",
    "1080x1920@30", "4242 4242 4242 4241", "1111 1111 1111 1111", "1/2 cup", "10 000 000", "No. 5 of 2026",
]  # fmt: skip


def found_in(text: str) -> dict[str, list[str]]:
    passage = Passage("/", text)
    kinds = {kind: [passage.text[start:end] for start, end in find(passage.text)] for kind, find in FINDERS.items()}
    return {kind: values for kind, values in kinds.items() if values}


@pytest.mark.feature("P58")
@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in FOUND.items() for value in values])
def test_personal_data_is_found_and_masked(kind: str, value: str) -> None:
    text = f"Write it down: {value}, please."
    assert value in found_in(text).get(kind, []), found_in(text)
    assert value not in mask(text)
    assert mask(text).startswith("Write it down: ")
    assert mask(text).endswith("please.")


def test_an_address_in_wide_letters_is_masked_as_well() -> None:
    assert mask("Write to jane.doe＠example.com now") == "Write to j•••@e••• now"


@pytest.mark.feature("P58")
@pytest.mark.parametrize("text", ONLY_LOOKS_LIKE_IT)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert found_in(f"It was {text} then") == {}
    assert mask(text) == text


@pytest.mark.parametrize("piece", ["+49 30 901820 ", "020 7946 0958 ", "(415) 555-2671 ", "0", "01 ", "(0", "+1 ("])
def test_many_numbers_take_no_longer_than_long_text(piece: str) -> None:
    text = (piece * 65_536)[:65_536]
    began = time.process_time()
    list(FINDERS["phone"](text))
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("piece", ["DE89 3704 0044 0532 0130 00 ", "GB29NWBK6016133192681", "4242 4242 4242 4242 "])
def test_many_accounts_and_cards_take_no_longer_than_long_text(piece: str) -> None:
    text = (piece * 65_536)[:65_536]
    began = time.process_time()
    for kind in ("iban", "card"):
        list(FINDERS[kind](text))
    assert time.process_time() - began < 0.5
