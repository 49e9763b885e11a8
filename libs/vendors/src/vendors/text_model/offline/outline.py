"""From an approved idea to the lines of a film that fit its length."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from itertools import pairwise

from common.contracts.production import ProductionInput

from vendors.text_model.offline.brief import ASKING, Form
from vendors.text_model.offline.clauses import LONGEST, spoken_parts
from vendors.text_model.offline.drafts import SHORTEST, TOLERATED, Draft, most_beats, word_budget
from vendors.text_model.offline.headlines import emphasis_in, headline_of
from vendors.text_model.offline.ideas import drafts_for, framed, plain_angle
from vendors.text_model.offline.library import Line
from vendors.text_model.offline.material import Material, key_of
from vendors.text_model.offline.numbers import find_figure, find_time, spelled
from vendors.text_model.offline.told_angles import figure_words
from vendors.text_model.offline.words import (
    capitalise,
    decapitalise,
    finish,
    joined,
    plural,
    spoken_length,
    tokens,
    unfinished,
    word_count,
)

_PROMPTS = {
    Form.LIST: (Line("Which of them matters most to you?", "Which *matters* most?", "Choose"),),
    Form.STORY: (Line("Imagine having been there.", "Imagine being *there*", "Pause"),),
    Form.RECIPE: (Line("That's the whole recipe.", "That's *all*", "Done"),),
    Form.HOWTO: (Line("Take your time with the first try.", "Take your *time*", "No rush"),),
}
_LESSON = (Line("Say it once in your own words.", "In your *own* words", "Pause"),)
_ANY_PROMPT = (
    Line("Think of one person who should hear this.", "Who should *hear* this?", "Pass it on"),
    Line("Let that sink in for a moment.", "Give it a *moment*", "Pause"),
)
_NUMBER_PROMPT = (
    Line("What would you have guessed?", "What was *your* guess?", "Be honest"),
    Line("Ask somebody what they would have guessed.", "Ask for a *guess*", "Pass it on"),
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_LINGER = (
    "Start with that one.",
    "Think about it for a moment.",
    "Keep that in mind.",
    "Ask yourself what it's worth.",
)
_SPARSE = 0.55


@dataclass(frozen=True)
class Piece:
    """One scene to be: what is said, shown, and listed."""

    line: Line
    items: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True)
class Outline:
    """A film as its words: hook, pieces, close. `close` is empty where there is no room for one."""

    hook: str
    pieces: tuple[Piece, ...]
    close: Line


def outlined(variables: ProductionInput, material: Material) -> Outline:
    """The words of the film, at most `word_budget(target_seconds)` of them except where even one scene needs more."""
    drafts = drafts_for(material)
    draft = next((entry for entry in drafts if entry.angle == plain_angle(variables.idea.angle)), drafts[0])
    seconds = variables.target_seconds
    room = word_budget(seconds)
    hook = _hook(variables, material, room)
    if most_beats(seconds) == 1:
        return Outline(hook, (), Line(""))
    everything = (*material.lines, *(line for entry in drafts for line in entry.lines), *draft.lines)
    index = {key_of(line.say): line for line in everything}
    wanted = [line for point in variables.idea.points for line in _recalled(point, index)]
    close = _close(variables, draft, wanted, room + TOLERATED - spoken_length(hook))
    room -= spoken_length(hook) + spoken_length(close.say)
    slots = max(1, most_beats(seconds) - 1 - bool(close.say))
    listed = {key_of(line.say) for line in material.items}
    if len(wanted) >= 3 and (draft.whole or (_tiny(wanted) and all(key_of(line.say) in listed for line in wanted))):
        pieces = _listed(tuple(wanted), material, room, slots)
        pieces = (*_reasons(pieces, hook, material, room, slots), *pieces)
    else:
        pieces = _flowing(wanted, replace(draft, hook=hook, close=close), material, room, slots)
    return Outline(hook, _padded(pieces, material, room, slots), close)


def _hook(variables: ProductionInput, material: Material, room: int) -> str:
    """The idea's hook; for very short films the best sentence that still fits."""
    parts = spoken_parts(variables.idea.hook)
    hook = parts[0] if parts else finish(material.brief.title)
    if spoken_length(hook) <= max(room * 0.6, min(room, 8)):
        return hook
    topic = material.topic
    others = (
        topic.hook if topic else "",
        *(line.say for line in material.own),
        finish(variables.idea.title),
        finish(material.brief.title),
        finish(material.about),
    )
    return next((text for text in others if text and spoken_length(text) <= room and tokens(text)), hook)


def _close(variables: ProductionInput, draft: Draft, wanted: list[Line], room: int) -> Line:
    """The draft's close if it leaves room for a point, else nothing."""
    parts = spoken_parts(draft.close.say)
    if most_beats(variables.target_seconds) < 3 or not parts:
        return Line("")
    close = replace(draft.close, say=parts[0])
    need = spoken_length(wanted[0].say) if wanted and not draft.whole else SHORTEST
    if spoken_length(close.say) + need > room or key_of(close.say) == key_of(variables.idea.hook):
        return Line("")
    return close


def _recalled(point: str, index: dict[str, Line]) -> tuple[Line, ...]:
    """The line a point was made from, with its picture; a point that somebody edited becomes lines of its own."""
    known = index.get(key_of(point))
    if known:
        return (known,)
    bare = point.strip()
    return tuple(Line(part, figure=find_figure(part)) for part in spoken_parts(bare))


def _tiny(lines: list[Line]) -> bool:
    return sum(word_count(line.say) for line in lines) / len(lines) <= 4


def _flowing(wanted: list[Line], draft: Draft, material: Material, room: int, slots: int) -> tuple[Piece, ...]:
    """Points one after the other, as many as fit, then more of the same material while there is room."""
    kept: list[Line] = []
    said = {key_of(draft.hook), key_of(draft.close.say), *(key_of(line.say) for line in wanted)}
    topic = material.topic
    known = (*topic.facts, topic.number, topic.truth, topic.analogy, topic.notice) if topic else ()
    extra = [
        line
        for line in (*draft.lines, *material.own, *material.items, *known)
        if key_of(line.say) not in said and key_of(line.say) not in key_of(draft.hook)
    ]
    # Two sides of a comparison never share a scene; other lines may, where that lets more be said.
    limit = slots if material.rivals else slots * 2
    spare = TOLERATED if room >= 20 else 0
    for line in (*wanted, *extra):
        length = spoken_length(line.say) + bool(draft.numbered)
        if (
            length <= room + spare
            and len(kept) < limit
            and key_of(line.say) not in {key_of(entry.say) for entry in kept}
        ):
            kept.append(line)
            room -= length
    if not kept and wanted:
        shortest = min(wanted, key=lambda line: spoken_length(line.say))
        # Of a film of a few seconds nothing but its hook may be left.
        kept = [shortest] if spoken_length(shortest.say) <= room + 2 * TOLERATED else []
    kept = list(draft.arranged(kept)) if draft.numbered != "down" else kept
    texts = framed(tuple(line.say for line in kept), draft.numbered if len(kept) > 1 else "", material.names)
    lines = [
        _counted(line, text, index, len(kept), draft)
        for index, (line, text) in enumerate(zip(kept, texts, strict=True), 1)
    ]
    return _merged([Piece(line) for line in lines], slots)


def _counted(line: Line, text: str, index: int, total: int, draft: Draft) -> Line:
    if not draft.numbered or total < 2:
        return replace(line, say=text)
    if not line.show:
        # The headline is made from the bare sentence, before its frame is put on.
        headline, emphasis = headline_of(line)
        line = replace(line, show=_marked(headline, emphasis))
    kicker = f"{total - index + 1} of {total}" if draft.numbered == "down" else f"Step {index}"
    return replace(line, say=text, kicker=kicker)


def _listed(lines: tuple[Line, ...], material: Material, room: int, slots: int) -> tuple[Piece, ...]:
    """Every item of a list: spoken one by one where there is room, the rest together in scenes of up to four."""
    if _tiny(list(lines)):
        named = tuple(_named(line, index, material) for index, line in enumerate(lines[: len(_ORDINALS)], 1))
        fits = sum(spoken_length(line.say) for line in named) <= room + TOLERATED and len(named) <= max(slots, 4)
        if fits:
            return tuple(Piece(line) for line in named)
        return _groups(lines, material, first=1)
    for single in range(len(lines), -1, -1):
        rest = lines[single:]
        grouped = _groups(rest, material, first=single + 1) if rest else ()
        pieces = (*(Piece(line) for line in lines[:single]), *grouped)
        spoken = sum(spoken_length(piece.line.say) for piece in pieces)
        if len(rest) != 1 and spoken <= room and len(pieces) <= max(slots, len(grouped) + 1, 6):
            return pieces
    kept: list[Piece] = []
    for piece in _groups(lines, material, first=1):
        room -= spoken_length(piece.line.say)
        if not kept or room >= 0:
            kept.append(piece)
    return tuple(kept[:slots])


def _reasons(pieces: tuple[Piece, ...], hook: str, material: Material, room: int, slots: int) -> tuple[Piece, ...]:
    """Facts that fit in front of a list of tips, so that a longer film also says why."""
    room -= sum(spoken_length(piece.line.say) for piece in pieces)
    facts = material.topic.facts if material.topic else ()
    kept: list[Piece] = []
    for fact in facts:
        if spoken_length(fact.say) <= room and key_of(fact.say) not in key_of(hook):
            kept.append(Piece(fact))
            room -= spoken_length(fact.say)
    return tuple(kept[: max(0, slots + 1 - len(pieces))])


def _named(line: Line, index: int, material: Material) -> Line:
    """`Health.` as `Reason one: health.`, and a little time to let one word sink in."""
    bare = unfinished(line.say)
    small = decapitalise(bare, names=material.names)
    pause = f" {_LINGER[(index - 1) % len(_LINGER)]}" if word_count(bare) == 1 else ""
    if material.brief.item_word == "point":
        return replace(
            line,
            say=f"{capitalise(_ORDINALS[index - 1])}: {small}.{pause}",
            show=f"*{bare}*" if word_count(bare) <= 2 else bare,
        )
    word = capitalise(material.brief.item_word)
    return Line(
        f"{word} {spelled(index)}: {small}.{pause}",
        f"*{bare}*" if word_count(bare) <= 2 else bare,
        f"{word} {index}",
        line.figure,
    )


def _groups(lines: tuple[Line, ...], material: Material, *, first: int) -> tuple[Piece, ...]:
    """The lines in scenes of two to four, each said in its short form."""
    pieces: list[Piece] = []
    size = 4 if _tiny(list(lines)) or len(lines) == 4 else 3
    many = plural(material.brief.item_word)
    if len(lines) % size == 1 and size > 2:
        size -= 1
    for start in range(0, len(lines), size):
        group = lines[start : start + size]
        short = tuple(unfinished(_short(line)) for line in group)
        small = (short[0], *(decapitalise(text, names=material.names) for text in short[1:]))
        say = finish(joined(small)) if _tiny(list(group)) else " ".join(finish(text) for text in short)
        low, high = first + start, first + start + len(group) - 1
        total = len(lines) + first - 1
        show = (
            f"*{spelled(total).capitalize()}* {many}"
            if (low, high) == (1, total) and total > 1
            # The cards of a list are numbered from one, so what stands over those that are left says no numbers.
            else f"*{spelled(len(group)).capitalize()}* more {many}"
            if low > 1
            else f"{capitalise(many)} *1* {'and' if high == 2 else 'to'} *{high}*"
        )
        if spoken_length(say) <= LONGEST + 3:
            pieces.append(Piece(Line(say, show, capitalise(material.about)), tuple(capitalise(text) for text in short)))
    return tuple(pieces)


def _short(line: Line) -> str:
    if spoken_length(line.say) <= 5:
        return line.say
    return headline_of(line)[0]


def _merged(pieces: list[Piece], slots: int) -> tuple[Piece, ...]:
    """The pieces with very short ones joined to a neighbour, and no more of them than there are scenes."""
    merged = list(pieces)
    while len(merged) > 1:
        # Where every line can have a scene of its own, only the very shortest share one.
        short = SHORTEST if len(merged) > slots else SHORTEST - 2
        sizes = [spoken_length(a.line.say) + spoken_length(b.line.say) for a, b in pairwise(merged)]
        tight = [
            index
            for index, size in enumerate(sizes)
            if size <= LONGEST
            and (len(merged) > slots or min(spoken_length(merged[i].line.say) for i in (index, index + 1)) < short)
        ]
        if not tight:
            break
        at = min(tight, key=lambda index: (sizes[index], index))
        merged[at : at + 2] = [_joined(merged[at], merged[at + 1])]
    return tuple(merged)


def _marked(headline: str, emphasis: tuple[str, ...]) -> str:
    return " ".join(f"*{word}*" if word.strip(".,:;!?") in emphasis else word for word in headline.split())


def _joined(one: Piece, two: Piece) -> Piece:
    leading, other = (two, one) if two.line.figure and not one.line.figure else (one, two)
    bare = unfinished(leading.line.say)
    # Beside a second sentence, a very short first one is a headline as it stands.
    short = word_count(bare) <= 4 and not leading.line.show
    headline, emphasis = (bare, emphasis_in(bare)) if short else headline_of(leading.line)
    marked = _marked(headline, emphasis)
    say = f"{one.line.say} {two.line.say}"
    return Piece(replace(leading.line, say=say, show=marked), detail=one.detail or unfinished(_short(other.line)))


def _padded(pieces: tuple[Piece, ...], material: Material, room: int, slots: int) -> tuple[Piece, ...]:
    """A film with very little to say repeats the essentials or pauses for the viewer; it never invents facts."""
    brief = material.brief
    if brief.language != "en":
        return pieces
    recap = _recap(material) if brief.form in (Form.EVENT, Form.ANNOUNCE) else None
    fitting = _NUMBER_PROMPT if any(line.figure for line in material.own) else _ANY_PROMPT
    any_prompt = fitting[zlib.crc32(brief.lead.encode()) % len(fitting)]
    prompts = () if recap else _PROMPTS.get(brief.form, _LESSON if brief.form in ASKING else (any_prompt,))
    said = list(pieces)
    for extra in (*((recap,) if recap else ()), *(Piece(prompt) for prompt in prompts)):
        spoken = sum(spoken_length(piece.line.say) for piece in said)
        if spoken < room * _SPARSE and len(said) < slots and spoken + spoken_length(extra.line.say) <= room:
            said.append(extra)
    return tuple(said)


def _recap(material: Material) -> Piece | None:
    """What people should take down: the name, the day, the number."""
    number = material.number
    time = find_time(material.brief.lead)
    # `at 10` is only a time with its word before it; `10am` is one by itself.
    when = f"{material.date} at {time}" if material.date and time else material.date
    parts = (material.about, when, figure_words(number) if number else "")
    items = tuple(part for part in parts if part and word_count(part) <= 5)
    if len(items) < 2:
        return None
    return Piece(
        Line(f"Once more: {', '.join(items)}.", "Save the *date*" if when else "Take *note*", "Once more"),
        tuple(capitalise(item) for item in items),
    )
