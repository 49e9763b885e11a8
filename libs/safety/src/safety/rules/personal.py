"""Personal data: what identifies or reaches a person. Found by shape and, where there is one, by check digit."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise

from phonenumbers.phonenumberutil import NumberParseException, is_possible_number, is_valid_number_for_region, parse
from stdnum import iban, luhn, numdb
from stdnum.us import ssn

from safety.rules.passage import Passage, Span

# Repeats are bounded, so the work is linear in the text. Each pattern begins with its first character and looks back
# past it afterwards: that lets the engine skip to the next digit instead of looking back at every letter.
_EMAIL = re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}@[^\W_][\w-]{0,62}(?:\.[^\W_][\w-]{0,62}){1,4}")
_PHONE_ABROAD = re.compile(r"\+(?<![\w+]\+)\d(?:[ ().-]{0,2}\d){7,14}(?!\w)")
_PHONE_AT_HOME = re.compile(r"\d(?<![\w.+-]\d)(?:\d{2}|(?<=1)[ .-]\d{3})[ .-]\d{3}[ .-]\d{4}(?![\w-])")
_PHONE_WITH_AREA = re.compile(r"\((?<!\w\()\d{3}\) ?\d{3}[ .-]\d{4}(?![\w-])")
_PHONE_WITH_ZERO = re.compile(
    r"0(?<![\w.,+(-]0)(?:\d{2,5}[ /-]\d{2,4}(?:[ -]?\d{2,5}){1,3}|[1-9](?:[ .]\d{2}){4})(?![\w-])"
)
_PHONE_WITH_ZERO_AREA = re.compile(r"\((?<!\w\()0\d{2,5}\) ?\d{2,4}(?:[ -]?\d{2,5}){1,3}(?![\w-])")
_CARD = re.compile(r"\d(?<![\w.,-]\d)(?:[ -]?\d){12,18}(?![\w-]|,\d)")
_IBAN = re.compile(r"[A-Z](?<!\w[A-Z])[A-Z]\d{2}(?: ?[A-Z0-9]){11,30}")
_SSN = re.compile(r"\d(?<![\w-]\d)\d{2}-\d{2}-\d{4}(?![\w-])")
_IP4 = re.compile(r"\d(?<![\w.]\d)\d{0,2}(?:\.\d{1,3}){3}(?!\.?\w)")
_IP6 = re.compile(r"[0-9A-Fa-f](?<![\w:.][0-9A-Fa-f])[0-9A-Fa-f]{0,3}(?::[0-9A-Fa-f]{1,4}){7}(?![\w:])")
_IP6_SHORTENED = re.compile(r"(?<![\w:.])[0-9A-Fa-f:]{2,39}(?![\w:])")
_REGIONS_WITH_ZERO = ("GB", "DE", "FR", "NL", "AT", "CH", "SE", "BE", "IE", "AU", "NZ", "ZA", "TR", "PL")
"""Where numbers inside of the country begin with a zero; Italy's look like order numbers and are left out."""
_REGIONS_OF_DOLLARS = ("US", "CA")
_AT_HOME = (
    (_PHONE_AT_HOME, _REGIONS_OF_DOLLARS),
    (_PHONE_WITH_AREA, _REGIONS_OF_DOLLARS),
    (_PHONE_WITH_ZERO, _REGIONS_WITH_ZERO),
    (_PHONE_WITH_ZERO_AREA, _REGIONS_WITH_ZERO),
)
_DIGITS_AT_LEAST = 9
_VALIDATED = 50
"""How many candidates of one text are looked up. Where there are more, the rest count as numbers: it is a list."""


def _emails(text: str) -> Iterator[Span]:
    return (Span(*match.span()) for match in _EMAIL.finditer(text))


def _phones(text: str) -> Iterator[Span]:
    """With a country code: what could be dialled. Without one: only what some country has really given out."""
    abroad = [Span(*match.span()) for match in _PHONE_ABROAD.finditer(text)] if "+" in text else []
    # A number with a country code may hold one without.
    inside = {span.end for span in abroad}
    yield from (span for number, span in enumerate(abroad) if number >= _VALIDATED or _could_be_dialled(text, span))
    for pattern, regions in _AT_HOME:
        found = (Span(*match.span()) for match in pattern.finditer(text))
        for number, span in enumerate(found):
            if span.end not in inside and (number >= _VALIDATED or _is_given_out(text[span.start : span.end], regions)):
                yield span


def _could_be_dialled(text: str, span: Span) -> bool:
    written = text[span.start : span.end]
    # "+10 000 000 views" is a count.
    if _digits(written).endswith("00000"):
        return False
    try:
        return is_possible_number(parse(written))
    except NumberParseException:
        return False


def _is_given_out(written: str, regions: tuple[str, ...]) -> bool:
    groups = [int(group) for group in re.findall(r"\d+", written)]
    if len(_digits(written)) < _DIGITS_AT_LEAST:
        return False
    if len(groups) > 3 and all(after - before == 1 for before, after in pairwise(groups)):
        # "03 04 05 06 07" counts.
        return False
    for region in regions:
        try:
            if is_valid_number_for_region(parse(written, region), region):
                return True
        except NumberParseException:
            return False
    return False


def _cards(text: str) -> Iterator[Span]:
    for match in _CARD.finditer(text):
        digits = _digits(match[0])
        if digits[0] in "23456" and len(set(digits)) > 1 and luhn.is_valid(digits):
            yield Span(*match.span())


def _ibans(text: str) -> Iterator[Span]:
    for match in _IBAN.finditer(text):
        length = _iban_length(match[0][:2])
        compact = match[0].replace(" ", "")
        # Countries' own check digits are not asked for: a bank that does without is no reason to show the account.
        if length and len(compact) >= length and iban.is_valid(compact[:length], check_country=False):
            yield Span(match.start(), match.start() + _written_length(match[0], length))


def _social_security_numbers(text: str) -> Iterator[Span]:
    return (Span(*match.span()) for match in _SSN.finditer(text) if ssn.is_valid(match[0]))


def _ip_addresses(text: str) -> Iterator[Span]:
    for pattern, needed in ((_IP4, "."), (_IP6, ":"), (_IP6_SHORTENED, "::")):
        for match in pattern.finditer(text) if needed in text else ():
            if needed not in match[0]:
                continue
            before = text[max(0, match.start() - 9) : match.start()].casefold().rstrip()
            if not before.endswith(("version", "release", "v.")) and _is_address(match[0]):
                yield Span(*match.span())


Finder = Callable[[str], Iterator[Span]]
FINDERS: dict[str, Finder] = {
    "email": _emails,
    "phone": _phones,
    "card": _cards,
    "iban": _ibans,
    "us_ssn": _social_security_numbers,
    "ip_address": _ip_addresses,
}


def find_email(passage: Passage) -> list[Span]:
    """E-mail addresses."""
    return list(_emails(passage.text)) if "@" in passage.text else []


def find_phone(passage: Passage) -> list[Span]:
    """Telephone numbers: with a country code, or written the North American way."""
    return list(_phones(passage.text)) if passage.has_digits else []


def find_card(passage: Passage) -> list[Span]:
    """Payment card numbers that pass the Luhn check."""
    return list(_cards(passage.text)) if passage.has_digits else []


def find_iban(passage: Passage) -> list[Span]:
    """Bank accounts (IBAN) built as those of their country are, whose check digits are right."""
    return list(_ibans(passage.text)) if passage.has_digits else []


def find_us_ssn(passage: Passage) -> list[Span]:
    """United States social security numbers that could have been issued, and are no advertisement's."""
    return list(_social_security_numbers(passage.text)) if passage.has_digits else []


def find_ip_address(passage: Passage) -> list[Span]:
    """IPv4 and IPv6 addresses."""
    return list(_ip_addresses(passage.text)) if passage.has_digits else []


def mask_personal(text: str) -> str:
    """The text with everything personal in it made unreadable: what a finding may quote."""
    spans = sorted({span for find in FINDERS.values() for span in find(text)}, reverse=True)
    for start, end in spans:
        text = text[:start] + masked(text[start:end]) + text[end:]
    return text


def masked(value: str) -> str:
    """Enough to recognise it in the text, too little to use: `j•••@e•••`, `•••• •••• •••• ••42`."""
    if "@" in value:
        name, _, domain = value.partition("@")
        return f"{name[:1]}•••@{domain[:1]}•••"
    kept = value[-2:]
    return "".join("•" if character.isalnum() else character for character in value[:-2]) + kept


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


@lru_cache(maxsize=1024)
def _iban_length(country: str) -> int | None:
    """How long an account number of that country is; None where there are none."""
    [(_, known), *_] = numdb.get("iban").info(country)
    lengths = re.findall(r"(\d+)!", known.get("bban", ""))
    return 4 + sum(map(int, lengths)) if lengths else None


def _written_length(text: str, characters: int) -> int:
    """How much of `text` holds that many characters that are no spaces."""
    seen = 0
    for index, character in enumerate(text):
        seen += character != " "
        if seen == characters:
            return index + 1
    return len(text)


def _is_address(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not address.is_loopback and not address.is_unspecified
