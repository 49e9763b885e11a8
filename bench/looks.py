"""Draw every template of the storyboard in several palettes and shapes: sheets to look at, and what each costs.

The cost is processor time, of all cores together, for one second of film: a busy machine does not change it much.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from common.contracts.production import Beat, BeatKind, Change, Diagram, DiagramForm, Figure, Format, Shot, Speech
from common.contracts.values import ArtifactRef
from media.ffmpeg import ffmpeg_path
from media.palette import choose_palette
from PIL import Image
from producer.storyboard.layouts import LAYOUTS
from producer.storyboard.render import encode_args, prepare_shot

from bench.sheet import frames_at, lay_out, save

SHAPES = {"tall": (1080, 1920), "square": (1080, 1080), "wide": (1920, 1080)}
_UNHEARD = Speech(
    audio=ArtifactRef(sha256="0" * 64, size=0, media_type="audio/wav"), duration_ms=1, words=(), voice="none"
)
_PLAIN_DIAGRAMS = {
    DiagramForm.CHAIN: Diagram(
        form=DiagramForm.CHAIN, nodes=("Stress", "Bad sleep", "More stress"), links=("leads to", "causes")
    ),
    DiagramForm.CYCLE: Diagram(form=DiagramForm.CYCLE, nodes=("Rain", "Rivers", "The sea", "Clouds")),
    DiagramForm.COMPARISON: Diagram(form=DiagramForm.COMPARISON, nodes=("Light", "Sound"), links=("faster than",)),
}
_PICTURES = ("tide", "book", "bee", "coins", "volcano", "clock", "seedling", "brain")


def a_beat(words: str, form: DiagramForm = DiagramForm.CHAIN) -> Beat:
    """A beat with something for every template: short words, long ones, a script from the right, one without spaces."""
    most = 2 if form is DiagramForm.COMPARISON else 3
    if words == "german":
        return Beat(
            kind=BeatKind.POINT,
            narration="Früher verwaltete die Gemeinde alles auf Papier, heute in der Datenbank.",
            headline="Datenschutzgrundverordnung trifft Gemeindeverwaltung",
            emphasis=("Datenschutzgrundverordnung",),
            kicker="Verwaltungsmodernisierung",
            detail="Ein Zuständigkeitsbereich, zwei Ämter und viele Genehmigungsverfahren.",
            figure=Figure(value="1.250.000 €", label="Verwaltungskosten im Haushaltsjahr"),
            items=("Antrag einreichen", "Zuständigkeitsprüfung abwarten", "Genehmigung erhalten"),
            change=Change(
                before="Verwaltete alles auf Papier",
                after="Alles in der Gemeindedatenbank",
                before_label="Früher",
                after_label="Heute",
            ),
            diagram=Diagram(form=form, nodes=("Grundwasserverschmutzung", "Trinkwasser", "Gesundheit")[:most]),
        )
    if words == "hebrew":
        return Beat(
            kind=BeatKind.POINT,
            narration="הירח מושך את הים",
            headline="הירח מושך את הים אליו",
            emphasis=("הים",),
            kicker="איך זה עובד",
            detail="כוח המשיכה מרים את המים",
            figure=Figure(value="12", label="שעות בין גאות לגאות"),
            items=("חכו לירח", "הסתכלו על המים", "חזרו הביתה"),
            change=Change(before="המים נמוכים", after="המים גבוהים", before_label="לפני", after_label="עכשיו"),
            diagram=Diagram(form=form, nodes=("הירח", "הים", "החוף")[:most]),
        )
    if words == "japanese":
        return Beat(
            kind=BeatKind.POINT,
            narration="月の引力が海水を引っ張ると、潮が満ちてきます。",
            headline="月の引力が「海水」を引っ張ると、潮が満ちる",
            emphasis=("引力",),
            kicker="潮の仕組み",
            detail="月に面した側の海面が、引力によって持ち上げられます。",
            figure=Figure(value="12時間", label="満潮から次の満潮まで"),
            items=("月を待つ", "コンピューターで潮位を確かめる", "家に帰る"),
            change=Change(
                before="海面が低い", after="海面がとても高くなる", before_label="引き潮", after_label="満ち潮"
            ),
            diagram=Diagram(form=form, nodes=("月の引力", "海水", "満ち潮")[:most]),
        )
    return Beat(
        kind=BeatKind.POINT,
        narration="The Moon pulls the water of the sea toward it, and the tide comes in.",
        headline="The Moon pulls the sea toward it",
        emphasis=("the sea",),
        kicker="How it works",
        detail="Gravity lifts a bulge on the side that faces the Moon.",
        figure=Figure(value="73 %", label="of all beaches see two tides a day"),
        items=("Wait for the moon", "Watch the water", "Walk back in time"),
        change=Change(before="Bread took two days", after="It takes an hour", before_label="Before", after_label="Now"),
        diagram=_PLAIN_DIAGRAMS[form],
    )


def a_shot(layout: str, *, brief: str, place: int, size: Format, seconds: float, words: str = "plain") -> Shot:
    """A shot of some seconds in that template (`diagram:cycle` is one of its forms), as a film about `brief` has it."""
    name, _, form = layout.partition(":")
    return Shot(
        index=1,
        total=5,
        beat=a_beat(words, DiagramForm(form or "chain")),
        layout=f"{name}:{_PICTURES[place % len(_PICTURES)]}",
        palette=choose_palette(brief, 3),
        language="ja" if words == "japanese" else "",
        seed=3 + place,
        frames=round(seconds * size.fps),
        voice_start_ms=300,
        speech=_UNHEARD,
        format=size,
    )


def filmed(shot: Shot, folder: Path) -> tuple[Path, float]:
    """The shot's clip, and the processor seconds it took for a second of film."""
    folder.mkdir(parents=True, exist_ok=True)
    before = _processor_seconds()
    prepare_shot(shot, folder / "drawing.ass", folder / "ground.rgb")
    to = folder / "clip.mp4"
    args = encode_args(shot, ground="ground.rgb", drawing="drawing.ass", to=to)
    subprocess.run([ffmpeg_path(), "-hide_banner", "-nostdin", "-y", *args], cwd=folder, check=True)
    return to, (_processor_seconds() - before) * shot.format.fps / shot.frames


def _processor_seconds() -> float:
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in spent)


def sheet_of(pictures: Sequence[Image.Image], to: Path, *, columns: int) -> None:
    """Write the pictures as one JPEG."""
    save(lay_out(pictures, columns=columns), to, most_bytes=900_000)


def main() -> None:
    """Read the command line, draw, and say what it cost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--to", type=Path, required=True, help="the folder for the sheets")
    parser.add_argument(
        "--layouts",
        nargs="+",
        default=[*LAYOUTS, "diagram:cycle", "diagram:comparison"],
        help="which templates (default: all)",
    )
    parser.add_argument("--shapes", nargs="+", choices=SHAPES, default=["tall"], help="default: tall")
    parser.add_argument("--briefs", nargs="+", default=["How tides work"], help="what the palettes are chosen for")
    parser.add_argument("--words", choices=("plain", "german", "hebrew", "japanese"), default="plain")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each shot is")
    parser.add_argument("--at", type=float, nargs="+", default=[1.9], help="which seconds of each go on the sheet")
    parser.add_argument("--scale", type=float, default=0.5, help="1 is a short side of 1080")
    parser.add_argument("--columns", type=int, default=6)
    asked = parser.parse_args()
    asked.to.mkdir(parents=True, exist_ok=True)
    costs: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="greenlight-looks-") as scratch:
        for shape in asked.shapes:
            width, height = (round(side * asked.scale / 2) * 2 for side in SHAPES[shape])
            for number, brief in enumerate(asked.briefs):
                pictures: list[Image.Image] = []
                for place, layout in enumerate(asked.layouts):
                    size = Format(width=width, height=height)
                    shot = a_shot(layout, brief=brief, place=place, size=size, seconds=asked.seconds, words=asked.words)
                    clip, cost = filmed(shot, Path(scratch) / f"{shape}-{number}-{place}")
                    costs.setdefault(layout, []).append(cost)
                    pictures += frames_at(clip, asked.at)
                sheet_of(pictures, asked.to / f"{shape}-{asked.words}-{number}.jpg", columns=asked.columns)
    for layout, found in costs.items():
        sys.stdout.write(f"{layout:>14}  {statistics.mean(found):.3f} s of processor a second of film\n")
    whole = statistics.mean(cost for found in costs.values() for cost in found)
    sys.stdout.write(f"{'mean':>14}  {whole:.3f}   (load {os.getloadavg()[0]:.1f})\n")


if __name__ == "__main__":
    main()
