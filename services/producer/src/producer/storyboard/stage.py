"""The parts every layout is made of: the stage a shot plays on, and the column of words on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from common.contracts.production import Beat, Palette, Shot
from common.phrases import is_unspaced, phrases
from media.design import Box
from media.fonts import FACES, INTER_MEDIUM, INTER_SEMIBOLD, Font, is_right_to_left, text_width, writable
from media.motion import out_cubic, out_quint, ramp
from media.palette import blend

from producer.storyboard.canvas import Canvas, Sheet
from producer.storyboard.geometry import stroke
from producer.storyboard.illustrations import ILLUSTRATIONS, choose_illustrations
from producer.storyboard.pen import Inks, Pen
from producer.storyboard.quantities import share_in
from producer.storyboard.typeset import Block, display_face, fit

WHITE = "#ffffff"
_KICKER_EM = 38.0
_POSTER_SECONDS, _ON_THE_WAY_SECONDS = 0.85, 0.12


@dataclass(frozen=True)
class Picture:
    """A layout that has been set: `paint` draws the moment `t`; the rest tells the ground where to be quiet."""

    paint: Callable[[float], None]
    scrims: tuple[Box, ...] = ()
    glow: tuple[float, float] | None = None
    text_inks: tuple[str, ...] = (WHITE,)


@dataclass(frozen=True)
class Stage:
    """A shot, the canvas it is painted on, and the film's look."""

    shot: Shot
    canvas: Canvas
    over_footage: bool = False
    """Whether somebody else's film lies under it: then nothing is drawn but words and what belongs to them."""

    @property
    def beat(self) -> Beat:
        """What the shot says."""
        return self.shot.beat

    @property
    def sheet(self) -> Sheet:
        """What the picture's shape is designed on."""
        return self.canvas.sheet

    @property
    def safe(self) -> Box:
        """Where words may be."""
        return self.canvas.sheet.safe

    @property
    def palette(self) -> Palette:
        """The film's colours."""
        return self.shot.palette

    @property
    def face(self) -> Font:
        """The face of the film's headlines: its brand's, or the one that suits its colours."""
        return FACES[self.shot.face] if self.shot.face else display_face(self.palette.name)

    @property
    def life(self) -> float:
        """How many seconds are seen of it, from when its things began to come in."""
        return self.shot.frames / self.shot.format.fps + self.head_start

    @property
    def head_start(self) -> float:
        """The moment at which the shot begins. The film's first frame is its poster, so all of it is there already;
        other shots begin with their things on the way, since the transition shows their first half second."""
        return _POSTER_SECONDS if self.shot.index == 0 else _ON_THE_WAY_SECONDS

    def heard_at(self, text: str) -> float | None:
        """The moment at which these words of the narration begin to be heard; None if they are not said in a row."""
        wanted = [_bare(word) for word in phrases(text)]
        said = [_bare(word.text) for word in self.shot.speech.words]
        for place in range(len(said) - len(wanted) + 1):
            heard = said[place : place + len(wanted)]
            # A phrase ends in a particle where it goes on.
            goes_on = is_unspaced(text) and "".join(heard).startswith("".join(wanted))
            if wanted and (heard == wanted or goes_on):
                ms = self.shot.voice_start_ms + self.shot.speech.words[place].start_ms
                return self.head_start + ms / 1000
        return None

    @property
    def headline(self) -> str:
        """The headline; a beat without one shows the beginning of what is said."""
        return self.beat.headline.strip() or "".join(phrases(self.beat.narration)[:7]).rstrip()

    @property
    def soft(self) -> str:
        """The colour of secondary words: white with a breath of the accent."""
        return blend(WHITE, self.palette.accent, 0.22)

    def draw(
        self, t: float, x: float, y: float, *, size: float, inks: Inks | None = None, opacity: float = 1.0
    ) -> None:
        """Draw the beat's illustration around `x`, `y`; over footage there is none."""
        if self.over_footage:
            return
        pen = Pen(
            canvas=self.canvas,
            inks=inks or Inks.on_ground(self.palette),
            x=x,
            y=y,
            size=size,
            t=t,
            life=self.life,
            seed=self.shot.seed,
            opacity=opacity,
            share=share_in(self.beat.narration),
        )
        self._illustration(pen)

    @cached_property
    def _illustration(self) -> Callable[[Pen], None]:
        """The illustration that the shot names; one it does not name is chosen by its words alone."""
        named = ILLUSTRATIONS.get(self.shot.layout.partition(":")[2])
        return named or ILLUSTRATIONS[choose_illustrations([self.beat], seed=self.shot.seed + self.shot.index)[0]]

    def halves(self, share: float, *, box: Box | None = None, gap: float = 88) -> tuple[Box, Box]:
        """Cut a box (the safe one) in two that stand side by side; the left has `share` of its width."""
        box = box or self.safe
        left = (box.width - gap) * share
        return (
            Box(box.left, box.top, box.left + left, box.bottom),
            Box(box.left + left + gap, box.top, box.right, box.bottom),
        )

    def label(self, box: Box, *, ink: str | None = None, centred: bool = False) -> Label:
        """Set the kicker in a box; without a kicker it is empty and takes no room."""
        font, text = writable(self.beat.kicker.upper(), font=INTER_SEMIBOLD)
        return Label(self.canvas, box, ink or self.palette.accent, font, text, centred)

    def column(
        self,
        box: Box,
        *,
        em: float,
        least: float = 50,
        lines: int = 5,
        inks: Words | None = None,
        centred: bool = False,
        low: bool = False,
        start: float = 0.12,
        detail: str | None = None,
        face: Font | None = None,
        leading: float = 1.06,
    ) -> Column:
        """Set kicker, headline and detail in a box, as large as they fit; `low` puts them at its foot."""
        inks = inks or Words(WHITE, self.palette.accent, self.soft, self.palette.accent)
        label = self.label(box, ink=inks.kicker, centred=centred)
        small = fit(
            self.beat.detail if detail is None else detail,
            font=INTER_MEDIUM,
            width=box.width,
            height=0.3 * box.height,
            em=52,
            least=36,
            leading=1.26,
            lines=3,
        )
        below = small.height + 40 if small.lines else 0
        block = fit(
            self.headline,
            font=face or self.face,
            width=box.width,
            height=box.height - label.height - below,
            em=em,
            least=least,
            leading=leading,
            lines=lines,
            hot=self.beat.emphasis,
        )
        height = label.height + block.height + below
        top = box.bottom - height if low else box.top
        return Column(self.canvas, box, inks, label, block, small, top, top + height, centred, start)


@dataclass(frozen=True)
class Aside:
    """Words and, beside them, room for a picture: `size` is half its width."""

    column: Column
    x: float
    y: float
    size: float


def aside(
    stage: Stage,
    *,
    em: float,
    lines: int = 5,
    least: float = 50,
    share: float = 0.56,
    words_left: bool = True,
    box: Box | None = None,
    inks: Words | None = None,
    start: float = 0.12,
) -> Aside:
    """Set the beat's words in `share` of a box (the safe one), with its picture beside them: for sheets not tall."""
    left, right = stage.halves(share if words_left else 1 - share, box=box)
    words, picture = (left, right) if words_left else (right, left)
    column = stage.column(words, em=em, least=least, lines=lines, inks=inks, start=start).in_the_middle_of(words)
    x, y = picture.centre
    return Aside(column, x, y, min(picture.width, picture.height) / 2.12)


@dataclass(frozen=True)
class Words:
    """The colours of a column of words."""

    plain: str
    hot: str
    detail: str
    kicker: str


@dataclass(frozen=True)
class Label:
    """A small line in capitals with a dash before it."""

    canvas: Canvas
    box: Box
    ink: str
    font: Font
    text: str
    centred: bool = False

    @property
    def height(self) -> float:
        """The room it takes above what follows; none if there is nothing to say."""
        return 84.0 if self.text else 0.0

    def paint(self, t: float, baseline: float) -> None:
        """Draw the moment `t`."""
        if not self.text:
            return
        right_to_left = is_right_to_left(self.text)
        # Spaced letters are set one by one: those of a script that joins its letters would fall apart.
        tracking = 0.0 if right_to_left else 3.2
        full = text_width(self.font, _KICKER_EM, self.text, tracking=tracking)
        shrink = min(1.0, (self.box.width - 76) / full)
        come = ramp(t, start=0.05, duration=0.5, ease=out_quint)
        spare = self.box.width - full * shrink - 76
        left = self.box.left + (spare / 2 if self.centred else spare if right_to_left else 0)
        if right_to_left:
            end = left + full * shrink + 72
            dash, x = [(end - 48 * come, baseline - 12), (end, baseline - 12)], left - 24 * (1 - come)
        else:
            dash, x = [(left + 4, baseline - 12), (left + 4 + 48 * come, baseline - 12)], left + 76 + 24 * (1 - come)
        self.canvas.shape(stroke(dash, 8), self.ink, come)
        self.canvas.text(
            self.text,
            font=self.font,
            em=_KICKER_EM * shrink,
            x=x,
            baseline=baseline,
            ink=self.ink,
            opacity=come,
            tracking=tracking * shrink,
            right_to_left=right_to_left,
        )


@dataclass(frozen=True)
class Column:
    """Words set in a box, and how they come in: label, headline word by word, then the smaller line."""

    canvas: Canvas
    box: Box
    inks: Words
    label: Label
    headline: Block
    detail: Block
    top: float
    bottom: float
    centred: bool = False
    start: float = 0.12

    def in_the_middle_of(self, box: Box) -> Column:
        """The same words, as far from the top of a box as from its foot."""
        height = self.bottom - self.top
        top = box.top + (box.height - height) / 2
        return replace(self, top=top, bottom=top + height)

    def paint(self, t: float) -> None:
        """Draw the moment `t`. Everything has arrived 1.2 seconds after the start."""
        y = self.top
        self.label.paint(t, y + 34)
        y += self.label.height
        rise_lines(
            self.canvas,
            self.headline,
            box=self.box,
            top=y,
            t=t - self.start,
            ink=self.inks.plain,
            hot=self.inks.hot,
            centred=self.centred,
        )
        y += self.headline.height + 40
        if self.detail.lines:
            self._paint_detail(t - self.start - 0.45, y)

    def _paint_detail(self, t: float, top: float) -> None:
        for i, line in enumerate(self.detail.lines):
            come = ramp(t, start=0.08 * i, duration=0.5, ease=out_cubic)
            x = line_left(self.detail, line.width, self.box, centred=self.centred)
            baseline = top + self.detail.cap + i * self.detail.leading + 22 * (1 - come)
            set_line(self.canvas, self.detail, line=i, x=x, baseline=baseline, ink=self.inks.detail, opacity=come)


def _bare(word: str) -> str:
    return "".join(character for character in word.casefold() if character.isalnum())


def line_left(block: Block, width: float, box: Box, *, centred: bool) -> float:
    """Return where a line begins: left, centred, or right for scripts that run that way."""
    if centred:
        return box.left + (box.width - width) / 2
    return box.right - width if block.right_to_left else box.left


def rise_lines(
    canvas: Canvas,
    block: Block,
    *,
    box: Box,
    top: float,
    t: float,
    ink: str,
    hot: str,
    centred: bool = False,
    span: float = 0.5,
) -> None:
    """Let the words of a block rise out of their lines, one after another, all begun within `span` seconds."""
    count = sum(len(line.words) for line in block.lines)
    step = min(0.085, span / max(1, count))
    order = 0
    for i, line in enumerate(block.lines):
        left = line_left(block, line.width, box, centred=centred)
        baseline = top + block.cap + i * block.leading
        edge = Box(0, baseline - 1.12 * block.em, canvas.sheet.width, baseline + 0.34 * block.em)
        for word in line.words:
            come = ramp(t, start=step * order, duration=0.6, ease=out_quint)
            order += 1
            canvas.text(
                word.text,
                font=block.font,
                em=block.em,
                x=left + word.x,
                baseline=baseline + (1 - come) * 0.95 * block.em,
                ink=hot if word.hot else ink,
                opacity=min(1.0, 2.5 * come),
                clip=edge if come < 0.999 else None,
                right_to_left=block.right_to_left,
            )


def set_line(
    canvas: Canvas,
    block: Block,
    *,
    x: float,
    baseline: float,
    ink: str,
    opacity: float,
    line: int = 0,
    clip: Box | None = None,
    tracking: float = 0.0,
) -> None:
    """Set one line of a block, from `x` to the right on its baseline."""
    canvas.text(
        block.lines[line].text,
        font=block.font,
        em=block.em,
        x=x,
        baseline=baseline,
        ink=ink,
        opacity=opacity,
        clip=clip,
        tracking=0.0 if block.right_to_left else tracking,
        right_to_left=block.right_to_left,
    )
