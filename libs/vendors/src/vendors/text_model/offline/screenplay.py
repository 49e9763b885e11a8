"""The task `write_screenplay`: a concept laid out in three acts, in its own words.

Rules cannot think of a plot. What the concept tells goes where it belongs in a story; a scene that it leaves empty is
sketched around the people and things it names, and ends in the question its author has to answer.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from common.contracts.screenplay import MOST_PARTS, Act, Part, Scene, Screenplay, ScreenplayInput
from common.contracts.values import Downgrade

from vendors.text_model.offline.cast import Cast, Person, cast_of, heading_of
from vendors.text_model.offline.clauses import is_clause
from vendors.text_model.offline.language import PHRASES
from vendors.text_model.offline.material import Material, gather
from vendors.text_model.offline.plot import ENDING, GOAL, OBSTACLE, SETUP, SPARK, STAKES, pieces_of, plotted
from vendors.text_model.offline.words import capitalise, clean, finish, joined, sentences, unfinished
from vendors.text_model.screenplay import LONGEST_LOGLINE, scenes_for

STAGE = "ideation"
TO_DECIDE = "To decide:"
NOBODY = Person("Protagonist")
_MOST_BEATS = 6
_TITLED = re.compile(r"\b(?:call(?:ed)?|titled?|named?)\b[^\"\n]{0,24}\"(?P<title>[^\"\n]{2,80})\"", re.I)
_SHORTER = re.compile(r"\b(?:shorter|too long|fewer scenes|tighter)\b", re.I)
_LONGER = re.compile(r"\b(?:longer|too short|more scenes)\b", re.I)
_GENRES = (
    ("comedy", r"comed\w*|funny|humou?r\w*"),
    ("horror", r"horror|ghosts?|haunted|curse\w*|vampires?|zombies?"),
    ("crime", r"crime|murder\w*|detective|killer|heist|thie(?:f|ves)|thriller"),
    ("science fiction", r"science fiction|sci-?fi|robots?|aliens?|android|spaceship|Mars|time travel\w*|future"),
    ("fantasy", r"fantasy|dragons?|magic\w*|witch\w*|wizards?|kingdom"),
    ("romance", r"romance|romantic|in love|love story|wedding"),
    ("war", r"war|soldiers?|trenches"),
)


@dataclass(frozen=True)
class Slot:
    """A place in a story. `piece` is what of a concept belongs there; `sketch` and `question` stand in for it."""

    act: int
    piece: str
    sketch: str
    question: str
    time: str = "DAY"


# No sentence has a person as its subject: nobody here knows whether they are one or several.
_SLOTS: Mapping[str, Slot] = {
    "before": Slot(1, SETUP, "A day like any other for {hero}.", "What does nobody know about {hero}?"),
    "spark": Slot(1, SPARK, "The routine breaks: there is more to {thing} than anybody thought.", "Why on this day?"),
    "choice": Slot(1, GOAL, "A way back is open to {hero}, and stays untaken.", "What is worth going on for?"),
    "first_try": Slot(2, "", "The easy way first. It makes everything harder for {hero}.", "Whose mistake is it?"),
    "two": Slot(2, "", "{Hero} and {other}, alone together for the first time.", "What does one of them not say?"),
    "obstacle": Slot(2, OBSTACLE, "What stands in the way shows itself: {thing}.", "Who gains if this fails?"),
    "turn": Slot(2, "", "Success, for one moment. The wrong thing was won.", "What looks different now about {thing}?"),
    "stakes": Slot(2, STAKES, "The price becomes plain to {hero}.", "What can be lost that nothing replaces?"),
    "lowest": Slot(2, "", "All that was gained is gone, {thing} first of all.", "Which belief was wrong?", "NIGHT"),
    "decision": Slot(3, "", "No one else can choose for {hero} now.", "What is given up for it?"),
    "climax": Slot(3, ENDING, "{Hero} against {opponent}, and no way around.", "What settles it?", "NIGHT"),
    "after": Slot(3, "", "The first picture once more. One thing in it has changed.", "What is seen last?", "DAWN"),
}
_BY_NEED = ("spark", "obstacle", "climax", "before", "stakes", "after", "choice", "turn", "lowest", "decision",
            "first_try", "two")  # fmt: skip
_ACTS = (
    ("Setup", "An ordinary life ends for {hero}, and there is no way back into it."),
    ("Confrontation", "Every step costs {hero} more than the one before; {opponent} is not beaten by trying harder."),
    ("Resolution", "What was asked at the beginning is answered for {hero}, at a price."),
)


def write_screenplay(variables: ScreenplayInput) -> tuple[Screenplay, tuple[Downgrade, ...]]:
    """Three acts from the concept's own words; the notes say what it leaves open."""
    material = gather(variables.concept)
    if material.brief.language != "en":
        return _foreign(variables, material)
    texts = (material.brief.lead, *material.brief.said, *material.brief.items)
    cast = cast_of("\n".join(finish(text) for text in texts))
    story = _Story(cast, plotted(pieces_of(texts)), variables.concept)
    wish = _wish_of(variables.feedback)
    written, left_open = _laid_out(variables, material, cast, story, wish)
    if variables.feedback and written == variables.previous:
        # It was followed already, or cannot be any further: then it is left to people, and said so.
        wish = replace(wish, unmet=tuple(finish(one)[:600] for one in sentences(clean(variables.feedback))[:4]))
        written, left_open = _laid_out(variables, material, cast, story, wish)
    return written, (*_notes(variables, "en", left_open, cast), *wish.notes)


def _laid_out(
    variables: ScreenplayInput, material: Material, cast: Cast, story: _Story, wish: _Wish
) -> tuple[Screenplay, int]:
    """The screenplay, and how many of its scenes the concept says nothing of."""
    acts, left_open = story.acts(scenes_for(wish.minutes(variables.minutes)), wish.unmet)
    screenplay = Screenplay(
        title=wish.title or _title(variables.concept, cast, material),
        logline=_logline(material),
        genre=wish.genre or variables.genre or genre_of(variables.concept),
        language="en",
        minutes=variables.minutes,
        acts=acts,
        characters=story.parts(),
    )
    return screenplay, left_open


def genre_of(text: str) -> str:
    """The genre whose words `text` uses; `drama` where it uses none."""
    return next((name for name, words in _GENRES if re.search(rf"\b(?:{words})\b", text, re.I)), "drama")


class _Story:
    """One concept's people, things and pieces, and the scenes made of them."""

    def __init__(self, cast: Cast, told: Mapping[str, tuple[str, ...]], concept: str) -> None:
        self._cast = cast
        self._told = told
        self._people = cast.people[:MOST_PARTS] or (NOBODY,)
        self._hero = self._people[0]
        self._others = self._people[1:]
        self._concept = concept

    def acts(self, count: int, wishes: Sequence[str]) -> tuple[tuple[Act, ...], int]:
        """The three acts, and how many of their scenes the concept says nothing of."""
        chosen = [name for name in _SLOTS if name in _BY_NEED[:count]]
        pieces = self._placed(chosen)
        scenes: dict[int, list[Scene]] = {1: [], 2: [], 3: []}
        left_open = 0
        for number, name in enumerate(chosen):
            slot = _SLOTS[name]
            said = list(pieces[name])
            if not said:
                left_open += 1
                said = [self._filled(slot.sketch, number), f"{TO_DECIDE} {self._filled(slot.question, number)}"]
            if slot.act == 2 and not scenes[2]:
                said.extend(f"{TO_DECIDE} a reviewer wants: {wish}" for wish in wishes)
            scenes[slot.act].append(self._scene(said[: _MOST_BEATS + 2], slot, number))
        acts = (
            Act(title=title, purpose=self._filled(purpose, number), scenes=tuple(scenes[number + 1]))
            for number, (title, purpose) in enumerate(_ACTS)
        )
        return tuple(acts), left_open

    def parts(self) -> tuple[Part, ...]:
        """Who is in it. The first one the concept names leads."""
        return tuple(
            Part(name=one.name, role=self._role(number, one), description=described(one))
            for number, one in enumerate(self._people)
        )

    def _placed(self, chosen: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The concept's pieces by the scenes there are: what has none of its own goes to the nearest one."""
        found: dict[str, list[str]] = {name: [] for name in chosen}
        order = list(_SLOTS)
        for name, slot in _SLOTS.items():
            nearest = min(chosen, key=lambda other: (abs(order.index(other) - order.index(name)), order.index(other)))
            found[nearest].extend(self._told.get(slot.piece, ()) if slot.piece else ())
        # A long concept says more of one part than a scene holds: the rest follows in the scenes behind it.
        for here, there in itertools.pairwise(chosen):
            if len(found[here]) > _MOST_BEATS:
                found[there] = [*found[here][_MOST_BEATS:], *found[there]]
        return {name: tuple(said[:_MOST_BEATS]) for name, said in found.items()}

    def _scene(self, beats: Sequence[str], slot: Slot, number: int) -> Scene:
        said = " ".join(beats).lower()
        present = [one.name for one in self._people if one is self._hero or one.name.lower() in said]
        # The last scene comes back to where the first one was.
        turn = 0 if slot is _SLOTS["after"] else number
        place = self._cast.places[turn % len(self._cast.places)] if self._cast.places else ""
        here = next((one for one in self._cast.places if one.lower() in said), place)
        return Scene(
            heading=heading_of(here, time=slot.time)[:160],
            beats=tuple(beat[:1000] for beat in beats),
            characters=tuple(present),
        )

    def _filled(self, template: str, number: int) -> str:
        hero = self._hero.as_subject
        things = self._cast.things
        against = next((one.as_subject for one in self._others if one.opposes), "")
        thing = the(things[number % len(things)]) if things else "it all"
        other = self._others[number % len(self._others)].as_subject if self._others else "a stranger"
        opponent = against or "what stands in the way"
        return template.format(hero=hero, Hero=capitalise(hero), thing=thing, other=other, opponent=opponent)

    def _role(self, number: int, person: Person) -> str:
        if number == 0:
            return "protagonist"
        return "antagonist" if person.opposes else "supporting"


def described(person: Person) -> str:
    """What the concept says of somebody, as a sentence."""
    if person == NOBODY:
        return "The concept names nobody: whose story it is, is to be decided."
    if person.is_a:
        return finish(f"{person.name}: {' '.join((*person.said, person.is_a))}")
    if person.said:
        return finish(f"{person.name}: {joined(person.said)}")
    return f"{person.name}, of whom the concept says no more."


def the(noun: str) -> str:
    """A noun with its article."""
    return f"the {noun}"


@dataclass(frozen=True)
class _Wish:
    """What of a reviewer's comment rules can follow; `unmet` are the sentences they cannot."""

    title: str = ""
    genre: str = ""
    factor: float = 1.0
    unmet: tuple[str, ...] = ()

    def minutes(self, wanted: int) -> int:
        return max(1, round(wanted * self.factor))

    @property
    def notes(self) -> tuple[Downgrade, ...]:
        if not self.unmet:
            return ()
        detail = (
            "The offline writer follows wishes about title, genre and length alone. The others stand in the second act"
            " as open points; edit the screenplay, or use a real text model."
        )
        return (Downgrade(code="feedback_not_followed", detail=detail, stage=STAGE),)


def _wish_of(feedback: str | None) -> _Wish:
    title, genre, factor, unmet = "", "", 1.0, []
    for sentence in sentences(clean(feedback or "").replace("\n", " ")):
        if match := _TITLED.search(sentence):
            title = unfinished(match["title"])
        elif _SHORTER.search(sentence):
            factor = 0.4
        elif _LONGER.search(sentence):
            factor = 2.5
        elif (asked := genre_of(sentence)) != "drama" or re.search(r"\bdrama\b", sentence, re.I):
            genre = asked
        else:
            unmet.append(finish(sentence)[:600])
    return _Wish(title, genre, factor, tuple(unmet[:4]))


def _title(concept: str, cast: Cast, material: Material) -> str:
    """The title the concept gives, else whom and what it is about."""
    if match := _TITLED.search(concept):
        return unfinished(match["title"])
    if not cast.people:
        return (material.brief.title or unfinished(material.brief.lead))[:120]
    beside = [the(thing) for thing in cast.things[:1]] or [one.as_subject for one in cast.people[1:2]]
    words = " and ".join((cast.people[0].as_subject, *beside)).split()
    return capitalise(" ".join(word if word in {"the", "of", "and"} else capitalise(word) for word in words))[:120]


def _logline(material: Material) -> str:
    lead = material.brief.lead
    if not is_clause(lead) and len(lead.split()) < 8:
        lead = f"A film about {material.about if material.about != 'this' else lead}"
    more = material.brief.said[0] if material.brief.said and len(lead.split()) < 12 and is_clause(lead) else ""
    said = " ".join(part for part in (finish(lead), finish(more) if more else "") if part).split()
    return " ".join(said) if len(said) <= LONGEST_LOGLINE else f"{' '.join(said[: LONGEST_LOGLINE - 1])} …"


def _notes(variables: ScreenplayInput, language: str, left_open: int, cast: Cast) -> tuple[Downgrade, ...]:
    found: list[Downgrade] = []
    if left_open:
        detail = (
            f"The offline writer thinks of no plot: the concept says nothing of {left_open} scenes, which are sketched"
            f" and end in a question ('{TO_DECIDE} …'). Say more in the concept, or use a real text model."
        )
        found.append(Downgrade(code="plot_left_open", detail=detail, stage=STAGE))
    if not cast.people:
        detail = "The concept names nobody, so the one it happens to is called 'Protagonist'."
        found.append(Downgrade(code="no_characters", detail=detail, stage=STAGE))
    if variables.language and variables.language.split("-")[0].lower() != language:
        detail = f"The offline writer translates nothing: this is in {language!r}, not in {variables.language!r}."
        found.append(Downgrade(code="language_limited", detail=detail, stage=STAGE))
    return tuple(found)


def _foreign(variables: ScreenplayInput, material: Material) -> tuple[Screenplay, tuple[Downgrade, ...]]:
    """In a language whose grammar nobody here knows: the concept's sentences in their order, and no other word."""
    brief = material.brief
    said = [finish(text)[:1000] for text in (brief.lead, *brief.said, *brief.items)]
    pieces = said if len(said) >= len(_ACTS) else [finish(part) for text in said for part in text.split(", ")]
    cut = [pieces[len(pieces) * act // 3 : len(pieces) * (act + 1) // 3] or ["…"] for act in range(3)]
    name = _short(brief.title)
    acts = tuple(
        Act(
            title=number,
            purpose=beats[0][:1000],
            scenes=(Scene(heading=heading_of("", time="DAY"), beats=tuple(beats[:8]), characters=(name,)),),
        )
        for number, beats in zip(("I", "II", "III"), cut, strict=True)
    )
    known = PHRASES.get(brief.language)
    detail = (
        f"The offline writer does not know the grammar of {known.name if known else repr(brief.language)}: the acts"
        " hold the concept's own sentences in their order, and nobody is told apart from anybody else."
    )
    screenplay = Screenplay(
        title=brief.title[:120],
        logline=" ".join(said[0].split()[:LONGEST_LOGLINE]),
        genre=variables.genre or "drama",
        language=brief.language,
        minutes=variables.minutes,
        acts=acts,
        characters=(Part(name=name, role="protagonist", description=said[0]),),
    )
    notes = (Downgrade(code="language_limited", detail=detail, stage=STAGE),)
    return screenplay, (*notes, *_wish_of(variables.feedback).notes)


def _short(title: str) -> str:
    return " ".join(title.split()[:3]).strip(" ,;:…") or title[:40]
