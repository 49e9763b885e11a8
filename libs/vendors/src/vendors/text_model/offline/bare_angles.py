"""Films about a topic we know nothing about. They ask, look and promise; they never state a fact of their own."""

from __future__ import annotations

from vendors.text_model.offline.brief import Form
from vendors.text_model.offline.drafts import Draft
from vendors.text_model.offline.library import Line
from vendors.text_model.offline.material import Material
from vendors.text_model.offline.words import capitalise, unfinished, word_count


def _lines(*triples: tuple[str, str, str]) -> tuple[Line, ...]:
    return tuple(Line(say, show, kicker) for say, show, kicker in triples)


# {question} the brief's question, {topic} what fits after `about`, {thing} the thing itself, {short} a short word for
# it, {big} and {title} for large letters, {look} and {three} whole sentences that depend on the kind of topic.
_FRAMES = (
    Draft(
        "Guess first",
        "{title}",
        "{question}",
        _lines(
            ("Say your answer out loud before anyone helps you.", "Say it *out loud*", "Your guess"),
            ("Now name the one thing about {short} you're least sure of.", "The *weak* spot", "Be honest"),
            ("Then look it up, and compare it with your guess.", "Look it *up*", "The check"),
            ("If you were wrong, so much the better: now you'll remember.", "*Wrong* helps", "The reward"),
            ("Write the answer down in one plain sentence.", "*One* plain sentence", "Keep it"),
            ("Ask the same question at dinner, and listen.", "Ask at *dinner*", "Pass it on"),
        ),
        Line("How close was your first guess?", "How *close* were you?", "Your turn"),
        "Makes the viewer think first. The film states nothing the brief doesn't.",
    ),
    Draft(
        "Three questions",
        "{big}: three questions",
        "{three}",
        _lines(
            ("One: how would you explain it to a child?", "Explain it to a *child*", "Question 1"),
            ("Two: where did you last come across it?", "Where did you *see* it?", "Question 2"),
            ("Three: what would change without it?", "What if it were *gone?*", "Question 3"),
            ("Pick the question you can't answer yet.", "Pick the *hard* one", "Choose"),
            ("That is where learning starts.", "*Start* there", "The point"),
        ),
        Line("Which of the three would you answer first?", "Which *one?*", "Your turn"),
        "Three honest questions give a topic shape before there are sources.",
    ),
    Draft(
        "Look around",
        "{big}: look closer",
        "{look}",
        _lines(
            ("Take one minute and look at it as if for the first time.", "Look *again*", "One minute"),
            ("What do you notice that you never saw before?", "What's *new?*", "Notice"),
            ("Take a picture, or draw it in ten lines.", "Draw *ten* lines", "Record"),
            ("Then ask somebody who knows more than you.", "*Ask* somebody", "Ask"),
        ),
        Line("What did you see that others miss?", "What did *you* see?", "Your turn"),
        "Sends viewers out to look for themselves.",
    ),
    Draft(
        "Explain it to a friend",
        "{big}: could you explain it?",
        "Could you explain {topic} to a friend?",
        _lines(
            ("Begin with one short sentence and no difficult words.", "*One* short sentence", "Begin"),
            ("Add an example from your own day.", "Your *own* example", "Then"),
            ("Stop at the first word you can't explain.", "*Stop* there", "The gap"),
            ("That word is what to look up next.", "Look up *that* word", "Next"),
        ),
        Line("Try it tonight, with somebody patient.", "Try it *tonight*", "Your turn"),
        "A well-known way to find out what one really understands.",
    ),
    Draft(
        "Before and after",
        "{big}: before and after",
        "Before you look up {topic}, stop.",
        _lines(
            ("Write down everything you believe you know.", "Write it *down*", "Before"),
            ("Put a question mark where you're not sure.", "Add *question* marks", "Doubts"),
            ("Now read for ten minutes.", "*Ten* minutes", "Read"),
            ("Cross out what turned out to be wrong.", "*Cross* it out", "After"),
        ),
        Line("What did you have to cross out?", "What got *crossed* out?", "Your turn"),
        "Shows learning as a difference that everyone can see.",
    ),
    Draft(
        "A promise",
        "{big}: ready for more",
        "{big}: where should we start?",
        _lines(
            ("Which part would you want explained first?", "Which part *first?*", "You choose"),
            ("Who would you trust to explain it well?", "*Who* knows?", "Sources"),
            ("And what would you do with the answer?", "What would you *do?*", "The use"),
        ),
        Line("Tell us where to start.", "Where do we *start?*", "Your turn"),
        "Lets the audience choose what the next film digs into.",
    ),
    Draft(
        "Two people",
        "{big}: two views",
        "Two people talk about {thing}.",
        _lines(
            ("One has never heard of it and asks why it matters.", "*Why* does it matter?", "The newcomer"),
            ("The other knows it well and has a minute to answer.", "*One* minute to answer", "The expert"),
            ("Which of the two are you right now?", "Which one are *you?*", "Choose"),
        ),
        Line("Find the other one, and talk.", "Find the *other* one", "Your turn"),
        "Turns a topic into a conversation viewers can take a side in.",
    ),
    Draft(
        "One minute of curiosity",
        "{big}: a minute for it",
        "Give {short} a moment of your day.",
        _lines(
            ("Ask what it is, who needs it and what it costs.", "What, *who*, how much", "Ask"),
            ("Ask who would disagree with the usual answer.", "Who would *disagree?*", "Doubt"),
            ("Keep the question that won't leave you alone.", "Keep *one* question", "Keep"),
        ),
        Line("Curious? Then the film did its job.", "Stay *curious*", "Go on"),
        "Raises questions instead of pretending to answer them.",
    ),
)
_PICK = Line("{one_large} or {two}: which one is yours?", "Which one is *yours?*", "Your turn")
_DUELS = (
    Draft(
        "Side by side",
        "{title}",
        "{one_large} or {two}?",
        _lines(
            ("Say the first thing that comes to mind for {one}.", "*First* thought", "{one_large}"),
            ("Now do the same for {two}.", "And the *other*", "{two_large}"),
            ("What can one do that the other can't?", "What's the *difference?*", "Compare"),
            ("What would make you switch?", "What would make you *switch?*", "Decide"),
        ),
        _PICK,
        "Takes turns fairly and lets the viewer decide.",
    ),
    Draft(
        "Ask both camps",
        "{title}: ask both camps",
        "Find one fan of {one} and one of {two}.",
        _lines(
            ("Ask each for their single best reason.", "*One* best reason", "Reason"),
            ("Then ask what they like about the other side.", "Praise the *other*", "Fairness"),
            ("Listen for the reason that would change your mind.", "Could it *change* your mind?", "Listen"),
        ),
        _PICK,
        "A duel that people recognise from their own kitchens.",
    ),
)


_COUNTS = frozenset({"three", "four", "five", "six", "seven", "eight", "nine", "ten"})


def bare_drafts(material: Material) -> list[Draft]:
    """Drafts for a brief that is only a topic."""
    words = _words(material)
    frames = (*_DUELS, *_FRAMES) if material.brief.form is Form.COMPARE else _FRAMES
    return [_filled(frame, words) for frame in frames]


def _words(material: Material) -> dict[str, str]:
    brief, topic = material.brief, material.about
    question = brief.question or f"What do you know about {topic}?"
    if not brief.question and brief.title.split(" ", 1)[0].lower() in _COUNTS:
        question = f"Can you name {brief.title[:1].lower()}{brief.title[1:]}?"
    thing = brief.noun or topic
    # `How zeolites soften water` and `this question` fit after `about`, but nobody can watch out for them.
    abstract = topic.startswith(("this", "these")) or (not brief.noun and topic.startswith(("how ", "why ", "what ")))
    title = brief.title
    one, two = brief.sides[:2] if brief.sides else ("", "")
    return {
        "title": title,
        "question": question,
        "topic": topic,
        "thing": "this" if abstract else thing,
        "short": thing if word_count(thing) <= 4 and not abstract else "this",
        "big": unfinished(title) if abstract else capitalise(thing),
        "three": question if topic.startswith("this") else f"Three questions about {topic}.",
        "look": f"{unfinished(title)}: look closer." if abstract else f"Watch out for {thing} today.",
        "one": one,
        "two": two,
        "one_large": capitalise(one),
        "two_large": capitalise(two),
    }


def _filled(frame: Draft, words: dict[str, str]) -> Draft:
    def line(template: Line) -> Line:
        return Line(template.say.format_map(words), template.show, template.kicker.format_map(words))

    return Draft(
        frame.angle,
        frame.title.format_map(words),
        frame.hook.format_map(words),
        tuple(line(entry) for entry in frame.lines),
        line(frame.close),
        frame.why,
    )
