"""The task `write_script`: an approved idea becomes the beats of a film, and the words that go with the post."""

from __future__ import annotations

from common.contracts.production import Beat, BeatKind, DiagramForm, ProductionInput, Script
from common.contracts.values import Downgrade

from vendors.text_model.offline.brief import Form
from vendors.text_model.offline.central import key_phrases
from vendors.text_model.offline.headlines import beside_figure, emphasis_in, fits, headline_of, told_by_number
from vendors.text_model.offline.ideas import notes_for
from vendors.text_model.offline.library import Line
from vendors.text_model.offline.material import Material, gather
from vendors.text_model.offline.numbers import find_date, find_time
from vendors.text_model.offline.outline import Outline, Piece, outlined
from vendors.text_model.offline.post import post_copy
from vendors.text_model.offline.relations import drawn
from vendors.text_model.offline.words import capitalise, content_words, finish, plural, tokens, unfinished, word_count

STAGE = "production"
_MOST_NUMBERS = 2
_MOST_DRAWN = 2
_OVER_DRAWINGS: dict[BeatKind | DiagramForm, tuple[str, str]] = {
    BeatKind.CHANGE: ("Then and now", "now"),
    DiagramForm.CHAIN: ("One leads to another", "another"),
    DiagramForm.CYCLE: ("Round and round", "round"),
    DiagramForm.COMPARISON: ("Side by side", "side"),
}
_LABELS = {
    Form.HOW: "How it works",
    Form.WHY: "Why?",
    Form.WHAT: "In short",
    Form.HOWTO: "How to",
    Form.COMPARE: "Side by side",
    Form.ANNOUNCE: "New",
    Form.EVENT: "You're invited",
    Form.STORY: "A story",
    Form.RECIPE: "Recipe",
}


def write_script(variables: ProductionInput) -> tuple[Script, tuple[Downgrade, ...]]:
    """The film of `idea`: its own points in its order, more of the same material if there is time, a close."""
    material = gather(variables.brief)
    outline = outlined(variables, material)
    beats = _Beats(material, variables).made(outline)
    script = Script(
        title=variables.idea.title,
        language=material.brief.language,
        beats=beats,
        post=post_copy(variables, material, tuple(beat.narration for beat in beats)),
    )
    return script, notes_for(material, STAGE)


class _Beats:
    """Makes the beats of one script; it remembers which kickers and headlines have been used."""

    def __init__(self, material: Material, variables: ProductionInput) -> None:
        self._material = material
        self._idea = variables.idea
        self._kickers: set[str] = set()
        self._headlines: set[str] = set()
        self._numbers = 0
        self._drawn = 0

    def made(self, outline: Outline) -> tuple[Beat, ...]:
        beats = [self._hook(outline.hook)]
        beats.extend(self._beat(piece) for piece in outline.pieces)
        if outline.close.say:
            beats.append(self._close(outline.close))
        return tuple(beats)

    def _hook(self, say: str) -> Beat:
        brief, about = self._material.brief, self._material.about
        derived = headline_of(Line(say), language=brief.language)[0]
        vague = about.startswith(("this", "these")) or not content_words(about)
        candidates = (
            brief.quote.by if brief.quote else "",
            brief.name,
            told_by_number(say) if brief.language == "en" else "",
            brief.title,
            unfinished(self._idea.title),
            *((derived, about) if vague else (about, derived)),
        )
        headline = next(
            (text for text in candidates if fits(text) and tokens(text) != tokens(say)), unfinished(say)[:48]
        )
        headline = capitalise(headline)
        self._headlines.add(headline.lower())
        return Beat(
            kind=BeatKind.HOOK,
            narration=say,
            headline=headline,
            emphasis=emphasis_in(headline),
            kicker=self._label_over(headline, self._label(), "" if vague or brief.language != "en" else about),
        )

    def _label_over(self, headline: str, *options: str) -> str:
        """The first of the labels that says something which the headline below it does not."""
        shown = content_words(headline) | {"percent"}
        return self._fresh(*(capitalise(option) for option in options if content_words(option) - shown))

    def _label(self) -> str:
        material = self._material
        if material.topic:
            return material.topic.label
        if material.brief.language != "en":
            return ""
        if material.brief.form is Form.LIST:
            return f"{len(material.items) or ''} {plural(material.brief.item_word)}".strip().capitalize()
        if material.brief.audience:
            return f"For {material.brief.audience}"
        return _LABELS.get(material.brief.form, "")

    def _beat(self, piece: Piece) -> Beat:
        line = piece.line
        headline, emphasis = headline_of(line, language=self._material.brief.language)
        if headline.lower() in self._headlines and not line.show:
            headline, emphasis = self._another(line, headline)
        self._headlines.add(headline.lower())
        detail = piece.detail if tokens(piece.detail) != tokens(headline) else ""
        if line.say.startswith('"') and self._material.brief.quote and self._material.brief.quote.by:
            detail = self._material.brief.quote.by
        beat = Beat(
            kind=BeatKind.POINT,
            narration=line.say,
            headline=headline,
            emphasis=emphasis,
            kicker=self._kicker(line, headline),
            detail=detail,
            items=piece.items[:4],
        )
        return self._of_its_kind(beat, line)

    def _of_its_kind(self, beat: Beat, line: Line) -> Beat:
        """The beat as what it does: a list, a quotation, what can be drawn, a number, or else a point."""
        if beat.items:
            return beat.model_copy(update={"kind": BeatKind.STEPS})
        if line.say.startswith('"'):
            return beat.model_copy(update={"kind": BeatKind.QUOTE})
        if self._drawn < _MOST_DRAWN and (told := drawn(beat)).kind is not BeatKind.POINT:
            self._drawn += 1
            return self._over_a_drawing(told)
        if line.figure and self._numbers < _MOST_NUMBERS:
            self._numbers += 1
            number = beat.model_copy(update={"kind": BeatKind.NUMBER, "figure": line.figure})
            headline = beat.headline if line.show else beside_figure(beat.headline, line)
            if headline == beat.headline:
                return number
            return number.model_copy(update={"headline": headline, "emphasis": emphasis_in(headline)})
        return beat

    def _over_a_drawing(self, beat: Beat) -> Beat:
        """The beat with a headline that does not say what the drawing below it says already."""
        what = beat.diagram.form if beat.diagram else beat.kind
        headline, word = _OVER_DRAWINGS[what]
        if self._material.brief.language != "en" or headline.lower() in self._headlines:
            return beat
        self._headlines.add(headline.lower())
        return beat.model_copy(update={"headline": headline, "emphasis": (word,), "detail": ""})

    def _another(self, line: Line, headline: str) -> tuple[str, tuple[str, ...]]:
        words = [phrase for phrase in key_phrases((line.say,)) if phrase.lower() not in headline.lower()]
        text = capitalise(words[0]) if words else headline
        return text, emphasis_in(text)

    def _kicker(self, line: Line, headline: str) -> str:
        if line.kicker:
            self._kickers.add(line.kicker.lower())
            return line.kicker
        if self._material.brief.language != "en":
            return ""
        options: list[str] = []
        if find_date(line.say) or find_time(line.say):
            options.append("When")
        shown = content_words(headline)
        options.extend(
            capitalise(phrase)
            for phrase in key_phrases((line.say,))
            if len(phrase.split()) <= 2 and not content_words(phrase) & shown
        )
        options.extend(
            (
                capitalise(self._material.about)
                if word_count(self._material.about) <= 3 and self._material.about != "this"
                else "",
                "Good to know",
                "And",
            )
        )
        return self._fresh(*options)

    def _fresh(self, *options: str) -> str:
        """The first label that has not been used in this film and is short enough; else nothing."""
        for option in options:
            if option and word_count(option) <= 4 and len(option) <= 28 and option.lower() not in self._kickers:
                self._kickers.add(option.lower())
                return option
        return ""

    def _close(self, line: Line) -> Beat:
        headline, emphasis = headline_of(line, language=self._material.brief.language)
        return Beat(
            kind=BeatKind.CLOSE,
            narration=finish(line.say),
            headline=headline,
            emphasis=emphasis,
            kicker=line.kicker or ("Remember" if self._material.brief.language == "en" else ""),
        )
