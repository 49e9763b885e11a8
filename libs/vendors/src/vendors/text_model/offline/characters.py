"""The task `develop_characters`: what a concept and a screenplay say of each person, and what they do not."""

from __future__ import annotations

from collections.abc import Sequence

from common.contracts.screenplay import CharacterProfile, CharactersInput, Part, Screenplay, ScreenplayInput
from common.contracts.values import Downgrade

from vendors.text_model.offline.cast import Person, cast_of
from vendors.text_model.offline.material import gather
from vendors.text_model.offline.plot import GOAL, OBSTACLE, STAKES, pieces_of, plotted
from vendors.text_model.offline.screenplay import STAGE, TO_DECIDE, described, write_screenplay
from vendors.text_model.offline.words import finish, sentences, tokens, word_set
from vendors.text_model.screenplay import ProfilesWritten, named

_TRAITS: tuple[tuple[frozenset[str], str], ...] = (
    (word_set("discovers discover finds find notices searches search investigates curious secret door"), "curious"),
    (word_set("must has fights fight wins win refuses vows hunts hunt struggles against"), "determined"),
    (word_set("loses lost lose died dies drowned dead memory grave alone widow widower orphan"), "marked by a loss"),
    (word_set("hides hide secret lies lie pretends nobody kept"), "guarded"),
    (word_set("returns return home past memory childhood remembers inherits inherit"), "tied to the past"),
    (word_set("saves save rescue rescues helps help protects protect heals"), "caring"),
    (word_set("wants want dreams dream wishes hopes longs dance sing"), "longing"),
    (word_set("steals steal thief thieves kills killer murder betrays wrongly deceives"), "ruthless"),
)
_OF_CALLING: tuple[tuple[frozenset[str], str], ...] = (
    (word_set("detective scientist professor engineer translator archivist doctor surgeon judge clockmaker"), "exact"),
    (word_set("keeper librarian shepherd beekeeper gardener farmer fisherman guard monk nun"), "patient"),
    (word_set("diver climber explorer pilot astronaut sailor captain soldier boxer pirate"), "fearless"),
    (word_set("painter writer poet novelist musician singer dancer actor actress pianist"), "sensitive"),
    (word_set("mayor king queen boss president politician owner manager"), "used to being obeyed"),
    (word_set("child kid boy girl son daughter teenager pupil student apprentice"), "unafraid of questions"),
    (word_set("brother brothers sister sisters twins mother father parents family"), "loyal"),
    (word_set("robot android alien ghost monster"), "an outsider"),
    (word_set("baker cook chef carpenter blacksmith mechanic"), "hard-working"),
)
_BEFORE = "What happened a year before the first scene?"


def develop_characters(variables: CharactersInput) -> tuple[ProfilesWritten, tuple[Downgrade, ...]]:
    """A profile of each of the screenplay's people; without one, of those the concept names."""
    screenplay = variables.screenplay
    if screenplay is None:
        wanted = ScreenplayInput(concept=variables.concept, language=variables.language)
        screenplay, _ = write_screenplay(wanted)
        screenplay = screenplay.model_copy(update={"characters": screenplay.characters[: variables.count]})
    material = gather(variables.concept)
    pieces = pieces_of((material.brief.lead, *material.brief.said, *material.brief.items))
    people = {named(one.name): one for one in cast_of(variables.concept).people}
    profiles = tuple(
        _profile(part, people.get(named(part.name)), screenplay, pieces, leads=number == 0)
        for number, part in enumerate(screenplay.characters)
    )
    return ProfilesWritten(characters=profiles), _notes(profiles, bool(variables.feedback))


def _profile(
    part: Part, person: Person | None, screenplay: Screenplay, pieces: Sequence[str], *, leads: bool
) -> CharacterProfile:
    about = [piece for piece in pieces if _is_about(part, piece)] or (list(pieces) if leads else [])
    told = plotted(about)
    wants = next((told[kind][0] for kind in (GOAL, STAKES, OBSTACLE) if told.get(kind)), "")
    said = described(person) if person else finish(part.description)
    called = person.as_subject if person else part.name
    return CharacterProfile(
        name=part.name,
        role=part.role,
        backstory=f"{said} {TO_DECIDE} {_BEFORE}"[:1000],
        motivation=(wants or f"{TO_DECIDE} What does {called} want, and why can it not wait?")[:1000],
        traits=_traits(part, person, about),
        arc=_arc(part, screenplay)[:1000],
    )


def _is_about(part: Part, piece: str) -> bool:
    return part.name.split()[-1].lower() in tokens(piece)


def _traits(part: Part, person: Person | None, about: Sequence[str]) -> tuple[str, ...]:
    """What the concept calls them, what their calling makes of people, and what they do in it."""
    words = set(tokens(" ".join(about)))
    calling = set(part.name.lower().split()) | set(person.is_a.split() if person else ())
    found = [
        *(person.said if person else ()),
        *(trait for cues, trait in _OF_CALLING if cues & calling),
        *(trait for cues, trait in _TRAITS if cues & words),
    ]
    return tuple(dict.fromkeys(found))[:6] or (f"{TO_DECIDE} What would {part.name} never do?"[:160],)


def _arc(part: Part, screenplay: Screenplay) -> str:
    """From where they are first seen to where they are last seen, in the screenplay's own words."""
    scenes = [
        (number, scene)
        for number, act in enumerate(screenplay.acts, 1)
        for scene in act.scenes
        if any(named(name) == named(part.name) for name in scene.characters)
    ]
    if not scenes:
        return f"{TO_DECIDE} Where is {part.name} seen, and what is other afterwards?"
    (first_act, first), (last_act, last) = scenes[0], scenes[-1]
    opening, ending = _first_sentence(first.beats[0]), _first_sentence(last.beats[0])
    if first is last:
        return f"Only in act {first_act}: {opening} {TO_DECIDE} What is other afterwards?"
    return f"From act {first_act}: {opening} To act {last_act}: {ending}"


def _first_sentence(text: str) -> str:
    return finish((sentences(text) or [text])[0])


def _notes(profiles: Sequence[CharacterProfile], asked_again: bool) -> tuple[Downgrade, ...]:
    found: list[Downgrade] = []
    if any(TO_DECIDE in profile.model_dump_json() for profile in profiles):
        detail = (
            "The offline writer makes up no lives: profiles hold what concept and screenplay say, and questions"
            f" ('{TO_DECIDE} …') where they say nothing."
        )
        found.append(Downgrade(code="profiles_left_open", detail=detail, stage=STAGE))
    if asked_again:
        detail = "The offline writer cannot change profiles as a comment says; it wrote them from the new screenplay."
        found.append(Downgrade(code="feedback_not_followed", detail=detail, stage=STAGE))
    return tuple(found)
