"""How a film made from a brief's own words ends: with its call, or with something for the viewer to do."""

from __future__ import annotations

import zlib
from dataclasses import replace

from vendors.text_model.offline.brief import ASKING, Form
from vendors.text_model.offline.library import Line
from vendors.text_model.offline.material import Material
from vendors.text_model.offline.words import capitalise

_CLOSES = {
    Form.EVENT: (
        Line("{when}", "See you *there*", "Save it"),
        Line("Who are you bringing along?", "Who's *coming?*", "Bring someone"),
        Line("Will we see you there?", "Are you *coming?*", "Your turn"),
    ),
    Form.ANNOUNCE: (
        Line("{about}: what would you try first?", "What would you try *first?*", "Your turn"),
        Line("What would you like to know about it?", "Ask *us*", "Your turn"),
        Line("Who do you know that needs this?", "Who *needs* this?", "Pass it on"),
    ),
    Form.RECIPE: (
        Line("Now it's your turn.", "Your *turn*", "Try it"),
        Line("Save this for the next time you need it.", "*Save* it for later", "Keep it"),
        Line("What would you do differently?", "Your *version?*", "Your turn"),
    ),
    Form.LIST: (
        Line("Which {word} will you remember?", "Which *{word}?*", "Your turn"),
        Line("Which {word} is missing?", "What's *missing?*", "Your turn"),
        Line("Pick one, and start today.", "*Pick* one", "Start"),
    ),
    Form.STORY: (
        Line("What would you have done?", "What would *you* do?", "Your turn"),
        Line("Whose story does this remind you of?", "Whose *story?*", "Your turn"),
        Line("Some stories deserve to be told again.", "Told *again*", "Pass it on"),
    ),
    Form.STATEMENT: (
        Line("What would you like to know next?", "What's *next?*", "Your turn"),
        Line("What would you add to that?", "What would you *add?*", "Your turn"),
        Line("Which part surprised you?", "What *surprised* you?", "Your turn"),
        Line("What will you do with that?", "Your *next* step", "Your turn"),
    ),
}
_REMEMBERING = ("in memory", "in honour", "in honor")
_LEARNED = Line("Now you know. Who will you tell?", "Who will you *tell?*", "Pass it on")


def closing(material: Material, *, turn: int = 0) -> Line:
    """The brief's own call if it has one; otherwise something that fits its form, a different one each turn."""
    brief = material.brief
    if brief.call:
        return Line(brief.call, kicker="Next step")
    if brief.lead.lower().startswith(_REMEMBERING):
        return Line(f"Remember {material.about} with us.", "*Remember* with us", "Remember")
    form = Form.RECIPE if brief.form is Form.HOWTO else brief.form
    if form in ASKING and form is not Form.LIST and turn == 0:
        return _LEARNED
    choices = _CLOSES.get(form, _CLOSES[Form.STATEMENT])
    # Statements have so little in common that their first close is drawn by the brief, to keep films apart.
    start = zlib.crc32(brief.lead.encode()) if form is Form.STATEMENT else 0
    line = choices[(start + turn) % len(choices)]
    say = line.say.format(about=capitalise(material.about), word=brief.item_word, when=_see_you(material.date))
    return replace(line, say=say, show=line.show.format(word=brief.item_word))


def _see_you(date: str) -> str:
    if not date:
        return "See you there."
    return f"See you {'on ' if date[0].isdigit() or date[0].isupper() else ''}{date}."
