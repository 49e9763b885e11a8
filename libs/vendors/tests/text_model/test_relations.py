"""Sentences that are drawn: every word of a change or a diagram is one that is said, and nothing else is drawn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from common.contracts.production import Beat, BeatKind, Change, Diagram, DiagramForm, Script
from vendors.text_model import REWRITE_BEAT, BeatRewrite, Directly, RewrittenBeat, TextRequest
from vendors.text_model.offline import OfflineTextModel
from vendors.text_model.offline.library import topics
from vendors.text_model.offline.relations import drawn, find_change, find_diagram, said_of_arrows, told_together
from vendors.text_model.told import settled, untold

Film = Callable[..., Awaitable[Script]]
CHAIN, CYCLE, COMPARISON = DiagramForm.CHAIN, DiagramForm.CYCLE, DiagramForm.COMPARISON
SLEEP = Diagram(form=CHAIN, nodes=("Stress", "Bad sleep", "More stress"), links=("leads to", "causes"))


def a_beat(said: str, kind: BeatKind = BeatKind.POINT, **more: object) -> Beat:
    return Beat(kind=kind, narration=said, headline="Look").model_copy(update=more)


@pytest.mark.parametrize(
    ("said", "labels", "states"),
    [
        ("Before, we wrote letters. Now we write messages.", "Before Now", "We wrote letters|We write messages"),
        ("Once bread took two days. Today it takes an hour.", "Once Today", "Bread took two days|It takes an hour"),
        ("Towns used to burn waste; now they sort it.", "Before Now", "Towns used to burn waste|They sort it"),
        ("Sales rose from 20 % to 45 % in two years.", "From To", "20 %|45 %"),
        ("The water turned from blue to green.", "From To", "Blue|Green"),
        ("Früher schrieb man Briefe, heute tippt man.", "Früher Heute", "Schrieb man Briefe|Tippt man"),
    ],
)
def test_what_was_and_what_is_are_read_off_the_sentence(said: str, labels: str, states: str) -> None:
    change = find_change(said)
    assert change is not None
    assert f"{change.before_label} {change.after_label}" == labels
    assert f"{change.before}|{change.after}" == states
    assert not untold(a_beat(said, BeatKind.CHANGE, change=change))


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("Rain, then rivers, then the sea.", Diagram(form=CHAIN, nodes=("Rain", "Rivers", "Sea"))),
        ("Stress leads to bad sleep, which causes more stress.", SLEEP),
        (
            "Leaves turn yellow because chlorophyll fades.",
            Diagram(form=CHAIN, nodes=("Chlorophyll fades", "Leaves turn yellow")),
        ),
        (
            "Water rises, then cools, then falls as rain, and it starts again.",
            Diagram(form=CYCLE, nodes=("Water rises", "Cools", "Falls as rain")),
        ),
        (
            "Light is much faster than sound.",
            Diagram(form=COMPARISON, nodes=("Light", "Sound"), links=("much faster than",)),
        ),
    ],
)
def test_what_is_connected_is_read_off_the_sentence(said: str, wanted: Diagram) -> None:
    assert find_diagram(said) == wanted
    assert not untold(a_beat(said, BeatKind.DIAGRAM, diagram=wanted))


@pytest.mark.parametrize(
    "said",
    [
        "The Moon pulls the sea.",
        "The train goes from Paris to Rome.",
        "Before you sleep, read now.",
        "It floats because it is lighter.",
        "He is older than her.",
        "Does rain become rivers?",
        "What you throw away today could feed tomatoes next summer.",
        "Think of toast: a little browning brings flavour, too much brings bitterness.",
        "Birds eat until fat becomes fuel for the flight.",
        "A small town of a few hundred people on a hill leads to more of the same every year.",
        "",
    ],
)
def test_other_sentences_are_not_drawn(said: str) -> None:
    assert find_change(said) is None
    assert find_diagram(said) is None


def test_arrows_are_spoken_as_words_and_a_way_back_is_a_cycle() -> None:
    assert said_of_arrows("Rain → rivers -> the sea") == "Rain, then rivers, then the sea."
    around = find_diagram(said_of_arrows("rain → rivers → sea → rain"))
    assert around == Diagram(form=CYCLE, nodes=("Rain", "Rivers", "Sea"))
    for text in ("No arrow here.", "→", "a → "):
        assert said_of_arrows(text) == text


def test_two_sentences_are_one_only_where_they_tell_of_a_change_together() -> None:
    assert told_together(["Bread is old.", "Before, it took days.", "Now it takes an hour.", "Enjoy."]) == [
        "Bread is old.",
        "Before, it took days. Now it takes an hour.",
        "Enjoy.",
    ]


def test_whatever_the_fact_base_has_drawn_it_says() -> None:
    kinds = set()
    for topic in topics():
        for line in topic.lines:
            beat = drawn(a_beat(line.say))
            kinds.add(beat.kind)
            assert not untold(beat), line.say
            assert settled(beat) == beat
    assert BeatKind.DIAGRAM in kinds


async def test_a_film_draws_what_its_brief_tells(film: Film) -> None:
    brief = (
        "Our bakery has changed. Before, bread took two days. Now it takes an hour. "
        "Flour → dough → oven → loaf. Wheat is cheaper than spelt. Come and taste it."
    )
    script = await film(brief, seconds=30)
    shown = {beat.kind: beat for beat in script.beats}
    change, diagram = shown[BeatKind.CHANGE].change, shown[BeatKind.DIAGRAM].diagram
    assert change is not None
    assert (change.before, change.after) == ("Bread took two days", "It takes an hour")
    assert diagram is not None
    assert diagram.nodes == ("Flour", "Dough", "Oven", "Loaf")
    assert not any("→" in beat.narration for beat in script.beats)
    assert sum(beat.kind in {BeatKind.CHANGE, BeatKind.DIAGRAM} for beat in script.beats) <= 2


async def rewritten(beat: Beat, instruction: str) -> Beat:
    order = BeatRewrite(beat=beat, instruction=instruction)
    written = await OfflineTextModel().write(TextRequest(REWRITE_BEAT, RewrittenBeat, order), asking=Directly())
    assert written.value.done, written.value.said
    return written.value.beat


async def test_a_note_keeps_what_is_drawn_in_step_with_what_is_said() -> None:
    said = "Before, bread took days. Now it takes an hour."
    start = drawn(a_beat(said))
    assert start.kind is BeatKind.CHANGE
    other = await rewritten(start, "Replace 'an hour' with 'ten minutes'")
    assert (other.kind, other.change and other.change.after) == (BeatKind.CHANGE, "It takes ten minutes")
    plain = await rewritten(start, "It should say “Bread is good.”")
    assert (plain.kind, plain.change) == (BeatKind.POINT, None)
    chain = await rewritten(start, "It should say “Heat leads to steam.”")
    assert (chain.kind, chain.change) == (BeatKind.DIAGRAM, None)
    close = await rewritten(a_beat(said, BeatKind.CLOSE), "It should say “Heat leads to steam.”")
    assert (close.kind, close.diagram) == (BeatKind.CLOSE, None)


def test_what_is_not_said_is_not_drawn() -> None:
    invented = a_beat("Bread is good.", BeatKind.CHANGE, change=Change(before="Stale", after="Bread"))
    assert untold(invented) == ("Stale",)
    assert (settled(invented).kind, settled(invented).change) == (BeatKind.POINT, None)
    chinese = a_beat("潮汐每天两次", BeatKind.DIAGRAM, diagram=Diagram(form=CHAIN, nodes=("潮汐", "每天")))
    assert not untold(chinese)
    assert untold(chinese.model_copy(update={"narration": "海"})) == ("潮汐", "每天")
    stray = a_beat("Bread is good.", BeatKind.POINT, change=Change(before="Bread", after="Good"))
    assert settled(stray).change is None
