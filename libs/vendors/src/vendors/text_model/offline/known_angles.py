"""Ways to tell a topic of the fact base. Each takes the material and gives a draft, or None if it does not fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from vendors.text_model.offline.brief import Form
from vendors.text_model.offline.drafts import Draft
from vendors.text_model.offline.library import Line, Topic
from vendors.text_model.offline.material import Material
from vendors.text_model.offline.numbers import spelled
from vendors.text_model.offline.words import capitalise, unfinished

Angle = Callable[[Material, Topic], Draft | None]
_TIP_WORDS = (
    "tip",
    "way",
    "rule",
    "habit",
    "step",
    "trick",
    "hack",
    "idea",
    "principle",
    "thing",
    "secret",
    "exercise",
    "move",
    "stretch",
)


def known_drafts(material: Material) -> list[Draft]:
    """Every draft the topic allows, the most fitting first."""
    if material.rivals:
        return _side_by_side(material)
    topic = material.topic
    if topic is None:
        return []
    angles: list[Angle] = [
        _question,
        _number,
        _myth,
        _picture,
        _steps,
        _odd,
        _try_it,
        _countdown,
        _one_thing,
        _backwards,
    ]
    if material.brief.form in (Form.LIST, Form.HOWTO) and topic.tips:
        angles = [_tips, _tips_with_reason, _tips_challenge, *angles]
    elif material.brief.form is Form.HOWTO and topic.in_order:
        angles = [_steps, *angles]
    elif material.brief.form is Form.LIST and material.brief.item_word in ("fact", "thing", "reason", "point"):
        angles = [_countdown, *angles]
    elif material.brief.form is Form.LIST and material.brief.item_word == "myth":
        angles = [_myth, *angles]
    order = tuple(fact.say for fact in topic.facts)
    return [
        replace(draft, order=order) if not draft.whole else draft
        for angle in angles
        if (draft := angle(material, topic))
    ]


def _with_own(material: Material, *lines: Line) -> tuple[Line, ...]:
    """What the brief says itself comes right after the first line, so it is never trimmed away."""
    return (*lines[:1], *material.own, *lines[1:])


def _from(topic: Topic, *order: int) -> tuple[Line, ...]:
    """The facts in this order, then the rest in theirs."""
    first = [topic.facts[index] for index in order if index < len(topic.facts)]
    return (*first, *(fact for fact in topic.facts if fact not in first))


def _name(topic: Topic) -> str:
    return capitalise(topic.name)


def _question(material: Material, topic: Topic) -> Draft:
    title = (
        material.brief.title if material.brief.form in (Form.HOW, Form.WHY, Form.WHAT) else unfinished(topic.question)
    )
    return Draft(
        "Question first",
        title,
        topic.question,
        (*_with_own(material, *topic.facts), topic.number, topic.analogy),
        topic.close,
        "Opens with the question the viewer already has and answers it in order.",
    )


def _number(material: Material, topic: Topic) -> Draft:
    figure = topic.number.figure
    return Draft(
        "One striking number",
        f"{figure.value} {figure.label}" if figure else f"{_name(topic)} in one number",
        topic.hook,
        (topic.number, *material.own, *_from(topic, 1, 3, 4)),
        topic.close,
        "A single figure is easy to remember and looks good full screen.",
    )


def _myth(material: Material, topic: Topic) -> Draft:
    return Draft(
        "Myth and fact",
        f"{_name(topic)}: myth and fact",
        f"True or false? {topic.myth}",
        (replace(topic.truth, say=f"False. {topic.truth.say}"), *material.own, *_from(topic, 0, 2, 5)),
        topic.close,
        "Viewers guess along first, so they stay for the answer.",
    )


def _picture(material: Material, topic: Topic) -> Draft:
    return Draft(
        "Everyday picture",
        f"{_name(topic)} in one picture",
        topic.analogy.say,
        (Line(topic.hook, kicker=topic.label), *material.own, *_from(topic, 2, 4, 1)),
        topic.notice,
        "Compares the unfamiliar with something everybody has seen.",
    )


def _steps(material: Material, topic: Topic) -> Draft | None:
    if not topic.in_order:
        return None
    return Draft(
        "Step by step",
        f"{_name(topic)}, step by step",
        f"{_name(topic)}, step by step.",
        (*topic.facts[:4], *material.own, *topic.facts[4:]),
        topic.notice,
        "Shows the chain of causes one link at a time.",
        numbered="steps",
    )


def _odd(material: Material, topic: Topic) -> Draft:
    last = topic.facts[-1]
    return Draft(
        "The odd detail",
        f"An odd detail about {topic.name}",
        last.say,
        (
            topic.facts[3],
            *material.own,
            topic.facts[1],
            topic.truth,
            topic.facts[0],
            topic.number,
            topic.facts[2],
            topic.facts[4],
        ),
        topic.close,
        "Starts with what nobody expects and works back to the cause.",
    )


def _try_it(material: Material, topic: Topic) -> Draft:
    return Draft(
        "See it yourself",
        f"{_name(topic)}: see it yourself",
        topic.notice.say,
        (
            topic.facts[0],
            *material.own,
            topic.facts[4],
            topic.number,
            topic.facts[2],
            topic.truth,
            topic.facts[3],
            topic.facts[1],
        ),
        topic.close,
        "Gives the viewer something to do, which is what people share.",
    )


def _countdown(material: Material, topic: Topic) -> Draft:
    return Draft(
        "Countdown",
        material.brief.title if material.brief.form is Form.LIST else f"Counting down {topic.name}",
        f"Facts about {topic.name}, counted down.",
        (
            topic.facts[5],
            *material.own,
            topic.number,
            topic.facts[2],
            topic.facts[4],
            topic.facts[0],
            topic.truth,
            topic.facts[1],
        ),
        topic.close,
        "A countdown keeps people watching until the last one.",
        numbered="down",
    )


def _one_thing(material: Material, topic: Topic) -> Draft:
    return Draft(
        "One thing to remember",
        f"The one thing to know about {topic.name}",
        f"Remember one thing about {topic.name}.",
        (Line(topic.hook, kicker=topic.label), *material.own, topic.truth, *_from(topic, 3, 1, 5)),
        topic.notice,
        "Everything serves a single sentence, so it stays.",
    )


def _backwards(material: Material, topic: Topic) -> Draft:
    return Draft(
        "From the end",
        f"{_name(topic)}, told from the end",
        unfinished(topic.close.say) + ".",
        (topic.facts[4], *material.own, topic.facts[2], topic.analogy, topic.facts[5], topic.facts[1], topic.facts[0]),
        Line(topic.question, "", "Your turn"),
        "Gives the result first and leaves the question for the viewer.",
    )


def _tip_word(material: Material) -> str:
    """What the brief calls them; the tips of a how-to are no steps, because they may come in any order."""
    word = material.brief.item_word
    return word if word in (*_TIP_WORDS, "mistake") and material.brief.form is Form.LIST else "tip"


def _tips_lines(material: Material, topic: Topic) -> tuple[Line, ...]:
    word = _tip_word(material)
    most = material.brief.wanted or (5 if material.brief.form is Form.LIST else 4)
    tips = (*material.own, *topic.tips)[:most]
    return tuple(Line(tip.say, tip.show, f"{capitalise(word)} {index}") for index, tip in enumerate(tips, 1))


def _tips(material: Material, topic: Topic) -> Draft | None:
    if _warns(material, topic):
        return _mistakes(material, topic)
    if material.brief.item_word not in (*_TIP_WORDS, "point"):
        return None
    lines = _tips_lines(material, topic)
    return Draft(
        "One after the other",
        material.brief.title,
        f"{capitalise(material.brief.topic)}? Start with these {spelled(len(lines))}."
        if material.brief.form is Form.LIST
        else f"{material.brief.title}: {spelled(len(lines))} tips.",
        lines,
        Line("Which one first?", "Try *one* today", "Your turn"),
        "Short, usable and easy to save for later.",
        whole=True,
    )


def _warns(material: Material, topic: Topic) -> bool:
    """Whether mistakes are wanted and each of the topic's tips names one: advice is no list of mistakes."""
    return material.brief.item_word == "mistake" and all(tip.say.startswith("Don't") for tip in topic.tips)


def _mistakes(material: Material, topic: Topic) -> Draft:
    return Draft(
        "One after the other",
        material.brief.title,
        topic.hook,
        _tips_lines(material, topic),
        Line("Which one have you made?", "Made *one* yourself?", "Be honest"),
        "Each mistake comes with what to do instead.",
        whole=True,
    )


def _tips_with_reason(material: Material, topic: Topic) -> Draft | None:
    if material.brief.item_word not in (*_TIP_WORDS, "point"):
        return None
    lines = _tips_lines(material, topic)
    half = max(1, len(lines) - 2)
    return Draft(
        "Reason, then advice",
        f"Why these {_tip_word(material)}s work",
        topic.hook,
        (topic.facts[0], *lines[:half], topic.facts[4]),
        topic.close,
        "People follow advice when they know the reason.",
    )


def _tips_challenge(material: Material, topic: Topic) -> Draft | None:
    if material.brief.item_word not in (*_TIP_WORDS, "point"):
        return None
    lines = _tips_lines(material, topic)
    return Draft(
        "A challenge",
        f"{capitalise(material.brief.topic)}: take the test",
        "How many of these do you already do?",
        tuple(reversed(lines)),
        Line("Did you get them all? Add the one you're missing.", "Got them *all?*", "Your score"),
        "Turns advice into a small test, so viewers count along.",
        whole=True,
    )


_SIDE_BY_SIDE: tuple[tuple[str, str, str, str, tuple[int, ...], str], ...] = (
    # angle · title · hook · what leads on both sides · the facts behind it · why
    ("Side by side", "{title}", "{question}", "", (0, 1, 2, 3, 4, 5), "Takes turns fairly and lets the viewer decide."),
    (
        "Number against number",
        "{title}, in numbers",
        "{one} against {two}: one number each.",
        "number",
        (2, 3, 4, 5),
        "Two figures side by side make the difference visible.",
    ),
    (
        "Myths on both sides",
        "{title}: what people get wrong",
        "True or false? {myth}",
        "truth",
        (3, 4, 5, 0, 1, 2),
        "Clears up one mistake about each side.",
    ),
    (
        "Two pictures",
        "{title} in two pictures",
        "Two pictures, one for {one_small}, one for {two}.",
        "analogy",
        (4, 5, 1, 2, 3),
        "Each side gets one image that stays.",
    ),
    (
        "Try both",
        "{title}: try both",
        "Undecided? Try both, like this.",
        "notice",
        (5, 0, 1, 2, 3, 4),
        "Ends the argument with a small test at home.",
    ),
)


def _side_by_side(material: Material) -> list[Draft]:
    one, two = material.rivals[:2]
    brief = material.brief
    first, second = brief.sides[:2]
    ask = Line(f"{capitalise(first)} or {second}: which one is yours?", "Which one is *yours?*", "Your turn")
    words = {
        "title": brief.title,
        "question": brief.question,
        "one": capitalise(first),
        "one_small": first,
        "two": second,
        "myth": one.myth,
    }

    def paired(lead: str, order: tuple[int, ...]) -> tuple[Line, ...]:
        pairs = [(getattr(one, lead), getattr(two, lead))] if lead else []
        pairs += [(one.facts[index], two.facts[index]) for index in order]
        sides = (capitalise(first), capitalise(second))
        return tuple(replace(line, kicker=side) for pair in pairs for line, side in zip(pair, sides, strict=True))

    return [
        Draft(angle, title.format(**words), hook.format(**words), (*material.own, *paired(lead, order)), ask, why)
        for angle, title, hook, lead, order, why in _SIDE_BY_SIDE
    ]
