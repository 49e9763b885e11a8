"""Numbers and dates in a sentence, and which of them is worth showing large."""

from __future__ import annotations

import re

from common.contracts.production import Figure

from vendors.text_model.offline.verbs import VERBS, is_finite
from vendors.text_model.offline.words import DANGLING, STOP_WORDS, tokens, word_set

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DATE = re.compile(
    rf"\b(?:{_DAY},?\s+)?(?:the\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}|"
    rf"{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?)\b"
    rf"(?:,?\s+\d{{4}})?|\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b(?:(?:this|next|every)\s+)?{_DAY}s?\b|\btomorrow\b|\btonight\b",
    re.I,
)
_TIME = re.compile(
    r"\b\d{1,2}(?::\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.|o'clock|uhr)(?=\W|$)|\b\d{1,2}:\d{2}\b"
    r"|(?<=\bat )\d{1,2}(?=\s*(?:[,.;!?)]|$))",
    re.I,
)
_NUMBER = re.compile(
    r"(?<![\w.,/-])(?P<value>[$€£¥]?\s?(?:\d{1,3}(?:[,.]\d{3})+|\d+(?:[.,]\d+)?)(?:\s?(?:%|°\s?[CF]|°|x\b|k\b|"
    r"per ?cent\b))?"
    r"(?:\s(?:million|billion|thousand|dollars|euros?|cents)\b)?(?:\s?[€£$])?)(?P<rest>[^.!?;:,()]*)",
    re.I,
)
_BREAKS = frozenset(("and", "or", "but", "which", "that", "when", "while", "because", "so", "is", "are", "was", "were"))
_NUMBERED = frozenset(("step", "tip", "no", "number", "chapter", "part", "day", "level"))
_MONEY = re.compile(r"[$€£¥]|\b(?:euros?|dollars|pounds|cents)\b", re.I)
PRICE = "the price"
"""What a sum of money is called when the sentence does not say."""

_TURNS = frozenset(
    ("in", "on", "at", "by", "for", "from", "with", "without", "and", "or", "to", "within", "during", "since")
)
# After one of these words comes something else than what the number counts.
_UNITS = word_set(
    """hour hours h minute minutes min second seconds day days week weeks month months year years km kilometre
    kilometres kilometer kilometers mile miles m metre metres meter meters cm mm kg kilo kilos gram grams g
    litre litres liter liters l ml watt watts kw kwh degrees calories kcal mph gb mb tb people times steps"""
)
_NUMBER_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "a dozen": 12,
    "twelve": 12,
}  # fmt: skip
_SPELLED = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def find_date(sentence: str) -> str | None:
    """The first date of a sentence as it is written, such as `Saturday 12 May`."""
    match = _DATE.search(sentence)
    return match.group().strip() if match else None


def find_time(sentence: str) -> str | None:
    """The first time of day of a sentence as it is written, such as `10am`."""
    match = _TIME.search(sentence)
    return match.group().strip() if match else None


def find_figure(sentence: str) -> Figure | None:
    """The number of a sentence that is worth showing large, with the words it counts; dates and times are none."""
    masked = _TIME.sub(lambda m: "_" * len(m.group()), _DATE.sub(lambda m: "_" * len(m.group()), sentence))
    for match in _NUMBER.finditer(masked):
        # What is said in a word is shown by its sign: it is read in a glance.
        value = re.sub(r"\s?per ?cent\b", "%", match.group("value").strip(), flags=re.I)
        digits = re.sub(r"\D", "", value)
        if value.isdigit() and (len(digits) == 4 and digits[:2] in ("17", "18", "19", "20")):
            continue
        before = masked[: match.start()].replace("_", " ").split()
        if before and before[-1].lower().strip(":") in _NUMBERED:
            continue
        if len(before) > 1 and before[-1][:1].isupper() and value.isdigit() and len(digits) < 3:
            continue  # `the Brook 2` is a name.
        words = match.group("rest").replace("_", " ").split()
        if words and words[0].lower().lstrip("-") in _UNITS and len(value) < 8:
            value = f"{value} {words.pop(0).lstrip('-')}"
        follows = words[0].lower() if words else ""
        counted = "" if follows in _TURNS else _label(words)
        if words and words[0][:1].isupper() and value.isdigit():
            continue  # `12 Harbour Street` is an address.
        label = counted or _label(re.split(r"[,;:–(]", " ".join(before))[-1].split()[-4:], ends=True)
        if _MONEY.search(value) and (not label or label.lower() in VERBS):
            label = PRICE
        if label:
            return Figure(value=value, label=label)
    return None


def _label(words: list[str], *, ends: bool = False) -> str:
    """At most four words that say what is counted, cut where a new thought begins."""
    if ends:
        kept: list[str] = []
        for word in reversed(words):
            bare = word.lower().strip("\"'()-–")
            if bare in STOP_WORDS and kept:
                break
            if bare not in STOP_WORDS:
                kept.insert(0, word)
        return " ".join(kept)
    kept = []
    for word in words:
        bare = word.lower().strip("\"'()-–")
        if (kept and bare in _BREAKS) or is_finite(bare) or bare[:1].isdigit():
            break
        kept.append(word.strip('"()'))
        if len(kept) == 4:
            break
    while kept and kept[-1].lower() in DANGLING and kept[-1].lower() not in ("off", "up"):
        kept.pop()
    while (
        kept
        and kept[0].lower() in STOP_WORDS
        and kept[0].lower() not in ("off", "of", "more", "less", "this", "every", "each")
    ):
        kept.pop(0)
    return " ".join(kept)


def asked_count(text: str) -> int | None:
    """How many of something a brief asks for: `5 tips`, `three reasons`; None without a number from 2 to 20."""
    for word in tokens(text)[:6]:
        if word.isdigit() and 2 <= int(word) <= 20:
            return int(word)
        if word in _NUMBER_WORDS:
            return _NUMBER_WORDS[word]
    return None


def spelled(number: int) -> str:
    """`3` as `three`; digits from eleven on."""
    return _SPELLED[number] if 0 <= number < len(_SPELLED) else str(number)
