"""Ways to tell what a brief says itself: nothing in these drafts is known beyond its own words."""

from __future__ import annotations

from collections.abc import Callable

from vendors.text_model.offline.brief import ASKING, Form
from vendors.text_model.offline.clauses import spoken_parts
from vendors.text_model.offline.closes import closing
from vendors.text_model.offline.drafts import Draft
from vendors.text_model.offline.library import Line
from vendors.text_model.offline.material import Material
from vendors.text_model.offline.numbers import PRICE, spelled
from vendors.text_model.offline.relations import find_change
from vendors.text_model.offline.words import capitalise, finish, joined, spoken_length, unfinished

Angle = Callable[[Material], Draft | None]
_HOOK_LENGTH = 16
_QUOTE_LENGTH = 22


_ALONE = (
    Line("Picture the moment for a second.", "*Picture* it", "Pause"),
    Line("Where could you begin today?", "*Where* to begin?", "Begin"),
    Line("Then take one small step.", "*One* small step", "Act"),
)
# What a film of a single sentence does with the rest of its time.
_ORDERED = (Form.RECIPE, Form.HOWTO, Form.STORY)


def told_drafts(material: Material) -> list[Draft]:
    """Every draft the brief's own words allow, the most fitting first."""
    return [draft for angle in _order(material) if (draft := angle(material))]


def _order(material: Material) -> list[Angle]:
    common: list[Angle] = [
        _number,
        _question,
        _quote,
        _audience,
        _key_words,
        _countdown,
        _backwards,
        _invitation_first,
        _one_thing,
    ]
    match material.brief.form:
        case Form.EVENT:
            return [_date, _as_told, _what_are_you_doing, *common]
        case Form.RECIPE | Form.HOWTO:
            return [_steps, _list, _as_told, _question, _invitation_first, _audience]
        case Form.STORY:
            return [
                _as_told,
                _question,
                _backwards,
                _quote,
                _number,
                _audience,
                _key_words,
                _invitation_first,
                _in_a_line,
            ]
        case Form.LIST:
            return [_list, _which_one, _steps, _as_told, *common]
        case _ if material.brief.quote:
            return [_quote, _as_told, *common]
        case _:
            return [*([_list] if material.items and not material.own else []), _as_told, _list, *common]


def _lines(material: Material) -> tuple[Line, ...]:
    """What the brief says, its quotation right after its first line."""
    quote = (quote_line(material),) if material.brief.quote else ()
    return (*material.own[:1], *quote, *material.own[1:], *material.items)


def _title(material: Material, ending: str = "") -> str:
    name = material.brief.name or material.brief.title
    return f"{capitalise(name)}{ending}"


def _as_told(material: Material) -> Draft | None:
    brief, lines = material.brief, _lines(material)
    if not lines:
        return None
    first = lines[0].say
    opens = first not in {item.say for item in material.items} and spoken_length(first) <= _HOOK_LENGTH
    hook = f"{_title(material)}."
    if brief.form in ASKING and brief.question:
        hook = brief.question
    elif brief.form is Form.ANNOUNCE:
        met = f"Meet {material.about}"
        # Who is met in the next sentence, with day and place, is only named here.
        named = f"New: {material.about}." if first.startswith(f"{met} ") else f"{met}."
        hook, lines = (first, lines[1:] or lines) if opens else (named, lines)
    elif len(lines) == 1 and find_change(first) and material.about != "this":
        hook = f"{capitalise(material.about)}: then and now."
    elif opens and len(lines) > 1 and brief.form not in (Form.RECIPE, *ASKING):
        hook, lines = first, lines[1:]
    elif unfinished(first) == brief.title:
        hook, lines = first, _ALONE
    return Draft(
        "As the brief tells it",
        _title(material),
        finish(hook),
        lines,
        closing(material),
        "Keeps the order and the words of the brief.",
    )


def _date(material: Material) -> Draft | None:
    if not material.date:
        return None
    lines = _lines(material)
    return Draft(
        "Save the date",
        f"{_title(material)}: save the date",
        f"Save the date: {material.date}.",
        lines,
        closing(material, turn=2),
        "The one thing people must remember comes first.",
    )


def _what_are_you_doing(material: Material) -> Draft | None:
    if not material.date:
        return None
    on = "" if material.date.lower() in ("tomorrow", "tonight") else "on "
    first, *rest = _lines(material)
    return Draft(
        "An invitation",
        f"What are you doing {on}{material.date}?",
        f"What are you doing {on}{material.date}?",
        (first, *reversed(rest)),
        closing(material, turn=1),
        "Speaks to one person, like an invitation from a friend.",
    )


def _number(material: Material) -> Draft | None:
    line = material.number
    if line is None or line.figure is None or material.brief.form in (Form.RECIPE, Form.HOWTO, Form.LIST):
        return None
    others = tuple(other for other in _lines(material) if other != line)
    return Draft(
        "One number",
        capitalise(figure_words(line)),
        f"Remember this number: {line.figure.value}.",
        (line, *others),
        closing(material, turn=1),
        "A figure from the brief, shown large, is what people keep.",
    )


def figure_words(line: Line) -> str:
    """The number of a line with what it counts, in the order in which the line says it."""
    if line.figure is None:
        return ""
    value, label = line.figure.value, line.figure.label
    if label == PRICE:
        return value
    return f"{label}: {value}" if 0 <= line.say.find(label) < line.say.find(value) else f"{value} {label}"


def _question(material: Material) -> Draft | None:
    lines = _lines(material)
    if len(lines) < 2 or (
        material.about == "this" and not material.brief.question and material.brief.form is not Form.STORY
    ):
        return None
    asks = {
        Form.STORY: "Do you have a moment for a story?",
        Form.EVENT: f"Have you heard about {material.about}?",
        Form.ANNOUNCE: f"Have you heard of {material.about}?",
        Form.RECIPE: f"Ready for {material.about}?",
    }
    ask = asks.get(material.brief.form) or material.brief.question or f"What should you know about {material.about}?"
    return Draft(
        "Question first",
        f"{_title(material)}: question and answer",
        ask,
        lines if material.brief.form in _ORDERED else (lines[1], lines[0], *lines[2:]),
        closing(material, turn=1),
        "A question makes people wait for its answer.",
    )


def _quote(material: Material) -> Draft | None:
    quote = material.brief.quote
    if quote is None:
        return None
    line = quote_line(material)
    hook = f"{quote.by} said it like this." if quote.by else "Some words are worth hearing twice."
    return Draft(
        "In their own words",
        f"{quote.by or _title(material)}: in their own words",
        hook,
        (line, *(other for other in _lines(material) if other != line)),
        closing(material, turn=2),
        "Lets the quotation speak and frames it with little else.",
    )


def quote_line(material: Material) -> Line:
    """The quotation of the brief as a line of its own; of a very long one its first sentence."""
    quote = material.brief.quote
    if quote is None:
        return Line("")
    text = finish(quote.text)
    parts = (text,) if spoken_length(text) <= _QUOTE_LENGTH else spoken_parts(text)
    return Line(f'"{parts[0]}"', kicker=quote.by or "In their words")


def _audience(material: Material) -> Draft | None:
    lines = _lines(material)
    if not material.brief.audience or not lines:
        return None
    return Draft(
        "For them alone",
        f"{_title(material)}, for {material.brief.audience}",
        f"This one is for {material.brief.audience}.",
        (*lines[len(lines) // 2 :], *lines[: len(lines) // 2]),
        closing(material, turn=1),
        f"Names its audience at once: {material.brief.audience}.",
    )


def _key_words(material: Material) -> Draft | None:
    names = {word.lower() for word in material.about.split()}
    words = tuple(
        word
        for word in (_as_word(phrase, material) for phrase in material.phrases)
        if word and word.lower() not in names
    )[:3]
    lines = _lines(material)
    if len(words) < 3 or not lines:
        return None
    return Draft(
        "Three words",
        f"{_title(material)} in three words",
        f"In a few words: {joined(words)}.",
        (*lines[1:], lines[0]) if len(lines) > 2 else lines,
        closing(material, turn=2),
        "Names its key words first, then fills them with meaning.",
    )


def _as_word(phrase: str, material: Material) -> str:
    """A phrase fit for a list of key words: a name, two words, or one word of some length that is no `-ing`."""
    if phrase.split(" ", 1)[0] in material.names:
        return phrase
    single = " " not in phrase
    return "" if single and (len(phrase) < 6 or phrase.endswith(("ing", "ed"))) else phrase.lower()


def _in_a_line(material: Material) -> Draft | None:
    lines = _lines(material)
    if not lines:
        return None
    return Draft(
        "A short story",
        f"{_title(material)}: a short story",
        f"A short story about {material.about}.",
        lines,
        closing(material, turn=2),
        "Says that it's a story, and then tells it.",
    )


def _countdown(material: Material) -> Draft | None:
    lines = _lines(material)
    if len(lines) < 3:
        return None
    return Draft(
        "Countdown",
        f"{_title(material)}, counted down",
        f"{capitalise(material.about)}, counted down.",
        tuple(reversed(lines)),
        closing(material),
        "A countdown keeps people watching until the last one.",
        numbered="down",
    )


def _backwards(material: Material) -> Draft | None:
    lines = _lines(material)
    if len(lines) < 3 or spoken_length(lines[-1].say) > _HOOK_LENGTH:
        return None
    middle = lines[:-1]
    return Draft(
        "From the end",
        f"{_title(material)}, from the end",
        lines[-1].say,
        (*middle[1:], middle[0]),
        closing(material, turn=2),
        "Starts with the last thing said and asks how it came to that.",
    )


def _invitation_first(material: Material) -> Draft | None:
    lines = _lines(material)
    if not material.brief.call or not lines or spoken_length(material.brief.call) > _HOOK_LENGTH:
        return None
    return Draft(
        "Invitation first",
        f"{_title(material)}: come along",
        material.brief.call,
        lines,
        Line(f"That's {material.about}.", kicker="Remember"),
        "Says at once what the viewer can do, then why.",
    )


def _one_thing(material: Material) -> Draft | None:
    lines = _lines(material)
    if not lines:
        return None
    best = max(lines, key=lambda line: (line.figure is not None, min(spoken_length(line.say), 14)))
    return Draft(
        "One thing to remember",
        f"The one thing about {material.about}" if material.about != "this" else _title(material, ": one thing"),
        f"Remember one thing about {material.about}." if material.about != "this" else "Remember one thing.",
        (best, *(line for line in lines if line != best)),
        closing(material, turn=1),
        "Everything serves a single sentence, so it stays.",
    )


def _list(material: Material) -> Draft | None:
    items = material.items
    if len(items) < 2:
        return None
    number, word = spelled(len(items)), f"{material.brief.item_word}s"
    about = material.about
    hook = {
        Form.RECIPE: f"{capitalise(about)} in {number} steps.",
        Form.HOWTO: f"{material.brief.title}: {number} steps.",
        Form.LIST: f"{material.brief.title}: which one is yours?",
        Form.ANNOUNCE: f"Meet {about}. {capitalise(number)} things to know.",
    }.get(material.brief.form, f"{capitalise(about)}: {number} {'things to know' if word == 'points' else word}.")
    own = material.own[1:] if material.brief.form is Form.ANNOUNCE else material.own
    return Draft(
        "One after the other",
        _title(material),
        hook,
        (*own, *items),
        closing(material),
        "Short, clear and easy to save for later.",
        whole=not own,
    )


def _which_one(material: Material) -> Draft | None:
    if len(material.items) < 2:
        return None
    return Draft(
        "Pick yours",
        f"{_title(material)}: pick yours",
        f"{material.brief.title}: pick yours.",
        (*reversed(material.items), *material.own),
        closing(material, turn=2),
        "Asks for a choice, so viewers watch to the last option.",
        whole=not material.own,
    )


def _steps(material: Material) -> Draft | None:
    if material.brief.form is Form.LIST and material.brief.item_word not in ("step", "stage", "move", "exercise"):
        return None
    lines = material.items or (material.own if material.brief.form in (Form.RECIPE, Form.HOWTO) else ())
    if len(lines) < 2:
        return None
    own = material.own if material.items else ()
    hook = (
        f"How do you make {material.about}?"
        if material.brief.form is Form.RECIPE
        else material.brief.question or f"{_title(material)}, step by step."
    )
    return Draft(
        "Step by step",
        f"{_title(material)}, step by step",
        hook,
        (*lines, *own),
        closing(material),
        "Follows the hands: one step, one picture.",
        numbered="steps",
        whole=not own,
    )
