"""How a film made from a brief's own words ends: with its call, or with something for the viewer to do."""

from __future__ import annotations

from vendors.text_model.offline.brief import ASKING, Form
from vendors.text_model.offline.library import Line
from vendors.text_model.offline.material import Material
from vendors.text_model.offline.words import capitalise


def closing(material: Material, turn: int = 0) -> Line:
    """The brief's own call if it has one; otherwise something that fits its form, a different one each turn."""
    brief = material.brief
    if brief.call:
        return Line(brief.call, kicker="Next step")
    about = material.about
    closes: tuple[Line, ...]
    match brief.form:
        case Form.EVENT:
            when = (
                f"See you {'on ' if material.date[:1].isdigit() or material.date[:1].isupper() else ''}{material.date}."
            )
            closes = (
                Line(when if material.date else "See you there.", "See you *there*", "Save it"),
                Line("Who are you bringing along?", "Who's *coming?*", "Bring someone"),
                Line("Will we see you there?", "Are you *coming?*", "Your turn"),
            )
        case Form.ANNOUNCE:
            closes = (
                Line(f"{capitalise(about)}: what would you try first?", "What would you try *first?*", "Your turn"),
                Line("What would you like to know about it?", "Ask *us*", "Your turn"),
                Line("Who do you know that needs this?", "Who *needs* this?", "Pass it on"),
            )
        case Form.RECIPE | Form.HOWTO:
            closes = (
                Line("Now it's your turn.", "Your *turn*", "Try it"),
                Line("Save this for the next time you need it.", "*Save* it for later", "Keep it"),
                Line("What would you do differently?", "Your *version?*", "Your turn"),
            )
        case Form.LIST:
            word = brief.item_word
            closes = (
                Line(f"Which {word} will you remember?", f"Which *{word}?*", "Your turn"),
                Line(f"Which {word} is missing?", "What's *missing?*", "Your turn"),
                Line("Pick one, and start today.", "*Pick* one", "Start"),
            )
        case Form.STORY:
            closes = (
                Line("What would you have done?", "What would *you* do?", "Your turn"),
                Line("Whose story does this remind you of?", "Whose *story?*", "Your turn"),
                Line("Some stories deserve to be told again.", "Told *again*", "Pass it on"),
            )
        case _:
            closes = (
                Line("Now you know. Who will you tell?", "Who will you *tell?*", "Pass it on")
                if brief.form in ASKING
                else Line("What would you add to that?", "What would you *add?*", "Your turn"),
                Line("Which part surprised you?", "What *surprised* you?", "Your turn"),
                Line("What will you do with that?", "Your *next* step", "Your turn"),
            )
    return closes[turn % len(closes)]
