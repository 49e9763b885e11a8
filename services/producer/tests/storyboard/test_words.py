"""Any text a brief may hold is set: it fits, it shows no boxes, and it is never read as a tag."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from common.contracts.production import Beat, BeatKind, Change, Diagram, DiagramForm, Figure, Shot, Word
from hypothesis import given, settings
from hypothesis import strategies as st
from media.fonts import BRICOLAGE, INTER_BLACK, all_fonts, supports, text_width
from producer.storyboard.canvas import INK_STYLE
from producer.storyboard.illustrations import ILLUSTRATIONS, choose_illustrations
from producer.storyboard.layouts import LAYOUTS, choose_layouts, other_layout
from producer.storyboard.layouts_data import counted, in_cells
from producer.storyboard.quantities import Trend, share_in, trend_of
from producer.storyboard.render import draw_shot
from producer.storyboard.typeset import fit

MakeShot = Callable[..., Shot]
HARD = {
    "german": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "hyphens": "Unkraut-Jäger-Meisterschafts-Ausscheidungswettbewerb am Sonntag",
    "hebrew": "שלום עולם טוב מאוד",
    "arabic": "مرحبا بالعالم الجميل",
    "emoji": "Rocket 🚀 science 👩‍🔬 is fun ✨",
    "chinese": "潮汐 tides",
    "tags": r"{\fs400\b1}Huge{\pos(0,0)} \N{\an9}\h end",
    "override": "abc\u202egnp.exe\u2066 x",
    "long": " ".join(["many words"] * 30),
    "empty": "",
    "blank": " \n\t ",
}


@pytest.mark.parametrize("case", HARD)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_hard_text_is_set_safely_in_every_layout(case: str, layout: str, a_shot: MakeShot) -> None:
    text = HARD[case]
    beat = Beat(
        kind=BeatKind.POINT,
        narration="x",
        headline=text,
        emphasis=(text,),
        kicker=text,
        detail=text,
        figure=Figure(value=text, label=text),
        items=(text, text),
        change=Change(before=text, after=text, before_label=text, after_label=text),
        diagram=Diagram(form=DiagramForm.CHAIN, nodes=(text, text, text), links=(text,)),
    )
    document, _ = draw_shot(a_shot(layout=layout, beat=beat))
    faces = {font.family: font for font in all_fonts()}
    for event in document.events:
        if event.style == INK_STYLE:
            continue
        assert not re.search(r"[\\{}\n]", event.body)
        assert supports(faces[event.style], event.body)


@pytest.mark.parametrize("case", ["german", "hyphens", "hebrew", "arabic", "emoji", "tags", "long"])
def test_hard_text_stays_inside_the_safe_box(case: str, a_shot: MakeShot, screening: Any, tmp_path: Path) -> None:
    text = HARD[case]
    beat = Beat(kind=BeatKind.POINT, narration="x", headline=text, kicker=text, detail=text, items=(text, text, text))
    for layout in ("poster", "ladder"):
        shot = a_shot(layout=layout, beat=beat)
        cover = screening.type_of(shot, tmp_path, frame=shot.frames - 1).cover
        rows, columns = np.nonzero(cover > 0.15)
        assert columns.min() >= 15
        assert columns.max() <= 231
        assert rows.min() >= 54
        assert rows.max() <= 301


@given(st.text(max_size=200), st.floats(min_value=120, max_value=900))
@settings(max_examples=60, deadline=None)
def test_any_text_fits_its_box(text: str, width: float) -> None:
    block = fit(text, font=INTER_BLACK, width=width, height=500, em=180, least=30, lines=5)
    assert block.width <= width + 0.5
    assert len(block.lines) <= 5


def test_the_accent_falls_on_the_phrase_and_not_on_every_word_of_it() -> None:
    block = fit(
        "Your money can earn money", font=INTER_BLACK, width=800, height=800, em=90, least=40, hot=("earn money",)
    )
    assert [word.text for line in block.lines for word in line.words if word.hot] == ["earn", "money"]


@pytest.mark.parametrize(
    ("value", "half"),
    [
        ("1,250 km", "625 km"),
        ("$149,745", "$74,872"),
        ("3.5 %", "1.7 %"),
        ("2,5 Mio.", "1,2 Mio."),
        ("1.000.000 €", "500.000 €"),
        ("about 40", "about 20"),
        ("many", "many"),
        ("24/7", "12/7"),
    ],
)
def test_a_figure_counts_up_in_the_form_it_is_written_in(value: str, half: str) -> None:
    assert counted(value, 0.5) == half
    assert counted(value, 1.0) == value


def test_a_running_number_does_not_tremble() -> None:
    def places(text: str) -> list[float]:
        return [x for x, sign in in_cells(text, BRICOLAGE, 300, right=900) if not sign.isdigit()]

    # The digits are of different widths, and what stands among and after them does not move.
    assert text_width(BRICOLAGE, 300, "1") < 0.8 * text_width(BRICOLAGE, 300, "0")
    assert places("1,111 km") == pytest.approx(places("9,080 km"))
    assert max(x for x, _ in in_cells("71 %", BRICOLAGE, 300, right=900)) < 900


@pytest.mark.parametrize("value", ["$149,745", "1,979,000,000 T", "2,5 Mio. €", "12"])
@pytest.mark.parametrize("layout", ["dial", "chart"])
@pytest.mark.parametrize("brief", ["Volcano", "Sourdough", "Compound interest"])
def test_a_figure_is_shown_whole(value: str, layout: str, brief: str, a_shot: MakeShot) -> None:
    beat = Beat(kind=BeatKind.NUMBER, narration="x", headline="x", figure=Figure(value=value, label="x"))
    document, _ = draw_shot(a_shot(layout=layout, beat=beat, brief=brief))
    shown = [event.body.casefold() for event in document.events if event.end == document.events[-1].end]
    assert value.casefold() in shown


def test_a_number_in_a_headline_is_not_hyphenated() -> None:
    block = fit("It costs 1,234,567,890,123 dollars", font=INTER_BLACK, width=400, height=900, em=190, least=30)
    assert "1,234,567,890,123" in [word.text for line in block.lines for word in line.words]


@pytest.mark.parametrize(
    ("value", "share"), [("33 %", 0.33), ("7,5% a year", 0.075), ("250%", 1.0), ("9 percent", 0.09), ("16 m", None)]
)
def test_only_a_percentage_is_drawn_as_a_share(value: str, share: float | None) -> None:
    assert share_in(value) == share


def test_neighbours_never_share_a_layout_and_a_film_uses_many() -> None:
    kinds = [*BeatKind, *[BeatKind.POINT] * 5, *[BeatKind.NUMBER] * 3, *[BeatKind.QUOTE] * 3, *[BeatKind.CHANGE] * 3]
    beats = [
        Beat(
            kind=kind,
            narration="x",
            headline="x",
            figure=Figure(value="1", label="x"),
            items=("a",),
            change=Change(before="x", after="x"),
            diagram=Diagram(form=DiagramForm.CHAIN, nodes=("x", "x")),
        )
        for kind in kinds
    ]
    for seed in range(20):
        chosen = choose_layouts(beats, seed=seed)
        assert all(one != other for one, other in pairwise(chosen))
        assert len(set(chosen)) >= 11
        assert chosen == choose_layouts(beats, seed=seed)


@pytest.mark.parametrize("kind", [BeatKind.NUMBER, BeatKind.STEPS, BeatKind.CHANGE, BeatKind.DIAGRAM])
def test_what_has_not_what_its_kind_promises_is_shown_as_a_point(kind: BeatKind) -> None:
    chosen = choose_layouts([Beat(kind=kind, narration="x", headline="x")], seed=1)[0]
    assert chosen.partition(":")[0] in {"above", "card", "below", "arch", "marker"}


def test_a_line_is_not_left_with_a_lone_short_word_and_an_accent_is_not_torn_apart() -> None:
    block = fit(
        "The Moon pulls the sea toward it", font=BRICOLAGE, width=640, height=700, em=204, least=50, hot=("the sea",)
    )
    lines = [[word.text for word in line.words] for line in block.lines]
    assert any("the sea" in " ".join(line) for line in lines), lines
    assert min(line.width for line in block.lines) >= 0.34 * block.width


def test_another_picture_of_a_diagram_is_a_point_and_a_way_back(a_shot: MakeShot) -> None:
    told = Diagram(form=DiagramForm.CHAIN, nodes=("Heat", "Steam"))
    beat = Beat(kind=BeatKind.DIAGRAM, narration="Heat leads to steam.", headline="Steam", diagram=told)
    shot = a_shot(layout="diagram", beat=beat)
    other = other_layout(shot, beside=["card:tide"])
    assert other.partition(":")[0] in {"above", "below", "arch", "marker"}
    assert other_layout(shot.model_copy(update={"layout": other}), beside=[]) == "diagram"


def test_a_node_comes_when_it_is_said(a_shot: MakeShot) -> None:
    told = Diagram(form=DiagramForm.CHAIN, nodes=("Heat", "Steam"), links=("leads to",))
    beat = Beat(kind=BeatKind.DIAGRAM, narration="Heat leads to steam.", headline="One leads to another", diagram=told)
    shot = a_shot(layout="diagram", beat=beat, seconds=5)
    words = tuple(
        Word(text=text, start_ms=start, end_ms=start + 200)
        for text, start in zip(beat.narration.split(), (0, 900, 1800, 2500), strict=True)
    )
    shot = shot.model_copy(update={"speech": shot.speech.model_copy(update={"words": words})})
    document, _ = draw_shot(shot)
    first = {text: min(event.start for event in document.events if event.body == text) for text in ("Heat", "Steam")}
    # Ten frames a second, the voice from 0.3 s on: "steam" is heard at 2.8 s and seen no more than 0.3 s before.
    assert first["Heat"] < "0:00:00.40"
    assert "0:00:02.50" <= first["Steam"] <= "0:00:02.90"


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("Datenschutzgrundverordnung", {"Datenschutzgrund-", "verordnung"}),
        ("Grundwasserverschmutzung", {"Grundwasser-", "verschmutzung"}),
    ],
)
def test_a_long_word_is_cut_between_syllables(word: str, pieces: set[str]) -> None:
    block = fit(word, font=INTER_BLACK, width=828, height=900, em=190, least=40)
    assert {word.text for line in block.lines for word in line.words} == pieces


def test_a_label_that_is_read_from_the_right_stands_at_the_right_and_its_letters_join(a_shot: MakeShot) -> None:
    beat = Beat(kind=BeatKind.POINT, narration="x", headline="بالعالم", kicker="مرحبا")
    document, _ = draw_shot(a_shot(layout="poster", beat=beat))
    labels = [event for event in document.events if event.body == "مرحبا"]
    assert labels
    assert not any(r"\fsp" in event.tags for event in labels)
    xs = [float(found[1]) for event in labels if (found := re.search(r"pos\(([\d.]+),", event.tags))]
    assert min(xs) > 540


def test_what_is_read_from_the_right_is_drawn_from_the_right(a_shot: MakeShot) -> None:
    told = Diagram(form=DiagramForm.CHAIN, nodes=("הירח", "הים"), links=())
    change = Change(before="הירח", after="הים")
    for layout, kind in (("diagram", BeatKind.DIAGRAM), ("before_after", BeatKind.CHANGE)):
        beat = Beat(kind=kind, narration="x", headline="כן", diagram=told, change=change)
        document, _ = draw_shot(a_shot(layout=layout, beat=beat, width=480, height=270, seconds=3))
        xs = {
            text: [float(found[1]) for event in document.events if event.body == text
                   if (found := re.search(r"pos\(([\d.]+),", event.tags))]
            for text in ("הירח", "הים")
        }  # fmt: skip
        assert min(xs["הירח"]) > max(xs["הים"]), layout


@pytest.mark.parametrize(
    ("text", "trend"),
    [
        ("Sales fell 12 percent last year.", Trend.DOWN), ("Der Umsatz sank um 4 %.", Trend.DOWN),
        ("Our revenue rose from 2 million to 5 million.", Trend.UP), ("Prices went up, and sales fell.", Trend.UP),
        ("Only 8 percent of plastic is recycled.", None), ("Sales in numbers.", None),
        ("A rosebush in a fallow field.", None),
    ],
)  # fmt: skip
def test_words_say_which_way_a_quantity_went(text: str, trend: Trend | None) -> None:
    assert trend_of(text) is trend


@pytest.mark.parametrize(
    ("text", "picture"),
    [
        ("Sales fell 12 percent last year.", "falling"), ("Sales rose by 12 %.", "bars"),
        ("Only 8 percent of plastic is recycled.", "share"), ("Sales by region.", "columns"),
    ],
)  # fmt: skip
def test_a_chart_goes_the_way_that_is_told_and_never_up_by_itself(text: str, picture: str) -> None:
    beat = Beat(kind=BeatKind.HOOK, narration=text, headline=text)
    assert choose_illustrations([beat], seed=3) == [picture]
    assert picture in ILLUSTRATIONS
