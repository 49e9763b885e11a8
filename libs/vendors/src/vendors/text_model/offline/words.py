"""Words and sentences: cleaning, splitting, counting, and putting a sentence right for captions."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def word_set(text: str) -> frozenset[str]:
    """The words of `text`, which are written with spaces between them."""
    return frozenset(text.split())


STOP_WORDS = word_set(
    """a an the and or but so nor yet if then than that this these those there here of to in on at by for from with
    without into onto over under about after before between during through up down off out as is are was were be
    been being am do does did doing done have has had having will would can could shall should may might must
    not no i me my mine we us our ours you your yours he him his she her hers it its they them their theirs who
    whom whose which what when where why how all any each every both few more most other some such only own same
    too very just also even still again once ever never always now get gets got make makes made let lets new per
    via etc it's that's there's we're we'll we've you're you'll you've they're i'm i've don't doesn't didn't
    isn't aren't can't won't because while until though although"""
)
# Words that must not end a headline or a piece of a sentence: whatever follows them would be missing.
DANGLING = word_set(
    """a an the and or but so nor of to in on at by for from with without into onto over under about after before
    between during through as is are was were be am do does did have has had will would can could shall should
    may might must not no my our your his her its their this these those that which who whose when where why how
    than if because while until per via very just only more most every each both some any such up off we you
    they it i he she it's that's there's we're you're they're i'm don't doesn't isn't aren't can't won't even
    also too"""
)
_ABBREVIATIONS = word_set(
    """e.g i.e vs etc dr mr mrs ms prof st no approx dept inc ltd co jr sr fig vol a.m p.m u.s u.k ca z.b d.h bzw
    usw"""
)
_TERMINATORS = ".!?…。！？؟।"
_CLOSERS = "\"'”’»)］」』]"
_WORD = re.compile(r"[^\W_]+(?:['’.,\-][^\W_]+)*[%°]?", re.UNICODE)
_BREAK = re.compile(rf"[{_TERMINATORS}]+[{re.escape(_CLOSERS)}]*(?=\s|$)|[。！？]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# A run of signs that no voice can read as a word; scripts that write without spaces are left alone.
_REPEATED = re.compile(r"([^\w\s])\1{3,}")
_ENDLESS = re.compile(r"[^\s\u0e00-\u0e7f\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]{61,}")
_SPACE_BEFORE = re.compile(r"\s+([,.;:!?…])")


def clean(text: str) -> str:
    """`text` without control characters, emoji and invisible marks; quotes straight, lines kept, spaces single."""
    kept: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        if char in "\n\r\u2028\u2029":
            kept.append("\n")
        elif char == "\t" or category == "Zs":
            kept.append(" ")
        elif category not in ("So", "Sk", "Cc", "Cf", "Cs", "Co", "Cn") and not 0xFE00 <= ord(char) <= 0xFE0F:
            kept.append(char)
    straight = "".join(kept).translate(str.maketrans("‘’‚“”„«»—", '\'\'\'"""""–'))
    straight = _REPEATED.sub(r"\1\1\1", straight)
    straight = _ENDLESS.sub(lambda match: f"{match.group()[:40]}…", straight)
    lines = (re.sub(r" {2,}", " ", line).strip() for line in straight.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def has_words(text: str) -> bool:
    """Whether there is at least one letter or digit to work with."""
    return any(char.isalnum() for char in text)


def sentences(text: str) -> list[str]:
    """The sentences of one paragraph, in order, each with its own end mark if it had one."""
    found: list[str] = []
    start = 0
    for match in _BREAK.finditer(text):
        piece = text[start : match.end()].strip()
        last = piece.rstrip(_TERMINATORS + _CLOSERS).rsplit(" ", 1)[-1].lower().lstrip("(\"'")
        follows = text[match.end() :].lstrip()[:1]
        abbreviated = match.group()[0] == "." and (last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha()))
        if (abbreviated and follows) or (match.group()[0] in ".…" and follows.islower()):
            continue
        found.append(piece)
        start = match.end()
    if rest := text[start:].strip():
        found.append(rest)
    return [piece for piece in found if has_words(piece)]


def plural(word: str) -> str:
    """`tip` as `tips`, `stretch` as `stretches`."""
    return f"{word}es" if word.endswith(("ch", "s", "x")) else f"{word}s"


def tokens(text: str) -> list[str]:
    """The words of `text` in lower case, punctuation left out, hyphens and apostrophes kept."""
    return [match.group().lower().replace("’", "'") for match in _WORD.finditer(text)]


def content_words(text: str) -> set[str]:
    """What `text` is about: its words without those every text has, plurals and possessives folded."""
    return {stem(word) for word in tokens(text) if word not in STOP_WORDS and (len(word) > 1 or not word.isascii())}


def stem(word: str) -> str:
    """A crude common form of an English word, enough to match `tides` with `tide` and `Moon's` with `moon`."""
    word = word.lower().removesuffix("'s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("xes", "ches", "shes", "sses", "oes")):
        return word[:-2]
    keeps = word.endswith(("ss", "us", "sis", "nis")) or word in ("this", "gas", "lens")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not keeps else word


@lru_cache(maxsize=4096)
def spoken_length(text: str) -> int:
    """How many words a voice takes for `text`: numbers count more, scripts without spaces by characters."""
    if cjk := len(_CJK.findall(text)):
        # At 158 words a minute that is 4.7 letters, which are syllables, a second: what espeak-ng says of Korean. Read
        # by people Mandarin has 5.2 (Pellegrino, Coupé and Marsico, Language 87, 2011).
        return max(1, round(cjk / 1.8)) + len(tokens(_CJK.sub(" ", text)))
    total = 0
    for word in tokens(text):
        digits = sum(char.isdigit() for char in word)
        total += 1 + (digits > 1) + (digits > 3 and "," in word) + word.endswith("%")
        total += word.count("-") if not digits else 0
    return total


def word_count(text: str) -> int:
    """Words as a reader counts them."""
    return len(text.split())


def overlap(one: set[str], other: set[str]) -> float:
    """How alike two sets of words are, from 0 to 1 (Jaccard)."""
    return len(one & other) / len(one | other) if one or other else 0.0


def capitalise(text: str) -> str:
    """`text` with its first letter large, unless the first word is written in its own way (`iPhone`)."""
    first = text.split(" ", 1)[0]
    # `iPhone` and `example.com` keep their letters.
    if any(char.isupper() for char in first[1:]) or "." in first.strip(".…"):
        return text
    for index, char in enumerate(text):
        if char.isalpha():
            return text[:index] + char.upper() + text[index + 1 :]
        if char.isdigit():
            return text
    return text


def decapitalise(text: str, *, names: frozenset[str] = frozenset()) -> str:
    """`text` ready to stand inside a sentence: its first letter small unless the first word is a name."""
    first = text.split(" ", 1)[0]
    bare = first.strip("\"'.,:;!?").removesuffix("'s")
    if bare in ("I", "I'm", "I've", "I'll", "I'd") or bare in names or any(char.isupper() for char in bare[1:]):
        return text
    return text[:1].lower() + text[1:]


def finish(text: str) -> str:
    """`text` as a sentence of its own: first letter large, one end mark, no doubled or hanging punctuation."""
    text = _SPACE_BEFORE.sub(r"\1", re.sub(r"\s+", " ", text)).strip()
    text = text.strip(" ,;:–-*•|/").strip()
    if text.count('"') % 2:
        text = text.replace('"', "")
    if text.count("(") != text.count(")"):
        text = text.replace("(", "").replace(")", "")
    text = re.sub(r"([,;:])([.!?])", r"\2", text)
    text = re.sub(r"\.{2,3}$", "…", re.sub(r"([!?])[!?]+", r"\1", text))
    if text and text.rstrip(_CLOSERS)[-1:] not in _TERMINATORS:
        text += "。" if _CJK.search(text[-2:]) else "."
    return capitalise(text)


def unfinished(text: str) -> str:
    """`text` without its end mark, to stand inside another sentence or in large letters."""
    return text.strip().rstrip(_TERMINATORS + ",;: ").strip()


def names_in(texts: tuple[str, ...]) -> frozenset[str]:
    """Words that are large inside a sentence: names, and abbreviations."""
    found: set[str] = set()
    for text in texts:
        for sentence in sentences(text):
            for word in sentence.split()[1:]:
                bare = word.strip("\"'.,:;!?()").removesuffix("'s")
                if bare[:1].isupper() and bare != "I":
                    found.add(bare)
    return frozenset(found)


def joined(parts: tuple[str, ...], *, conjunction: str = "and") -> str:
    """`a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {conjunction} {parts[-1]}"
