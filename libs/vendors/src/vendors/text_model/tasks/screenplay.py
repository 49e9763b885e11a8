"""A screenplay in outline, and its people: three acts, nobody in a scene who is nobody, a profile for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from common.contracts.screenplay import (
    ACTS,
    LANGUAGE_TAG,
    MOST_PARTS,
    Act,
    CharacterProfile,
    CharactersInput,
    Part,
    Screenplay,
    ScreenplayInput,
)
from common.contracts.values import JsonObject
from pydantic import BaseModel, Field

from vendors.text_model.port import DEVELOP_CHARACTERS, WRITE_SCREENPLAY
from vendors.text_model.screenplay import LONGEST_LOGLINE, ProfilesWritten, named, scenes_for
from vendors.text_model.tasks.task import Task, Unfit, draft_in

_MOST_BYTES = 40_000
"""An outline travels in messages, twice beside its people; longer than that it is no outline either."""


class ScreenplayDraft(BaseModel):
    """An outline, as a model writes it."""

    title: str = Field(min_length=1, max_length=120)
    logline: str = Field(min_length=1, max_length=600, description="The film in one sentence.")
    genre: str = Field(min_length=1, max_length=60)
    language: str = Field(pattern=LANGUAGE_TAG, min_length=2, description="BCP 47 tag of what you wrote.")
    characters: list[Part] = Field(min_length=1, max_length=MOST_PARTS)
    acts: list[Act] = Field(min_length=ACTS, max_length=ACTS)


class ProfilesDraft(BaseModel):
    """Profiles, as a model writes them."""

    characters: list[CharacterProfile] = Field(min_length=1, max_length=MOST_PARTS)


def _screenplay_shown(input: ScreenplayInput) -> JsonObject:
    shown: JsonObject = {"concept": input.concept, "minutes": input.minutes}
    if input.language:
        shown["language"] = input.language
    if input.genre:
        shown["genre"] = input.genre
    if input.feedback:
        shown["feedback"] = input.feedback
        if input.previous:
            shown["previous_screenplay"] = input.previous.model_dump(mode="json")
    return shown


def _read_screenplay(text: str, input: ScreenplayInput) -> Screenplay:
    draft = draft_in(text, ScreenplayDraft)
    if len(draft.logline.split()) > LONGEST_LOGLINE:
        raise Unfit(f"The logline has {len(draft.logline.split())} words; one sentence of {LONGEST_LOGLINE} at most.")
    known = _once(part.name for part in draft.characters)
    for number, act in enumerate(draft.acts, 1):
        for place, scene in enumerate(act.scenes, 1):
            if strange := [name for name in scene.characters if named(name) not in known]:
                raise Unfit(f"Act {number}, scene {place} has {strange[0]!r}, who is not among the characters.")
    scenes = sum(len(act.scenes) for act in draft.acts)
    if scenes > (most := 2 * scenes_for(input.minutes)):
        raise Unfit(f"There are {scenes} scenes; a film of {input.minutes} minutes has room for {most} at most.")
    screenplay = Screenplay(
        **draft.model_dump(exclude={"acts", "characters"}),
        minutes=input.minutes,
        acts=tuple(draft.acts),
        characters=tuple(draft.characters),
    )
    if len(screenplay.model_dump_json().encode()) > _MOST_BYTES:
        raise Unfit(f"The outline is longer than {_MOST_BYTES} bytes; say each beat in one sentence.")
    if input.feedback and input.previous == screenplay:
        raise Unfit("That is the previous screenplay, word for word; change what the feedback asks for.")
    return screenplay


def _screenplay_words(input: ScreenplayInput) -> Mapping[str, object]:
    return {"minutes": input.minutes, "scenes": scenes_for(input.minutes)}


def _characters_shown(input: CharactersInput) -> JsonObject:
    shown: JsonObject = {"concept": input.concept}
    if input.screenplay:
        shown["screenplay"] = input.screenplay.model_dump(mode="json")
    else:
        shown["at_most"] = input.count
    if input.language:
        shown["language"] = input.language
    if input.feedback:
        shown["feedback"] = input.feedback
        if input.previous:
            shown["previous_characters"] = [profile.model_dump(mode="json") for profile in input.previous]
    return shown


def _read_characters(text: str, input: CharactersInput) -> ProfilesWritten:
    draft = draft_in(text, ProfilesDraft)
    written = _once(profile.name for profile in draft.characters)
    if input.screenplay is None:
        if len(draft.characters) > input.count:
            raise Unfit(f"There are {len(draft.characters)} profiles; {input.count} at most are wanted.")
        return ProfilesWritten(characters=tuple(draft.characters))
    wanted = {named(part.name): part.name for part in input.screenplay.characters}
    if missing := [name for key, name in wanted.items() if key not in written]:
        raise Unfit(f"There is no profile of {missing[0]!r}; each character of the screenplay needs one.")
    if strange := [profile.name for profile in draft.characters if named(profile.name) not in wanted]:
        raise Unfit(f"{strange[0]!r} is not in the screenplay; give profiles of its characters alone.")
    by_name = {named(profile.name): profile for profile in draft.characters}
    return ProfilesWritten(
        characters=tuple(by_name[key].model_copy(update={"name": name}) for key, name in wanted.items())
    )


def _once(names: Iterable[str]) -> set[str]:
    """The names as they are compared. Raises `Unfit` where two are one."""
    counted = Counter(named(name) for name in names)
    if twice := next((name for name, count in counted.items() if count > 1), None):
        raise Unfit(f"Two characters are called {twice!r}; each has a name of their own.")
    return set(counted)


SCREENPLAY = Task(
    name=WRITE_SCREENPLAY,
    takes=ScreenplayInput,
    gives=Screenplay,
    prompt="write_screenplay.v1",
    shown=_screenplay_shown,
    read=_read_screenplay,
    words=_screenplay_words,
    draft=ScreenplayDraft,
)
CHARACTERS = Task(
    name=DEVELOP_CHARACTERS,
    takes=CharactersInput,
    gives=ProfilesWritten,
    prompt="develop_characters.v1",
    shown=_characters_shown,
    read=_read_characters,
    draft=ProfilesDraft,
)
