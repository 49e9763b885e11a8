"""What is true of every film, whatever its brief."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from itertools import combinations

import pytest
from common.contracts.ideation import IdeationOutput
from common.contracts.production import BeatKind, Script
from vendors.text_model import Written

Briefs = dict[str, str]
Film = Callable[..., Awaitable[Script]]
Propose = Callable[..., Awaitable[Written[IdeationOutput]]]


FILLER = re.compile(
    r"in this video|did you know|let's dive|dive in|welcome back|stay tuned|smash|subscribe|don't forget to like|"
    r"without further ado|game.?changer|unlock|the hook",
    re.I,
)
DANGLING = re.compile(r"\b(?:a|an|the|and|or|my|our|your|their|its)[.!?…]*$", re.I)
HANGING = re.compile(r"\b(?:a|an|the|and|or|of|to|in|with|for|from|at|my|our|your|their|its)$", re.I)
SPEECH = 2.6
"""Words a second that the draft voice manages."""


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", text.lower())


def narration(script: Script) -> str:
    return " ".join(beat.narration for beat in script.beats)


def alike(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


def test_every_narration_can_be_spoken_and_captioned(script: Script) -> None:
    for beat in script.beats:
        assert re.search(r"[.!?…][\"']?$", beat.narration), beat.narration
        assert 2 <= len(beat.narration.split()) <= 24, beat.narration
        assert not re.search(r"\s[,.;:!?]|[,;:][.!?]|\.\.|\s{2}|\(\s*\)", beat.narration), beat.narration
        assert not DANGLING.search(beat.narration), beat.narration
        assert not next(char for char in beat.narration if char.isalnum()).islower(), beat.narration


def test_a_headline_is_short_and_says_it_in_other_words(script: Script) -> None:
    for beat in script.beats:
        assert 1 <= len(beat.headline.split()) <= 8, beat.headline
        assert not HANGING.search(beat.headline), beat.headline
        assert words(beat.headline) != words(beat.narration) or len(words(beat.narration)) < 4, beat.headline
        assert 1 <= len(beat.emphasis) <= 2, beat
        assert set(beat.emphasis) <= {word.strip("\"'.,:;!?()…") for word in beat.headline.split()}, beat
        assert len(beat.kicker.split()) <= 4


def test_kinds_vary_and_carry_what_they_promise(script: Script) -> None:
    kinds = [beat.kind for beat in script.beats]
    assert kinds[0] is BeatKind.HOOK
    assert kinds[-1] is BeatKind.CLOSE
    assert len(kinds) >= 3
    for beat in script.beats:
        assert (beat.kind is BeatKind.NUMBER) == (beat.figure is not None)
        assert (beat.kind is BeatKind.STEPS) == bool(beat.items)
        assert (beat.kind is BeatKind.CHANGE) == (beat.change is not None)
        assert (beat.kind is BeatKind.DIAGRAM) == (beat.diagram is not None)
        assert len(beat.items) <= 4


def test_nothing_is_filler_and_nothing_is_said_twice(script: Script) -> None:
    spoken = [beat.narration for beat in script.beats]
    assert len(set(spoken)) == len(spoken)
    assert not FILLER.search(" ".join([*spoken, script.post.caption, *(beat.kicker for beat in script.beats)]))


def test_the_post_fits_the_platforms(script: Script) -> None:
    post = script.post
    assert 0 < len(post.title) <= 90
    assert 0 < len(post.caption) <= 300
    assert 3 <= len(post.hashtags) <= 6
    assert all(re.fullmatch(r"#\w{2,28}", tag) for tag in post.hashtags)


@pytest.mark.feature("A35")
@pytest.mark.parametrize(("seconds", "beats"), [(3, 1), (10, 4), (20, 6), (30, 8), (60, 12)])
async def test_the_words_fit_the_length(seconds: int, beats: int, briefs: Briefs, film: Film) -> None:
    for brief in briefs.values():
        script: Script = await film(brief, seconds=seconds)
        assert len(words(narration(script))) <= seconds * SPEECH + 1, narration(script)
        assert 1 <= len(script.beats) <= beats, narration(script)


@pytest.mark.parametrize(
    ("name", "share"),
    [("tides", 0.68), ("sleep", 0.68), ("bees", 0.68), ("interest", 0.68), ("run", 0.45), ("zeolites", 0.6)],
)
async def test_a_film_with_material_fills_its_time(name: str, share: float, briefs: Briefs, film: Film) -> None:
    for seconds in (10, 20, 30):
        script: Script = await film(briefs[name], seconds=seconds)
        assert len(words(narration(script))) >= seconds * 2.5 * share, narration(script)


def test_different_briefs_give_different_films(scripts: dict[str, Script]) -> None:
    films = {name: set(words(narration(script))) for name, script in scripts.items()}
    for one, two in combinations(films, 2):
        # Films about nothing but a topic share their questions; that is all they have.
        limit = 0.8 if {one, two} <= {"zeolites", "snow", "beekeeper", "offices"} else 0.3
        assert alike(films[one], films[two]) < limit, (one, two)


@pytest.mark.parametrize("count", [1, 3, 8])
async def test_ideas_are_as_many_as_asked_and_all_different(count: int, briefs: Briefs, propose: Propose) -> None:
    for brief in briefs.values():
        ideas = (await propose(brief, count=count)).value.ideas
        assert len(ideas) == count
        assert len({idea.title for idea in ideas}) == len({idea.id for idea in ideas}) == count
        bags = [set(words(" ".join((i.title, i.hook, i.angle, i.summary, *i.points, i.why)))) for i in ideas]
        for left, right in combinations(bags, 2):
            assert alike(left, right) < 0.6, brief


async def test_every_idea_becomes_a_film_of_its_own(briefs: Briefs, propose: Propose, film: Film) -> None:
    for brief in briefs.values():
        ideas = (await propose(brief, count=3)).value.ideas
        spoken = [narration(await film(brief, idea=idea)) for idea in ideas]
        assert len(set(spoken)) == 3
        for idea, text in zip(ideas, spoken, strict=True):
            assert text.startswith(idea.hook)
