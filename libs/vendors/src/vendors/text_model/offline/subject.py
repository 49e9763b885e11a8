"""The subject of a brief's first line: its form, its topic as a phrase, its title and its question."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vendors.text_model.offline.clauses import is_clause
from vendors.text_model.offline.words import (
    DANGLING,
    STOP_WORDS,
    capitalise,
    decapitalise,
    sentences,
    spoken_length,
    unfinished,
    word_count,
    word_set,
)

ITEM_WORDS = (
    "tips|ways|reasons|steps|things|facts|mistakes|ideas|rules|secrets|habits|myths|hacks|lessons|signs|questions|benefits|"
    "exercises|tricks|principles|features|moves|places|books|words|foods|stages|advantages|points|stretches"
)
_COUNTED = re.compile(
    rf"^(?:the |my |our |here are |these )?(?:top |best )?(?:(?:\d+|two|three|four|five|six|seven|eight|nine|"
    rf"ten|some|a few)\s+)?"
    rf"(?:[\w-]+\s+){{0,2}}?(?P<items>{ITEM_WORDS})\b\s*(?P<link>for|to|of|about|why|that|when|in|on|you|every|"
    rf"with|from)?\s*(?P<rest>.*)$",
    re.I,
)
_VERSUS = re.compile(r"^(?P<one>.+?)\s+(?:vs\.?|versus|compared (?:to|with))\s+(?P<two>[^:?.!,]+)", re.I)
_DIFFERENCE = re.compile(
    r"^(?:what(?:'s| is) )?(?:the )?differences? between (?P<one>.+?) and (?P<two>[^:?.!,]+)|"
    r"^compare (?P<three>.+?) (?:and|with|to) "
    r"(?P<four>[^:?.!,]+)",
    re.I,
)
_WORKS = re.compile(
    r"^how (?:(?:do|does|did|can) )?(?P<topic>.+?)\s+(?:really |actually )?(?:works?|worked|function|functions)\b", re.I
)
_DO = re.compile(r"^(?P<ask>how|why|what|where|when) (?P<aux>do|does|did) (?P<rest>.+)$", re.I)
_BE = re.compile(r"^(?P<ask>how|why|where|when) (?P<aux>is|are|was|were|can|could|will|should) (?P<rest>.+)$", re.I)
_WHAT_IS = re.compile(r"^(?:what|who)(?:'s| is| are| was| were) (?P<topic>.+)$", re.I)
_HOW_TO = re.compile(r"^how to\s+(?P<topic>.+)$", re.I)
_YES_OR_NO = re.compile(r"^(?:is|are|was|were|do|does|did|can|could|should|will|would|has|have)\b", re.I)
_ABOUT = re.compile(
    r"^(?:(?:the )?(?:science|basics|idea|magic|art|meaning) (?:of|behind)|all about|in memory of|in honou?r of|"
    r"an? introduction to|intro to|a day in the life of|everything about|facts about)\s+(?P<topic>.+)$",
    re.I,
)
_AUDIENCE = re.compile(
    r"\s+(?:for|to|aimed at)\s+(?P<who>(?:absolute |complete |busy |young |new |first-time |small |our |hr |"
    r"older )*(?:beginners|kids|children|"
    r"teenagers|teens|students|parents|seniors|adults|people|managers|developers|runners|teachers|founders|designers|"
    r"employees|customers|businesses|marketers|engineers|families|dummies|everyone|grandparents|cyclists|"
    r"freelancers))$",
    re.I,
)
_INTRO = re.compile(
    r"^(?:introducing|introduce|meet|announcing|announce|announcement(?: of|:)?|launching|"
    r"launch(?: of)?(?: for)?|presenting|promote|"
    r"promoting|advertise|unveiling|say hello to|new:|now available:?|coming soon:?|we(?:'re| are| have|"
    r"'ve)?(?: just)? "
    r"(?:launching|launched|launch|introducing|opening))\s*:?\s+",
    re.I,
)
_LABELLED = re.compile(r"^(?:recipe|event|product|story|announcement|invitation|reminder)(?: for)?\s*[:–-]\s*", re.I)
_QUOTED_NAME = re.compile(r"[\"'](?P<name>[A-Z][^\"']{1,30})[\"'](?!\w)")


@dataclass(frozen=True)
class Subject:
    """What the first line of a brief is about. `topic` fits after `about`; `title` stands alone."""

    topic: str
    title: str
    question: str = ""
    noun: str = ""
    """The thing itself where `topic` is a whole clause: `zeolites` of `how zeolites soften water`."""
    name: str = ""
    item_word: str = "point"
    sides: tuple[str, ...] = ()
    audience: str = ""


def asked_form(lead: str) -> str | None:
    """The form an English first line asks in, by its own words; None for a plain statement."""
    text = lead.lower().strip()
    if _VERSUS.match(text) or _DIFFERENCE.match(text):
        return "compare"
    counted = _COUNTED.match(text)
    if (
        counted
        and (counted.group("link") or ":" in text or not counted.group("rest"))
        and not is_clause(text.split(counted.group("items"))[0])
    ):
        return "list"
    for form, pattern in (
        ("howto", r"how to\b"),
        ("how", r"how\b"),
        ("why", r"why\b"),
        ("what", r"(?:what|who|where|when)\b"),
    ):
        if re.match(pattern, text):
            # `When the rain stopped, we …` tells; it does not ask.
            return None if form == "what" and text.startswith(("when ", "where ")) and not text.endswith("?") else form
    return "what" if text.endswith("?") and _YES_OR_NO.match(text) else None


def find(lead: str, form: str) -> Subject:
    """The subject of `lead`, read in the way `form` says."""
    first = (sentences(lead) or [lead])[0]
    text = unfinished(_LABELLED.sub("", first))
    audience = ""
    if match := _AUDIENCE.search(text):
        audience, text = match.group("who"), text[: match.start()]
    match form:
        case "compare":
            return _compared(text, audience)
        case "list":
            return _listed(text, audience)
        case "how" | "why" | "what" | "howto":
            return _asked(text, form, audience, marked=first.rstrip().endswith("?"))
        case _:
            return _stated(text, form, audience)


def plain(lead: str) -> Subject:
    """The subject of a first line in a language whose grammar we do not know: its own words, as they are."""
    first = (sentences(lead) or [lead])[0]
    words = unfinished(first).split()
    title = " ".join(words[:9]) + "…" if len(words) > 9 else unfinished(first)
    return Subject(topic=unfinished(first), title=title if len(title) <= 80 else f"{title[:40]}…")


def without_intro(text: str) -> str:
    """`Introducing Nightshift` as `Nightshift`."""
    return _INTRO.sub("", text)


def short_name(text: str) -> str:
    """The first words of `text` that make sense as a label, at most four."""
    words = unfinished(re.split(r"[,:;(–]", text)[0]).split()[:4]
    while len(words) > 1 and words[-1].lower() in DANGLING:
        words.pop()
    return " ".join(words)


def _title(text: str) -> str:
    """`text` cut to a title of at most nine words."""
    words = unfinished(text).split()
    kept = words[:9]
    if len(words) > 9:
        seams = [
            index
            for index in range(4, 9)
            if words[index].lower() in ("in", "on", "at", "by", "for", "with", "without", "and", "to")
            # What something rose to is half of what is told: without it the title says that it rose from there.
            and not (words[index].lower() == "to" and "from" in words[:index])
        ]
        kept = words[: seams[-1]] if seams else kept
    while len(kept) > 2 and len(words) > 9 and kept[-1].lower().strip(",") in DANGLING:
        kept.pop()
    return capitalise(unfinished(" ".join(kept)))


def _compared(text: str, audience: str) -> Subject:
    if match := _VERSUS.match(text):
        sides = (match.group("one"), match.group("two"))
    else:
        found = _DIFFERENCE.match(text)
        sides = tuple(side for side in found.groups() if side)[:2] if found else (text, text)  # type: ignore[assignment]
    one, two = (unfinished(re.sub(r"^(?:the|a|an)\s+", "", side, flags=re.I)) for side in sides)
    one, two = short_topic(one), " ".join(two.split()[:4])
    return Subject(
        topic=f"{decapitalise_word(one)} and {decapitalise_word(two)}",
        title=f"{capitalise(one)} vs {two}",
        question=f"{capitalise(one)} or {decapitalise_word(two)}?",
        sides=(decapitalise_word(one), decapitalise_word(two)),
        audience=audience,
    )


def _listed(text: str, audience: str) -> Subject:
    match = _COUNTED.match(text)
    if match is None:
        return _stated(text, "statement", audience)
    rest = unfinished(match.group("rest").partition(":")[0])
    link = (match.group("link") or "").lower()
    items = match.group("items").lower()
    word = items.removesuffix("es" if items.endswith("ches") else "s")
    topic = f"{link} {rest}" if link in ("to", "why", "that", "you", "every") and rest else rest
    if link == "to":
        topic = gerund(rest)
    return Subject(
        topic=decapitalise_word(topic) or items, title=_title(text.partition(":")[0]), item_word=word, audience=audience
    )


def _asked(text: str, form: str, audience: str, *, marked: bool) -> Subject:
    text = re.sub(r"^why not\b", "why not", text, flags=re.I)
    if match := _HOW_TO.match(text):
        rest = match.group("topic")
        return Subject(
            topic=gerund(rest),
            title=_title(text),
            question=f"How do you {rest}?",
            item_word="step",
            audience=audience,
        )
    if match := _WORKS.match(text):
        topic = match.group("topic")
        plain = decapitalise_word(topic)
        plural = _is_plural(topic)
        tail = text[match.end() :].strip(" ,")
        end = f" {tail}" if tail and word_count(tail) <= 4 and not is_clause(tail) else ""
        return Subject(
            topic=plain,
            title=_title(f"How {plain} {'work' if plural else 'works'}{end}"),
            question=f"How {'do' if plural else 'does'} {plain} work{end}?",
            audience=audience,
        )
    if form == "what" and (match := _WHAT_IS.match(text)):
        topic = decapitalise_word(match.group("topic"))
        return Subject(topic=topic, title=_title(text), question=_question(text), audience=audience)
    embedded = _embedded(text)
    if _YES_OR_NO.match(text):
        return Subject(
            topic="this question", title=_question(_title(text)), question=_question(text), audience=audience
        )
    asks = bool(_DO.match(text) or _BE.match(text)) or marked
    return Subject(
        noun=_noun(text),
        topic=decapitalise(embedded),
        title=_title(embedded if word_count(embedded) <= 9 else text),
        question=_question(text) if asks else "",
        audience=audience,
    )


def _question(text: str) -> str:
    return unfinished(capitalise(text)) + "?"


def _embedded(text: str) -> str:
    """`Why do cats purr` as a clause that fits after `about`: `why cats purr`."""
    if match := _DO.match(text):
        if match.group("aux").lower() == "do":
            return f"{match.group('ask').lower()} {match.group('rest')}"
        words = match.group("rest").split()
        # With `does` and `did` the verb would have to change its form: keep the question when we cannot find it.
        at = 2 if words[0].lower() in ("a", "an", "the", "my", "our", "your") else 1
        if match.group("aux").lower() == "does" and len(words) == at + 1:
            words[at] = _third_person(words[at])
            return f"{match.group('ask').lower()} {' '.join(words)}"
        return text
    if match := _BE.match(text):
        words = match.group("rest").split()
        if len(words) >= 2:
            at = next(
                (
                    i
                    for i, word in enumerate(words[1:], 1)
                    if word.lower() in ("for", "to", "in", "so", "not", "on", "at")
                ),
                len(words),
            )
            at = max(1, at - 1) if words[min(at, len(words)) - 1].lower() not in ("it",) else at
            if words[0].lower() == "it":
                at = 1
            parts = (match.group("ask").lower(), *words[:at], match.group("aux").lower(), *words[at:])
            return " ".join(parts)
    return text


def _noun(text: str) -> str:
    """The plural a question with `do` asks about, such as `electric cars`; empty if there is none we can tell."""
    match = _DO.match(text)
    if not match or match.group("aux").lower() != "do":
        return ""
    words = match.group("rest").split()
    for index, word in enumerate(words[:4]):
        if word.endswith("s") and not word.endswith(("ss", "us", "is")):
            return decapitalise_word(" ".join(words[: index + 1]))
    return ""


def _third_person(verb: str) -> str:
    if verb.endswith(("s", "x", "ch", "sh", "o")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2:-1] not in "aeiou" else f"{verb}s"


def gerund(phrase: str) -> str:
    """`change a bicycle tyre` as `changing a bicycle tyre`."""
    verb, _, rest = phrase.partition(" ")
    low = verb.lower()
    if low in ("be", "see", "free") or low.endswith(("ee", "oe", "ye")):
        made = f"{low}ing"
    elif low.endswith("ie"):
        made = f"{low[:-2]}ying"
    elif low.endswith("e"):
        made = f"{low[:-1]}ing"
    elif re.fullmatch(r"[^aeiou]*[aeiou][bdgmnprt]", low) and len(low) <= 4:
        made = f"{low}{low[-1]}ing"
    else:
        made = f"{low}ing"
    return f"{made} {rest}".strip()


def _stated(text: str, form: str, audience: str) -> Subject:
    bare = _INTRO.sub("", text)
    if match := _ABOUT.match(bare):
        topic = decapitalise_word(match.group("topic").split(", ", 1)[0])
        return Subject(topic=short_topic(topic), title=_title(bare.split(", ", 1)[0]), audience=audience)
    quoted = _QUOTED_NAME.search(bare)
    head = re.split(
        r",\s|\s[–-]\s|:\s|\s\(|\swith\s|\swhich\s|\sthat\s|\slaunching\s|\sis\s|\sare\s|\sopens\s|\son\s(?=[A-Z])",
        bare,
    )[0].strip()
    name = quoted.group("name") if quoted else _leading_name(head if bare != text or form == "announce" else "")
    topic = short_topic(re.sub(r"[\"']", "", head))
    title = _title(name if quoted and form == "announce" else bare if spoken_length(bare) <= 9 else head)
    return Subject(topic=decapitalise_word(topic), title=title, name=name, audience=audience)


def short_topic(text: str) -> str:
    """`text` as a phrase of at most six words."""
    words = unfinished(text).split()[:6]
    while len(words) > 1 and words[-1].lower() in DANGLING:
        words.pop()
    return " ".join(words)


def _leading_name(text: str) -> str:
    """A name at the start of a product announcement: `Nightshift, our cold brew` gives `Nightshift`."""
    kept: list[str] = []
    for word in text.split():
        if not (word[:1].isupper() or (kept and word[:1].isdigit())) or word.lower() in STOP_WORDS:
            break
        kept.append(word)
    return " ".join(kept[:4])


def decapitalise_word(text: str) -> str:
    """`Tides` as `tides`; what follows it keeps its letters, and names of several capitals keep theirs."""
    words = text.split()
    if len(words) > 1 and words[1][:1].isupper() and words[0].lower() not in STOP_WORDS:
        return text
    if words and (words[0].removesuffix("'s") in KNOWN_NAMES):
        return text
    return decapitalise(text)


KNOWN_NAMES = word_set(
    """Mars Venus Saturn Jupiter Mercury Neptune Uranus Pluto Earth Moon Sun Europe Africa Asia America Berlin
    London Paris Rome Japan China India Germany France Spain Italy Christmas Easter Halloween Monday Tuesday
    Wednesday Thursday Friday Saturday Sunday January February March April June July August September October
    November December English Bluetooth Wikipedia Google Python Linux Bitcoin Antarctica Australia Canada Mexico
    Brazil"""
)


def _is_plural(topic: str) -> bool:
    words = topic.split()
    last = words[-1].lower()
    if " and " in topic.lower():
        return True
    if words[0].lower() in ("a", "an", "this", "my", "your"):
        return False
    irregular = ("people", "mice", "children", "teeth", "feet", "geese", "we", "they", "you", "i")
    return last in irregular or (
        last.endswith("s") and not last.endswith(("ss", "us", "is", "gps", "physics", "economics", "news"))
    )
